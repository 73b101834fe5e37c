#pragma once
/// Intervals of binary floating-point numbers of any precision, rounded outward: the real number that an interval
/// stands for is never outside it. No operation uses the machine's floating point.
/// R. E. Moore, Interval Analysis, 1966; the functions exp and ln with their error bounds: big_functions.cpp.

#include <cstddef>
#include <cstdint>
#include <optional>

#include "values/big_rational.h"

namespace aceso {

enum class Direction : std::uint8_t { down, up };

/// (-1)^negative * magnitude * 2^exponent.
struct BigFloat {
  bool negative = false;
  BigNatural magnitude;
  std::int64_t exponent = 0;

  [[nodiscard]] bool is_zero() const { return magnitude.is_zero(); }
  [[nodiscard]] bool is_below_zero() const { return negative && !is_zero(); }
  [[nodiscard]] bool is_above_zero() const { return !negative && !is_zero(); }
  /// The exponent of two t such that 2^(t-1) <= |value| < 2^t. Not for zero.
  [[nodiscard]] std::int64_t top() const { return exponent + static_cast<std::int64_t>(magnitude.bit_length()); }
  [[nodiscard]] BigFloat negated() const { return {!negative, magnitude, exponent}; }
};

/// The nearest numbers with at most `precision` bits below and above.
[[nodiscard]] BigFloat rounded(BigFloat value, std::size_t precision, Direction direction);
[[nodiscard]] BigFloat add(const BigFloat& a, const BigFloat& b, std::size_t precision, Direction direction);
[[nodiscard]] BigFloat multiply(const BigFloat& a, const BigFloat& b, std::size_t precision, Direction direction);
/// `b` must not be 0.
[[nodiscard]] BigFloat divide(const BigFloat& a, const BigFloat& b, std::size_t precision, Direction direction);
[[nodiscard]] bool is_less(const BigFloat& a, const BigFloat& b);

/// lower <= upper.
struct BigInterval {
  BigFloat lower;
  BigFloat upper;

  [[nodiscard]] bool is_above_zero() const { return lower.is_above_zero(); }
  [[nodiscard]] bool is_below_zero() const { return upper.is_below_zero(); }
  [[nodiscard]] bool is_zero() const { return lower.is_zero() && upper.is_zero(); }
  [[nodiscard]] BigInterval negated() const { return {upper.negated(), lower.negated()}; }
  /// Whether upper - lower <= 2^exponent is certain.
  [[nodiscard]] bool is_narrower_than(std::int64_t exponent) const;
};

[[nodiscard]] BigInterval enclose(const BigRational& value, std::size_t precision);
[[nodiscard]] BigInterval add(const BigInterval& a, const BigInterval& b, std::size_t precision);
[[nodiscard]] BigInterval multiply(const BigInterval& a, const BigInterval& b, std::size_t precision);
/// `b` must lie on one side of 0.
[[nodiscard]] BigInterval divide(const BigInterval& a, const BigInterval& b, std::size_t precision);
[[nodiscard]] BigInterval absolute(const BigInterval& a);
[[nodiscard]] BigInterval minimum(const BigInterval& a, const BigInterval& b);
[[nodiscard]] BigInterval maximum(const BigInterval& a, const BigInterval& b);

// The functions below widen an interval by less than 2^(4 - precision) relative to 1 (logarithms: also relative to
// the result) beyond what the width of the argument demands.

/// `a` must be above 0.
[[nodiscard]] BigInterval square_root(const BigInterval& a, std::size_t precision);
/// `a` must be above 0.
[[nodiscard]] BigInterval natural_logarithm(const BigInterval& a, std::size_t precision);
[[nodiscard]] BigInterval logarithm_10(const BigInterval& a, std::size_t precision);
/// Nothing where an end is 2^48 or more in magnitude.
[[nodiscard]] std::optional<BigInterval> exponential(const BigInterval& a, std::size_t precision);

} // namespace aceso
