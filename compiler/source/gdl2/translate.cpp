#include "gdl2/translate.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "gdl2/names.h"
#include "gdl2/texts.h"
#include "gdl2/units.h"

namespace aceso::gdl2 {
namespace {

using Kind = Expression::Kind;

/// Why something of the source cannot be said in Aceso. Caught at the statement
/// in which it stands.
struct Unsayable {
  std::string why;
};

/// A number while it is translated. `unit` is "1" for a plain one.
struct Number {
  std::string text;
  int level = level_primary;
  bool is_real = false; ///< has to be rounded before it is used
  std::string unit = "1";
  std::optional<Rational> constant{};
  bool whole = false;
};

struct Write {
  std::size_t order = 0;
  Logic condition{};
  const Rule* rule = nullptr; ///< null: a default action
  std::string value{};
  bool adds = false; ///< the value before, and `value` more
  const Expression* source = nullptr;
  std::string unit{}; ///< UCUM, of a quantity
};

std::string wrapped(const Number& n, int level) { return n.level < level ? '(' + n.text + ')' : n.text; }

class Translator {
public:
  Translator(const Guideline& guideline, const Variables& variables, const Limits& limits, std::set<std::string>& taken,
             std::vector<Omission>& omissions)
      : guideline_(guideline), variables_(variables), limits_(limits), taken_(taken), omissions_(omissions) {}

  Program run() {
    find_mentions();
    for (std::size_t i = 0; i < guideline_.defaults.size(); ++i)
      statement(guideline_.defaults[i], constant(true), nullptr, {}, fmt::format("default action {}", i + 1));
    program_.applies = preconditions();
    ++order_;
    for (const Rule& rule : guideline_.rules)
      run_rule(rule);
    for (const auto& [code, v] : variables_)
      if (v.assigned) finish(v);
    return std::move(program_);
  }

private:
  // ---------------------------------------------------------------- what is
  // known of the whole
  static void collect(const Expression& e, std::set<std::string>& codes, std::set<std::string>& fired) {
    if (e.is(Kind::variable)) codes.insert(e.code);
    if (e.is(Kind::fired)) fired.insert(e.code);
    for (const Expression& child : e.children)
      collect(child, codes, fired);
  }
  static bool tests_null(const Expression& e, std::string_view sign, std::set<std::string>& codes) {
    if (e.is_sign(sign))
      for (int i = 0; i < 2; ++i)
        if (e.children[static_cast<std::size_t>(i)].is(Kind::null) &&
            e.children[static_cast<std::size_t>(1 - i)].is(Kind::variable))
          codes.insert(e.children[static_cast<std::size_t>(1 - i)].code);
    for (const Expression& child : e.children)
      (void)tests_null(child, sign, codes);
    return !codes.empty();
  }
  void find_mentions() {
    std::set<std::string> nothing;
    for (const Assignment& a : guideline_.defaults)
      defaulted_.insert(a.variable);
    for (const Rule& rule : guideline_.rules) {
      std::set<std::string>& codes = mentions_[rule.id];
      for (const Expression& e : rule.when) {
        collect(e, codes, fired_tested_);
        (void)tests_null(e, "==", null_tested_);
      }
      for (const Assignment& a : rule.then) {
        collect(a.value, codes, nothing);
        writers_[a.variable].insert(rule.id);
      }
    }
  }

  // ---------------------------------------------------------------- rules
  Logic preconditions() {
    std::vector<Logic> parts;
    guards_.clear();
    for (const Expression& e : guideline_.preconditions) {
      try {
        parts.push_back(condition(e, true));
      } catch (const Unsayable& problem) {
        omissions_.push_back({"precondition", describe(e), problem.why});
      }
    }
    for (const std::string& code : guards_)
      if (!is_used_in(code, guideline_.preconditions)) parts.push_back(known(code));
    return all_of(std::move(parts));
  }

  static bool is_used_in(const std::string& code, const std::vector<Expression>& conditions) {
    std::set<std::string> codes, fired, known_only;
    for (const Expression& e : conditions) {
      std::set<std::string> guards;
      if ((e.is_sign("!=") || e.is_sign("==")) && tests_null(e, e.text, guards)) continue;
      collect(e, codes, fired);
    }
    return codes.contains(code);
  }

