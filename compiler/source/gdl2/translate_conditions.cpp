#include "gdl2/translator.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "gdl2/names.h"
#include "gdl2/units.h"

namespace aceso::gdl2 {

Logic Translator::condition(const Expression& e, bool top) {
  switch (e.kind) {
  case Kind::fired: return fired_.contains(e.code) ? fired_[e.code] : constant(false);
  case Kind::logical_not: return negation(condition(e.children[0], false));
  case Kind::yes_no: return constant(e.text == "true");
  case Kind::variable: return compare("==", e, Expression{.kind = Kind::yes_no, .text = "true"}, top);
  case Kind::binary: break;
  default: throw Unsayable{"this is no condition"};
  }
  if (e.is_sign("&&")) {
    const Expression* outer = context_;
    if (!context_) context_ = &e;
    std::vector<Logic> both{condition(e.children[0], top), condition(e.children[1], top)};
    context_ = outer;
    return all_of(std::move(both));
  }
  if (e.is_sign("||")) {
    const Expression* outer = std::exchange(context_, nullptr);
    std::vector<Logic> both{condition(e.children[0], false), condition(e.children[1], false)};
    context_ = outer;
    return any_of(std::move(both));
  }
  return compare(e.text, e.children[0], e.children[1], top);
}

std::string Translator::mirrored(const std::string& sign) {
  if (sign == "<") return ">";
  if (sign == ">") return "<";
  if (sign == "<=") return ">=";
  return sign == ">=" ? "<=" : sign;
}

std::string Translator::aceso_sign(const std::string& sign) { return sign == "==" ? "=" : sign; }

Logic Translator::compare(const std::string& sign, const Expression& left, const Expression& right, bool top) {
  if (!left.is(Kind::variable) && right.is(Kind::variable)) return compare(mirrored(sign), right, left, top);
  if (sign == "+" || sign == "-" || sign == "*" || sign == "/" || sign == "^")
    throw Unsayable{"a number stands where a condition is needed"};
  std::set<std::string> codes, fired;
  if (right.is(Kind::null)) return null_test(sign, left, top);
  collect(left, codes, fired);
  collect(right, codes, fired);
  Logic result = bare_comparison(sign, left, right);
  if (result.is(Logic::Kind::yes) || result.is(Logic::Kind::no)) return result;
  for (const std::string& code : codes) {
    const Variable& v = variable(code);
    const Read r = read(v);
    if (r.certain || r.from == Read::From::nothing) continue;
    if (top)
      guard(code);
    else
      result = all_of({known(code), result});
  }
  return result;
}

void Translator::guard(const std::string& code) {
  if (std::find(guards_.begin(), guards_.end(), code) == guards_.end()) guards_.push_back(code);
}

Logic Translator::null_test(const std::string& sign, const Expression& left, bool top) {
  if (!left.is(Kind::variable)) throw Unsayable{"only a variable can be compared with null"};
  if (sign != "==" && sign != "!=") throw Unsayable{"null can only be equal or not"};
  if (sign == "!=" && top && !known(left.code).is(Logic::Kind::no)) {
    guard(left.code);
    return constant(true);
  }
  Logic is_known = known(left.code);
  if (sign == "!=") return is_known;
  if (is_known.is(Logic::Kind::atom) && is_known.text.ends_with(" is known"))
    return atom(is_known.text.substr(0, is_known.text.size() - 5) + "unknown", level_compare);
  return negation(is_known);
}

Logic Translator::bare_comparison(const std::string& sign, const Expression& left, const Expression& right) {
  if (!left.is(Kind::variable)) return compare_numbers(sign, left, right);
  const Variable& v = variable(left.code);
  const Read r = read(v);
  if (r.from == Read::From::nothing) return constant(false);
  if (left.attribute == "unit") return unit_test(v, r, sign, right);
  if (left.attribute == "precision" && right.is(Kind::number) && v.precision_set)
    return constant((std::to_string(v.precision) == right.text) == (sign == "=="));
  if (left.attribute == "code" && right.is(Kind::text)) {
    const Expression coded{.kind = Kind::coded, .code = right.text};
    return choice_test(v, r, sign, coded);
  }
  switch (v.kind) {
  case VariableKind::yes_no:
    if (right.is(Kind::number) || right.is(Kind::text)) {
      if (right.is(Kind::number)) return compare_numbers(sign, left, right);
      return truth(r, sign, right.text == "true");
    }
    if (right.is(Kind::yes_no)) return truth(r, sign, right.text == "true");
    if (right.is(Kind::ordinal) || right.is(Kind::coded)) {
      if (sign != "==" && sign != "!=") return compare_numbers(sign, left, right);
      const Choice* choice = v.find(right.code, one_line(right.label), right.text);
      if (!choice) throw Unsayable{"a choice that is not known"};
      return truth(r, sign, choice->name == "yes");
    }
    break;
  case VariableKind::choice:
    if (right.is(Kind::number) || (right.is(Kind::ordinal) && sign != "==" && sign != "!="))
      return compare_numbers(sign, left, right);
    if (right.is(Kind::ordinal) || right.is(Kind::coded) || right.is(Kind::text)) return choice_test(v, r, sign, right);
    if (right.is(Kind::variable)) return compare_choices(v, r, sign, right);
    break;
  case VariableKind::date: return compare_dates(r, sign, right);
  case VariableKind::number:
  case VariableKind::quantity: return compare_numbers(sign, left, right);
  case VariableKind::unknown: break;
  }
  if (right.is(Kind::variable) && variable(right.code).kind == v.kind) return compare_choices(v, r, sign, right);
  throw Unsayable{fmt::format("what {} is cannot be told from the source", v.code)};
}

Logic Translator::truth(const Read& r, const std::string& sign, bool value) {
  if (sign != "==" && sign != "!=") throw Unsayable{"yes and no have no order"};
  Logic is = atom(r.name);
  return value == (sign == "==") ? is : negation(is);
}

Logic Translator::choice_test(const Variable& v, const Read& r, const std::string& sign, const Expression& right) {
  if (v.kind == VariableKind::yes_no) {
    const Choice* one = v.find(right.code, one_line(right.label), right.text);
    if (!one) throw Unsayable{"a choice that is not known"};
    return truth(r, sign, one->name == "yes");
  }
  const std::string label = one_line(right.is(Kind::text) ? right.text : right.label);
  const Choice* choice = v.find(right.code, label, right.is(Kind::ordinal) ? right.text : std::string());
  if (!choice) throw Unsayable{"a choice that is not known"};
  if (sign != "==" && sign != "!=") throw Unsayable{"these choices have no order"};
  return literal_comparison(r.name, aceso_sign(sign), choice->name);
}

Logic Translator::compare_choices(const Variable& v, const Read& r, const std::string& sign, const Expression& right) {
  const Variable& other = variable(right.code);
  const Read s = read(other);
  if (s.from == Read::From::nothing) return constant(false);
  if (v.kind == VariableKind::choice && v.type_name != other.type_name)
    throw Unsayable{fmt::format("{} and {} have different choices", v.code, other.code)};
  return comparison(r.name, aceso_sign(sign), s.name);
}

Logic Translator::unit_test(const Variable& v, const Read& r, const std::string& sign, const Expression& right) {
  if (!right.is(Kind::text) || (sign != "==" && sign != "!=")) throw Unsayable{"a unit is compared with a text only"};
  if (v.kind != VariableKind::quantity) return constant(sign == "==" && right.text == "1");
  const std::string unit = ucum_code(right.text);
  if (r.from == Read::From::value) {
    Logic is = was_set_in(v, unit);
    return sign == "==" ? is : negation(is);
  }
  for (const UnitClass& one : v.units) {
    if (one.unit == unit) {
      Logic is = v.units.size() > 1 ? atom(used(one.name) + " is known", level_compare) : constant(true);
      if (v.units.size() == 1 && sign == "==") guard(v.code);
      return sign == "==" ? is : negation(is);
    }
    // Whatever it was given in, Aceso holds it in the unit of the input.
    if (std::find(one.others.begin(), one.others.end(), unit) != one.others.end()) {
      if (rule_)
        omissions_.push_back({place_of(*rule_), fmt::format("unit '{}'", right.text),
                              fmt::format("{} is converted into {} where it is given, so the "
                                          "rule for {} is not needed",
                                          v.title, one.unit, unit)});
      return constant(sign != "==");
    }
  }
  return constant(sign != "==");
}

Logic Translator::was_set_in(const Variable& v, const std::string& unit) const {
  const std::vector<Write>& writes = writes_.at(v.code);
  if (v.units.size() == 1 && v.units.front().others.empty()) return constant(unit == v.unit());
  std::vector<Logic> parts;
  for (std::size_t i = 0; i < writes.size(); ++i) {
    if (writes[i].unit != unit) continue;
    std::vector<Logic> part{writes[i].condition};
    for (std::size_t k = i + 1; k < writes.size(); ++k)
      if (writes[k].unit != unit && !exclude(writes[k].condition, writes[i].condition))
        part.push_back(negation(writes[k].condition));
    parts.push_back(all_of(std::move(part)));
  }
  return any_of(std::move(parts));
}

Logic Translator::compare_dates(const Read& r, const std::string& sign, const Expression& right) {
  std::string value;
  if (right.is(Kind::now)) value = "today";
  if ((right.is_sign("-") || right.is_sign("+")) && right.children[0].is(Kind::now) &&
      right.children[1].is(Kind::quantity)) {
    const std::string unit = ucum_code(right.children[1].unit);
    if (!unit.empty() && is_time(unit) && unit != "h" && unit != "min" && unit != "s")
      value = fmt::format("today {} {}{}", right.text, right.children[1].text,
                          unit_suffix(unit, right.children[1].text == "1"));
  }
  if (right.is(Kind::variable)) {
    const Read s = read(variable(right.code));
    if (s.from == Read::From::nothing) return constant(false);
    value = s.name;
  }
  if (value.empty()) throw Unsayable{"a date is compared with something that is none"};
  return comparison(r.name, aceso_sign(sign), value);
}

Logic Translator::compare_numbers(const std::string& sign, const Expression& left, const Expression& right) {
  Number a, b;
  if (left.is(Kind::variable) &&
      (right.is(Kind::number) || right.is(Kind::quantity) || right.is(Kind::ordinal) || right.is(Kind::text))) {
    const Variable& v = variable(left.code);
    if (const Read r = read(v); v.kind == VariableKind::quantity && r.from != Read::From::nothing) {
      const std::string unit = right.is(Kind::quantity) ? ucum_code(right.unit) : std::string();
      const auto number = Rational::from_decimal(right.text);
      if (!number) throw Unsayable{"a number was expected"};
      if (r.from != Read::From::input || v.units.size() == 1)
        return compare_quantity(r.name, v.units.front(), sign, right.text, unit);
      std::vector<Logic> parts;
      const UnitClass* chosen = chosen_unit(v);
      for (const UnitClass& one : v.units)
        if (unit.empty() ? &one == chosen : converts(unit, one.unit))
          parts.push_back(all_of({atom(used(one.name) + " is known", level_compare),
                                  compare_quantity(one.name, one, sign, right.text, unit)}));
      if (!parts.empty()) return any_of(std::move(parts));
      return literal_comparison(as_given(v), aceso_sign(sign), right.text, number);
    }
  }
  a = number_of(left);
  b = number_of(right);
  std::string l = usable(a), r = usable(b);
  return b.constant ? literal_comparison(std::move(l), aceso_sign(sign), std::move(r), b.constant, a.whole)
                    : comparison(std::move(l), aceso_sign(sign), std::move(r));
}

Logic Translator::compare_quantity(const std::string& name, const UnitClass& one, const std::string& sign,
                                   const std::string& text, std::string unit) {
  if (unit.empty() || !converts(unit, one.unit)) unit = one.unit;
  return literal_comparison(name, aceso_sign(sign), one.plain ? text : text + unit_suffix(unit, text == "1"),
                            unit == one.unit ? Rational::from_decimal(text) : std::nullopt);
}

std::string Translator::usable(const Number& n) {
  return n.is_real ? fmt::format("round({}, 0.000001)", n.text) : wrapped(n, level_add);
}

} // namespace aceso::gdl2
