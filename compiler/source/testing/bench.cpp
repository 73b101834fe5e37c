#include "testing/bench.h"

namespace aceso::testing {

using graph::Node;
using graph::Op;

NodeId Bench::add(Node node) {
  graph_.nodes.push_back(std::move(node));
  return NodeId(graph_.nodes.size() - 1);
}

void Bench::drop_constraint(std::uint32_t index) {
  graph_.constraints.erase(graph_.constraints.begin() + index);
  graph_.dictionary.constraints.erase(graph_.dictionary.constraints.begin() + index);
}

NodeId Bench::apply(Op op, TypeId type, std::vector<NodeId> operands) {
  Node node;
  node.op = op;
  node.type = type;
  node.operands = std::move(operands);
  return add(std::move(node));
}

NodeId Bench::constant(TypeId type, const Value& value) {
  Node node;
  node.type = type;
  node.constant = value;
  return add(std::move(node));
}

NodeId Bench::is(NodeId id, const Value& value) {
  TypeId yes_no;
  for (std::size_t t = 0; t < graph_.dictionary.types.size(); ++t)
    if (graph_.dictionary.types[t].kind == TypeKind::yes_no) yes_no = TypeId(t);
  return apply(Op::equal, yes_no, {id, constant(graph_[id].type, value)});
}

std::vector<bool> Bench::inside(NodeId root, bool through_definitions) const {
  std::vector<bool> seen(graph_.nodes.size());
  std::vector<NodeId> open{root};
  while (!open.empty()) {
    const NodeId id = open.back();
    open.pop_back();
    if (seen[id.index()]) continue;
    seen[id.index()] = true;
    if (id != root && !through_definitions && !definition_name(graph_, id).empty()) continue;
    open.insert(open.end(), graph_[id].operands.begin(), graph_[id].operands.end());
  }
  return seen;
}

bool Bench::depends_on(NodeId node, NodeId part) const { return inside(node, true)[part.index()]; }

NodeId Bench::with(NodeId root, NodeId part, NodeId replacement, bool through_definitions) {
  const std::vector<bool> counts = inside(root, through_definitions);
  std::vector<NodeId> changed(graph_.nodes.size());
  changed[part.index()] = replacement;
  // Operands stand before their users, and so do their copies.
  for (std::size_t i = part.index() + 1; i <= root.index(); ++i) {
    if (!counts[i]) continue;
    const NodeId id(i);
    if (id != root && !through_definitions && !definition_name(graph_, id).empty()) continue;
    bool is_touched = false;
    for (const NodeId operand : graph_[id].operands)
      is_touched |= changed[operand.index()].is_valid();
    if (!is_touched) continue;
    Node copy = graph_[id];
    for (NodeId& operand : copy.operands)
      if (changed[operand.index()].is_valid()) operand = changed[operand.index()];
    changed[i] = add(std::move(copy));
  }
  return changed[root.index()].is_valid() ? changed[root.index()] : root;
}

NodeId Bench::is_decided_by(NodeId root, NodeId part, bool through_definitions) {
  const TypeId yes_no = graph_[part].type;
  const NodeId yes = with(root, part, constant(yes_no, Value(true)), through_definitions);
  const NodeId no = with(root, part, constant(yes_no, Value(false)), through_definitions);
  return apply(Op::logical_not, yes_no, {apply(Op::equal, yes_no, {yes, no})});
}

NodeId Bench::is_settled_by(NodeId root, NodeId part) {
  const TypeId yes_no = graph_[part].type;
  const auto is_known = [&](bool value) {
    return apply(Op::is_known, yes_no, {with(root, part, constant(yes_no, Value(value)), false)});
  };
  const NodeId yes = is_known(true), no = is_known(false);
  return apply(Op::logical_not, yes_no, {apply(Op::equal, yes_no, {yes, no})});
}

} // namespace aceso::testing
