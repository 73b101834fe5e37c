#pragma once
/// A part of a guideline that says the same about some of its actions.

#include <vector>

#include "graph/graph.h"

namespace aceso::analyse {

/// Inputs, types, actions, classes, interactions, constraints, cautions and differentials are those of the whole, with
/// the same ids. Definitions, properties and cases are left out, and the nodes that nothing needs.
struct Slice {
  graph::Graph graph;
  std::vector<RuleId> rules; ///< by rule of `graph`: that of the whole
};

/// Whether `whole` can be sliced: no pathway (a stage depends on everything that was decided), and no decision that is
/// asked for by a condition.
[[nodiscard]] bool can_slice(const graph::Graph& whole);

/// `rules`, ascending, must hold with each rule those that override it. What the slice says about an action is what the
/// whole says, where all rules are there that speak about it or about what must not go with it.
[[nodiscard]] Slice slice_of(const graph::Graph& whole, std::vector<RuleId> rules);

} // namespace aceso::analyse
