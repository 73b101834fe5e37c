#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "analyse/deep.h"
#include "command.h"
#include "diagnostics/diagnostic.h"
#include "diagnostics/machine_formats.h"
#include "driver/accepted.h"
#include "driver/files.h"
#include "driver/unused.h"
#include "driver/witness_cases.h"
#include "engines.h"
#include "in_order.h"

namespace aceso::command {
namespace {

using analyse::Finding;
using analyse::Verdict;

struct Options {
  std::vector<std::string> paths;
  std::string format, save_cases, certificates, accepted;
  bool deep = false, strict = false;
  int steps = analyse::Budget{}.steps_per_question;
  unsigned jobs = 0;
  double seconds = 0;
  ColorMode color = ColorMode::automatic;
  [[nodiscard]] bool is_text() const { return format == "text"; }
};

/// The patient of a finding, indented under its message.
std::string patient_text(const Finding& finding) {
  if (!finding.witness) return {};
  std::string text = "  patient:";
  for (const std::string& fact : finding.witness->facts)
    text += fmt::format("\n    {}", fact);
  if (finding.witness->facts.empty()) text += " anybody";
  return text;
}

std::string patient_json(const graph::Graph& graph, const Finding& finding, const std::string& saved) {
  if (!finding.witness) return "null";
  std::string facts;
  for (const std::string& fact : finding.witness->facts)
    facts += fmt::format("{}{}", facts.empty() ? "" : ",", json_text(fact));
  return fmt::format(R"({{"facts":[{}],"case":{},"saved":{}}})", facts, driver::case_file(graph, finding),
                     saved.empty() ? "null" : json_text(saved));
}

/// One file, and what all its patients together can show.
struct Checked {
  Compilation compilation;
  std::vector<diagnostics::Diagnostic> unused;
  std::optional<analyse::DeepReport> report; ///< with --deep, where the file has no errors
  std::string not_saved;                     ///< why there are no certificates
};

void look_deeply(const std::string& path, const Options& options, Checked& checked) {
  const graph::Graph& graph = *checked.compilation.graph();
  checked.unused = driver::find_unused(checked.compilation);
  analyse::DeepOptions deep;
  deep.budget.steps_per_question = options.steps;
  if (options.seconds > 0)
    deep.budget.end =
        std::chrono::steady_clock::now() + std::chrono::milliseconds(static_cast<std::int64_t>(options.seconds * 1000));
  deep.make_engine = [&] { return make_machine(graph); };
  if (!options.certificates.empty()) {
    const std::filesystem::path folder(options.certificates);
    std::error_code fault;
    std::filesystem::create_directories(folder, fault);
    if (fault) checked.not_saved = fmt::format("{}: {}", options.certificates, fault.message());
    deep.certificates = (folder / std::filesystem::path(path).stem()).string();
  }
  checked.report = analyse::deep_check(graph, deep);
  if (!checked.report->not_certified.empty() && checked.not_saved.empty())
    checked.not_saved = checked.report->not_certified + ": no certificate";
}

Checked check_file(const std::string& path, const Options& options) {
  CompileOptions compile;
  compile.describes = false;
  Checked checked{compile_file(path, compile), {}, {}, {}};
  if (options.deep && checked.compilation.graph()) look_deeply(path, options, checked);
  return checked;
}

/// A module is seen once for itself and again with each file that uses it; its findings are told once.
class Findings {
public:
  Findings(const Options& options, Progress& progress, driver::AcceptedFindings accepted)
      : options_(options), progress_(progress), accepted_(std::move(accepted)) {}

  void add(const std::string& path, const Checked& checked) {
    const Compilation& compilation = checked.compilation;
    path_ = path;
    meaning_.clear();
    if (checked.report) {
      if (!options_.accepted.empty() || options_.format == "json") meaning_ = meaning_of(path);
      for (std::uint32_t i = 0; i < compilation.sources().size(); ++i) // what is shown in its modules as well
        accepted_.note_file(compilation.sources()[i].path());
    }
    objects_.clear();
    for (const diagnostics::Diagnostic& one : compilation.diagnostics())
      tell(one, compilation);
    // The compiler counts more errors than it keeps; those that are not shown count as well.
    const std::size_t kept = static_cast<std::size_t>(std::count_if(
        compilation.diagnostics().begin(), compilation.diagnostics().end(), [](const diagnostics::Diagnostic& one) {
          return diagnostics::info(one.kind).severity == diagnostics::Severity::error;
        }));
    if (compilation.error_count() > kept) errors += compilation.error_count() - kept;
    if (is_unreadable(compilation)) unreadable = true;
    std::string proofs;
    if (checked.report) proofs = tell_of_all_patients(path, checked);
    if (not_saved.empty()) not_saved = checked.not_saved;
    if (options_.format != "json") return;
    const std::string meaning = meaning_.empty() ? "" : fmt::format(R"(, "meaning": {})", json_text(meaning_));
    files_ += fmt::format("{}\n    {{\"file\": {}, \"diagnostics\": [{}{}]{}{}}}", files_.empty() ? "" : ",",
                          json_text(path), objects_, objects_.empty() ? "" : "\n", meaning, proofs);
  }