  void run_rule(const Rule& rule) {
    ++order_;
    guards_.clear();
    rule_ = &rule;
    std::vector<Logic> parts;
    std::vector<Expression> conjuncts;
    for (const Expression& e : rule.when)
      flatten(e, conjuncts);
    try {
      for (const Expression& e : conjuncts)
        parts.push_back(condition(e, true));
    } catch (const Unsayable& problem) {
      omissions_.push_back({place_of(rule), describe_all(rule.when), problem.why + "; the whole rule is left out"});
      fired_[rule.id] = constant(false);
      return;
    }
    std::vector<Logic> guards;
    for (const std::string& code : guards_)
      if (!may_drop(code, rule, conjuncts)) guards.push_back(known(code));
    parts.insert(parts.begin(), guards.begin(), guards.end());
    Logic when = all_of(std::move(parts));
    if (when.is(Logic::Kind::no))
      omissions_.push_back({place_of(rule), describe_all(rule.when), "the rule can never fire; it is left out"});
    if (fired_tested_.contains(rule.id) && !when.is(Logic::Kind::no) && !when.is(Logic::Kind::yes)) {
      const std::string name = take_name(name_from(term_text(guideline_, rule.id)), taken_);
      program_.definitions.push_back(
          {name, term_text(guideline_, rule.id), {}, "rule " + rule.id, {{constant(true), print(when)}}, {}});
      when = atom(name);
    }
    fired_[rule.id] = when;
    if (when.is(Logic::Kind::no)) return;
    std::map<std::string, int> times;
    for (const Assignment& a : rule.then)
      ++times[a.variable];
    const bool at_once = std::any_of(times.begin(), times.end(), [](const auto& one) { return one.second > 1; });
    const std::size_t before = order_;
    when_ = when;
    for (std::size_t i = 0; i < rule.then.size(); ++i) {
      if (at_once) ++order_;
      statement(rule.then[i], when, &rule, rule.then, fmt::format("{}, assignment {}", place_of(rule), i + 1));
    }
    order_ = std::max(order_, before) + 1;
  }

  std::string place_of(const Rule& rule) const {
    return fmt::format("rule {} \"{}\"", rule.id, term_text(guideline_, rule.id));
  }
  static void flatten(const Expression& e, std::vector<Expression>& out) {
    if (!e.is_sign("&&")) {
      out.push_back(e);
      return;
    }
    for (const Expression& child : e.children)
      flatten(child, out);
  }

  /// `x != null` may go where everything that could be decided without x would
  /// still be undecided: then Aceso asks for x instead of passing over the
  /// rule.
  bool may_drop(const std::string& code, const Rule& rule, const std::vector<Expression>& conjuncts) const {
    if (null_tested_.contains(code)) return false;
    const auto found = variables_.find(code);
    if (found != variables_.end() && found->second.units.size() > 1) return false;
    if (fired_tested_.contains(rule.id) && !is_used_in(code, conjuncts)) return false;
    for (const Assignment& a : rule.then) {
      if (defaulted_.contains(a.variable)) return false;
      for (const std::string& writer : writers_.at(a.variable))
        if (!mentions_.at(writer).contains(code)) return false;
    }
    return true;
  }

  // ---------------------------------------------------------------- reading a
  // variable
  struct Read {
    enum class From { nothing, input, value } from = From::nothing;
    std::string name;
    bool certain = true; ///< has a value whenever what it follows from is known
  };

  const Variable& variable(const std::string& code) const {
    const auto found = variables_.find(code);
    if (found == variables_.end()) throw Unsayable{fmt::format("{} is not a variable of this guideline", code)};
    return found->second;
  }

