/// The pathway of rows without a history: everything happens at one instant, so waits have not ended and no stage is
/// entered twice. All rows take their steps together; a row that cannot go on is done.
#include <algorithm>

#include "batch/lowering.h"

namespace aceso::batch {

namespace {

bool leaves(const ModuleTransition& transition, StageId stage) {
  if (!transition.is_interrupt()) return transition.from == stage;
  return transition.to != stage &&
         std::find(transition.except.begin(), transition.except.end(), stage) == transition.except.end();
}

} // namespace

void Lowering::follow_pathway() {
  const ModulePathway& pathway = *module_.pathway;
  const std::size_t count = names_.stages.size();
  const Literal starts = module_.applies == no_register ? always : truths_[module_.applies].yes;
  std::vector<Literal> entered(count, never), here(count, never), done(count, never);
  std::vector<Literal> taken(pathway.transitions.size(), never);
  entered[pathway.start.index()] = here[pathway.start.index()] = starts;
  const auto is_way = [&](const ModuleTransition& each) { return !each.after || *each.after == Period{}; };

  // By stage, of the rows that have just arrived there: which stages they may have entered, which they all have. What
  // these settle takes no node.
  std::vector<std::vector<bool>> may_have(count, std::vector<bool>(count)), all_have = may_have;
  may_have[pathway.start.index()][pathway.start.index()] = all_have[pathway.start.index()][pathway.start.index()] =
      true;

  for (std::size_t step = 0; step < count; ++step) { // nobody enters more stages than there are
    std::vector<std::vector<Literal>> arrivals(count);
    std::vector<std::vector<bool>> next_may(count, std::vector<bool>(count)), next_all(count);
    std::vector<std::vector<Literal>> newly_taken(taken.size());
    for (std::size_t stage = 0; stage < count; ++stage) {
      if (here[stage] == never) continue;
      Literal open = here[stage]; // rows for which no way has been found
      std::vector<Literal> stays;
      for (const bool interrupts : {true, false}) {
        // By target: whether a way leads there, and through which transition first.
        std::vector<std::vector<Literal>> leads(count);
        std::vector<std::pair<std::size_t, Literal>> ways;
        for (std::size_t i = 0; i < pathway.transitions.size(); ++i) {
          const ModuleTransition& each = pathway.transitions[i];
          if (each.is_interrupt() != interrupts || !leaves(each, StageId(stage)) || !is_way(each)) continue;
          const Literal condition = each.condition == no_register ? always : truths_[each.condition].yes;
          const Literal holds = each.at_most == 1 ? builder_.both(condition, !taken[i]) : condition;
          leads[each.to.index()].push_back(holds);
          ways.emplace_back(i, holds);
        }
        std::vector<Literal> to(count);
        for (std::size_t target = 0; target < count; ++target)
          to[target] = builder_.any_of(leads[target]);
        const Literal any = builder_.any_of(to);
        for (std::size_t target = 0; target < count; ++target) {
          if (to[target] == never || all_have[stage][target]) continue;
          std::vector<Literal> only = {open, to[target], may_have[stage][target] ? !entered[target] : always};
          for (std::size_t other = 0; other < count; ++other)
            if (other != target) only.push_back(!to[other]);
          const Literal goes = builder_.all_of(std::move(only));
          if (goes == never) continue;
          arrivals[target].push_back(goes);
          if (next_all[target].empty()) next_all[target].assign(count, true);
          for (std::size_t other = 0; other < count; ++other) {
            if (may_have[stage][other] || other == target) next_may[target][other] = true;
            if (!all_have[stage][other] && other != target) next_all[target][other] = false;
          }
          stays.push_back(!goes);
          Literal first = goes;
          for (const auto& [way, holds] : ways) {
            if (pathway.transitions[way].to.index() != target) continue;
            if (pathway.transitions[way].at_most == 1) newly_taken[way].push_back(builder_.both(first, holds));
            first = builder_.both(first, !holds);
          }
        }
        open = builder_.both(open, !any);
      }
      stays.push_back(here[stage]);
      done[stage] = builder_.either(done[stage], builder_.all_of(std::move(stays)));
    }
    for (std::size_t stage = 0; stage < count; ++stage) {
      here[stage] = builder_.any_of(std::move(arrivals[stage]));
      entered[stage] = builder_.either(entered[stage], here[stage]);
    }
    may_have = std::move(next_may);
    all_have = std::move(next_all);
    for (auto& each : all_have)
      each.resize(count);
    for (std::size_t i = 0; i < taken.size(); ++i)
      taken[i] = builder_.either(taken[i], builder_.any_of(std::move(newly_taken[i])));
  }
  stages_ = std::move(done);
}

} // namespace aceso::batch
