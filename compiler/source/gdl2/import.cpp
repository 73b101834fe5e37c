#include "gdl2/import.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "diagnostics/diagnostic.h"
#include "format/format.h"
#include "gdl2/names.h"
#include "gdl2/ranges.h"
#include "gdl2/translate.h"
#include "gdl2/units.h"
#include "gdl2/variables.h"
#include "gdl2/write_cases.h"
#include "gdl2/write_codes.h"
#include "gdl2/write_translations.h"
#include "values/time.h"

namespace aceso::gdl2 {
namespace {

class Writer {
public:
  Writer(const Guideline& guideline, const Options& options, const Variables& variables, const Program& program,
         const std::vector<Omission>& omissions)
      : guideline_(guideline), options_(options), variables_(variables), program_(program), omissions_(omissions) {}

  std::string write(const std::string& name) {
    head(name);
    references();
    types();
    inputs();
    limits();
    for (const Definition& one : program_.definitions)
      text_ += write_definition(one) + '\n';
    text_ += write_codes(guideline_, variables_, program_);
    text_ += write_names(guideline_, variables_, program_);
    return std::move(text_);
  }

private:
  void field(std::string_view key, const std::string& value) {
    if (!value.empty()) text_ += fmt::format("  {} {}\n", key, quoted(one_line(value)));
  }
  void comment(std::string_view title, const std::string& value) {
    if (value.empty()) return;
    text_ += fmt::format("// {}\n", title);
    for (const std::string& line : lines_of(value, 104))
      text_ += "//   " + line + '\n';
  }

  /// "CPOT.v1" is 1.0.0, "BMI.v0.1.1-draft" is 0.1.1-draft.
  std::string version() const {
    const std::size_t at = guideline_.id.rfind(".v");
    std::string number = at == std::string::npos ? std::string() : guideline_.id.substr(at + 2);
    const std::size_t dash = std::min(number.find('-'), number.size());
    std::string rest = number.substr(dash);
    number.resize(dash);
    const bool digits = !number.empty() && number.find_first_not_of("0123456789.") == std::string::npos;
    if (!digits) return "0.0.0";
    for (auto points = std::count(number.begin(), number.end(), '.'); points < 2; ++points)
      number += ".0";
    return number + rest;
  }

  void head(const std::string& name) {
    text_ += fmt::format("// Made by `aceso import gdl2` from {} ({}).\n", one_line(options_.file_name),
                         one_line(guideline_.id));
    text_ += "// Ranges and steps of measured values are technical: the source gives none.\n";
    if (std::any_of(variables_.begin(), variables_.end(), [&](const auto& entry) {
          return entry.second.kind == VariableKind::choice && !entry.second.assigned && is_read(entry.second.name);
        }))
      text_ += "// The choices of an input are those that its rules and cases name: it may have more.\n";
    if (options_.tightness != Tightness::wide)
      text_ += "// Exponents are held between -20 and 20 (of 10: -8 and 8), so that every result fits 64 bits.\n";
    if (options_.tightness == Tightness::seen)
      text_ += "// For the same reason, ranges end near what the rules and the cases of the source name.\n";
    std::string file = guideline_.uuid;
    if (!guideline_.file_date.empty()) file += (file.empty() ? "" : ", ") + guideline_.file_date;
    comment("Identifier and date of the file", file);
    if (!parse_date(guideline_.date)) comment("Date of the author", guideline_.date);
    if (const auto term = guideline_.terms.find(guideline_.concept_code); term != guideline_.terms.end()) {
      const std::string said = one_line(term->second.description);
      if (said.size() > 1 && said != term_text(guideline_, guideline_.concept_code) &&
          said != one_line(guideline_.purpose) && said != one_line(guideline_.summary))
        comment("Concept", term->second.description);
    }
    comment("Description", guideline_.summary);
    comment("Use", guideline_.use);
    comment("Misuse", guideline_.misuse);
    comment("Keywords", fmt::format("{}", fmt::join(guideline_.keywords, ", ")));
    std::string lost;
    for (const Omission& one : omissions_)
      lost += fmt::format("{}: {}: {}\n", one_line(one.place), one_line(one.what), one_line(one.why));
    comment("Not carried over from the source:", lost);
    text_ += fmt::format("guideline {} {{\n", name);
    field("title", term_text(guideline_, guideline_.concept_code));
    text_ += fmt::format("  version {}\n", version());
    text_ +=
        fmt::format("  status {}\n", name_from(guideline_.lifecycle.empty() ? "unknown state" : guideline_.lifecycle));
    std::string developer = guideline_.author;
    if (!guideline_.organisation.empty()) developer += (developer.empty() ? "" : ", ") + guideline_.organisation;
    if (!guideline_.email.empty()) developer += fmt::format("{}({})", developer.empty() ? "" : " ", guideline_.email);
    for (const std::string& one : guideline_.contributors)
      developer += "; " + one;
    field("developer", developer);
    field("scope", guideline_.purpose);
    field("license", guideline_.copyright);
    if (parse_date(guideline_.date)) text_ += fmt::format("  published {}\n", guideline_.date);
    if (!program_.applies.is(Logic::Kind::yes)) text_ += fmt::format("  applies when {}\n", print(program_.applies));
    const std::vector<std::string> list = reference_list();
    if (!list.empty()) {
      text_ += "  cite references refs ";
      for (std::size_t i = 0; i < list.size(); ++i)
        text_ += fmt::format("{}{}", i == 0 ? "" : ", ", i + 1);
      text_ += '\n';
    }
    text_ += "}\n\n";
  }

