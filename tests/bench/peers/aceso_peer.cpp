/// Aceso as the other peers are asked: aceso_peer vm|outcomes|batch GUIDELINE.aceso SOURCES.json PATIENTS.json SECONDS
/// prints what js/peers.mjs prints. One thread. For `vm` all facts of a patient are set anew for each decision; `batch`
/// decides a table of a million rows made of the same patients. What is decided is read in both.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <variant>

#include <nlohmann/json.hpp>

#include "aceso/compiler.h"
#include "batch/batch.h"
#include "codegen/codegen.h"
#include "graph/graph.h"
#include "interpret/evaluator.h"
#include "lookup/lookup_machine.h"
#include "module/module.h"
#include "module/patient_case.h"

namespace {

using namespace aceso;
using nlohmann::json;

constexpr const char* now_text = "2026-11-22T10:00:00Z";

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  if (!file) {
    std::fprintf(stderr, "cannot read %s\n", path.c_str());
    std::exit(3);
  }
  return text.str();
}

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

struct Patient {
  PatientCase facts;
};

/// What is asked of a decision: a side of an action, or a value.
struct Question {
  bool is_action = false, is_for = true;
  std::size_t index = 0;
};

template <class List>
std::size_t named(const List& list, std::string_view name) {
  for (std::size_t i = 0; i < list.size(); ++i)
    if (list[i].name == name) return i;
  std::fprintf(stderr, "the guideline has no %s\n", std::string(name).c_str());
  std::exit(3);
}

std::vector<Question> questions(const Dictionary& names, const json& outputs) {
  std::vector<Question> result;
  for (const std::string name : outputs) {
    if (name.starts_with("for_"))
      result.push_back({true, true, named(names.actions, name.substr(4))});
    else if (name.starts_with("against_"))
      result.push_back({true, false, named(names.actions, name.substr(8))});
    else
      result.push_back({false, false, named(names.definitions, name)});
  }
  return result;
}

json shown(const Dictionary& names, std::size_t definition, const Value& value) {
  if (value.is<Rational>()) return value.as<Rational>().numerator();
  return to_text(names, names.definitions[definition].type, value);
}

/// Whether the action is advised for (or against); both where it is in conflict.
bool said(RecommendationStatus status, std::optional<Verb> verb, bool is_for) {
  if (status == RecommendationStatus::conflict) return true;
  return status == RecommendationStatus::advised && verb && aceso::is_for(*verb) == is_for;
}

/// The rate of `call`, which decides `count` patients.
template <class Call>
double rate(double seconds, std::size_t count, Call call) {
  const double start = seconds_now();
  std::size_t decided = 0;
  while (seconds_now() < start + seconds) {
    call();
    decided += count;
  }
  return static_cast<double>(decided) / (seconds_now() - start);
}

json by_row(const std::shared_ptr<const Module>& module, const std::vector<Question>& asked,
            const std::vector<Patient>& patients, double seconds) {
  interpret::Evaluator evaluator(module);
  json answers = json::array();
  std::uint64_t sum = 0;
  const auto decide = [&](const Patient& patient) {
    evaluator.clear();
    for (const Fact& fact : patient.facts.facts)
      if (!evaluator.set(fact.input, fact.value)) std::exit(3);
    if (!evaluator.evaluate(patient.facts.now)) std::exit(3);
  };
  for (const Patient& patient : patients) {
    decide(patient);
    json answer = json::array();
    for (const Question& each : asked) {
      if (each.is_action) {
        const auto& action = evaluator.action(ActionId(each.index));
        answer.push_back(said(action.status, action.verb, each.is_for));
      } else {
        answer.push_back(shown(module->dictionary, each.index, evaluator.definition(DefinitionId(each.index))));
      }
    }
    answers.push_back(answer);
  }
  const double decided = rate(seconds, patients.size(), [&] {
    for (const Patient& patient : patients) {
      decide(patient);
      sum += static_cast<std::uint64_t>(evaluator.applies());
    }
  });
  const double nothing = rate(seconds / 4, patients.size(), [&] {
    for (const Patient& patient : patients) {
      evaluator.clear();
      for (const Fact& fact : patient.facts.facts)
        sum += evaluator.set(fact.input, fact.value);
    }
  });
  if (sum == 0) std::exit(4);
  return {{"answers", answers}, {"rate", decided}, {"overhead", 1 / nothing}};
}

