#include <algorithm>

#include "batch/plan.h"
#include "interpret/engine.h"
#include "interpret/evaluator.h"

namespace aceso::batch {

struct Answer {
  bool refused = false;
  Truth applies = Truth::unknown;
  std::vector<bool> broken;
  std::vector<ActionOutcome> actions;
  std::vector<Truth> cautions;
  std::vector<DifferentialOutcome> differentials;
  std::optional<StageId> stage;
  std::vector<Value> definitions;
  std::vector<std::vector<InputId>> missing;
};

struct Results::State {
  std::vector<Answer> answers;
  RowCounts counts;
};

Results::Results() : state_(std::make_unique<State>()) {}
Results::~Results() = default;
Results::Results(Results&&) noexcept = default;
Results& Results::operator=(Results&&) noexcept = default;

std::size_t Results::rows() const { return state_->answers.size(); }
const RowCounts& Results::counts() const { return state_->counts; }
bool Results::is_refused(std::size_t row) const { return state_->answers[row].refused; }
bool Results::breaks(std::size_t row, ConstraintId constraint) const {
  return state_->answers[row].broken[constraint.index()];
}
Truth Results::applies(std::size_t row) const { return state_->answers[row].applies; }
ActionOutcome Results::action(std::size_t row, ActionId id) const { return state_->answers[row].actions[id.index()]; }
Truth Results::caution(std::size_t row, CautionId id) const { return state_->answers[row].cautions[id.index()]; }
DifferentialOutcome Results::differential(std::size_t row, DifferentialId id) const {
  return state_->answers[row].differentials[id.index()];
}
std::optional<StageId> Results::stage(std::size_t row) const { return state_->answers[row].stage; }
Value Results::definition(std::size_t row, DefinitionId id) const {
  return state_->answers[row].definitions[id.index()];
}
std::vector<InputId> Results::missing(std::size_t row, ActionId id) const {
  return state_->answers[row].missing[id.index()];
}

std::string_view to_text(Kernels kernels) {
  return kernels == Kernels::portable ? "portable" : kernels == Kernels::avx2 ? "avx2" : "avx512";
}
Kernels best_kernels() { return Kernels::portable; }
bool has(Kernels kernels) { return kernels == Kernels::portable; }

struct Runner::State {
  std::shared_ptr<const Plan> plan;
  interpret::Evaluator evaluator;

  bool evaluate(const PatientCase& patient_case) {
    interpret::state(evaluator, patient_case);
    return evaluator.evaluate(patient_case.now, patient_case.zone());
  }
};

Runner::Runner(std::shared_ptr<const Plan> plan, RunOptions) {
  const auto module = plan->module;
  state_.reset(new State{std::move(plan), interpret::Evaluator(module)});
}
Runner::~Runner() = default;

void Runner::run(const Batch& batch, Results& results) {
  const Module& module = *state_->plan->module;
  interpret::Evaluator& evaluator = state_->evaluator;
  auto& out = results.state();
  out.answers.assign(batch.rows, {});
  out.counts = {batch.rows, 0, 0, batch.rows};
  for (std::size_t row = 0; row < batch.rows; ++row) {
    Answer& answer = out.answers[row];
    answer.broken.resize(module.constraints.size());
    answer.refused = !state_->evaluate(patient_case(*state_->plan, batch, row));
    for (const auto& each : evaluator.broken())
      answer.broken[each.constraint.index()] = true;
    if (answer.refused) continue;
    answer.applies = evaluator.applies();
    const Decision decision = evaluator.decision();
    for (std::size_t i = 0; i < module.dictionary.actions.size(); ++i) {
      const auto& state = evaluator.action(ActionId(i));
      answer.actions.push_back({state.status, state.verb, state.strength, state.urgency, state.within});
      answer.missing.push_back(evaluator.missing(ActionId(i)));
    }
    for (std::size_t i = 0; i < module.cautions.size(); ++i)
      answer.cautions.push_back(evaluator.caution(CautionId(i)));
    for (const auto& each : decision.differentials)
      answer.differentials.push_back({each.status, each.decided});
    answer.stage = evaluator.stage();
    for (const auto& each : decision.values)
      answer.definitions.push_back(each.value);
  }
}

EngineAnswer Runner::decide(const Batch& batch, std::size_t row) {
  const PatientCase facts = patient_case(*state_->plan, batch, row);
  if (!state_->evaluate(facts)) return {interpret::to_faults(state_->evaluator, facts), {}};
  return {{}, state_->evaluator.decision()};
}

} // namespace aceso::batch
