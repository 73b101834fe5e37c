#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "case_input.h"
#include "codegen/codegen.h"
#include "driver/files.h"
#include "explain/decision_text.h"
#include "interpret/engine.h"
#include "reference/engine.h"

namespace aceso::command {
namespace {

struct Options {
  std::string guideline;
  std::vector<std::string> cases;
  std::string at, format, engine, language;
  bool verbose = false;
  ColorMode color = ColorMode::automatic;
  [[nodiscard]] bool is_json() const { return format == "json"; }
};

void report_decision(const Options& options, const std::string& name, const Dictionary& dictionary,
                     const Decision& decision, bool is_first) {
  const bool is_one_of_several = options.cases.size() > 1;
  std::string out;
  if (options.is_json()) {
    out = decision_to_json(dictionary, decision, {.compact = is_one_of_several});
  } else {
    if (is_one_of_several) out = fmt::format("{}== {}\n", is_first ? "" : "\n", printable(name));
    out += decision_to_text(
        dictionary, decision,
        {.color = use_color(stdout, options.color), .width = output_width(), .verbose = options.verbose});
  }
  if (!out.ends_with('\n')) out += '\n';
  write_out(out);
}

/// False when the case gives no decision.
bool run_case(const Options& options, Engine& engine, const std::string& path, bool is_first) {
  const auto patient_case = read_case_file(engine.dictionary(), path, options.at, options.is_json());
  if (!patient_case) return false;
  const EngineAnswer answer = engine.evaluate(*patient_case);
  if (!answer.ok()) {
    report_case_faults(path, answer.faults, options.is_json());
    return false;
  }
  report_decision(options, path == "-" ? "standard input" : path, engine.dictionary(), answer.decision, is_first);
  return true;
}

CompileOptions options_for(const Options& options) {
  CompileOptions compile;
  compile.language = options.language;
  return compile;
}

/// An engine and what it needs to live. The file is a text of the language, or a module if it begins like one.
struct Runnable {
  std::unique_ptr<Compilation> compilation;
  std::unique_ptr<Engine> engine;
};

bool prepare_module(const Options& options, std::string_view bytes, Runnable& runnable, int& exit_code) {
  ModuleLoad loaded = load_module(bytes);
  if (loaded.ok() && !options.language.empty() && options.language != loaded.module->dictionary.guideline.language) {
    write_error(
        fmt::format("aceso: --lang: {}: a compiled guideline has its texts in one language; name the .aceso file\n",
                    printable(options.guideline)));
    exit_code = bad_use;
    return false;
  }
  if (loaded.ok() && options.engine != "reference") {
    runnable.engine = interpret::make_engine(std::move(loaded.module));
    return true;
  }
  const std::string reason = loaded.ok() ? "--engine reference needs the text of the guideline, and this is a module"
                                         : fmt::format("{}: {}", loaded.fault->id, loaded.fault->message);
  write_error(fmt::format("{}: {}\n", printable(options.guideline), printable(reason)));
  exit_code = loaded.ok() ? bad_use : bad_input;
  return false;
}

bool prepare(const Options& options, Runnable& runnable, int& exit_code) {
  const driver::ReadResult file = driver::read_file(options.guideline, most_module_bytes);
  if (file.ok() && is_module_file(options.guideline, file.text))
    return prepare_module(options, file.text, runnable, exit_code);
  runnable.compilation = compile_sound(options.guideline, options.color, exit_code, options_for(options));
  if (!runnable.compilation) return false;
  const graph::Graph& graph = *runnable.compilation->graph();
  if (!decides_something(graph.dictionary, options.guideline)) {
    exit_code = bad_input;
    return false;
  }
  if (options.engine == "reference") {
    runnable.engine = reference::make_engine(graph);
    return true;
  }
  const auto built = codegen::build(graph, nullptr);
  if (const auto* fault = std::get_if<ModuleFault>(&built)) {
    write_error(fmt::format("{}: {}: {}\n", printable(options.guideline), fault->id, printable(fault->message)));
    exit_code = findings;
    return false;
  }
  runnable.engine = interpret::make_engine(load_module(std::get<std::string>(built)).module);
  return true;
}

int run(const Options& options) {
  if (!is_instant_option(options.at)) return bad_use;
  if (std::count(options.cases.begin(), options.cases.end(), "-") > 1) {
    write_error("aceso: the standard input can be one case only\n");
    return bad_use;
  }
  int exit_code = fine;
  Runnable runnable;
  if (!prepare(options, runnable, exit_code)) return exit_code;
  Progress progress("running", options.cases.size());
  bool is_first = true;
  for (const std::string& path : options.cases) {
    progress.step(path);
    progress.clear();
    if (!run_case(options, *runnable.engine, path, is_first)) {
      exit_code = bad_input;
      if (options.is_json() && options.cases.size() > 1) write_out("null\n"); // each line is that of its case
    }
    is_first = false;
  }
  return exit_code;
}

} // namespace

void add_run(CLI::App& program, Action& action) {
  CLI::App* command =
      add_command(program, "run",
                  "ask a guideline about patients\n\n"
                  "Prints the decision for each case file: what is advised and why, what is missing, where the\n"
                  "patient stands. With --format json one case gives indented JSON, several give one line each,\n"
                  "in their order.\n"
                  "A faulty case gives no decision (in JSON, one of several gives null); all its faults go to\n"
                  "standard error, the other cases are run.",
                  R"(Examples:
  aceso run back_pain.aceso cases/first.json
  aceso run back_pain.aceso - --format json < case.json
  aceso run back_pain.aceso cases/*.json --at 2026-11-22T10:00:00Z
  aceso run back_pain.aceso cases/first.json --lang de

A case file: {"now": "2026-11-22T10:00:00Z", "inputs": {"fever": true, "temperature": {"value": 38.6, "unit": "Cel"}}}
An input that is left out is unknown, which is not the same as no.

Exit codes: 0 fine; 1 the guideline has errors; 2 bad use; 3 a file cannot be read or a case is faulty;
            4 internal error.)");
  auto options = std::make_shared<Options>();
  command
      ->add_option("GUIDELINE", options->guideline,
                   "the .aceso file of the guideline, or what `aceso build` made of it")
      ->required()
      ->option_text(" ");
  command->add_option("CASE", options->cases, "case files (JSON); - is the standard input")
      ->required()
      ->option_text(" ");
  command->add_option("--at", options->at, "decide as of this instant instead of the \"now\" of the case")
      ->option_text("INSTANT");
  add_language_option(*command, options->language);
  add_format_option(*command, options->format, {"text", "json"});
  command
      ->add_option("--engine", options->engine,
                   "what decides: the virtual machine, vm, unless said otherwise; or the slow, plain reference")
      ->check([](const std::string& word) {
        return word == "vm" || word == "reference" ? std::string{} : word + " is none of vm, reference";
      })
      ->option_text("vm|reference");
  command->add_flag("--verbose", options->verbose, "text: also what is not advised, and all derived values");
  add_color_option(*command, options->color);
  command->callback([options, &action] { action = [options] { return run(*options); }; });
}

} // namespace aceso::command
