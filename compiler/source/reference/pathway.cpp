#include "reference/pathway.h"

#include <algorithm>

#include "reference/snapshot.h"

namespace aceso::reference {

using graph::Graph;
using graph::Transition;

namespace {

class Fold {
public:
  Fold(const Graph& graph, const PatientCase& patient_case)
      : graph_(graph), pathway_(*graph.pathway), case_(patient_case), taken_(pathway_.transitions.size()) {}

  std::optional<StageResult> run() {
    for (const Instant at : instants_of_change(graph_, case_)) {
      settle_waits_before(at);
      settle(at);
    }
    if (!is_started()) return std::nullopt;
    result_.stage = stage();
    result_.entered_at = result_.path.back().entered_at;
    list_next();
    return result_;
  }

private:
  [[nodiscard]] bool is_started() const { return !result_.path.empty(); }
  [[nodiscard]] StageId stage() const { return result_.path.back().stage; }
  [[nodiscard]] Instant entered_at() const { return result_.path.back().entered_at.instant; }
  [[nodiscard]] Instant after(Period p) const { return add(entered_at(), p, zone_); }

  [[nodiscard]] bool is_way_out(const Transition& t) const {
    if (!t.is_interrupt()) return t.from == stage();
    return t.to != stage() && !std::count(t.except.begin(), t.except.end(), stage());
  }
  [[nodiscard]] bool is_used_up(std::size_t i) const {
    const std::uint32_t limit = pathway_.transitions[i].at_most;
    return limit != 0 && taken_[i] >= limit;
  }

  /// Waits that end before the next change of the case; each may lead on to a stage with waits of its own.
  void settle_waits_before(Instant next) {
    while (is_started()) {
      std::optional<Instant> earliest;
      for (const Transition& t : pathway_.transitions) {
        if (!is_way_out(t) || !t.after) continue;
        const Instant end = after(*t.after);
        if (end > settled_until_ && end < next && (!earliest || end < *earliest)) earliest = end;
      }
      if (!earliest) return;
      settle(*earliest);
    }
  }

  void settle(Instant at) {
    settled_until_ = at;
    const Snapshot snapshot = snapshot_at(graph_, case_, at);
    Evaluator evaluator(graph_, snapshot);
    if (!is_started()) {
      if (evaluator.truth(graph_.applies) != Truth::yes) return;
      enter(pathway_.start, at);
    }
    std::vector<StageId> entered_now;
    if (entered_at() == at) entered_now.push_back(stage());
    while (true) {
      result_.conflict.clear();
      const std::optional<std::size_t> next = choose(evaluator, at);
      if (!next) return;
      const StageId to = pathway_.transitions[*next].to;
      if (std::count(entered_now.begin(), entered_now.end(), to)) return; // a circle that takes no time
      ++taken_[*next];
      enter(to, at);
      entered_now.push_back(to);
    }
  }

  /// The transition to take, interrupts first; nothing where none holds or where they disagree.
  std::optional<std::size_t> choose(Evaluator& evaluator, Instant at) {
    for (const bool interrupts : {true, false}) {
      std::optional<std::size_t> chosen;
      std::vector<StageId> targets;
      for (std::size_t i = 0; i < pathway_.transitions.size(); ++i) {
        const Transition& t = pathway_.transitions[i];
        if (t.is_interrupt() != interrupts || !is_way_out(t) || is_used_up(i)) continue;
        if (t.after && at < after(*t.after)) continue;
        if (evaluator.truth(t.condition) != Truth::yes) continue;
        if (!chosen) chosen = i;
        if (!std::count(targets.begin(), targets.end(), t.to)) targets.push_back(t.to);
      }
      if (targets.size() > 1) {
        result_.conflict = targets;
        return std::nullopt;
      }
      if (chosen) return chosen;
    }
    return std::nullopt;
  }

  void enter(StageId stage, Instant at) { result_.path.push_back({stage, zone_.at(at)}); }

  /// The ways out that may still be taken, as seen at `now`.
  void list_next() {
    const Snapshot snapshot = snapshot_at(graph_, case_, case_.now.instant);
    Evaluator evaluator(graph_, snapshot);
    for (std::size_t i = 0; i < pathway_.transitions.size(); ++i) {
      const Transition& t = pathway_.transitions[i];
      if (!is_way_out(t) || is_used_up(i)) continue;
      NextStage next;
      next.to = t.to;
      next.when = t.condition_text;
      next.condition = evaluator.truth(t.condition);
      if (t.after) next.not_before = zone_.at(after(*t.after));
      if (t.within) next.due = zone_.at(after(*t.within));
      next.overdue = next.due && next.due->instant < case_.now.instant;
      if (!next.due) next.due = next.not_before;
      Evaluator::InputSet missing;
      evaluator.add_missing(t.condition, missing);
      next.missing.assign(missing.begin(), missing.end());
      result_.next.push_back(std::move(next));
    }
  }

  const Graph& graph_;
  const graph::Pathway& pathway_;
  const PatientCase& case_;
  const Zone zone_ = case_.zone();
  std::vector<std::uint32_t> taken_;
  Instant settled_until_{std::numeric_limits<std::int64_t>::min()};
  StageResult result_;
};

} // namespace

std::optional<StageResult> follow_pathway(const Graph& graph, const PatientCase& patient_case) {
  if (!graph.pathway) return std::nullopt;
  return Fold(graph, patient_case).run();
}

} // namespace aceso::reference
