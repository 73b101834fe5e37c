/// The pathway as a fold over the dated events of a patient: see docs/language.md.
#include <algorithm>
#include <limits>
#include <utility>

#include "interpret/evaluator_state.h"

namespace aceso::interpret {

Instant Evaluator::State::after(Period period) const { return add(path.back().second, period, now.zone); }

const std::vector<std::uint32_t>& Evaluator::State::ways_out() const {
  return plan.ways_out[path.back().first.index()];
}

bool Evaluator::State::is_way_out(const ModuleTransition& transition) const {
  const StageId stage = path.back().first;
  if (!transition.is_interrupt()) return transition.from == stage;
  return transition.to != stage &&
         std::find(transition.except.begin(), transition.except.end(), stage) == transition.except.end();
}

void Evaluator::State::follow_pathway() {
  path.clear();
  conflict.clear();
  std::fill(taken_.begin(), taken_.end(), 0);
  settled_until_ = Instant{std::numeric_limits<std::int64_t>::min()};
  if (!facts.has_history()) {
    run_pathway(); // the constraints have run at `now`
    return settle_at(now.instant);
  }
  for (const Instant at : facts.instants_of_change(now)) {
    settle_waits_before(at);
    check_constraints_at(at);
    run_pathway();
    settle_at(at);
  }
}

/// Waits that end before the next change of the case; each may lead on to a stage with waits of its own.
void Evaluator::State::settle_waits_before(Instant next_change) {
  while (!path.empty()) {
    std::optional<Instant> earliest;
    for (const auto* list : {&std::as_const(plan).interrupts, &ways_out()})
      for (const std::uint32_t i : *list) {
        const ModuleTransition& each = module.pathway->transitions[i];
        if (!each.after || !is_way_out(each)) continue;
        const Instant end = after(*each.after);
        if (end > settled_until_ && end < next_change && (!earliest || end < *earliest)) earliest = end;
      }
    if (!earliest) return;
    settle(*earliest);
  }
}

void Evaluator::State::settle(Instant at) {
  take_snapshot(at, {});
  run_constraints();
  run_pathway();
  settle_at(at);
}

/// The registers are those of `at`.
void Evaluator::State::settle_at(Instant at) {
  settled_until_ = at;
  if (path.empty()) {
    if (module.applies != no_register && machine.truth(module.applies) != bytecode::yes) return;
    path.emplace_back(module.pathway->start, at);
  }
  entered_now_.clear();
  if (path.back().second == at) entered_now_.push_back(path.back().first);
  while (true) {
    conflict.clear();
    const std::optional<std::uint32_t> chosen = choose_way(at);
    if (!chosen) return;
    const StageId to = module.pathway->transitions[*chosen].to;
    if (std::find(entered_now_.begin(), entered_now_.end(), to) != entered_now_.end()) return; // a circle without time
    ++taken_[*chosen];
    path.emplace_back(to, at);
    entered_now_.push_back(to);
  }
}

/// The transition to take, interrupts first; nothing where none holds or where they disagree.
std::optional<std::uint32_t> Evaluator::State::choose_way(Instant at) {
  const auto& transitions = module.pathway->transitions;
  for (const auto* list : {&std::as_const(plan).interrupts, &ways_out()}) {
    std::optional<std::uint32_t> chosen;
    targets_.clear();
    for (const std::uint32_t i : *list) {
      const ModuleTransition& each = transitions[i];
      if (each.condition != no_register && machine.truth(each.condition) != bytecode::yes) continue;
      if (!is_way_out(each) || (each.at_most != 0 && taken_[i] >= each.at_most)) continue;
      if (each.after && at < after(*each.after)) continue;
      if (!chosen) chosen = i;
      if (std::find(targets_.begin(), targets_.end(), each.to) == targets_.end()) targets_.push_back(each.to);
    }
    if (targets_.size() > 1) {
      conflict = targets_;
      return std::nullopt;
    }
    if (chosen) return chosen;
  }
  return std::nullopt;
}

/// The ways out that may still be taken. The registers are those of `now`, the last instant that was settled.
void Evaluator::State::list_next() {
  next.clear();
  next_missing.clear();
  if (path.empty()) return;
  const auto& transitions = module.pathway->transitions;
  for (std::uint32_t i = 0; i < transitions.size(); ++i) {
    const ModuleTransition& each = transitions[i];
    if (!is_way_out(each)) continue;
    if (each.at_most != 0 && taken_[i] >= each.at_most) continue;
    NextWay way{i, Truth::yes, static_cast<std::uint32_t>(next_missing.size()), 0};
    if (each.condition != no_register) way.condition = bytecode::to_truth(machine.truth(each.condition));
    if (way.condition == Truth::unknown) {
      machine.begin_missing();
      machine.add_missing_truth(each.condition);
      const auto& missing = machine.missing();
      next_missing.insert(next_missing.end(), missing.begin(), missing.end());
    }
    way.missing_end = static_cast<std::uint32_t>(next_missing.size());
    next.push_back(way);
  }
}

} // namespace aceso::interpret
