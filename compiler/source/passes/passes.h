#pragma once
/// Passes over the decision graph, one a file. Each gives a graph that decides the same, to the byte: values, reasons
/// for what is unknown, what is missing. Hash and dictionary stay as they are. Graphs must be sound (graph::verify) and
/// stay so.

#include <functional>
#include <string_view>
#include <vector>

#include "graph/graph.h"

namespace aceso::passes {

/// Comparisons that bounds settle become constants, where both sides are always known: what only they could reach goes
/// with the passes below.
void settle_by_ranges(graph::Graph& graph);
/// What has one value whatever the patient is that value.
void fold_constants(graph::Graph& graph);
/// Nodes that say the same become one (A. Ershov, "On programming of arithmetic operations", CACM 1(8), 1958).
void share_nodes(graph::Graph& graph);
/// What no patient can reach goes: conditions whose parts contradict each other, rows of tables of the first match that
/// those before them leave nothing, ways out of stages to which no way leads. Only what is never unknown counts here.
void prune_unreachable(graph::Graph& graph);
/// Operands of `and` and `or` that are cheap come first, so that a dear one is often not needed.
void order_conditions(graph::Graph& graph);
/// Nodes that no decision needs go.
void prune(graph::Graph& graph);

/// Properties, cases and expectations go: a compiled guideline has none.
void keep_decisions_only(graph::Graph& graph);

struct Pass {
  std::string_view name;
  void (*run)(graph::Graph& graph);
};
/// All of them in the order in which they are run.
[[nodiscard]] const std::vector<Pass>& all_passes();

/// Runs them all, and looks at the graph before and after each. Throws std::logic_error where one breaks it, which is a
/// mistake in the pass.
[[nodiscard]] graph::Graph optimise(graph::Graph graph);

/// Gives every place that holds a node the node that stands for it. `stands_for` is parallel to the nodes.
void redirect(graph::Graph& graph, const std::vector<NodeId>& stands_for);

} // namespace aceso::passes
