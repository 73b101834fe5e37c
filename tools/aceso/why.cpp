#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "case_input.h"
#include "diagnostics/diagnostic.h"
#include "engines.h"
#include "explain/explanation.h"
#include "interpret/engine.h"

namespace aceso::command {
namespace {

struct Options {
  std::string guideline, patient, action, at, format;
  bool why_not = false;
  unsigned largest_set = 3;
  ColorMode color = ColorMode::automatic;
  [[nodiscard]] bool is_json() const { return format == "json"; }
};

/// The action of this name, or nothing after a message that proposes the nearest.
std::optional<ActionId> find_action(const Dictionary& dictionary, const std::string& name) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < dictionary.actions.size(); ++i) {
    if (dictionary.actions[i].name == name) return ActionId(i);
    names.push_back(dictionary.actions[i].name);
  }
  const std::string near = diagnostics::nearest(name, names);
  std::string message = fmt::format("aceso: {} has no action {}", dictionary.guideline.id, printable(name));
  if (!near.empty()) message += "; did you mean " + near + "?";
  message += "\nIts actions: ";
  for (std::size_t i = 0; i < names.size(); ++i)
    message += (i == 0 ? "" : ", ") + names[i];
  write_error(message + "\n");
  return std::nullopt;
}

int why(const Options& options) {
  if (!is_instant_option(options.at)) return bad_use;
  if (options.why_not && options.action.empty()) {
    write_error("aceso: --not needs an action to ask about\n");
    return bad_use;
  }
  int exit_code = fine;
  const auto module = load_explainable(options.guideline, options.color, exit_code);
  if (!module) return exit_code;
  const Dictionary& dictionary = module->dictionary;
  ExplainOptions asked;
  asked.why_not = options.why_not;
  asked.largest_set = options.largest_set;
  if (!options.action.empty()) {
    asked.action = find_action(dictionary, options.action);
    if (!asked.action) return bad_use;
  }
  const auto patient_case = read_case_file(dictionary, options.patient, options.at, options.is_json());
  if (!patient_case) return bad_input;
  const auto engine = interpret::make_engine(module);
  const ExplainResult result = explain(*engine, *patient_case, asked);
  if (!result.faults.empty()) {
    report_case_faults(options.patient, result.faults, options.is_json());
    return bad_input;
  }
  write_out(options.is_json()
                ? explanation_to_json(dictionary, result.explanation)
                : explanation_to_text(dictionary, *patient_case, result.explanation,
                                      {.color = use_color(stdout, options.color), .width = output_width()}));
  return fine;
}

} // namespace

void add_why(CLI::App& program, Action& action) {
  CLI::App* command = add_command(
      program, "why",
      "tell why a decision is as it is, what is missing, what would change it\n\n"
      "With an action: the facts that are enough for its outcome, the rules with their citations, what was\n"
      "overridden and by what, the answers that would settle it, and the smallest change that would\n"
      "turn it. Without one: the same in brief for all that is advised, in conflict or undecided,\n"
      "and why the patient stands in the present stage.",
      R"(Examples:
  aceso why back_pain.aceso cases/first.json
  aceso why back_pain.aceso cases/first.json further_tests
  aceso why back_pain.aceso cases/first.json further_tests --not
  aceso why back_pain.aceso - further_tests --format json < case.json

Exit codes: 0 fine; 1 the guideline has errors; 2 bad use, also an unknown action; 3 a file cannot be read or
            the case is faulty; 4 internal error.)");
  auto options = std::make_shared<Options>();
  command
      ->add_option("GUIDELINE", options->guideline,
                   "the .aceso file of the guideline, or what `aceso build` made of it")
      ->required()
      ->option_text(" ");
  command->add_option("CASE", options->patient, "the case file (JSON); - is the standard input")
      ->required()
      ->option_text(" ");
  command->add_option("ACTION", options->action, "the action to explain; all of them in brief without it")
      ->option_text(" ");
  command->add_flag("--not", options->why_not, "also, rule by rule, what keeps the rules for the action from firing");
  command->add_option("--at", options->at, "decide as of this instant instead of the \"now\" of the case")
      ->option_text("INSTANT");
  command
      ->add_option("--up-to", options->largest_set,
                   "how many missing answers or changed facts to try together; 3 unless said otherwise")
      ->check(CLI::Range(1, 6))
      ->option_text("N");
  add_format_option(*command, options->format, {"text", "json"});
  add_color_option(*command, options->color);
  command->callback([options, &action] { action = [options] { return why(*options); }; });
}

} // namespace aceso::command
