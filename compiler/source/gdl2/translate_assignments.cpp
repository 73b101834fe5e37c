#include "gdl2/translator.h"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

#include "gdl2/names.h"
#include "gdl2/texts.h"
#include "gdl2/units.h"

namespace aceso::gdl2 {

void Translator::statement(const Assignment& a, const Logic& when, const Rule* rule,
                           const std::vector<Assignment>& beside, const std::string& place) {
  try {
    const Variable& v = variable(a.variable);
    if (a.attribute == "unit" || a.attribute == "precision") {
      const bool has_number = std::any_of(beside.begin(), beside.end(), [&](const Assignment& other) {
        return other.variable == a.variable && other.attribute != "unit" && other.attribute != "precision";
      });
      if (!has_number && rule)
        omissions_.push_back({place, fmt::format("{}.{}", v.title, a.attribute), "it is set without a number"});
      return;
    }
    if (texts(v, a, when, rule)) return;
    Write write{order_, when, rule, {}, false, &a.value, unit_set(v, a, beside)};
    if (const auto points = added_points(v, a.value)) {
      write.adds = true;
      write.value = *points;
    } else {
      write.value = value_of(v, a, beside);
    }
    writes_[v.code].push_back(std::move(write));
  } catch (const Unsayable& problem) {
    omissions_.push_back(
        {place, fmt::format("{} = {}", term_text(guideline_, a.variable), describe(a.value)), problem.why});
  }
}

bool Translator::texts(const Variable& v, const Assignment& a, const Logic& when, const Rule* rule) {
  if (v.kind != VariableKind::choice || a.value.is(Kind::text)) return false;
  if (!is_text(a.value)) {
    if (!a.value.is(Kind::variable) || !a.value.attribute.empty()) return false;
    const Variable& other = variable(a.value.code);
    if (other.kind != VariableKind::choice || other.type_name == v.type_name) return false;
  }
  std::set<std::string> codes, fired;
  collect(a.value, codes, fired);
  if (codes.contains(v.code)) return false; // something is added to the text itself
  const std::vector<TextAlternative> all = text_alternatives(a.value, guideline_, variables_);
  bool any = false;
  for (const TextAlternative& one : all) {
    const Choice* choice = v.find({}, one.text, {});
    std::vector<Logic> parts{when};
    for (const auto& [code, chosen] : one.where) {
      const Read r = read(variable(code));
      if (r.from == Read::From::nothing)
        throw Unsayable{fmt::format("{} has no value at that point", variable(code).title)};
      if (!r.certain) parts.push_back(known(code));
      parts.push_back(variable(code).kind == VariableKind::yes_no ? truth(r, "==", chosen->name == "yes")
                                                                  : literal_comparison(r.name, "=", chosen->name));
    }
    Logic line = all_of(std::move(parts));
    if (!choice || std::any_of(line.children.begin(), line.children.end(), [&](const Logic& part) {
          return std::any_of(line.children.begin(), line.children.end(),
                             [&](const Logic& other) { return exclude(part, other); });
        }))
      continue;
    any = true;
    writes_[v.code].push_back({order_, std::move(line), rule, choice->name, false, &a.value, {}});
  }
  return any;
}

std::optional<std::string> Translator::added_points(const Variable& v, const Expression& e) {
  if (!e.is_sign("+") || v.kind != VariableKind::number) return std::nullopt;
  for (std::size_t i = 0; i < 2; ++i) {
    if (!e.children[i].is(Kind::variable) || e.children[i].code != v.code) continue;
    const auto& writes = writes_[v.code];
    if (writes.empty() && !v.asked) throw Unsayable{"points are added to a value that there is not yet"};
    const Number points = number_of(e.children[1 - i]);
    if (points.is_real) return std::nullopt;
    return wrapped(points, level_add);
  }
  return std::nullopt;
}

std::string Translator::value_of(const Variable& v, const Assignment& a, const std::vector<Assignment>& beside) {
  const Expression& e = a.value;
  const Expression term{.kind = Kind::text,
                        .text = e.is(Kind::variable) ? term_text(guideline_, e.code) : std::string()};
  const Expression& value = e.is(Kind::variable) && e.attribute == "term" ? term : e;
  switch (v.kind) {
  case VariableKind::yes_no:
    if (value.is(Kind::yes_no)) return value.text == "true" ? "yes" : "no";
    if (value.is(Kind::text) && (value.text == "true" || value.text == "false"))
      return value.text == "true" ? "yes" : "no";
    if (const Choice* one = v.find(value.code, one_line(value.label), value.text); one && !value.is(Kind::variable))
      return one->name;
    break;
  case VariableKind::choice:
    if (value.is(Kind::text) || value.is(Kind::ordinal) || value.is(Kind::coded)) {
      const std::string label = one_line(value.is(Kind::text) ? value.text : value.label);
      if (const Choice* one = v.find(value.code, label, value.is(Kind::ordinal) ? value.text : std::string()))
        return one->name;
    }
    break;
  case VariableKind::date:
    if (value.is(Kind::now)) return "today";
    break;
  case VariableKind::number:
  case VariableKind::quantity: return number_value(v, a, beside);
  case VariableKind::unknown: break;
  }
  if (value.is(Kind::variable)) {
    const Variable& other = variable(value.code);
    if (other.kind == v.kind && other.type_name == v.type_name) {
      const Read r = read(other);
      if (r.from != Read::From::nothing) return r.name;
      throw Unsayable{fmt::format("{} has no value at that point", other.title)};
    }
    throw Unsayable{fmt::format("{} and {} are values of different kinds", v.title, other.title)};
  }
  if (value.kind == Kind::binary || value.is(Kind::text))
    throw Unsayable{"Aceso has no texts that are put together from values"};
  throw Unsayable{fmt::format("what {} is cannot be told from the source", v.title)};
}

std::optional<int> Translator::decimals_set(const Variable& v, const Assignment& a,
                                            const std::vector<Assignment>& beside) {
  for (const Assignment& other : beside)
    if (other.variable == a.variable && other.attribute == "precision") return std::atoi(other.value.text.c_str());
  if (a.attribute == "magnitude" && v.precision_set) return v.precision;
  return std::nullopt;
}

std::string Translator::unit_set(const Variable& v, const Assignment& a, const std::vector<Assignment>& beside) {
  if (v.kind != VariableKind::quantity) return "1";
  if (a.value.is(Kind::quantity))
    if (std::string code = ucum_code(a.value.unit); !code.empty() && converts(code, v.unit())) return code;
  for (const Assignment& other : beside)
    if (other.variable == a.variable && other.attribute == "unit" && other.value.is(Kind::text))
      if (std::string code = ucum_code(other.value.text); !code.empty() && converts(code, v.unit())) return code;
  return v.unit();
}

std::string Translator::number_value(const Variable& v, const Assignment& a, const std::vector<Assignment>& beside) {
  const std::string unit = unit_set(v, a, beside);
  const Expression& e = a.value;
  if (v.units.size() > 1 && v.assigned)
    throw Unsayable{fmt::format("{} is given in units that do not convert into each other", v.title)};
  if (e.is(Kind::number) || (e.is(Kind::quantity) && v.kind == VariableKind::number) || e.is(Kind::text)) {
    const Number n = number_of(e);
    return n.text + unit_suffix(unit, n.text == "1");
  }
  if (e.is(Kind::quantity)) {
    const std::string code = ucum_code(e.unit);
    if (code.empty() || !converts(code, unit))
      throw Unsayable{fmt::format("the unit {} does not convert into {}", e.unit, unit)};
    return e.text + unit_suffix(code, e.text == "1");
  }
  const std::optional<int> decimals = decimals_set(v, a, beside);
  if (unit != "1")
    if (const auto sum = quantity_sum(e, unit)) {
      if (!decimals || e.is(Kind::variable)) return sum->text;
      return fmt::format("round({}, {}{}, half_even)", sum->text, step(*decimals),
                         unit_suffix(unit, step(*decimals) == "1"));
    }
  Number n = number_of(e);
  if (a.attribute == "magnitude" && !v.unit_set && !v.precision_set && v.kind == VariableKind::number && !n.whole)
    n = {fmt::format("round({}, 1, toward_zero)", n.text), level_primary, false, "1", {}, true};
  // The source rounds a half to the even side, and rules read the rounded number.
  if (decimals && !n.whole)
    n = {fmt::format("round({}, {}, half_even)", n.text, step(*decimals)), level_primary, false, "1", {}, false};
  else if (n.is_real)
    n = {fmt::format("round({}, {})", n.text, step(std::max(4, std::min(v.decimals, 8)))),
         level_primary,
         false,
         "1",
         {},
         false};
  if (unit == "1") return n.text;
  return fmt::format("{} * 1{}", wrapped(n, level_multiply), unit_suffix(unit, true));
}

std::string Translator::step(int decimals) {
  decimals = std::min(decimals, 9); // the source knows no end; 64 bits do
  return decimals <= 0 ? "1" : "0." + std::string(static_cast<std::size_t>(decimals) - 1, '0') + "1";
}

} // namespace aceso::gdl2