/// Outcomes alone, by look-ups; null where derived values are asked for.
json by_lookup(const std::shared_ptr<const Module>& module, const std::vector<Question>& asked,
               const std::vector<Patient>& patients, double seconds) {
  for (const Question& each : asked)
    if (!each.is_action) return nullptr;
  const lookup::MadeFinder made = lookup::make_finder(module);
  if (!made.finder) std::exit(3);
  interpret::Evaluator evaluator(module);
  interpret::Outcomes outcomes;
  made.finder->prepare(outcomes);
  const auto decide = [&](const Patient& patient) {
    evaluator.clear();
    for (const Fact& fact : patient.facts.facts)
      if (!evaluator.set(fact.input, fact.value)) std::exit(3);
    if (!made.finder->find(*evaluator.present_facts(), patient.facts.now.instant.seconds, outcomes)) std::exit(3);
  };
  json answers = json::array();
  for (const Patient& patient : patients) {
    decide(patient);
    json answer = json::array();
    for (const Question& each : asked) {
      const NativeOutcome& action = outcomes.actions[each.index];
      const auto verb = action.verb != 0 ? std::optional(static_cast<Verb>(action.verb - 1)) : std::nullopt;
      answer.push_back(said(static_cast<RecommendationStatus>(action.status), verb, each.is_for));
    }
    answers.push_back(answer);
  }
  std::uint64_t sum = 0;
  const double decided = rate(seconds, patients.size(), [&] {
    for (const Patient& patient : patients) {
      decide(patient);
      sum += outcomes.summary.applies;
    }
  });
  if (sum == 0) std::exit(4);
  return {{"answers", answers}, {"rate", decided}, {"overhead", 0.0}};
}

json by_column(const std::shared_ptr<const Module>& module, const std::vector<Question>& asked,
               const std::vector<Patient>& patients, double seconds) {
  const auto plan = batch::make_plan(module);
  const std::size_t copies = std::max<std::size_t>(1, 1'000'000 / patients.size());
  batch::Table table(plan);
  table.resize(copies * patients.size());
  for (std::size_t row = 0; row < copies * patients.size(); ++row)
    for (const Fact& fact : patients[row % patients.size()].facts.facts)
      if (!table.set(row, fact.input, fact.value)) std::exit(3);
  batch::Runner runner(plan);
  batch::Results results;
  const ZonedInstant now = patients.front().facts.now;
  runner.run(table.view(now), results);
  json answers = json::array();
  for (std::size_t row = 0; row < patients.size(); ++row) {
    json answer = json::array();
    for (const Question& each : asked) {
      if (each.is_action) {
        const auto action = results.action(row, ActionId(each.index));
        answer.push_back(said(action.status, action.verb, each.is_for));
      } else {
        answer.push_back(shown(module->dictionary, each.index, results.definition(row, DefinitionId(each.index))));
      }
    }
    answers.push_back(answer);
  }
  const double decided = rate(seconds, copies * patients.size(), [&] { runner.run(table.view(now), results); });
  return {{"answers", answers}, {"rate", decided}, {"overhead", 0.0}};
}

} // namespace

int main(int count, char** arguments) {
  if (count != 6) {
    std::fprintf(stderr, "usage: aceso_peer vm|outcomes|batch GUIDELINE SOURCES PATIENTS SECONDS\n");
    return 2;
  }
  const double begin = seconds_now();
  const Compilation compilation = compile_file(arguments[2]);
  if (!compilation.graph()) {
    std::fprintf(stderr, "%s does not compile\n", arguments[2]);
    return 3;
  }
  const auto module = load_module(std::get<std::string>(codegen::build(*compilation.graph(), nullptr))).module;
  const double prepare = seconds_now() - begin;

  const json sources = json::parse(read_file(arguments[3]));
  std::vector<Patient> patients;
  for (const json& each : json::parse(read_file(arguments[4]))) {
    json inputs = each;
    for (auto& [name, value] : inputs.items()) {
      const auto unit = sources["units"].find(name);
      if (unit != sources["units"].end()) value = std::to_string(value.get<int>()) + " " + unit->get<std::string>();
    }
    const auto read = read_case(module->dictionary, json{{"now", now_text}, {"inputs", inputs}}.dump());
    for (const CaseFault& fault : read.faults)
      std::fprintf(stderr, "%s %s\n", fault.path.c_str(), fault.message.c_str());
    if (!read.ok()) return 3;
    patients.push_back({read.patient_case});
  }
  const auto asked = questions(module->dictionary, sources["outputs"]);
  const double seconds = std::strtod(arguments[5], nullptr);
  const std::string_view engine = arguments[1];
  json result = engine == "vm"         ? by_row(module, asked, patients, seconds)
                : engine == "outcomes" ? by_lookup(module, asked, patients, seconds)
                                       : by_column(module, asked, patients, seconds);
  if (!result.is_null()) result["prepare"] = prepare;
  std::cout << result.dump() << '\n';
  return 0;
}
