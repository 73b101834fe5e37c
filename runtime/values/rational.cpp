#include "values/rational.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <numeric>
#include <utility>

#include "values/rounding.h"

namespace aceso {
namespace {

__extension__ typedef unsigned __int128 Unsigned128; // NOLINT(modernize-use-using)

constexpr std::array<std::string_view, 7> rounding_mode_names = {"half_up", "half_even",   "half_down",     "up",
                                                                 "down",    "toward_zero", "away_from_zero"};

constexpr Unsigned128 magnitude(Int128 value) {
  return value < 0 ? Unsigned128{0} - static_cast<Unsigned128>(value) : static_cast<Unsigned128>(value);
}

constexpr Unsigned128 greatest_common_divisor(Unsigned128 a, Unsigned128 b) {
  constexpr Unsigned128 narrow = std::numeric_limits<std::uint64_t>::max();
  while (b != 0) {
    if (a <= narrow && b <= narrow) return std::gcd(static_cast<std::uint64_t>(a), static_cast<std::uint64_t>(b));
    a %= b;
    std::swap(a, b);
  }
  return a;
}

constexpr bool fits(Int128 value) {
  return value >= std::numeric_limits<std::int64_t>::min() && value <= std::numeric_limits<std::int64_t>::max();
}

} // namespace

std::string_view to_text(RoundingMode mode) { return rounding_mode_names[static_cast<std::size_t>(mode)]; }

std::optional<RoundingMode> rounding_mode_from_text(std::string_view text) {
  const auto found = std::find(rounding_mode_names.begin(), rounding_mode_names.end(), text);
  if (found == rounding_mode_names.end()) return std::nullopt;
  return static_cast<RoundingMode>(found - rounding_mode_names.begin());
}

std::optional<Rational> Rational::make(Int128 numerator, Int128 denominator) {
  if (denominator == 0) return std::nullopt;
  if (denominator == 1 && fits(numerator)) return Rational(static_cast<std::int64_t>(numerator));
  const bool negative = (numerator < 0) != (denominator < 0);
  const Unsigned128 divisor = greatest_common_divisor(magnitude(numerator), magnitude(denominator));
  const Unsigned128 top = magnitude(numerator) / divisor;
  const Unsigned128 bottom = magnitude(denominator) / divisor;
  constexpr Unsigned128 limit = std::numeric_limits<std::int64_t>::max();
  if (bottom > limit || top > limit + (negative ? 1U : 0U)) return std::nullopt;
  Rational result;
  result.numerator_ = static_cast<std::int64_t>(negative ? -static_cast<Int128>(top) : static_cast<Int128>(top));
  result.denominator_ = static_cast<std::int64_t>(bottom);
  return result;
}

std::optional<Rational> Rational::add(Rational a, Rational b) {
  Rational sum;
  if (a.is_integer() && b.is_integer() && !__builtin_add_overflow(a.numerator_, b.numerator_, &sum.numerator_))
    return sum;
  return make(Int128{a.numerator_} * b.denominator_ + Int128{b.numerator_} * a.denominator_,
              Int128{a.denominator_} * b.denominator_);
}

std::optional<Rational> Rational::subtract(Rational a, Rational b) {
  Rational difference;
  if (a.is_integer() && b.is_integer() && !__builtin_sub_overflow(a.numerator_, b.numerator_, &difference.numerator_))
    return difference;
  return make(Int128{a.numerator_} * b.denominator_ - Int128{b.numerator_} * a.denominator_,
              Int128{a.denominator_} * b.denominator_);
}

std::optional<Rational> Rational::multiply(Rational a, Rational b) {
  Rational product;
  if (a.is_integer() && b.is_integer() && !__builtin_mul_overflow(a.numerator_, b.numerator_, &product.numerator_))
    return product;
  return make(Int128{a.numerator_} * b.numerator_, Int128{a.denominator_} * b.denominator_);
}

std::optional<Rational> Rational::divide(Rational a, Rational b) {
  return make(Int128{a.numerator_} * b.denominator_, Int128{a.denominator_} * b.numerator_);
}

std::optional<Rational> Rational::round(Rational value, Rational step, RoundingMode mode) {
  if (step.numerator_ <= 0) return std::nullopt;
  // value / step, as a floor and a remainder; both products are below 2^126 in magnitude.
  const Int128 top = Int128{value.numerator_} * step.denominator_;
  const Int128 bottom = Int128{value.denominator_} * step.numerator_;
  Int128 count = top / bottom;
  Int128 remainder = top % bottom;
  if (remainder == 0) return value;
  if (remainder < 0) {
    remainder += bottom;
    --count;
  }
  const Int128 rest = bottom - remainder;
  const int against_half = remainder > rest ? 1 : remainder < rest ? -1 : 0;
  if (rounds_to_ceiling(count % 2 != 0, against_half, value.numerator_ < 0, mode)) ++count;

  const auto divisor = static_cast<Int128>(greatest_common_divisor(magnitude(count), magnitude(step.denominator_)));
  Int128 numerator = 0;
  if (__builtin_mul_overflow(count / divisor, Int128{step.numerator_}, &numerator) || !fits(numerator)) {
    return std::nullopt;
  }
  return make(numerator, step.denominator_ / divisor);
}

bool Rational::is_on_step(Rational value, Rational origin, Rational step) {
  if (step.numerator_ <= 0) return false;
  const Int128 top = Int128{value.numerator_} * origin.denominator_ - Int128{origin.numerator_} * value.denominator_;
  const Int128 bottom = Int128{value.denominator_} * origin.denominator_;
  const auto divisor = static_cast<Int128>(greatest_common_divisor(magnitude(top), magnitude(bottom)));
  // With both fractions in lowest terms, their quotient is whole exactly when these two divide.
  return step.denominator_ % (bottom / divisor) == 0 && (top / divisor) % step.numerator_ == 0;
}

std::strong_ordering operator<=>(Rational a, Rational b) {
  if (a.denominator_ == b.denominator_) return a.numerator_ <=> b.numerator_;
  const Int128 left = Int128{a.numerator_} * b.denominator_;
  const Int128 right = Int128{b.numerator_} * a.denominator_;
  return left < right   ? std::strong_ordering::less
         : left > right ? std::strong_ordering::greater
                        : std::strong_ordering::equal;
}

} // namespace aceso
