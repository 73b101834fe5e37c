/// Repeated measurements: trend, worsening, and as they stood at an earlier date.
#include "guideline_fixture.h"
#include "values/series.h"

namespace aceso::testing {
namespace {

const std::string inputs = R"(
  type grade worse when lower = scale { 0, 1, 2, 3, 4, 5 }
  inputs i {
    power    : grade series
    pressure : quantity from 0 mm[Hg] to 300 mm[Hg] step 1 mm[Hg] series worse when higher
    fresh    : number from 0 to 100 series fresh for 2 weeks worse when higher
    operated : date
    seen     : instant
  }
)";

/// [day of November 2026, value] ...: a series as a case file has it.
std::string series(const std::string& name, std::initializer_list<std::pair<int, std::string>> values) {
  std::string text;
  for (const auto& [day, value] : values)
    text += std::string(text.empty() ? "" : ", ") + R"({"at": "2026-11-)" + (day < 10 ? "0" : "") +
            std::to_string(day) + R"(", "value": )" + value + "}";
  return "\"" + name + "\": [" + text + "]";
}
const std::string refused = R"({"unknown": "refused"})";

TEST(ReferenceSeries, WorseningComparesTheLastWithTheFirst) {
  const Guideline g(inputs + "define worse_now = power worsening over 2 weeks "
                             "define better_now = power improving over 2 weeks");
  const auto both = [&](std::initializer_list<std::pair<int, std::string>> values) {
    const std::string facts = series("power", values);
    return g.value(facts, "worse_now") + ", " + g.value(facts, "better_now");
  };
  EXPECT_EQ(both({{10, "5"}, {20, "4"}}), "yes, no");
  EXPECT_EQ(both({{10, "4"}, {20, "5"}}), "no, yes");
  EXPECT_EQ(both({{10, "4"}, {20, "4"}}), "no, no");
  EXPECT_EQ(both({{10, "5"}, {15, "2"}, {20, "4"}}), "yes, no");                    // what lies between does not matter
  EXPECT_EQ(both({{1, "5"}, {20, "4"}}), "unknown (not done), unknown (not done)"); // day 1 is before the window
  EXPECT_EQ(both({{20, "4"}}), "unknown (not done), unknown (not done)");
  EXPECT_EQ(both({{1, "5"}}), "unknown (stale), unknown (stale)");
  EXPECT_EQ(both({}), "unknown (not asked), unknown (not asked)");
}

/// However often it is told: in the list, as an event, or twice among the events.
TEST(ReferenceSeries, AMeasurementCountsOnce) {
  const Guideline g(inputs + "define how_many = count power");
  const std::string one = R"({"at": "2026-11-10", "inputs": {"power": 5}})";
  EXPECT_EQ(g.value(g.run("", one + ", " + one + ", " + one), "how_many"), "1");
  EXPECT_EQ(g.value(g.run(series("power", {{10, "5"}, {10, "5"}}), one), "how_many"), "1");
  EXPECT_EQ(g.value(g.run(R"("power": 5)", R"({"at": "2026-11-22T10:00:00Z", "inputs": {"power": 5}})"), "how_many"),
            "1");
}

TEST(ReferenceSeries, ARefusedLastMeasurementIsNotAGoodOne) {
  const Guideline g(inputs + "define worse_now = power worsening over 2 weeks");
  EXPECT_EQ(g.value(series("power", {{10, "5"}, {15, "5"}, {20, refused}}), "worse_now"), "unknown (refused)");
  EXPECT_EQ(g.value(series("power", {{10, "5"}, {15, "4"}, {20, refused}}), "worse_now"), "unknown (refused)");
  // An earlier one is passed over, as everywhere in a series.
  EXPECT_EQ(g.value(series("power", {{10, refused}, {15, "5"}, {20, "4"}}), "worse_now"), "yes");
  EXPECT_EQ(g.value(series("power", {{10, "5"}, {15, refused}, {20, "4"}}), "worse_now"), "yes");
}

TEST(ReferenceSeries, TheDirectionMustBeKnown) {
  EXPECT_EQ(complaints_of("inputs i { x : number from 0 to 9 series } define a = x worsening over 1 week"), "A0320");
  EXPECT_EQ(complaints_of("inputs i { x : number from 0 to 9 series worse when lower } "
                          "define a = x improving over 1 week"),
            "");
  EXPECT_EQ(complaints_of("inputs i { x : number from 0 to 9 worse when lower } define a = x worsening over 1 week"),
            "A0308");
  EXPECT_EQ(complaints_of("inputs i { x : yes/no series worse when lower } define a = x worsening over 1 week"),
            "A0301");
  // The input's own word comes before that of its type.
  const Guideline g("type t worse when lower = scale { 0, 1 } inputs i { x : t series worse when higher } "
                    "define a = x worsening over 2 weeks");
  EXPECT_EQ(g.value(series("x", {{10, "0"}, {20, "1"}}), "a"), "yes");
}

TEST(ReferenceSeries, TheTrendIsTheLeastSquaresSlope) {
  const Guideline g(inputs + "define slope = round(trend of pressure within 4 weeks, 0.001 mm[Hg]/d)");
  const auto slope = [&](std::initializer_list<std::pair<int, std::string>> values) {
    return g.value(series("pressure", values), "slope");
  };
  EXPECT_EQ(slope({{10, "\"120 mm[Hg]\""}, {20, "\"130 mm[Hg]\""}}), "1 mm[Hg]/d");
  // t = 0, 1, 4 and y = 100, 104, 101: S_ty = -1/3, S_tt = 26/3, slope -1/26 = -0.0384...
  EXPECT_EQ(slope({{10, "\"100 mm[Hg]\""}, {11, "\"104 mm[Hg]\""}, {14, "\"101 mm[Hg]\""}}), "-0.038 mm[Hg]/d");
  EXPECT_EQ(slope({{10, "\"120 mm[Hg]\""}}), "unknown (not done)");
  EXPECT_EQ(slope({}), "unknown (not asked)");
}

