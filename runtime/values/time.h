#pragma once
/// Civil time without an ambient clock. Proleptic Gregorian calendar (ISO 8601-1:2019); algorithms after
/// H. Hinnant, "chrono-Compatible Low-Level Date Algorithms" (public domain description).

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace aceso {

/// A calendar date, as days since 1970-01-01. Range: years 0001 to 9999.
struct Date {
  std::int64_t days = 0;
  friend constexpr auto operator<=>(Date, Date) = default;
};

/// A point in time, as seconds since 1970-01-01T00:00:00Z (leap seconds are not counted).
struct Instant {
  std::int64_t seconds = 0;
  friend constexpr auto operator<=>(Instant, Instant) = default;
};

/// A time of day, as seconds since midnight: 0 to 86,399.
struct TimeOfDay {
  std::int32_t seconds = 0;
  friend constexpr auto operator<=>(TimeOfDay, TimeOfDay) = default;
};

/// Some day from `first` to `last`, it is not known which: a partial date, or what follows from one.
struct DateRange {
  Date first, last;
  friend constexpr bool operator==(DateRange, DateRange) = default;
};

/// A length of time as written: calendar months (years are 12 months) plus exact seconds (days are 86,400 s).
/// Adding it to an instant moves the months first (end of month is kept inside the month), then the seconds.
struct Period {
  std::int64_t months = 0;
  std::int64_t seconds = 0;
  friend constexpr bool operator==(Period, Period) = default;
};

/// An instant together with the offset from UTC, in seconds, in which it was written.
struct ZonedInstant {
  Instant instant;
  std::int32_t offset_seconds = 0;
  friend constexpr bool operator==(ZonedInstant, ZonedInstant) = default;
};

class ZoneRules; // values/zone.h

/// Where the civil day begins and ends: a fixed offset from UTC, or a time zone with rules that change. Cheap to copy.
class Zone {
public:
  Zone(std::int32_t offset_seconds = 0) : offset_(offset_seconds) {} // NOLINT(google-explicit-constructor)
  explicit Zone(std::shared_ptr<const ZoneRules> rules) : rules_(std::move(rules)) {}

  /// Seconds east of UTC at an instant.
  [[nodiscard]] std::int32_t offset_at(Instant instant) const;
  /// The instant with the offset in which it is written; UTC where the offset is no whole number of minutes, as
  /// local mean time was.
  [[nodiscard]] ZonedInstant at(Instant instant) const;
  /// The instant of a civil time, as RFC 5545 section 3.3.5 reads it: the earlier one where clocks showed it twice;
  /// where they jumped over it, what the clock would have shown without the jump (02:30 is then 03:30).
  [[nodiscard]] Instant instant_of(Date date, std::int64_t second_of_day = 0) const;

private:
  std::int32_t offset_ = 0;
  std::shared_ptr<const ZoneRules> rules_;
};

struct CivilDate {
  std::int64_t year = 1970;
  unsigned month = 1; ///< 1 to 12
  unsigned day = 1;   ///< 1 to 31
};

[[nodiscard]] Date to_date(CivilDate civil);
[[nodiscard]] CivilDate to_civil(Date date);
/// "2026-11-22"; nothing for another shape or a day that does not exist.
[[nodiscard]] std::optional<Date> parse_date(std::string_view text);
/// "2026-11" and "2026": any day of the month, of the year. Nothing for another shape.
[[nodiscard]] std::optional<DateRange> parse_partial_date(std::string_view text);
/// "22:30" or "22:30:15"; nothing for another shape.
[[nodiscard]] std::optional<TimeOfDay> parse_time_of_day(std::string_view text);
/// "2026-11-22T10:00:00Z", "2026-11-22T10:00+01:00"; a plain date means midnight in `zone`.
/// A date and time without an offset is read in `zone` as well. This is a subset of RFC 3339
/// section 5.6 in which seconds may be left out: capital T and Z, no fractions, no leap second ":60", no "24:00",
/// offsets from -14:00 to +14:00. Nothing for anything else.
[[nodiscard]] std::optional<ZonedInstant> parse_instant(std::string_view text, const Zone& zone = {});
/// A date and time with its own offset or Z.
[[nodiscard]] bool states_offset(std::string_view text);
[[nodiscard]] std::string to_text(Date date);
/// "2026-11", "2026", or "2026-11-03 to 2026-12-03" where it is neither a month nor a year.
[[nodiscard]] std::string to_text(DateRange range);
/// "22:30", "22:30:15".
[[nodiscard]] std::string to_text(TimeOfDay time);
/// RFC 3339 with the offset it was given ("2026-11-22T10:00:00Z" for offset 0).
[[nodiscard]] std::string to_text(ZonedInstant instant);
[[nodiscard]] Date date_at(Instant instant, const Zone& zone);
[[nodiscard]] TimeOfDay time_at(Instant instant, const Zone& zone);
/// Adds (or with `sign` -1 subtracts) a period: the months by the calendar of the zone, then the seconds exactly.
/// 31 January + 1 month = end of February. Nothing when the result, or the date after the months, leaves the years 0001
/// to 9999.
[[nodiscard]] std::optional<Instant> checked_add(Instant instant, Period period, const Zone& zone, int sign = 1);
/// The same, held at the first or last second of the years 0001 to 9999 instead of leaving them.
[[nodiscard]] Instant add(Instant instant, Period period, const Zone& zone, int sign = 1);
/// The same day of the month that many months later, or the last day of that month where it is shorter.
/// Nothing outside of the years 0001 to 9999.
[[nodiscard]] std::optional<Date> add_months(Date date, std::int64_t months);
[[nodiscard]] std::optional<Date> add_days(Date date, std::int64_t days);
/// Completed years from birth to date, rounded toward the past (-1 on the day before birth). 29 February birthdays
/// complete on 1 March in common years.
[[nodiscard]] std::int64_t completed_years(Date birth, Date at);
/// Completed months, rounded toward the past: a month is complete when the day of the month is reached. From the 31st
/// that is the 1st of the month after next where the next one is shorter, as with birthdays on 29 February.
[[nodiscard]] std::int64_t completed_months(Date from, Date to);
/// Completed units of `unit_seconds` or, with dates, of `unit_days`; rounded toward the past.
[[nodiscard]] std::int64_t completed_days(Date from, Date to, std::int64_t unit_days = 1);
[[nodiscard]] std::int64_t completed_seconds(Instant from, Instant to, std::int64_t unit_seconds = 1);
/// "6 weeks", "3 months", "90 minutes": the largest whole unit that carries it; "1 month and 3 days"; "0 days".
[[nodiscard]] std::string to_text(Period period);

} // namespace aceso