  void finish(std::size_t file_count) {
    objects_.clear();
    meaning_.clear();
    for (const diagnostics::Diagnostic& one : accepted_.complaints())
      tell(one, accepted_.sources());
    const bool has_list = !options_.accepted.empty();
    if (!objects_.empty())
      files_ += fmt::format("{}\n    {{\"file\": {}, \"diagnostics\": [{}\n]}}", files_.empty() ? "" : ",",
                            json_text(options_.accepted), objects_);
    if (options_.format == "json")
      write_out(fmt::format("{{\n  \"files\": [{}\n  ],\n  \"errors\": {},\n  \"warnings\": {}{}\n}}\n", files_, errors,
                            warnings, has_list ? fmt::format(",\n  \"accepted\": {}", accepted) : ""));
    else if (options_.format == "sarif")
      write_out(sarif_.text(!unreadable));
    else
      write_out(fmt::format("{}, {}, {}{}\n", count(file_count, "file"), count(errors, "error"),
                            count(warnings, "warning"), has_list ? fmt::format(", {} accepted", accepted) : ""));
  }

  std::size_t errors = 0, warnings = 0, undecided = 0, accepted = 0;
  bool unreadable = false;
  std::string not_saved; ///< why a case could not be written

private:
  /// Gives the member "proofs" of the JSON of the file.
  std::string tell_of_all_patients(const std::string& path, const Checked& checked) {
    const Compilation& compilation = checked.compilation;
    const analyse::DeepReport& report = *checked.report;
    for (const diagnostics::Diagnostic& one : checked.unused)
      tell(one, compilation);
    undecided += report.count(Verdict::undecided);
    const std::vector<std::string> saved = save(path, *compilation.graph(), report.findings);
    for (std::size_t i = 0; i < report.findings.size(); ++i)
      tell(report.findings[i].diagnostic, compilation, &report.findings[i], saved[i]);
    if (options_.is_text() && !report.questions.empty())
      say(fmt::format("{}: {} about all patients: {} proved, {} with a finding, {} undecided\n", printable(path),
                      count(report.questions.size(), "question"), report.count(Verdict::proved),
                      report.count(Verdict::refuted), report.count(Verdict::undecided)));
    std::string questions;
    for (const analyse::Question& question : report.questions)
      questions +=
          fmt::format(R"({}{{"check":"{}","subject":{},"verdict":"{}"}})", questions.empty() ? "\n" : ",\n",
                      diagnostics::info(question.check).name, json_text(question.subject), to_text(question.verdict));
    return fmt::format(R"(, "proofs": {{"solver_questions": {}, "patients_tried": {}, "questions": [{}]}})",
                       report.solver_questions, report.patients_tried, questions);
  }

  /// Writes the patients of the findings; gives the path for each finding, empty where there is none.
  std::vector<std::string> save(const std::string& path, const graph::Graph& graph,
                                const std::vector<Finding>& findings) {
    std::vector<std::string> saved(findings.size());
    if (options_.save_cases.empty()) return saved;
    const std::filesystem::path folder(options_.save_cases);
    const std::string stem = std::filesystem::path(path).stem().string();
    std::error_code fault;
    std::filesystem::create_directories(folder, fault);
    if (fault) {
      not_saved = fmt::format("{}: {}", options_.save_cases, fault.message());
      return saved;
    }
    const auto write = [&](const std::string& name, const std::string& text) {
      std::string place = (folder / name).string();
      const std::string reason = driver::write_file(place, text);
      if (!reason.empty()) not_saved = fmt::format("{}: {}", place, reason);
      return place;
    };
    const std::vector<std::string> names = driver::case_names(findings);
    std::string blocks;
    for (std::size_t i = 0; i < findings.size(); ++i) {
      if (names[i].empty()) continue;
      saved[i] = write(fmt::format("{}-{}.json", stem, names[i]), driver::case_file(graph, findings[i]));
      const std::string block = driver::case_block(graph, findings[i]);
      if (!block.empty()) blocks += (blocks.empty() ? "" : "\n") + block;
    }
    if (!blocks.empty()) static_cast<void>(write(stem + "-case-blocks.txt", blocks));
    return saved;
  }

