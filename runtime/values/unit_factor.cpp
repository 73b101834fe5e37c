#include "values/unit_factor.h"

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace aceso::units {
namespace {

/// result * base^power, or nothing beyond 63 bits.
std::optional<std::int64_t> times_power(std::int64_t result, std::uint64_t base, int power) {
  if (base > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
  for (; power > 0; --power) {
    if (__builtin_mul_overflow(result, static_cast<std::int64_t>(base), &result)) return std::nullopt;
  }
  return result;
}

} // namespace

UnitFactor UnitFactor::of(std::uint64_t number) {
  UnitFactor factor;
  const auto divide_out = [&](std::uint64_t prime) {
    int power = 0;
    for (; number % prime == 0; number /= prime)
      ++power;
    factor.multiply_by_prime(prime, power);
  };
  divide_out(2);
  for (std::uint64_t candidate = 3; candidate <= number / candidate; candidate += 2)
    divide_out(candidate);
  if (number > 1) factor.multiply_by_prime(number, 1);
  return factor;
}

UnitFactor UnitFactor::of_decimal(std::string_view text) {
  std::uint64_t digits = 0;
  int exponent = 0;
  bool after_point = false;
  std::size_t at = 0;
  for (; at < text.size() && text[at] != 'e'; ++at) {
    if (text[at] == '.') {
      after_point = true;
      continue;
    }
    digits = digits * 10 + static_cast<std::uint64_t>(text[at] - '0');
    exponent -= after_point ? 1 : 0;
  }
  if (at < text.size()) {
    const bool negative = text[++at] == '-';
    int written = 0;
    for (at += negative ? 1 : 0; at < text.size(); ++at)
      written = written * 10 + (text[at] - '0');
    exponent += negative ? -written : written;
  }
  UnitFactor factor = of(digits);
  factor.multiply_by_prime(2, exponent);
  factor.multiply_by_prime(5, exponent);
  return factor;
}

UnitFactor UnitFactor::pi() {
  UnitFactor factor;
  factor.pi_power_ = 1;
  return factor;
}

void UnitFactor::multiply_by(const UnitFactor& other, int power) {
  pi_power_ += other.pi_power_ * power;
  for (const PrimePower& entry : other.primes_)
    multiply_by_prime(entry.prime, entry.power * power);
}

void UnitFactor::multiply_by_prime(std::uint64_t prime, int power) {
  if (power == 0) return;
  const auto place = std::ranges::lower_bound(primes_, prime, {}, &PrimePower::prime);
  if (place == primes_.end() || place->prime != prime) {
    primes_.insert(place, {prime, power});
    return;
  }
  place->power += power;
  if (place->power == 0) primes_.erase(place);
}

std::optional<Rational> UnitFactor::rational_part() const {
  std::optional<std::int64_t> numerator = 1;
  std::optional<std::int64_t> denominator = 1;
  for (const PrimePower& entry : primes_) {
    auto& side = entry.power > 0 ? numerator : denominator;
    side = times_power(*side, entry.prime, std::abs(entry.power));
    if (!side) return std::nullopt;
  }
  return Rational::make(*numerator, *denominator);
}

} // namespace aceso::units
