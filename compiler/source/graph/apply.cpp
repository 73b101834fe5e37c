#include <algorithm>

#include "graph/graph.h"
#include "module/point_kind.h"
#include "values/bounds.h"
#include "values/time_operations.h"

namespace aceso::graph {
namespace {

/// The reason that an unknown result carries: the first in the order of UnknownReason among the unknown operands.
Value unknown_from(const std::vector<Value>& operands) {
  UnknownReason reason = UnknownReason::not_applicable;
  for (const Value& v : operands)
    if (!v.is_known()) reason = std::min(reason, v.reason());
  return reason;
}

bool all_known(const std::vector<Value>& operands) {
  return std::all_of(operands.begin(), operands.end(), [](const Value& v) { return v.is_known(); });
}

Value truth_value(Truth t, const std::vector<Value>& operands) {
  return t == Truth::unknown ? unknown_from(operands) : Value(t == Truth::yes);
}

Value number(std::optional<Rational> r) { return r ? Value(*r) : Value(UnknownReason::invalid); }

bool is_less(const Value& a, const Value& b, bool or_equal) {
  const auto compare = [&](auto x, auto y) { return or_equal ? x <= y : x < y; };
  if (a.is<Rational>()) return compare(a.as<Rational>(), b.as<Rational>());
  if (a.is<Choice>()) return compare(a.as<Choice>(), b.as<Choice>());
  if (a.is<Date>()) return compare(a.as<Date>(), b.as<Date>());
  if (a.is<TimeOfDay>()) return compare(a.as<TimeOfDay>(), b.as<TimeOfDay>());
  return compare(a.as<Instant>(), b.as<Instant>());
}

Value at_least(std::uint32_t needed, const std::vector<Value>& operands) {
  std::size_t yes = 0, possible = 0;
  for (const Value& v : operands) {
    yes += v.truth() == Truth::yes;
    possible += v.truth() != Truth::no;
  }
  return truth_value(yes >= needed ? Truth::yes : possible < needed ? Truth::no : Truth::unknown, operands);
}

Value extreme(const std::vector<Value>& operands, bool largest) {
  const Value* best = &operands.front();
  for (const Value& v : operands)
    if (largest ? is_less(*best, v, false) : is_less(v, *best, false)) best = &v;
  return *best;
}

Value sum(const std::vector<Value>& terms) {
  Rational total;
  for (const Value& v : terms) {
    const auto next = Rational::add(total, v.as<Rational>());
    if (!next) return UnknownReason::invalid;
    total = *next;
  }
  return total;
}

/// unique, first, any: one value. A row whose condition is unknown may still be the one that matches.
Value choose_row(HitPolicy policy, const std::vector<Value>& operands) {
  const Value* chosen = nullptr;
  bool open = false;
  for (std::size_t i = 0; i < operands.size(); i += 2) {
    const Truth hit = operands[i].truth();
    const Value& output = operands[i + 1];
    if (hit == Truth::no) continue;
    if (policy == HitPolicy::first) {
      // Rows that may still match come before this one: it decides only where they all say the same.
      if (chosen && *chosen != output) break;
      chosen = &output;
      if (hit == Truth::yes) return output;
      open = true;
    } else if (hit == Truth::unknown) {
      open = true;
    } else {
      if (chosen && *chosen != output) return UnknownReason::invalid; // rows overlap and differ
      chosen = &output;
    }
  }
  if (chosen && policy != HitPolicy::first) return *chosen;
  if (!open) return UnknownReason::not_applicable; // no row matches: a gap
  std::vector<Value> conditions;
  for (std::size_t i = 0; i < operands.size(); i += 2) {
    conditions.push_back(operands[i]);
    if (policy == HitPolicy::first && operands[i].truth() == Truth::yes) break; // later rows never count
  }
  return unknown_from(conditions);
}

Value collect(HitPolicy policy, const std::vector<Value>& operands) {
  std::vector<Value> hits, conditions;
  for (std::size_t i = 0; i < operands.size(); i += 2) {
    conditions.push_back(operands[i]);
    if (operands[i].truth() == Truth::yes) hits.push_back(operands[i + 1]);
  }
  if (!all_known(conditions)) return unknown_from(conditions);
  if (policy == HitPolicy::collect_count) return Rational(static_cast<std::int64_t>(hits.size()));
  if (!all_known(hits)) return unknown_from(hits);
  if (policy == HitPolicy::collect_list) return hits;
  if (policy == HitPolicy::collect_sum) return sum(hits);
  if (hits.empty()) return UnknownReason::not_applicable;
  return extreme(hits, policy == HitPolicy::collect_max);
}

TimeOperation time_operation(Op op) {
  switch (op) {
  case Op::years_between: return TimeOperation::years_between;
  case Op::months_between: return TimeOperation::months_between;
  case Op::weeks_between: return TimeOperation::weeks_between;
  case Op::days_between: return TimeOperation::days_between;
  case Op::hours_between: return TimeOperation::hours_between;
  case Op::minutes_between: return TimeOperation::minutes_between;
  case Op::seconds_between: return TimeOperation::seconds_between;
  case Op::add_months: return TimeOperation::add_months;
  case Op::add_days: return TimeOperation::add_days;
  default: return TimeOperation::add_seconds;
  }
}

Value interval(const Graph& graph, const Node& node, const std::vector<Value>& operands) {
  using Form = IntervalForm;
  const bool has_low = !(node.detail & Form::no_low), has_high = !(node.detail & Form::no_high);
  const IntervalEnd low{has_low ? &operands.front() : nullptr, (node.detail & Form::low_excluded) != 0};
  const IntervalEnd high{has_high ? &operands.back() : nullptr, (node.detail & Form::high_excluded) != 0};
  return make_interval(point_kind(graph.dictionary, node.type), low, high);
}

Value relation(const Graph& graph, const Node& node, const std::vector<Value>& operands) {
  const PointKind kind = point_kind(graph.dictionary, graph[node.operands[0]].type);
  return truth_value(
      holds(static_cast<Relation>(node.detail), as_interval(kind, operands[0]), as_interval(kind, operands[1])),
      operands);
}

Value equal(const std::vector<Value>& operands) {
  if (operands[0].is<Boxed<Interval>>() && operands[1].is<Boxed<Interval>>())
    return truth_value(are_equal(*operands[0].as<Boxed<Interval>>(), *operands[1].as<Boxed<Interval>>()), operands);
  if (all_known(operands)) return operands[0] == operands[1];
  return truth_value(are_equal(operands[0], operands[1]), operands);
}

enum class Direction : std::uint8_t { none, rises, falls };

/// How the result of an operation moves with its operands; `none`: not in one direction.
Direction direction(Op op, std::size_t operand) {
  switch (op) {
  case Op::add:
  case Op::minimum:
  case Op::maximum: return Direction::rises;
  case Op::negate: return Direction::falls;
  case Op::subtract: return operand == 0 ? Direction::rises : Direction::falls;
  case Op::less:
  case Op::less_or_equal: return operand == 0 ? Direction::falls : Direction::rises;
  default: return Direction::none;
  }
}

/// Partly known operands: the result is known as far as all they may be agree.
Value apply_partly(const Graph& graph, const Node& node, const std::vector<Value>& operands) {
  if (node.op == Op::equal) return equal(operands);
  const auto calculate = [&](const std::vector<Value>& ends) { return apply(graph, node, ends); };
  if (node.op == Op::convert)
    return monotone(
        operands, [&](std::size_t) { return node.details->factor < Rational(0); }, calculate);
  if (direction(node.op, 0) == Direction::none) return unknown_from(operands);
  return monotone(
      operands, [&](std::size_t i) { return direction(node.op, i) == Direction::falls; }, calculate);
}

/// A list may hold unknown elements: then absence is not known either.
Value contains(const Value& list, const Value& wanted) {
  Truth found = Truth::no;
  UnknownReason reason = UnknownReason::not_applicable;
  for (const Value& element : list.as<ValueList>()) {
    if (!element.is_known()) {
      found = found | Truth::unknown;
      reason = std::min(reason, element.reason());
    } else if (element == wanted) {
      return true;
    }
  }
  return Value::from(found, reason);
}

} // namespace

Value apply(const Graph& graph, const Node& node, const std::vector<Value>& operands) {
  switch (node.op) {
  case Op::constant: return node.constant;
  case Op::is_known: return operands[0].is_known();
  case Op::unknown_because:
    return !operands[0].is_known() && static_cast<std::uint32_t>(operands[0].reason()) == node.reference;
  case Op::logical_not: return truth_value(!operands[0].truth(), operands);
  case Op::logical_and: {
    Truth t = Truth::yes;
    for (const Value& v : operands)
      t = t & v.truth();
    return truth_value(t, operands);
  }
  case Op::logical_or: {
    Truth t = Truth::no;
    for (const Value& v : operands)
      t = t | v.truth();
    return truth_value(t, operands);
  }
  case Op::at_least: return at_least(node.reference, operands);
  case Op::conditional: {
    if (operands[0].is_known()) return operands[operands[0].as<bool>() ? 1 : 2];
    if (operands[1].is_known() && operands[1] == operands[2]) return operands[1];
    return operands[0];
  }
  case Op::table: {
    const auto policy = static_cast<HitPolicy>(node.reference);
    return policy <= HitPolicy::any ? choose_row(policy, operands) : collect(policy, operands);
  }
  case Op::list: return ValueList(operands);
  case Op::years_between:
  case Op::months_between:
  case Op::weeks_between:
  case Op::days_between:
  case Op::hours_between:
  case Op::minutes_between:
  case Op::seconds_between:
  case Op::add_months:
  case Op::add_days:
  case Op::add_seconds: return calculate(time_operation(node.op), operands[0], operands[1]);
  case Op::interval: return interval(graph, node, operands);
  case Op::relation: return relation(graph, node, operands);
  default: break;
  }
  if (std::any_of(operands.begin(), operands.end(), [](const Value& v) { return v.is<Unknown>(); }))
    return unknown_from(operands);
  switch (node.op) {
  case Op::start_of: return start_of(*operands[0].as<Boxed<Interval>>());
  case Op::end_of: return end_of(*operands[0].as<Boxed<Interval>>());
  case Op::intersection: return intersection(*operands[0].as<Boxed<Interval>>(), *operands[1].as<Boxed<Interval>>());
  default: break;
  }
  if (!all_known(operands)) return apply_partly(graph, node, operands);
  const auto rational = [&](std::size_t i) { return operands[i].as<Rational>(); };
  switch (node.op) {
  case Op::number_of:
    return Rational(std::count_if(operands.begin(), operands.end(), [](const Value& v) { return v.as<bool>(); }));
  case Op::equal: return equal(operands);
  case Op::less: return is_less(operands[0], operands[1], false);
  case Op::less_or_equal: return is_less(operands[0], operands[1], true);
  case Op::add: return sum(operands);
  case Op::subtract: return number(Rational::subtract(rational(0), rational(1)));
  case Op::multiply: return number(Rational::multiply(rational(0), rational(1)));
  case Op::divide:
    if (rational(1) == Rational(0)) return UnknownReason::not_applicable;
    return number(Rational::divide(rational(0), rational(1)));
  case Op::square_root: // reals have no value of their own: see values/real.h
  case Op::natural_logarithm:
  case Op::logarithm_10:
  case Op::exponential:
  case Op::power: return UnknownReason::invalid;
  case Op::negate: return number(Rational::subtract(0, rational(0)));
  case Op::absolute: return rational(0) < Rational(0) ? number(Rational::subtract(0, rational(0))) : operands[0];
  case Op::minimum: return extreme(operands, false);
  case Op::maximum: return extreme(operands, true);
  case Op::convert: {
    const auto scaled = Rational::multiply(rational(0), node.details->factor);
    return scaled ? number(Rational::add(*scaled, node.details->offset)) : Value(UnknownReason::invalid);
  }
  case Op::round:
    return number(Rational::round(rational(0), node.details->factor, static_cast<RoundingMode>(node.reference)));
  case Op::selects: return operands[0].as<Choice>().index == node.reference;
  case Op::attribute: return node.details->list[operands[0].as<Choice>().index];
  case Op::score_of: {
    const TypeInfo& scale = graph.type_of(node.operands[0]);
    return *scale.members[operands[0].as<Choice>().index].score;
  }
  case Op::contains: return contains(operands[0], operands[1]);
  case Op::member_of:
    return is_member(graph.dictionary.value_sets[node.reference].codes, operands[0],
                     static_cast<Quantifier>(node.detail));
  case Op::length: return Rational(static_cast<std::int64_t>(operands[0].as<ValueList>().size()));
  default: return UnknownReason::invalid;
  }
}

} // namespace aceso::graph
