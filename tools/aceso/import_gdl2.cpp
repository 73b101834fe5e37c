#include <filesystem>
#include <set>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "command.h"
#include "driver/files.h"
#include "driver/translations.h"
#include "gdl2/import.h"

namespace aceso::command {
namespace {

constexpr std::size_t max_bytes = 16u << 20;

struct Options {
  std::vector<std::string> paths;
  std::string output, format;
  bool cases = false, force = false;
};

struct Outcome {
  std::string path{}, aceso_path{};
  std::optional<gdl2::Import> import{};
  std::string fault{}; ///< why there is none
  std::vector<std::string> case_paths{};
  std::vector<std::string> translation_paths{};
};

/// "a/CPOT.v1.test.yml" for "a/CPOT.v1.gdl2.json".
std::string case_path_of(const std::string& path) {
  constexpr std::string_view ending = ".gdl2.json";
  const std::string stem = path.ends_with(ending) ? path.substr(0, path.size() - ending.size()) : path;
  return stem + ".test.yml";
}

std::string placed(const gdl2::ReadFault& fault) {
  return fault.line == 0 ? fault.reason : fmt::format("line {}, column {}: {}", fault.line, fault.column, fault.reason);
}

Outcome import_one(const std::string& path) {
  Outcome result{.path = path};
  const driver::ReadResult file = driver::read_file(path, max_bytes);
  if (!file.ok()) {
    result.fault = file.reason.empty() ? "it cannot be read" : file.reason;
    return result;
  }
  const driver::ReadResult cases = driver::read_file(case_path_of(path), max_bytes);
  gdl2::ReadFault fault;
  gdl2::Options how{.file_name = std::filesystem::path(path).filename().string(),
                    .case_text = cases.ok() ? std::string_view(cases.text) : std::string_view()};
  result.import = gdl2::import_guideline(file.text, how, fault);
  for (const gdl2::Tightness tightness : {gdl2::Tightness::narrow, gdl2::Tightness::seen}) {
    if (!result.import || compile_text(result.import->text, "imported.aceso").ok()) break;
    how.tightness = tightness;
    result.import = gdl2::import_guideline(file.text, how, fault);
  }
  if (result.import && !compile_text(result.import->text, "imported.aceso").ok())
    result.import->omissions.push_back(
        {"the whole text", result.import->name, "it has errors, which `aceso check` shows"});
  if (!result.import) result.fault = placed(fault);
  return result;
}

/// Gives the reason of a failure.
std::string write_new(const std::string& path, const std::string& text, bool force) {
  std::error_code error;
  if (!force && std::filesystem::exists(path, error)) return "it is there already; --force writes over it";
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
  return driver::write_file(path, text);
}

/// Beside the guideline, with every text that is still to be translated.
std::string write_translations(Outcome& outcome, const Options& options) {
  if (outcome.import->translations.empty()) return {};
  CompileOptions compile;
  compile.translations = false;
  const Compilation compilation = compile_text(outcome.import->text, outcome.aceso_path, compile);
  for (const gdl2::Translation& one : outcome.import->translations) {
    std::string text = one.text;
    if (compilation.ok()) text = driver::update_translation(compilation, one.language, one.text).text;
    outcome.translation_paths.push_back(driver::translation_path(outcome.aceso_path, one.language));
    const std::string& path = outcome.translation_paths.back();
    if (std::string reason = write_new(path, text, options.force); !reason.empty()) return path + ": " + reason;
  }
  return {};
}

std::string write_outcome(Outcome& outcome, const Options& options, std::set<std::string>& taken) {
  gdl2::Import& import = *outcome.import;
  std::string name = import.name;
  for (int i = 2; !taken.insert(name).second; ++i)
    name = fmt::format("{}_{}", import.name, i);
  const std::string folder = driver::join_path(options.output, name);
  outcome.aceso_path = driver::join_path(folder, name + ".aceso");
  if (std::string reason = write_new(outcome.aceso_path, import.text, options.force); !reason.empty())
    return outcome.aceso_path + ": " + reason;
  for (std::size_t i = 0; options.cases && i < import.cases.size(); ++i) {
    outcome.case_paths.push_back(driver::join_path(folder, fmt::format("cases/{:03}.json", i + 1)));
    if (std::string reason = write_new(outcome.case_paths.back(), import.cases[i].json, options.force); !reason.empty())
      return outcome.case_paths.back() + ": " + reason;
  }
  return write_translations(outcome, options);
}

nlohmann::ordered_json as_json(const std::vector<gdl2::Omission>& omissions) {
  auto list = nlohmann::ordered_json::array();
  for (const gdl2::Omission& one : omissions)
    list.push_back({{"place", one.place}, {"what", one.what}, {"why", one.why}});
  return list;
}

nlohmann::ordered_json as_json(const Outcome& outcome) {
  nlohmann::ordered_json json{{"source", outcome.path}};
  if (!outcome.import) {
    json["fault"] = outcome.fault;
    return json;
  }
  const gdl2::Import& import = *outcome.import;
  json["guideline"] = import.name;
  json["file"] = outcome.aceso_path;
  json["values"] = nlohmann::ordered_json::object();
  for (const gdl2::NamedValue& one : import.values)
    json["values"][one.code] = one.name;
  json["omissions"] = as_json(import.omissions);
  json["translations"] = outcome.translation_paths;
  json["cases"] = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < import.cases.size(); ++i)
    json["cases"].push_back({{"id", import.cases[i].id},
                             {"file", i < outcome.case_paths.size() ? outcome.case_paths[i] : std::string()},
                             {"expected", import.cases[i].expected}});
  json["case_omissions"] = as_json(import.case_omissions);
  if (import.case_fault) json["case_fault"] = placed(*import.case_fault);
  return json;
}

void tell(const Outcome& outcome, const Options& options) {
  if (!outcome.import) {
    write_error(fmt::format("aceso: {}: {}\n", printable(outcome.path), printable(outcome.fault)));
    return;
  }
  const gdl2::Import& import = *outcome.import;
  write_out(fmt::format("{}: {} decided, {} not carried over\n", printable(outcome.aceso_path),
                        count(import.values.size(), "value"), import.omissions.size()));
  for (const gdl2::Omission& one : import.omissions)
    write_out(fmt::format("  {}\n    {}\n    {}\n", printable(one.place), printable(one.what), printable(one.why)));
  if (import.case_fault)
    write_error(
        fmt::format("aceso: {}: {}\n", printable(case_path_of(outcome.path)), printable(placed(*import.case_fault))));
  for (const std::string& path : outcome.translation_paths)
    write_out(fmt::format("  {}: what the source has in this language\n", printable(path)));
  if (!options.cases || import.cases.empty()) return;
  write_out(fmt::format("  {}\n", count(import.cases.size(), "case")));
  for (const gdl2::Omission& one : import.case_omissions)
    write_out(fmt::format("  {}\n    {}\n    {}\n", printable(one.place), printable(one.what), printable(one.why)));
}

int import_gdl2(const Options& options) {
  int exit_code = fine;
  std::set<std::string> taken;
  auto files = nlohmann::ordered_json::array();
  Progress progress("importing", options.paths.size());
  for (const std::string& path : options.paths) {
    progress.step(path);
    Outcome outcome = import_one(path);
    if (outcome.import)
      if (const std::string reason = write_outcome(outcome, options, taken); !reason.empty()) {
        progress.clear();
        write_error(fmt::format("aceso: {}\n", printable(reason)));
        return bad_use;
      }
    progress.clear();
    if (!outcome.import || outcome.import->case_fault)
      exit_code = graver(exit_code, bad_input);
    else if (!outcome.import->omissions.empty() || (options.cases && !outcome.import->case_omissions.empty()))
      exit_code = graver(exit_code, findings);
    if (options.format == "json")
      files.push_back(as_json(outcome));
    else
      tell(outcome, options);
  }
  if (options.format == "json")
    write_out(nlohmann::ordered_json{{"files", files}}.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) +
              '\n');
  return exit_code;
}

} // namespace

