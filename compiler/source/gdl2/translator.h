#pragma once
/// The run of the rules with signs instead of values (see translate.h). Its parts by topic: translate.cpp the rules and
/// what a variable is worth at a point, translate_conditions.cpp, translate_numbers.cpp, translate_assignments.cpp, and
/// translate_definitions.cpp, which makes the lines of the values.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "gdl2/translate.h"
#include "values/rational.h"

namespace aceso::gdl2 {

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

[[nodiscard]] inline std::string wrapped(const Number& n, int level) {
  return n.level < level ? '(' + n.text + ')' : n.text;
}

class Translator {
public:
  Translator(const Guideline& guideline, const Variables& variables, const Limits& limits, std::set<std::string>& taken,
             std::vector<Omission>& omissions)
      : guideline_(guideline), variables_(variables), limits_(limits), taken_(taken), omissions_(omissions) {}

  Program run();

private:
  // the rules, and what a variable is worth
  struct Read {
    enum class From { nothing, input, value } from = From::nothing;
    std::string name;
    bool certain = true; ///< has a value whenever what it follows from is known
  };
  static void collect(const Expression& e, std::set<std::string>& codes, std::set<std::string>& fired);
  static bool tests_null(const Expression& e, std::string_view sign, std::set<std::string>& codes);
  void find_mentions();
  Logic preconditions();
  static bool is_used_in(const std::string& code, const std::vector<Expression>& conditions);
  void run_rule(const Rule& rule);
  std::string place_of(const Rule& rule) const;
  static void flatten(const Expression& e, std::vector<Expression>& out);
  /// `x != null` may go where everything that could be decided without x would
  /// still be undecided: then Aceso asks for x instead of passing over the
  /// rule.
  bool may_drop(const std::string& code, const Rule& rule, const std::vector<Expression>& conjuncts) const;
  const Variable& variable(const std::string& code) const;
  Read read(const Variable& v);
  /// What the rule at hand has just written. Whoever reads it has asked for the condition of the rule, so that it needs
  /// no lines; and the other lines of the variable name it instead of repeating it.
  const std::string& own_value(const Variable& v, Write& write, std::size_t count);
  std::string input_name(const Variable& v) const;
  Logic known(const std::string& code);
  const std::string& used(const std::string& name);

  // conditions
  /// `top`: it is joined with others by `and` alone, so that what must be known
  /// for it can be asked beside it.
  Logic condition(const Expression& e, bool top);
  static std::string mirrored(const std::string& sign);
  static std::string aceso_sign(const std::string& sign);
  Logic compare(const std::string& sign, const Expression& left, const Expression& right, bool top);
  void guard(const std::string& code);
  Logic null_test(const std::string& sign, const Expression& left, bool top);
  Logic bare_comparison(const std::string& sign, const Expression& left, const Expression& right);
  Logic truth(const Read& r, const std::string& sign, bool value);
  Logic choice_test(const Variable& v, const Read& r, const std::string& sign, const Expression& right);
  Logic compare_choices(const Variable& v, const Read& r, const std::string& sign, const Expression& right);
  Logic unit_test(const Variable& v, const Read& r, const std::string& sign, const Expression& right);
  /// Whether the last rule that has set `v` so far has set it in this unit.
  Logic was_set_in(const Variable& v, const std::string& unit) const;
  Logic compare_dates(const Read& r, const std::string& sign, const Expression& right);
  Logic compare_numbers(const std::string& sign, const Expression& left, const Expression& right);
  /// A number of another unit than that of the input is converted, where it can be.
  static Logic compare_quantity(const std::string& name, const UnitClass& one, const std::string& sign,
                                const std::string& text, std::string unit);
  /// In a comparison a real has to be rounded; finely, so that the rounding is
  /// not noticed.
  static std::string usable(const Number& n);

  // numbers
  Number number_of(const Expression& e);
  Number variable_number(const Expression& e);
  /// Points of yes and no of a yes/no that has them.
  static std::pair<std::string, std::string> points_of(const Variable& v);
  static Number in_unit(const std::string& name, const UnitClass& one);
  /// The name of the number of `v` in whichever unit it is given: what the source reads where no condition of the rule
  /// asks for the unit.
  const std::string& as_given(const Variable& v);
  /// Which of several units is meant is told by the conditions of the rule: UCUM, empty where they do not tell.
  std::string asked_unit(const Variable& v) const;
  static std::string asked_unit(const Expression& e, const std::string& code);
  const UnitClass* chosen_unit(const Variable& v) const;
  Number call(const Expression& e);
  /// Where the bounds of the inputs would let it grow beyond every number, the
  /// exponent is held between -20 and 20, which changes no result within eight
  /// digits of a probability.
  Number exponential(const Number& x) const;
  static std::string held(const Number& x, std::string_view limit);
  Number arithmetic(const Expression& e);
  /// "0.001" for 10^-3.
  static std::optional<Number> power_of_ten(const Number& a, const Number& b);
  /// `$currentDateTime.year - $birth.year`: the source subtracts the numbers of
  /// the years.
  std::optional<std::string> years_since(const Expression& e);
  /// A sum of quantities of one unit needs no detour over plain numbers.
  std::optional<Number> quantity_sum(const Expression& e, const std::string& unit);

  // assignments
  void statement(const Assignment& a, const Logic& when, const Rule* rule, const std::vector<Assignment>& beside,
                 const std::string& place);
  /// A text that is put together from choices, or copied from a variable with other choices: one line for each of them.
  bool texts(const Variable& v, const Assignment& a, const Logic& when, const Rule* rule);
  /// "2" for `x = x + 2`.
  std::optional<std::string> added_points(const Variable& v, const Expression& e);
  std::string value_of(const Variable& v, const Assignment& a, const std::vector<Assignment>& beside);
  /// The decimals that the rule sets beside the number, or that were set before.
  static std::optional<int> decimals_set(const Variable& v, const Assignment& a, const std::vector<Assignment>& beside);
  /// The unit that the rule itself sets; else that of the variable.
  static std::string unit_set(const Variable& v, const Assignment& a, const std::vector<Assignment>& beside);
  std::string number_value(const Variable& v, const Assignment& a, const std::vector<Assignment>& beside);
  static std::string step(int decimals);

  // definitions, and the words of the source
  /// The value of `v` after its first `count` writes.
  Definition definition(const Variable& v, std::size_t count);
  /// The sum of several points is a score.
  bool as_sum(const Variable& v, const Write& write, Definition& d);
  Read read_before(const Variable& v, std::size_t count);
  /// "Low risk: score 1 to 4": what the source says of a rule; empty where it says nothing beyond its name.
  std::string note_of(const Rule& rule) const;
  static std::string joined(const std::set<std::string>& codes);
  /// A first value and then nothing but points added is a score.
  bool as_score(const Variable& v, std::size_t count, Definition& d) const;
  /// Lines that exclude each other are shown in the order of the source. The
  /// rest stays: the last writer first.
  static void straighten(Definition& d);
  /// What is set before a rule sets another value in any case, and is read by nobody in between.
  void tell_overwritten(const Variable& v);
  void finish(const Variable& v);
  std::string describe(const Expression& e) const;
  std::string describe_all(const std::vector<Expression>& list) const;

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
  std::map<std::pair<std::string, std::size_t>, std::string> versions_;   ///< names of values after so many writes
  std::map<std::pair<std::string, std::size_t>, std::string> own_values_; ///< names of what one write has written
};

} // namespace aceso::gdl2
