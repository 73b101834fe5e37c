#include "analyse/excerpts.h"

#include <algorithm>
#include <numeric>

#include "graph/roots.h"

namespace aceso::analyse {

using graph::Graph;
using graph::Node;
using graph::Op;

namespace {

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

/// The nodes of one excerpt after the other.
class Cone {
public:
  explicit Cone(const Graph& graph) : graph_(graph), seen_in_(graph.nodes.size()) {}

  void start() {
    ++round_;
    nodes.clear();
  }
  void add(NodeId id) {
    if (!id.is_valid()) return;
    open_.push_back(id);
    while (!open_.empty()) {
      const NodeId next = open_.back();
      open_.pop_back();
      if (seen_in_[next.index()] == round_) continue;
      seen_in_[next.index()] = round_;
      nodes.push_back(next);
      const Node& node = graph_[next];
      asks_decision = asks_decision || node.op == Op::outcome || node.op == Op::caution_fires || node.op == Op::applies;
      open_.insert(open_.end(), node.operands.begin(), node.operands.end());
    }
  }
  void add(const graph::Rule& rule) {
    add(rule.condition);
    for (const graph::Advice& advice : rule.advice)
      add(advice.selected);
  }

  std::vector<NodeId> nodes;
  bool asks_decision = false; ///< what was decided is asked for: then nothing can be left out

private:
  const Graph& graph_;
  std::vector<std::uint32_t> seen_in_;
  std::uint32_t round_ = 0;
  std::vector<NodeId> open_;
};

/// What every excerpt has: the graph without its nodes and rules.
Graph frame_of(const Graph& graph) {
  Graph frame;
  frame.dictionary = graph.dictionary;
  frame.dictionary.rules.clear();
  frame.dictionary.definitions.clear();
  frame.dictionary.cautions.clear();
  frame.files = graph.files;
  frame.applies = graph.applies;
  frame.constraints = graph.constraints;
  frame.differentials = graph.differentials;
  frame.input_spans = graph.input_spans;
  frame.action_spans = graph.action_spans;
  return frame;
}

Excerpt excerpt_of(const Graph& graph, const Graph& frame, std::vector<RuleId> rules, std::vector<NodeId> nodes,
                   std::vector<NodeId>& renumbered) {
  Excerpt excerpt{frame, std::move(rules)};
  std::sort(excerpt.rules.begin(), excerpt.rules.end());
  for (const RuleId rule : excerpt.rules) {
    excerpt.graph.rules.push_back(graph.rules[rule.index()]);
    excerpt.graph.dictionary.rules.push_back(graph.dictionary[rule]);
  }
  const auto place = [&](RuleId& rule) {
    rule = RuleId(static_cast<std::size_t>(std::lower_bound(excerpt.rules.begin(), excerpt.rules.end(), rule) -
                                           excerpt.rules.begin()));
  };
  for (graph::Rule& rule : excerpt.graph.rules)
    for (RuleId& loser : rule.overrides)
      place(loser);
  for (RuleInfo& rule : excerpt.graph.dictionary.rules)
    for (OverrideInfo& one : rule.overrides)
      place(one.rule);
  std::sort(nodes.begin(), nodes.end());
  excerpt.graph.nodes.reserve(nodes.size());
  for (const NodeId id : nodes) {
    renumbered[id.index()] = NodeId(excerpt.graph.nodes.size());
    excerpt.graph.nodes.push_back(graph[id]);
    for (NodeId& operand : excerpt.graph.nodes.back().operands)
      operand = renumbered[operand.index()];
  }
  graph::visit_decision_roots(excerpt.graph, [&](NodeId& id) {
    if (id.is_valid()) id = renumbered[id.index()];
  });
  return excerpt;
}

} // namespace

std::vector<Excerpt> cut_into_excerpts(const Graph& graph, const ExcerptLimits& limits) {
  if (graph.pathway || graph.nodes.size() < limits.least_nodes) return {};
  const Graph frame = frame_of(graph);
  Cone cone(graph);
  std::vector<Excerpt> excerpts;
  std::vector<RuleId> rules;
  std::vector<NodeId> renumbered(graph.nodes.size());
  std::size_t copied = 0;
  const auto start = [&] {
    rules.clear();
    cone.start();
    graph::visit_decision_roots(frame, [&](NodeId id) { cone.add(id); });
  };
  const auto finish = [&] {
    copied += cone.nodes.size();
    excerpts.push_back(excerpt_of(graph, frame, rules, cone.nodes, renumbered));
  };
  start();
  for (const std::vector<RuleId>& group : groups_of_rules(graph)) {
    for (const RuleId rule : group) {
      rules.push_back(rule);
      cone.add(graph.rules[rule.index()]);
    }
    if (cone.asks_decision || copied + cone.nodes.size() > limits.most_copies * graph.nodes.size()) return {};
    if (cone.nodes.size() < limits.enough_nodes) continue;
    finish();
    start();
  }
  if (!rules.empty()) finish();
  if (excerpts.size() < 2) return {};
  return excerpts;
}

} // namespace aceso::analyse
