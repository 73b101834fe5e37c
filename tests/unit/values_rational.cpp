#include "values/rational.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <limits>
#include <random>

namespace aceso {
namespace {

constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t smallest = std::numeric_limits<std::int64_t>::min();

Rational fraction(std::int64_t numerator, std::int64_t denominator) {
  return Rational::make(numerator, denominator).value();
}
Rational decimal(std::string_view text) { return Rational::from_decimal(text).value(); }

TEST(Rational, IsKeptInLowestTermsWithAPositiveDenominator) {
  EXPECT_EQ(fraction(6, -4).numerator(), -3);
  EXPECT_EQ(fraction(6, -4).denominator(), 2);
  EXPECT_EQ(fraction(0, -7), Rational(0));
  EXPECT_FALSE(Rational::make(1, 0));
  EXPECT_FALSE(Rational::make(0, 0));
}

TEST(Rational, MakeFitsOrSaysSo) {
  EXPECT_EQ(Rational::make(smallest, 1)->numerator(), smallest);
  EXPECT_FALSE(Rational::make(smallest, -1));
  EXPECT_FALSE(Rational::make(1, smallest));
  EXPECT_EQ(Rational::make(2, smallest), Rational::make(-1, Int128{1} << 62));
  EXPECT_FALSE(Rational::make(Int128{largest} + 1, 1));
  EXPECT_EQ(Rational::make((Int128{largest} + 1) * 2, 4).value(), Rational(Int128{largest} / 2 + 1));
  const Int128 widest = static_cast<Int128>(1) << 126;
  EXPECT_EQ(Rational::make(-widest - widest, widest).value(), Rational(-2));
}

TEST(Rational, ReadsDecimalsExactly) {
  EXPECT_EQ(decimal("-0.05"), fraction(-1, 20));
  EXPECT_EQ(decimal("38.6"), fraction(193, 5));
  EXPECT_EQ(decimal("1e3"), Rational(1000));
  EXPECT_EQ(decimal("+12.50E-1"), fraction(5, 4));
  EXPECT_EQ(decimal("0.0"), Rational(0));
  EXPECT_EQ(decimal("-0"), Rational(0));
  EXPECT_EQ(decimal("000000000000000000000000000007"), Rational(7));
  EXPECT_EQ(decimal("1.00000000000000000000000000000000000000000000000000000000000000000000000000"), Rational(1));
  EXPECT_EQ(decimal("0e999999999999999999999"), Rational(0));
  EXPECT_EQ(decimal("9223372036854775807"), Rational(largest));
  EXPECT_EQ(decimal("-9223372036854775808"), Rational(smallest));
  EXPECT_EQ(decimal("0.1e-17"), fraction(1, 1'000'000'000'000'000'000));
  EXPECT_EQ(decimal("1000000000000000000000e-21"), Rational(1));
}

TEST(Rational, RefusesDecimalsThatDoNotFit) {
  for (const auto* text : {"9223372036854775808", "-9223372036854775809", "1e19", "1e-19", "1e99999999999999999999",
                           "1e-99999999999999999999", "1e-2147483649", "0.1234567890123456789012345678901234567890"}) {
    EXPECT_FALSE(Rational::from_decimal(text)) << text;
  }
}

TEST(Rational, RefusesWhatIsNotADecimal) {
  for (const auto* text : {"", "-", "+", ".", ".5", "5.", "1e", "1e+", "1.2.3", "--1", "1 ", " 1", "0x10", "1,5", "1/2",
                           "nan", "inf", "1e1.5", "1_000"}) {
    EXPECT_FALSE(Rational::from_decimal(text)) << text;
  }
  EXPECT_FALSE(Rational::from_decimal(std::string_view("1\0", 2)));
}

TEST(Rational, TheSmallestPowerOfTwoSurvivesTheRoundTrip) {
  const Rational tiny = Rational::make(1, Int128{1} << 62).value();
  EXPECT_EQ(tiny.to_text(), "0.00000000000000000021684043449710088680149056017398834228515625");
  EXPECT_EQ(decimal(tiny.to_text()), tiny);
}

TEST(Rational, PrintsTheShortestExactDecimalOrAFraction) {
  EXPECT_EQ(decimal("38.60").to_text(), "38.6");
  EXPECT_EQ(fraction(-1, 20).to_text(), "-0.05");
  EXPECT_EQ(fraction(1, 3).to_text(), "1/3");
  EXPECT_EQ(fraction(-22, 7).to_text(), "-22/7");
  EXPECT_EQ(Rational(0).to_text(), "0");
  EXPECT_EQ(Rational(smallest).to_text(), "-9223372036854775808");
  EXPECT_EQ(fraction(1, 1'000'000).to_text(), "0.000001");
}

TEST(Rational, CalculatesExactly) {
  EXPECT_EQ(Rational::add(decimal("0.1"), decimal("0.2")), decimal("0.3"));
  EXPECT_EQ(Rational::subtract(decimal("0.1"), decimal("0.3")), decimal("-0.2"));
  EXPECT_EQ(Rational::multiply(fraction(2, 3), fraction(-3, 4)), fraction(-1, 2));
  EXPECT_EQ(Rational::divide(Rational(1), Rational(-3)), fraction(-1, 3));
  EXPECT_FALSE(Rational::divide(Rational(1), Rational(0)));
}

TEST(Rational, ReportsOverflowInsteadOfWrapping) {
  EXPECT_FALSE(Rational::add(largest, 1));
  EXPECT_FALSE(Rational::subtract(smallest, 1));
  EXPECT_FALSE(Rational::multiply(largest, 2));
  EXPECT_FALSE(Rational::divide(smallest, -1));
  EXPECT_FALSE(Rational::add(fraction(1, largest), fraction(1, largest - 1)));
  EXPECT_EQ(Rational::add(largest, smallest), Rational(-1));
  EXPECT_FALSE(Rational::add(Rational::make(smallest, largest).value(), Rational(smallest)));
}

TEST(Rational, ComparesWithoutOverflow) {
  EXPECT_LT(fraction(largest - 1, largest), Rational(1));
  EXPECT_LT(fraction(largest - 2, largest - 1), fraction(largest - 1, largest));
  EXPECT_GT(Rational(largest), Rational(smallest));
  EXPECT_LT(fraction(-1, 2), fraction(1, 3));
  EXPECT_EQ(Rational(2) <=> fraction(4, 2), std::strong_ordering::equal);
}

struct RoundingCase {
  std::string_view value;
  std::array<int, 7> expected; // in the order of RoundingMode
};

TEST(Rational, RoundsAsTheTableInTheHeaderSays) {
  constexpr std::array<RoundingCase, 9> cases = {{{"2.5", {3, 2, 2, 3, 2, 2, 3}},
                                                  {"-2.5", {-3, -2, -2, -2, -3, -2, -3}},
                                                  {"3.5", {4, 4, 3, 4, 3, 3, 4}},
                                                  {"-3.5", {-4, -4, -3, -3, -4, -3, -4}},
                                                  {"2.4", {2, 2, 2, 3, 2, 2, 3}},
                                                  {"-2.4", {-2, -2, -2, -2, -3, -2, -3}},
                                                  {"2.6", {3, 3, 3, 3, 2, 2, 3}},
                                                  {"-0.5", {-1, 0, 0, 0, -1, 0, -1}},
                                                  {"-7", {-7, -7, -7, -7, -7, -7, -7}}}};
  for (const RoundingCase& c : cases) {
    for (std::size_t mode = 0; mode < c.expected.size(); ++mode) {
      const auto rounding = static_cast<RoundingMode>(mode);
      EXPECT_EQ(Rational::round(decimal(c.value), 1, rounding), Rational(c.expected[mode]))
          << c.value << ' ' << to_text(rounding);
    }
  }
}

TEST(Rational, RoundsToSteps) {
  EXPECT_EQ(Rational::round(decimal("37.449"), decimal("0.1"), RoundingMode::half_up), decimal("37.4"));
  EXPECT_EQ(Rational::round(decimal("37.45"), decimal("0.1"), RoundingMode::half_up), decimal("37.5"));
  EXPECT_EQ(Rational::round(13, 5, RoundingMode::half_even), Rational(15));
  EXPECT_EQ(Rational::round(fraction(1, 3), fraction(1, 7), RoundingMode::down), fraction(2, 7));
  EXPECT_FALSE(Rational::round(1, 0, RoundingMode::up));
  EXPECT_FALSE(Rational::round(1, -1, RoundingMode::up));
  EXPECT_FALSE(Rational::round(largest, 10, RoundingMode::up));
  EXPECT_EQ(Rational::round(largest, 10, RoundingMode::down), Rational(largest - 7));
  EXPECT_EQ(Rational::round(largest, Rational::make(1, Int128{1} << 62).value(), RoundingMode::up), Rational(largest));
  EXPECT_FALSE(Rational::round(fraction(largest, 2), fraction(largest - 1, largest), RoundingMode::up));
}

TEST(Rational, RoundingStaysWithinOneStepAndOnIt) {
  std::mt19937_64 random(20261122);
  std::uniform_int_distribution<std::int64_t> top(-100'000, 100'000);
  std::uniform_int_distribution<std::int64_t> bottom(1, 400);
  for (int i = 0; i < 5000; ++i) {
    const Rational value = fraction(top(random), bottom(random));
    const Rational step = fraction(bottom(random), bottom(random));
    for (int mode = 0; mode < 7; ++mode) {
      const Rational rounded = Rational::round(value, step, static_cast<RoundingMode>(mode)).value();
      EXPECT_TRUE(Rational::is_on_step(rounded, 0, step));
      const Rational distance = Rational::subtract(rounded, value).value();
      EXPECT_LT(distance, step);
      EXPECT_GT(distance, Rational::subtract(0, step).value());
    }
  }
}

TEST(Rational, KnowsWhatIsOnAStep) {
  EXPECT_TRUE(Rational::is_on_step(decimal("37.4"), 35, decimal("0.1")));
  EXPECT_FALSE(Rational::is_on_step(decimal("37.45"), 35, decimal("0.1")));
  EXPECT_TRUE(Rational::is_on_step(decimal("-0.3"), 0, decimal("0.1")));
  EXPECT_TRUE(Rational::is_on_step(largest, smallest, 1));
  EXPECT_TRUE(Rational::is_on_step(largest, smallest, 5)); // 2^64 - 1 = 3 * 5 * 17 * ...
  EXPECT_FALSE(Rational::is_on_step(largest, smallest, 2));
  EXPECT_FALSE(Rational::is_on_step(1, 0, 0));
}

TEST(Rational, RoundingModesHaveNames) {
  for (int mode = 0; mode < 7; ++mode) {
    const auto rounding = static_cast<RoundingMode>(mode);
    EXPECT_EQ(rounding_mode_from_text(to_text(rounding)), rounding);
  }
  EXPECT_EQ(to_text(RoundingMode::away_from_zero), "away_from_zero");
  EXPECT_FALSE(rounding_mode_from_text("nearest"));
}

} // namespace
} // namespace aceso
