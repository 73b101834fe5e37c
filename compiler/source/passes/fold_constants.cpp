#include <algorithm>

#include "graph/roots.h"
#include "passes/passes.h"

namespace aceso::passes {

using graph::Graph;
using graph::HitPolicy;
using graph::Node;
using graph::Op;

namespace {

class Folder {
public:
  explicit Folder(Graph& graph) : graph_(graph), stands_for_(graph.nodes.size()), uses_(graph.nodes.size()) {}

  void run() {
    count_uses();
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      stands_for_[i] = NodeId(i);
      Node& node = graph_.nodes[i];
      for (NodeId& operand : node.operands)
        operand = stands_for_[operand.index()];
      simplify(NodeId(i), node);
    }
    redirect(graph_, stands_for_);
  }

private:
  void count_uses() {
    const auto use = [&](NodeId id) {
      if (id.is_valid()) ++uses_[id.index()];
    };
    for (const Node& node : graph_.nodes)
      std::for_each(node.operands.begin(), node.operands.end(), use);
    graph::visit_decision_roots(graph_, use);
    graph::visit_property_roots(graph_, use);
    graph::visit_case_roots(graph_, use);
  }

  [[nodiscard]] const Node& at(NodeId id) const { return graph_.nodes[id.index()]; }
  [[nodiscard]] bool is_constant(NodeId id) const { return at(id).op == Op::constant; }
  /// A constant that is known: yes or no.
  [[nodiscard]] bool is(NodeId id, bool wanted) const {
    return is_constant(id) && at(id).constant.is_known() && at(id).constant.is<bool>() &&
           at(id).constant.as<bool>() == wanted;
  }

  static void become(Node& node, Value value) {
    Node constant;
    constant.type = node.type;
    constant.span = node.span;
    constant.constant = std::move(value);
    node = std::move(constant);
  }

  void simplify(NodeId id, Node& node) {
    switch (node.op) {
    case Op::logical_not:
      if (at(node.operands[0]).op == Op::logical_not) {
        stands_for_[id.index()] = at(node.operands[0]).operands[0];
        return;
      }
      break;
    case Op::logical_and: return connective(id, node, true);
    case Op::logical_or: return connective(id, node, false);
    case Op::conditional:
      if (is(node.operands[0], true)) stands_for_[id.index()] = node.operands[1];
      if (is(node.operands[0], false)) stands_for_[id.index()] = node.operands[2];
      if (stands_for_[id.index()] != id) return;
      break;
    case Op::table:
      if (node.reference <= static_cast<std::uint32_t>(HitPolicy::any)) table(id, node);
      break;
    case Op::selects:
      // A table of which no row was left chooses nothing.
      if (const Value& chosen = at(node.operands[0]).constant;
          is_constant(node.operands[0]) && chosen.is<Unknown>() && chosen.reason() == UnknownReason::not_applicable)
        return become(node, false);
      break;
    default: break;
    }
    if (node.op != Op::conditional && node.op != Op::table) constant_operands(node);
  }

  /// `and` without what is always yes, with the parts of an `and` that nothing else uses; likewise `or`.
  void connective(NodeId id, Node& node, bool neutral) {
    std::vector<NodeId> operands;
    const auto add = [&](NodeId operand) {
      if (!is(operand, neutral) && std::find(operands.begin(), operands.end(), operand) == operands.end())
        operands.push_back(operand);
    };
    for (const NodeId operand : node.operands) {
      if (is(operand, !neutral)) return become(node, !neutral);
      if (at(operand).op == node.op && uses_[operand.index()] == 1)
        std::for_each(at(operand).operands.begin(), at(operand).operands.end(), add);
      else
        add(operand);
    }
    if (operands.empty()) return become(node, neutral);
    if (operands.size() == 1)
      stands_for_[id.index()] = operands[0];
    else
      node.operands = std::move(operands);
  }

  /// Rows that never match go, and in a table of the first match what stands behind a row that always does.
  void table(NodeId id, Node& node) {
    const bool is_first = static_cast<HitPolicy>(node.reference) == HitPolicy::first;
    std::vector<NodeId> rows;
    for (std::size_t i = 0; i < node.operands.size(); i += 2) {
      if (is(node.operands[i], false)) continue;
      rows.push_back(node.operands[i]);
      rows.push_back(node.operands[i + 1]);
      if (is_first && is(node.operands[i], true)) break;
    }
    if (rows.empty()) return become(node, UnknownReason::not_applicable);
    if (is_first && is(rows[0], true))
      stands_for_[id.index()] = rows[1];
    else
      node.operands = std::move(rows);
  }

  /// What needs no patient has one value. Reals have none outside of `round`.
  void constant_operands(Node& node) {
    switch (node.op) {
    case Op::is_known:
    case Op::unknown_because:
    case Op::logical_not:
    case Op::at_least:
    case Op::number_of:
    case Op::equal:
    case Op::less:
    case Op::less_or_equal:
    case Op::contains:
    case Op::length:
    case Op::attribute:
    case Op::score_of:
    case Op::years_between:
    case Op::days_between: break;
    default: return;
    }
    if (node.operands.empty()) return;
    std::vector<Value> values;
    for (const NodeId operand : node.operands) {
      if (!is_constant(operand)) return;
      values.push_back(at(operand).constant);
    }
    become(node, graph::apply(graph_, node, values));
  }

  Graph& graph_;
  std::vector<NodeId> stands_for_;
  std::vector<std::uint32_t> uses_;
};

} // namespace

void fold_constants(Graph& graph) {
  Folder(graph).run();
  prune(graph);
}

} // namespace aceso::passes
