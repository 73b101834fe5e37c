#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "analyse/deep.h"
#include "command.h"
#include "diagnostics/diagnostic.h"
#include "driver/files.h"
#include "module/patient_case.h"

namespace aceso::command {
namespace {

struct Options {
  std::vector<std::string> paths;
  std::string format, save_cases;
  bool deep = false, strict = false;
  int steps = analyse::Budget{}.steps_per_question;
  double seconds = 0;
  ColorMode color = ColorMode::automatic;
};

/// The patient of a finding, indented under its message.
std::string patient_text(const analyse::Finding& finding) {
  if (!finding.witness) return {};
  std::string text = "  patient:";
  for (const std::string& fact : finding.witness->facts)
    text += fmt::format("\n    {}", fact);
  if (finding.witness->facts.empty()) text += " anybody";
  return text + "\n";
}

/// A module is seen once for itself and again with each file that uses it; its findings are told once.
class Findings {
public:
  explicit Findings(const Options& options) : options_(options) {}

  void add(const std::string& path, const Compilation& compilation) {
    if (!files_.empty()) files_ += ",";
    std::vector<diagnostics::Diagnostic> fresh;
    for (const diagnostics::Diagnostic& one : compilation.diagnostics())
      if (seen_.insert(diagnostics::render(one, compilation.sources())).second) fresh.push_back(one);
    count_them(fresh);
    // The compiler counts more errors than it keeps; those that are not shown count as well.
    const std::size_t kept = static_cast<std::size_t>(std::count_if(
        compilation.diagnostics().begin(), compilation.diagnostics().end(), [](const diagnostics::Diagnostic& one) {
          return diagnostics::info(one.kind).severity == diagnostics::Severity::error;
        }));
    if (compilation.error_count() > kept) errors += compilation.error_count() - kept;
    if (is_unreadable(compilation)) unreadable = true;
    if (options_.format == "json") {
      files_ += fmt::format("\n    {{\"file\": {}, \"diagnostics\": {}}}", json_text(path),
                            trimmed(diagnostics::render_json(fresh, compilation.sources())));
      return;
    }
    for (const diagnostics::Diagnostic& one : fresh)
      write_out(rendered(one, compilation));
    if (options_.deep && compilation.graph() && !compilation.graph()->dictionary.guideline.id.empty())
      add_deep(compilation);
  }

  void add_deep(const Compilation& compilation) {
    analyse::DeepOptions deep;
    deep.budget.steps_per_question = options_.steps;
    if (options_.seconds > 0)
      deep.budget.end = std::chrono::steady_clock::now() +
                        std::chrono::milliseconds(static_cast<std::int64_t>(options_.seconds * 1000));
    const analyse::DeepReport report = analyse::deep_check(*compilation.graph(), deep);
    for (const analyse::Finding& finding : report.findings) {
      count_them({finding.diagnostic});
      write_out(rendered(finding.diagnostic, compilation) + patient_text(finding));
    }
    for (const analyse::Question& question : report.questions)
      if (question.verdict == analyse::Verdict::undecided)
        write_out(fmt::format("undecided: {} ({})\n", question.subject, diagnostics::info(question.check).name));
    write_out(fmt::format("{}: {} proved, {} refuted, {} undecided; {} of the solver, {} tried\n",
                          compilation.graph()->dictionary.guideline.id, report.count(analyse::Verdict::proved),
                          report.count(analyse::Verdict::refuted), report.count(analyse::Verdict::undecided),
                          count(report.solver_questions, "question"), count(report.patients_tried, "patient")));
    undecided += report.count(analyse::Verdict::undecided);
  }
  [[nodiscard]] std::string rendered(const diagnostics::Diagnostic& one, const Compilation& compilation) const {
    std::string text = diagnostics::render(one, compilation.sources(),
                                           {.color = use_color(stdout, options_.color), .width = output_width()});
    if (!text.ends_with('\n')) text += '\n';
    return text;
  }

  void finish(std::size_t file_count) const {
    if (options_.format == "json")
      write_out(fmt::format("{{\n  \"files\": [{}\n  ],\n  \"errors\": {},\n  \"warnings\": {}\n}}\n", files_, errors,
                            warnings));
    else
      write_out(
          fmt::format("{}, {}, {}\n", count(file_count, "file"), count(errors, "error"), count(warnings, "warning")));
  }

  std::size_t errors = 0, warnings = 0, undecided = 0;
  bool unreadable = false;

private:
  void count_them(const std::vector<diagnostics::Diagnostic>& fresh) {
    for (const diagnostics::Diagnostic& one : fresh) {
      const diagnostics::Severity severity = diagnostics::info(one.kind).severity;
      errors += severity == diagnostics::Severity::error;
      warnings += severity == diagnostics::Severity::warning;
    }
  }
  static std::string trimmed(std::string json) {
    while (json.ends_with('\n'))
      json.pop_back();
    return json;
  }

  const Options& options_;
  std::string files_;
  std::unordered_set<std::string> seen_;
};

int check(const Options& options) {
  const driver::FoundFiles found = driver::find_guideline_files(options.paths);
  for (const auto& fault : found.faults)
    write_error(fmt::format("aceso: {}: {}\n", printable(fault.path), fault.reason));
  Findings findings_of_all(options);
  Progress progress("checking", found.paths.size());
  for (const std::string& path : found.paths) {
    progress.step(path);
    const Compilation compilation = compile_file(path);
    if (!compilation.diagnostics().empty()) progress.clear();
    findings_of_all.add(path, compilation);
  }
  progress.clear();
  findings_of_all.finish(found.paths.size());
  if (findings_of_all.unreadable || !found.faults.empty()) return bad_input;
  const bool is_clean = findings_of_all.errors + findings_of_all.warnings == 0;
  return is_clean && !(options.strict && findings_of_all.undecided != 0) ? fine : findings;
}

} // namespace

void add_check(CLI::App& program, Action& action) {
  CLI::App* command =
      add_command(program, "check",
                  "look for mistakes in guidelines and modules\n\n"
                  "Every mistake is shown with its place, its line and, where there is one, a mend. Of a\n"
                  "folder all .aceso files below it are checked, guidelines and modules alike.",
                  R"(Examples:
  aceso check guidelines/lumbar_radiculopathy
  aceso check --format json guidelines stdlib > findings.json

`aceso explain A0201` tells more about a finding.

Exit codes: 0 no findings; 1 errors or warnings; 2 bad use; 3 a file or folder cannot be read; 4 internal error.)");
  auto options = std::make_shared<Options>();
  command->add_option("PATH", options->paths, "a file, or a folder with .aceso files in or below it")
      ->required()
      ->option_text(" ");
  command->add_flag("--deep", options->deep, "prove things about all patients (docs/checks.md)");
  command->add_flag("--strict", options->strict, "fail also where something could not be decided");
  command->add_option("--steps", options->steps, "solver steps for each question")->option_text("N");
  command->add_option("--budget", options->seconds, "seconds for each guideline; none unless given")->option_text("S");
  add_format_option(*command, options->format, {"text", "json"});
  add_color_option(*command, options->color);
  command->callback([options, &action] { action = [options] { return check(*options); }; });
}

} // namespace aceso::command
