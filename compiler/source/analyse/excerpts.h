#pragma once
/// A large guideline cut into excerpts that can be questioned one by one. Rules that speak about one action, about
/// actions that must not go together, or that override one another stay together, so what an excerpt says about its
/// actions the whole guideline says too.

#include <vector>

#include "graph/graph.h"

namespace aceso::analyse {

/// Inputs, types, actions, classes, interactions, constraints and differentials are those of the whole guideline, with
/// the same ids. Definitions, cautions, properties and cases are left out.
struct Excerpt {
  graph::Graph graph;
  std::vector<RuleId> rules; ///< in the whole guideline, parallel to graph.rules
};

struct ExcerptLimits {
  std::size_t least_nodes = 3'000; ///< smaller guidelines stay whole
  std::size_t enough_nodes = 150;  ///< an excerpt takes in rules until it has as many
  std::size_t most_copies = 2;     ///< how often a node may be copied on the average
};

/// Every rule is in exactly one excerpt. Nothing where cutting does not pay or is not possible: the guideline is small,
/// has a pathway, or its rules have most of what they are made of in common.
[[nodiscard]] std::vector<Excerpt> cut_into_excerpts(const graph::Graph& graph, const ExcerptLimits& limits = {});

} // namespace aceso::analyse
