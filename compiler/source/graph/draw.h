#pragma once
/// Pictures of a guideline for the people who answer for its content: what is asked, what follows from it, which rules
/// it reaches and what they advise; below it the pathway. The same graph gives the same bytes. For sound graphs
/// (`verify`). Nothing here keeps state, so all of it may run in several threads.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "graph/graph.h"

namespace aceso::graph {

enum class BoxKind : std::uint8_t {
  inputs,       ///< a group of inputs; rows: those that are used
  definition,   ///< one value that follows from others
  table,        ///< likewise, by a decision table
  differential, ///< rows: its candidates
  applies,      ///< to whom the guideline applies
  rule,         ///< rows: its condition, what it says, what it overrides
  caution,      ///< rows: its text
  actions,      ///< a category; rows: its actions that some rule speaks about
  stage,
  any_stage ///< where interrupts come from; rows: the stages that are excepted
};

struct Box {
  BoxKind kind = BoxKind::inputs;
  std::string title;
  std::vector<std::string> rows;
  bool is_start = false, is_final = false; ///< stages
  [[nodiscard]] bool is_of_pathway() const { return kind >= BoxKind::stage; }
};

enum class ArrowKind : std::uint8_t { uses, recommend, suggest, avoid, contraindicate, transition, interrupt };

struct Arrow {
  ArrowKind kind = ArrowKind::uses;
  std::uint32_t from = 0, to = 0;   ///< in Drawing::boxes
  std::optional<std::uint32_t> row; ///< of `to`; boxes of actions only
  std::string label;                ///< transitions and interrupts
};

struct Drawing {
  std::string title;
  std::vector<Box> boxes;    ///< in the order of BoxKind, then of the declarations
  std::vector<Arrow> arrows; ///< no two alike
};

[[nodiscard]] Drawing make_drawing(const Graph& graph);

/// Graphviz: `dot -Tsvg`.
[[nodiscard]] std::string draw_dot(const Graph& graph);
/// A Mermaid flowchart.
[[nodiscard]] std::string draw_mermaid(const Graph& graph);
/// A picture that stands alone (SVG 1.1), with an own layered layout; readable on light and on dark screens.
[[nodiscard]] std::string draw_svg(const Graph& graph);

} // namespace aceso::graph
