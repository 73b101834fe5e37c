/// Runs the parts of the code: by the row machine, or by native code that asks the machine for what it cannot do
/// itself.
#include "interpret/evaluator_state.h"

namespace aceso::interpret {

bool Evaluator::State::use_native(std::shared_ptr<const NativeCode> code) {
  if (code && (code->module_hash != module.content_hash || !code->functions.constraints || !code->functions.pathway ||
               !code->functions.decision))
    return false;
  native_ = std::move(code);
  native_outcomes_.resize(native_ ? actions.size() : 0);
  native_rules_.resize(native_ ? 2 * rules.size() : 0);
  native_sides_.resize(native_ ? 2 * actions.size() : 0);
  native_cautions_.resize(native_ ? cautions.size() : 0);
  return true;
}

void Evaluator::State::run_constraints() {
  if (native_) return call(native_->functions.constraints);
  machine.run(0, module.constraints_end);
}

void Evaluator::State::run_pathway() {
  if (native_) return call(native_->functions.pathway);
  machine.run(module.constraints_end, module.pathway_end);
}

void Evaluator::State::run_decision(std::uint32_t ran) {
  if (native_) {
    if (ran == 0) call(native_->functions.constraints);
    if (ran < module.pathway_end) call(native_->functions.pathway);
    call(native_->functions.decision);
  } else {
    machine.run(ran, static_cast<std::uint32_t>(module.code.size()));
  }
  applies = module.applies == no_register ? Truth::yes : bytecode::to_truth(machine.truth(module.applies));
  if (native_) return settle_natively();
  settle_rules();
  settle_actions();
  for (std::size_t i = 0; i < cautions.size(); ++i)
    cautions[i] = applies & bytecode::to_truth(machine.truth(module.cautions[i]));
}

void Evaluator::State::step(void* state, std::uint32_t begin, std::uint32_t end) {
  auto& self = *static_cast<State*>(state);
  try {
    self.machine.run(begin, end);
  } catch (...) { // nothing may be thrown through native code
    self.native_failure_ = std::current_exception();
  }
}

NativeRegisters Evaluator::State::native_registers() {
  Registers& registers = machine.registers();
  return {registers.truths.data(),
          registers.numbers.data(),
          machine.instant().seconds,
          machine.stage().is_valid() ? machine.stage().index() : 0xffffffff,
          0,
          this,
          &State::step,
          native_rules_.data(),
          native_sides_.data(),
          native_outcomes_.data(),
          native_cautions_.data()};
}

void Evaluator::State::call(NativeFunctions::Part part) {
  NativeRegisters registers = native_registers();
  part(&registers);
  if (native_failure_) std::rethrow_exception(std::exchange(native_failure_, nullptr));
}

/// From what native code has written to what decisions are made of.
void Evaluator::State::settle_natively() {
  for (std::size_t i = 0; i < rules.size(); ++i)
    rules[i] = {static_cast<Truth>(native_rules_[2 * i]), static_cast<Truth>(native_rules_[2 * i + 1])};
  spoken_of_ = voiced;
  for (const ActionId id : voiced) {
    const NativeOutcome& from = native_outcomes_[id.index()];
    ActionState& to = actions[id.index()];
    to.status = static_cast<RecommendationStatus>(from.status);
    to.verb = from.verb == 0 ? std::nullopt : std::optional(static_cast<Verb>(from.verb - 1));
    to.strength = static_cast<Strength>(from.strength);
    to.urgency = static_cast<Urgency>(from.urgency);
    to.within = from.within == 0 ? std::nullopt : plan.voices[id.index()][from.within - 1].advice->within;
    to.in_favour = static_cast<Truth>(from.sides & 3);
    to.against = static_cast<Truth>(from.sides >> 2 & 3);
    to.is_spoken_of = (from.sides & 16) != 0;
  }
  for (std::size_t i = 0; i < cautions.size(); ++i)
    cautions[i] = static_cast<Truth>(native_cautions_[i]);
}

} // namespace aceso::interpret
