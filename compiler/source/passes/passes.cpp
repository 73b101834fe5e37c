#include "passes/passes.h"

#include <stdexcept>

#include <fmt/format.h>

#include "graph/roots.h"

namespace aceso::passes {

using graph::Graph;

void keep_decisions_only(Graph& graph) {
  graph.properties.clear();
  graph.cases.clear();
  graph.extra_expectations.clear();
}

const std::vector<Pass>& all_passes() {
  static const std::vector<Pass> passes{{"keep decisions only", keep_decisions_only},
                                        {"settle by ranges", settle_by_ranges},
                                        {"fold constants", fold_constants},
                                        {"share nodes", share_nodes},
                                        {"prune unreachable", prune_unreachable},
                                        {"order conditions", order_conditions},
                                        {"prune", prune}};
  return passes;
}

Graph optimise(Graph graph) {
  const auto look = [&](std::string_view when, std::string_view name) {
    const auto faults = graph::verify(graph);
    if (!faults.empty()) throw std::logic_error(fmt::format("{} the pass \"{}\": {}", when, name, faults.front()));
  };
  look("before", all_passes().front().name);
  for (const Pass& pass : all_passes()) {
    pass.run(graph);
    look("after", pass.name);
  }
  return graph;
}

void redirect(Graph& graph, const std::vector<NodeId>& stands_for) {
  const auto replace = [&](NodeId& id) {
    if (id.is_valid()) id = stands_for[id.index()];
  };
  for (graph::Node& node : graph.nodes)
    for (NodeId& operand : node.operands)
      replace(operand);
  graph::visit_decision_roots(graph, replace);
  graph::visit_property_roots(graph, replace);
  graph::visit_case_roots(graph, replace);
}

} // namespace aceso::passes
