#include <vector>

#include "graph/describe.h"
#include "graph/graph.h"
#include "graph/roots.h"
#include "values/sha256.h"

namespace aceso::graph {

/// Nodes that only cases use go to the end: then `print`, and with it the hash, does not depend on the cases.
void drop_unused(Graph& graph) {
  const std::vector<bool> printed = mark_printed(graph);
  std::vector<bool> used = printed;
  bool uses_more = false;
  visit_case_roots(graph, [&](NodeId id) {
    if (id.index() >= used.size() || used[id.index()]) return;
    used[id.index()] = true;
    uses_more = true;
  });
  if (uses_more) mark_operands(graph, used);

  std::vector<NodeId> renumbered(graph.nodes.size());
  std::vector<std::size_t> of_cases;
  std::vector<Node> last; // there are few of them; the others move forward where they are
  std::size_t count = 0;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (!used[i]) continue;
    if (!printed[i]) {
      of_cases.push_back(i);
      last.push_back(std::move(graph.nodes[i]));
      continue;
    }
    renumbered[i] = NodeId(count);
    if (count != i) graph.nodes[count] = std::move(graph.nodes[i]);
    ++count;
  }
  graph.nodes.erase(graph.nodes.begin() + static_cast<std::ptrdiff_t>(count), graph.nodes.end());
  for (std::size_t i = 0; i < last.size(); ++i) {
    renumbered[of_cases[i]] = NodeId(graph.nodes.size());
    graph.nodes.push_back(std::move(last[i]));
  }
  const auto renumber = [&](NodeId& id) {
    if (id.is_valid()) id = id.index() < renumbered.size() ? renumbered[id.index()] : NodeId();
  };
  for (Node& node : graph.nodes)
    for (NodeId& operand : node.operands)
      renumber(operand);
  visit_decision_roots(graph, renumber);
  visit_property_roots(graph, renumber);
  visit_case_roots(graph, renumber);
}

void finish(Graph& graph) {
  drop_unused(graph);
  describe(graph);
  graph.dictionary.guideline.hash = "sha256:" + sha256(print(graph));
}

} // namespace aceso::graph
