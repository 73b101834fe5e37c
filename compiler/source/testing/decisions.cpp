#include "testing/decisions.h"

#include <algorithm>

#include <fmt/format.h>

namespace aceso::testing {

using graph::Graph;
using graph::Node;
using graph::Op;

namespace {

/// The text of a span with every run of white space made one space.
std::string on_one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool is_space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (is_space && (out.empty() || out.back() == ' ')) continue;
    out += is_space ? ' ' : c;
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

/// The author wrote `part` as a part of the text of `whole`.
bool is_written_in(source::Span part, source::Span whole) {
  return part.file == whole.file && part.begin >= whole.begin && part.end <= whole.end && part != whole;
}

/// A comparison of a sum of points, which became `at_least` over conditions that are written elsewhere
/// (check/point_sums.cpp); "x is unknown"; or "in stage x", which asks as well whether the pathway has begun
/// (Checker::in_stage_or_open). Its text says what it asks, and it is one condition.
bool is_one_condition(const Graph& graph, const Node& node) {
  const auto is_whole = [&](NodeId operand) {
    return graph[operand].span == node.span && is_one_condition(graph, graph[operand]);
  };
  switch (node.op) {
  case Op::is_known:
  case Op::unknown_because: return true;
  case Op::at_least:
    return std::any_of(node.operands.begin(), node.operands.end(), [&](NodeId operand) {
      const Node& part = graph[operand];
      const NodeId inner = part.op == Op::logical_not && part.span == node.span ? part.operands[0] : operand;
      return !is_written_in(graph[inner].span, node.span);
    });
  case Op::logical_or: return graph[node.operands[0]].op == Op::in_stage && graph[node.operands[0]].span == node.span;
  case Op::logical_not:
  case Op::logical_and: return std::all_of(node.operands.begin(), node.operands.end(), is_whole);
  default: return false;
  }
}

bool is_comparison(Op op) { return op == Op::less || op == Op::less_or_equal || op == Op::equal; }

std::string name_or_text(const Graph& graph, const source::SourceSet& sources, NodeId id, bool is_root = false);

/// Finds the conditions below a root.
class Collector {
public:
  Collector(const Graph& graph, const source::SourceSet& sources, std::uint32_t file, std::vector<Condition>& found)
      : graph_(graph), sources_(sources), file_(file), found_(found), seen_(graph.nodes.size()) {}

  /// `is_definition`: the root is told apart from a mention of its name.
  void collect(NodeId root, Span span, bool is_definition) {
    root_ = root;
    is_definition_ = is_definition;
    visit(root, span);
  }

private:
  [[nodiscard]] bool is_truth(NodeId id) const { return graph_.type_of(id).kind == TypeKind::yes_no; }

  /// Conditions that stand inside, for example in a count that is compared with a number.
  [[nodiscard]] bool has_parts(NodeId id) const {
    const Node& node = graph_[id];
    return std::any_of(node.operands.begin(), node.operands.end(), [&](NodeId operand) {
      if (graph_[operand].op == Op::constant || !definition_name(graph_, operand).empty()) return false;
      return is_truth(operand) || has_parts(operand);
    });
  }

  [[nodiscard]] bool is_composed(const Node& node) const {
    switch (node.op) {
    case Op::logical_not:
    case Op::logical_and:
    case Op::logical_or:
    case Op::at_least:
    case Op::conditional:
    case Op::table: return true;
    default: return false;
    }
  }

  void visit(NodeId id, Span span) {
    if (!id.is_valid() || seen_[id.index()]) return;
    seen_[id.index()] = true;
    const Node& node = graph_[id];
    const bool is_here = node.span.is_valid() && node.span.file == file_;
    if (is_here) span = node.span;
    if (node.op == Op::constant) return;
    const bool is_named = !(is_definition_ && id == root_) && !definition_name(graph_, id).empty();
    // What a function of another module makes of its arguments is one condition here.
    const bool is_foreign = id != root_ && !is_here && node.op != Op::input;
    if (!is_truth(id)) {
      if (is_named) return;
      for (const NodeId operand : node.operands)
        visit(operand, span);
      return;
    }
    const bool is_whole =
        is_named || is_foreign || is_one_condition(graph_, node) || (!is_composed(node) && !has_parts(id));
    if (!is_whole) {
      for (const NodeId operand : node.operands)
        visit(operand, span);
      return;
    }
    for (const Condition& other : found_)
      if (other.node == id) return;
    found_.push_back({id, span, name_or_text(graph_, sources_, id, is_definition_ && id == root_)});
  }