  void tell(const diagnostics::Diagnostic& one, const Compilation& compilation, const Finding* finding = nullptr,
            const std::string& saved = {}) {
    tell(one, compilation.sources(), finding, saved, compilation.graph().get());
  }
  void tell(const diagnostics::Diagnostic& one, const source::SourceSet& sources, const Finding* finding = nullptr,
            const std::string& saved = {}, const graph::Graph* graph = nullptr) {
    std::string text = diagnostics::render(one, sources);
    if (finding) text += finding->subject;
    if (!seen_.insert(std::move(text)).second) return;
    const std::string* const because = accepted_because(one, sources, finding ? finding->subject : "");
    const diagnostics::Severity severity = diagnostics::info(one.kind).severity;
    if (because != nullptr) {
      ++accepted;
      undecided -= one.kind == diagnostics::Kind::undecided && undecided > 0;
    } else {
      errors += severity == diagnostics::Severity::error;
      warnings += severity == diagnostics::Severity::warning;
    }
    const std::string patient = finding ? patient_text(*finding) : "";
    if (options_.format == "json") {
      objects_ += objects_.empty() ? "\n" : ",\n";
      objects_ += diagnostics::json_object(one, sources, members_of(finding, saved, graph, because));
    } else if (options_.format == "sarif") {
      sarif_.add(one, sources, finding ? finding->subject : "", patient, because);
    } else if (because != nullptr) {
      const source::SourceFile& file = sources[one.span.is_valid() ? one.span.file : 0];
      const source::Place place = file.place(one.span.is_valid() ? one.span.begin : 0);
      std::string shown = fmt::format("{}:{}:{}: accepted {}: {}\n", printable(file.path()), place.line, place.column,
                                      diagnostics::info(one.kind).id, printable(one.message));
      for (const diagnostics::Note& note : one.notes)
        shown += fmt::format("  {}\n", printable(note.message));
      say(shown + fmt::format("  because: {}\n", printable(*because)));
    } else {
      std::string shown =
          diagnostics::render(one, sources, {.color = use_color(stdout, options_.color), .width = output_width()});
      if (!shown.ends_with('\n')) shown += '\n';
      if (!patient.empty()) shown += patient + '\n';
      if (!saved.empty())
        shown += fmt::format("  replay:\n    aceso run {} {}\n", printable(sources[0].path()), printable(saved));
      say(shown);
    }
  }

  /// The hash of a file's decision graph; a module has one of its own, whichever guideline uses it.
  const std::string& meaning_of(const std::string& path) {
    const auto [found, is_new] = meanings_.try_emplace(path);
    if (is_new) { // what checks are made of is not the whole graph
      const Compilation whole = compile_file(path);
      found->second = whole.graph() ? whole.graph()->dictionary.guideline.hash : meaning_;
    }
    return found->second;
  }
  const std::string* accepted_because(const diagnostics::Diagnostic& one, const source::SourceSet& sources,
                                      std::string_view subject) {
    if (options_.accepted.empty() || meaning_.empty()) return nullptr;
    const std::string& shown_in = one.span.is_valid() ? sources[one.span.file].path() : path_;
    return accepted_.because({path_, shown_in, meaning_of(shown_in)}, one, subject);
  }

  static std::string members_of(const Finding* finding, const std::string& saved, const graph::Graph* graph,
                                const std::string* because) {
    std::string members;
    if (finding)
      members = fmt::format(R"("subject":{},"patient":{})", json_text(finding->subject),
                            patient_json(*graph, *finding, saved));
    if (because != nullptr)
      members += fmt::format(R"({}"accepted_because":{})", members.empty() ? "" : ",", json_text(*because));
    return members;
  }

  void say(const std::string& text) {
    progress_.clear();
    write_out(text);
  }

