/// The numbers below round_real: naturals of any size, and intervals that have to contain the value they stand for.

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include "values/big_interval.h"
#include "values/big_natural.h"
#include "values/big_rational.h"

namespace aceso {
namespace {

constexpr std::array<std::size_t, 7> precisions = {20, 64, 100, 256, 777, 1024, 2100};

/// Runs of ones and zeros, where carries and the estimates of a division go wrong if they can.
BigNatural random_natural(std::mt19937_64& random, std::size_t bits) {
  BigNatural result;
  while (result.bit_length() < bits) {
    const std::size_t run = 1 + random() % 70;
    result <<= run;
    switch (random() % 3) {
    case 0: break;
    case 1: result += BigNatural::power_of_two(run) - 1; break;
    default: result += BigNatural(random()) >> (run < 64 ? 64 - run : 0);
    }
    if (result.is_zero()) result = 1;
  }
  return result >> (result.bit_length() - bits);
}

BigNatural decimal(std::string_view digits) {
  BigNatural result;
  for (const char digit : digits) {
    if (digit != '.') result.multiply_by(10) += static_cast<std::uint64_t>(digit - '0');
  }
  return result;
}

BigRational fraction(std::int64_t numerator, std::int64_t denominator = 1) {
  return BigRational(Rational::make(numerator, denominator).value());
}

TEST(BigNatural, DivisionUndoesMultiplication) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20000; ++i) {
    const BigNatural divisor = random_natural(random, 1 + random() % 400);
    const BigNatural dividend = random_natural(random, 1 + random() % 900);
    const auto [quotient, remainder] = BigNatural::divide(dividend, divisor);
    ASSERT_LT(remainder, divisor);
    ASSERT_EQ(quotient * divisor + remainder, dividend);
    const auto exact = BigNatural::divide(dividend * divisor, divisor);
    ASSERT_EQ(exact.quotient, dividend);
    ASSERT_TRUE(exact.remainder.is_zero());
  }
}

TEST(BigNatural, ShiftsSumsAndProductsAgree) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 5000; ++i) {
    const BigNatural a = random_natural(random, 1 + random() % 500);
    const BigNatural b = random_natural(random, 1 + random() % 500);
    const BigNatural c = random_natural(random, 1 + random() % 300);
    ASSERT_EQ((a + b) * c, a * c + b * c);
    ASSERT_EQ(a + b - a, b);
    const std::size_t shift = random() % 300;
    ASSERT_EQ(a << shift, a * BigNatural::power_of_two(shift));
    ASSERT_EQ(a << shift >> shift, a);
    ASSERT_EQ(a >> shift, BigNatural::divide(a, BigNatural::power_of_two(shift)).quotient);
    ASSERT_EQ((a << shift).trailing_zeros(), a.trailing_zeros() + shift);
    const BigNatural divisor = greatest_common_divisor(a * c, b * c);
    ASSERT_TRUE(BigNatural::divide(divisor, c).remainder.is_zero());
    ASSERT_TRUE(BigNatural::divide(a * c, divisor).remainder.is_zero());
  }
}

TEST(BigNatural, RootsAreFloors) {
  std::mt19937_64 random(3);
  const auto check_square_root = [](const BigNatural& value) {
    const auto [root, remainder] = square_root(value);
    ASSERT_EQ(root * root + remainder, value);
    ASSERT_LE(remainder, root << 1);
  };
  for (std::uint64_t i = 0; i < 3000; ++i) {
    check_square_root(i);
    check_square_root(UINT64_MAX - i);
    check_square_root(BigNatural(UINT64_MAX) + i);
  }
  for (int i = 0; i < 10000; ++i) {
    const BigNatural value = random_natural(random, 1 + random() % 700);
    check_square_root(value);
    check_square_root(value * value);
    check_square_root(value * value - 1);
    const std::uint64_t degree = 1 + random() % 12;
    const BigNatural floor = root(value, degree);
    ASSERT_LE(power(floor, degree), value);
    ASSERT_GT(power(floor + 1, degree), value);
    ASSERT_EQ(root(power(value, 3), 3), value);
  }
}

/// Whether the interval contains a number with these first digits and is as narrow as it should be.
void expect_contains(const BigInterval& interval, std::string_view digits, std::size_t precision,
                     bool negative = false) {
  const auto point = digits.find('.');
  const BigNatural scale = power(10, digits.size() - point - 1);
  const auto low = BigRational::make(false, decimal(digits), scale);
  const auto high = BigRational::make(false, decimal(digits) + 1, scale);
  const BigInterval magnitude = negative ? interval.negated() : interval;
  EXPECT_FALSE(is_less(enclose(*high, 600).upper, magnitude.lower)) << digits << ' ' << precision;
  EXPECT_FALSE(is_less(magnitude.upper, enclose(*low, 600).lower)) << digits << ' ' << precision;
  const auto bits = static_cast<std::int64_t>(precision);
  EXPECT_TRUE(interval.is_narrower_than(interval.upper.top() + 4 - bits)) << digits << ' ' << precision;
}

