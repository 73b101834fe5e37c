#pragma once
/// Times between and times moved, for every kind of operand: known, partly known, unknown. Every engine calls these.
/// Pure; thread-safe.

#include "values/value.h"

namespace aceso {

enum class TimeOperation : std::uint8_t {
  years_between, ///< date, date: completed units, rounded toward the past; so the next three
  months_between,
  weeks_between,
  days_between,
  hours_between, ///< instant, instant: likewise
  minutes_between,
  seconds_between, ///< instant, instant, or time of day, time of day
  add_months,      ///< date or instant, a whole number; an instant by the calendar of the zone
  add_days,        ///< date, a whole number
  add_seconds      ///< instant, a whole number
};

/// The value of the operation. Of a partly known operand all completions count: a value, or bounds. An unknown operand
/// gives unknown, for the first reason of the two; what leaves the years 0001 to 9999, and a number that is not whole,
/// is unknown (`invalid`).
[[nodiscard]] Value calculate(TimeOperation operation, const Value& a, const Value& b, const Zone& zone = {});

} // namespace aceso
