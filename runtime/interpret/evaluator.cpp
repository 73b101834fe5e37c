#include "interpret/evaluator.h"

#include <algorithm>

#include "interpret/evaluator_state.h"

namespace aceso::interpret {

Evaluator::State::State(std::shared_ptr<const Module> of)
    : plan(std::move(of)), module(*plan.module), names(module.dictionary), facts(plan), machine(plan, facts),
      rules(module.rules.size()), actions(names.actions.size()), cautions(module.cautions.size()),
      rules_asked_(module.rules.size()), taken_(module.pathway ? module.pathway->transitions.size() : 0) {
  for (std::size_t i = 0; i < plan.voices.size(); ++i)
    if (!plan.voices[i].empty()) voiced.emplace_back(i);
}

/// The registers of the inputs at an instant; constraints and the pathway look at many.
void Evaluator::State::take_snapshot(Instant at, StageId stage) {
  machine.set_context(at, now, stage);
  facts.snapshot(at, now, machine.registers());
}

bool Evaluator::State::evaluate(ZonedInstant at, const Zone& zone) {
  now = {at.instant, zone};
  stated_now = at;
  broken.clear();
  path.clear();
  const bool pathway_checks = module.pathway && facts.has_history(); // it comes by the same instants
  if (!pathway_checks) {
    if (facts.has_history() && !module.constraints.empty())
      for (const Instant each : facts.instants_of_change(now))
        if (each != now.instant) check_constraints_at(each);
    check_constraints_at(now.instant);
    if (!broken.empty()) return false;
  }
  // The registers are those of `now`, and constraints have run: the parts of the code follow each other, except where
  // the pathway looks at the past or something asks for the stage too early.
  std::uint32_t ran = module.constraints_end;
  if (module.pathway) {
    follow_pathway();
    if (!broken.empty()) return false;
    ran = plan.asks_for_stage_early ? 0 : module.pathway_end;
    if (ran == 0) list_next(); // the registers will be others; otherwise it waits for who asks for the decision
  }
  machine.set_context(now.instant, now, path.empty() ? StageId{} : path.back().first);
  run_decision(ran);
  return true;
}

void Evaluator::State::check_constraints_at(Instant at) {
  take_snapshot(at, {});
  run_constraints();
  check_constraints(at);
}

void Evaluator::State::check_constraints(Instant at) {
  for (std::size_t i = 0; i < module.constraints.size(); ++i) {
    if (machine.truth(module.constraints[i]) != bytecode::no) continue;
    const auto is_same = [&](const BrokenConstraint& b) { return b.constraint.index() == i; };
    if (std::any_of(broken.begin(), broken.end(), is_same)) continue;
    broken.push_back({ConstraintId(i), now.zone.at(at), fill_in(names.constraints[i].message)});
  }
}

/// "{name}" stands for the value of that input.
std::string Evaluator::State::fill_in(std::string text) const {
  for (std::size_t i = 0; i < names.inputs.size(); ++i) {
    const std::string mark = "{" + names.inputs[i].name + "}";
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at)) {
      const std::string value = shown_text(names, names.inputs[i].type, read(machine.registers(), module.inputs[i]));
      text.replace(at, mark.size(), value);
      at += value.size();
    }
  }
  return text;
}

Evaluator::Evaluator(std::shared_ptr<const Module> module) : state_(std::make_unique<State>(std::move(module))) {}
Evaluator::~Evaluator() = default;

bool Evaluator::use_native(std::shared_ptr<const NativeCode> code) { return state_->use_native(std::move(code)); }
const Module& Evaluator::module() const { return state_->module; }
void Evaluator::clear() { state_->facts.clear(); }
bool Evaluator::set(InputId input, const Value& value) { return state_->facts.set(input, value); }
void Evaluator::forget(InputId input) { state_->facts.forget(input); }
bool Evaluator::add_event(Instant at, InputId input, const Value& value) { return state_->facts.add(at, input, value); }
void Evaluator::add_event(Instant at) { state_->facts.add(at); }
bool Evaluator::evaluate(ZonedInstant now) { return state_->evaluate(now, Zone(now.offset_seconds)); }
bool Evaluator::evaluate(ZonedInstant now, const Zone& zone) { return state_->evaluate(now, zone); }
const std::vector<BrokenConstraint>& Evaluator::broken() const { return state_->broken; }
Truth Evaluator::applies() const { return state_->applies; }
const ActionState& Evaluator::action(ActionId id) const { return state_->actions[id.index()]; }
const RuleState& Evaluator::rule(RuleId id) const { return state_->rules[id.index()]; }
Truth Evaluator::caution(CautionId id) const { return state_->cautions[id.index()]; }
Value Evaluator::definition(DefinitionId id) const {
  return read(state_->machine.registers(), state_->module.definitions[id.index()]);
}
std::optional<StageId> Evaluator::stage() const {
  return state_->path.empty() ? std::nullopt : std::optional(state_->path.back().first);
}
Evaluator::Differential Evaluator::differential(DifferentialId id) { return state_->differential(id); }
Value Evaluator::input(InputId id) const {
  return read(state_->machine.registers(), state_->module.inputs[id.index()]);
}
bool Evaluator::is_assumed(InputId id) const { return state_->facts.is_assumed(id); }
const std::vector<InputId>& Evaluator::missing(ActionId id) { return state_->missing(id); }
const Registers* Evaluator::present_facts() const {
  return state_->facts.has_history() ? nullptr : &state_->facts.present();
}
PatientCase Evaluator::patient_case(ZonedInstant now) const { return state_->facts.patient_case(now); }
const Decision& Evaluator::decision() { return state_->decision(); }

} // namespace aceso::interpret
