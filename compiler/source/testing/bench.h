#pragma once
/// A copy of a decision graph with questions added as further nodes, so that the solver and the engine can be asked
/// what a decision would be if one of its conditions were otherwise.

#include <map>

#include "testing/decisions.h"

namespace aceso::testing {

class Bench {
public:
  explicit Bench(const graph::Graph& graph) : graph_(graph) {}

  [[nodiscard]] const graph::Graph& graph() const { return graph_; }
  /// A decision about a constraint is asked of patients who may break it.
  void drop_constraint(std::uint32_t index);

  /// yes where `root` is known, and another, if `part` were yes than if it were no. The part is replaced inside the
  /// decision alone, or, with `through_definitions`, wherever it stands.
  [[nodiscard]] NodeId is_decided_by(NodeId root, NodeId part, bool through_definitions);
  /// yes where `root` would be known if `part` were yes and unknown if it were no, or the other way about.
  [[nodiscard]] NodeId is_settled_by(NodeId root, NodeId part);
  /// yes where the node has this value.
  [[nodiscard]] NodeId is(NodeId node, const Value& value);
  /// Does the value of the node depend on the part, through whatever?
  [[nodiscard]] bool depends_on(NodeId node, NodeId part) const;

private:
  [[nodiscard]] NodeId add(graph::Node node);
  [[nodiscard]] NodeId apply(graph::Op op, TypeId type, std::vector<NodeId> operands);
  [[nodiscard]] NodeId constant(TypeId type, const Value& value);
  [[nodiscard]] NodeId with(NodeId root, NodeId part, NodeId replacement, bool through_definitions);
  [[nodiscard]] std::vector<bool> inside(NodeId root, bool through_definitions) const;

  graph::Graph graph_;
};

} // namespace aceso::testing
