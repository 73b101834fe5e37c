#include "values/time.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>

#include "values/rational.h"
#include "values/zone.h"

namespace aceso {
namespace {

constexpr std::int64_t seconds_per_day = 86'400;
constexpr std::int32_t largest_offset_seconds = 14 * 3600;
constexpr std::int64_t first_year = 1;
constexpr std::int64_t last_year = 9999;

constexpr std::int64_t floor_divide(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

bool is_leap(std::int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

unsigned days_in_month(std::int64_t year, unsigned month) {
  constexpr std::array<unsigned, 12> days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/// Reads the front of a text; once something does not match, everything fails.
class Reader {
public:
  explicit Reader(std::string_view text) : rest_(text) {}

  /// Exactly `digits` decimal digits with a value from `least` to `most`.
  int number(std::size_t digits, int least, int most) {
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (rest_.empty() || rest_.front() < '0' || rest_.front() > '9') return fail();
      value = value * 10 + (rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    return value < least || value > most ? fail() : value;
  }
  void expect(char c) {
    if (!take(c)) fail();
  }
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] bool ok() const { return ok_; }
  int fail() {
    ok_ = false;
    return 0;
  }

private:
  std::string_view rest_;
  bool ok_ = true;
};

Date read_date(Reader& reader) {
  CivilDate civil;
  civil.year = reader.number(4, first_year, last_year);
  reader.expect('-');
  civil.month = static_cast<unsigned>(reader.number(2, 1, 12));
  reader.expect('-');
  civil.day = static_cast<unsigned>(reader.number(2, 1, 31));
  if (reader.ok() && civil.day > days_in_month(civil.year, civil.month)) reader.fail();
  return reader.ok() ? to_date(civil) : Date{};
}

/// Seconds since midnight of "HH:MM" or "HH:MM:SS".
std::int64_t read_time_of_day(Reader& reader) {
  std::int64_t seconds = reader.number(2, 0, 23) * 3600;
  reader.expect(':');
  seconds += reader.number(2, 0, 59) * 60;
  if (reader.take(':')) seconds += reader.number(2, 0, 59);
  return seconds;
}

/// Nothing where the text ends.
std::optional<std::int32_t> read_offset(Reader& reader) {
  if (reader.at_end()) return std::nullopt;
  if (reader.take('Z')) return 0;
  const bool west = reader.take('-');
  if (!west) reader.expect('+');
  std::int32_t seconds = reader.number(2, 0, 14) * 3600;
  reader.expect(':');
  seconds += reader.number(2, 0, 59) * 60;
  if (seconds > largest_offset_seconds) reader.fail();
  return west ? -seconds : seconds;
}

/// A text of a date or a time while it is put together: "2026-11-22T10:00:00+01:00" and, beyond the years of four
/// digits, some more.
class TimeText {
public:
  void put(char c) { text_[size_++] = c; }
  /// From 0 to 99, with a zero before one digit.
  void two_digits(std::int64_t number) {
    put(static_cast<char>('0' + number / 10));
    put(static_cast<char>('0' + number % 10));
  }
  void date(Date date) {
    const CivilDate civil = to_civil(date);
    year(civil.year);
    put('-');
    two_digits(civil.month);
    put('-');
    two_digits(civil.day);
  }
  void hours_and_minutes(std::int64_t seconds) {
    two_digits(seconds / 3600);
    put(':');
    two_digits(seconds / 60 % 60);
  }
  [[nodiscard]] std::string take() const { return {text_.data(), size_}; }

private:
  void year(std::int64_t year) {
    if (year >= 0 && year <= last_year) {
      two_digits(year / 100);
      two_digits(year % 100);
      return;
    }
    const auto wrote = std::to_chars(text_.data() + size_, text_.data() + text_.size(), year);
    size_ = static_cast<std::size_t>(wrote.ptr - text_.data());
  }

  std::array<char, 64> text_{};
  std::size_t size_ = 0;
};

constexpr Date first_date{-719'162}; // 0001-01-01
constexpr Date last_date{2'932'896}; // 9999-12-31

std::string count_of(std::int64_t count, std::string_view unit) {
  return std::to_string(count) + " " + std::string(unit) + (count == 1 || count == -1 ? "" : "s");
}

std::string months_text(std::int64_t months) {
  return months % 12 == 0 ? count_of(months / 12, "year") : count_of(months, "month");
}

std::string seconds_text(std::int64_t seconds) {
  struct Unit {
    std::int64_t seconds;
    std::string_view name;
  };
  constexpr std::array<Unit, 4> units = {
      {{7 * seconds_per_day, "week"}, {seconds_per_day, "day"}, {3600, "hour"}, {60, "minute"}}};
  for (const Unit& unit : units) {
    if (seconds % unit.seconds == 0) return count_of(seconds / unit.seconds, unit.name);
  }
  return count_of(seconds, "second");
}

} // namespace

// days_from_civil and civil_from_days of the source named in the header: years begin in March, so that the leap day
// is the last day of a year, and 400-year eras repeat.
Date to_date(CivilDate civil) {
  const std::int64_t year = civil.year - (civil.month <= 2 ? 1 : 0);
  const std::int64_t era = floor_divide(year, 400);
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t month_from_march = (static_cast<std::int64_t>(civil.month) + 9) % 12;
  const std::int64_t day_of_year = (153 * month_from_march + 2) / 5 + static_cast<std::int64_t>(civil.day) - 1;
  const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return {era * 146'097 + day_of_era - 719'468};
}

CivilDate to_civil(Date date) {
  const std::int64_t days = date.days + 719'468;
  const std::int64_t era = floor_divide(days, 146'097);
  const std::int64_t day_of_era = days - era * 146'097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
  CivilDate civil;
  civil.day = static_cast<unsigned>(day_of_year - (153 * month_from_march + 2) / 5 + 1);
  civil.month = static_cast<unsigned>(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
  civil.year = year_of_era + era * 400 + (civil.month <= 2 ? 1 : 0);
  return civil;
}

std::optional<Date> parse_date(std::string_view text) {
  Reader reader(text);
  const Date date = read_date(reader);
  if (!reader.ok() || !reader.at_end()) return std::nullopt;
  return date;
}

std::optional<DateRange> parse_partial_date(std::string_view text) {
  Reader reader(text);
  CivilDate first;
  first.year = reader.number(4, first_year, last_year);
  CivilDate last{first.year, 12, 31};
  if (reader.take('-')) {
    first.month = last.month = static_cast<unsigned>(reader.number(2, 1, 12));
    if (reader.ok()) last.day = days_in_month(last.year, last.month);
  }
  if (!reader.ok() || !reader.at_end()) return std::nullopt;
  return DateRange{to_date(first), to_date(last)};
}

std::optional<TimeOfDay> parse_time_of_day(std::string_view text) {
  Reader reader(text);
  const std::int64_t seconds = read_time_of_day(reader);
  if (!reader.ok() || !reader.at_end()) return std::nullopt;
  return TimeOfDay{static_cast<std::int32_t>(seconds)};
}

std::optional<ZonedInstant> parse_instant(std::string_view text, const Zone& zone) {
  Reader reader(text);
  const Date date = read_date(reader);
  std::int64_t time_of_day = 0;
  std::optional<std::int32_t> offset;
  if (!reader.at_end()) {
    reader.expect('T');
    time_of_day = read_time_of_day(reader);
    offset = read_offset(reader);
  }
  if (!reader.ok() || !reader.at_end()) return std::nullopt;
  if (!offset) return zone.at(zone.instant_of(date, time_of_day));
  return ZonedInstant{{date.days * seconds_per_day + time_of_day - *offset}, *offset};
}

/// Reading at two offsets gives the same instant only where the text states its own.
bool states_offset(std::string_view text) { return parse_instant(text, 0) == parse_instant(text, 3600); }

std::string to_text(Date date) {
  TimeText text;
  text.date(date);
  return text.take();
}

std::string to_text(ZonedInstant instant) {
  const std::int64_t local = instant.instant.seconds + instant.offset_seconds;
  const std::int64_t time_of_day = local - floor_divide(local, seconds_per_day) * seconds_per_day;
  TimeText text;
  text.date(date_at(instant.instant, instant.offset_seconds));
  text.put('T');
  text.hours_and_minutes(time_of_day);
  text.put(':');
  text.two_digits(time_of_day % 60);
  if (instant.offset_seconds == 0) {
    text.put('Z');
  } else {
    text.put(instant.offset_seconds < 0 ? '-' : '+');
    text.hours_and_minutes(std::abs(instant.offset_seconds));
  }
  return text.take();
}

std::string to_text(DateRange range) {
  const CivilDate first = to_civil(range.first), last = to_civil(range.last);
  const bool is_whole = first.day == 1 && first.year == last.year && last.day == days_in_month(last.year, last.month);
  if (is_whole && first.month == last.month) return to_text(range.first).substr(0, 7);
  if (is_whole && first.month == 1 && last.month == 12) return to_text(range.first).substr(0, 4);
  return to_text(range.first) + " to " + to_text(range.last);
}

std::string to_text(TimeOfDay time) {
  TimeText text;
  text.hours_and_minutes(time.seconds);
  if (time.seconds % 60 == 0) return text.take();
  text.put(':');
  text.two_digits(time.seconds % 60);
  return text.take();
}

Date date_at(Instant instant, const Zone& zone) {
  const Int128 local = Int128{instant.seconds} + zone.offset_at(instant);
  return {static_cast<std::int64_t>(local / seconds_per_day - (local % seconds_per_day < 0 ? 1 : 0))};
}

TimeOfDay time_at(Instant instant, const Zone& zone) {
  const Int128 local = Int128{instant.seconds} + zone.offset_at(instant);
  const auto rest = static_cast<std::int32_t>(local % seconds_per_day);
  return {rest < 0 ? rest + static_cast<std::int32_t>(seconds_per_day) : rest};
}

std::optional<Date> add_months(Date date, std::int64_t months) {
  CivilDate civil = to_civil(date);
  const Int128 month = Int128{civil.year} * 12 + civil.month - 1 + months;
  if (month < first_year * 12 || month >= (last_year + 1) * 12) return std::nullopt;
  civil.year = static_cast<std::int64_t>(month / 12);
  civil.month = static_cast<unsigned>(month % 12) + 1;
  civil.day = std::min(civil.day, days_in_month(civil.year, civil.month));
  return to_date(civil);
}

std::optional<Date> add_days(Date date, std::int64_t days) {
  const Int128 sum = Int128{date.days} + days;
  if (sum < first_date.days || sum > last_date.days) return std::nullopt;
  return Date{static_cast<std::int64_t>(sum)};
}

std::optional<Instant> checked_add(Instant instant, Period period, const Zone& zone, int sign) {
  constexpr std::int64_t begin = first_date.days * seconds_per_day, end = (last_date.days + 1) * seconds_per_day;
  const auto is_inside = [&](Int128 seconds) {
    if (seconds < begin - seconds_per_day || seconds > end + seconds_per_day) return false;
    const Int128 local = seconds + zone.offset_at({static_cast<std::int64_t>(seconds)});
    return begin <= local && local < end;
  };
  if (!is_inside(instant.seconds)) return std::nullopt;
  if (period.months != 0) {
    constexpr std::int64_t most_months = 12 * 10'000; // more leave the calendar from anywhere
    if (period.months < -most_months || period.months > most_months) return std::nullopt;
    const auto moved = add_months(date_at(instant, zone), sign * period.months);
    if (!moved) return std::nullopt;
    instant = zone.instant_of(*moved, time_at(instant, zone).seconds);
  }
  const Int128 sum = Int128{instant.seconds} + Int128{sign} * period.seconds;
  return is_inside(sum) ? std::optional(Instant{static_cast<std::int64_t>(sum)}) : std::nullopt;
}

Instant add(Instant instant, Period period, const Zone& zone, int sign) {
  if (const auto sum = checked_add(instant, period, zone, sign)) return *sum;
  // Out of range. The months dominate unless they are 0; a month is never shorter than 28 days.
  const Int128 direction = Int128{sign} * (Int128{period.months} * 28 * seconds_per_day + period.seconds);
  return direction < 0 ? zone.instant_of(first_date) : zone.instant_of(last_date, seconds_per_day - 1);
}

std::int64_t completed_years(Date birth, Date at) {
  const CivilDate from = to_civil(birth);
  const CivilDate to = to_civil(at);
  const bool before_birthday = to.month < from.month || (to.month == from.month && to.day < from.day);
  return to.year - from.year - (before_birthday ? 1 : 0);
}

std::int64_t completed_months(Date from, Date to) {
  const CivilDate a = to_civil(from), b = to_civil(to);
  const std::int64_t months = (b.year - a.year) * 12 + static_cast<std::int64_t>(b.month) - a.month;
  return months - (b.day < a.day ? 1 : 0);
}

std::int64_t completed_days(Date from, Date to, std::int64_t unit_days) {
  return floor_divide(to.days - from.days, unit_days);
}

std::int64_t completed_seconds(Instant from, Instant to, std::int64_t unit_seconds) {
  return floor_divide(to.seconds - from.seconds, unit_seconds);
}

std::string to_text(Period period) {
  if (period.months == 0 && period.seconds == 0) return "0 days";
  if (period.seconds == 0) return months_text(period.months);
  if (period.months == 0) return seconds_text(period.seconds);
  return months_text(period.months) + " and " + seconds_text(period.seconds);
}

} // namespace aceso
