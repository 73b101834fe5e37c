#include "values/big_natural.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <utility>

namespace aceso {
namespace {

__extension__ typedef unsigned __int128 Unsigned128; // NOLINT(modernize-use-using)

constexpr std::size_t limb_bits = 64;

constexpr std::uint64_t low_limb(Unsigned128 value) { return static_cast<std::uint64_t>(value); }
constexpr std::uint64_t high_limb(Unsigned128 value) { return static_cast<std::uint64_t>(value >> limb_bits); }

} // namespace

void BigNatural::trim() {
  while (!limbs_.empty() && limbs_.back() == 0)
    limbs_.pop_back();
}

BigNatural BigNatural::power_of_two(std::size_t exponent) {
  BigNatural result;
  result.limbs_.resize(exponent / limb_bits + 1);
  result.limbs_.back() = std::uint64_t{1} << exponent % limb_bits;
  return result;
}

std::size_t BigNatural::bit_length() const {
  if (limbs_.empty()) return 0;
  return limbs_.size() * limb_bits - static_cast<std::size_t>(std::countl_zero(limbs_.back()));
}

std::size_t BigNatural::trailing_zeros() const {
  if (limbs_.empty()) return 0;
  const auto first = std::find_if(limbs_.begin(), limbs_.end(), [](std::uint64_t limb) { return limb != 0; });
  return static_cast<std::size_t>(first - limbs_.begin()) * limb_bits +
         static_cast<std::size_t>(std::countr_zero(*first));
}

BigNatural& BigNatural::operator+=(const BigNatural& other) {
  if (limbs_.size() < other.limbs_.size()) limbs_.resize(other.limbs_.size());
  const std::size_t count = other.limbs_.size();
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < limbs_.size() && (i < count || carry != 0); ++i) {
    const Unsigned128 sum = Unsigned128{limbs_[i]} + (i < count ? other.limbs_[i] : 0) + carry;
    limbs_[i] = low_limb(sum);
    carry = high_limb(sum);
  }
  if (carry != 0) limbs_.push_back(carry);
  return *this;
}

BigNatural& BigNatural::operator-=(const BigNatural& other) {
  const std::size_t count = other.limbs_.size();
  std::uint64_t borrow = 0;
  for (std::size_t i = 0; i < limbs_.size() && (i < count || borrow != 0); ++i) {
    const Unsigned128 difference = Unsigned128{limbs_[i]} - (i < count ? other.limbs_[i] : 0) - borrow;
    limbs_[i] = low_limb(difference);
    borrow = high_limb(difference) & 1U;
  }
  trim();
  return *this;
}

BigNatural& BigNatural::operator<<=(std::size_t bits) {
  if (limbs_.empty() || bits == 0) return *this;
  const std::size_t whole = bits / limb_bits;
  const std::size_t rest = bits % limb_bits;
  const std::size_t old_size = limbs_.size();
  limbs_.resize(old_size + whole + 1);
  for (std::size_t i = limbs_.size(); i-- > 0;) {
    const std::uint64_t above = i >= whole && i - whole < old_size ? limbs_[i - whole] : 0;
    const std::uint64_t below = i > whole && i - whole - 1 < old_size ? limbs_[i - whole - 1] : 0;
    limbs_[i] = rest == 0 ? above : above << rest | below >> (limb_bits - rest);
  }
  trim();
  return *this;
}

BigNatural& BigNatural::operator>>=(std::size_t bits) {
  if (bits == 0) return *this;
  const std::size_t whole = bits / limb_bits;
  const std::size_t rest = bits % limb_bits;
  if (whole >= limbs_.size()) {
    limbs_.clear();
    return *this;
  }
  const std::size_t size = limbs_.size() - whole;
  for (std::size_t i = 0; i < size; ++i) {
    const std::uint64_t below = limbs_[i + whole];
    const std::uint64_t above = i + whole + 1 < limbs_.size() ? limbs_[i + whole + 1] : 0;
    limbs_[i] = rest == 0 ? below : below >> rest | above << (limb_bits - rest);
  }
  limbs_.resize(size);
  trim();
  return *this;
}

