#include "analyse/slice.h"

#include <algorithm>

#include "graph/roots.h"

namespace aceso::analyse {

using graph::Graph;
using graph::Node;
using graph::Op;

namespace {

/// The nodes of the whole that the slice needs, renumbered.
void take_nodes(Graph& slice, const Graph& whole) {
  std::vector<bool> needed(whole.nodes.size());
  graph::visit_decision_roots(slice, [&](NodeId id) {
    if (id.is_valid()) needed[id.index()] = true;
  });
  graph::mark_operands(whole, needed);
  std::vector<NodeId> places(whole.nodes.size());
  for (std::size_t i = 0; i < whole.nodes.size(); ++i) {
    if (!needed[i]) continue;
    places[i] = NodeId(slice.nodes.size());
    slice.nodes.push_back(whole.nodes[i]);
    for (NodeId& operand : slice.nodes.back().operands)
      operand = places[operand.index()];
  }
  graph::visit_decision_roots(slice, [&](NodeId& id) {
    if (id.is_valid()) id = places[id.index()];
  });
}

} // namespace

bool can_slice(const Graph& whole) {
  return !whole.pathway && std::none_of(whole.nodes.begin(), whole.nodes.end(), [](const Node& node) {
    return node.op == Op::outcome || node.op == Op::caution_fires || node.op == Op::applies;
  });
}

Slice slice_of(const Graph& whole, std::vector<RuleId> rules) {
  Slice slice{{}, std::move(rules)};
  Graph& graph = slice.graph;
  graph.dictionary = whole.dictionary;
  graph.dictionary.definitions.clear();
  graph.dictionary.rules.clear();
  graph.applies = whole.applies;
  graph.constraints = whole.constraints;
  graph.cautions = whole.cautions;
  graph.differentials = whole.differentials;
  std::vector<RuleId> places(whole.rules.size());
  for (std::size_t r = 0; r < slice.rules.size(); ++r)
    places[slice.rules[r].index()] = RuleId(r);
  const auto is_gone = [&](RuleId rule) { return !places[rule.index()].is_valid(); };
  for (const RuleId rule : slice.rules) {
    graph::Rule copy = whole.rules[rule.index()];
    std::erase_if(copy.overrides, is_gone);
    for (RuleId& loser : copy.overrides)
      loser = places[loser.index()];
    graph.rules.push_back(std::move(copy));
    RuleInfo info = whole.dictionary[rule];
    std::erase_if(info.overrides, [&](const OverrideInfo& one) { return is_gone(one.rule); });
    for (OverrideInfo& one : info.overrides)
      one.rule = places[one.rule.index()];
    graph.dictionary.rules.push_back(std::move(info));
  }
  take_nodes(graph, whole);
  return slice;
}

} // namespace aceso::analyse
