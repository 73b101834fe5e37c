#include "gdl2/units.h"

#include <array>
#include <utility>

#include "values/units.h"

namespace aceso::gdl2 {
namespace {

constexpr std::pair<std::string_view, std::string_view> parts[] = {
#define ACESO_UNIT_PART(spelling, code) {spelling, code},
#include "gdl2/unit_spellings.def"
#undef ACESO_UNIT_PART
};

constexpr std::pair<std::string_view, UnitLimits> all_limits[] = {
#define ACESO_UNIT_LIMIT(code, low, high, decimals) {code, {low, high, decimals}},
#include "gdl2/unit_limits.def"
#undef ACESO_UNIT_LIMIT
};

bool is_calendar(std::string_view code) { return code == "a" || code == "mo"; }

} // namespace

std::string ucum_code(std::string_view spelling) {
  std::string result;
  for (std::string_view rest = spelling; !rest.empty() || result.empty();) {
    const std::size_t slash = rest.find('/');
    const std::string_view part = rest.substr(0, slash);
    std::string_view code = part;
    for (const auto& [known, ucum] : parts)
      if (known == part) code = ucum;
    result += code;
    if (slash == std::string_view::npos) break;
    result += '/';
    rest.remove_prefix(slash + 1);
    if (rest.empty()) break;
  }
  if (result.starts_with("1/")) result.erase(0, 1);
  return units::is_valid(result) ? result : std::string();
}

UnitLimits limits_of(std::string_view ucum) {
  for (const auto& [code, limits] : all_limits)
    if (code == ucum) return limits;
  return {"0", "10000", 2};
}

std::string unit_suffix(std::string_view ucum, bool one) {
  if (ucum == "1" || ucum.empty()) return {};
  constexpr std::array<std::array<std::string_view, 3>, 7> words{{{"a", "year", "years"},
                                                                  {"mo", "month", "months"},
                                                                  {"wk", "week", "weeks"},
                                                                  {"d", "day", "days"},
                                                                  {"h", "hour", "hours"},
                                                                  {"min", "minute", "minutes"},
                                                                  {"s", "second", "seconds"}}};
  for (const auto& [code, single, many] : words)
    if (code == ucum) return ' ' + std::string(one ? single : many);
  if (ucum == "mm[Hg]") return " mmHg";
  const bool digit_after_bracket =
      ucum.find("]2") != std::string_view::npos || ucum.find("]3") != std::string_view::npos;
  if (digit_after_bracket || ucum.find_first_of("*{}'^") != std::string_view::npos)
    return " '" + std::string(ucum) + '\'';
  return ' ' + std::string(ucum);
}

bool is_time(std::string_view ucum) { return is_calendar(ucum) || units::seconds_in(ucum).has_value(); }

bool converts(std::string_view a, std::string_view b) {
  if (a == b) return true;
  if (is_time(a) && is_time(b) && is_calendar(a) != is_calendar(b)) return false;
  return units::is_comparable(a, b) && units::conversion(a, b).has_value();
}

bool is_near(std::string_view a, std::string_view b) {
  const auto conversion = units::conversion(a, b);
  if (!conversion) return false;
  constexpr std::int64_t far = 1'000'000;
  return conversion->factor < Rational(far) && *Rational::make(1, far) < conversion->factor;
}

} // namespace aceso::gdl2
