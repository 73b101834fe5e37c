#pragma once
/// Exact rational numbers of bounded size, for the parts of a real expression whose value is rational.

#include <cstddef>
#include <cstdint>
#include <optional>

#include "values/big_natural.h"
#include "values/rational.h"

namespace aceso {

/// A whole number with a sign; zero may carry either.
struct BigInteger {
  bool negative = false;
  BigNatural magnitude;
  friend bool operator==(const BigInteger& a, const BigInteger& b) {
    return a.magnitude == b.magnitude && (a.negative == b.negative || a.magnitude.is_zero());
  }
};

/// numerator / denominator (> 0) rounded to a whole number.
[[nodiscard]] BigInteger round_quotient(bool negative, const BigNatural& numerator, const BigNatural& denominator,
                                        RoundingMode mode);

/// Always in lowest terms; zero is not negative.
class BigRational {
public:
  /// Numerator and denominator of a result have at most this many bits; a longer result is "nothing".
  static constexpr std::size_t longest = 4096;

  BigRational() = default;
  explicit BigRational(Rational value);
  /// `denominator` must not be 0.
  [[nodiscard]] static std::optional<BigRational> make(bool negative, BigNatural numerator, BigNatural denominator);

  [[nodiscard]] const BigNatural& numerator() const { return numerator_; }
  [[nodiscard]] const BigNatural& denominator() const { return denominator_; }
  [[nodiscard]] bool is_negative() const { return negative_; }
  [[nodiscard]] bool is_zero() const { return numerator_.is_zero(); }
  [[nodiscard]] bool is_one() const { return !negative_ && numerator_.is_one() && denominator_.is_one(); }
  [[nodiscard]] bool is_integer() const { return denominator_.is_one(); }

  [[nodiscard]] BigRational negated() const;
  [[nodiscard]] static std::optional<BigRational> add(const BigRational& a, const BigRational& b);
  [[nodiscard]] static std::optional<BigRational> subtract(const BigRational& a, const BigRational& b);
  [[nodiscard]] static std::optional<BigRational> multiply(const BigRational& a, const BigRational& b);
  /// `b` must not be 0.
  [[nodiscard]] static std::optional<BigRational> divide(const BigRational& a, const BigRational& b);
  [[nodiscard]] static bool is_less(const BigRational& a, const BigRational& b);

  /// The square root of a value >= 0, where it is rational.
  [[nodiscard]] static std::optional<BigRational> square_root(const BigRational& value);
  /// The decimal logarithm of a value > 0, where it is rational: that of a power of ten.
  [[nodiscard]] static std::optional<BigRational> logarithm_10(const BigRational& value);
  /// base^exponent for a base > 0, where it is rational and not too long.
  [[nodiscard]] static std::optional<BigRational> power(const BigRational& base, const BigRational& exponent);

private:
  [[nodiscard]] static std::optional<BigRational> in_lowest_terms(bool negative, BigNatural numerator,
                                                                  BigNatural denominator);

  bool negative_ = false;
  BigNatural numerator_;
  BigNatural denominator_ = 1;
};

} // namespace aceso
