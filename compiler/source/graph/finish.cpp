#include <algorithm>
#include <vector>

#include "graph/describe.h"
#include "graph/graph.h"
#include "graph/roots.h"
#include "values/sha256.h"

namespace aceso::graph {

/// Nodes that only cases use go to the end: then `print`, and with it the hash, does not depend on the cases.
void finish(Graph& graph) {
  const std::vector<bool> printed = mark_printed(graph);
  std::vector<bool> used = printed;
  visit_case_roots(graph, [&](NodeId id) {
    if (id.index() < used.size()) used[id.index()] = true;
  });
  mark_operands(graph, used);

  std::vector<NodeId> renumbered(graph.nodes.size());
  std::vector<Node> kept;
  kept.reserve(static_cast<std::size_t>(std::count(used.begin(), used.end(), true)));
  for (const bool keep_printed : {true, false})
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
      if (!used[i] || printed[i] != keep_printed) continue;
      renumbered[i] = NodeId(kept.size());
      kept.push_back(std::move(graph.nodes[i]));
    }
  const auto renumber = [&](NodeId& id) {
    if (id.is_valid()) id = id.index() < renumbered.size() ? renumbered[id.index()] : NodeId();
  };
  for (Node& node : kept)
    for (NodeId& operand : node.operands)
      renumber(operand);
  graph.nodes = std::move(kept);
  visit_decision_roots(graph, renumber);
  visit_property_roots(graph, renumber);
  visit_case_roots(graph, renumber);

  describe(graph);
  graph.dictionary.guideline.hash = "sha256:" + sha256(print(graph));
}

} // namespace aceso::graph
