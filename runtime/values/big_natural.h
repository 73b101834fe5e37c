#pragma once
/// Natural numbers of any size, for the arithmetic of reals (real.h). The numbers there have 1 to 70 limbs, so that
/// the schoolbook algorithms are the fastest ones.
/// Algorithms: D. E. Knuth, The Art of Computer Programming, volume 2, 3rd edition, section 4.3.1 (A, S, M, D).

#include <compare>
#include <cstddef>
#include <cstdint>

#include "values/limbs.h"

namespace aceso {

/// A value type without shared state: safe to use from several threads.
class BigNatural {
public:
  BigNatural() = default;
  BigNatural(std::uint64_t value) { // NOLINT(google-explicit-constructor)
    if (value != 0) limbs_.push_back(value);
  }
  [[nodiscard]] static BigNatural power_of_two(std::size_t exponent);

  [[nodiscard]] bool is_zero() const { return limbs_.empty(); }
  [[nodiscard]] bool is_one() const { return limbs_.size() == 1 && limbs_[0] == 1; }
  [[nodiscard]] bool is_odd() const { return !limbs_.empty() && (limbs_[0] & 1U) != 0; }
  /// The position of the highest one plus 1; 0 for 0.
  [[nodiscard]] std::size_t bit_length() const;
  /// The number of zeros below the lowest one; 0 for 0.
  [[nodiscard]] std::size_t trailing_zeros() const;
  /// The lowest 64 bits, and the 64 bits above them.
  [[nodiscard]] std::uint64_t low() const { return limbs_.empty() ? 0 : limbs_[0]; }
  [[nodiscard]] std::uint64_t high() const { return limbs_.size() < 2 ? 0 : limbs_[1]; }

  BigNatural& operator+=(const BigNatural& other);
  /// `other` must not be larger.
  BigNatural& operator-=(const BigNatural& other);
  BigNatural& operator<<=(std::size_t bits);
  BigNatural& operator>>=(std::size_t bits);
  BigNatural& multiply_by(std::uint64_t factor);
  /// Divides by `divisor` (not 0) and gives the remainder.
  std::uint64_t divide_by(std::uint64_t divisor);

  friend BigNatural operator+(BigNatural a, const BigNatural& b) { return a += b; }
  friend BigNatural operator-(BigNatural a, const BigNatural& b) { return a -= b; }
  friend BigNatural operator<<(BigNatural a, std::size_t bits) { return a <<= bits; }
  friend BigNatural operator>>(BigNatural a, std::size_t bits) { return a >>= bits; }
  friend BigNatural operator*(const BigNatural& a, const BigNatural& b);
  friend bool operator==(const BigNatural&, const BigNatural&) = default;
  friend std::strong_ordering operator<=>(const BigNatural& a, const BigNatural& b);

  struct Division;
  /// `divisor` must not be 0.
  [[nodiscard]] static Division divide(const BigNatural& dividend, const BigNatural& divisor);

private:
  void trim();

  Limbs limbs_; ///< the lowest first, the highest not 0
};

struct BigNatural::Division {
  BigNatural quotient;
  BigNatural remainder;
};

[[nodiscard]] BigNatural greatest_common_divisor(BigNatural a, BigNatural b);
[[nodiscard]] BigNatural power(BigNatural base, std::uint64_t exponent);
/// The largest number whose square is not above `value`, and what is left.
/// P. Zimmermann, Karatsuba Square Root, INRIA research report 3805, 1999.
struct SquareRoot {
  BigNatural root;
  BigNatural remainder;
};
[[nodiscard]] SquareRoot square_root(const BigNatural& value);
/// The largest number whose power `degree` (1 or more) is not above `value`.
[[nodiscard]] BigNatural root(const BigNatural& value, std::uint64_t degree);

} // namespace aceso