void add_import_gdl2(CLI::App& import, Action& action) {
  CLI::App* command = add_command(import, "gdl2",
                                  "make guidelines from files of the Guideline Definition Language 2\n\n"
                                  "Writes FOLDER/NAME/NAME.aceso for each file: inputs, one decision for "
                                  "each output, and what could not be\n"
                                  "carried over at its head. A file NAME.test.yml beside NAME.gdl2.json is "
                                  "read for the choices that the\n"
                                  "guideline itself does not list; --cases makes case files of it for "
                                  "`aceso test`.",
                                  R"(Examples:
  aceso import gdl2 CPOT.v1.gdl2.json -o guidelines
  aceso import gdl2 library/*.gdl2.json --cases -o guidelines --format json

Exit codes: 0 fine; 1 something could not be carried over; 2 bad use, or a file cannot be written;
            3 a file cannot be read or is faulty (the others are imported); 4 internal error.)");
  auto options = std::make_shared<Options>();
  command->add_option("FILE", options->paths, "a file NAME.gdl2.json")->required()->option_text(" ");
  command->add_option("-o,--output", options->output, "the folder to write to")->required()->option_text("FOLDER");
  command->add_flag("--cases", options->cases, "also write the cases beside each guideline");
  command->add_flag("--force", options->force, "write over files that are there");
  add_format_option(*command, options->format, {"text", "json"});
  command->callback([options, &action] { action = [options] { return import_gdl2(*options); }; });
}

} // namespace aceso::command