  const Options& options_;
  Progress& progress_;
  driver::AcceptedFindings accepted_;
  std::string path_, meaning_;                            ///< of the file that is told about
  std::unordered_map<std::string, std::string> meanings_; ///< by path
  std::string files_, objects_;
  diagnostics::SarifLog sarif_{version()};
  std::unordered_set<std::string> seen_;
};

int check(const Options& options) {
  const driver::FoundFiles found = driver::find_guideline_files(options.paths);
  for (const auto& fault : found.faults)
    write_error(fmt::format("aceso: {}: {}\n", printable(fault.path), fault.reason));
  driver::AcceptedFindings accepted;
  if (!options.accepted.empty()) {
    constexpr std::size_t most_bytes = 16u << 20;
    driver::ReadResult read = driver::read_file(options.accepted, most_bytes);
    if (!read.ok()) {
      write_error(fmt::format("aceso: {}: {}\n", printable(options.accepted), read.reason));
      return bad_input;
    }
    accepted = driver::AcceptedFindings(options.accepted, std::move(read.text));
  }
  Progress progress("checking", found.paths.size());
  Findings findings_of_all(options, progress, std::move(accepted));
  InOrder made(found.paths.size(), options.jobs, [&](std::size_t i) { return check_file(found.paths[i], options); });
  for (std::size_t i = 0; i + 1 < found.paths.size(); ++i) {
    progress.step(found.paths[i]);
    findings_of_all.add(found.paths[i], made.next());
  }
  if (!found.paths.empty()) {
    progress.step(found.paths.back());
    static const Checked* const last = new Checked(made.next()); // the system frees it, and faster than we do
    findings_of_all.add(found.paths.back(), *last);
  }
  progress.clear();
  findings_of_all.finish(found.paths.size());
  if (!findings_of_all.not_saved.empty())
    write_error(
        fmt::format("aceso: a case or a certificate could not be written: {}\n", printable(findings_of_all.not_saved)));
  if (findings_of_all.unreadable || !found.faults.empty() || !findings_of_all.not_saved.empty()) return bad_input;
  const bool is_clean = findings_of_all.errors + findings_of_all.warnings == 0;
  return is_clean && !(options.strict && findings_of_all.undecided != 0) ? fine : findings;
}

} // namespace

void add_check(CLI::App& program, Action& action) {
  CLI::App* command =
      add_command(program, "check",
                  "look for mistakes in guidelines and modules\n\n"
                  "Every mistake is shown with its place, its line and, where there is one, a mend. Of a\n"
                  "folder all .aceso files below it are checked, guidelines and modules alike.\n\n"
                  "With --deep, questions about all patients are answered as well: each answer is a proof,\n"
                  "a patient that shows the finding, or \"undecided\".",
                  R"(Examples:
  aceso check guidelines/lumbar_radiculopathy
  aceso check --deep --strict guidelines
  aceso check --deep --strict --accepted accepted_findings.json guidelines
  aceso check --deep --save-cases found guidelines/lumbar_radiculopathy
  aceso check --format json guidelines stdlib > findings.json

`aceso explain A0201` tells more about a finding.

Exit codes: 0 no findings; 1 errors or warnings; 2 bad use; 3 a file or folder cannot be read, or a case or a
certificate cannot be written; 4 internal error.)");
  auto options = std::make_shared<Options>();
  command->add_option("PATH", options->paths, "a file, or a folder with .aceso files in or below it")
      ->required()
      ->option_text(" ");
  command->add_flag("--deep", options->deep, "prove things about all patients");
  CLI::Option* deep = command->get_option("--deep");
  command->add_flag("--strict", options->strict, "fail also where something stays undecided")->needs(deep);
  command->add_option("--steps", options->steps, "what each question may cost, in steps of the solver")
      ->option_text("N")
      ->check(not_below_zero)
      ->needs(deep);
  command->add_option("--budget", options->seconds, "seconds for each file; without it results never depend on time")
      ->option_text("S")
      ->check(above_zero)
      ->needs(deep);
  command->add_option("--save-cases", options->save_cases, "write each patient found as a case into this folder")
      ->option_text("DIR")
      ->needs(deep);
  command->add_option("--certificates", options->certificates, "write a certificate of each proof into this folder")
      ->option_text("DIR")
      ->needs(deep);
  command->add_option("--accepted", options->accepted, "findings that somebody answers for, with the reasons (JSON)")
      ->option_text("FILE")
      ->needs(deep);
  add_jobs_option(*command, options->jobs,
                  "files at once; one for each core unless said otherwise; results keep their order");
  add_format_option(*command, options->format, {"text", "json", "sarif"});
  add_color_option(*command, options->color);
  command->callback([options, &action] { action = [options] { return check(*options); }; });
}

} // namespace aceso::command
