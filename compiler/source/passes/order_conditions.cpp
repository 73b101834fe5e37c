#include <algorithm>

#include "passes/passes.h"

namespace aceso::passes {

using graph::Node;
using graph::Op;

/// The cost of a node is that of itself and of all that it uses, counted each time: a guess that is good enough for an
/// order. Neither the value nor what is missing depends on the order.
void order_conditions(graph::Graph& graph) {
  std::vector<double> cost(graph.nodes.size());
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    Node& node = graph.nodes[i];
    if (node.op == Op::logical_and || node.op == Op::logical_or)
      std::stable_sort(node.operands.begin(), node.operands.end(),
                       [&](NodeId a, NodeId b) { return cost[a.index()] < cost[b.index()]; });
    const bool is_free = node.op == Op::input || node.op == Op::constant;
    const bool is_dear =
        node.op == Op::round || node.op == Op::series || node.op == Op::differential || node.op == Op::held_for;
    cost[i] = is_free ? 0 : is_dear ? 50 : 1;
    for (const NodeId operand : node.operands)
      cost[i] += cost[operand.index()];
  }
}

} // namespace aceso::passes
