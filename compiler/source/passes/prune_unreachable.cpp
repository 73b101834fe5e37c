#include <algorithm>
#include <map>

#include "passes/passes.h"
#include "values/series.h"

namespace aceso::passes {

using graph::Graph;
using graph::HitPolicy;
using graph::Node;
using graph::Op;

namespace {

/// Nodes that have a value whatever is known of the patient: contradictions among them are contradictions for every
/// patient. Of anything else a condition may be unknown, and with it a decision undetermined.
std::vector<bool> never_unknown(const Graph& graph) {
  std::vector<bool> result(graph.nodes.size());
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    switch (node.op) {
    case Op::constant: result[i] = node.constant.is_known(); break;
    case Op::input: result[i] = graph.dictionary.inputs[node.reference].unknown_policy == UnknownPolicy::assume; break;
    case Op::series:
      result[i] = static_cast<SeriesFunction>(node.detail) == SeriesFunction::count && node.operands.empty();
      break;
    case Op::is_known:
    case Op::unknown_because:
    case Op::in_stage: result[i] = true; break;
    case Op::logical_not:
    case Op::logical_and:
    case Op::logical_or:
    case Op::at_least:
    case Op::equal:
    case Op::less:
    case Op::less_or_equal:
      result[i] = std::all_of(node.operands.begin(), node.operands.end(),
                              [&](NodeId operand) { return result[operand.index()]; });
      break;
    default: break;
    }
  }
  return result;
}

/// What is said of a patient at once. It may be more than can be: then no patient is like that.
class Claims {
public:
  Claims(const Graph& graph, const std::vector<bool>& never_unknown) : graph_(&graph), never_unknown_(&never_unknown) {}

  /// Says that the node is yes, or that it is no. What may be unknown says nothing.
  void add(NodeId id, bool holds) {
    if (!(*never_unknown_)[id.index()]) return;
    const Node& node = (*graph_)[id];
    switch (node.op) {
    case Op::constant: possible_ &= node.constant.as<bool>() == holds; return;
    case Op::logical_not: return add(node.operands[0], !holds);
    case Op::logical_and:
    case Op::logical_or:
      if ((node.op == Op::logical_and) != holds) break;
      for (const NodeId operand : node.operands)
        add(operand, holds);
      return;
    case Op::in_stage: return be(about(Subject::stage, 0), node.reference, holds, 0);
    case Op::is_known: return be(about(Subject::known, node.operands[0].index()), 1, holds, 2);
    case Op::unknown_because:
      if (holds) be(about(Subject::known, node.operands[0].index()), 1, false, 2);
      return be(about(Subject::reason, node.operands[0].index()), node.reference, holds, 0);
    case Op::equal:
    case Op::less:
    case Op::less_or_equal:
      if (compare(node, holds)) return;
      break;
    default: break;
    }
    be(about(Subject::truth, id.index()), 1, holds, 2);
  }
  [[nodiscard]] bool is_possible() const { return possible_; }

private:
  enum class Subject : std::uint8_t { truth, choice, number, known, reason, stage };
  struct Claim {
    std::optional<std::uint32_t> is;
    std::vector<std::uint32_t> is_not;
    std::optional<Rational> low, high;
    bool is_above = false, is_below = false; ///< the bound itself is excluded
  };

  Claim& about(Subject subject, std::size_t which) { return claims_[{subject, which}]; }

  /// It is one of `of` (0: of any number), and is this one, or is not.
  void be(Claim& claim, std::uint32_t value, bool holds, std::size_t of) {
    const bool is_excluded = std::find(claim.is_not.begin(), claim.is_not.end(), value) != claim.is_not.end();
    if (holds) {
      possible_ &= !is_excluded && claim.is.value_or(value) == value;
      claim.is = value;
      return;
    }
    possible_ &= claim.is != value;
    if (!is_excluded) claim.is_not.push_back(value);
    possible_ &= of == 0 || claim.is_not.size() < of;
  }

