#include "reference/evaluator.h"

#include <algorithm>

#include "reference/snapshot.h"
#include "values/time_operations.h"

namespace aceso::reference {

using graph::HitPolicy;
using graph::Node;
using graph::Op;
using graph::OutcomeKind;
using graph::SeriesFunction;

const Value& Evaluator::value(NodeId id) {
  auto& slot = memo_[id.index()];
  if (!slot) slot = compute(graph_[id]); // operands come first in the graph, so this ends
  return *slot;
}

std::vector<Value> Evaluator::take_values() {
  for (std::size_t i = 0; i < memo_.size(); ++i)
    static_cast<void>(value(NodeId(i)));
  std::vector<Value> values;
  values.reserve(memo_.size());
  for (std::optional<Value>& one : memo_)
    values.push_back(std::move(*one));
  return values;
}

Value Evaluator::compute(const Node& node) {
  switch (node.op) {
  case Op::input: return snapshot_.values[node.reference];
  case Op::series: return series(node);
  case Op::round: return rounded(node);
  case Op::held_for: return held_for(node);
  case Op::now: return snapshot_.at;
  case Op::date_of: {
    const Value& instant = value(node.operands[0]);
    return instant.is_known() ? Value(date_at(instant.as<Instant>(), snapshot_.zone)) : instant;
  }
  case Op::time_of: {
    const Value& instant = value(node.operands[0]);
    return instant.is_known() ? Value(time_at(instant.as<Instant>(), snapshot_.zone)) : instant;
  }
  case Op::add_months:
    return calculate(TimeOperation::add_months, value(node.operands[0]), value(node.operands[1]), snapshot_.zone);
  case Op::in_stage: return stage_.is_valid() && stage_.index() == node.reference;
  case Op::selects: return Value::from(selects(node.operands[0], ActionId(node.reference)));
  case Op::differential: {
    const DifferentialResult result = differential(DifferentialId(node.reference));
    if (result.decided) return *result.decided;
    return result.status == DifferentialStatus::undetermined ? UnknownReason::not_asked : UnknownReason::not_applicable;
  }
  case Op::outcome: return outcome(node);
  case Op::caution_fires: return caution(node);
  case Op::applies: return Value::from(decision_->applies);
  default: break;
  }
  for (const NodeId operand : node.operands)
    static_cast<void>(value(operand));
  if (const Truth settled = settled_truth(node); settled != Truth::unknown) return settled == Truth::yes;
  operands_.clear(); // none of them is worked out any more, so that nobody else needs the list
  for (const NodeId operand : node.operands)
    operands_.push_back(value(operand));
  return graph::apply(graph_, node, operands_);
}

/// Of `and`, `or` and `not`: yes or no where that is clear, so that no operand is copied; else unknown.
Truth Evaluator::settled_truth(const Node& node) {
  if (node.op == Op::logical_not) return !truth(node.operands[0]);
  if (node.op != Op::logical_and && node.op != Op::logical_or) return Truth::unknown;
  const bool is_and = node.op == Op::logical_and;
  Truth settled = is_and ? Truth::yes : Truth::no;
  for (const NodeId operand : node.operands)
    settled = is_and ? settled & truth(operand) : settled | truth(operand);
  return settled;
}

Truth Evaluator::selects(NodeId id, ActionId action) {
  const Node& node = graph_[id];
  const Value& whole = value(id);
  if (whole.is_known()) return truth_of(whole.as<Choice>().index == action.index());
  if (node.op == Op::conditional) {
    const Value& condition = value(node.operands[0]);
    if (condition.is_known()) return selects(node.operands[condition.as<bool>() ? 1 : 2], action);
    const Truth a = selects(node.operands[1], action), b = selects(node.operands[2], action);
    return a == b ? a : Truth::unknown;
  }
  if (node.op != Op::table) return Truth::unknown;
  for (std::size_t i = 0; i < node.operands.size(); i += 2) {
    const Truth hit = truth(node.operands[i]);
    if (hit == Truth::no) continue;
    if (selects(node.operands[i + 1], action) != Truth::no) return Truth::unknown;
    if (hit == Truth::yes && static_cast<HitPolicy>(node.reference) == HitPolicy::first) return Truth::no;
  }
  return Truth::no; // a table without a row for this patient chooses nothing
}

std::optional<Evaluator::SeriesWindow> Evaluator::series_window(const Node& node, UnknownReason& reason) {
  const Instant now = snapshot_.at;
  SeriesWindow window;
  window.all = snapshot_.series[node.reference];
  Instant until = now;
  if (!node.operands.empty()) {
    const Value& moment = value(node.operands[0]);
    if (!moment.is_known()) {
      reason = moment.reason();
      return std::nullopt;
    }
    // A date stands for its last second, today for what is known by now. What is still to come, nobody has measured.
    const bool is_date = moment.is<Date>();
    const bool has_come = is_date ? moment.as<Date>() <= date_at(now, snapshot_.zone) : moment.as<Instant>() <= now;
    if (!has_come) {
      reason = UnknownReason::not_done;
      return std::nullopt;
    }
    until = is_date ? Instant{snapshot_.zone.instant_of(Date{moment.as<Date>().days + 1}).seconds - 1}
                    : moment.as<Instant>();
    until = std::min(until, now);
    std::erase_if(window.all, [&](const Measurement& m) { return m.first > until; });
  }
  const auto look_back = [&](const std::optional<Period>& period) {
    if (!period) return;
    const Instant start = add(until, *period, snapshot_.zone, -1);
    if (!window.from || start > *window.from) window.from = start;
  };
  look_back(node.details->period);
  look_back(graph_.dictionary.inputs[node.reference].fresh_for); // what is stale counts no more
  return window;
}

Value Evaluator::series(const Node& node) {
  UnknownReason reason{};
  const auto window = series_window(node, reason);
  return window ? series_value(static_cast<SeriesFunction>(node.detail), window->all, window->from) : Value(reason);
}

template <class Visit>
void Evaluator::look_back(const Node& node, Visit visit) const {
  const Instant start = add(snapshot_.at, *node.details->period, snapshot_.zone, -1);
  for (const Instant at : instants_of_change(graph_, snapshot_, start)) {
    const Snapshot then = earlier(graph_, snapshot_, at);
    Evaluator evaluator(graph_, then);
    visit(evaluator);
  }
}

Value Evaluator::held_for(const Node& node) const {
  Truth always = Truth::yes;
  UnknownReason reason = UnknownReason::not_applicable;
  look_back(node, [&](Evaluator& then) {
    const Value& held = then.value(node.operands[0]);
    always = always & held.truth();
    if (!held.is_known()) reason = std::min(reason, held.reason());
  });
  return Value::from(always, reason);
}

Value Evaluator::outcome(const Node& node) const {
  const auto kind = static_cast<OutcomeKind>(node.detail);
  const auto& all = decision_->recommendations;
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& r) { return r.action.index() == node.reference; });
  const auto status = found == all.end() ? RecommendationStatus::not_advised : found->status;
  if (kind == OutcomeKind::undetermined) return status == RecommendationStatus::undetermined;
  if (status == RecommendationStatus::undetermined) return UnknownReason::not_asked;
  if (kind == OutcomeKind::conflict) return status == RecommendationStatus::conflict;
  if (kind == OutcomeKind::overridden) return status == RecommendationStatus::overridden;
  if (status != RecommendationStatus::advised) return false;
  const Verb verb = *found->verb;
  const bool verb_fits = kind == OutcomeKind::recommended ? verb == Verb::recommend
                         : kind == OutcomeKind::suggested ? verb == Verb::suggest
                         : kind == OutcomeKind::advised   ? is_for(verb)
                         : kind == OutcomeKind::avoided   ? verb == Verb::avoid
                                                          : verb == Verb::contraindicate;
  return verb_fits && (node.urgency == Urgency::none || node.urgency == found->urgency) &&
         (node.strength == Strength::none || node.strength == found->strength);
}