  /// "Ref. 1: ... Ref. 2: ..." one by one.
  std::vector<std::string> reference_list() const {
    std::vector<std::string> result;
    std::string_view rest = guideline_.references;
    const auto next = [](std::string_view text, std::size_t from) {
      std::size_t found = std::string_view::npos;
      for (const std::string_view mark : {"Ref. ", "Ref ", "Ref.", "Reference "})
        for (std::size_t at = text.find(mark, from); at != std::string_view::npos; at = text.find(mark, at + 1)) {
          const std::size_t digit = at + mark.size();
          if (digit < text.size() && text[digit] >= '0' && text[digit] <= '9') {
            found = std::min(found, at);
            break;
          }
        }
      return found;
    };
    while (!rest.empty()) {
      const std::size_t start = next(rest, 0);
      const std::size_t end =
          start == std::string_view::npos ? std::string_view::npos : next(rest, start == 0 ? 1 : start);
      std::string_view piece = start == 0 ? rest.substr(0, end) : rest.substr(0, start);
      if (start == 0) { // without "Ref. 1:"
        const std::size_t colon = piece.find(':');
        if (colon != std::string_view::npos && colon < 14) piece.remove_prefix(colon + 1);
      }
      if (std::string one = one_line(piece); !one.empty()) {
        for (const std::string_view number : {"1. ", "[1] "}) // it stands before it anyway
          if (one.starts_with(number)) one.erase(0, number.size());
        result.push_back(std::move(one));
      }
      const std::size_t used = start == 0 ? end : start;
      rest = used == std::string_view::npos ? std::string_view() : rest.substr(used);
    }
    return result;
  }
  void references() {
    const std::vector<std::string> list = reference_list();
    if (list.empty()) return;
    text_ += "source references \"References of the source\" {\n";
    for (std::size_t i = 0; i < list.size(); ++i)
      text_ += fmt::format("  reference {} {}\n", i + 1, quoted(list[i]));
    text_ += "}\n\n";
  }

  bool is_read(const std::string& name) const { return program_.read.contains(name); }
  bool is_defined(const Variable& v) const {
    return std::any_of(program_.definitions.begin(), program_.definitions.end(),
                       [&](const Definition& d) { return d.name == v.name || d.type == v.type_name; });
  }

  void types() {
    std::set<std::string> written;
    for (const auto& entry : variables_) {
      const Variable& v = entry.second;
      if (v.kind != VariableKind::choice || !written.insert(v.type_name).second) continue;
      const bool wanted = std::any_of(variables_.begin(), variables_.end(), [&](const auto& other) {
        const Variable& o = other.second;
        return o.type_name == v.type_name &&
               (is_read(o.assigned ? o.name + "_given" : o.name) || (o.assigned && is_defined(o)));
      });
      if (!wanted) continue;
      text_ +=
          fmt::format("type {} {} = {} {{\n", v.type_name,
                      quoted(v.type_name.starts_with("answer") ? "Answer" : v.title), v.is_scale ? "scale" : "one of");
      for (std::size_t i = 0; i < v.choices.size(); ++i) {
        const Choice& one = v.choices[i];
        text_ += "  " + one.name;
        if (!one.label.empty()) text_ += ' ' + quoted(one.label);
        if (v.is_scale) text_ += " = " + one.score;
        text_ += i + 1 < v.choices.size() ? ",\n" : "\n";
      }
      text_ += "}\n";
    }
    text_ += '\n';
  }

