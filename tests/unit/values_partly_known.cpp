/// Partly known dates and intervals, against every completion of them.
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "graph/graph.h"
#include "values/bounds.h"
#include "values/interval.h"

namespace aceso {
namespace {

using graph::Op;

std::vector<Value> completions(const Value& value) {
  if (!value.is<DateRange>()) return {value};
  std::vector<Value> all;
  for (std::int64_t day = value.as<DateRange>().first.days; day <= value.as<DateRange>().last.days; ++day)
    all.emplace_back(Date{day});
  return all;
}

/// A full date, a month or a stretch of days around the end of February of 2023 to 2025.
Value random_date(std::mt19937& random) {
  const std::int64_t day = to_date({2023, 1, 1}).days + static_cast<std::int64_t>(random() % 900);
  if (random() % 3 == 0) return Date{day};
  if (random() % 2 == 0) return DateRange{{day}, {day + static_cast<std::int64_t>(random() % 20)}};
  const CivilDate civil = to_civil({day});
  const Date first = to_date({civil.year, civil.month, 1});
  return DateRange{first, {add_months(first, 1)->days - 1}};
}

TEST(PartlyKnown, OperationsGiveWhatAllCompletionsAgreeOn) {
  std::mt19937 random(2026);
  const graph::Graph graph;
  for (int round = 0; round < 300; ++round) {
    const Value a = random_date(random), b = random_date(random);
    for (const Op op : {Op::less, Op::less_or_equal, Op::equal, Op::years_between, Op::months_between,
                        Op::weeks_between, Op::days_between}) {
      graph::Node node;
      node.op = op;
      std::optional<Value> least, most;
      const auto is_less = [](const Value& x, const Value& y) {
        return x.is<bool>() ? !x.as<bool>() && y.as<bool>() : x.as<Rational>() < y.as<Rational>();
      };
      for (const Value& x : completions(a))
        for (const Value& y : completions(b)) {
          const Value result = graph::apply(graph, node, {x, y});
          if (!least || is_less(result, *least)) least = result;
          if (!most || is_less(*most, result)) most = result;
        }
      EXPECT_EQ(graph::apply(graph, node, {a, b}), between(*least, *most)) << info(op).name;
    }
    for (const Op op : {Op::add_months, Op::add_days}) {
      graph::Node node;
      node.op = op;
      const Value amount = Rational(static_cast<std::int64_t>(random() % 60) - 30);
      std::optional<Date> least, most;
      for (const Value& x : completions(a)) {
        const Date result = graph::apply(graph, node, {x, amount}).as<Date>();
        if (!least || result < *least) least = result;
        if (!most || *most < result) most = result;
      }
      EXPECT_EQ(graph::apply(graph, node, {a, amount}), Value(DateRange{*least, *most})) << info(op).name;
    }
  }
}

Value interval_of(const Value& low, const Value& high) {
  return make_interval(PointKind::date, {&low, false}, {&high, false});
}

Value small_date(std::mt19937& random, bool may_be_partial) {
  const std::int64_t day = static_cast<std::int64_t>(random() % 9);
  if (!may_be_partial || random() % 2 == 0) return Date{day};
  return DateRange{{day}, {day + 1 + static_cast<std::int64_t>(random() % 5)}};
}

TEST(PartlyKnown, RelationsOfIntervalsAreNeverWrongAndNeverVagueForOneOpenEnd) {
  std::mt19937 random(7);
  int compared = 0;
  for (int round = 0; round < 20'000; ++round) {
    const bool single = round % 2 == 0; // at most one end is partial
    const std::size_t partial = random() % 4;
    std::vector<Value> ends;
    for (std::size_t i = 0; i < 4; ++i)
      ends.push_back(small_date(random, !single || i == partial));
    const Value a = interval_of(ends[0], ends[1]), b = interval_of(ends[2], ends[3]);
    if (a.is<Unknown>() || b.is<Unknown>()) continue;
    for (std::uint8_t r = 0; r <= static_cast<std::uint8_t>(Relation::ends); ++r) {
      const auto relation = static_cast<Relation>(r);
      std::set<Truth> seen;
      for (const Value& a_low : completions(ends[0]))
        for (const Value& a_high : completions(ends[1]))
          for (const Value& b_low : completions(ends[2]))
            for (const Value& b_high : completions(ends[3])) {
              const Value x = interval_of(a_low, a_high), y = interval_of(b_low, b_high);
              if (x.is<Unknown>() || y.is<Unknown>()) continue;
              seen.insert(holds(relation, *x.as<Boxed<Interval>>(), *y.as<Boxed<Interval>>()));
            }
      const Truth got = holds(relation, *a.as<Boxed<Interval>>(), *b.as<Boxed<Interval>>());
      ++compared;
      if (got != Truth::unknown) {
        EXPECT_EQ(seen, std::set<Truth>{got}) << to_text(relation);
      } else if (single) {
        EXPECT_EQ(seen.size(), 2U) << to_text(relation) << " is decided by every completion";
      }
    }
  }
  EXPECT_GT(compared, 10'000);
}

/// What the relations mean, said with points.
TEST(Intervals, RelationsAreThoseOfTheirPoints) {
  std::mt19937 random(11);
  for (int round = 0; round < 3'000; ++round) {
    std::int64_t ends[4];
    for (auto& end : ends)
      end = static_cast<std::int64_t>(random() % 7);
    if (ends[0] > ends[1] || ends[2] > ends[3]) continue;
    const Value a = interval_of(Date{ends[0]}, Date{ends[1]}), b = interval_of(Date{ends[2]}, Date{ends[3]});
    std::set<std::int64_t> in_a, in_b, in_both, in_a_only;
    for (std::int64_t day = ends[0]; day <= ends[1]; ++day)
      in_a.insert(day);
    for (std::int64_t day = ends[2]; day <= ends[3]; ++day) {
      in_b.insert(day);
      if (in_a.count(day)) in_both.insert(day);
    }
    const auto is = [&](Relation relation) {
      return holds(relation, *a.as<Boxed<Interval>>(), *b.as<Boxed<Interval>>()) == Truth::yes;
    };
    EXPECT_EQ(is(Relation::before), *in_a.rbegin() < *in_b.begin());
    EXPECT_EQ(is(Relation::overlaps), !in_both.empty());
    EXPECT_EQ(is(Relation::during), in_both.size() == in_a.size());
    EXPECT_EQ(is(Relation::starts), *in_a.begin() == *in_b.begin() && in_both.size() == in_a.size());
    EXPECT_EQ(is(Relation::ends), *in_a.rbegin() == *in_b.rbegin() && in_both.size() == in_a.size());
    EXPECT_EQ(is(Relation::meets), *in_a.rbegin() + 1 == *in_b.begin() || *in_b.rbegin() + 1 == *in_a.begin());
    const Value both = intersection(*a.as<Boxed<Interval>>(), *b.as<Boxed<Interval>>());
    EXPECT_EQ(both.is_known(), !in_both.empty());
    if (both.is_known()) {
      EXPECT_EQ(start_of(*both.as<Boxed<Interval>>()), Value(Date{*in_both.begin()}));
      EXPECT_EQ(end_of(*both.as<Boxed<Interval>>()), Value(Date{*in_both.rbegin()}));
    }
  }
}

TEST(PartialDates, AreReadAndWritten) {
  EXPECT_EQ(to_text(*parse_partial_date("2026-11")), "2026-11");
  EXPECT_EQ(to_text(*parse_partial_date("2024")), "2024");
  EXPECT_EQ(parse_partial_date("2024-02")->last, to_date({2024, 2, 29}));
  EXPECT_EQ(parse_partial_date("2100-02")->last, to_date({2100, 2, 28}));
  EXPECT_EQ(to_text(DateRange{to_date({2026, 1, 1}), to_date({2026, 2, 28})}), "2026-01-01 to 2026-02-28");
  for (const char* wrong :
       {"", "26", "2026-", "2026-1", "2026-13", "2026-00", "0000", "2026-11-2", "2026-11-22", " 2026"})
    EXPECT_FALSE(parse_partial_date(wrong)) << wrong;
}

TEST(TimesOfDay, AreReadAndWritten) {
  EXPECT_EQ(to_text(*parse_time_of_day("22:30")), "22:30");
  EXPECT_EQ(to_text(*parse_time_of_day("00:00:07")), "00:00:07");
  for (const char* wrong : {"", "24:00", "9:00", "09:60", "09:00:60", "09:00Z", "0900"})
    EXPECT_FALSE(parse_time_of_day(wrong)) << wrong;
}

} // namespace
} // namespace aceso
