#pragma once
/// Civil time without an ambient clock. Proleptic Gregorian calendar (ISO 8601-1:2019); algorithms after
/// H. Hinnant, "chrono-Compatible Low-Level Date Algorithms" (public domain description).

#include <compare>
#include <cstdint>
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

struct CivilDate {
  std::int64_t year = 1970;
  unsigned month = 1; ///< 1 to 12
  unsigned day = 1;   ///< 1 to 31
};

[[nodiscard]] Date to_date(CivilDate civil);
[[nodiscard]] CivilDate to_civil(Date date);
/// "2026-11-22"; nothing for another shape or a day that does not exist.
[[nodiscard]] std::optional<Date> parse_date(std::string_view text);
/// "2026-11-22T10:00:00Z", "2026-11-22T10:00+01:00"; a plain date means midnight at `default_offset_seconds`.
/// A date and time without an offset is read at `default_offset_seconds` as well. This is a subset of RFC 3339
/// section 5.6 in which seconds may be left out: capital T and Z, no fractions, no leap second ":60", no "24:00",
/// offsets from -14:00 to +14:00. Nothing for anything else.
[[nodiscard]] std::optional<ZonedInstant> parse_instant(std::string_view text, std::int32_t default_offset_seconds = 0);
[[nodiscard]] std::string to_text(Date date);
/// RFC 3339 with the offset it was given ("2026-11-22T10:00:00Z" for offset 0).
[[nodiscard]] std::string to_text(ZonedInstant instant);
/// Date of the instant at an offset.
[[nodiscard]] Date date_at(Instant instant, std::int32_t offset_seconds);
/// Adds (or with `sign` -1 subtracts) a period at the given offset; 31 January + 1 month = end of February.
/// Nothing when the result, or the date after the months, leaves the years 0001 to 9999 at that offset.
[[nodiscard]] std::optional<Instant> checked_add(Instant instant, Period period, std::int32_t offset_seconds,
                                                 int sign = 1);
/// The same, held at the first or last second of the years 0001 to 9999 instead of leaving them.
[[nodiscard]] Instant add(Instant instant, Period period, std::int32_t offset_seconds, int sign = 1);
/// Completed years from birth to date, rounded toward the past (-1 on the day before birth). 29 February birthdays
/// complete on 1 March in common years.
[[nodiscard]] std::int64_t completed_years(Date birth, Date at);
/// "6 weeks", "3 months", "90 minutes": the largest whole unit that carries it; "1 month and 3 days"; "0 days".
[[nodiscard]] std::string to_text(Period period);

} // namespace aceso
