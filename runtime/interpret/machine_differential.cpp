/// Differentials: arguments for and against each candidate, with the bounds that unknown arguments leave.
#include "interpret/machine.h"

namespace aceso::interpret {

namespace {

/// yes: wins however the open arguments turn out; no: cannot win. A candidate wins when it is confirmed and no other
/// is, or when nobody is confirmed and its score reaches `needs` and leads all others that are not excluded.
Truth wins(const DifferentialWeights& weights, std::span<const CandidateState> all, std::size_t i) {
  const CandidateState& own = all[i];
  Truth other_confirmed = Truth::no;
  Truth by_score = own.lowest >= weights.needs ? Truth::yes : own.highest >= weights.needs ? Truth::unknown : Truth::no;
  for (std::size_t k = 0; k < all.size(); ++k) {
    if (k == i) continue;
    other_confirmed = other_confirmed | (all[k].confirmed & !all[k].excluded);
    const Truth leads = own.lowest - all[k].highest >= weights.ahead_by   ? Truth::yes
                        : own.highest - all[k].lowest >= weights.ahead_by ? Truth::unknown
                                                                          : Truth::no;
    by_score = by_score & (leads | all[k].excluded);
  }
  const Truth confirmed = own.confirmed & !own.excluded & !other_confirmed;
  return confirmed | (by_score & !own.excluded & !other_confirmed);
}

} // namespace

std::span<const CandidateState> Machine::candidates(DifferentialId id) const {
  const std::size_t count = module_.dictionary.differentials[id.index()].candidates.size();
  return std::span(candidates_).subspan(plan_.first_candidate[id.index()], count);
}

const DifferentialState& Machine::decide(DifferentialId id) {
  const ModuleDifferential& differential = module_.differentials[id.index()];
  const DifferentialWeights& weights = plan_.weights[id.index()];
  CandidateState* const own = candidates_.data() + plan_.first_candidate[id.index()];
  const std::span<const CandidateState> all = candidates(id);
  std::fill(own, own + all.size(), CandidateState{});
  for (std::size_t i = 0; i < differential.arguments.size(); ++i) {
    const ModuleArgument& argument = differential.arguments[i];
    const Truth holds = bytecode::to_truth(registers_.truths[argument.condition]);
    if (holds == Truth::no) continue;
    const std::int64_t weight = weights.arguments[i];
    CandidateState& candidate = own[argument.candidate];
    if (holds == Truth::yes || weight < 0) candidate.lowest += weight;
    if (holds == Truth::yes || weight > 0) candidate.highest += weight;
  }
  for (const ModuleVerdict& verdict : differential.verdicts) {
    Truth& side = verdict.confirms ? own[verdict.candidate].confirmed : own[verdict.candidate].excluded;
    side = side | bytecode::to_truth(registers_.truths[verdict.condition]);
  }
  DifferentialState& state = differentials_[id.index()];
  state.decided.reset();
  bool is_open = false;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Truth won = wins(weights, all, i);
    if (won == Truth::yes) state.decided = static_cast<std::uint32_t>(i);
    is_open |= won == Truth::unknown;
  }
  const auto strong_enough = std::count_if(all.begin(), all.end(), [&](const CandidateState& c) {
    return c.excluded != Truth::yes && (c.confirmed == Truth::yes || c.lowest >= weights.needs);
  });
  state.status = state.decided       ? DifferentialStatus::decided
                 : is_open           ? DifferentialStatus::undetermined
                 : strong_enough > 1 ? DifferentialStatus::tie
                                     : DifferentialStatus::none;
  return state;
}

} // namespace aceso::interpret
