/// Differentials: Machine::decide for all rows.
#include "batch/lowering.h"

namespace aceso::batch {

const SymbolicDifferential& Lowering::decide(std::uint32_t id) {
  auto& place = differentials_[id];
  const ModuleDifferential& differential = module_.differentials[id];
  const DifferentialWeights& weights = row_plan_.weights[id];
  const std::size_t count = names_.differentials[id].candidates.size();
  struct Candidate {
    SymbolicNumber lowest = Symbols::constant(0), highest = Symbols::constant(0);
    SymbolicTruth confirmed = Symbols::known(never), excluded = Symbols::known(never);
  };
  std::vector<Candidate> all(count);
  const auto zero = Symbols::constant(0);
  for (std::size_t i = 0; i < differential.arguments.size(); ++i) {
    const SymbolicTruth& holds = truths_[differential.arguments[i].condition];
    Candidate& own = all[differential.arguments[i].candidate];
    const auto weight = Symbols::constant(weights.arguments[i]);
    const bool is_against = weights.arguments[i] < 0;
    own.lowest = symbols_.sum(own.lowest, symbols_.picked(is_against ? !holds.no : holds.yes, weight, zero));
    own.highest = symbols_.sum(own.highest, symbols_.picked(is_against ? holds.yes : !holds.no, weight, zero));
  }
  for (const ModuleVerdict& each : differential.verdicts) {
    SymbolicTruth& side = each.confirms ? all[each.candidate].confirmed : all[each.candidate].excluded;
    side = symbols_.disjunction(side, truths_[each.condition]);
  }
  const auto reaches = [&](const SymbolicNumber& low, const SymbolicNumber& high, std::int64_t wanted) {
    const auto bound = Symbols::constant(wanted);
    SymbolicTruth result{!symbols_.is_below(low, bound), symbols_.is_below(high, bound), {}};
    result.because = Symbols::because_of(UnknownReason::not_asked, symbols_.unknown_of(result));
    return result;
  };
  SymbolicDifferential result;
  std::vector<Literal> won, open, strong;
  for (std::size_t i = 0; i < count; ++i) {
    const Candidate& own = all[i];
    SymbolicTruth other_confirmed = Symbols::known(never);
    SymbolicTruth by_score = reaches(own.lowest, own.highest, weights.needs);
    for (std::size_t k = 0; k < count; ++k) {
      if (k == i) continue;
      other_confirmed = symbols_.disjunction(
          other_confirmed, symbols_.conjunction(all[k].confirmed, Symbols::negation(all[k].excluded)));
      const SymbolicTruth leads = reaches(symbols_.sum(own.lowest, symbols_.negated(all[k].highest)),
                                          symbols_.sum(own.highest, symbols_.negated(all[k].lowest)), weights.ahead_by);
      by_score = symbols_.conjunction(by_score, symbols_.disjunction(leads, all[k].excluded));
    }
    const std::array<SymbolicTruth, 2> alone = {Symbols::negation(own.excluded), Symbols::negation(other_confirmed)};
    const SymbolicTruth free = symbols_.conjunction(alone);
    const SymbolicTruth wins =
        symbols_.disjunction(symbols_.conjunction(own.confirmed, free), symbols_.conjunction(by_score, free));
    won.push_back(wins.yes);
    open.push_back(symbols_.unknown_of(wins));
    const Literal reached = !symbols_.is_below(own.lowest, Symbols::constant(weights.needs));
    strong.push_back(builder_.both(!own.excluded.yes, builder_.either(own.confirmed.yes, reached)));
  }
  // Where several win, the last is told.
  for (std::size_t i = 0; i < count; ++i) {
    std::vector<Literal> here = {won[i]};
    for (std::size_t k = i + 1; k < count; ++k)
      here.push_back(!won[k]);
    result.decided.push_back(builder_.all_of(std::move(here)));
  }
  result.is_decided = builder_.any_of(won);
  result.is_open = builder_.both(!result.is_decided, builder_.any_of(std::move(open)));
  const Literal several = !symbols_.is_below(symbols_.count(strong), Symbols::constant(2));
  result.is_tie = builder_.all_of({!result.is_decided, !result.is_open, several});
  place = std::move(result);
  return *place;
}

} // namespace aceso::batch
