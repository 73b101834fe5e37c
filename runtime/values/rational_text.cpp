#include <algorithm>
#include <cstddef>

#include "values/rational.h"

namespace aceso {
namespace {

__extension__ typedef unsigned __int128 Unsigned128; // NOLINT(modernize-use-using)

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Consumes the digits at the front of `text`.
std::string_view take_digits(std::string_view& text) {
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count]))
    ++count;
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
  for (const char c : digits)
    exponent = std::min(exponent * 10 + (c - '0'), exponent_limit);
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

} // namespace

std::optional<Rational> Rational::from_decimal(std::string_view text) {
  constexpr std::size_t surely_fit = 18;
  if (!text.empty() && text.size() <= surely_fit && std::all_of(text.begin(), text.end(), is_digit)) {
    std::int64_t number = 0;
    for (const char digit : text)
      number = number * 10 + (digit - '0');
    return Rational(number);
  }
  const auto decimal = read_decimal(text);
  if (!decimal) return std::nullopt;
  if (decimal->digits.empty()) return Rational{};
  constexpr std::int64_t most_whole_digits = 19; // 2^63 has 19 digits
  if (decimal->point > most_whole_digits) return std::nullopt;
  const auto fraction = fraction_of(*decimal);
  if (!fraction) return std::nullopt;
  Int128 whole = 0;
  for (std::int64_t index = 0; index < decimal->point; ++index)
    whole = whole * 10 + decimal->digit(index);
  const Int128 top = whole * fraction->denominator() + fraction->numerator();
  return make(decimal->negative ? -top : top, fraction->denominator());
}

std::string Rational::to_text() const {
  if (denominator_ == 1) return std::to_string(numerator_);
  std::int64_t rest = denominator_;
  while (rest % 2 == 0)
    rest /= 2;
  while (rest % 5 == 0)
    rest /= 5;
  if (rest != 1) return std::to_string(numerator_) + "/" + std::to_string(denominator_);

  const auto bottom = static_cast<Unsigned128>(denominator_);
  const auto wide = static_cast<Unsigned128>(Int128{numerator_});
  const Unsigned128 top = numerator_ < 0 ? Unsigned128{0} - wide : wide;
  std::string text = numerator_ < 0 ? "-" : "";
  text += std::to_string(static_cast<std::uint64_t>(top / bottom));
  Unsigned128 remainder = top % bottom;
  if (remainder != 0) text += '.';
  for (; remainder != 0; remainder = remainder * 10 % bottom) {
    text += static_cast<char>('0' + static_cast<int>(remainder * 10 / bottom));
  }
  return text;
}

} // namespace aceso
