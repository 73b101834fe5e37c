#include "gdl2/translator.h"

#include <algorithm>

#include <fmt/format.h>

#include "gdl2/names.h"
#include "gdl2/units.h"

namespace aceso::gdl2 {

Number Translator::number_of(const Expression& e) {
  switch (e.kind) {
  case Kind::number:
  case Kind::quantity:
  case Kind::ordinal:
  case Kind::text: {
    const auto value = Rational::from_decimal(e.text);
    if (!value) throw Unsayable{"a text stands where a number is needed"};
    const bool negative = e.text.starts_with('-');
    return {e.text, negative ? level_unary : level_primary, false, "1", value, value->is_integer()};
  }
  case Kind::variable: return variable_number(e);
  case Kind::minus: {
    const Number n = number_of(e.children[0]);
    return {'-' + wrapped(n, level_primary), level_unary, n.is_real, "1", {}, n.whole};
  }
  case Kind::call: return call(e);
  case Kind::binary: return arithmetic(e);
  default: throw Unsayable{"a number was expected"};
  }
}

Number Translator::variable_number(const Expression& e) {
  if (e.attribute == "year" || e.attribute == "month" || e.attribute == "day")
    throw Unsayable{"the year, the month or the day of a date by itself"};
  const Variable& v = variable(e.code);
  if (e.attribute == "count" && v.kind == VariableKind::quantity)
    throw Unsayable{fmt::format("{} is a quantity, which has no count, so the source gives no result", v.title)};
  const Read r = read(v);
  if (r.from == Read::From::nothing)
    throw Unsayable{fmt::format("{} has no value at that point, so the source gives no result", v.title)};
  switch (v.kind) {
  case VariableKind::number: return {r.name, level_primary, false, "1", {}, v.decimals == 0 && !v.assigned};
  case VariableKind::quantity: {
    if (r.from != Read::From::input) {
      const std::string unit = asked_unit(v);
      const bool fits = !unit.empty() && converts(unit, v.unit());
      const UnitClass& one = fits ? UnitClass{.unit = unit} : v.units.front();
      // Rules set it in several units: which of them Aceso holds it in does not matter.
      const bool several = v.units.size() > 1 || !v.units.front().others.empty();
      return in_unit(several ? fmt::format("convert({},{})", r.name, unit_suffix(one.unit, true)) : r.name, one);
    }
    if (v.units.size() == 1) return in_unit(r.name, v.units.front());
    if (const UnitClass* one = chosen_unit(v)) return in_unit(used(one->name), *one);
    return {as_given(v), level_primary, false, "1", {}, false};
  }
  case VariableKind::choice:
    if (!v.is_scale) throw Unsayable{fmt::format("{} has no numbers to calculate with", v.title)};
    return {r.name + ".score", level_primary, false, "1", {}, true};
  case VariableKind::yes_no: {
    const auto [yes, no] = points_of(v);
    return {fmt::format("if {} then {} else {}", r.name, yes, no), level_if, false, "1", {}, true};
  }
  default: throw Unsayable{fmt::format("{} is no number", v.title)};
  }
}

std::pair<std::string, std::string> Translator::points_of(const Variable& v) {
  std::string yes = "1", no = "0";
  for (const Choice& one : v.choices)
    if (!one.score.empty()) (one.name == "yes" ? yes : no) = one.score;
  return {yes, no};
}

Number Translator::in_unit(const std::string& name, const UnitClass& one) {
  if (one.plain) return {name, level_primary, false, "1", {}, false};
  return {fmt::format("{} / 1{}", name, unit_suffix(one.unit, true)), level_multiply, true, "1", {}, false};
}

const std::string& Translator::as_given(const Variable& v) {
  std::string& name = as_given_[v.code];
  if (!name.empty()) return name;
  name = take_name(v.name + "_number", taken_);
  Definition d{.name = name, .title = v.title + ", the number as it is given", .comment = v.code};
  for (std::size_t i = v.units.size(); i-- > 0;) {
    const UnitClass& one = v.units[i];
    const int decimals = std::max(v.decimals, limits_of(one.unit).decimals);
    const Number n = in_unit(used(one.name), one);
    d.lines.push_back({i == 0 ? constant(true) : atom(one.name + " is known", level_compare),
                       n.is_real ? fmt::format("round({}, {})", n.text, step(decimals)) : n.text});
  }
  program_.definitions.push_back(std::move(d));
  return name;
}

std::string Translator::asked_unit(const Variable& v) const {
  std::string unit = context_ ? asked_unit(*context_, v.code) : std::string();
  if (rule_)
    for (const Expression& e : rule_->when)
      if (unit.empty()) unit = asked_unit(e, v.code);
  return unit;
}

std::string Translator::asked_unit(const Expression& e, const std::string& code) {
  if (e.is_sign("==") && e.children[0].is(Kind::variable) && e.children[0].code == code &&
      e.children[0].attribute == "unit" && e.children[1].is(Kind::text))
    return ucum_code(e.children[1].text);
  for (const Expression& child : e.children)
    if (std::string unit = asked_unit(child, code); !unit.empty()) return unit;
  return {};
}

const UnitClass* Translator::chosen_unit(const Variable& v) const {
  const std::string unit = asked_unit(v);
  for (const UnitClass& one : v.units)
    if (unit == one.unit || std::find(one.others.begin(), one.others.end(), unit) != one.others.end()) return &one;
  return nullptr;
}

Number Translator::call(const Expression& e) {
  if (e.text == "e" && e.children.empty()) return {"exp(1)", level_primary, true, "1", {}, false};
  if (e.children.size() != 1) throw Unsayable{fmt::format("the function {} is not known", e.text)};
  const Number x = number_of(e.children[0]);
  const auto real = [&](std::string_view name) {
    return Number{fmt::format("{}({})", name, x.text), level_primary, true, "1", {}, false};
  };
  if (e.text == "abs") return {fmt::format("absolute({})", x.text), level_primary, x.is_real, "1", {}, x.whole};
  if (e.text == "log") return real("ln");
  if (e.text == "log10") return real("log10");
  if (e.text == "exp") return exponential(x);
  if (e.text == "sqrt") return real("sqrt");
  const std::string_view mode = e.text == "round"   ? "half_up"
                                : e.text == "floor" ? "down"
                                : e.text == "ceil"  ? "up"
                                                    : "";
  if (mode.empty()) throw Unsayable{fmt::format("the function {} is not known", e.text)};
  return {fmt::format("round({}, 1{}{})", x.text, mode == "half_up" ? "" : ", ", mode == "half_up" ? "" : mode),
          level_primary,
          false,
          "1",
          {},
          true};
}

Number Translator::exponential(const Number& x) const {
  if (!limits_.hold_exponents) return {fmt::format("exp({})", x.text), level_primary, true, "1", {}, false};
  return {fmt::format("exp({})", held(x, "20")), level_primary, true, "1", {}, false};
}

std::string Translator::held(const Number& x, std::string_view limit) {
  return fmt::format("min(max({}, -{}), {})", x.is_real ? fmt::format("round({}, 0.00000001)", x.text) : x.text, limit,
                     limit);
}

Number Translator::arithmetic(const Expression& e) {
  const Expression &left = e.children[0], &right = e.children[1];
  // The time since a date, in years and the like: the source divides
  // milliseconds.
  if (e.is_sign("/") && left.is_sign("-") && left.children[0].is(Kind::now) && left.children[1].is(Kind::variable) &&
      right.is(Kind::quantity)) {
    const std::string unit = ucum_code(right.unit);
    const Read r = read(variable(left.children[1].code));
    if (r.from == Read::From::nothing) throw Unsayable{"the date has no value at that point"};
    const std::string_view days = unit == "a"    ? "365.25"
                                  : unit == "mo" ? "30.4375"
                                  : unit == "wk" ? "7"
                                  : unit == "d"  ? "1"
                                                 : "";
    if (days.empty() || right.text != "1") throw Unsayable{"the time since a date in this unit"};
    return {fmt::format("days_since({}) / {} {}", r.name, days, days == "1" ? "day" : "days"),
            level_multiply,
            true,
            "1",
            {},
            false};
  }
  if (const auto years = years_since(e)) return {*years + " / 1 year", level_multiply, true, "1", {}, false};
  if (e.is_sign("^") && left.is(Kind::call) && left.text == "e" && left.children.empty()) {
    return exponential(number_of(right));
  }
  Number a = number_of(left), b = number_of(right);
  if (e.is_sign("^")) {
    if (b.constant && *b.constant == Rational(1)) return a;
    if (b.constant && *b.constant == Rational(2) && a.level == level_primary && a.text.size() < 40)
      return {fmt::format("{0} * {0}", a.text), level_multiply, a.is_real, "1", {}, a.whole};
    if (const auto power = power_of_ten(a, b)) return *power;
    if (limits_.hold_exponents && a.constant && !b.constant)
      return {fmt::format("power({}, {})", a.text, held(b, *a.constant > Rational(5) ? "8" : "20")),
              level_primary,
              true,
              "1",
              {},
              false};
    if (limits_.hold_exponents && b.constant && *b.constant < Rational(0))
      return {fmt::format("power(max({}, 0.001), {})", a.is_real ? fmt::format("round({}, 0.000001)", a.text) : a.text,
                          b.text),
              level_primary,
              true,
              "1",
              {},
              false};
    return {fmt::format("power({}, {})", a.text, b.text), level_primary, true, "1", {}, false};
  }
  const bool is_neutral = b.constant && *b.constant == Rational(1) && (e.is_sign("*") || e.is_sign("/"));
  if (is_neutral) return a;
  if (e.is_sign("-") && a.constant && *a.constant == Rational(0) && b.constant && *b.constant > Rational(0))
    return {'-' + b.text, level_unary, false, "1", Rational::subtract(0, *b.constant), b.whole};
  const bool adds = e.is_sign("+") || e.is_sign("-");
  if (!adds && !e.is_sign("*") && !e.is_sign("/")) throw Unsayable{"a condition stands where a number is needed"};
  const int level = adds ? level_add : level_multiply;
  const bool divides = e.is_sign("/");
  return {fmt::format("{} {} {}", wrapped(a, level), e.text, wrapped(b, level + 1)),
          level,
          a.is_real || b.is_real || divides,
          "1",
          {},
          a.whole && b.whole && !divides};
}

std::optional<Number> Translator::power_of_ten(const Number& a, const Number& b) {
  if (!a.constant || !b.constant || *a.constant != Rational(10) || !b.constant->is_integer()) return std::nullopt;
  const std::int64_t zeros = b.constant->numerator();
  if (zeros < -15 || zeros > 15) return std::nullopt;
  const std::string text = zeros < 0 ? "0." + std::string(static_cast<std::size_t>(-zeros) - 1, '0') + '1'
                                     : '1' + std::string(static_cast<std::size_t>(zeros), '0');
  return Number{text, level_primary, false, "1", Rational::from_decimal(text), zeros >= 0};
}

std::optional<std::string> Translator::years_since(const Expression& e) {
  if (!e.is_sign("-") || !e.children[0].is(Kind::now) || e.children[0].attribute != "year" ||
      !e.children[1].is(Kind::variable) || e.children[1].attribute != "year")
    return std::nullopt;
  const Variable& v = variable(e.children[1].code);
  const Read r = read(v);
  if (r.from == Read::From::nothing) throw Unsayable{fmt::format("{} has no value at that point", v.title)};
  const Omission note{rule_ ? place_of(*rule_) : "default action", describe(e),
                      "completed years are taken instead of the difference "
                      "of the calendar years"};
  if (omissions_.empty() || omissions_.back().place != note.place || omissions_.back().why != note.why)
    omissions_.push_back(note);
  return fmt::format("years_since({})", r.name);
}

std::optional<Number> Translator::quantity_sum(const Expression& e, const std::string& unit) {
  if (unit == "a")
    if (const auto years = years_since(e)) return Number{*years, level_primary, false, unit, {}, false};
  if (e.is(Kind::variable) && (e.attribute.empty() || e.attribute == "magnitude")) {
    const Variable& v = variable(e.code);
    if (v.kind != VariableKind::quantity || v.units.size() != 1 || v.unit() != unit || v.units.front().plain)
      return std::nullopt;
    const Read r = read(v);
    if (r.from == Read::From::nothing) return std::nullopt;
    return Number{r.name, level_primary, false, unit, {}, false};
  }
  if (e.is_sign("+") || e.is_sign("-")) {
    const auto a = quantity_sum(e.children[0], unit), b = quantity_sum(e.children[1], unit);
    if (!a || !b) return std::nullopt;
    return Number{fmt::format("{} {} {}", wrapped(*a, level_add), e.text, wrapped(*b, level_multiply)),
                  level_add,
                  false,
                  unit,
                  {},
                  false};
  }
  if (e.is_sign("*")) {
    for (int i = 0; i < 2; ++i) {
      const Expression &factor = e.children[static_cast<std::size_t>(i)],
                       &rest = e.children[static_cast<std::size_t>(1 - i)];
      if (!factor.is(Kind::number)) continue;
      const auto a = quantity_sum(rest, unit);
      if (!a) return std::nullopt;
      return Number{
          fmt::format("{} * {}", factor.text, wrapped(*a, level_unary)), level_multiply, false, unit, {}, false};
    }
  }
  return std::nullopt;
}

} // namespace aceso::gdl2
