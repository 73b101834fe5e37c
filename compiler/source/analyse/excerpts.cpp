#include "analyse/excerpts.h"

#include <algorithm>
#include <numeric>

#include "graph/roots.h"

namespace aceso::analyse {

using graph::Graph;
using graph::Node;
using graph::Op;

namespace {

/// Cautions hang on no rule.
enum class Cautions : bool { left_out, kept };

/// Sets of rules that belong together; each is known by its first rule.
class Groups {
public:
  explicit Groups(std::size_t size) : above_(size) { std::iota(above_.begin(), above_.end(), 0U); }
  std::size_t first(std::size_t rule) {
    while (above_[rule] != rule)
      rule = above_[rule] = above_[above_[rule]];
    return rule;
  }
  void join(std::size_t a, std::size_t b) {
    a = first(a);
    b = first(b);
    above_[std::max(a, b)] = std::min(a, b);
  }

private:
  std::vector<std::size_t> above_;
};

/// In the order of their first rules; the rules of each ascending.
std::vector<std::vector<RuleId>> groups_of_rules(const Graph& graph) {
  Groups groups(graph.rules.size());
  std::vector<RuleId> speaks_first(graph.dictionary.actions.size());
  for (std::size_t r = 0; r < graph.rules.size(); ++r) {
    for (const graph::Advice& advice : graph.rules[r].advice) {
      RuleId& first = speaks_first[advice.action.index()];
      if (first.is_valid())
        groups.join(first.index(), r);
      else
        first = RuleId(r);
    }
    for (const RuleId loser : graph.rules[r].overrides)
      groups.join(loser.index(), r);
  }
  const auto join = [&](ActionId a, ActionId b) {
    const RuleId x = speaks_first[a.index()], y = speaks_first[b.index()];
    if (x.is_valid() && y.is_valid()) groups.join(x.index(), y.index());
  };
  for (const ActionClassInfo& one : graph.dictionary.classes) {
    if (!one.at_most_one) continue;
    const auto speaker = std::find_if(one.actions.begin(), one.actions.end(),
                                      [&](ActionId action) { return speaks_first[action.index()].is_valid(); });
    for (auto other = speaker; other != one.actions.end(); ++other)
      join(*speaker, *other);
  }
  for (const InteractionInfo& pair : graph.dictionary.interactions)
    join(pair.first, pair.second);
  std::vector<std::vector<RuleId>> members(graph.rules.size());
  for (std::size_t r = 0; r < graph.rules.size(); ++r)
    members[groups.first(r)].emplace_back(r);
  std::erase_if(members, [](const auto& list) { return list.empty(); });
  return members;
}

/// All but the rules and the definitions, which may be thousands.
Dictionary frame_of(const Dictionary& whole) {
  const auto& [guideline, units, types, inputs, definitions, actions, classes, interactions, rules, cautions,
               differentials, pathway, pathway_title, stages, constraints, concepts, value_sets] = whole;
  return {guideline, units,         types,   inputs,        {},     actions,     classes,  interactions, {},
          cautions,  differentials, pathway, pathway_title, stages, constraints, concepts, value_sets};
}

/// What every excerpt has: the graph without its nodes and rules.
Graph frame_of(const Graph& graph, Cautions cautions) {
  Graph frame;
  frame.dictionary = frame_of(graph.dictionary);
  frame.files = graph.files;
  frame.applies = graph.applies;
  frame.constraints = graph.constraints;
  frame.differentials = graph.differentials;
  frame.input_spans = graph.input_spans;
  frame.action_spans = graph.action_spans;
  if (cautions == Cautions::kept)
    frame.cautions = graph.cautions;
  else
    frame.dictionary.cautions.clear();
  return frame;
}

/// Makes one excerpt after the other.
class Cutter {
public:
  Cutter(const Graph& graph, Cautions cautions)
      : graph_(graph), frame_(frame_of(graph, cautions)), seen_in_(graph.nodes.size()), places_(graph.nodes.size()) {
    start();
  }

  void add(RuleId id) {
    rules_.push_back(id);
    add(graph_.rules[id.index()].condition);
    for (const graph::Advice& advice : graph_.rules[id.index()].advice)
      add(advice.selected);
  }
  [[nodiscard]] bool has_rules() const { return !rules_.empty(); }
  [[nodiscard]] std::size_t node_count() const { return nodes_.size(); }
  /// What was decided is asked for: then nothing can be left out.
  [[nodiscard]] bool asks_decision() const { return asks_decision_; }

