#include <algorithm>
#include <cstring>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "command.h"
#include "driver/files.h"
#include "driver/test_runner.h"
#include "in_order.h"

namespace aceso::command {
namespace {

using driver::CaseResult;
using driver::FileResult;

struct Options {
  std::vector<std::string> paths;
  std::string junit, format, language;
  unsigned jobs = 0;
  ColorMode color = ColorMode::automatic;
};

struct Totals {
  std::size_t passed = 0, failed = 0, broken_files = 0;
  explicit Totals(const std::vector<FileResult>& results) {
    for (const FileResult& file : results) {
      broken_files += !file.compiled;
      for (const CaseResult& one : file.cases)
        ++(one.passed ? passed : failed);
    }
  }
};

struct Paint {
  bool on;
  [[nodiscard]] std::string red(std::string_view text) const {
    return on ? fmt::format("\x1b[31m{}\x1b[0m", text) : std::string(text);
  }
  [[nodiscard]] std::string green(std::string_view text) const {
    return on ? fmt::format("\x1b[32m{}\x1b[0m", text) : std::string(text);
  }
};

std::string failed_case(const CaseResult& result, const Paint& paint) {
  std::string out =
      fmt::format("{} {} \"{}\"\n", paint.red("FAILED"), printable(result.guideline), printable(result.name));
  out += result.line != 0 ? fmt::format("  {}:{}\n", printable(result.file), result.line)
                          : fmt::format("  {}\n", printable(result.file));
  for (const driver::CaseFailure& failure : result.failures) {
    const std::string where = failure.line != 0 ? fmt::format("line {}", failure.line) : failure.path;
    out += fmt::format("  {}{}expected: {}\n", printable(where), where.empty() ? "" : ": ", failure.expected);
    out += fmt::format("    got:    {}\n", failure.got);
  }
  for (const driver::CaseViolation& violation : result.violated)
    out += fmt::format("  the property {} does not hold at {}\n    {}\n", violation.property, violation.at,
                       violation.statement);
  return out;
}

std::string as_text(const FileResult& file, const Paint& paint) {
  if (!file.compiled)
    return file.diagnostics +
           fmt::format("{} {} has errors; its cases were not run\n", paint.red("FAILED"), printable(file.path));
  std::string out;
  const auto passed = static_cast<std::size_t>(
      std::count_if(file.cases.begin(), file.cases.end(), [](const CaseResult& one) { return one.passed; }));
  for (const CaseResult& one : file.cases)
    if (!one.passed) out += failed_case(one, paint);
  if (file.cases.empty()) return out + fmt::format("{}: no cases\n", printable(file.path));
  const std::string word = passed == file.cases.size() ? paint.green("passed") : "passed";
  return out + fmt::format("{}: {} of {} {}\n", printable(file.path), passed, count(file.cases.size(), "case"), word);
}

nlohmann::ordered_json as_json(const CaseResult& result) {
  nlohmann::ordered_json json{{"name", result.name}, {"file", result.file}};
  if (result.line != 0) json["line"] = result.line;
  json["passed"] = result.passed;
  json["failures"] = nlohmann::ordered_json::array();
  for (const driver::CaseFailure& failure : result.failures) {
    nlohmann::ordered_json one;
    if (failure.line != 0)
      one["line"] = failure.line;
    else
      one["path"] = failure.path;
    one["expected"] = failure.expected;
    one["got"] = failure.got;
    json["failures"].push_back(std::move(one));
  }
  json["violated"] = nlohmann::ordered_json::array();
  for (const driver::CaseViolation& violation : result.violated)
    json["violated"].push_back(
        {{"property", violation.property}, {"statement", violation.statement}, {"at", violation.at}});
  return json;
}

std::string as_json(const std::vector<FileResult>& results) {
  const Totals totals(results);
  nlohmann::ordered_json json;
  json["files"] = nlohmann::ordered_json::array();
  for (const FileResult& file : results) {
    nlohmann::ordered_json one{{"file", file.path}, {"guideline", file.guideline}, {"compiled", file.compiled}};
    one["cases"] = nlohmann::ordered_json::array();
    for (const CaseResult& result : file.cases)
      one["cases"].push_back(as_json(result));
    json["files"].push_back(std::move(one));
  }
  json["passed"] = totals.passed;
  json["failed"] = totals.failed;
  json["files_with_errors"] = totals.broken_files;
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

int write_junit(const std::string& path, const std::vector<FileResult>& results) {
  if (path.empty()) return fine;
  const std::string reason = driver::write_file(path, driver::junit_xml(results));
  if (reason.empty()) return fine;
  write_error(fmt::format("aceso: --junit {}: {}\n", printable(path), reason));
  return bad_use;
}

int test(const Options& options) {
  const driver::FoundFiles found = driver::find_guideline_files(options.paths);
  int exit_code = found.faults.empty() ? fine : bad_input;
  for (const auto& fault : found.faults)
    write_error(fmt::format("aceso: {}: {}\n", printable(fault.path), fault.reason));

  driver::TestOptions test_options;
  const bool is_json = options.format == "json";
  const Paint paint{use_color(stdout, options.color) && !is_json};
  test_options.color = paint.on;
  test_options.compile.language = options.language;
  std::vector<FileResult> results;
  Progress progress("testing", found.paths.size());
  InOrder made(found.paths.size(), options.jobs,
               [&](std::size_t i) { return driver::run_tests(found.paths[i], test_options); });
  for (const std::string& path : found.paths) {
    progress.step(path);
    results.push_back(made.next());
    const FileResult& result = results.back();
    if (!result.passed()) exit_code = graver(exit_code, findings);
    if (!result.was_read || result.unreadable_cases != 0) exit_code = graver(exit_code, bad_input);
    progress.clear();
    if (result.lacks_language) {
      write_error(
          fmt::format("aceso: --lang: {} has no texts in `{}`\n", printable(path), printable(options.language)));
      exit_code = graver(exit_code, bad_use);
    }
    if (!is_json)
      write_out(as_text(result, paint));
    else if (!result.compiled)
      write_error(result.diagnostics);
  }
  const Totals totals(results);
  if (is_json) {
    write_out(as_json(results));
  } else {
    write_out(fmt::format("{}: {} passed, {} failed", count(results.size(), "file"), count(totals.passed, "case"),
                          totals.failed));
    write_out(totals.broken_files == 0 ? "\n" : fmt::format(", {} with errors\n", count(totals.broken_files, "file")));
  }
  return graver(exit_code, write_junit(options.junit, results));
}

} // namespace

void add_test(CLI::App& program, Action& action) {
  CLI::App* command = add_command(
      program, "test",
      "run the cases of guidelines and modules\n\n"
      "Runs every `case` block, and for a guideline every case file in the folder `cases` beside it.\n"
      "A case passes when all its expectations hold and no property is violated. A case file expects\n"
      "in \"expect\", in the words of an `expect` line:\n"
      "  \"expect\": [\"recommended lumbar_mri immediately\", \"missing fever\", \"refused level_lies_in_region\"]\n"
      "  \"expect\": [\"fault A0728 $.inputs.temperature\"]      reading the case gives this fault, at this place",
      R"(Examples:
  aceso test guidelines/lumbar_radiculopathy
  aceso test guidelines stdlib --junit results.xml

Exit codes: 0 every case passes; 1 a case fails or a file has errors; 2 bad use; 3 a file cannot be read;
            4 internal error.)");
  auto options = std::make_shared<Options>();
  command->add_option("PATH", options->paths, "a file, or a folder with .aceso files in or below it")
      ->required()
      ->option_text(" ");
  command->add_option("--junit", options->junit, "also write the results to this file, as build servers read them")
      ->option_text("FILE");
  add_jobs_option(*command, options->jobs,
                  "files at once; one for each core unless said otherwise; results keep their order");
  add_language_option(*command, options->language);
  add_format_option(*command, options->format, {"text", "json"});
  add_color_option(*command, options->color);
  command->callback([options, &action] { action = [options] { return test(*options); }; });
}

} // namespace aceso::command
