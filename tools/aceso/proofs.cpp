#include "proofs.h"

#include <filesystem>
#include <future>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "driver/files.h"

namespace aceso::command {

using Json = nlohmann::ordered_json;

analyse::Budget ProofOptions::budget() const {
  analyse::Budget budget;
  budget.steps_per_question = steps;
  if (seconds > 0)
    budget.end =
        std::chrono::steady_clock::now() + std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
  return budget;
}

std::string ProofOptions::budget_text() const {
  std::string text = fmt::format("{} solver steps a question", steps);
  if (seconds > 0) text += fmt::format(", {} s in all", seconds);
  return text;
}

void add_proof_options(CLI::App& command, ProofOptions& options) {
  add_format_option(command, options.format, {"text", "json"});
  command.add_option("--save-cases", options.save_cases, "write each patient as a case file into this folder")
      ->option_text("DIR");
  command.add_flag("--strict", options.strict, "fail also where something could not be decided");
  command.add_option("--steps", options.steps, "solver steps for each question")->check(above_zero)->option_text("N");
  command.add_option("--budget", options.seconds, "seconds for everything; no limit unless given")
      ->check(above_zero)
      ->option_text("S");
  add_color_option(command, options.color);
}

namespace {

std::unique_ptr<Compilation> if_guideline(Compilation compiled, const std::string& path, ColorMode color,
                                          int& exit_code) {
  auto compilation = if_sound(std::move(compiled), path, color, exit_code);
  if (!compilation || !compilation->graph()->dictionary.guideline.id.empty()) return compilation;
  write_error(
      fmt::format("aceso: {} is a module and decides nothing; name a guideline that uses it\n", printable(path)));
  exit_code = bad_input;
  return nullptr;
}

} // namespace

std::unique_ptr<Compilation> compile_guideline(const std::string& path, ColorMode color, int& exit_code) {
  CompileOptions compile;
  compile.describes = false;
  return if_guideline(compile_file(path, compile), path, color, exit_code);
}

TwoGuidelines compile_guidelines(const std::string& first, const std::string& second, ColorMode color, int& exit_code,
                                 bool with_hash) {
  CompileOptions compile;
  compile.describes = with_hash;
  auto other = std::async(std::launch::async | std::launch::deferred, [&] { return compile_file(second, compile); });
  TwoGuidelines result;
  result.first = if_guideline(compile_file(first, compile), first, color, exit_code);
  result.second = if_guideline(other.get(), second, color, exit_code);
  return result;
}

std::string place_text(const Compilation& compilation, source::Span span) {
  if (!span.is_valid()) return "?";
  const source::SourceFile& file = compilation.sources()[span.file];
  return fmt::format("{}:{}", printable(file.path()), file.place(span.begin).line);
}

std::string rule_text(const Compilation& compilation, RuleId rule) {
  const graph::Graph& graph = *compilation.graph();
  const graph::Rule& statement = graph.rules[rule.index()];
  std::string text =
      fmt::format("rule `{}` at {}", graph.dictionary[rule].name, place_text(compilation, statement.span));
  if (!statement.condition_text.empty()) text += fmt::format(": when {}", statement.condition_text);
  std::string cited;
  for (const Citation& citation : graph.dictionary[rule].citations)
    cited += fmt::format("{}{}", cited.empty() ? "" : "; ", analyse::to_words(citation));
  return cited.empty() ? text : fmt::format("{} ({})", text, cited);
}

Json rule_json(const Compilation& compilation, RuleId rule) {
  const graph::Graph& graph = *compilation.graph();
  const graph::Rule& statement = graph.rules[rule.index()];
  Json citations = Json::array();
  for (const Citation& citation : graph.dictionary[rule].citations)
    citations.push_back({{"source", citation.source}, {"document", citation.document}, {"section", citation.section}});
  const source::SourceFile& file = compilation.sources()[statement.span.file];
  return {{"name", graph.dictionary[rule].name},
          {"file", file.path()},
          {"line", file.place(statement.span.begin).line},
          {"when", statement.condition_text},
          {"citations", std::move(citations)}};
}

std::string patient_text(const std::vector<std::string>& facts, std::string_view indent) {
  if (facts.empty()) return fmt::format("{}patient: anybody\n", indent);
  std::string text = fmt::format("{}patient:\n", indent);
  for (const std::string& fact : facts)
    text += fmt::format("{}  {}\n", indent, fact);
  return text;
}

Json case_json(const Compilation& compilation, const PatientCase& patient) {
  return Json::parse(write_case(compilation.graph()->dictionary, patient));
}

bool save_case(const ProofOptions& options, const Compilation& compilation, const PatientCase& patient,
               std::string name) {
  if (options.save_cases.empty()) return true;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '_' && c != '-' && c != '.') c = '_';
  std::error_code fault;
  std::filesystem::create_directories(options.save_cases, fault);
  const std::string path = driver::join_path(options.save_cases, name + ".json");
  const std::string reason =
      fault ? fault.message() : driver::write_file(path, write_case(compilation.graph()->dictionary, patient));
  if (!reason.empty()) write_error(fmt::format("aceso: {}: {}\n", printable(path), reason));
  return reason.empty();
}

} // namespace aceso::command
