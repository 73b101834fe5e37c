#include "gdl2/ranges.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <map>
#include <optional>
#include <utility>
#include <vector>

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

/// Which numbers of a variable a condition lets through, as far as it speaks of it.
struct Let {
  bool speaks = false;
  std::optional<double> low{}, high{}; ///< nothing: no limit on this side
};

Let let_through(const Expression& e, const std::string& code) {
  using Kind = Expression::Kind;
  if (e.is_sign("&&")) {
    Let result;
    for (const Expression& child : e.children) {
      const Let one = let_through(child, code);
      if (!one.speaks) continue;
      result.speaks = true;
      if (one.low && (!result.low || *one.low > *result.low)) result.low = one.low;
      if (one.high && (!result.high || *one.high < *result.high)) result.high = one.high;
    }
    return result;
  }
  if (e.is_sign("||")) {
    const Let a = let_through(e.children[0], code), b = let_through(e.children[1], code);
    if (!a.speaks && !b.speaks) return {};
    Let result{.speaks = true};
    if (a.low && b.low) result.low = std::min(*a.low, *b.low);
    if (a.high && b.high) result.high = std::max(*a.high, *b.high);
    return result;
  }
  if (e.is(Kind::binary) && e.children.size() == 2) {
    const bool turned = e.children[1].is(Kind::variable);
    const Expression &variable = e.children[turned ? 1 : 0], &value = e.children[turned ? 0 : 1];
    if (variable.is(Kind::variable) && variable.code == code) {
      if (value.is(Kind::null)) return {};
      Let result{.speaks = true};
      if (!value.is(Kind::number)) return result;
      const double number = std::strtod(value.text.c_str(), nullptr);
      const char first = e.text.empty() ? ' ' : e.text[0];
      if (e.is_sign("==")) result.low = result.high = number;
      if (first == '<') (turned ? result.low : result.high) = number;
      if (first == '>') (turned ? result.high : result.low) = number;
      return result;
    }
  }
  Let result;
  if (e.is(Kind::variable) && e.code == code) result.speaks = true;
  for (const Expression& child : e.children)
    result.speaks |= let_through(child, code).speaks;
  return result;
}

/// Where the rules begin and end that ask for a number: nothing where less than two do, or where one has no end there.
Let scale_of(const Guideline& guideline, const Variable& v) {
  Let scale;
  std::size_t parts = 0;
  bool open_low = false, open_high = false;
  for (const Rule& rule : guideline.rules) {
    if (rule.when.empty()) continue;
    Expression all = rule.when.front();
    for (std::size_t i = 1; i < rule.when.size(); ++i)
      all = Expression{.kind = Expression::Kind::binary, .text = "&&", .children = {std::move(all), rule.when[i]}};
    const Let part = let_through(all, v.code);
    if (!part.speaks) continue;
    ++parts;
    open_low |= !part.low;
    open_high |= !part.high;
    if (part.low && (!scale.low || *part.low < *scale.low)) scale.low = part.low;
    if (part.high && (!scale.high || *part.high > *scale.high)) scale.high = part.high;
  }
  if (parts < 2 || open_high || !scale.high || *scale.high <= 0) return {};
  for (const double seen : v.seen) { // the cases of the source may go beyond
    if (scale.low) scale.low = std::min(*scale.low, seen);
    scale.high = std::max(*scale.high, seen);
  }
  // 0 and 1 are where every count begins.
  if (open_low || (scale.low && *scale.low <= 1)) scale.low.reset();
  return scale;
}

/// The terms of `$a.value + $b.value + ...`; empty where it is anything else.
std::vector<std::string> summed_points(const Expression& e) {
  if (e.is(Expression::Kind::variable) && e.attribute == "value") return {e.code};
  if (!e.is_sign("+")) return {};
  std::vector<std::string> left = summed_points(e.children[0]), right = summed_points(e.children[1]);
  if (left.empty() || right.empty()) return {};
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

} // namespace

void find_scales(const Guideline& guideline, Variables& variables) {
  std::map<std::string, std::vector<const Assignment*>> writers;
  for (const Rule& rule : guideline.rules)
    for (const Assignment& a : rule.then)
      writers[a.variable].push_back(&a);
  for (auto& [code, v] : variables) {
    if (v.kind != VariableKind::number || v.decimals != 0) continue;
    if (!v.assigned) {
      const Let scale = scale_of(guideline, v);
      v.scale_low = scale.high ? scale.low : std::nullopt;
      if (!v.scale_high) v.scale_high = scale.high;
      continue;
    }
    // A sum of points of ordinals that the source lists nowhere.
    if (writers[code].size() != 1) continue;
    const std::vector<std::string> items = summed_points(writers[code].front()->value);
    const bool unlisted = std::all_of(items.begin(), items.end(), [&](const std::string& item) {
      const auto found = variables.find(item);
      return found != variables.end() && found->second.kind == VariableKind::number && !found->second.assigned;
    });
    const Let scale = scale_of(guideline, v);
    if (items.empty() || !unlisted || !scale.high) continue;
    v.scale_high = scale.high;
    for (const std::string& item : items)
      variables.at(item).scale_high = scale.high;
  }
}

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
  if (v.scale_high) high = *v.scale_high;
  if (v.scale_low) low = *v.scale_low;
  const double step = std::pow(10.0, -decimals);
  const std::string unit = one.plain ? std::string() : one.unit;
  const std::string suffix = unit_suffix(unit);
  return fmt::format("from {}{} to {}{} step {}{}", decimal(low, decimals), suffix, decimal(high, decimals), suffix,
                     decimal(step, decimals), unit_suffix(unit, decimals == 0));
}

} // namespace aceso::gdl2
