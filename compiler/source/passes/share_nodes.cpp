#include <string>
#include <unordered_map>

#include "passes/passes.h"
#include "values/interval.h"

namespace aceso::passes {

using graph::Node;

namespace {

/// Everything that a node says, as bytes. Spans are left out: they say where, not what. Ranges follow from the rest.
class NodeKey {
public:
  explicit NodeKey(const Node& node) {
    put(node.op);
    put(node.type);
    put(node.reference);
    put(node.detail);
    put(node.urgency);
    put(node.strength);
    put(node.details->factor);
    put(node.details->offset);
    put(node.details->period.has_value());
    if (node.details->period) put(*node.details->period);
    value(node.constant);
    put(node.operands.size());
    for (const NodeId operand : node.operands)
      put(operand);
    put(node.details->list.size());
    for (const Value& each : node.details->list)
      value(each);
  }
  [[nodiscard]] std::string take() { return std::move(bytes_); }

private:
  template <class T>
  void put(const T& content) {
    static_assert(std::is_trivially_copyable_v<T> && std::has_unique_object_representations_v<T>);
    bytes_.append(reinterpret_cast<const char*>(&content), sizeof content);
  }
  void value(const Value& v) {
    put(v.storage().index());
    if (v.is<Concept>()) {
      put(v.as<Concept>().index);
      if (v.as<Concept>().text) bytes_ += v.as<Concept>().text->system + '|' + v.as<Concept>().text->code + '\n';
    } else if (v.is<Boxed<Interval>>()) {
      put(&*v.as<Boxed<Interval>>()); // never shared with another
    } else if (v.is<Boxed<NumberBounds>>()) {
      put(&*v.as<Boxed<NumberBounds>>());
    } else if (v.is<ValueList>()) {
      put(v.as<ValueList>().size());
      for (const Value& each : v.as<ValueList>())
        value(each);
    } else {
      std::visit(
          [&](const auto& content) {
            if constexpr (std::is_trivially_copyable_v<std::decay_t<decltype(content)>>) put(content);
          },
          v.storage());
    }
  }
  std::string bytes_;
};

} // namespace

void share_nodes(graph::Graph& graph) {
  std::unordered_map<std::string, NodeId> first;
  std::vector<NodeId> stands_for(graph.nodes.size());
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    Node& node = graph.nodes[i];
    for (NodeId& operand : node.operands)
      operand = stands_for[operand.index()];
    stands_for[i] = first.try_emplace(NodeKey(node).take(), NodeId(i)).first->second;
  }
  redirect(graph, stands_for);
  prune(graph);
}

} // namespace aceso::passes
