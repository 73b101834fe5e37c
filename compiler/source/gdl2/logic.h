#pragma once
/// Conditions of a guideline while it is translated: enough structure to tell
/// which exclude each other and which make bands.

#include <optional>
#include <string>
#include <vector>

#include "values/rational.h"

namespace aceso::gdl2 {

/// How tightly the outermost sign of a text binds, as in docs/language.md.
enum Level : int {
  level_if = 1,
  level_or,
  level_and,
  level_not,
  level_compare,
  level_add,
  level_multiply,
  level_unary,
  level_primary
};

struct Logic {
  enum class Kind { yes, no, atom, all, any, negation } kind = Kind::yes;
  std::string text;            ///< of an atom that is no comparison
  int level = level_primary;   ///< of that text
  std::vector<Logic> children; ///< of all, any, negation
  // A comparison: subject, sign, value; number where the value is a number.
  std::string subject, sign, value;
  std::optional<Rational> number;
  bool whole = false;   ///< the subject has whole numbers only
  bool literal = false; ///< the value is written out: a number, a quantity, a choice

  [[nodiscard]] bool is(Kind one) const { return kind == one; }
};

[[nodiscard]] Logic constant(bool value);
[[nodiscard]] Logic atom(std::string text, int level = level_primary);
[[nodiscard]] Logic comparison(std::string subject, std::string sign, std::string value,
                               std::optional<Rational> number = {}, bool whole = false);
/// The same, its value being written out, which a cell of a table needs.
[[nodiscard]] Logic literal_comparison(std::string subject, std::string sign, std::string value,
                                       std::optional<Rational> number = {}, bool whole = false);
[[nodiscard]] Logic all_of(std::vector<Logic> parts);
[[nodiscard]] Logic any_of(std::vector<Logic> parts);
[[nodiscard]] Logic negation(Logic one);
[[nodiscard]] std::string print(const Logic& logic, int level = 0);
[[nodiscard]] bool same(const Logic& a, const Logic& b);

/// True where both can be seen not to hold together.
[[nodiscard]] bool exclude(const Logic& a, const Logic& b);

/// The numbers of one subject that a condition asks for; an end without number
/// has no limit.
struct Stretch {
  std::optional<Rational> low, high;
  bool low_open = false,
       high_open = false; ///< the end itself does not belong to it
};
/// Where `logic` asks for a stretch of one numeric subject and for nothing
/// else.
[[nodiscard]] std::optional<Stretch> stretch_of(const Logic& logic, std::string& subject, bool& whole);

} // namespace aceso::gdl2