Value Evaluator::caution(const Node& node) const {
  for (const CautionResult& result : decision_->cautions)
    if (result.caution.index() == node.reference) return Value::from(result.fires);
  return false;
}

void Evaluator::add_missing(NodeId id, InputSet& missing) {
  if (!id.is_valid()) return;
  const Node& node = graph_[id];
  if (value(id).is_known()) return;
  switch (node.op) {
  case Op::series:
    if (!node.operands.empty() && !value(node.operands[0]).is_known()) break;
    [[fallthrough]];
  case Op::input: missing.insert(InputId(node.reference)); return;
  case Op::differential: {
    const auto result = differential(DifferentialId(node.reference));
    missing.insert(result.missing.begin(), result.missing.end());
    return;
  }
  case Op::held_for: look_back(node, [&](Evaluator& then) { then.add_missing(node.operands[0], missing); }); return;
  case Op::outcome:
    for (const Recommendation& r : decision_->recommendations)
      if (r.action.index() == node.reference) missing.insert(r.missing.begin(), r.missing.end());
    return;
  case Op::caution_fires:
    for (const CautionResult& r : decision_->cautions)
      if (r.caution.index() == node.reference) missing.insert(r.missing.begin(), r.missing.end());
    return;
  case Op::conditional: {
    const Value& condition = value(node.operands[0]);
    if (condition.is_known()) return add_missing(node.operands[condition.as<bool>() ? 1 : 2], missing);
    break;
  }
  case Op::table:
    for (std::size_t i = 0; i < node.operands.size(); i += 2) {
      const Truth hit = truth(node.operands[i]);
      if (hit == Truth::no) continue;
      add_missing(node.operands[i], missing);
      add_missing(node.operands[i + 1], missing);
      if (hit == Truth::yes && static_cast<HitPolicy>(node.reference) == HitPolicy::first) return;
    }
    return;
  default: break;
  }
  for (const NodeId operand : node.operands)
    add_missing(operand, missing);
}

} // namespace aceso::reference
