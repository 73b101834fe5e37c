#include "graph/graph.h"

#include <array>

#include "graph/roots.h"

namespace aceso::graph {

std::optional<NumberRange> Node::range() const {
  if (op != Op::constant) return details->range;
  if (!constant.is<Rational>()) return std::nullopt;
  const auto& number = constant.as<Rational>();
  return NumberRange{number, number, Rational::make(1, number.denominator()).value_or(Rational(1))};
}
namespace {

constexpr OpInfo op_table[] = {
#define ACESO_GRAPH_OP(name, fewest, most, meaning) {#name, fewest, most},
#include "graph/graph_ops.def"
#undef ACESO_GRAPH_OP
};
constexpr OpInfo no_op{"?", 0, -1};

/// The name of a member of a closed set; "?" for a value outside of it, which only a broken graph has.
template <std::size_t size, class Member>
std::string_view name_of(const std::array<std::string_view, size>& names, Member member) {
  const auto index = static_cast<std::size_t>(member);
  return index < size ? names[index] : "?";
}

} // namespace

const OpInfo& info(Op op) {
  const auto index = static_cast<std::size_t>(op);
  return index < std::size(op_table) ? op_table[index] : no_op;
}

std::string_view to_text(HitPolicy policy) {
  static constexpr std::array<std::string_view, 8> names = {
      "unique", "first", "any", "collect sum", "collect min", "collect max", "collect count", "collect list"};
  return name_of(names, policy);
}

std::string_view to_text(SeriesFunction function) {
  static constexpr std::array<std::string_view, 10> names = {"latest", "first",  "highest", "lowest", "mean",
                                                             "count",  "change", "trend",   "rising", "falling"};
  return name_of(names, function);
}

std::string_view to_text(OutcomeKind kind) {
  static constexpr std::array<std::string_view, 8> names = {
      "recommended", "suggested", "advised", "avoided", "contraindicated", "conflict", "undetermined", "overridden"};
  return name_of(names, kind);
}

void mark_operands(const Graph& graph, std::vector<bool>& marked) {
  for (std::size_t i = graph.nodes.size(); i-- > 0;) {
    if (!marked[i]) continue;
    for (const NodeId operand : graph.nodes[i].operands)
      if (operand.index() < i) marked[operand.index()] = true;
  }
}

std::vector<bool> mark_printed(const Graph& graph) {
  std::vector<bool> marked(graph.nodes.size());
  const auto mark = [&](NodeId id) {
    if (id.index() < marked.size()) marked[id.index()] = true;
  };
  visit_decision_roots(graph, mark);
  visit_property_roots(graph, mark);
  mark_operands(graph, marked);
  return marked;
}

} // namespace aceso::graph