TEST(BigInterval, KnownConstants) {
  for (const std::size_t p : precisions) {
    const auto exp = [&](const BigRational& x) { return exponential(enclose(x, p + 48), p).value(); };
    const auto ln = [&](const BigRational& x) { return natural_logarithm(enclose(x, p + 48), p); };
    expect_contains(ln(fraction(2)),
                    "0.69314718055994530941723212145817656807550013436025525412068000949339362196969471", p);
    expect_contains(ln(fraction(1, 2)),
                    "0.69314718055994530941723212145817656807550013436025525412068000949339362196969471", p, true);
    expect_contains(ln(fraction(10)),
                    "2.30258509299404568401799145468436420760110148862877297603332790096757260967735248", p);
    expect_contains(ln(fraction(999, 1000)),
                    "0.00100050033358353350014298225406834496075520525043440925098802079724520238586947468", p, true);
    expect_contains(exp(fraction(1)),
                    "2.71828182845904523536028747135266249775724709369995957496696762772407663035354759", p);
    expect_contains(exp(fraction(1, 10)),
                    "1.10517091807564762481170782649024666822454719473751871879286328944096796674765430", p);
    expect_contains(exp(fraction(-20)),
                    "0.00000000206115362243855782796594038015582097637580727559910369297224466162916402378455", p);
    expect_contains(logarithm_10(enclose(fraction(3), p + 48), p),
                    "0.47712125471966243729502790325511530920012886419069586482986564030522915278366112", p);
    expect_contains(square_root(enclose(fraction(2), p), p),
                    "1.41421356237309504880168872420969807856967187537694807317667973799073247846210703", p);
  }
}

bool overlap(const BigInterval& a, const BigInterval& b) {
  return !is_less(a.upper, b.lower) && !is_less(b.upper, a.lower);
}

BigRational random_rational(std::mt19937_64& random) {
  const auto bits = [&] { return static_cast<std::int64_t>((random() >> 1U | 1U) >> random() % 63U | 1U); };
  if (random() % 8 == 0) return fraction(bits() | std::int64_t{1} << 61, std::int64_t{1} << 61);
  return fraction(bits(), bits());
}

TEST(BigInterval, PrecisionsContradictNobody) {
  std::mt19937_64 random(4);
  for (int i = 0; i < 300; ++i) {
    const BigRational x = random_rational(random);
    const BigRational y = random_rational(random);
    const std::size_t fine = 500 + random() % 400;
    const BigInterval ln_fine = natural_logarithm(enclose(x, fine), fine);
    const BigInterval root_fine = square_root(enclose(x, fine), fine);
    const bool is_small = enclose(x, 64).upper.top() < 40;
    for (std::size_t p = 8; p < 400; p += 1 + random() % 60) {
      const BigInterval at_p = enclose(x, p);
      ASSERT_TRUE(overlap(at_p, enclose(x, fine)));
      ASSERT_TRUE(overlap(natural_logarithm(at_p, p), ln_fine));
      ASSERT_TRUE(overlap(square_root(at_p, p), root_fine));
      // Functional equations, each side on its own way.
      const auto product = BigRational::multiply(x, y);
      ASSERT_TRUE(overlap(natural_logarithm(enclose(*product, p), p),
                          add(natural_logarithm(at_p, p), natural_logarithm(enclose(y, p), p), p)));
      ASSERT_TRUE(overlap(exponential(natural_logarithm(at_p, p), p).value(), at_p));
      const BigInterval root = square_root(at_p, p);
      ASSERT_TRUE(overlap(multiply(root, root, p), at_p));
      ASSERT_TRUE(overlap(divide(multiply(at_p, enclose(y, p), p), enclose(y, p), p), at_p));
      if (is_small) {
        const auto raised = exponential(at_p, p);
        ASSERT_TRUE(overlap(*raised, exponential(enclose(x, fine), fine).value()));
        ASSERT_TRUE(overlap(natural_logarithm(*raised, p), at_p));
        ASSERT_TRUE(overlap(exponential(at_p.negated(), p).value(), divide(enclose(fraction(1), p), *raised, p)));
      }
    }
  }
}

/// x^2 as n/d, so that its root is known to be n/d exactly: containment, not just overlap.
TEST(BigInterval, ContainsKnownValues) {
  std::mt19937_64 random(5);
  for (int i = 0; i < 2000; ++i) {
    const BigRational x = random_rational(random);
    const BigRational y = i % 2 == 0 ? random_rational(random) : random_rational(random).negated();
    const std::size_t p = 8 + random() % 200;
    const auto contains = [&](const BigInterval& interval, const BigRational& value) {
      const BigInterval exact = enclose(value, 3000);
      return !is_less(exact.lower, interval.lower) && !is_less(interval.upper, exact.upper);
    };
    ASSERT_TRUE(contains(square_root(enclose(*BigRational::multiply(x, x), p), p), x));
    ASSERT_TRUE(contains(add(enclose(x, p), enclose(y, p), p), *BigRational::add(x, y)));
    ASSERT_TRUE(contains(multiply(enclose(x, p), enclose(y, p), p), *BigRational::multiply(x, y)));
    ASSERT_TRUE(contains(divide(enclose(x, p), enclose(y, p), p), *BigRational::divide(x, y)));
    ASSERT_TRUE(contains(add(enclose(x, p), enclose(y, p).negated(), p), *BigRational::subtract(x, y)));
  }
}

} // namespace
} // namespace aceso
