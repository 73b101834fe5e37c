#pragma once
/// What the variables of a guideline are. The source declares hardly any of it,
/// so it follows from how they are used: what they are compared with, what is
/// assigned to them, and which values the cases give.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gdl2/model.h"
#include "values/rational.h"

namespace aceso::gdl2 {

enum class VariableKind { unknown, number, quantity, choice, yes_no, date };

struct Choice {
  std::string code{}, label{}; ///< code: "at0014"; empty for a text
  std::string score{};         ///< of an ordinal: "2"
  std::string name{};          ///< in Aceso; "yes" or "no" of a yes/no
};

/// Units of a variable that convert into each other. Units that do not (mg/dL
/// and mmol/L of the same substance) are asked for apart, because the source
/// gives no molar mass.
struct UnitClass {
  std::string unit{};                ///< UCUM; "1" without one
  std::vector<std::string> others{}; ///< UCUM, convertible into `unit`
  std::string name{};                ///< of the input
  /// A number without its unit: what is calculated with and counted from a zero that somebody chose (Cel, [degF]).
  bool plain = false;
};

struct Variable {
  std::string code, title, description, model;
  VariableKind kind = VariableKind::unknown;
  bool is_scale = false;       ///< all choices have scores
  bool assigned = false;       ///< by a rule or default action
  bool asked = false;          ///< an input of the Aceso text
  bool null_tested = false;    ///< `== null` somewhere
  bool guarded = false;        ///< `!= null` somewhere
  bool read_as_number = false; ///< its number is compared or calculated with
  bool unit_set = false, precision_set = false;
  int precision = 0;
  int decimals = 0;         ///< of the values seen
  std::vector<double> seen; ///< numbers it is compared with or has in a case
  /// Of a plain number of which the rules ask for the parts of a scale that ends ("13 to 15", "9 to 12", "3"), and of
  /// points that add up to such a number: where the scale begins, as far as it begins above 1, and where it ends.
  std::optional<double> scale_low, scale_high;
  std::vector<Choice> choices;
  std::set<std::string> tested; ///< codes or labels of choices that conditions ask for
  std::vector<UnitClass> units;
  std::set<std::string> tested_units; ///< UCUM, of conditions such as `.unit == 'lb'`
  std::string name;                   ///< of the value, also of the input where nothing is assigned
  std::string type_name;              ///< of a choice; the same where the choices read the same

  [[nodiscard]] std::string unit() const { return units.empty() ? "1" : units.front().unit; }
  [[nodiscard]] const Choice* find(const std::string& code, const std::string& label, const std::string& score) const;
};

using Variables = std::map<std::string, Variable>;

/// The variables that rules, default actions and preconditions speak of.
[[nodiscard]] Variables find_variables(const Guideline& guideline, const std::vector<SourceCase>& cases);

/// Gives the variables that are used, their choices and types names that differ
/// from each other and from `taken`.
void name_variables(Variables& variables, const Guideline& guideline, std::set<std::string>& taken);

/// "Set risk: high" of gt0012; the code itself without a term.
[[nodiscard]] std::string term_text(const Guideline& guideline, const std::string& code);

} // namespace aceso::gdl2
