#include "gdl2/ranges.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>

#include "gdl2/names.h"
#include "gdl2/units.h"

namespace aceso::gdl2 {
namespace {

constexpr std::array<std::string_view, 7> shares{"spo2",        "sao2",       "saturation",       "fio2",
                                                 "haematocrit", "hematocrit", "ejection_fraction"};

/// 0.001, 1, 10, ...: what a number of this size is rounded up to.
double rounding_of(double number, int digits) {
  return std::pow(10.0, std::ceil(std::log10(std::max(number, 1.0))) - digits);
}

/// What is a part of a whole by its meaning, and never more than 100 %.
bool is_share(const std::string& title) {
  const std::string name = name_from(title);
  return std::any_of(std::begin(shares), std::end(shares),
                     [&](std::string_view word) { return name.find(word) != std::string::npos; });
}

} // namespace

std::string decimal(double value, int decimals) {
  std::string text = fmt::format("{:.{}f}", value, decimals);
  if (text.find('.') != std::string::npos) {
    while (text.back() == '0')
      text.pop_back();
    if (text.back() == '.') text.pop_back();
  }
  return text == "-0" ? "0" : text;
}

std::string range_of(const Variable& v, const UnitClass& one, Tightness tightness) {
  const UnitLimits limits = limits_of(one.unit);
  double low = std::strtod(std::string(limits.low).c_str(), nullptr),
         high = std::strtod(std::string(limits.high).c_str(), nullptr);
  if (one.unit == "%" && is_share(v.title)) high = 100;
  int decimals = std::max(v.decimals, v.kind == VariableKind::number && v.decimals == 0 ? 0 : limits.decimals);
  decimals = std::min(decimals, 9);
  if (tightness != Tightness::wide && high > 1000 && limits.high == limits_of("").high) high = 1000;
  const double most = v.seen.empty() ? high : *std::max_element(v.seen.begin(), v.seen.end());
  if (tightness == Tightness::seen && !v.seen.empty() && most > 0) {
    const double least = *std::min_element(v.seen.begin(), v.seen.end());
    high =
        std::min(std::ceil(most * 1.2 / rounding_of(most * 1.2, 2)) * rounding_of(most * 1.2, 2), std::max(high, most));
    low = std::max(low, std::floor(least * 0.8));
  }
  for (const double seen : v.seen) {
    if (seen < low) low = seen < 0 ? -std::pow(10.0, std::ceil(std::log10(-seen))) : 0;
    const double rounding = rounding_of(seen * 2, tightness == Tightness::wide ? 0 : 1);
    const bool fits = one.unit == "%" && high == 100 && seen <= 100;
    if (seen * 2 > high && !fits && tightness != Tightness::seen) high = std::ceil(seen * 2 / rounding) * rounding;
  }
  const double step = std::pow(10.0, -decimals);
  const std::string unit = one.plain ? std::string() : one.unit;
  const std::string suffix = unit_suffix(unit);
  return fmt::format("from {}{} to {}{} step {}{}", decimal(low, decimals), suffix, decimal(high, decimals), suffix,
                     decimal(step, decimals), unit_suffix(unit, decimals == 0));
}

} // namespace aceso::gdl2
