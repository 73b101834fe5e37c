#include "values/interval.h"

#include <algorithm>

#include "values/bounds.h"

namespace aceso {
namespace {

constexpr Cut first_cut{-1, {}, 0}, last_cut{1, {}, 0};

Rational place_of(const Value& point) {
  if (point.is<Date>()) return point.as<Date>().days;
  if (point.is<Instant>()) return point.as<Instant>().seconds;
  if (point.is<TimeOfDay>()) return point.as<TimeOfDay>().seconds;
  return point.as<Rational>();
}

Value point_at(PointKind kind, Rational at) {
  switch (kind) {
  case PointKind::date: return Date{at.numerator()};
  case PointKind::instant: return Instant{at.numerator()};
  case PointKind::time: return TimeOfDay{static_cast<std::int32_t>(at.numerator())};
  case PointKind::number: break;
  }
  return at;
}

/// Where points are counted, just after one is just before the next.
Cut cut(PointKind kind, Rational at, bool after) {
  if (kind == PointKind::number || !after) return {0, at, static_cast<std::int8_t>(after ? 1 : -1)};
  return {0, Rational::add(at, 1).value_or(at), -1};
}

End end_at(PointKind kind, const Value& point, bool after) {
  if (point.is<Unknown>()) return {first_cut, last_cut};
  return {cut(kind, place_of(least_of(point)), after), cut(kind, place_of(most_of(point)), after)};
}

/// The cut on the other side of the one point that lies next to it.
Cut past_point(PointKind kind, Cut cut, std::int8_t direction) {
  if (cut.infinite != 0) return cut;
  if (kind != PointKind::number) return {0, Rational::add(cut.at, direction).value_or(cut.at), -1};
  return {0, cut.at, cut.side == -direction ? direction : cut.side};
}

/// An interval holds at least one point, so each end bounds the other.
Value settled(Interval interval) {
  interval.high.least = std::max(interval.high.least, past_point(interval.kind, interval.low.least, 1));
  interval.low.most = std::min(interval.low.most, past_point(interval.kind, interval.high.most, -1));
  if (interval.low.least >= interval.high.most) return UnknownReason::invalid;
  return interval;
}

Truth less(const End& a, const End& b) {
  return a.most < b.least ? Truth::yes : a.least >= b.most ? Truth::no : Truth::unknown;
}
Truth less_or_equal(const End& a, const End& b) { return !less(b, a); }
Truth equal(const End& a, const End& b) {
  if (a.most < b.least || b.most < a.least) return Truth::no;
  return a.is_known() && b.is_known() ? Truth::yes : Truth::unknown;
}

End later(const End& a, const End& b) { return {std::max(a.least, b.least), std::max(a.most, b.most)}; }
End sooner(const End& a, const End& b) { return {std::min(a.least, b.least), std::min(a.most, b.most)}; }

Value limit(const Interval& interval, const End& end, bool is_high) {
  if (end.is_known() && end.least.infinite != 0) return UnknownReason::not_applicable;
  if (end.least.infinite != 0 || end.most.infinite != 0) return interval.reason;
  const auto point = [&](const Cut& cut) {
    const bool is_next = is_high && interval.kind != PointKind::number;
    return point_at(interval.kind, is_next ? Rational::subtract(cut.at, 1).value_or(cut.at) : cut.at);
  };
  return between(point(end.least), point(end.most));
}

} // namespace

bool operator==(const Interval& a, const Interval& b) {
  return a.kind == b.kind && a.low == b.low && a.high == b.high && a.reason == b.reason;
}

Value make_interval(PointKind kind, IntervalEnd low, IntervalEnd high) {
  Interval result{kind, {first_cut, first_cut}, {last_cut, last_cut}, UnknownReason::not_applicable};
  for (const IntervalEnd& end : {low, high})
    if (end.point && !end.point->is_known()) result.reason = std::min(result.reason, end.point->reason());
  if (low.point) result.low = end_at(kind, *low.point, low.is_excluded);
  if (high.point) result.high = end_at(kind, *high.point, !high.is_excluded);
  if (result.is_known()) result.reason = UnknownReason::not_asked;
  return settled(result);
}

Interval as_interval(PointKind kind, const Value& value) {
  if (value.is<Boxed<Interval>>()) return *value.as<Boxed<Interval>>();
  const UnknownReason reason = value.is_known() ? UnknownReason::not_asked : value.reason();
  return {kind, end_at(kind, value, false), end_at(kind, value, true), reason};
}

std::string_view to_text(Relation relation) {
  constexpr std::string_view names[] = {"before", "meets", "overlaps", "during", "starts", "ends"};
  return relation <= Relation::ends ? names[static_cast<std::size_t>(relation)] : "?";
}

Truth holds(Relation relation, const Interval& a, const Interval& b) {
  switch (relation) {
  case Relation::before: return less_or_equal(a.high, b.low);
  case Relation::meets: return equal(a.high, b.low) | equal(b.high, a.low);
  case Relation::overlaps: return less(a.low, b.high) & less(b.low, a.high);
  case Relation::during: return less_or_equal(b.low, a.low) & less_or_equal(a.high, b.high);
  case Relation::starts: return equal(a.low, b.low) & less_or_equal(a.high, b.high);
  case Relation::ends: return equal(a.high, b.high) & less_or_equal(b.low, a.low);
  }
  return Truth::unknown;
}

Truth are_equal(const Interval& a, const Interval& b) { return equal(a.low, b.low) & equal(a.high, b.high); }

Value start_of(const Interval& interval) { return limit(interval, interval.low, false); }
Value end_of(const Interval& interval) { return limit(interval, interval.high, true); }

Value intersection(const Interval& a, const Interval& b) {
  const Truth together = holds(Relation::overlaps, a, b);
  if (together == Truth::no) return UnknownReason::not_applicable;
  UnknownReason reason = UnknownReason::not_applicable;
  for (const Interval* each : {&a, &b})
    if (!each->is_known()) reason = std::min(reason, each->reason);
  if (together == Truth::unknown) return reason; // perhaps there is none
  Interval both{a.kind, later(a.low, b.low), sooner(a.high, b.high), reason};
  if (both.is_known()) both.reason = UnknownReason::not_asked;
  return settled(both);
}

} // namespace aceso
