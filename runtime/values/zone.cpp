#include "values/zone.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace aceso {
namespace {

constexpr std::int64_t seconds_per_day = 86'400;
constexpr std::int32_t largest_offset = 26 * 3600; // RFC 8536 section 3.2: from -25 to +26 hours, bounds left out

} // namespace

/// Reads "CET-1CEST,M3.5.0,M10.5.0/3"; once something does not match, everything fails.
class TzStringReader {
public:
  explicit TzStringReader(std::string_view text) : rest_(text) {}

  std::optional<ZoneRules::Future> read() {
    ZoneRules::Future future;
    skip_name();
    future.standard = -static_cast<std::int32_t>(time(24));
    if (ok_ && !rest_.empty()) {
      skip_name();
      future.daylight = future.standard + 3600;
      if (!rest_.empty() && rest_.front() != ',') future.daylight = -static_cast<std::int32_t>(time(24));
      future.starts = rule();
      future.ends = rule();
    }
    return ok_ && rest_.empty() ? std::optional(future) : std::nullopt;
  }

private:
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char c) { ok_ = take(c) && ok_; }

  void skip_name() {
    const bool is_quoted = take('<');
    std::size_t length = 0;
    const auto belongs = [&](char c) {
      const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      return letter || (is_quoted && ((c >= '0' && c <= '9') || c == '+' || c == '-'));
    };
    while (length < rest_.size() && belongs(rest_[length]))
      ++length;
    if (length < 3) ok_ = false;
    rest_.remove_prefix(length);
    if (is_quoted) expect('>');
  }

  std::int64_t number(std::int64_t least, std::int64_t most) {
    std::int64_t value = 0;
    std::size_t digits = 0;
    for (; digits < 3 && !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; ++digits) {
      value = value * 10 + (rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    if (digits == 0 || value < least || value > most) ok_ = false;
    return ok_ ? value : least;
  }

  /// [+-]hh[:mm[:ss]]
  std::int64_t time(std::int64_t most_hours) {
    const bool negative = take('-');
    if (!negative) (void)take('+');
    std::int64_t seconds = number(0, most_hours) * 3600;
    if (take(':')) {
      seconds += number(0, 59) * 60;
      if (take(':')) seconds += number(0, 59);
    }
    return negative ? -seconds : seconds;
  }

  ZoneRules::YearlyRule rule() {
    using Kind = ZoneRules::YearlyRule::Kind;
    ZoneRules::YearlyRule result;
    expect(',');
    if (take('M')) {
      result.month = static_cast<unsigned>(number(1, 12));
      expect('.');
      result.week = static_cast<unsigned>(number(1, 5));
      expect('.');
      result.weekday = static_cast<unsigned>(number(0, 6));
    } else if (take('J')) {
      result.kind = Kind::day_without_leap;
      result.day = number(1, 365);
    } else {
      result.kind = Kind::day_of_year;
      result.day = number(0, 365);
    }
    if (take('/')) result.second = time(167);
    return result;
  }

  std::string_view rest_;
  bool ok_ = true;
};

class TzifReader {
public:
  explicit TzifReader(std::string_view bytes) : rest_(bytes) {}

  std::shared_ptr<const ZoneRules> read() {
    const Header old = header();
    skip(old.size(4));
    const Header counts = header();
    if (!ok_ || counts.types == 0 || counts.types > 256 || counts.leaps != 0 || counts.times > 10'000) return nullptr;
    auto rules = std::make_shared<ZoneRules>();
    std::vector<std::int64_t> times;
    for (std::uint32_t i = 0; i < counts.times; ++i) {
      times.push_back(static_cast<std::int64_t>(number(8)));
      if (i > 0 && times[i] <= times[i - 1]) ok_ = false;
    }
    std::vector<std::size_t> kinds;
    for (std::uint32_t i = 0; i < counts.times; ++i)
      kinds.push_back(number(1));
    std::vector<std::int32_t> offsets;
    for (std::uint32_t i = 0; i < counts.types; ++i) {
      offsets.push_back(static_cast<std::int32_t>(static_cast<std::uint32_t>(number(4))));
      if (offsets.back() <= -largest_offset || offsets.back() >= largest_offset) ok_ = false;
      skip(2);
    }
    skip(counts.characters + counts.standards + counts.universals);
    rules->first_offset_ = offsets.front();
    for (std::size_t i = 0; ok_ && i < times.size(); ++i) {
      if (kinds[i] >= offsets.size()) return nullptr;
      rules->transitions_.push_back({times[i], offsets[kinds[i]]});
    }
    if (!ok_ || rest_.size() < 2 || rest_.front() != '\n' || rest_.back() != '\n') return nullptr;
    const std::string_view footer = rest_.substr(1, rest_.size() - 2);
    if (!footer.empty()) {
      rules->future_ = TzStringReader(footer).read();
      if (!rules->future_) return nullptr;
    }
    return rules;
  }

private:
  struct Header {
    std::uint32_t universals = 0, standards = 0, leaps = 0, times = 0, types = 0, characters = 0;
    [[nodiscard]] std::uint64_t size(std::uint64_t width) const {
      return times * (width + 1) + types * 6ULL + characters + leaps * (width + 4) + standards + universals;
    }
  };

  Header header() {
    Header result;
    if (!rest_.starts_with("TZif") || rest_.size() < 20 || rest_[4] < '2') ok_ = false;
    skip(20);
    for (std::uint32_t* count :
         {&result.universals, &result.standards, &result.leaps, &result.times, &result.types, &result.characters})
      *count = static_cast<std::uint32_t>(number(4));
    return result;
  }
  /// Big-endian.
  std::uint64_t number(std::size_t width) {
    if (rest_.size() < width) ok_ = false;
    std::uint64_t value = 0;
    for (std::size_t i = 0; ok_ && i < width; ++i)
      value = value << 8 | static_cast<unsigned char>(rest_[i]);
    skip(width);
    return value;
  }
  void skip(std::uint64_t count) {
    if (count > rest_.size()) ok_ = false;
    if (ok_) rest_.remove_prefix(count);
  }

  std::string_view rest_;
  bool ok_ = true;
};

std::shared_ptr<const ZoneRules> ZoneRules::parse(std::string_view bytes) { return TzifReader(bytes).read(); }

std::int64_t ZoneRules::YearlyRule::local_seconds(std::int64_t year) const {
  const Date new_year = to_date({year, 1, 1});
  Date date{new_year.days + day};
  if (kind == Kind::day_without_leap) {
    // 29 February is never counted.
    const bool past_leap_day = to_date({year, 3, 1}).days - new_year.days == 60 && day >= 60;
    date.days += past_leap_day ? 0 : -1;
  } else if (kind == Kind::weekday_of_month) {
    const Date first = to_date({year, month, 1});
    const Date next = to_date({month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1, 1});
    const std::int64_t first_weekday = ((first.days + 4) % 7 + 7) % 7; // 1970-01-01 was a Thursday
    date.days = first.days + (static_cast<std::int64_t>(weekday) - first_weekday + 7) % 7 + (week - 1) * 7;
    if (date >= next) date.days -= 7; // the fifth is the last
  }
  return date.days * seconds_per_day + second;
}

std::int32_t ZoneRules::Future::offset_at(std::int64_t seconds) const {
  if (!starts) return standard;
  const std::int64_t year = to_civil(date_at({seconds}, standard)).year;
  std::pair<std::int64_t, std::int32_t> latest{std::numeric_limits<std::int64_t>::min(), standard};
  for (std::int64_t y = year - 1; y <= year + 1; ++y) {
    for (const auto& [at, offset] : {std::pair{starts->local_seconds(y) - standard, daylight},
                                     std::pair{ends->local_seconds(y) - daylight, standard}})
      if (at <= seconds && at >= latest.first) latest = {at, offset};
  }
  return latest.second;
}

std::int32_t ZoneRules::offset_at(Instant instant) const {
  const auto after = std::upper_bound(transitions_.begin(), transitions_.end(), instant.seconds,
                                      [](std::int64_t at, const Transition& t) { return at < t.at; });
  if (after == transitions_.end() && future_) return future_->offset_at(instant.seconds);
  return after == transitions_.begin() ? first_offset_ : std::prev(after)->offset;
}

std::int32_t Zone::offset_at(Instant instant) const { return rules_ ? rules_->offset_at(instant) : offset_; }

ZonedInstant Zone::at(Instant instant) const {
  const std::int32_t offset = offset_at(instant);
  return {instant, offset % 60 == 0 ? offset : 0};
}

Instant Zone::instant_of(Date date, std::int64_t second_of_day) const {
  const std::int64_t local = date.days * seconds_per_day + second_of_day;
  if (!rules_) return {local - offset_};
  // No zone is further than a day from UTC, and none changes twice within two days.
  const std::int32_t before = offset_at({local - seconds_per_day}), after = offset_at({local + seconds_per_day});
  const Instant earlier{local - before}, later{local - after};
  if (offset_at(earlier) == before || offset_at(later) != after) return earlier;
  return later;
}

} // namespace aceso
