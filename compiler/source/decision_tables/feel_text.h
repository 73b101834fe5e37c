#pragma once
/// Expressions of the decision graph in FEEL.

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "graph/graph.h"

namespace aceso::decision_tables {

/// Writes nodes; units are converted as the graph says, so that the numbers mean the same. Not thread-safe.
class FeelText {
public:
  /// `need` is called for every input and derived value that the text names, and gives its name in FEEL; nothing where
  /// it cannot be had.
  using Need = std::function<std::optional<std::string>(const std::string& name)>;
  FeelText(const graph::Graph& graph, Need need);

  /// The text of a node; nothing, with the reason, where FEEL has no words for it. `own_name`: the derived value that
  /// is being written, which is not replaced by its own name.
  [[nodiscard]] std::optional<std::string> write(NodeId node, const std::string& own_name, std::string& why);
  /// The name in FEEL of an input or derived value; nothing where it cannot be had.
  [[nodiscard]] std::optional<std::string> need(const std::string& name) const { return need_(name); }
  /// A constant of the type: `"low"`, `true`, `38.5`, `date("2026-11-22")`.
  [[nodiscard]] std::optional<std::string> constant(TypeId type, const Value& value, std::string& why) const;

private:
  struct Part {
    std::string text;
    int level = 0; ///< how loosely it binds: 0 a word, 3 a product, 4 a sum, 5 a comparison, 7 and, 8 or, 9 if
  };
  [[nodiscard]] std::optional<Part> part(NodeId node, std::string& why);
  [[nodiscard]] std::optional<Part> joined(const graph::Node& node, std::string_view sign, int level, std::string& why);
  [[nodiscard]] std::optional<Part> called(const graph::Node& node, std::string_view function, std::string& why);
  [[nodiscard]] std::optional<Part> rounded(const graph::Node& node, std::string& why);
  [[nodiscard]] std::optional<Part> counted(const graph::Node& node, std::string& why);
  [[nodiscard]] std::optional<Part> converted(const graph::Node& node, std::string& why);
  /// `x >= moderate` as the list of the members on that side.
  [[nodiscard]] std::optional<Part> on_scale(const graph::Node& node, std::string& why);
  /// Rows of which the first that holds counts, as nested conditionals.
  [[nodiscard]] std::optional<Part> chosen(const graph::Node& node, std::string& why);
  [[nodiscard]] std::optional<Part> score(const graph::Node& node, std::string& why);

  const graph::Graph& graph_;
  Need need_;
  std::map<std::uint32_t, std::string> names_; ///< of nodes that are derived values
  std::string own_name_;
  int depth_ = 0;
};

/// A decimal; nothing where no finite one says the number.
[[nodiscard]] std::optional<std::string> feel_number(const Rational& number);

} // namespace aceso::decision_tables