  Read read(const Variable& v) {
    std::vector<Write>& writes = writes_[v.code];
    std::size_t before = 0;
    while (before < writes.size() && writes[before].order < order_)
      ++before;
    if (before == 0) {
      if (!v.asked) return {};
      const std::string name = input_name(v);
      program_.read.insert(name);
      return {Read::From::input, name, true};
    }
    // Whether later rules write it too is not known yet; the rules are looked
    // at for that.
    bool later = false, passed = false;
    for (const Rule& rule : guideline_.rules) {
      if (rule_ == &rule) passed = true;
      if (passed && writers_.contains(v.code) && writers_.at(v.code).contains(rule.id) &&
          (&rule != rule_ || writes.back().rule != rule_))
        later = true;
    }
    const bool certain = v.asked || std::any_of(writes.begin(), writes.begin() + static_cast<std::ptrdiff_t>(before),
                                                [](const Write& w) { return w.condition.is(Logic::Kind::yes); });
    if (!later) return {Read::From::value, v.name, certain};
    if (Write& last = writes[before - 1]; rule_ && last.rule == rule_ && !last.adds && same(last.condition, when_))
      return {Read::From::value, own_value(v, last, before), true};
    auto& name = versions_[{v.code, before}];
    if (name.empty()) {
      name = take_name(v.name + "_so_far", taken_);
      Definition d = definition(v, before);
      d.name = name;
      d.title = v.title + ", so far";
      program_.definitions.push_back(std::move(d));
    }
    return {Read::From::value, name, certain};
  }

  /// What the rule at hand has just written. Whoever reads it has asked for the condition of the rule, so that it needs
  /// no lines; and the other lines of the variable name it instead of repeating it.
  const std::string& own_value(const Variable& v, Write& write, std::size_t count) {
    std::string& name = versions_[{v.code, count}];
    if (!name.empty()) return name;
    const std::string rule = term_text(guideline_, write.rule->id);
    name = take_name(name_from(v.title + " by " + rule, 60), taken_);
    program_.definitions.push_back({.name = name,
                                    .title = fmt::format("{}, by \"{}\"", v.title, rule),
                                    .type = v.kind == VariableKind::choice ? v.type_name : std::string(),
                                    .comment = fmt::format("{}; rule {}", v.code, write.rule->id),
                                    .lines = {{constant(true), std::exchange(write.value, name)}}});
    return name;
  }

  std::string input_name(const Variable& v) const { return v.assigned ? v.name + "_given" : v.name; }

  Logic known(const std::string& code) {
    const Variable& v = variable(code);
    const Read r = read(v);
    if (r.from == Read::From::nothing) return constant(false);
    if (r.from == Read::From::input && v.units.size() > 1) {
      std::vector<Logic> parts;
      for (const UnitClass& one : v.units)
        parts.push_back(atom(used(one.name) + " is known", level_compare));
      return any_of(std::move(parts));
    }
    if (r.certain && r.from == Read::From::value && !v.asked) return constant(true);
    return atom(r.name + " is known", level_compare);
  }
  const std::string& used(const std::string& name) {
    program_.read.insert(name);
    return name;
  }

