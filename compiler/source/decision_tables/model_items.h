#pragma once
/// The input data and decisions of a model, with their FEEL read.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "decision_tables/carried.h"
#include "decision_tables/dmn_model.h"
#include "decision_tables/feel.h"
#include "decision_tables/variable_types.h"
#include "decision_tables/write_expression.h"

namespace aceso::decision_tables {

/// One input data, or one decision with its logic read.
struct Item {
  const DmnInput* input = nullptr;
  const DmnDecision* decision = nullptr;
  std::optional<FeelExpression> literal;
  std::vector<FeelExpression> columns;
  std::vector<std::vector<FeelTests>> cells;        ///< [row][column]
  std::vector<std::vector<FeelExpression>> outputs; ///< [row][output]
  std::vector<std::optional<FeelExpression>> otherwise;
  enum class State : std::uint8_t { new_, busy, done, left_out } state = State::new_;
};

/// Keeps references to all that it is given.
class ModelItems {
public:
  ModelItems(const FeelReader& reader, const Variables& variables, std::vector<Remark>& remarks)
      : reader_(reader), variables_(variables), remarks_(remarks) {}

  /// False where the name is taken.
  [[nodiscard]] bool add(const std::string& name, const DmnInput* input, const DmnDecision* decision);
  /// Null for a name that is none of an item.
  [[nodiscard]] Item* find(const std::string& name);
  /// Reads the logic of all decisions; what cannot be read is left out and told.
  void read_logic();
  /// What the logic says of the values of each variable.
  void collect_uses(VariableTypes& types) const;

  /// Once for each item: the first reason counts.
  void leave_out(Item& item, std::size_t offset, const std::string& why);
  /// The variable that an expression names, or empty.
  [[nodiscard]] std::string variable_of(const FeelExpression& expression) const;
  /// inputValues of the columns that are just this variable.
  [[nodiscard]] std::string allowed_in_columns(const std::string& variable) const;
  /// The items that the logic of a decision names.
  [[nodiscard]] std::set<std::string> names_in(const Item& item) const;

private:
  [[nodiscard]] std::optional<FeelExpression> read(Item& item, const DmnEntry& entry, std::string_view where);
  void read_logic(Item& item);
  void read_rows(Item& item, const DecisionTable& table);
  void collect_in(const FeelExpression& expression, VariableTypes& types) const;
  void collect_uses(const Item& item, VariableTypes& types) const;
  void names_in(const FeelExpression& expression, std::set<std::string>& names) const;

  const FeelReader& reader_;
  const Variables& variables_;
  std::vector<Remark>& remarks_;
  std::map<std::string, Item> items_;
};

/// The output of a decision with several: "Decision.output".
[[nodiscard]] std::string output_variable(const std::string& decision, const std::string& output);

} // namespace aceso::decision_tables