BigNatural& BigNatural::multiply_by(std::uint64_t factor) {
  std::uint64_t carry = 0;
  for (std::uint64_t& limb : limbs_) {
    const Unsigned128 product = Unsigned128{limb} * factor + carry;
    limb = low_limb(product);
    carry = high_limb(product);
  }
  if (carry != 0) limbs_.push_back(carry);
  trim();
  return *this;
}

std::uint64_t BigNatural::divide_by(std::uint64_t divisor) {
  std::uint64_t remainder = 0;
  for (std::size_t i = limbs_.size(); i-- > 0;) {
    const Unsigned128 part = Unsigned128{remainder} << limb_bits | limbs_[i];
    limbs_[i] = low_limb(part / divisor);
    remainder = low_limb(part % divisor);
  }
  trim();
  return remainder;
}

BigNatural operator*(const BigNatural& a, const BigNatural& b) {
  BigNatural result;
  if (a.is_zero() || b.is_zero()) return result;
  result.limbs_.resize(a.limbs_.size() + b.limbs_.size());
  for (std::size_t i = 0; i < a.limbs_.size(); ++i) {
    std::uint64_t carry = 0;
    for (std::size_t j = 0; j < b.limbs_.size(); ++j) {
      const Unsigned128 sum = Unsigned128{a.limbs_[i]} * b.limbs_[j] + result.limbs_[i + j] + carry;
      result.limbs_[i + j] = low_limb(sum);
      carry = high_limb(sum);
    }
    result.limbs_[i + b.limbs_.size()] = carry;
  }
  result.trim();
  return result;
}

std::strong_ordering operator<=>(const BigNatural& a, const BigNatural& b) {
  if (a.limbs_.size() != b.limbs_.size()) return a.limbs_.size() <=> b.limbs_.size();
  for (std::size_t i = a.limbs_.size(); i-- > 0;) {
    if (a.limbs_[i] != b.limbs_[i]) return a.limbs_[i] <=> b.limbs_[i];
  }
  return std::strong_ordering::equal;
}

BigNatural::Division BigNatural::divide(const BigNatural& dividend, const BigNatural& divisor) {
  Division result;
  if (dividend < divisor) {
    result.remainder = dividend;
    return result;
  }
  if (divisor.limbs_.size() == 1) {
    result.quotient = dividend;
    result.remainder = result.quotient.divide_by(divisor.limbs_[0]);
    return result;
  }
  // Knuth's algorithm D. The divisor is shifted so that its highest bit is set; the steps are named as there.
  const auto shift = static_cast<std::size_t>(std::countl_zero(divisor.limbs_.back()));
  const Limbs v = (divisor << shift).limbs_;
  Limbs u = (dividend << shift).limbs_;
  const std::size_t n = v.size();
  u.resize(dividend.limbs_.size() + 1);
  const std::size_t m = u.size() - n - 1;
  result.quotient.limbs_.resize(m + 1);
  for (std::size_t j = m + 1; j-- > 0;) {
    // D3: an estimate of the digit, at most 1 too large after the correction.
    const Unsigned128 top = Unsigned128{u[j + n]} << limb_bits | u[j + n - 1];
    Unsigned128 digit = top / v[n - 1];
    Unsigned128 rest = top % v[n - 1];
    while (high_limb(digit) != 0 || digit * v[n - 2] > (rest << limb_bits | u[j + n - 2])) {
      --digit;
      rest += v[n - 1];
      if (high_limb(rest) != 0) break;
    }
    // D4: subtract.
    std::uint64_t carry = 0;
    std::uint64_t borrow = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const Unsigned128 product = Unsigned128{low_limb(digit)} * v[i] + carry;
      carry = high_limb(product);
      const Unsigned128 difference = Unsigned128{u[i + j]} - low_limb(product) - borrow;
      u[i + j] = low_limb(difference);
      borrow = high_limb(difference) & 1U;
    }
    const Unsigned128 difference = Unsigned128{u[j + n]} - carry - borrow;
    u[j + n] = low_limb(difference);
    // D6: the estimate was 1 too large.
    if ((high_limb(difference) & 1U) != 0) {
      --digit;
      carry = 0;
      for (std::size_t i = 0; i < n; ++i) {
        const Unsigned128 sum = Unsigned128{u[i + j]} + v[i] + carry;
        u[i + j] = low_limb(sum);
        carry = high_limb(sum);
      }
      u[j + n] += carry;
    }
    result.quotient.limbs_[j] = low_limb(digit);
  }
  result.quotient.trim();
  u.resize(n);
  result.remainder.limbs_ = std::move(u);
  result.remainder.trim();
  result.remainder >>= shift;
  return result;
}

