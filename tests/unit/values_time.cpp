#include "values/time.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace aceso {
namespace {

Date date(std::string_view text) { return parse_date(text).value(); }
ZonedInstant instant(std::string_view text) { return parse_instant(text).value(); }

std::string sum(std::string_view start, Period period, int sign = 1) {
  const ZonedInstant from = instant(start);
  return to_text(ZonedInstant{add(from.instant, period, from.offset_seconds, sign), from.offset_seconds});
}

constexpr std::int64_t day = 86'400;

TEST(Time, DaysAreCountedFromTheEpoch) {
  EXPECT_EQ(to_date({1970, 1, 1}).days, 0);
  EXPECT_EQ(to_date({2000, 3, 1}).days, 11'017);
  EXPECT_EQ(date("0001-01-01").days, -719'162);
  EXPECT_EQ(date("9999-12-31").days, 2'932'896);
}

TEST(Time, EveryDayOfTheRangeSurvivesTheRoundTrip) {
  CivilDate previous = to_civil(date("0001-01-01"));
  for (std::int64_t days = date("0001-01-01").days + 1; days <= date("9999-12-31").days; ++days) {
    const CivilDate civil = to_civil({days});
    ASSERT_EQ(to_date(civil).days, days);
    const bool next_day = civil.year == previous.year && civil.month == previous.month && civil.day == previous.day + 1;
    const bool next_month = civil.year == previous.year && civil.month == previous.month + 1 && civil.day == 1;
    const bool next_year = civil.year == previous.year + 1 && civil.month == 1 && civil.day == 1;
    ASSERT_TRUE(next_day || next_month || next_year) << to_text(Date{days});
    previous = civil;
  }
}

TEST(Time, ReadsDatesThatExist) {
  EXPECT_EQ(to_text(date("2026-11-22")), "2026-11-22");
  EXPECT_EQ(to_text(date("2024-02-29")), "2024-02-29");
  EXPECT_EQ(to_text(date("2000-02-29")), "2000-02-29");
}

TEST(Time, RefusesOtherDates) {
  for (const auto* text :
       {"",           "2026",        "2026-11",     "2026-11-2",  "2026-1-22",   "26-11-22",   "2026-02-29",
        "1900-02-29", "2026-13-01",  "2026-00-10",  "2026-04-31", "2026-04-00",  "0000-01-01", "10000-01-01",
        "2026/11/22", "2026-11-22 ", " 2026-11-22", "20261122",   "+2026-11-22", "2026-11-22Z"}) {
    EXPECT_FALSE(parse_date(text)) << text;
  }
}

TEST(Time, ReadsInstants) {
  EXPECT_EQ(instant("1970-01-01T00:00:00Z").instant.seconds, 0);
  EXPECT_EQ(instant("2026-11-22T10:00+01:00").instant, instant("2026-11-22T09:00:00Z").instant);
  EXPECT_EQ(instant("2026-11-22T10:00:30-05:30").offset_seconds, -19'800);
  EXPECT_EQ(instant("1969-12-31T23:59:59Z").instant.seconds, -1);
  EXPECT_EQ(parse_instant("2026-11-22", 3600)->instant, instant("2026-11-21T23:00Z").instant);
  EXPECT_EQ(parse_instant("2026-11-22T10:00", 3600)->instant, instant("2026-11-22T09:00Z").instant);
  EXPECT_EQ(parse_instant("2026-11-22T10:00Z", 3600)->offset_seconds, 0);
  EXPECT_TRUE(parse_instant("2026-11-22T10:00+14:00"));
  EXPECT_TRUE(parse_instant("2026-11-22T10:00-14:00"));
}

TEST(Time, RefusesOtherInstants) {
  for (const auto* text : {"",
                           "2026-11-22T",
                           "2026-11-22T10",
                           "2026-11-22T10Z",
                           "2026-11-22T24:00Z",
                           "2026-11-22T10:60Z",
                           "2026-11-22T23:59:60Z",
                           "2026-11-22T10:00:00.5Z",
                           "2026-11-22t10:00Z",
                           "2026-11-22 10:00Z",
                           "2026-11-22T10:00z",
                           "2026-11-22T10:00+14:01",
                           "2026-11-22T10:00-15:00",
                           "2026-11-22T10:00+01:60",
                           "2026-11-22T10:00+1:00",
                           "2026-11-22T10:00+0100",
                           "2026-11-22T10:00+01",
                           "2026-11-22T10:00ZZ",
                           "2026-11-22T10:00:",
                           "2026-02-30T10:00Z",
                           "2026-11-22Z",
                           "2026-11-22T-1:00Z",
                           "2026-11-22T10:00:00+01:00 "}) {
    EXPECT_FALSE(parse_instant(text)) << text;
  }
}

TEST(Time, PrintsInstantsInTheirOffset) {
  EXPECT_EQ(to_text(instant("2026-11-22T10:00Z")), "2026-11-22T10:00:00Z");
  EXPECT_EQ(to_text(instant("2026-11-22T10:00+01:00")), "2026-11-22T10:00:00+01:00");
  EXPECT_EQ(to_text(instant("1969-12-31T20:15:09-03:30")), "1969-12-31T20:15:09-03:30");
  EXPECT_EQ(to_text(instant("0001-01-01T00:00+14:00")), "0001-01-01T00:00:00+14:00");
  EXPECT_EQ(to_text(instant("9999-12-31T23:59:59-14:00")), "9999-12-31T23:59:59-14:00");
}

TEST(Time, TheDateDependsOnTheOffset) {
  const Instant late = instant("2026-11-22T23:30Z").instant;
  EXPECT_EQ(date_at(late, 0), date("2026-11-22"));
  EXPECT_EQ(date_at(late, 3600), date("2026-11-23"));
  EXPECT_EQ(date_at(Instant{-1}, 0), date("1969-12-31"));
}

TEST(Time, MonthsStayInsideTheMonth) {
  EXPECT_EQ(sum("2026-01-31T08:00Z", {1, 0}), "2026-02-28T08:00:00Z");
  EXPECT_EQ(sum("2024-01-31T08:00Z", {1, 0}), "2024-02-29T08:00:00Z");
  EXPECT_EQ(sum("2024-02-29T08:00Z", {12, 0}), "2025-02-28T08:00:00Z");
  EXPECT_EQ(sum("2024-02-29T08:00Z", {48, 0}), "2028-02-29T08:00:00Z");
  EXPECT_EQ(sum("2026-03-31T08:00Z", {1, 0}, -1), "2026-02-28T08:00:00Z");
  EXPECT_EQ(sum("2026-01-15T08:00Z", {1, 0}, -1), "2025-12-15T08:00:00Z");
  EXPECT_EQ(sum("2026-11-30T08:00Z", {15, 0}), "2028-02-29T08:00:00Z");
}

TEST(Time, MonthsAreAddedBeforeSeconds) {
  EXPECT_EQ(sum("2026-01-30T00:00Z", {1, 2 * day}), "2026-03-02T00:00:00Z");
  EXPECT_EQ(sum("2026-03-31T00:00Z", {1, 3 * day}, -1), "2026-02-25T00:00:00Z");
  EXPECT_EQ(sum("2026-11-22T10:00Z", {0, 42 * day}), "2027-01-03T10:00:00Z");
  EXPECT_EQ(sum("1970-01-01T00:00Z", {0, 1}, -1), "1969-12-31T23:59:59Z");
}

TEST(Time, MonthsAreCountedAtTheOffset) {
  // 31 January here is still 30 January in Greenwich.
  EXPECT_EQ(sum("2026-01-31T00:30+01:00", {1, 0}), "2026-02-28T00:30:00+01:00");
  EXPECT_EQ(sum("2026-03-01T00:30+01:00", {1, 0}), "2026-04-01T00:30:00+01:00");
}

TEST(Time, SumsEndWithTheCalendar) {
  const Instant now = instant("2026-11-22T10:00Z").instant;
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
  for (const Period far : {Period{most, 0}, Period{0, most}, Period{most, most}, Period{12 * 7974, 0}}) {
    EXPECT_FALSE(checked_add(now, far, 0));
    EXPECT_EQ(add(now, far, 0), instant("9999-12-31T23:59:59Z").instant);
    EXPECT_FALSE(checked_add(now, far, 0, -1));
    EXPECT_EQ(add(now, far, 3600, -1), instant("0001-01-01T00:00:00+01:00").instant);
  }
  EXPECT_FALSE(checked_add(now, {least, least}, 0, -1));
  EXPECT_FALSE(checked_add({most}, {0, 0}, 14 * 3600));
  EXPECT_TRUE(checked_add(instant("9999-12-31T23:59:58Z").instant, {0, 1}, 0));
  EXPECT_FALSE(checked_add(instant("9999-12-31T23:59:59Z").instant, {0, 1}, 0));
  EXPECT_FALSE(checked_add(instant("0001-01-01T00:00Z").instant, {0, 1}, 0, -1));
}

TEST(Time, AgeIsInCompletedYears) {
  EXPECT_EQ(completed_years(date("1980-11-22"), date("2026-11-21")), 45);
  EXPECT_EQ(completed_years(date("1980-11-22"), date("2026-11-22")), 46);
  EXPECT_EQ(completed_years(date("2004-02-29"), date("2026-02-28")), 21);
  EXPECT_EQ(completed_years(date("2004-02-29"), date("2026-03-01")), 22);
  EXPECT_EQ(completed_years(date("2004-02-29"), date("2024-02-28")), 19);
  EXPECT_EQ(completed_years(date("2004-02-29"), date("2024-02-29")), 20);
  EXPECT_EQ(completed_years(date("2026-11-22"), date("2026-11-22")), 0);
  EXPECT_EQ(completed_years(date("2026-11-22"), date("2026-11-21")), -1);
}

TEST(Time, PeriodsAreWrittenInTheLargestWholeUnit) {
  EXPECT_EQ(to_text(Period{0, 42 * day}), "6 weeks");
  EXPECT_EQ(to_text(Period{0, 7 * day}), "1 week");
  EXPECT_EQ(to_text(Period{0, 10 * day}), "10 days");
  EXPECT_EQ(to_text(Period{0, 36 * 3600}), "36 hours");
  EXPECT_EQ(to_text(Period{0, 5400}), "90 minutes");
  EXPECT_EQ(to_text(Period{0, 61}), "61 seconds");
  EXPECT_EQ(to_text(Period{3, 0}), "3 months");
  EXPECT_EQ(to_text(Period{12, 0}), "1 year");
  EXPECT_EQ(to_text(Period{18, 0}), "18 months");
  EXPECT_EQ(to_text(Period{1, 3 * day}), "1 month and 3 days");
  EXPECT_EQ(to_text(Period{0, -3 * day}), "-3 days");
  EXPECT_EQ(to_text(Period{}), "0 days");
}

} // namespace
} // namespace aceso
