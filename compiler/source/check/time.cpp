/// Dates, times, intervals: functions, arithmetic and relations.
#include <algorithm>

#include <fmt/format.h>

#include "check/checker.h"

namespace aceso::check {

using E = ast::ExpressionKind;
using Form = graph::IntervalForm;

namespace {

/// NAME(a, b), and with one argument less since the first: from it until now.
struct Measure {
  std::string_view between, since, age;
  Op op;
  std::string_view unit;
  bool of_dates;
};
constexpr Measure measures[] = {
    {"years_between", "years_since", "age", Op::years_between, "a", true},
    {"months_between", "months_since", "age_in_months", Op::months_between, "mo", true},
    {"weeks_between", "weeks_since", "age_in_weeks", Op::weeks_between, "wk", true},
    {"days_between", "days_since", "age_in_days", Op::days_between, "d", true},
    {"hours_between", "hours_since", "", Op::hours_between, "h", false},
    {"minutes_between", "minutes_since", "", Op::minutes_between, "min", false},
    {"seconds_between", "seconds_since", "", Op::seconds_between, "s", false},
};

constexpr std::pair<std::string_view, Relation> relations[] = {
    {"before", Relation::before}, {"meets", Relation::meets},    {"overlaps", Relation::overlaps},
    {"during", Relation::during}, {"starts", Relation::starts},  {"ends", Relation::ends},
    {"after", Relation::before},  {"includes", Relation::during}};

bool is_calendar(std::string_view unit) { return unit == "a" || unit == "mo"; }

} // namespace

std::vector<std::string_view> time_functions() {
  std::vector<std::string_view> names{"date_of", "time_of", "start_of", "end_of", "width_of", "intersection"};
  for (const Measure& m : measures)
    for (const std::string_view name : {m.between, m.since, m.age})
      if (!name.empty()) names.push_back(name);
  return names;
}

NodeId Checker::today(Span span) { return node(Op::date_of, date_, span, {node(Op::now, instant_, span, {})}); }

NodeId Checker::lower_time_call(const ast::Expression& e, bool& known) {
  known = true;
  const auto& children = e.children;
  const auto count = [&](std::size_t wanted, std::string_view takes) {
    if (children.size() == wanted) return true;
    sink_.report(Kind::wrong_argument_count, e.span, e.text, takes,
                 fmt::format("{} {} given", children.size(), children.size() == 1 ? "is" : "are"));
    return false;
  };
  for (const Measure& m : measures) {
    const bool between = e.text == m.between, since = e.text == m.since;
    if (!between && !since && (m.age.empty() || e.text != m.age)) continue;
    const TypeId type = m.of_dates ? date_ : instant_;
    if (!between && !since && !count(1, "the date of birth")) return {};
    if (between ? !count(2, m.of_dates ? "two dates" : "two instants")
                : !count(1, m.of_dates ? "a date" : "a date and time"))
      return {};
    const NodeId from = lower_as(*children[0], type);
    const NodeId to = between      ? lower_as(*children[1], type)
                      : m.of_dates ? today(e.span)
                                   : node(Op::now, instant_, e.span, {});
    return node(m.op, number_type(std::string(m.unit)), e.span, {from, to});
  }
  if (e.text == "date_of" || e.text == "time_of") {
    if (!count(1, "a date and time")) return {};
    const NodeId instant = lower_as(*children[0], instant_);
    return e.text == "date_of" ? node(Op::date_of, date_, e.span, {instant})
                               : node(Op::time_of, time_type(), e.span, {instant});
  }
  if (e.text == "interval") return lower_interval(e);
  const bool intersects = e.text == "intersection";
  known = intersects || e.text == "start_of" || e.text == "end_of" || e.text == "width_of";
  if (!known || !count(intersects ? 2 : 1, intersects ? "two intervals" : "an interval")) return {};
  std::vector<NodeId> intervals;
  for (const auto& child : children) {
    intervals.push_back(lower_exact(*child));
    if (!intervals.back().is_valid()) return {};
    if (info(at(intervals.back()).type).kind == TypeKind::interval) continue;
    sink_.report(Kind::type_mismatch, child->span, text_of(child->span), in_words(at(intervals.back()).type),
                 "an interval");
    return {};
  }
  if (intersects) {
    if (!unify(intervals[0], intervals[1], e.span, true)) return {};
    return node(Op::intersection, at(intervals[0]).type, e.span, intervals);
  }
  const TypeId point = point_type(at(intervals[0]).type);
  const TypeId type = is_numeric(point) ? number_type(info(point).unit) : point;
  if (e.text == "start_of") return node(Op::start_of, type, e.span, intervals);
  const NodeId end = node(Op::end_of, type, e.span, intervals);
  return e.text == "end_of" ? end : difference(node(Op::start_of, type, e.span, intervals), end, e.span);
}

/// How far it is from one point to another of its kind.
NodeId Checker::difference(NodeId from, NodeId to, Span span) {
  const TypeId type = at(from).type;
  if (is_numeric(type)) {
    if (refuse_point(from, span, "subtracted")) return {};
    return node(Op::subtract, number_type(info(type).unit), span, {to, from});
  }
  if (type == date_) return node(Op::days_between, number_type("d"), span, {from, to});
  return node(Op::seconds_between, number_type("s"), span, {from, to});
}

NodeId Checker::shift(NodeId subject, NodeId amount, Span span) {
  if (!subject.is_valid() || !amount.is_valid()) return {};
  const bool of_dates = at(subject).type == date_;
  const std::string unit = info(at(amount).type).unit;
  const bool is_length = info(at(amount).type).kind == TypeKind::duration && at(subject).type != time_type();
  const bool is_part_of_day = unit == "h" || unit == "min" || unit == "s";
  if (!is_length || (of_dates && is_part_of_day)) {
    sink_
        .report(Kind::type_mismatch, at(amount).span, text_of(at(amount).span), in_words(at(amount).type),
                of_dates ? "a length of time in days or longer" : "a length of time")
        .mend = of_dates ? "dates are moved by days, weeks, months or years, for example: 2 weeks"
                         : "write its unit, for example: 2 weeks; times of day cannot be moved";
    return {};
  }
  const NodeId whole = convert_unit(amount, is_calendar(unit) ? "mo" : of_dates ? "d" : "s", span);
  if (!whole.is_valid()) return {};
  if (const auto& range = at(whole).range(); range && !range->step.is_integer()) {
    sink_
        .add(Kind::bad_range, at(amount).span,
             fmt::format("`{}` may be a part of a {}", text_of(at(amount).span),
                         is_calendar(unit) ? "month"
                         : of_dates        ? "day"
                                           : "second"))
        .mend = "round it first, or write a smaller unit";
    return {};
  }
  const Op op = is_calendar(unit) ? Op::add_months : of_dates ? Op::add_days : Op::add_seconds;
  return node(op, at(subject).type, span, {subject, whole});
}

/// date + 2 weeks, 2 weeks + date, date - 2 weeks, date - date; likewise with instants; time - time.
NodeId Checker::lower_time_arithmetic(const ast::Expression& e, NodeId a, NodeId b) {
  for (const NodeId side : {a, b})
    if (!refuse_real(side, at(side).span)) return {};
  if (e.kind == E::subtract && !is_numeric(at(a).type) && !is_numeric(at(b).type)) {
    if (!unify(a, b, e.span, true)) return {};
    return difference(b, a, e.span);
  }
  if (e.kind == E::add && is_numeric(at(a).type)) std::swap(a, b);
  if (is_numeric(at(a).type) || !is_numeric(at(b).type)) {
    sink_.report(Kind::type_mismatch, at(b).span, text_of(at(b).span), in_words(at(b).type), "a length of time");
    return {};
  }
  if (e.kind == E::subtract) b = node(Op::negate, number_type(info(at(b).type).unit), at(b).span, {b});
  return shift(a, b, e.span);
}

NodeId Checker::lower_interval(const ast::Expression& e) {
  const auto& children = e.children;
  if (children.size() != 2 && children.size() != 3) {
    sink_.report(Kind::wrong_argument_count, e.span, e.text,
                 "its first and last point, and maybe which are left out: interval(a, b, open_end)",
                 fmt::format("{} {} given", children.size(), children.size() == 1 ? "is" : "are"));
    return {};
  }
  const auto is_word = [&](const ast::Expression& child, std::string_view word) {
    return child.kind == E::name && child.text == word && values_.find(word) == values_.end();
  };
  const bool no_low = is_word(*children[0], "unbounded"), no_high = is_word(*children[1], "unbounded");
  Node n;
  n.op = Op::interval;
  n.span = e.span;
  n.detail = static_cast<std::uint8_t>((no_low ? Form::no_low : 0) | (no_high ? Form::no_high : 0));
  if (no_low && no_high) {
    sink_.add(Kind::bad_range, e.span, "an interval without any end holds everything").mend =
        "write at least one end, for example: interval(2026-01-01, unbounded)";
    return {};
  }
  if (children.size() == 3) {
    constexpr std::string_view names[] = {"closed", "open_start", "open_end", "open"}; // bits 1: low, 2: high
    const auto form = std::find(std::begin(names), std::end(names), children[2]->text);
    if (children[2]->kind != E::name || form == std::end(names)) {
      sink_.report(Kind::unknown_member, children[2]->span, text_of(children[2]->span),
                   "closed, open_start, open_end, open");
      return {};
    }
    n.detail = static_cast<std::uint8_t>(n.detail | (form - std::begin(names)));
  }
  if (no_low || no_high) {
    n.operands = {lower_exact(*children[no_low ? 1 : 0])};
  } else {
    const auto [low, high] = lower_pair(*children[0], *children[1]);
    n.operands = {low, high};
    if (!low.is_valid() || !high.is_valid() || !unify(n.operands[0], n.operands[1], e.span, true)) return {};
  }
  if (!n.operands[0].is_valid()) return {};
  const TypeId point = at(n.operands[0]).type;
  if (!has_line(point)) {
    sink_.report(Kind::type_mismatch, children[0]->span, text_of(children[0]->span), in_words(point),
                 "a number, a date, an instant or a time");
    return {};
  }
  n.type = interval_of(is_numeric(point) ? number_type(info(point).unit) : point);
  const Span span = e.span;
  const NodeId made = add(std::move(n));
  // A fixed interval that was not folded holds nothing.
  if (made.is_valid() && !is_constant(made) &&
      std::all_of(at(made).operands.begin(), at(made).operands.end(), [&](NodeId id) { return is_constant(id); })) {
    sink_.add(Kind::bad_range, span, "the interval holds nothing: it ends before it begins").mend =
        "write the earlier or smaller end first";
    return {};
  }
  return made;
}

NodeId Checker::relate(Relation relation, NodeId a, NodeId b, Span span) {
  const TypeId left = point_type(at(a).type), right = point_type(at(b).type);
  const bool numbers = is_numeric(left) && is_numeric(right);
  if (!has_line(left) || !has_line(right) || (!numbers && left != right)) {
    Diagnostic& d = sink_.report(Kind::cannot_compare, span, in_words(at(a).type), in_words(at(b).type));
    if ((left == date_ && right == instant_) || (left == instant_ && right == date_))
      d.mend = "take the date of the instant: date_of(...)";
    return {};
  }
  if (numbers && info(left).unit != info(right).unit) {
    // Only a point can be brought to the unit of the other side.
    NodeId& point = is_numeric(at(a).type) ? a : b;
    if (!is_numeric(at(point).type)) {
      sink_.report(Kind::units_differ, span, fmt::format("`{}`", info(left).unit),
                   fmt::format("`{}`", info(right).unit));
      return {};
    }
    point = convert_unit(point, info(&point == &a ? right : left).unit, at(point).span);
    if (!point.is_valid()) return {};
  }
  Node n;
  n.op = Op::relation;
  n.type = yes_no_;
  n.span = span;
  n.operands = {a, b};
  n.detail = static_cast<std::uint8_t>(relation);
  return add(std::move(n));
}

NodeId Checker::lower_relation(const ast::Expression& e) {
  auto [a, b] = lower_pair(*e.children[0], *e.children[1]);
  if (!a.is_valid() || !b.is_valid()) return {};
  const Relation relation = std::find_if(std::begin(relations), std::end(relations), [&](const auto& r) {
                              return r.first == e.text;
                            })->second;
  if (e.text == "after" || e.text == "includes") std::swap(a, b);
  // Only an interval holds something; only intervals overlap, meet, start or end each other.
  for (const NodeId side : {a, b}) {
    const bool may_be_point = relation == Relation::before || (relation == Relation::during && side == a);
    if (may_be_point || info(at(side).type).kind == TypeKind::interval) continue;
    sink_.report(Kind::type_mismatch, at(side).span, text_of(at(side).span), in_words(at(side).type), "an interval")
        .mend = fmt::format("write the interval, for example: interval({}, {})", text_of(at(side).span),
                            text_of(at(side).span));
    return {};
  }
  return relate(relation, a, b, e.span);
}

/// a within 2 weeks of b: b - 2 weeks <= a <= b + 2 weeks; `before` and `after` ask for one half of that.
NodeId Checker::lower_near(const ast::Expression& e) {
  const std::pair<NodeId, NodeId> sides = lower_pair(*e.children[0], *e.children[1]);
  const NodeId a = sides.first, b = sides.second;
  const auto length = period(*e.children[2]);
  if (!a.is_valid() || !b.is_valid() || !length) return {};
  for (const NodeId side : {a, b}) {
    if (at(side).type == date_ || at(side).type == instant_) continue;
    sink_.report(Kind::type_mismatch, at(side).span, text_of(at(side).span), in_words(at(side).type),
                 "a date or an instant");
    return {};
  }
  if (at(a).type != at(b).type) {
    sink_.report(Kind::cannot_compare, e.span, in_words(at(a).type), in_words(at(b).type)).mend =
        "take the date of the instant: date_of(...)";
    return {};
  }
  const Span span = e.children[2]->span;
  const auto moved = [&](int sign) {
    const std::int64_t size = length->months != 0 ? length->months : length->seconds;
    return shift(b, constant(Rational(sign * size), number_type(length->months != 0 ? "mo" : "s"), span), span);
  };
  const auto moved_date = [&](int sign) -> NodeId {
    if (length->months != 0 || at(b).type == instant_) return moved(sign);
    if (length->seconds % 86'400 == 0)
      return shift(b, constant(Rational(sign * (length->seconds / 86'400)), number_type("d"), span), span);
    sink_.add(Kind::bad_range, span, fmt::format("`{}` is no whole number of days", text_of(span))).mend =
        "dates are whole days; write days, weeks, months or years";
    return {};
  };
  const NodeId low = e.text == "after" ? b : moved_date(-1);
  const NodeId high = e.text == "before" ? b : low.is_valid() ? moved_date(1) : NodeId{};
  return node(
      Op::logical_and, yes_no_, e.span,
      {node(Op::less_or_equal, yes_no_, e.span, {low, a}), node(Op::less_or_equal, yes_no_, e.span, {a, high})});
}

NodeId Checker::lower_lasting(const ast::Expression& e) {
  // Where a patient stands, and what is advised, is known for the present only.
  const bool outcomes = std::exchange(allow_outcomes_, false), stage = std::exchange(allow_stage_, false);
  const NodeId condition = lower_condition(*e.children[0]);
  allow_outcomes_ = outcomes;
  allow_stage_ = stage;
  Node n;
  n.op = Op::held_for;
  n.type = yes_no_;
  n.span = e.span;
  n.details.edit().period = period(*e.children[1]);
  if (!condition.is_valid() || !n.details->period) return {};
  n.operands = {condition};
  return add(std::move(n));
}

} // namespace aceso::check
