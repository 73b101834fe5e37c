#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "command.h"
#include "driver/case_set.h"
#include "driver/files.h"
#include "testing/coverage_report.h"

namespace aceso::command {
namespace {

struct Options {
  std::vector<std::string> paths;
  std::string format, output;
  double at_least = 0;
  std::size_t lines = 40;
  ColorMode color = ColorMode::automatic;
  [[nodiscard]] bool is_text() const { return format == "text"; }
};

struct Covered {
  std::unique_ptr<Compilation> compilation;
  std::unique_ptr<testing::Coverage> coverage;
  testing::CoveredFile file;
};

int coverage(const Options& options) {
  const driver::FoundFiles found = driver::find_guideline_files(options.paths);
  int exit_code = found.faults.empty() ? fine : bad_input;
  for (const auto& fault : found.faults)
    write_error(fmt::format("aceso: {}: {}\n", printable(fault.path), fault.reason));
  std::vector<Covered> all;
  Progress progress("measuring", found.paths.size());
  for (const std::string& path : found.paths) {
    progress.step(path);
    int code = fine;
    Covered one;
    one.compilation = compile_sound(path, options.color, code);
    exit_code = graver(exit_code, code);
    if (!one.compilation) continue;
    const graph::Graph& graph = *one.compilation->graph();
    constexpr std::uint32_t main_file = 0;
    one.coverage = std::make_unique<testing::Coverage>(graph, one.compilation->sources(), main_file);
    // A module that only declares has nothing to cover.
    if (one.coverage->points().empty()) continue;
    one.file = {path, graph.dictionary.guideline.id, &one.compilation->sources(), main_file, one.coverage.get()};
    if (one.file.guideline.empty()) one.file.guideline = path;
    const driver::CaseSet set = driver::read_cases(*one.compilation, path);
    for (const auto& fault : set.unreadable) {
      write_error(fmt::format("aceso: {}: {}\n", printable(fault.path), fault.reason));
      exit_code = graver(exit_code, bad_input);
    }
    for (const driver::KeptCase& kept : set.cases) {
      ++one.file.cases;
      one.file.proposed += kept.is_proposed();
      for (const PatientCase& patient : kept.patients) {
        ++one.file.patients;
        one.coverage->record(patient, reference::evaluate(graph, patient));
      }
    }
    one.coverage->exclude_impossible();
    all.push_back(std::move(one));
  }
  progress.clear();
  std::vector<testing::CoveredFile> files;
  std::string text, too_low;
  for (const Covered& one : all) {
    files.push_back(one.file);
    if (options.is_text()) text += testing::coverage_text(one.file, options.lines) + "\n";
    const double percent = one.coverage->sums().percent();
    if (percent < options.at_least)
      too_low += fmt::format("aceso: {}: {} % is less than {} %\n", printable(one.file.path),
                             testing::percent_text(percent), testing::percent_text(options.at_least));
  }
  if (options.format == "json") text = testing::coverage_json(files);
  if (options.format == "html") text = testing::coverage_html(files);
  if (options.format == "lcov") text = testing::coverage_lcov(files);
  if (options.is_text() && files.empty()) text = "nothing that a case could cover\n";
  if (options.is_text() && text.ends_with("\n\n")) text.pop_back();
  if (options.output.empty()) {
    write_out(text);
  } else if (const std::string reason = driver::write_file(options.output, text); !reason.empty()) {
    write_error(fmt::format("aceso: {}: {}\n", printable(options.output), reason));
    exit_code = graver(exit_code, bad_input);
  }
  write_error(too_low);
  return too_low.empty() ? exit_code : graver(exit_code, findings);
}

} // namespace

void add_coverage(CLI::App& program, Action& action) {
  CLI::App* command =
      add_command(program, "coverage",
                  "tell what the cases of guidelines have not seen\n\n"
                  "Runs every `case` block and case file, and tells which rules never fired, which table rows no\n"
                  "patient matched, and which conditions were never yes, never no or never unknown. What no patient\n"
                  "can show is proved to be so and does not count. That a line was seen does not mean that a case\n"
                  "expects anything of it: `aceso mutate` asks that.",
                  R"(Examples:
  aceso coverage guidelines/lumbar_radiculopathy
  aceso coverage guidelines stdlib --at-least 90
  aceso coverage guidelines --format html -o coverage.html
  aceso coverage guidelines --format lcov -o coverage.info && genhtml coverage.info --branch-coverage -o report

Exit codes: 0 fine; 1 less than --at-least, or a file has errors; 2 bad use; 3 a file cannot be read or written;
            4 internal error.)");
  auto options = std::make_shared<Options>();
  command->add_option("PATH", options->paths, "a file, or a folder with .aceso files in or below it")
      ->required()
      ->option_text(" ");
  command->add_option("--at-least", options->at_least, "fail where a file reaches less than this")
      ->check(CLI::Range(0.0, 100.0))
      ->option_text("PERCENT");
  command->add_option("--lines", options->lines, "how many lines that lack something are quoted for each file; 40")
      ->option_text("N");
  add_format_option(*command, options->format, {"text", "json", "html", "lcov"});
  command->add_option("-o,--output", options->output, "write to this file instead of standard output")
      ->option_text("FILE");
  add_color_option(*command, options->color);
  command->callback([options, &action] { action = [options] { return coverage(*options); }; });
}

} // namespace aceso::command
