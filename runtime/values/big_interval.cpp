#include "values/big_interval.h"

#include <algorithm>
#include <array>
#include <utility>

namespace aceso {
namespace {

/// Whether rounding in this direction makes the magnitude larger.
bool is_away_from_zero(bool negative, Direction direction) { return (direction == Direction::up) != negative; }

std::size_t shift_of(std::int64_t bits) { return static_cast<std::size_t>(bits); }

/// a + b, exactly; the exponents must not be far apart.
BigFloat exact_sum(const BigFloat& a, const BigFloat& b) {
  const std::int64_t exponent = std::min(a.exponent, b.exponent);
  const BigNatural left = a.magnitude << shift_of(a.exponent - exponent);
  const BigNatural right = b.magnitude << shift_of(b.exponent - exponent);
  if (a.negative == b.negative) return {a.negative, left + right, exponent};
  if (left < right) return {b.negative, right - left, exponent};
  return {a.negative, left - right, exponent};
}

/// The square root of a value > 0.
BigFloat square_root(const BigFloat& a, std::size_t precision, Direction direction) {
  // The exponent is made even and the root 2 bits longer than the precision.
  const auto wanted = static_cast<std::int64_t>(2 * precision + 4);
  std::int64_t shift = std::max<std::int64_t>(0, wanted - static_cast<std::int64_t>(a.magnitude.bit_length()));
  if ((a.exponent - shift) % 2 != 0) ++shift;
  auto [root, remainder] = square_root(a.magnitude << shift_of(shift));
  root <<= 1;
  if (!remainder.is_zero()) root += 1; // Only says that the root lies above: this bit is always rounded away.
  return rounded({false, std::move(root), (a.exponent - shift) / 2 - 1}, precision, direction);
}

} // namespace

BigFloat rounded(BigFloat value, std::size_t precision, Direction direction) {
  const std::size_t length = value.magnitude.bit_length();
  if (length <= precision) return value;
  const std::size_t surplus = length - precision;
  const bool is_exact = value.magnitude.trailing_zeros() >= surplus;
  value.magnitude >>= surplus;
  value.exponent += static_cast<std::int64_t>(surplus);
  if (!is_exact && is_away_from_zero(value.negative, direction)) value.magnitude += 1;
  return value;
}

BigFloat add(const BigFloat& a, const BigFloat& b, std::size_t precision, Direction direction) {
  if (a.is_zero()) return rounded(b, precision, direction);
  if (b.is_zero()) return rounded(a, precision, direction);
  if (a.top() < b.top()) return add(b, a, precision, direction);
  // A very small second operand is replaced by a power of two above it, or left out, so that no number gets long.
  const std::int64_t reach = std::min(a.exponent, a.top() - static_cast<std::int64_t>(precision)) - 4;
  if (b.top() > reach) return rounded(exact_sum(a, b), precision, direction);
  if (b.negative == (direction == Direction::up)) return rounded(a, precision, direction);
  return rounded(exact_sum(a, {b.negative, 1, reach}), precision, direction);
}

BigFloat multiply(const BigFloat& a, const BigFloat& b, std::size_t precision, Direction direction) {
  return rounded({a.negative != b.negative, a.magnitude * b.magnitude, a.exponent + b.exponent}, precision, direction);
}

BigFloat divide(const BigFloat& a, const BigFloat& b, std::size_t precision, Direction direction) {
  if (a.is_zero()) return {};
  const std::size_t wanted = precision + 2 + b.magnitude.bit_length();
  const std::size_t length = a.magnitude.bit_length();
  const std::size_t shift = wanted > length ? wanted - length : 0;
  auto [quotient, remainder] = BigNatural::divide(a.magnitude << shift, b.magnitude);
  quotient <<= 1;
  if (!remainder.is_zero()) quotient += 1; // As in the square root.
  const std::int64_t exponent = a.exponent - b.exponent - static_cast<std::int64_t>(shift) - 1;
  return rounded({a.negative != b.negative, std::move(quotient), exponent}, precision, direction);
}

bool is_less(const BigFloat& a, const BigFloat& b) {
  if (a.is_zero() || b.is_zero()) return a.is_below_zero() || b.is_above_zero();
  if (a.negative != b.negative) return a.negative;
  if (a.top() != b.top()) return (a.top() < b.top()) != a.negative;
  const BigFloat difference = exact_sum(a, b.negated());
  return difference.is_below_zero();
}

bool BigInterval::is_narrower_than(std::int64_t exponent) const {
  const BigFloat width = add(upper, lower.negated(), 64, Direction::up);
  return width.is_zero() || width.top() <= exponent;
}

BigInterval enclose(const BigRational& value, std::size_t precision) {
  const BigFloat top = {value.is_negative(), value.numerator(), 0};
  if (value.is_integer() && value.numerator().bit_length() <= precision) return {top, top};
  const BigFloat bottom = {false, value.denominator(), 0};
  return {divide(top, bottom, precision, Direction::down), divide(top, bottom, precision, Direction::up)};
}

BigInterval add(const BigInterval& a, const BigInterval& b, std::size_t precision) {
  return {add(a.lower, b.lower, precision, Direction::down), add(a.upper, b.upper, precision, Direction::up)};
}

BigInterval multiply(const BigInterval& a, const BigInterval& b, std::size_t precision) {
  if (a.is_below_zero()) return multiply(a.negated(), b, precision).negated();
  if (!a.is_above_zero()) {
    if (b.is_below_zero()) return multiply(a, b.negated(), precision).negated();
    if (b.is_above_zero()) return multiply(b, a, precision);
    const std::array ends = {
        multiply(a.lower, b.upper, precision, Direction::down), multiply(a.upper, b.lower, precision, Direction::down),
        multiply(a.lower, b.lower, precision, Direction::up), multiply(a.upper, b.upper, precision, Direction::up)};
    return {is_less(ends[0], ends[1]) ? ends[0] : ends[1], is_less(ends[2], ends[3]) ? ends[3] : ends[2]};
  }
  const BigFloat& factor_down = b.lower.is_below_zero() ? a.upper : a.lower;
  const BigFloat& factor_up = b.upper.is_below_zero() ? a.lower : a.upper;
  return {multiply(factor_down, b.lower, precision, Direction::down),
          multiply(factor_up, b.upper, precision, Direction::up)};
}

BigInterval divide(const BigInterval& a, const BigInterval& b, std::size_t precision) {
  if (b.is_below_zero()) return divide(a.negated(), b.negated(), precision);
  const BigFloat& divisor_down = a.lower.is_below_zero() ? b.lower : b.upper;
  const BigFloat& divisor_up = a.upper.is_below_zero() ? b.upper : b.lower;
  return {divide(a.lower, divisor_down, precision, Direction::down),
          divide(a.upper, divisor_up, precision, Direction::up)};
}

BigInterval absolute(const BigInterval& a) {
  if (!a.lower.is_below_zero()) return a;
  if (!a.upper.is_above_zero()) return a.negated();
  const BigFloat mirrored = a.lower.negated();
  return {BigFloat{}, is_less(mirrored, a.upper) ? a.upper : mirrored};
}

BigInterval minimum(const BigInterval& a, const BigInterval& b) {
  return {is_less(b.lower, a.lower) ? b.lower : a.lower, is_less(b.upper, a.upper) ? b.upper : a.upper};
}

BigInterval maximum(const BigInterval& a, const BigInterval& b) {
  return {is_less(a.lower, b.lower) ? b.lower : a.lower, is_less(a.upper, b.upper) ? b.upper : a.upper};
}

BigInterval square_root(const BigInterval& a, std::size_t precision) {
  return {square_root(a.lower, precision, Direction::down), square_root(a.upper, precision, Direction::up)};
}

} // namespace aceso
