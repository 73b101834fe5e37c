#include "graph/roots.h"
#include "passes/passes.h"

namespace aceso::passes {

void prune(graph::Graph& graph) {
  std::vector<bool> used(graph.nodes.size());
  const auto mark = [&](NodeId id) {
    if (id.is_valid()) used[id.index()] = true;
  };
  graph::visit_decision_roots(graph, mark);
  graph::visit_property_roots(graph, mark);
  graph::visit_case_roots(graph, mark);
  graph::mark_operands(graph, used);
  std::vector<graph::Node> kept;
  std::vector<NodeId> stands_for(graph.nodes.size());
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (!used[i]) continue;
    stands_for[i] = NodeId(kept.size());
    kept.push_back(std::move(graph.nodes[i]));
  }
  graph.nodes = std::move(kept);
  redirect(graph, stands_for);
}

} // namespace aceso::passes
