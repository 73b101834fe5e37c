#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "analyse/deep.h"
#include "diagnostics/diagnostic.h"
#include "engines.h"
#include "proofs.h"

namespace aceso::command {
namespace {

using analyse::Verdict;
using Json = nlohmann::ordered_json;

struct Options : ProofOptions {
  std::string guideline;
  std::vector<std::string> properties;
};

/// What was found out about one `whenever`, `never` or `stage only after`.
struct Answer {
  const graph::PropertyStatement* statement = nullptr;
  Verdict verdict = Verdict::undecided;
  const analyse::Finding* finding = nullptr;
};

std::vector<std::string> names_of_properties(const graph::Graph& graph) {
  std::vector<std::string> names;
  for (const graph::Property& property : graph.properties)
    names.push_back(property.name);
  return names;
}

bool know_all_names(const Options& options, const std::vector<std::string>& known) {
  bool all = true;
  for (const std::string& name : options.properties) {
    if (std::count(known.begin(), known.end(), name) != 0) continue;
    const std::string near = diagnostics::nearest(name, known);
    write_error(fmt::format("aceso: {} has no property {}{}\n", printable(options.guideline), printable(name),
                            near.empty() ? "" : "; did you mean " + near + "?"));
    all = false;
  }
  return all;
}

std::vector<Answer> answers_about(const graph::Property& property, const analyse::DeepReport& report) {
  std::vector<Answer> answers;
  for (std::size_t s = 0; s < property.statements.size(); ++s) {
    const std::string subject = property.statements.size() == 1
                                    ? "property " + property.name
                                    : fmt::format("statement {} of property {}", s + 1, property.name);
    Answer answer{&property.statements[s], Verdict::undecided, nullptr};
    for (const analyse::Question& question : report.questions)
      if (question.subject == subject) answer.verdict = question.verdict;
    for (const analyse::Finding& finding : report.findings)
      if (finding.subject == subject && answer.verdict == Verdict::refuted) answer.finding = &finding;
    answers.push_back(answer);
  }
  return answers;
}

Verdict worst(const std::vector<Answer>& answers) {
  const auto has = [&](Verdict verdict) {
    return std::any_of(answers.begin(), answers.end(), [&](const Answer& a) { return a.verdict == verdict; });
  };
  return has(Verdict::refuted) ? Verdict::refuted : has(Verdict::undecided) ? Verdict::undecided : Verdict::proved;
}

std::string as_text(const Options& options, const Compilation& compilation, const graph::Property& property,
                    const std::vector<Answer>& answers) {
  std::string text =
      fmt::format("{}: {} ({})\n", property.name, to_text(worst(answers)), place_text(compilation, property.span));
  for (const Answer& answer : answers) {
    const std::string verdict = answers.size() == 1 ? std::string() : fmt::format("{}: ", to_text(answer.verdict));
    text += fmt::format("  {}{}\n", verdict, answer.statement->text);
    if (answer.verdict == Verdict::undecided) text += fmt::format("    not settled with {}\n", options.budget_text());
    if (!answer.finding) continue;
    if (answer.finding->witness) text += patient_text(answer.finding->witness->facts, "    ");
    for (const auto& note : answer.finding->diagnostic.notes)
      text += fmt::format("    {} ({})\n", note.message, place_text(compilation, note.span));
  }
  return text;
}

Json as_json(const Compilation& compilation, const graph::Property& property, const std::vector<Answer>& answers) {
  Json statements = Json::array();
  for (const Answer& answer : answers) {
    Json one{{"text", answer.statement->text}, {"verdict", to_text(answer.verdict)}};
    if (answer.finding && answer.finding->witness) {
      one["patient"] = answer.finding->witness->facts;
      one["case"] = case_json(compilation, answer.finding->witness->patient);
    }
    statements.push_back(std::move(one));
  }
  return {{"name", property.name}, {"verdict", to_text(worst(answers))}, {"statements", std::move(statements)}};
}

int prove(const Options& options) {
  int exit_code = fine;
  const auto compilation = compile_guideline(options.guideline, options.color, exit_code);
  if (!compilation) return exit_code;
  const graph::Graph& graph = *compilation->graph();
  const std::vector<std::string> known = names_of_properties(graph);
  if (!know_all_names(options, known)) return bad_use;

  analyse::DeepOptions deep;
  deep.budget = options.budget();
  deep.only_properties = options.properties.empty() ? known : options.properties;
  deep.make_engine = [&] { return make_machine(graph); };
  const analyse::DeepReport report = known.empty() ? analyse::DeepReport{} : analyse::deep_check(graph, deep);
  Json properties = Json::array();
  std::size_t counts[3] = {0, 0, 0};
  for (const graph::Property& property : graph.properties) {
    if (std::count(deep.only_properties.begin(), deep.only_properties.end(), property.name) == 0) continue;
    const std::vector<Answer> answers = answers_about(property, report);
    ++counts[static_cast<std::size_t>(worst(answers))];
    for (std::size_t s = 0; s < answers.size(); ++s) {
      if (!answers[s].finding || !answers[s].finding->witness) continue;
      const std::string name = answers.size() == 1 ? property.name : fmt::format("{}_{}", property.name, s + 1);
      if (!save_case(options, *compilation, answers[s].finding->witness->patient, "property_" + name))
        exit_code = bad_input;
    }
    if (options.is_json())
      properties.push_back(as_json(*compilation, property, answers));
    else
      write_out(as_text(options, *compilation, property, answers));
  }
  const auto [proved, refuted, undecided] = counts;
  if (options.is_json()) {
    const Json whole{{"guideline", graph.dictionary.guideline.id},
                     {"properties", std::move(properties)},
                     {"proved", proved},
                     {"refuted", refuted},
                     {"undecided", undecided},
                     {"budget", {{"steps", options.steps}, {"seconds", options.seconds}}}};
    write_out(whole.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
  } else {
    write_out(fmt::format(
        "{}: {} proved, {} refuted, {} undecided\n",
        proved + refuted + undecided == 1 ? "1 property" : fmt::format("{} properties", proved + refuted + undecided),
        proved, refuted, undecided));
  }
  const bool failed = refuted != 0 || (options.strict && undecided != 0);
  return graver(exit_code, failed ? findings : fine);
}

} // namespace

void add_prove(CLI::App& program, Action& action) {
  CLI::App* command =
      add_command(program, "prove",
                  "prove the properties of a guideline, or show who breaks them\n\n"
                  "Each `property` is asked about all patients there are. It is proved, or refuted with the\n"
                  "smallest patient that breaks it, or undecided where the budget did not suffice.",
                  R"(Examples:
  aceso prove back_pain.aceso
  aceso prove back_pain.aceso no_imaging_without_red_flag --save-cases counterexamples

Exit codes: 0 all proved; 1 one is refuted, or with --strict undecided, or the guideline has errors;
            2 bad use, for instance a property that does not exist; 3 a file cannot be read or written;
            4 internal error.)");
  auto options = std::make_shared<Options>();
  command->add_option("GUIDELINE", options->guideline, "the .aceso file of the guideline")
      ->required()
      ->option_text(" ");
  command->add_option("PROPERTY", options->properties, "names of properties; all unless given")->option_text(" ");
  add_proof_options(*command, *options);
  command->callback([options, &action] { action = [options] { return prove(*options); }; });
}

} // namespace aceso::command
