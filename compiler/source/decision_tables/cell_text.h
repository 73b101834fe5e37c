#pragma once
/// Cells and values of a guideline's tables in FEEL, as their author wrote them, with numbers in the unit of the
/// column.

#include <optional>
#include <string>

#include "ast/ast.h"
#include "decision_tables/feel_text.h"
#include "graph/graph.h"

namespace aceso::decision_tables {

/// Keeps references to what it is given. Every function gives nothing, with the reason, for what FEEL has no words for.
class CellText {
public:
  CellText(const graph::Graph& graph, FeelText& feel) : graph_(graph), dictionary_(graph.dictionary), feel_(feel) {}

  /// A value of the type, or an expression. Without a type, as it is written.
  [[nodiscard]] std::optional<std::string> value(const ast::Expression& expression, TypeId type, std::string& why);
  /// A cell of a column of that type; an empty text for one that nothing matches.
  [[nodiscard]] std::optional<std::string> cell(const ast::Cell& cell, TypeId type, std::string& why);
  /// The node of an expression of the text; invalid where it has none of its own.
  [[nodiscard]] NodeId node_at(ast::Span span) const;

private:
  [[nodiscard]] std::optional<Rational> number(const ast::Expression& e, const TypeInfo& type, std::string& why) const;
  [[nodiscard]] std::optional<std::string> test(const ast::CellTest& test, TypeId type, bool is_alone,
                                                std::string& why);

  const graph::Graph& graph_;
  const Dictionary& dictionary_;
  FeelText& feel_;
};

} // namespace aceso::decision_tables
