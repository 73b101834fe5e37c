#include "module/number_text.h"

namespace aceso {

bool is_number_text(std::string_view text) {
  std::size_t i = 0;
  const auto digits = [&] {
    const std::size_t start = i;
    while (i < text.size() && text[i] >= '0' && text[i] <= '9')
      ++i;
    return i > start;
  };
  if (i < text.size() && text[i] == '-') ++i;
  if (!digits()) return false;
  if (i < text.size() && text[i] == '/') {
    ++i;
    return digits() && i == text.size();
  }
  if (i < text.size() && text[i] == '.') {
    ++i;
    if (!digits()) return false;
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
    if (!digits()) return false;
  }
  return i == text.size();
}

std::optional<Rational> number_from_text(std::string_view text) {
  constexpr std::size_t longest = 400; // no number of 64 bits needs as much, whatever its exponent
  if (text.size() > longest) return std::nullopt;
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return Rational::from_decimal(text);
  const auto numerator = Rational::from_decimal(text.substr(0, slash));
  const auto denominator = Rational::from_decimal(text.substr(slash + 1));
  if (!numerator || !denominator) return std::nullopt;
  return Rational::divide(*numerator, *denominator);
}

} // namespace aceso
