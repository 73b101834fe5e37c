#pragma once
/// What the values of an input, a decision or an expression are, while a model is carried to Aceso.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "decision_tables/feel.h"
#include "values/rational.h"

namespace aceso::decision_tables {

struct Meaning {
  enum class Kind : std::uint8_t { none, yes_no, number, choice, date, instant, time } kind = Kind::none;
  bool is_list = false;                                       ///< a list of these
  std::vector<std::string> scores{};                          ///< choice: of a scale, one for each member
  std::vector<std::pair<std::string, std::string>> members{}; ///< choice: the string of DMN, the name in Aceso
  Rational minimum, maximum, step{1};                         ///< number
  bool is_real = false;                                       ///< number: it has to be rounded before it is used
  std::string unit{};                                         ///< number
  std::string type_name{};                                    ///< a type that is declared; empty to write it in place

  [[nodiscard]] const std::string* member(std::string_view value) const;
};

/// "one of { low, high }", "number from 0 to 10 step 0.5".
[[nodiscard]] std::string type_text(const Meaning& meaning);
/// `38.5 Cel`, with a unit as Aceso writes it.
[[nodiscard]] std::string number_text(const Rational& value, const std::string& unit);
/// 0.01 for two digits after the point.
[[nodiscard]] Rational step_of_digits(std::size_t digits);
/// How many digits after the point a number needs; nothing where no number of them is enough.
[[nodiscard]] std::optional<std::size_t> digits_of(const Rational& value);
/// The number that stands there, maybe negated; nothing where it is no plain number.
[[nodiscard]] std::optional<Rational> number_of(const FeelExpression& expression);

/// The smallest meaning that holds both; nothing where there is none.
[[nodiscard]] std::optional<Meaning> joined(const Meaning& a, const Meaning& b);
/// Of a sum, difference, product (the kinds of FeelExpression) or quotient of two numbers.
[[nodiscard]] std::optional<Meaning> combined(FeelKind operation, const Meaning& a, const Meaning& b);

/// A name as Aceso takes it: a valid one stays, of others the letters and digits remain. Reserved words get a `_`.
[[nodiscard]] std::string identifier(std::string_view text);
/// `text` in quotation marks of Aceso, on one line.
[[nodiscard]] std::string quoted(std::string_view text);

} // namespace aceso::decision_tables