  // ---------------------------------------------------------------- conditions
  /// `top`: it is joined with others by `and` alone, so that what must be known
  /// for it can be asked beside it.
  Logic condition(const Expression& e, bool top) {
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

  static std::string mirrored(const std::string& sign) {
    if (sign == "<") return ">";
    if (sign == ">") return "<";
    if (sign == "<=") return ">=";
    return sign == ">=" ? "<=" : sign;
  }
  static std::string aceso_sign(const std::string& sign) { return sign == "==" ? "=" : sign; }

  Logic compare(const std::string& sign, const Expression& left, const Expression& right, bool top) {
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
  void guard(const std::string& code) {
    if (std::find(guards_.begin(), guards_.end(), code) == guards_.end()) guards_.push_back(code);
  }

  Logic null_test(const std::string& sign, const Expression& left, bool top) {
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

  Logic bare_comparison(const std::string& sign, const Expression& left, const Expression& right) {
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
      if (right.is(Kind::ordinal) || right.is(Kind::coded) || right.is(Kind::text))
        return choice_test(v, r, sign, right);
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

  Logic truth(const Read& r, const std::string& sign, bool value) {
    if (sign != "==" && sign != "!=") throw Unsayable{"yes and no have no order"};
    Logic is = atom(r.name);
    return value == (sign == "==") ? is : negation(is);
  }

  Logic choice_test(const Variable& v, const Read& r, const std::string& sign, const Expression& right) {
    if (v.kind == VariableKind::yes_no) {
      const Choice* one = v.find(right.code, one_line(right.label), right.text);
      if (!one) throw Unsayable{"a choice that is not known"};
      return truth(r, sign, one->name == "yes");
    }
    const std::string label = one_line(right.is(Kind::text) ? right.text : right.label);
    const Choice* choice = v.find(right.code, label, right.is(Kind::ordinal) ? right.text : std::string());
    if (!choice) throw Unsayable{"a choice that is not known"};
    if (sign != "==" && sign != "!=") throw Unsayable{"these choices have no order"};
    return comparison(r.name, aceso_sign(sign), choice->name);
  }

  Logic compare_choices(const Variable& v, const Read& r, const std::string& sign, const Expression& right) {
    const Variable& other = variable(right.code);
    const Read s = read(other);
    if (s.from == Read::From::nothing) return constant(false);
    if (v.kind == VariableKind::choice && v.type_name != other.type_name)
      throw Unsayable{fmt::format("{} and {} have different choices", v.code, other.code)};
    return comparison(r.name, aceso_sign(sign), s.name);
  }

  Logic unit_test(const Variable& v, const Read& r, const std::string& sign, const Expression& right) {
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

  /// Whether the last rule that has set `v` so far has set it in this unit.
  Logic was_set_in(const Variable& v, const std::string& unit) const {
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

  Logic compare_dates(const Read& r, const std::string& sign, const Expression& right) {
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

  Logic compare_numbers(const std::string& sign, const Expression& left, const Expression& right) {
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
        return comparison(as_given(v), aceso_sign(sign), right.text, number);
      }
    }
    a = number_of(left);
    b = number_of(right);
    const std::string l = usable(a), r = usable(b);
    return comparison(l, aceso_sign(sign), r, b.constant, a.whole);
  }
  /// A number of another unit than that of the input is converted, where it can be.
  static Logic compare_quantity(const std::string& name, const UnitClass& one, const std::string& sign,
                                const std::string& text, std::string unit) {
    if (unit.empty() || !converts(unit, one.unit)) unit = one.unit;
    return comparison(name, aceso_sign(sign), one.plain ? text : text + unit_suffix(unit, text == "1"),
                      unit == one.unit ? Rational::from_decimal(text) : std::nullopt);
  }
  /// In a comparison a real has to be rounded; finely, so that the rounding is
  /// not noticed.
  static std::string usable(const Number& n) {
    return n.is_real ? fmt::format("round({}, 0.000001)", n.text) : wrapped(n, level_add);
  }

  // ---------------------------------------------------------------- numbers
  Number number_of(const Expression& e) {
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

  Number variable_number(const Expression& e) {
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
  /// Points of yes and no of a yes/no that has them.
  static std::pair<std::string, std::string> points_of(const Variable& v) {
    std::string yes = "1", no = "0";
    for (const Choice& one : v.choices)
      if (!one.score.empty()) (one.name == "yes" ? yes : no) = one.score;
    return {yes, no};
  }
  static Number in_unit(const std::string& name, const UnitClass& one) {
    if (one.plain) return {name, level_primary, false, "1", {}, false};
    return {fmt::format("{} / 1{}", name, unit_suffix(one.unit, true)), level_multiply, true, "1", {}, false};
  }
  /// The name of the number of `v` in whichever unit it is given: what the source reads where no condition of the rule
  /// asks for the unit.
  const std::string& as_given(const Variable& v) {
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

  /// Which of several units is meant is told by the conditions of the rule: UCUM, empty where they do not tell.
  std::string asked_unit(const Variable& v) const {
    std::string unit = context_ ? asked_unit(*context_, v.code) : std::string();
    if (rule_)
      for (const Expression& e : rule_->when)
        if (unit.empty()) unit = asked_unit(e, v.code);
    return unit;
  }
  static std::string asked_unit(const Expression& e, const std::string& code) {
    if (e.is_sign("==") && e.children[0].is(Kind::variable) && e.children[0].code == code &&
        e.children[0].attribute == "unit" && e.children[1].is(Kind::text))
      return ucum_code(e.children[1].text);
    for (const Expression& child : e.children)
      if (std::string unit = asked_unit(child, code); !unit.empty()) return unit;
    return {};
  }
  const UnitClass* chosen_unit(const Variable& v) const {
    const std::string unit = asked_unit(v);
    for (const UnitClass& one : v.units)
      if (unit == one.unit || std::find(one.others.begin(), one.others.end(), unit) != one.others.end()) return &one;
    return nullptr;
  }

  Number call(const Expression& e) {
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

  /// Where the bounds of the inputs would let it grow beyond every number, the
  /// exponent is held between -20 and 20, which changes no result within eight
  /// digits of a probability.
  Number exponential(const Number& x) const {
    if (!limits_.hold_exponents) return {fmt::format("exp({})", x.text), level_primary, true, "1", {}, false};
    return {fmt::format("exp({})", held(x, "20")), level_primary, true, "1", {}, false};
  }
  static std::string held(const Number& x, std::string_view limit) {
    return fmt::format("min(max({}, -{}), {})", x.is_real ? fmt::format("round({}, 0.00000001)", x.text) : x.text,
                       limit, limit);
  }

  Number arithmetic(const Expression& e) {
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
    const Number a = number_of(left), b = number_of(right);
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
        return {fmt::format("power(max({}, 0.001), {})",
                            a.is_real ? fmt::format("round({}, 0.000001)", a.text) : a.text, b.text),
                level_primary,
                true,
                "1",
                {},
                false};
      return {fmt::format("power({}, {})", a.text, b.text), level_primary, true, "1", {}, false};
    }
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

  /// "0.001" for 10^-3.
  static std::optional<Number> power_of_ten(const Number& a, const Number& b) {
    if (!a.constant || !b.constant || *a.constant != Rational(10) || !b.constant->is_integer()) return std::nullopt;
    const std::int64_t zeros = b.constant->numerator();
    if (zeros < -15 || zeros > 15) return std::nullopt;
    const std::string text = zeros < 0 ? "0." + std::string(static_cast<std::size_t>(-zeros) - 1, '0') + '1'
                                       : '1' + std::string(static_cast<std::size_t>(zeros), '0');
    return Number{text, level_primary, false, "1", Rational::from_decimal(text), zeros >= 0};
  }

  /// `$currentDateTime.year - $birth.year`: the source subtracts the numbers of
  /// the years.
  std::optional<std::string> years_since(const Expression& e) {
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

  /// A sum of quantities of one unit needs no detour over plain numbers.
  std::optional<Number> quantity_sum(const Expression& e, const std::string& unit) {
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

  // ----------------------------------------------------------------
  // assignments
  void statement(const Assignment& a, const Logic& when, const Rule* rule, const std::vector<Assignment>& beside,
                 const std::string& place) {
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

  /// A text that is put together from choices, or copied from a variable with other choices: one line for each of them.
  bool texts(const Variable& v, const Assignment& a, const Logic& when, const Rule* rule) {
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
                                                                    : comparison(r.name, "=", chosen->name));
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

  /// "2" for `x = x + 2`.
  std::optional<std::string> added_points(const Variable& v, const Expression& e) {
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

  std::string value_of(const Variable& v, const Assignment& a, const std::vector<Assignment>& beside) {
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

  /// The decimals that the rule sets beside the number, or that were set before.
  static std::optional<int> decimals_set(const Variable& v, const Assignment& a,
                                         const std::vector<Assignment>& beside) {
    for (const Assignment& other : beside)
      if (other.variable == a.variable && other.attribute == "precision") return std::atoi(other.value.text.c_str());
    if (a.attribute == "magnitude" && v.precision_set) return v.precision;
    return std::nullopt;
  }

  /// The unit that the rule itself sets; else that of the variable.
  static std::string unit_set(const Variable& v, const Assignment& a, const std::vector<Assignment>& beside) {
    if (v.kind != VariableKind::quantity) return "1";
    if (a.value.is(Kind::quantity))
      if (std::string code = ucum_code(a.value.unit); !code.empty() && converts(code, v.unit())) return code;
    for (const Assignment& other : beside)
      if (other.variable == a.variable && other.attribute == "unit" && other.value.is(Kind::text))
        if (std::string code = ucum_code(other.value.text); !code.empty() && converts(code, v.unit())) return code;
    return v.unit();
  }

  std::string number_value(const Variable& v, const Assignment& a, const std::vector<Assignment>& beside) {
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
  static std::string step(int decimals) {
    decimals = std::min(decimals, 9); // the source knows no end; 64 bits do
    return decimals <= 0 ? "1" : "0." + std::string(static_cast<std::size_t>(decimals) - 1, '0') + "1";
  }

  // ----------------------------------------------------------------
  // definitions
  /// The value of `v` after its first `count` writes.
  Definition definition(const Variable& v, std::size_t count) {
    Definition d;
    d.name = v.name;
    d.title = v.title;
    if (v.kind == VariableKind::choice) d.type = v.type_name;
    const std::vector<Write>& writes = writes_[v.code];
    std::set<std::string> rules;
    for (std::size_t i = 0; i < count; ++i)
      if (writes[i].rule) rules.insert(writes[i].rule->id);
    d.comment = v.code;
    if (!rules.empty()) d.comment += (rules.size() == 1 ? "; rule " : "; rules ") + fmt::format("{}", joined(rules));
    if (as_score(v, count, d)) return d;
    for (std::size_t i = count; i-- > 0;) {
      const Write& w = writes[i];
      std::string value = w.value;
      if (w.adds) {
        const std::size_t now = std::exchange(order_, w.order);
        const Rule* rule = std::exchange(rule_, w.rule);
        const Read r = read_before(v, i);
        order_ = now;
        rule_ = rule;
        value = fmt::format("{} + {}", r.name, w.value);
      }
      d.lines.push_back({w.condition, std::move(value)});
      if (w.condition.is(Logic::Kind::yes)) break;
    }
    if (v.asked && (d.lines.empty() || !d.lines.back().condition.is(Logic::Kind::yes))) {
      program_.read.insert(input_name(v));
      d.lines.push_back({constant(true), input_name(v)});
    }
    if (d.lines.size() == 1 && d.lines[0].condition.is(Logic::Kind::yes) && as_sum(v, writes[count - 1], d)) return d;
    straighten(d);
    return d;
  }

  /// The sum of several points is a score.
  bool as_sum(const Variable& v, const Write& write, Definition& d) {
    if (v.kind != VariableKind::number || !write.source->is_sign("+")) return false;
    std::vector<const Expression*> terms{write.source};
    std::vector<ScoreItem> items;
    const std::size_t now = std::exchange(order_, write.order);
    const Rule* rule = std::exchange(rule_, write.rule);
    bool fits = true;
    while (!terms.empty() && fits) {
      const Expression* e = terms.back();
      terms.pop_back();
      if (e->is_sign("+")) {
        terms.push_back(&e->children[1]);
        terms.push_back(&e->children[0]);
        continue;
      }
      const Number n = number_of(*e);
      fits = !n.is_real && (n.level == level_primary || n.level == level_if || n.level == level_multiply);
      if (n.level == level_if && e->is(Kind::variable)) {
        const auto [yes, no] = points_of(variable(e->code));
        const Logic is = atom(read(variable(e->code)).name);
        if (yes != "0") items.push_back({yes, is});
        if (no != "0") items.push_back({no, negation(is)});
        continue;
      }
      items.push_back({wrapped(n, level_multiply), constant(true)});
    }
    order_ = now;
    rule_ = rule;
    if (!fits) return false;
    d.lines.clear();
    d.score = std::move(items);
    return true;
  }
  Read read_before(const Variable& v, std::size_t count) {
    if (count == 0) {
      program_.read.insert(input_name(v));
      return {Read::From::input, input_name(v), true};
    }
    auto& name = versions_[{v.code, count}];
    if (name.empty()) {
      name = take_name(v.name + "_so_far", taken_);
      Definition d = definition(v, count);
      d.name = name;
      d.title = v.title + ", so far";
      program_.definitions.push_back(std::move(d));
    }
    return {Read::From::value, name, true};
  }
  static std::string joined(const std::set<std::string>& codes) {
    std::string result;
    for (const std::string& one : codes)
      result += (result.empty() ? "" : ", ") + one;
    return result;
  }

  /// A first value and then nothing but points added is a score.
  bool as_score(const Variable& v, std::size_t count, Definition& d) const {
    const std::vector<Write>& writes = writes_.at(v.code);
    if (count < 2 || v.kind != VariableKind::number) return false;
    std::size_t first = 0;
    if (!writes[0].adds) {
      if (!writes[0].condition.is(Logic::Kind::yes)) return false;
      first = 1;
    } else if (!v.asked) {
      return false;
    }
    for (std::size_t i = first; i < count; ++i)
      if (!writes[i].adds) return false;
    if (first == 0)
      d.score.push_back({input_name(v), constant(true)});
    else if (writes[0].value != "0")
      d.score.push_back({writes[0].value, constant(true)});
    for (std::size_t i = first; i < count; ++i)
      d.score.push_back({writes[i].value, writes[i].condition});
    return true;
  }

  /// Lines that exclude each other are shown in the order of the source. The
  /// rest stays: the last writer first.
  static void straighten(Definition& d) {
    const std::size_t last =
        d.lines.size() - (!d.lines.empty() && d.lines.back().condition.is(Logic::Kind::yes) ? 1 : 0);
    for (std::size_t i = 0; i < last; ++i)
      for (std::size_t k = i + 1; k < last; ++k)
        if (!exclude(d.lines[i].condition, d.lines[k].condition)) return;
    std::reverse(d.lines.begin(), d.lines.begin() + static_cast<std::ptrdiff_t>(last));
  }

  void finish(const Variable& v) {
    std::vector<Write>& writes = writes_[v.code];
    if (writes.empty()) return;
    rule_ = nullptr;
    ++order_;
    Definition d = definition(v, writes.size());
    program_.definitions.push_back(std::move(d));
  }

  // ---------------------------------------------------------------- the words
  // of the source, for omissions
  std::string describe(const Expression& e) const {
    switch (e.kind) {
    case Kind::null: return "null";
    case Kind::variable:
      return fmt::format("${}|{}|{}{}", e.code, term_text(guideline_, e.code), e.attribute.empty() ? "" : ".",
                         e.attribute);
    case Kind::now: return "$currentDateTime" + (e.attribute.empty() ? "" : "." + e.attribute);
    case Kind::fired: return fmt::format("fired(${})", e.code);
    case Kind::quantity: return e.text + "," + e.unit;
    case Kind::ordinal: return fmt::format("{}|{}|{}|", e.text, e.code, e.label);
    case Kind::coded: return fmt::format("{}|{}|", e.code, e.label);
    case Kind::text: return '\'' + e.text + '\'';
    case Kind::minus: return "-(" + describe(e.children[0]) + ')';
    case Kind::logical_not: return "!(" + describe(e.children[0]) + ')';
    case Kind::binary: return fmt::format("({} {} {})", describe(e.children[0]), e.text, describe(e.children[1]));
    case Kind::call: return e.text + (e.children.empty() ? std::string() : '(' + describe(e.children[0]) + ')');
    default: return e.text;
    }
  }
  std::string describe_all(const std::vector<Expression>& list) const {
    std::string result;
    for (const Expression& e : list)
      result += (result.empty() ? "" : " && ") + describe(e);
    return result;
  }

  const Guideline& guideline_;
  const Variables& variables_;
  const Limits& limits_;
  std::set<std::string>& taken_;
  std::vector<Omission>& omissions_;
  Program program_;
  const Rule* rule_ = nullptr;
  Logic when_;                          ///< the condition of that rule
  const Expression* context_ = nullptr; ///< the outermost `&&` around the condition at hand
  std::size_t order_ = 1;
  std::vector<std::string> guards_; ///< variables that the rule at hand needs to be known
  std::set<std::string> defaulted_, null_tested_, fired_tested_;
  std::map<std::string, std::set<std::string>> mentions_, writers_;
  std::map<std::string, Logic> fired_;
  std::map<std::string, std::vector<Write>> writes_;
  std::map<std::string, std::string> as_given_; ///< names of numbers in the unit in which they are given, by code
  std::map<std::pair<std::string, std::size_t>, std::string> versions_;
};

} // namespace

Program translate(const Guideline& guideline, const Variables& variables, const Limits& limits,
                  std::set<std::string>& taken, std::vector<Omission>& omissions) {
  return Translator(guideline, variables, limits, taken, omissions).run();
}

} // namespace aceso::gdl2
