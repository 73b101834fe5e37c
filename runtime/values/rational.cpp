#include "values/rational.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <numeric>

namespace aceso {
namespace {

__extension__ typedef unsigned __int128 Unsigned128;

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

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Consumes the digits at the front of `text`.
std::string_view take_digits(std::string_view& text) {
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  const std::string_view digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

/// Consumes a sign and tells whether it was a minus.
bool take_minus(std::string_view& text) {
  if (text.empty() || (text.front() != '-' && text.front() != '+')) return false;
  const bool minus = text.front() == '-';
  text.remove_prefix(1);
  return minus;
}

/// The value 0.d1d2d3... * 10^point of a string of digits without leading or trailing zeros.
struct DecimalDigits {
  std::string digits;
  std::int64_t point = 0;
  bool negative = false;

  [[nodiscard]] int digit(std::int64_t index) const {
    const bool written = index >= 0 && index < static_cast<std::int64_t>(digits.size());
    return written ? digits[static_cast<std::size_t>(index)] - '0' : 0;
  }
};

/// An exponent beyond this is treated alike: only zero fits.
constexpr std::int64_t exponent_limit = 1'000'000'000;

std::optional<std::int64_t> take_exponent(std::string_view& text) {
  text.remove_prefix(1);
  const bool negative = take_minus(text);
  const std::string_view digits = take_digits(text);
  if (digits.empty()) return std::nullopt;
  std::int64_t exponent = 0;
  for (const char c : digits) exponent = std::min(exponent * 10 + (c - '0'), exponent_limit);
  return negative ? -exponent : exponent;
}

std::optional<DecimalDigits> read_decimal(std::string_view text) {
  DecimalDigits result;
  result.negative = take_minus(text);
  const std::string_view whole = take_digits(text);
  if (whole.empty()) return std::nullopt;
  result.digits = whole;
  result.point = static_cast<std::int64_t>(whole.size());
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    const std::string_view fraction = take_digits(text);
    if (fraction.empty()) return std::nullopt;
    result.digits += fraction;
  }
  if (!text.empty() && (text.front() == 'e' || text.front() == 'E')) {
    const auto exponent = take_exponent(text);
    if (!exponent) return std::nullopt;
    result.point += *exponent;
  }
  if (!text.empty()) return std::nullopt;

  const std::size_t leading = std::min(result.digits.find_first_not_of('0'), result.digits.size());
  result.digits.erase(0, leading);
  result.point -= static_cast<std::int64_t>(leading);
  result.digits.erase(result.digits.find_last_not_of('0') + 1);
  return result;
}

/// The digits after the point, read from the right. Each intermediate value is a suffix of the fraction, so its
/// denominator divides the final one: when the result fits, every step does.
std::optional<Rational> fraction_of(const DecimalDigits& decimal) {
  constexpr std::int64_t most_places = 62; // a denominator below 2^63 has no more factors 2 or 5 than this
  const auto size = static_cast<std::int64_t>(decimal.digits.size());
  if (size - decimal.point > most_places) return std::nullopt;
  Rational fraction;
  for (std::int64_t index = size - 1; index >= decimal.point; --index) {
    const Int128 tenths = Int128{decimal.digit(index)} * fraction.denominator() + fraction.numerator();
    const auto shifted = Rational::make(tenths, Int128{10} * fraction.denominator());
    if (!shifted) return std::nullopt;
    fraction = *shifted;
  }
  return fraction;
}

/// Whether `round` moves from the floor to the next step up.
bool rounds_to_ceiling(Int128 floor, int against_half, bool negative, RoundingMode mode) {
  switch (mode) {
  case RoundingMode::half_up: return against_half > 0 || (against_half == 0 && !negative);
  case RoundingMode::half_down: return against_half > 0 || (against_half == 0 && negative);
  case RoundingMode::half_even: return against_half > 0 || (against_half == 0 && floor % 2 != 0);
  case RoundingMode::up: return true;
  case RoundingMode::down: return false;
  case RoundingMode::toward_zero: return negative;
  case RoundingMode::away_from_zero: return !negative;
  }
  return false;
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

std::optional<Rational> Rational::from_decimal(std::string_view text) {
  const auto decimal = read_decimal(text);
  if (!decimal) return std::nullopt;
  if (decimal->digits.empty()) return Rational{};
  constexpr std::int64_t most_whole_digits = 19; // 2^63 has 19 digits
  if (decimal->point > most_whole_digits) return std::nullopt;
  const auto fraction = fraction_of(*decimal);
  if (!fraction) return std::nullopt;
  Int128 whole = 0;
  for (std::int64_t index = 0; index < decimal->point; ++index) whole = whole * 10 + decimal->digit(index);
  const Int128 top = whole * fraction->denominator() + fraction->numerator();
  return make(decimal->negative ? -top : top, fraction->denominator());
}

std::optional<Rational> Rational::add(Rational a, Rational b) {
  return make(Int128{a.numerator_} * b.denominator_ + Int128{b.numerator_} * a.denominator_,
              Int128{a.denominator_} * b.denominator_);
}

std::optional<Rational> Rational::subtract(Rational a, Rational b) {
  return make(Int128{a.numerator_} * b.denominator_ - Int128{b.numerator_} * a.denominator_,
              Int128{a.denominator_} * b.denominator_);
}

std::optional<Rational> Rational::multiply(Rational a, Rational b) {
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
  if (rounds_to_ceiling(count, against_half, value.numerator_ < 0, mode)) ++count;

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

std::string Rational::to_text() const {
  std::int64_t rest = denominator_;
  while (rest % 2 == 0) rest /= 2;
  while (rest % 5 == 0) rest /= 5;
  if (rest != 1) return std::to_string(numerator_) + "/" + std::to_string(denominator_);

  const auto bottom = static_cast<Unsigned128>(denominator_);
  const Unsigned128 top = magnitude(numerator_);
  std::string text = numerator_ < 0 ? "-" : "";
  text += std::to_string(static_cast<std::uint64_t>(top / bottom));
  Unsigned128 remainder = top % bottom;
  if (remainder != 0) text += '.';
  for (; remainder != 0; remainder = remainder * 10 % bottom) {
    text += static_cast<char>('0' + static_cast<int>(remainder * 10 / bottom));
  }
  return text;
}

std::strong_ordering operator<=>(Rational a, Rational b) {
  const Int128 left = Int128{a.numerator_} * b.denominator_;
  const Int128 right = Int128{b.numerator_} * a.denominator_;
  return left < right ? std::strong_ordering::less
         : left > right ? std::strong_ordering::greater
                        : std::strong_ordering::equal;
}

} // namespace aceso
