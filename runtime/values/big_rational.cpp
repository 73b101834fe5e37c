#include "values/big_rational.h"

#include <algorithm>
#include <compare>
#include <utility>

#include "values/rounding.h"

namespace aceso {
namespace {

constexpr std::uint64_t magnitude_of(std::int64_t value) {
  return value < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
}

/// The root of this degree, where it is whole.
std::optional<BigNatural> exact_root(const BigNatural& value, std::uint64_t degree) {
  // Squares end in 0, 1, 4 or 9 modulo 16; most other numbers are sorted out before the work begins.
  constexpr std::uint64_t square_ends = 1U << 0U | 1U << 1U | 1U << 4U | 1U << 9U;
  if (degree % 2 == 0 && (square_ends >> (value.low() & 15U) & 1U) == 0) return std::nullopt;
  BigNatural result = root(value, degree);
  if (power(result, degree) != value) return std::nullopt;
  return result;
}

} // namespace

BigInteger round_quotient(bool negative, const BigNatural& numerator, const BigNatural& denominator,
                          RoundingMode mode) {
  auto [quotient, remainder] = BigNatural::divide(numerator, denominator);
  if (!remainder.is_zero()) {
    const auto order = remainder <=> denominator - remainder;
    const int against_half = std::is_lt(order) ? -1 : std::is_gt(order) ? 1 : 0;
    // Below zero the floor is the neighbour with the larger magnitude.
    const bool larger = negative ? !rounds_to_ceiling(!quotient.is_odd(), -against_half, true, mode)
                                 : rounds_to_ceiling(quotient.is_odd(), against_half, false, mode);
    if (larger) quotient += 1;
  }
  return {negative, std::move(quotient)};
}

BigRational::BigRational(Rational value)
    : negative_(value.numerator() < 0), numerator_(magnitude_of(value.numerator())),
      denominator_(magnitude_of(value.denominator())) {}

std::optional<BigRational> BigRational::make(bool negative, BigNatural numerator, BigNatural denominator) {
  const BigNatural divisor = greatest_common_divisor(numerator, denominator);
  if (divisor.is_one()) return in_lowest_terms(negative, std::move(numerator), std::move(denominator));
  return in_lowest_terms(negative, BigNatural::divide(numerator, divisor).quotient,
                         BigNatural::divide(denominator, divisor).quotient);
}

std::optional<BigRational> BigRational::in_lowest_terms(bool negative, BigNatural numerator, BigNatural denominator) {
  BigRational result;
  result.negative_ = negative && !numerator.is_zero();
  result.numerator_ = std::move(numerator);
  result.denominator_ = std::move(denominator);
  if (std::max(result.numerator_.bit_length(), result.denominator_.bit_length()) > longest) return std::nullopt;
  return result;
}

BigRational BigRational::negated() const {
  BigRational result = *this;
  result.negative_ = !negative_ && !is_zero();
  return result;
}

std::optional<BigRational> BigRational::add(const BigRational& a, const BigRational& b) {
  const BigNatural left = a.numerator_ * b.denominator_;
  const BigNatural right = b.numerator_ * a.denominator_;
  BigNatural denominator = a.denominator_ * b.denominator_;
  if (a.negative_ == b.negative_) return make(a.negative_, left + right, std::move(denominator));
  if (left < right) return make(b.negative_, right - left, std::move(denominator));
  return make(a.negative_, left - right, std::move(denominator));
}

std::optional<BigRational> BigRational::subtract(const BigRational& a, const BigRational& b) {
  return add(a, b.negated());
}

std::optional<BigRational> BigRational::multiply(const BigRational& a, const BigRational& b) {
  return make(a.negative_ != b.negative_, a.numerator_ * b.numerator_, a.denominator_ * b.denominator_);
}

std::optional<BigRational> BigRational::divide(const BigRational& a, const BigRational& b) {
  return make(a.negative_ != b.negative_, a.numerator_ * b.denominator_, a.denominator_ * b.numerator_);
}

bool BigRational::is_less(const BigRational& a, const BigRational& b) {
  if (a.negative_ != b.negative_) return a.negative_;
  const auto order = a.numerator_ * b.denominator_ <=> b.numerator_ * a.denominator_;
  return a.negative_ ? std::is_gt(order) : std::is_lt(order);
}

std::optional<BigRational> BigRational::square_root(const BigRational& value) {
  auto numerator = exact_root(value.numerator_, 2);
  if (!numerator) return std::nullopt;
  auto denominator = exact_root(value.denominator_, 2);
  if (!denominator) return std::nullopt;
  return in_lowest_terms(false, *std::move(numerator), *std::move(denominator));
}

std::optional<BigRational> BigRational::logarithm_10(const BigRational& value) {
  // If 10^(a/b) is rational, so that value^b = 10^a, the exponent of 2 in `value` is a/b, which therefore is whole.
  const bool below_one = value.numerator_.is_one();
  if (!below_one && !value.denominator_.is_one()) return std::nullopt;
  const BigNatural& candidate = below_one ? value.denominator_ : value.numerator_;
  const std::size_t exponent = candidate.trailing_zeros();
  const std::size_t bits = candidate.bit_length();
  if (bits <= 3 * exponent || bits > 4 * exponent + 1) return std::nullopt;
  if (aceso::power(10, exponent) != candidate) return std::nullopt;
  return in_lowest_terms(below_one, exponent, 1);
}

std::optional<BigRational> BigRational::power(const BigRational& base, const BigRational& exponent) {
  if (base.is_one() || exponent.is_zero()) return BigRational(Rational(1));
  // In lowest terms, base^(a/b) is rational exactly where numerator and denominator of the base are both b-th powers.
  // A number above 1 that is a b-th power has more than b bits.
  const std::size_t bits = std::max(base.numerator_.bit_length(), base.denominator_.bit_length());
  if (exponent.denominator_ >= bits) return std::nullopt;
  const std::uint64_t degree = exponent.denominator_.low();
  auto numerator = exact_root(base.numerator_, degree);
  if (!numerator) return std::nullopt;
  auto denominator = exact_root(base.denominator_, degree);
  if (!denominator) return std::nullopt;
  // The result has at least a * (bits - 1) bits, for the longer of the two.
  const std::size_t root_bits = std::max(numerator->bit_length(), denominator->bit_length());
  if (exponent.numerator_ > longest / (root_bits - 1)) return std::nullopt;
  const std::uint64_t times = exponent.numerator_.low();
  BigNatural top = aceso::power(*std::move(numerator), times);
  BigNatural bottom = aceso::power(*std::move(denominator), times);
  if (exponent.negative_) std::swap(top, bottom);
  return in_lowest_terms(false, std::move(top), std::move(bottom)); // As powers of what has no common divisor.
}

} // namespace aceso