  /// The rules that were added since the last ones.
  std::vector<RuleId> take() {
    std::vector<RuleId> rules = std::move(rules_);
    start();
    return rules;
  }
  /// Of the rules that were added since the last ones.
  Excerpt cut() {
    std::sort(rules_.begin(), rules_.end());
    Excerpt excerpt{frame_, std::move(rules_)};
    take_rules(excerpt);
    take_nodes(excerpt.graph);
    start();
    return excerpt;
  }

private:
  void start() {
    ++round_;
    nodes_.clear();
    rules_.clear();
    graph::visit_decision_roots(frame_, [&](NodeId id) { add(id); });
  }
  void add(NodeId id) {
    if (!id.is_valid()) return;
    open_.push_back(id);
    while (!open_.empty()) {
      const NodeId next = open_.back();
      open_.pop_back();
      if (seen_in_[next.index()] == round_) continue;
      seen_in_[next.index()] = round_;
      nodes_.push_back(next);
      const Node& node = graph_[next];
      asks_decision_ |= node.op == Op::outcome || node.op == Op::caution_fires || node.op == Op::applies;
      open_.insert(open_.end(), node.operands.begin(), node.operands.end());
    }
  }

  void take_rules(Excerpt& excerpt) const {
    const auto is_gone = [&](RuleId rule) {
      return !std::binary_search(excerpt.rules.begin(), excerpt.rules.end(), rule);
    };
    const auto place = [&](RuleId& rule) {
      const auto found = std::lower_bound(excerpt.rules.begin(), excerpt.rules.end(), rule);
      rule = RuleId(static_cast<std::size_t>(found - excerpt.rules.begin()));
    };
    for (const RuleId id : excerpt.rules) {
      graph::Rule& rule = excerpt.graph.rules.emplace_back(graph_.rules[id.index()]);
      std::erase_if(rule.overrides, is_gone);
      for (RuleId& loser : rule.overrides)
        place(loser);
      RuleInfo& info = excerpt.graph.dictionary.rules.emplace_back(graph_.dictionary[id]);
      std::erase_if(info.overrides, [&](const OverrideInfo& one) { return is_gone(one.rule); });
      for (OverrideInfo& one : info.overrides)
        place(one.rule);
    }
  }
  /// In the order of the whole, renumbered.
  void take_nodes(Graph& excerpt) {
    std::sort(nodes_.begin(), nodes_.end());
    excerpt.nodes.reserve(nodes_.size());
    for (const NodeId id : nodes_) {
      places_[id.index()] = NodeId(excerpt.nodes.size());
      for (NodeId& operand : excerpt.nodes.emplace_back(graph_[id]).operands)
        operand = places_[operand.index()];
    }
    graph::visit_decision_roots(excerpt, [&](NodeId& id) {
      if (id.is_valid()) id = places_[id.index()];
    });
  }

  const Graph& graph_;
  const Graph frame_;
  std::vector<std::uint32_t> seen_in_; ///< by node: the last round that met it
  std::uint32_t round_ = 0;
  std::vector<NodeId> nodes_, open_, places_;
  std::vector<RuleId> rules_;
  bool asks_decision_ = false;
};

} // namespace

std::optional<Excerpt> excerpt_of(const Graph& graph, const std::vector<RuleId>& rules) {
  if (graph.pathway) return std::nullopt;
  Cutter cutter(graph, Cautions::kept);
  for (const RuleId rule : rules)
    cutter.add(rule);
  if (cutter.asks_decision()) return std::nullopt;
  return cutter.cut();
}

std::vector<Excerpt> cut_into_excerpts(const Graph& graph, const ExcerptLimits& limits) {
  if (graph.pathway || graph.nodes.size() < limits.least_nodes) return {};
  Cutter cutter(graph, Cautions::left_out);
  // Nothing is copied before it is known that it pays.
  std::vector<std::vector<RuleId>> parts;
  std::size_t copied = 0;
  for (const std::vector<RuleId>& group : groups_of_rules(graph)) {
    for (const RuleId rule : group)
      cutter.add(rule);
    if (cutter.asks_decision() || copied + cutter.node_count() > limits.most_copies * graph.nodes.size()) return {};
    if (cutter.node_count() < limits.enough_nodes) continue;
    copied += cutter.node_count();
    parts.push_back(cutter.take());
  }
  if (cutter.has_rules()) parts.push_back(cutter.take());
  if (parts.size() < 2) return {};
  std::vector<Excerpt> excerpts;
  excerpts.reserve(parts.size());
  for (const std::vector<RuleId>& part : parts) {
    for (const RuleId rule : part)
      cutter.add(rule);
    excerpts.push_back(cutter.cut());
  }
  return excerpts;
}

} // namespace aceso::analyse
