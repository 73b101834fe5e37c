#include "driver/decision_tables.h"

#include <algorithm>

#include <fmt/format.h>

#include "decision_tables/from_guideline.h"
#include "decision_tables/table_sheet.h"
#include "decision_tables/to_aceso.h"
#include "driver/compilation_state.h"
#include "format/format.h"
#include "parse/hygiene.h"
#include "parse/parser.h"

namespace aceso::driver {
namespace {

using decision_tables::Remark;
using diagnostics::Kind;

void report(const Remark& remark, source::Span span, diagnostics::Sink& sink) {
  const Kind kind = remark.kind == Remark::Kind::not_carried ? Kind::not_carried_over
                    : remark.kind == Remark::Kind::changed   ? Kind::carried_in_other_words
                                                             : Kind::assumed_in_import;
  sink.report(kind, span, remark.what, remark.why);
}

source::Span at(std::uint32_t file, std::size_t offset) {
  return {file, static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(offset)};
}

/// The text in the canonical layout; what is wrong with it goes to `sink`, without a place.
std::optional<std::string> laid_out(const std::string& text, diagnostics::Sink& sink) {
  source::SourceSet made;
  diagnostics::Sink complaints;
  const std::uint32_t file = made.add("imported", text);
  auto result = format::format_file(made, file, complaints);
  for (const diagnostics::Diagnostic& one : complaints.all())
    sink.add(one.kind, {},
             fmt::format("{} (in: {})", one.message, made[file].line(made[file].place(one.span.begin).line)));
  return result;
}

void take(Exchange& result, diagnostics::Sink& sink) {
  sink.finish();
  result.diagnostics = sink.all();
}

} // namespace

Exchange import_dmn(const std::string& path, std::string text) {
  Exchange result;
  diagnostics::Sink sink;
  const std::uint32_t file = result.sources.add(path, std::move(text));
  const decision_tables::DmnOptions options;
  if (parse::check_hygiene(result.sources[file].text(), file, options.max_bytes, sink)) {
    decision_tables::DmnUnread fault;
    const auto model = decision_tables::read_dmn(result.sources[file].text(), options, fault);
    if (!model) {
      sink.report(Kind::not_a_dmn_file, at(file, fault.offset), fault.why);
    } else {
      const decision_tables::Carried carried = decision_tables::to_aceso(*model);
      for (const Remark& remark : carried.remarks)
        report(remark, at(file, remark.offset), sink);
      result.text = laid_out(carried.text, sink);
      const std::size_t name = carried.text.find("guideline ");
      if (name != std::string::npos)
        result.name = carried.text.substr(name + 10, carried.text.find(' ', name + 10) - name - 10);
    }
  }
  take(result, sink);
  return result;
}

Exchange export_dmn(const Compilation& compilation) {
  const Compilation::State& state = compilation.state();
  Exchange result;
  result.sources = state.sources;
  result.name = state.graph->dictionary.guideline.id;
  diagnostics::Sink sink;
  const decision_tables::ExportedModel exported = decision_tables::from_guideline(*state.graph, state.files);
  for (const Remark& remark : exported.remarks)
    report(remark, remark.span, sink);
  result.text = decision_tables::write_dmn(exported.model);
  take(result, sink);
  return result;
}

namespace {

const ast::TableDecl* find_table(const ast::File& file, const std::string& name) {
  for (const ast::AnyDeclaration& declaration : file.declarations)
    if (const auto* table = std::get_if<ast::TableDecl>(&declaration); table && table->name.text == name) return table;
  return nullptr;
}

/// From its documentation to its last citation.
source::Span whole(const ast::TableDecl& table, const ast::File& file) {
  source::Span span = table.span;
  // Lines of documentation stand directly before it; the parser keeps their text, the file their places.
  for (auto comment = file.comments.rbegin(); comment != file.comments.rend(); ++comment) {
    if (table.doc.empty() || comment->span.begin >= table.span.begin) continue;
    const auto lines = static_cast<std::ptrdiff_t>(table.doc.size());
    if (file.comments.rend() - comment >= lines) span.begin = (comment + (lines - 1))->span.begin;
    break;
  }
  for (const ast::Cite& cite : table.cites)
    span.end = std::max(span.end, cite.span.end);
  return span;
}

} // namespace

std::vector<std::string> tables_of(const Compilation& compilation) {
  std::vector<std::string> names;
  for (const ast::AnyDeclaration& declaration : compilation.state().files.back().declarations)
    if (const auto* table = std::get_if<ast::TableDecl>(&declaration)) names.push_back(table->name.text);
  return names;
}

Exchange export_sheet(const Compilation& compilation, const std::string& name) {
  const Compilation::State& state = compilation.state();
  Exchange result;
  result.sources = state.sources;
  result.name = name;
  const ast::TableDecl* table = find_table(state.files.back(), name);
  if (!table) return result;
  diagnostics::Sink sink;
  result.text = decision_tables::sheet_of(*table, state.sources).text;
  for (const ast::Comment& comment : state.files.back().comments)
    if (comment.span.begin >= table->span.begin && comment.span.end <= table->span.end)
      sink.report(Kind::not_carried_over, comment.span, "this comment", "a sheet has no place for it");
  take(result, sink);
  return result;
}

Exchange import_sheet(const std::string& path, std::string text) {
  Exchange result;
  diagnostics::Sink sink;
  const std::uint32_t file = result.sources.add(path, std::move(text));
  if (parse::check_hygiene(result.sources[file].text(), file, decision_tables::SheetOptions{}.max_bytes, sink)) {
    const auto table = decision_tables::table_of(result.sources, file, sink);
    if (table) {
      result.name = table->name;
      result.text = laid_out(table->text, sink);
    }
  }
  take(result, sink);
  return result;
}

Exchange import_sheet_into(const std::string& path, std::string text, const std::string& guideline_path,
                           const std::string& guideline, const CompileOptions& options) {
  Exchange result;
  diagnostics::Sink sink;
  const std::uint32_t file = result.sources.add(path, std::move(text));
  std::optional<decision_tables::SheetTable> table;
  if (parse::check_hygiene(result.sources[file].text(), file, decision_tables::SheetOptions{}.max_bytes, sink))
    table = decision_tables::table_of(result.sources, file, sink);
  if (!table) {
    take(result, sink);
    return result;
  }
  result.name = table->name;
  source::SourceSet present;
  diagnostics::Sink complaints;
  const std::uint32_t original = present.add(guideline_path, guideline);
  const ast::File parsed = parse::parse_file(present, original, complaints);
  std::string whole_text = guideline;
  std::size_t begin = guideline.size();
  const ast::TableDecl* replaced = find_table(parsed, table->name);
  if (replaced) {
    const source::Span span = whole(*replaced, parsed);
    begin = span.begin;
    whole_text.replace(span.begin, span.end - span.begin, table->text);
  } else {
    whole_text += "\n" + table->text;
    begin += 1;
  }
  const Compilation compiled = compile_text(whole_text, guideline_path, options);
  for (const diagnostics::Diagnostic& one : compiled.diagnostics()) {
    const bool is_in_table =
        one.span.file == 0 && one.span.begin >= begin && one.span.begin < begin + table->text.size();
    if (is_in_table) {
      const auto& part = table->part_at(one.span.begin - begin);
      sink.add(one.kind, at(file, part.offset), fmt::format("{}: {}", decision_tables::place_text(part), one.message))
          .mend = one.mend;
    } else if (!compiled.ok()) {
      sink.add(one.kind, {}, fmt::format("{}: {}", guideline_path, one.message)).mend = one.mend;
    }
  }
  if (compiled.ok()) result.text = laid_out(whole_text, sink);
  take(result, sink);
  return result;
}

} // namespace aceso::driver
