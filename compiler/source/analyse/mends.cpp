/// Edits that are proposed. Each is tried before it is told: the question is asked again of a guideline that was
/// changed so, or of the boxes of a table.
#include <algorithm>

#include <fmt/format.h>

#include "analyse/analysis.h"
#include "module/input_units.h"
#include "reference/outcome.h"

namespace aceso::analyse {

using graph::HitPolicy;

namespace {

bool is_conflict(const graph::Graph& graph, const PatientCase& patient, ActionId action) {
  const Decision decision = reference::evaluate_outcome(graph, patient).decision;
  return std::any_of(decision.recommendations.begin(), decision.recommendations.end(), [&](const Recommendation& r) {
    return r.action == action && r.status == RecommendationStatus::conflict;
  });
}

/// Whether an override by this rule would close a circle, which is refused.
bool closes_circle(const graph::Graph& graph, RuleId winner, RuleId loser) {
  std::vector<RuleId> open{loser};
  for (std::size_t i = 0; i < open.size(); ++i)
    for (const RuleId next : graph.rules[open[i].index()].overrides) {
      if (next == winner) return true;
      if (!std::count(open.begin(), open.end(), next)) open.push_back(next);
    }
  return false;
}

/// What is lost besides the conflict where the loser of an override speaks no more; empty for nothing.
struct Price {
  bool contraindicates = false;
  std::string words;
};
Price price_of_override(const graph::Graph& graph, RuleId loser, ActionId action) {
  std::string others;
  Price price;
  for (const graph::Advice& advice : graph.rules[loser.index()].advice) {
    if (advice.action == action) {
      price.contraindicates |= advice.verb == Verb::contraindicate;
      continue;
    }
    const std::string name = fmt::format("`{}`", graph.dictionary[advice.action].name);
    if (others.find(name) == std::string::npos) others += (others.empty() ? "" : " and ") + name;
  }
  if (price.contraindicates) price.words = "which sets a contraindication aside";
  if (!others.empty())
    price.words += fmt::format("{}what `{}` advises about {} is lost with it", price.words.empty() ? "" : "; ",
                               graph.dictionary[loser].name, others);
  if (!price.words.empty()) price.words = " (" + price.words + ")";
  return price;
}

std::string joined(const std::vector<std::string>& ways) {
  std::string text;
  for (const std::string& way : ways)
    text += (text.empty() ? "" : ", or ") + way;
  return text;
}

} // namespace

std::string Analysis::mend_by_override(ActionId action, const std::vector<RuleId>& rules,
                                       const PatientCase& patient) const {
  if (rules.size() != 2) return {};
  std::vector<std::string> ways, dear_ways; // dear: something else is lost with it
  bool is_proved = true;
  graph::Graph changed = graph_;
  for (const auto& [winner, loser] : {std::pair(rules[0], rules[1]), std::pair(rules[1], rules[0])}) {
    if (closes_circle(graph_, winner, loser)) continue;
    for (const RuleId rule : rules)
      changed.rules[rule.index()].overrides = graph_.rules[rule.index()].overrides;
    changed.rules[winner.index()].overrides.push_back(loser);
    if (is_conflict(changed, patient, action)) continue;
    Sat sat(budget_);
    Encoding encoding(changed, sat);
    const auto is_impossible = [&](Lit wanted) {
      std::vector<Lit> question{wanted};
      question.insert(question.end(), encoding.constraint_switches().begin(), encoding.constraint_switches().end());
      return sat.solve(question) == Answer::unsatisfiable;
    };
    if (is_impossible(encoding.effective(loser).yes)) continue; // it would never speak any more
    is_proved &= is_impossible(encoding.action(action).conflict);
    const Price price = price_of_override(graph_, loser, action);
    std::string way = fmt::format("let rule `{}` say: overrides {} because \"...\"{}", graph_.dictionary[winner].name,
                                  graph_.dictionary[loser].name, price.words);
    if (price.words.empty())
      ways.push_back(std::move(way));
    else // what sets a contraindication aside comes last
      dear_ways.insert(price.contraindicates ? dear_ways.end() : dear_ways.begin(), std::move(way));
  }
  const bool is_dear = ways.empty();
  ways.insert(ways.end(), dear_ways.begin(), dear_ways.end());
  if (ways.empty()) return {};
  const std::string overrides =
      fmt::format("{} ({})", joined(ways),
                  is_proved ? "proved: then no patient has this conflict" : "tried: this patient then has no conflict");
  return is_dear ? "narrow a condition with `unless`; or " + overrides
                 : overrides + "; or narrow a condition with `unless`";
}

std::string Analysis::mend_by_asking(const std::string& subject, const std::vector<InputId>& inputs) const {
  graph::Graph changed = graph_;
  std::string names;
  for (const InputId input : inputs) {
    changed.dictionary.inputs[input.index()].unknown_policy = UnknownPolicy::ask;
    names += fmt::format("{}`{}`", names.empty() ? "" : " and ", graph_.dictionary[input].name);
  }
  DeepOptions options;
  options.budget = budget_;
  Analysis trial(changed, options);
  trial.is_excerpt_ = is_excerpt_;
  trial.find_withdrawn();
  const bool is_proved =
      std::any_of(trial.report.questions.begin(), trial.report.questions.end(),
                  [&](const Question& q) { return q.subject == subject && q.verdict == Verdict::proved; });
  return fmt::format("let {} be asked for: unknown ask{}", names,
                     is_proved ? " (proved: then nothing that is learned takes this advice back)" : "");
}

std::string Analysis::mend_by_waiting(const std::vector<std::size_t>& circle) const {
  if (is_trial_) return {};
  std::vector<std::string> ways;
  for (std::size_t i = 0; i < circle.size(); ++i) {
    const StageId from(circle[i]), to(circle[(i + 1) % circle.size()]);
    graph::Graph changed = graph_;
    for (graph::Transition& t : changed.pathway->transitions)
      if (t.from == from && t.to == to && (!t.after || *t.after == Period{})) t.after = Period{0, 86'400};
    DeepOptions options;
    options.budget = budget_;
    Analysis trial(changed, options);
    trial.is_trial_ = true;
    trial.explore_pathway();
    trial.find_timeless_circle(true);
    if (trial.report.questions.back().verdict != Verdict::proved) continue;
    ways.push_back(fmt::format("the way from `{}` to `{}`", graph_.dictionary[from].name, graph_.dictionary[to].name));
  }
  if (ways.empty()) return {};
  return fmt::format("let {} wait, for example `after 1 day` (proved: then nobody goes round without time passing)",
                     joined(ways));
}

std::string Analysis::mend_of_hole(NodeId table, const Witness& witness) {
  const auto& boxes = boxed(table).table;
  if (!boxes || witness.single_step.empty()) return {};
  const Point at = places_of(*boxes, witness.patient.facts);
  std::vector<std::string> ways;
  bool is_proved = true;
  for (const InputId input : witness.single_step) {
    const auto found = std::find(boxes->inputs().begin(), boxes->inputs().end(), input);
    if (found == boxes->inputs().end()) continue;
    const auto axis = static_cast<std::size_t>(found - boxes->inputs().begin());
    for (std::size_t r = 0; r < boxes->row_count(); ++r) {
      const Places& beside = boxes->row(r)[axis];
      if (beside.high + 1 != at[axis] && beside.low - 1 != at[axis]) continue;
      // What the row would gain: the patient, and nobody whom another row has.
      Box gained = boxes->row(r);
      gained[axis] = {at[axis], at[axis]};
      bool fits = !is_empty(gained);
      for (std::size_t i = 0; i < at.size(); ++i)
        fits &= at[i] < 0 || (gained[i].low <= at[i] && at[i] <= gained[i].high);
      for (std::size_t other = 0; other < boxes->row_count() && fits; ++other)
        fits = !meet(gained, boxes->row(other));
      if (!fits) continue;
      // In a large table the whole of it is not looked through again.
      const bool is_small = boxes->row_count() <= most_rows_for_engine;
      std::vector<const Box*> rows{&gained};
      for (std::size_t other = 0; other < boxes->row_count() && is_small; ++other)
        if (!is_empty(boxes->row(other))) rows.push_back(&boxes->row(other));
      is_proved &= is_small && find_uncovered(boxes->whole(), rows, budget_of_row).answer == Uncovered::Answer::covered;
      const TypeId type = graph_.dictionary[input].type;
      ways.push_back(
          fmt::format("row {} include {}", r + 1, to_text(graph_.dictionary, type, boxes->value(axis, at[axis]))));
    }
  }
  if (ways.empty()) return {};
  return fmt::format("let {} ({})", joined(ways),
                     is_proved ? "proved: then every patient finds a row" : "tried: this patient then finds a row");
}

std::string Analysis::mend_of_shared_step(NodeId table, std::pair<std::size_t, std::size_t> rows,
                                          const Witness& witness) {
  const auto& boxes = boxed(table).table;
  if (!boxes || witness.single_step.empty()) return {};
  std::vector<std::string> ways;
  for (const InputId input : witness.single_step) {
    const auto found = std::find(boxes->inputs().begin(), boxes->inputs().end(), input);
    if (found == boxes->inputs().end()) continue;
    const auto axis = static_cast<std::size_t>(found - boxes->inputs().begin());
    for (const auto& [one, other] : {rows, std::pair(rows.second, rows.first)}) {
      const Places mine = boxes->row(one)[axis], others = boxes->row(other)[axis];
      const bool is_below = mine.high == others.low && mine.low < mine.high;
      if (!is_below && !(mine.low == others.high && mine.low < mine.high)) continue;
      // What the row would lose has to be in another.
      Box lost = boxes->row(one);
      const std::int64_t step = is_below ? mine.high : mine.low;
      lost[axis] = {step, step};
      std::vector<const Box*> all;
      for (std::size_t r = 0; r < boxes->row_count(); ++r)
        if (r != one && meet(boxes->row(r), lost)) all.push_back(&boxes->row(r));
      if (find_uncovered(lost, all, budget_of_row).answer != Uncovered::Answer::covered) continue;
      ways.push_back(
          fmt::format("row {} {} {}", one + 1, is_below ? "end at" : "begin at",
                      fact_text(graph_.dictionary, input, boxes->value(axis, is_below ? step - 1 : step + 1))));
    }
  }
  if (ways.empty()) return {};
  return fmt::format("let {} (proved: then no patient matches both, and none is left out by it)", joined(ways));
}

bool Analysis::is_order_enough(NodeId table, std::pair<std::size_t, std::size_t> rows) {
  const auto& boxes = boxed(table).table;
  if (boxes) return !contains(boxes->row(rows.first), boxes->row(rows.second));
  const auto& operands = graph_[table].operands;
  std::vector<Lit> alone{encoding_.truth(operands[2 * rows.second]).yes, encoding_.truth(operands[2 * rows.first]).no};
  alone.insert(alone.end(), switches().begin(), switches().end());
  return sat_.solve(alone) == Answer::satisfiable;
}

} // namespace aceso::analyse
