#pragma once
/// Intervals of numbers, dates, instants and times of day, with ends that may be excluded, missing or not known.
/// The relations are those of J. F. Allen, "Maintaining Knowledge about Temporal Intervals", 1983, joined as clinicians
/// use them. Pure; thread-safe.

#include <cstdint>
#include <optional>

#include "values/value.h"

namespace aceso {

/// A place between the points of a line: just before or just after `at`, or infinitely far. An interval is what lies
/// between two cuts, so that ends that are included and ends that are not compare alike.
struct Cut {
  std::int8_t infinite = 0; ///< -1: before everything; 1: after everything; then the rest is 0
  Rational at;
  std::int8_t side = 0; ///< -1: just before; 1: just after
  friend std::strong_ordering operator<=>(const Cut&, const Cut&) = default;
  friend bool operator==(const Cut&, const Cut&) = default;
};

/// A cut of which bounds are known.
struct End {
  Cut least, most;
  [[nodiscard]] bool is_known() const { return least == most; }
  friend bool operator==(const End&, const End&) = default;
};

/// What the points of an interval are. Days, seconds and times of day are counted: after 31 January comes 1 February,
/// and nothing lies between. Numbers are not: between two there is always another.
enum class PointKind : std::uint8_t { number, date, instant, time };

struct Interval {
  PointKind kind = PointKind::number;
  End low, high;
  UnknownReason reason = UnknownReason::not_asked; ///< where an end is not known
  [[nodiscard]] bool is_known() const { return low.is_known() && high.is_known(); }
};

/// One end of an interval as it is made: the point, nothing where there is no end on that side.
struct IntervalEnd {
  const Value* point = nullptr;
  bool is_excluded = false;
};

/// The interval, an end of which may be unknown. Unknown (`invalid`) where it can hold no point.
[[nodiscard]] Value make_interval(PointKind kind, IntervalEnd low, IntervalEnd high);
/// An interval as it is, a point as the interval that holds just that point.
[[nodiscard]] Interval as_interval(PointKind kind, const Value& value);

enum class Relation : std::uint8_t {
  before,   ///< a ends before b begins
  meets,    ///< one begins where the other ends: nothing between them, nothing in both
  overlaps, ///< some point is in both
  during,   ///< all of a is in b
  starts,   ///< both begin together, and a ends no later
  ends      ///< both end together, and a begins no earlier
};
[[nodiscard]] std::string_view to_text(Relation relation);

/// yes or no where every completion of the unknown ends agrees, as far as each end is looked at alone.
[[nodiscard]] Truth holds(Relation relation, const Interval& a, const Interval& b);
[[nodiscard]] Truth are_equal(const Interval& a, const Interval& b);

/// The first and the last point; of an interval of numbers its limits, included or not. Unknown (`not_applicable`)
/// where there is no end on that side.
[[nodiscard]] Value start_of(const Interval& interval);
[[nodiscard]] Value end_of(const Interval& interval);
/// What is in both: unknown (`not_applicable`) where nothing is.
[[nodiscard]] Value intersection(const Interval& a, const Interval& b);

} // namespace aceso
