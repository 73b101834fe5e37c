/// exp and ln of intervals. Both calculate with whole multiples of one unit, 2^-W, by Taylor series after argument
/// reduction (R. P. Brent, Fast Multiple-Precision Evaluation of Elementary Functions, Journal of the ACM 23(2), 1976;
/// J.-M. Muller, Elementary Functions, 3rd edition, 2016, chapters 3 and 7). Every quantity is >= 0 and every division
/// is cut off; beside each step stands the number of units by which the computed value may be off at most. The count
/// of these, not an estimate, widens the result: a larger W makes intervals narrower, but none makes them wrong.

#include "values/big_interval.h"

#include <utility>

namespace aceso {
namespace {

std::size_t whole_root(std::size_t value) {
  return static_cast<std::size_t>(square_root(BigNatural(value)).root.low());
}

/// floor(value * 2^bits) of a value >= 0.
BigNatural fixed_point(const BigFloat& value, std::size_t bits) {
  const std::int64_t shift = value.exponent + static_cast<std::int64_t>(bits);
  return shift >= 0 ? value.magnitude << static_cast<std::size_t>(shift)
                    : value.magnitude >> static_cast<std::size_t>(-shift);
}

/// [value, value + error] * 2^exponent, for an error > 0.
BigInterval widened(const BigNatural& value, const BigNatural& error, std::int64_t exponent, std::size_t precision) {
  return {rounded({false, value, exponent}, precision, Direction::down),
          rounded({false, value + error, exponent}, precision, Direction::up)};
}

/// The inverse hyperbolic tangent of 1/n, in units of 2^-bits: at most 2 units for each of less than `bits` terms and
/// 1 unit for those that are left out too small.
BigNatural inverse_tangent_of_reciprocal(std::uint64_t n, std::size_t bits) {
  BigNatural power = BigNatural::power_of_two(bits);
  power.divide_by(n);
  BigNatural sum = power;
  for (std::uint64_t divisor = 3;; divisor += 2) {
    power.divide_by(n * n);
    if (power.is_zero()) return sum;
    BigNatural term = power;
    term.divide_by(divisor);
    sum += term;
  }
}

enum class Constant : std::uint8_t { logarithm_of_2, logarithm_of_5_quarters };

/// In units of 2^-bits: at most 2 units below the true value, never above.
BigNatural calculate(Constant constant, std::size_t bits) {
  constexpr std::size_t guard = 32;
  BigNatural sum;
  if (constant == Constant::logarithm_of_2) {
    // ln 2 = 18 artanh(1/26) - 2 artanh(1/4801) + 8 artanh(1/8749).
    sum = inverse_tangent_of_reciprocal(26, bits + guard).multiply_by(18);
    sum += inverse_tangent_of_reciprocal(8749, bits + guard).multiply_by(8);
    sum -= inverse_tangent_of_reciprocal(4801, bits + guard).multiply_by(2);
  } else {
    // ln(5/4) = 2 artanh(1/9).
    sum = inverse_tangent_of_reciprocal(9, bits + guard).multiply_by(2);
  }
  // The errors are below 2^7 * bits small units either way. Taking away 2^30 of the 2^32 that make a unit, the result
  // is below the true value, also after the cut-off, and by less than 1 + 1/2 units.
  sum -= BigNatural::power_of_two(guard - 2);
  return sum >>= guard;
}

/// The same. Calculated once up to the precision that values need in practice.
BigNatural constant(Constant which, std::size_t bits) {
  constexpr std::size_t kept = 1536;
  if (bits > kept) return calculate(which, bits);
  static const BigNatural logarithm_of_2 = calculate(Constant::logarithm_of_2, kept);
  static const BigNatural logarithm_of_5_quarters = calculate(Constant::logarithm_of_5_quarters, kept);
  // Cut off by at least one bit, an error of 2 units becomes at most 1, and the cut-off costs less than 1.
  return (which == Constant::logarithm_of_2 ? logarithm_of_2 : logarithm_of_5_quarters) >> (kept - bits);
}

/// exp of 0 <= x < 2^48.
BigInterval exponential_of(const BigFloat& x, std::size_t precision) {
  // x = k ln 2 + r, 0 <= r < ln 2; exp(x) = 2^k exp(r / 2^halvings)^(2^halvings).
  const std::size_t halvings = 2 + whole_root(precision) * 3 / 4;
  const std::size_t width = precision + halvings + 16;
  // k < 2^(top + 1) and an error of 2k units in k ln 2 is below 1 unit of the shorter width.
  const auto extra = static_cast<std::size_t>((x.is_zero() || x.top() < 0 ? 0 : x.top()) + 3);
  const BigNatural logarithm_of_2 = constant(Constant::logarithm_of_2, width + extra);
  auto [k, reduced] = BigNatural::divide(fixed_point(x, width + extra), logarithm_of_2);
  // 2 units off either way: the cut-off of x, 2k small units of k ln 2, this cut-off. The next halves that and cuts
  // off.
  reduced >>= extra;
  reduced >>= halvings;

  // Sum of r^i / i!, r < 1/4. A term is off by r times the error of the one before plus the two units of its cut-offs,
  // so by less than 3; the terms left out are below 3 + 1.
  BigNatural sum = BigNatural::power_of_two(width);
  BigNatural term = sum;
  std::uint64_t terms = 0;
  for (std::uint64_t i = 1; !term.is_zero(); ++i) {
    term = term * reduced >> width;
    term.divide_by(i);
    sum += term;
    ++terms;
  }
  // 3 for each term, 4 for those left out, 3 for the 2 units of r, times exp(r) < 2.
  const std::uint64_t units = 3 * terms + 7;
  // A square doubles the relative error and its cut-off adds a unit; the value, always >= 1, ends below 2; that the
  // errors' own squares are small is covered by the last factor 2.
  for (std::size_t i = 0; i < halvings; ++i)
    sum = sum * sum >> width;
  const BigNatural error = BigNatural(units + 2) << (halvings + 2);
  const auto exponent = static_cast<std::int64_t>(k.low()) - static_cast<std::int64_t>(width);
  return widened(sum - error, error << 1, exponent, precision);
}

/// ln of x > 0.
BigInterval logarithm_of(const BigFloat& x, std::size_t precision) {
  // x = 2^k m, 1 <= m < 2; ln x = k ln 2 + 2^(roots + 1) artanh((y - 1) / (y + 1)), y = m^(1 / 2^roots).
  const std::int64_t k = x.top() - 1;
  const BigFloat mantissa = {false, x.magnitude, x.exponent - k};
  // Near 1 the logarithm is small and needs as many more bits.
  const std::size_t length = x.magnitude.bit_length();
  std::size_t nearness = 0;
  if (k == 0 || k == -1) {
    const BigNatural distance =
        k == 0 ? x.magnitude - BigNatural::power_of_two(length - 1) : BigNatural::power_of_two(length) - x.magnitude;
    if (!distance.is_zero()) nearness = length - distance.bit_length();
  }
  const std::size_t roots = 1 + whole_root(precision) / 16;
  const std::size_t width = precision + nearness + roots + 16;
  const BigNatural one = BigNatural::power_of_two(width);

  BigNatural y = fixed_point(mantissa, width); // 1 unit below
  // A root halves the error and its cut-off adds 1, so that there are never more than 2 units.
  for (std::size_t i = 0; i < roots; ++i)
    y = square_root(y << width).root;
  // z = (y - 1) / (y + 1) changes half as fast as y and is cut off: 2 units. z < 1/5, where artanh changes by less than
  // 1.1 units for each: 3 units of the sum.
  const BigNatural z = BigNatural::divide((y - one) << width, y + one).quotient;
  const BigNatural square = z * z >> width;
  // Sum of z^(2i+1) / (2i+1). A power of z is off by less than 2 units, its quotient by less than 3; those left out are
  // below 3 together.
  BigNatural power = z;
  BigNatural sum = z;
  std::uint64_t terms = 1;
  for (std::uint64_t divisor = 3; !power.is_zero(); divisor += 2) {
    power = power * square >> width;
    BigNatural term = power;
    term.divide_by(divisor);
    sum += term;
    ++terms;
  }
  const BigNatural error = BigNatural(3 * terms + 6) << (roots + 1);
  sum <<= roots + 1;
  const auto unit = -static_cast<std::int64_t>(width);
  if (k == 0) return widened(sum, error, unit, precision);

  const std::uint64_t count = k < 0 ? static_cast<std::uint64_t>(-k) : static_cast<std::uint64_t>(k);
  const std::size_t extra = BigNatural(count).bit_length() + 1;
  BigNatural multiple = constant(Constant::logarithm_of_2, width + extra).multiply_by(count);
  multiple >>= extra; // 2 units below: 2 * count small ones are below 1, the cut-off is the other.
  if (k > 0) return widened(sum + multiple, error + 2, unit, precision);
  // k ln 2 <= -ln 2 and ln m < ln 2: the difference is negative or nearly so.
  const BigFloat lower = {true, multiple + 2, unit};
  const BigFloat upper = {true, std::move(multiple), unit};
  return {add(lower, {false, sum, unit}, precision, Direction::down),
          add(upper, {false, sum + error, unit}, precision, Direction::up)};
}

/// exp of a number of either sign.
BigInterval exponential_at(const BigFloat& x, std::size_t precision) {
  if (!x.is_below_zero()) return exponential_of(x, precision);
  const BigFloat one = {false, 1, 0};
  return divide({one, one}, exponential_of(x.negated(), precision + 2), precision);
}

} // namespace

std::optional<BigInterval> exponential(const BigInterval& a, std::size_t precision) {
  constexpr std::int64_t largest = 48;
  if ((!a.lower.is_zero() && a.lower.top() > largest) || (!a.upper.is_zero() && a.upper.top() > largest)) {
    return std::nullopt;
  }
  BigInterval at_lower = exponential_at(a.lower, precision);
  const BigFloat width = add(a.upper, a.lower.negated(), precision, Direction::up);
  if (width.is_zero()) return at_lower;
  if (width.top() > 0) return BigInterval{at_lower.lower, exponential_at(a.upper, precision).upper};
  // exp(a + w) <= exp(a) (1 + 2w) for 0 <= w <= 1.
  const BigFloat growth = add({false, 1, 0}, {false, width.magnitude, width.exponent + 1}, precision, Direction::up);
  return BigInterval{at_lower.lower, multiply(at_lower.upper, growth, precision, Direction::up)};
}

BigInterval natural_logarithm(const BigInterval& a, std::size_t precision) {
  BigInterval at_lower = logarithm_of(a.lower, precision);
  const BigFloat width = add(a.upper, a.lower.negated(), precision, Direction::up);
  if (width.is_zero()) return at_lower;
  if (width.top() >= a.lower.top()) return {at_lower.lower, logarithm_of(a.upper, precision).upper};
  // ln(a + w) <= ln a + w / a.
  const BigFloat growth = divide(width, a.lower, precision, Direction::up);
  return {at_lower.lower, add(at_lower.upper, growth, precision, Direction::up)};
}

BigInterval logarithm_10(const BigInterval& a, std::size_t precision) {
  // ln 10 = 3 ln 2 + ln(5/4): 3 * 2 + 2 units below.
  const std::size_t width = precision + 4;
  BigNatural logarithm_of_10 = constant(Constant::logarithm_of_2, width).multiply_by(3);
  logarithm_of_10 += constant(Constant::logarithm_of_5_quarters, width);
  const BigInterval divisor = widened(logarithm_of_10, 8, -static_cast<std::int64_t>(width), precision);
  return divide(natural_logarithm(a, precision), divisor, precision);
}

} // namespace aceso
