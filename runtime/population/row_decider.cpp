#include "population/row_decider.h"

#include <algorithm>

#include "explain/decision_text.h"
#include "interpret/engine.h"
#include "interpret/registers.h"

namespace aceso::population {
namespace {

/// What a row says about an input, as the value that a case would hold.
Value value_in(const Column& column, const Representation& representation, std::size_t row) {
  const std::uint8_t state = column.states[row];
  switch (column.space) {
  case bytecode::Space::truth: return interpret::truth_to_value(state);
  case bytecode::Space::number: return interpret::number_to_value(representation, {column.number(row), state});
  case bytecode::Space::value: break;
  }
  return column.values[row];
}

} // namespace

PatientCase case_of(const Module& module, const Patients& patients, std::size_t row) {
  const auto found = std::ranges::lower_bound(patients.whole, row, {}, &WholePatient::row);
  if (found != patients.whole.end() && found->row == row) return found->patient_case;
  PatientCase result;
  result.now = patients.now(row);
  for (std::size_t i = 0; i < patients.columns().size(); ++i) {
    const Column& column = patients.columns()[i];
    if (!column.is_used || column.states[row] == absent) continue;
    result.facts.push_back(
        {InputId(i), value_in(column, module.inputs[i].representation, row), {FactPlace::Part::inputs}});
  }
  return result;
}

RowDecider::RowDecider(std::shared_ptr<const Module> module, Wanted wanted, std::shared_ptr<const NativeCode> code)
    : module_(std::move(module)), wanted_(std::move(wanted)), actions_(spoken_of(*module_)), terms_(terms_of(*module_)),
      fields_(fields_of(*module_)), evaluator_(module_), json_(module_->dictionary, {.compact = true}) {
  for (std::size_t f = 0; f < fields_.size(); ++f)
    groups_.push_back({f, 1});
  if (code) (void)evaluator_.use_native(std::move(code));
}

const WholePatient* RowDecider::whole(const Patients& patients, std::size_t row) const {
  const auto found = std::ranges::lower_bound(patients.whole, row, {}, &WholePatient::row);
  return found != patients.whole.end() && found->row == row ? &*found : nullptr;
}

bool RowDecider::evaluate(const Patients& patients, std::size_t row) {
  if (const WholePatient* patient = whole(patients, row)) {
    interpret::state(evaluator_, patient->patient_case);
    return evaluator_.evaluate(patient->patient_case.now, patient->patient_case.zone());
  }
  evaluator_.clear();
  for (std::size_t i = 0; i < patients.columns().size(); ++i) {
    const Column& column = patients.columns()[i];
    if (!column.is_used || column.states[row] == absent) continue;
    const InputId input(i);
    if (!evaluator_.set(input, value_in(column, module_->inputs[i].representation, row)))
      (void)evaluator_.set(input, UnknownReason::invalid);
  }
  return evaluator_.evaluate(patients.now(row));
}

std::vector<InputId> RowDecider::missing_now() {
  std::vector<InputId> all;
  for (const ActionId id : actions_) {
    if (evaluator_.action(id).status != RecommendationStatus::undetermined) continue;
    const std::vector<InputId>& some = evaluator_.missing(id);
    all.insert(all.end(), some.begin(), some.end());
  }
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

std::vector<CaseFault> RowDecider::refusal_now(const Patients& patients, std::size_t row) const {
  return interpret::to_faults(evaluator_, case_of(*module_, patients, row));
}

std::vector<InputId> RowDecider::missing(const Patients& patients, std::size_t row) {
  return evaluate(patients, row) ? missing_now() : std::vector<InputId>{};
}

std::vector<CaseFault> RowDecider::refusal(const Patients& patients, std::size_t row) {
  return evaluate(patients, row) ? std::vector<CaseFault>{} : refusal_now(patients, row);
}

std::string RowDecider::full(const Patients& patients, std::size_t row) {
  if (!evaluate(patients, row)) return "null";
  return std::string(json_.write(evaluator_.decision()));
}

std::uint32_t RowDecider::code_of(Field field) const {
  switch (field.kind) {
  case Field::Kind::applies: return static_cast<std::uint32_t>(evaluator_.applies());
  case Field::Kind::caution: return static_cast<std::uint32_t>(evaluator_.caution(CautionId(std::size_t{field.index})));
  case Field::Kind::stage: {
    const auto stage = evaluator_.stage();
    return stage ? static_cast<std::uint32_t>(stage->index() + 1) : 0;
  }
  case Field::Kind::advice: break;
  }
  const interpret::ActionState& action = evaluator_.action(actions_[field.index]);
  return advice_of(terms_, field.index, action.status, action.verb, action.strength, action.urgency, action.within)
      .code();
}

void RowDecider::decide(const Patients& patients, Outcomes& outcomes) {
  const Module& module = *module_;
  outcomes.reset(patients.count(), groups_.size(), wanted_);
  for (std::size_t row = 0; row < patients.count(); ++row) {
    if (!evaluate(patients, row)) {
      outcomes.is_refused[row] = 1;
      outcomes.refusals.emplace_back(row, refusal_now(patients, row));
      continue;
    }
    for (std::size_t f = 0; f < fields_.size(); ++f)
      outcomes.keys[f][row] = code_of(fields_[f]);
    const bool is_open = std::ranges::any_of(
        actions_, [&](ActionId id) { return evaluator_.action(id).status == RecommendationStatus::undetermined; });
    outcomes.is_open[row] = is_open ? 1 : 0;
    for (std::size_t v = 0; v < wanted_.values.size(); ++v) {
      const DefinitionId definition = wanted_.values[v];
      Value value = evaluator_.definition(definition);
      if (!fits(module.dictionary, module.dictionary.definitions[definition.index()].type, value))
        value = UnknownReason::invalid;
      outcomes.values[v][row] = std::move(value);
    }
    if (is_open && (wanted_.missing || stands_for_all(patients.line(row))))
      outcomes.missing.push_back({row, missing_now()});
    if (wanted_.full) outcomes.full[row] = json_.write(evaluator_.decision());
  }
}

} // namespace aceso::population