  void inputs() {
    std::vector<std::string> models;
    std::map<std::string, std::vector<const Variable*>> by_model;
    std::set<std::string> placed;
    const auto place = [&](const Variable& v) {
      if (!placed.insert(v.code).second) return;
      if (!by_model.contains(v.model)) models.push_back(v.model);
      by_model[v.model].push_back(&v);
    };
    for (const Element& element : guideline_.elements)
      if (variables_.contains(element.id)) place(variables_.at(element.id));
    for (const auto& [code, v] : variables_)
      place(v);
    std::set<std::string> groups;
    for (const std::string& model : models) {
      std::string body;
      for (const Variable* v : by_model[model])
        body += input(*v);
      if (body.empty()) continue;
      const std::string words = words_of_binding(model);
      text_ += fmt::format("inputs {} {} {{\n{}}}\n\n", take_name(name_from(words), groups), quoted(words), body);
    }
  }
  /// The name that the source gives to the record, where it gives one of its own.
  std::string words_of_binding(const std::string& model) const {
    for (const Element& one : guideline_.elements) {
      if (one.model != model) continue;
      const std::string words = term_text(guideline_, one.binding);
      if (words != one.binding && words != model && !words.starts_with("openEHR-")) return words;
    }
    return words_of(model);
  }
  /// "openEHR-EHR-OBSERVATION.body_weight.v1" is "Body weight".
  static std::string words_of(const std::string& model) {
    const std::size_t from = model.find('.');
    if (from == std::string::npos) return "Findings";
    std::string words = model.substr(from + 1, model.find('.', from + 1) - from - 1);
    std::replace(words.begin(), words.end(), '_', ' ');
    std::replace(words.begin(), words.end(), '-', ' ');
    if (!words.empty() && words[0] >= 'a' && words[0] <= 'z') words[0] = static_cast<char>(words[0] - 'a' + 'A');
    return words.empty() ? "Findings" : words;
  }

  /// A sum whose terms have no lists of their own must not leave the scale that the rules know; and what is asked for
  /// in one of several units is one value.
  void limits() {
    for (const auto& [code, v] : variables_) {
      if (const std::vector<std::string> names = input_names(v, program_); names.size() > 1)
        text_ +=
            fmt::format("constraint {}_once {{\n  require at most 1 of {{ {} is known }}\n  message {}\n}}\n\n", v.name,
                        fmt::join(names, " is known, "), quoted(v.title + " is given in more than one unit"));
      if (v.assigned && v.scale_high && is_decided(v, program_))
        text_ += fmt::format(
            "constraint {}_ends {{\n  require {} <= {}\n  message {}\n}}\n\n", v.name, v.name,
            decimal(*v.scale_high, 0),
            quoted(fmt::format("{}: the rules of the source end at {}", v.title, decimal(*v.scale_high, 0))));
    }
  }

