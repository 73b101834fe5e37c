/// Decides one patient over and over: what run_instructions.py counts the instructions of.
///   count_decide MODULE CASE slots|set|outcomes|json|load TIMES
/// slots: `evaluate` of facts that stand in the evaluator. set: all facts are set anew before it. outcomes: by
/// look-ups, as on processors that do not gather bits in one instruction. json: from the text
/// of the case to the text of the decision, as `aceso_read_case`, `aceso_evaluate` and `aceso_decision_json` do it with
/// an evaluator that is kept. load: reads and verifies the module.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "explain/decision_text.h"
#include "interpret/engine.h"
#include "interpret/evaluator.h"
#include "lookup/lookup_machine.h"

namespace {

using namespace aceso;

std::string read_file(const char* path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// What the case says at its instant and before, as facts of the present.
std::vector<std::pair<InputId, Value>> facts_of(const PatientCase& patient_case) {
  std::vector<std::pair<InputId, Value>> facts;
  for (const Event& event : patient_case.events)
    for (const Fact& fact : event.facts)
      facts.emplace_back(fact.input, fact.value);
  for (const Fact& fact : patient_case.facts)
    facts.emplace_back(fact.input, fact.value);
  return facts;
}

} // namespace

int main(int count, char** arguments) {
  if (count != 5) return 2;
  const std::string bytes = read_file(arguments[1]), text = read_file(arguments[2]), what = arguments[3];
  const int times = std::atoi(arguments[4]);
  const auto loaded = load_module(bytes);
  if (!loaded.ok()) return 3;
  const Dictionary& names = loaded.module->dictionary;
  const PatientCase patient_case = read_case(names, text).patient_case;
  const auto facts = facts_of(patient_case);
  interpret::Evaluator evaluator(loaded.module);
  DecisionJson writer(names);
  std::size_t done = 0;
  const auto set_all = [&] {
    evaluator.clear();
    for (const auto& [input, value] : facts)
      if (!evaluator.set(input, value)) std::exit(3);
  };
  set_all();
  const auto finder = what == "outcomes" ? lookup::make_finder(loaded.module, false).finder : nullptr;
  interpret::Outcomes outcomes;
  if (finder) finder->prepare(outcomes);
  for (int i = 0; i < times; ++i) {
    if (what == "set") set_all();
    if (what == "slots" || what == "set") done += static_cast<std::size_t>(evaluator.evaluate(patient_case.now));
    if (finder)
      done += static_cast<std::size_t>(
          finder->find(*evaluator.present_facts(), patient_case.now.instant.seconds, outcomes));
    if (what == "json") {
      const CaseReadResult read = read_case(names, text);
      interpret::state(evaluator, read.patient_case);
      if (!evaluator.evaluate(read.patient_case.now, read.patient_case.zone())) return 3;
      done += static_cast<std::size_t>(!writer.write(evaluator.decision()).empty());
    }
    if (what == "load") done += static_cast<std::size_t>(load_module(bytes).ok());
  }
  std::printf("%zu\n", done);
  return done == static_cast<std::size_t>(times) ? 0 : 1;
}