TEST(ReferenceSeries, WithoutTimeBetweenThereIsNoTrend) {
  const std::vector<Measurement> both{{Instant{5}, Value(Rational(1))}, {Instant{5}, Value(Rational(2))}};
  EXPECT_EQ(series_value(SeriesFunction::trend, both, {}), Value(UnknownReason::not_done));
  EXPECT_EQ(series_value(SeriesFunction::change, both, {}), Value(Rational(1)));
}

TEST(ReferenceSeries, ATrendNeedsRoundingAndAmounts) {
  EXPECT_EQ(complaints_of(inputs + "define a = trend of pressure > 0 mm[Hg]/d"), "A0402");
  EXPECT_EQ(complaints_of(inputs + "define a = round(trend of power, 1)"), "A0301");
  EXPECT_EQ(complaints_of("inputs i { t : quantity from 30 Cel to 45 Cel step 0.1 Cel series } "
                          "define a = round(trend of t, 0.1 K/d)"),
            "A0413");
}

TEST(ReferenceSeries, ALongSeriesOverYearsIsStillExact) {
  // y = t/86400 at every hour of 200 days, and far apart: sums of squares of seconds go beyond 64 bits.
  std::vector<Measurement> known;
  for (std::int64_t i = 0; i < 5000; ++i)
    known.emplace_back(Instant{i * i * 3607}, Value(*Rational::make(i * i * 3607, 86'400)));
  EXPECT_EQ(series_value(SeriesFunction::trend, known, {}), Value(UnknownReason::invalid));
  std::vector<RealNode> program;
  std::vector<Rational> leaves;
  append_trend(known, program, leaves);
  EXPECT_EQ(round_real(program, leaves, *Rational::make(1, 1'000'000), RoundingMode::half_up), Rational(1));
}

TEST(ReferenceSeries, AsItStoodAtAnEarlierDate) {
  const Guideline g(inputs + R"(
    define before    = latest pressure within 1 week as of operated
    define how_many  = count pressure as of operated
    define on_fixed  = highest pressure as of 2026-11-12
    define at_moment = latest pressure as of seen
    define was_worse = pressure worsening over 2 weeks as of operated
  )");
  const std::string facts = series(
      "pressure", {{5, "\"100 mm[Hg]\""}, {10, "\"110 mm[Hg]\""}, {12, "\"105 mm[Hg]\""}, {20, "\"90 mm[Hg]\""}});
  const auto at = [&](const std::string& date) { return facts + ", \"operated\": \"" + date + "\""; };
  EXPECT_EQ(g.value(at("2026-11-11"), "before"), "110 mm[Hg]");
  EXPECT_EQ(g.value(at("2026-11-12"), "before"), "105 mm[Hg]"); // the whole day counts
  EXPECT_EQ(g.value(at("2026-11-11"), "how_many"), "2");
  EXPECT_EQ(g.value(at("2026-11-11"), "on_fixed"), "110 mm[Hg]");
  EXPECT_EQ(g.value(at("2026-11-11"), "was_worse"), "yes");
  EXPECT_EQ(g.value(at("2026-11-20"), "was_worse"), "no");               // 110 to 90; the 5th is out of the window
  EXPECT_EQ(g.value(at("2026-11-01"), "before"), "unknown (not asked)"); // nothing had been measured
  EXPECT_EQ(g.value(at("2026-11-30"), "before"), "unknown (not done)");  // still to come
  EXPECT_EQ(g.value(at("2026-11-22"), "before"), "90 mm[Hg]");           // today, up to now
  EXPECT_EQ(g.value(facts, "before"), "unknown (not asked)");            // the date is not known
  EXPECT_EQ(g.value(facts + R"(, "seen": "2026-11-11T23:59:59Z")", "at_moment"), "110 mm[Hg]");
  EXPECT_EQ(complaints_of(inputs + "define a = latest pressure as of power"), "A0307");
  EXPECT_EQ(complaints_of(inputs + "define b = yes define a = latest pressure as of b"), "A0301");
}

TEST(ReferenceSeries, AnUnknownDateIsWhatIsMissing) {
  const Guideline g(inputs + R"(
    action a "A" : x
    rule r { when latest pressure as of operated > 100 mm[Hg] recommend a }
  )");
  const std::string facts = series("pressure", {{5, "\"120 mm[Hg]\""}});
  EXPECT_EQ(g.status(g.run(facts), "a"), "undetermined recommend [operated]");
  EXPECT_EQ(g.status(g.run(facts + R"(, "operated": "2026-11-06")"), "a"), "advised recommend");
}

TEST(ReferenceSeries, WhatIsStaleCountsNoMore) {
  const Guideline g(inputs + "define worse_now = fresh worsening over 8 weeks");
  EXPECT_EQ(g.value(series("fresh", {{1, "1"}, {20, "5"}}), "worse_now"), "unknown (not done)");
  EXPECT_EQ(g.value(series("fresh", {{10, "1"}, {20, "5"}}), "worse_now"), "yes");
}

} // namespace
} // namespace aceso::testing
