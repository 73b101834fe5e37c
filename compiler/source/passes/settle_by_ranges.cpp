#include "passes/passes.h"
#include "values/series.h"

namespace aceso::passes {

using graph::Graph;
using graph::Node;
using graph::Op;

namespace {

/// It has a value whatever is known of the patient. Of anything else a comparison may be unknown, and with it a
/// decision undetermined, so that bounds alone settle nothing.
bool is_always_known(const Graph& graph, const Node& node) {
  switch (node.op) {
  case Op::constant: return node.constant.is_known();
  case Op::input: return graph.dictionary.inputs[node.reference].unknown_policy == UnknownPolicy::assume;
  case Op::series: return static_cast<SeriesFunction>(node.detail) == SeriesFunction::count && node.operands.empty();
  default: return false;
  }
}

/// What a comparison of numbers between these bounds is, if it is always the same.
std::optional<bool> settled(Op op, const graph::NumberRange& a, const graph::NumberRange& b) {
  switch (op) {
  case Op::less:
    if (a.maximum < b.minimum) return true;
    if (a.minimum >= b.maximum) return false;
    return std::nullopt;
  case Op::less_or_equal:
    if (a.maximum <= b.minimum) return true;
    if (a.minimum > b.maximum) return false;
    return std::nullopt;
  case Op::equal:
    if (a.maximum < b.minimum || b.maximum < a.minimum) return false;
    return std::nullopt;
  default: return std::nullopt;
  }
}

} // namespace

void settle_by_ranges(Graph& graph) {
  for (Node& node : graph.nodes) {
    if (node.op != Op::less && node.op != Op::less_or_equal && node.op != Op::equal) continue;
    const Node &a = graph[node.operands[0]], &b = graph[node.operands[1]];
    if (!a.range() || !b.range() || !is_always_known(graph, a) || !is_always_known(graph, b)) continue;
    const auto result = settled(node.op, *a.range(), *b.range());
    if (!result) continue;
    Node constant;
    constant.type = node.type;
    constant.span = node.span;
    constant.constant = Value(*result);
    node = std::move(constant);
  }
}

} // namespace aceso::passes