  std::string input(const Variable& v) {
    std::string result;
    const auto line = [&](const std::string& name, const std::string& type, const std::string& more) {
      if (!is_read(name)) return;
      if (v.description.size() > 1 && v.description != v.title) { // "*" means that there is none
        for (const std::string& doc : lines_of(v.description, 104))
          result += "  /// " + doc + '\n';
      }
      if (v.scale_high)
        result += fmt::format("  /// {} {}: the rules of the source know no {} number.\n",
                              v.scale_low ? fmt::format("It goes from {} to", decimal(*v.scale_low, 0)) : "It ends at",
                              decimal(*v.scale_high, 0), v.scale_low ? "other" : "higher");
      result += fmt::format("  {} : {} {}{}\n", name, type, quoted(v.title), more);
    };
    const std::string name = v.assigned ? v.name + "_given" : v.name;
    switch (v.kind) {
    case VariableKind::yes_no: line(name, "yes/no", assumption(v, "no")); break;
    case VariableKind::choice: line(name, v.type_name, assumption(v, neutral(v))); break;
    case VariableKind::date: line(name, "date", {}); break;
    case VariableKind::number:
      line(name, "number " + range_of(v, UnitClass{.unit = "1"}, options_.tightness), {});
      break;
    case VariableKind::quantity:
      for (const UnitClass& one : v.units) {
        std::string accepted;
        for (const std::string& other : one.others) {
          if (!is_near(other, one.unit))
            continue; // a step of femtolitres beside one of litres fits no 64
                      // bits
          accepted += fmt::format("{}{} step {}{}", accepted.empty() ? " accepts" : ",", unit_suffix(other),
                                  decimal(std::pow(10.0, -std::max(1, v.decimals)), 6), unit_suffix(other));
        }
        const std::string_view kind = one.plain ? "number " : is_time(one.unit) ? "duration " : "quantity ";
        line(v.units.size() > 1 ? one.name : name, std::string(kind) + range_of(v, one, options_.tightness), accepted);
      }
      break;
    case VariableKind::unknown: line(name, "yes/no", {}); break;
    }
    return result;
  }

  /// A finding that no rule asks to be there is one whose absence the source
  /// reads as "not so".
  std::string assumption(const Variable& v, const std::string& value) const {
    if (v.guarded || v.null_tested || v.read_as_number || value.empty() || v.assigned) return {};
    // Where a rule fires for No, the source tells No from what is not given.
    for (const Choice& one : v.choices)
      if (one.name == value && (v.tested.contains(one.code) || v.tested.contains(one.label))) return {};
    if (v.kind == VariableKind::yes_no && v.tested.contains("false")) return {};
    return fmt::format(" {{ unknown assume {} because \"the source reads what "
                       "is not given as not present\" }}",
                       value);
  }
  /// The one choice of which no condition speaks and which says that there is
  /// nothing.
  static std::string neutral(const Variable& v) {
    for (const Choice& one : v.choices) {
      if (v.tested.contains(one.code) || v.tested.contains(one.label)) continue;
      const std::string word = name_from(one.label);
      for (const std::string_view sign : {"no", "none", "absent", "not", "normal", "negative"})
        if (word == sign || word.starts_with(std::string(sign) + "_")) return one.name;
    }
    return {};
  }

  const Guideline& guideline_;
  const Options& options_;
  const Variables& variables_;
  const Program& program_;
  const std::vector<Omission>& omissions_;
  std::string text_;
};

std::string laid_out(const std::string& text) {
  source::SourceSet sources;
  const std::uint32_t file = sources.add("imported.aceso", text);
  diagnostics::Sink sink;
  auto result = format::format_file(sources, file, sink);
  if (!result) return text;
  return std::move(*result);
}

} // namespace

std::optional<Import> import_guideline(std::string_view json, const Options& options, ReadFault& fault) {
  Import result;
  const auto guideline = read_guideline(json, result.omissions, fault);
  if (!guideline) return std::nullopt;
  std::vector<SourceCase> cases;
  if (!options.case_text.empty()) cases = read_cases(options.case_text, result.case_fault);
  Variables variables = find_variables(*guideline, cases);
  find_scales(*guideline, variables);
  std::set<std::string> taken;
  name_variables(variables, *guideline, taken);
  const Program program = translate(*guideline, variables, {.hold_exponents = options.tightness != Tightness::wide},
                                    taken, result.omissions);
  omit_unused_elements(*guideline, variables, program, result.omissions);
  result.translations = write_translations(*guideline, variables, program, result.omissions);
  result.name = name_from(guideline->id, 64);
  result.text = laid_out(Writer(*guideline, options, variables, program, result.omissions).write(result.name));
  std::set<std::string> decided;
  for (const Definition& one : program.definitions)
    decided.insert(one.name);
  for (const auto& [code, v] : variables)
    if (v.assigned && decided.contains(v.name)) result.values.push_back({code, v.name});
  result.cases = write_cases(result.name, cases, variables, program.read, decided, result.case_omissions);
  return result;
}

} // namespace aceso::gdl2
