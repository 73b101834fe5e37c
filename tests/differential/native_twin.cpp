#include "native_twin.h"

#include <cstring>

#include <fmt/format.h>

#include "explain/decision_text.h"
#include "interpret/engine.h"
#include "interpret/evaluator.h"
#include "interpret/registers.h"
#include "jit/facts_layout.h"
#include "jit/jit.h"
#include "outcome_twin.h"

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
std::string lean_difference(const Module& module, const NativeCode& code, const jit::FactsLayout& layout,
                            const PatientCase& of, interpret::Evaluator& evaluator, bool is_decided) {
  const Dictionary& names = module.dictionary;
  const auto facts = facts_of(module, layout, of);
  interpret::Outcomes got;
  got.actions.resize(names.actions.size() + 1);
  got.cautions.resize(names.cautions.size() + 1);
  got.differentials.resize(names.differentials.size() + 1);
  got.scratch.resize(code.scratch_bytes / 8 + 2);
  const bool refused =
      code.functions.decide(facts.data(), of.now.instant.seconds, got.actions.data(), got.cautions.data(),
                            got.differentials.data(), &got.summary, got.scratch.data()) != 0;
  return outcome_difference(evaluator, is_decided, got, refused);
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
    if (const auto what = lean_difference(*module, *made.code, layout, present, evaluator, decided); !what.empty())
      return fmt::format("case {}: outcomes alone: {}", i, what);
    ++counts.decided;
  }
  return {};
}

} // namespace aceso::differential
