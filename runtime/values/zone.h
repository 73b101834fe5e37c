#pragma once
/// Time zones whose offset changes, as the IANA data say (RFC 8536, "The Time Zone Information Format").
/// Reading files is not done here: see module/zone_files.h.

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "values/time.h"

namespace aceso {

/// The offsets of one zone through all time. Immutable; safe to share between threads.
class ZoneRules {
public:
  /// The bytes of a TZif file of version 2 or later, of which the 64-bit part and the rule for the future are used.
  /// Null for anything else: a broken or shortened file, times out of order, or leap seconds (the folder "right").
  [[nodiscard]] static std::shared_ptr<const ZoneRules> parse(std::string_view bytes);

  [[nodiscard]] std::int32_t offset_at(Instant instant) const;

private:
  struct Transition {
    std::int64_t at;
    std::int32_t offset; ///< from then on
  };
  /// A day of the year and a time, as POSIX TZ strings write them (RFC 8536 section 3.3.1): "M3.5.0/2".
  struct YearlyRule {
    enum class Kind : std::uint8_t { weekday_of_month, day_without_leap, day_of_year } kind = Kind::weekday_of_month;
    unsigned month = 1, week = 1, weekday = 0;
    std::int64_t day = 0;
    std::int64_t second = 7200; ///< on the clock before the change; may be negative or longer than a day
    [[nodiscard]] std::int64_t local_seconds(std::int64_t year) const;
  };
  struct Future {
    std::int32_t standard = 0, daylight = 0;
    std::optional<YearlyRule> starts, ends; ///< of daylight time; none where the offset stays
    [[nodiscard]] std::int32_t offset_at(std::int64_t seconds) const;
  };
  friend class TzifReader;
  friend class TzStringReader;

  std::int32_t first_offset_ = 0;
  std::vector<Transition> transitions_;
  std::optional<Future> future_; ///< after the last transition
};

} // namespace aceso