  const Graph& graph_;
  const source::SourceSet& sources_;
  std::uint32_t file_;
  std::vector<Condition>& found_;
  std::vector<bool> seen_;
  NodeId root_;
  bool is_definition_ = false;
};

/// `is_root`: the derived value itself, which is not said by its own name.
std::string name_or_text(const Graph& graph, const source::SourceSet& sources, NodeId id, bool is_root) {
  if (const auto name = definition_name(graph, id); !is_root && !name.empty()) return std::string(name);
  const Node& node = graph[id];
  if (node.op == Op::constant) {
    // "4 weeks" rather than "28 d".
    const std::string written = node.span.is_valid() ? on_one_line(sources.text(node.span)) : std::string();
    constexpr std::size_t longest = 24;
    return !written.empty() && written.size() <= longest ? written
                                                         : to_text(graph.dictionary, node.type, node.constant);
  }
  if (node.op == Op::input) return graph.dictionary[InputId(node.reference)].name;
  if (node.op == Op::convert) return name_or_text(graph, sources, node.operands[0]);
  if (is_comparison(node.op)) {
    const bool swapped = graph[node.operands[0]].op == Op::constant;
    const std::string a = name_or_text(graph, sources, node.operands[swapped ? 1 : 0]);
    const std::string b = name_or_text(graph, sources, node.operands[swapped ? 0 : 1]);
    const char* sign = node.op == Op::equal  ? "="
                       : node.op == Op::less ? (swapped ? ">" : "<")
                                             : (swapped ? ">=" : "<=");
    return fmt::format("{} {} {}", a, sign, b);
  }
  if (node.op == Op::logical_not && !is_one_condition(graph, node))
    return "not " + name_or_text(graph, sources, node.operands[0]);
  return node.span.is_valid() ? on_one_line(sources.text(node.span)) : std::string("a value");
}

} // namespace

std::string_view definition_name(const Graph& graph, NodeId node) {
  for (std::size_t d = 0; d < graph.definitions.size(); ++d)
    if (graph.definitions[d].node == node) return graph.dictionary.definitions[d].name;
  return {};
}

std::string words_for(const Graph& graph, const source::SourceSet& sources, NodeId node) {
  return name_or_text(graph, sources, node);
}

std::string transition_name(const Graph& graph, const graph::Transition& transition) {
  return fmt::format("{} -> {}", transition.is_interrupt() ? "anywhere" : graph.dictionary[transition.from].name,
                     graph.dictionary[transition.to].name);
}

std::vector<Decision> decisions_of(const Graph& graph, const source::SourceSet& sources, std::uint32_t file) {
  const Dictionary& names = graph.dictionary;
  std::vector<Decision> decisions;
  const auto add = [&](Topic topic, std::size_t index, std::size_t part, NodeId root, std::string subject, Span span) {
    if (!root.is_valid() || !span.is_valid() || span.file != file) return;
    Decision decision{
        topic, static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(part), root, std::move(subject), span, {}};
    Collector(graph, sources, file, decision.conditions).collect(root, span, topic == Topic::definition);
    decisions.push_back(std::move(decision));
  };
  if (graph.applies.is_valid())
    add(Topic::applies, 0, 0, graph.applies, "whom the guideline applies to", graph[graph.applies].span);
  for (std::size_t i = 0; i < graph.constraints.size(); ++i)
    add(Topic::constraint, i, 0, graph.constraints[i].require, "constraint " + names.constraints[i].name,
        graph.constraints[i].span);
  for (std::size_t i = 0; i < graph.definitions.size(); ++i) {
    // A differential is a definition whose arguments are decisions of their own.
    if (graph[graph.definitions[i].node].op != Op::differential)
      add(Topic::definition, i, 0, graph.definitions[i].node, "definition " + names.definitions[i].name,
          graph.definitions[i].span);
  }
  for (std::size_t d = 0; d < graph.differentials.size(); ++d) {
    const graph::Differential& differential = graph.differentials[d];
    for (std::size_t a = 0; a < differential.arguments.size(); ++a)
      add(Topic::argument, d, a, differential.arguments[a].condition,
          fmt::format("argument {} of {}", a + 1, names.differentials[d].name), differential.arguments[a].span);
    for (std::size_t v = 0; v < differential.verdicts.size(); ++v)
      add(Topic::verdict, d, v, differential.verdicts[v].condition,
          fmt::format("verdict {} of {}", v + 1, names.differentials[d].name), differential.verdicts[v].span);
  }
  for (std::size_t r = 0; r < graph.rules.size(); ++r)
    add(Topic::rule, r, 0, graph.rules[r].condition, "rule " + names.rules[r].name, graph.rules[r].span);
  for (std::size_t c = 0; c < graph.cautions.size(); ++c)
    add(Topic::caution, c, 0, graph.cautions[c].condition, "caution " + names.cautions[c].name, graph.cautions[c].span);
  if (graph.pathway)
    for (std::size_t t = 0; t < graph.pathway->transitions.size(); ++t) {
      const graph::Transition& transition = graph.pathway->transitions[t];
      add(Topic::transition, t, 0, transition.condition, "transition " + transition_name(graph, transition),
          transition.span);
    }
  std::stable_sort(decisions.begin(), decisions.end(),
                   [](const Decision& a, const Decision& b) { return a.span.begin < b.span.begin; });
  return decisions;
}

} // namespace aceso::testing
