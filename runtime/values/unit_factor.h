#pragma once
/// The size of a unit, exactly: a product of whole powers of primes and of pi. Sizes from 10^-300 to 10^300 and any
/// product of them can be held, and two of them are equal exactly when their factors are; nothing is ever rounded.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "values/rational.h"

namespace aceso::units {

class UnitFactor {
public:
  /// The number 1.
  UnitFactor() = default;
  /// A whole number > 0. Takes time proportional to its square root.
  [[nodiscard]] static UnitFactor of(std::uint64_t number);
  /// A decimal > 0 of the table, such as "6.62607015e-34".
  [[nodiscard]] static UnitFactor of_decimal(std::string_view text);
  [[nodiscard]] static UnitFactor pi();

  /// Multiplies by other^power.
  void multiply_by(const UnitFactor& other, int power = 1);
  [[nodiscard]] int pi_power() const { return pi_power_; }
  /// The value without its power of pi; nothing when it does not fit.
  [[nodiscard]] std::optional<Rational> rational_part() const;

  friend bool operator==(const UnitFactor&, const UnitFactor&) = default;

private:
  struct PrimePower {
    std::uint64_t prime = 2;
    int power = 1;
    friend bool operator==(const PrimePower&, const PrimePower&) = default;
  };
  void multiply_by_prime(std::uint64_t prime, int power);

  std::vector<PrimePower> primes_; ///< by prime, no power 0
  int pi_power_ = 0;
};

} // namespace aceso::units
