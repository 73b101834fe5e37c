#pragma once
/// Parts of a guideline that say the same about some of its actions: large guidelines are questioned part by part.

#include <optional>
#include <vector>

#include "graph/graph.h"

namespace aceso::analyse {

/// Inputs, types, actions, classes, interactions, constraints and differentials are those of the whole guideline, with
/// the same ids. Definitions, properties and cases are left out, and the nodes that nothing needs.
struct Excerpt {
  graph::Graph graph;
  std::vector<RuleId> rules; ///< in the whole guideline, parallel to graph.rules; ascending
};

/// The guideline with only these rules, and all its cautions. What it says about an action is what the whole says,
/// where all rules are there that speak about it or about what must not go with it, and those that override them.
/// Nothing where no rule can be left out: there is a pathway (a stage depends on everything that was decided), or a
/// condition asks for what was decided.
[[nodiscard]] std::optional<Excerpt> excerpt_of(const graph::Graph& graph, const std::vector<RuleId>& rules);

struct ExcerptLimits {
  std::size_t least_nodes = 3'000; ///< smaller guidelines stay whole
  std::size_t enough_nodes = 150;  ///< an excerpt takes in rules until it has as many
  std::size_t most_copies = 2;     ///< how often a node may be copied on the average
};

/// Every rule is in exactly one excerpt, together with those that speak about the same action or one that must not go
/// with it, and those that override it; no cautions. Nothing where cutting does not pay or is not possible: the
/// guideline is small, has a pathway, or its rules have most of what they are made of in common.
[[nodiscard]] std::vector<Excerpt> cut_into_excerpts(const graph::Graph& graph, const ExcerptLimits& limits = {});

} // namespace aceso::analyse