  /// With a constant; false where neither side is one.
  bool compare(const Node& node, bool holds) {
    const Node &a = (*graph_)[node.operands[0]], &b = (*graph_)[node.operands[1]];
    const bool first_is_constant = a.op == Op::constant;
    const Node& constant = first_is_constant ? a : b;
    const NodeId other = node.operands[first_is_constant ? 1 : 0];
    if (constant.op != Op::constant) return false;
    const TypeInfo& type = graph_->dictionary[(*graph_)[other].type];
    if (constant.constant.is<Choice>() && node.op == Op::equal && type.kind != TypeKind::action) {
      be(about(Subject::choice, other.index()), constant.constant.as<Choice>().index, holds, type.members.size());
      return true;
    }
    if (!constant.constant.is<Rational>()) return false;
    const Rational limit = constant.constant.as<Rational>();
    Claim& claim = about(Subject::number, other.index());
    if (const auto& range = (*graph_)[other].range(); range && !claim.low) {
      claim.low = range->minimum;
      claim.high = range->maximum;
    }
    if (node.op == Op::equal) {
      if (!holds) return true;
      at_least(claim, limit, false);
      at_most(claim, limit, false);
    } else {
      // `holds` or not and the side of the constant say which way it goes; what is not less is at least.
      const bool is_strict = (node.op == Op::less) == holds;
      if (first_is_constant == holds)
        at_least(claim, limit, is_strict);
      else
        at_most(claim, limit, is_strict);
    }
    if (claim.low && claim.high)
      possible_ &= *claim.low < *claim.high || (*claim.low == *claim.high && !claim.is_above && !claim.is_below);
    return true;
  }
  static void at_least(Claim& claim, Rational limit, bool is_strict) {
    if (claim.low && (limit < *claim.low || (limit == *claim.low && !is_strict))) return;
    claim.low = limit;
    claim.is_above = is_strict;
  }
  static void at_most(Claim& claim, Rational limit, bool is_strict) {
    if (claim.high && (limit > *claim.high || (limit == *claim.high && !is_strict))) return;
    claim.high = limit;
    claim.is_below = is_strict;
  }

  const Graph* graph_;
  const std::vector<bool>* never_unknown_;
  std::map<std::pair<Subject, std::size_t>, Claim> claims_;
  bool possible_ = true;
};

class Pruner {
public:
  explicit Pruner(Graph& graph) : graph_(graph), never_unknown_(never_unknown(graph)) {}

  void run() {
    leave_stages_that_none_reaches();
    for (Node& node : graph_.nodes) {
      if (node.op == Op::logical_and && is_impossible(node, true)) become(node, false);
      if (node.op == Op::logical_or && is_impossible(node, false)) become(node, true);
      if (node.op == Op::table && static_cast<HitPolicy>(node.reference) == HitPolicy::first) drop_rows(node);
    }
  }

private:
  static void become(Node& node, bool value) {
    Node constant;
    constant.type = node.type;
    constant.span = node.span;
    constant.constant = Value(value);
    node = std::move(constant);
  }

  [[nodiscard]] bool is_impossible(const Node& node, bool holds) const {
    Claims claims(graph_, never_unknown_);
    for (const NodeId operand : node.operands)
      claims.add(operand, holds);
    return !claims.is_possible();
  }

  /// A row of a table of the first match is asked where no row before it matches. At least one stays.
  void drop_rows(Node& node) {
    Claims before(graph_, never_unknown_);
    std::vector<NodeId> rows;
    for (std::size_t i = 0; i < node.operands.size(); i += 2) {
      Claims here = before;
      here.add(node.operands[i], true);
      before.add(node.operands[i], false);
      if (!here.is_possible() && !rows.empty()) continue;
      rows.insert(rows.end(), {node.operands[i], node.operands[i + 1]});
    }
    node.operands = std::move(rows);
  }

  /// Nobody stands in a stage to which no way leads.
  void leave_stages_that_none_reaches() {
    if (!graph_.pathway) return;
    std::vector<bool> reached(graph_.dictionary.stages.size());
    std::vector<StageId> open{graph_.pathway->start};
    reached[open.front().index()] = true;
    while (!open.empty()) {
      const StageId stage = open.back();
      open.pop_back();
      for (const graph::Transition& each : graph_.pathway->transitions) {
        const bool leaves = each.is_interrupt()
                                ? std::find(each.except.begin(), each.except.end(), stage) == each.except.end()
                                : each.from == stage;
        if (!leaves || reached[each.to.index()]) continue;
        reached[each.to.index()] = true;
        open.push_back(each.to);
      }
    }
    for (Node& node : graph_.nodes)
      if (node.op == Op::in_stage && !reached[node.reference]) become(node, false);
    for (graph::Transition& each : graph_.pathway->transitions) {
      if (each.is_interrupt() || reached[each.from.index()] || !each.condition.is_valid()) continue;
      Node never = graph_[each.condition];
      become(never, false);
      each.condition = NodeId(graph_.nodes.size());
      graph_.nodes.push_back(std::move(never));
    }
  }

  Graph& graph_;
  const std::vector<bool> never_unknown_;
};

} // namespace

void prune_unreachable(Graph& graph) {
  Pruner(graph).run();
  fold_constants(graph);
}

} // namespace aceso::passes