BigNatural greatest_common_divisor(BigNatural a, BigNatural b) {
  while (!b.is_zero()) {
    if (a.bit_length() <= limb_bits && b.bit_length() <= limb_bits) return std::gcd(a.low(), b.low());
    a = BigNatural::divide(a, b).remainder;
    std::swap(a, b);
  }
  return a;
}

BigNatural power(BigNatural base, std::uint64_t exponent) {
  BigNatural result = 1;
  while (exponent != 0) {
    if ((exponent & 1U) != 0) result = result * base;
    exponent >>= 1U;
    if (exponent != 0) base = base * base;
  }
  return result;
}

SquareRoot square_root(const BigNatural& value) {
  const std::size_t bits = value.bit_length();
  if (bits <= limb_bits) {
    // Newton's iteration from above falls until it reaches the floor.
    const std::uint64_t number = value.low();
    if (number == 0) return {};
    std::uint64_t guess = bits >= limb_bits - 1 ? 0xFFFFFFFFU : std::uint64_t{1} << (bits + 1) / 2;
    for (;;) {
      const std::uint64_t next = (guess + number / guess) / 2;
      if (next >= guess) break;
      guess = next;
    }
    return {guess, number - guess * guess};
  }
  // value = upper * 4^k + middle * 2^k + lower. The upper part has more than 2k bits, so that its root is at least 2^k
  // and the quotient below at most a little too large.
  const std::size_t k = (bits - 1) / 4;
  const SquareRoot upper = square_root(value >> 2 * k);
  const BigNatural rest = value - (value >> 2 * k << 2 * k);
  const BigNatural middle = rest >> k;
  const BigNatural lower = rest - (middle << k);
  auto [quotient, remainder] = BigNatural::divide((upper.remainder << k) + middle, upper.root << 1);
  SquareRoot result;
  result.root = (upper.root << k) + quotient;
  result.remainder = (remainder << k) + lower;
  BigNatural square = quotient * quotient;
  while (result.remainder < square) {
    result.remainder += (result.root << 1) - 1;
    result.root -= 1;
  }
  result.remainder -= square;
  return result;
}

BigNatural root(const BigNatural& value, std::uint64_t degree) {
  if (degree == 1 || value.is_zero()) return value;
  if (degree == 2) return square_root(value).root;
  if (value.bit_length() <= degree) return 1;
  // Newton's iteration from above falls until it reaches the floor.
  BigNatural guess = BigNatural::power_of_two((value.bit_length() + static_cast<std::size_t>(degree) - 1) /
                                              static_cast<std::size_t>(degree));
  for (;;) {
    BigNatural next = BigNatural::divide(value, power(guess, degree - 1)).quotient;
    BigNatural weighted = guess;
    next += weighted.multiply_by(degree - 1);
    next.divide_by(degree);
    if (next >= guess) return guess;
    guess = std::move(next);
  }
}

} // namespace aceso
