#pragma once
/// FEEL in Aceso's words: expressions and the cells of tables.

#include <map>
#include <optional>
#include <string>

#include "decision_tables/feel.h"
#include "decision_tables/meaning.h"

namespace aceso::decision_tables {

/// An input data or a decision, or one output of a decision ("Decision.output"), by its name in DMN.
struct Variable {
  std::string id; ///< its name in Aceso
  Meaning meaning{};
};
using Variables = std::map<std::string, Variable>;

struct Written {
  std::string text;
  int level = 0; ///< how loosely it binds: 0 a word, 2 a sign, 3 a product, 4 a sum, 5 a comparison, 6 not, 7 and, 8 or
  Meaning meaning{};
};

/// Nothing, with the reason, for what Aceso has no words for. `expected` says what a string in `expression` means, and
/// in which unit a number is; without it they are read as they stand.
class ExpressionWriter {
public:
  explicit ExpressionWriter(const Variables& variables) : variables_(variables) {}
  [[nodiscard]] std::optional<Written> write(const FeelExpression& expression, const Meaning& expected,
                                             std::string& why) const;
  /// A cell of a column whose values are `column`.
  [[nodiscard]] std::optional<std::string> cell(const FeelTests& tests, const Meaning& column, std::string& why) const;

private:
  [[nodiscard]] std::optional<Written> binary(const FeelExpression& e, std::string& why) const;
  [[nodiscard]] std::optional<Written> comparison(const FeelExpression& e, std::string& why) const;
  [[nodiscard]] std::optional<Written> membership(const FeelExpression& e, std::string& why) const;
  [[nodiscard]] std::optional<Written> logic(const FeelExpression& e, std::string& why) const;
  /// `if x = "a" then 1 else if x = "b" then 2 else null`, where x can be nothing else.
  [[nodiscard]] std::optional<Written> choice_by_choice(const FeelExpression& e, const Meaning& expected,
                                                        std::string& why) const;
  [[nodiscard]] std::optional<Written> conditional(const FeelExpression& e, const Meaning& expected,
                                                   std::string& why) const;
  [[nodiscard]] std::optional<Written> call(const FeelExpression& e, const Meaning& expected, std::string& why) const;
  [[nodiscard]] std::optional<Written> variable(const FeelExpression& e, std::string& why) const;
  /// The conditions of a count, separated by commas.
  [[nodiscard]] std::optional<std::string> conditions(const FeelExpression* list, std::string& why) const;
  [[nodiscard]] std::optional<std::string> test(const FeelExpression& e, const Meaning& column, std::string& why) const;
  [[nodiscard]] std::optional<std::string> operand(const FeelExpression& e, const Meaning& column,
                                                   std::string& why) const;

  const Variables& variables_;
};

} // namespace aceso::decision_tables
