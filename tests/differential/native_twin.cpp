#include "native_twin.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "explain/decision_text.h"
#include "interpret/engine.h"
#include "interpret/evaluator.h"
#include "interpret/registers.h"
#include "jit/facts_layout.h"
#include "jit/jit.h"
#include "module/relations.h"

namespace aceso::differential {
namespace {

std::string answer_text(Engine& engine, const PatientCase& patient_case) {
  const EngineAnswer answer = engine.evaluate(patient_case);
  if (answer.ok()) return decision_to_json(engine.dictionary(), answer.decision);
  std::string text;
  for (const CaseFault& fault : answer.faults)
    text += fmt::format("{} {} {}\n", fault.id, fault.path, fault.message);
  return text;
}

/// What the evaluator has been told, as the struct that native code reads.
std::vector<std::uint8_t> facts_of(const Module& module, const jit::FactsLayout& layout, const PatientCase& of) {
  std::vector<std::uint8_t> facts(layout.bytes);
  for (const Fact& fact : of.facts) {
    const jit::FactField& field = layout.fields[fact.input.index()];
    if (!field.has_state) continue;
    const Place& place = module.inputs[fact.input.index()];
    const Value value = fits(module.dictionary, module.dictionary[fact.input].type, fact.value)
                            ? fact.value
                            : Value(UnknownReason::invalid);
    if (place.space() == bytecode::Space::truth) {
      facts[field.state] = interpret::to_truth(value);
      continue;
    }
    bytecode::Number number = interpret::to_number(place.representation, value);
    if (number.state == bytecode::known && (number.value < field.least || number.value > field.most))
      number = {0, static_cast<std::uint8_t>(UnknownReason::invalid)};
    facts[field.state] = number.state;
    std::memcpy(facts.data() + field.value, &number.value, field.bytes); // little-endian
  }
  return facts;
}

/// The outcomes of the lean function against those of the evaluator, which has decided the same case.
std::string outcome_difference(const Module& module, const NativeCode& code, const jit::FactsLayout& layout,
                               const PatientCase& of, interpret::Evaluator& evaluator, bool is_decided) {
  const Dictionary& names = module.dictionary;
  const Relations relations(module);
  const auto facts = facts_of(module, layout, of);
  std::vector<NativeOutcome> outcomes(names.actions.size() + 1);
  std::vector<std::uint8_t> cautions(names.cautions.size() + 1);
  std::vector<std::uint32_t> differentials(names.differentials.size() + 1);
  std::vector<std::uint64_t> scratch(code.scratch_bytes / 8 + 2);
  NativeSummary summary{};
  const bool refused = code.functions.decide(facts.data(), of.now.instant.seconds, outcomes.data(), cautions.data(),
                                             differentials.data(), &summary, scratch.data()) != 0;
  if (refused == is_decided) return refused ? "refused" : "not refused";
  if (refused) return {};
  if (summary.applies != static_cast<std::uint8_t>(evaluator.applies())) return "applies";
  const auto stage = evaluator.stage();
  if (summary.stage != (stage ? stage->index() : 0xffffffff)) return "stage";
  for (std::size_t i = 0; i < names.actions.size(); ++i) {
    const interpret::ActionState& wanted = evaluator.action(ActionId(i));
    const NativeOutcome& got = outcomes[i];
    if (relations.voices[i].empty()) continue; // nobody speaks about it
    std::vector<Period> terms;                 // each once, in the order of the rules
    for (const Voice& voice : relations.voices[i])
      if (voice.advice->within && std::find(terms.begin(), terms.end(), *voice.advice->within) == terms.end())
        terms.push_back(*voice.advice->within);
    const std::size_t term =
        wanted.within
            ? 1 + static_cast<std::size_t>(std::find(terms.begin(), terms.end(), *wanted.within) - terms.begin())
            : 0;
    if (got.status != static_cast<std::uint8_t>(wanted.status) ||
        got.verb != (wanted.verb ? 1 + static_cast<int>(*wanted.verb) : 0) ||
        got.strength != static_cast<std::uint8_t>(wanted.strength) ||
        got.urgency != static_cast<std::uint8_t>(wanted.urgency) || got.within != term)
      return fmt::format("action {}: status {} verb {} strength {} urgency {} within {}", names.actions[i].name,
                         got.status, got.verb, got.strength, got.urgency, got.within);
  }
  for (std::size_t i = 0; i < names.cautions.size(); ++i)
    if (cautions[i] != static_cast<std::uint8_t>(evaluator.caution(CautionId(i))))
      return "caution " + names.cautions[i].name;
  const Decision decision = evaluator.decision();
  for (const DifferentialResult& each : decision.differentials) {
    const std::uint32_t got = differentials[each.differential.index()];
    const DifferentialInfo& info = names.differentials[each.differential.index()];
    if ((got & 0xff) != static_cast<std::uint32_t>(each.status) ||
        (each.decided && info.candidates[got >> 8] != *each.decided))
      return fmt::format("differential {}: {:x}", info.name, got);
  }
  return {};
}

} // namespace

std::string native_difference(const std::shared_ptr<const Module>& module, const std::vector<PatientCase>& cases,
                              NativeCounts& counts) {
  jit::Options options;
  options.for_this_cpu = counts.guidelines % 3 != 0; // the others become code for every CPU
  const jit::Made made = jit::compile(*module, options);
  if (!made.ok()) {
    if (made.fault->kind != jit::FaultKind::jit_unavailable) return made.fault->message;
    counts.unavailable = made.fault->message;
    return {};
  }
  ++counts.guidelines;
  counts.decides += made.code->functions.decide != nullptr;
  const auto machine = interpret::make_engine(module);
  interpret::Evaluator evaluator(module);
  interpret::Evaluator native(module);
  if (!native.use_native(made.code)) return "the code is not taken";
  const auto engine = interpret::make_engine(module, made.code);
  const jit::FactsLayout layout = jit::facts_layout(*module);
  for (std::size_t i = 0; i < cases.size(); ++i, ++counts.cases) {
    const PatientCase& each = cases[i];
    const std::string wanted = answer_text(*machine, each), got = answer_text(*engine, each);
    if (wanted != got) return fmt::format("case {}: native code says\n{}\nand not\n{}", i, got, wanted);
    if (!made.code->functions.decide) continue;
    PatientCase present = each; // decide knows no history
    present.events.clear();
    interpret::state(evaluator, present);
    const bool decided = evaluator.evaluate(present.now, present.zone());
    if (const auto what = outcome_difference(*module, *made.code, layout, present, evaluator, decided); !what.empty())
      return fmt::format("case {}: outcomes alone: {}", i, what);
    ++counts.decided;
  }
  return {};
}

} // namespace aceso::differential
