#include "driver/same_meaning.h"

#include <fmt/format.h>

#include "analyse/diff.h"

namespace aceso::driver {

using graph::Graph;
using graph::Node;
using graph::Op;

namespace {

/// The text of what follows from the nodes below, without places: the canonical print of a graph that has nothing else.
class Cones {
public:
  explicit Cones(const Graph& graph) : graph_(graph), texts_(graph.nodes.size()) {}
  /// Equal for nodes that mean the same; grows with the cone, so only for small graphs of definitions.
  const std::string& text(NodeId id) {
    std::string& text = texts_[id.index()];
    if (!text.empty()) return text;
    const Node& node = graph_[id];
    // Inputs by name: one that nothing uses any more is missing among those of the other graph.
    const bool is_input = node.op == Op::input || node.op == Op::series;
    std::string out =
        fmt::format("{}:{}:{}:{}:{}", static_cast<int>(node.op),
                    is_input ? graph_.dictionary.inputs[node.reference].name : std::to_string(node.reference),
                    node.detail, node.details->factor.to_text(), node.details->offset.to_text());
    if (node.op == Op::constant) out += ":" + to_text(graph_.dictionary, node.type, node.constant);
    if (node.details->period)
      out += fmt::format(":{}mo{}s", node.details->period->months, node.details->period->seconds);
    for (const Value& value : node.details->list)
      out += ":" + to_text(graph_.dictionary, node.type, value);
    if (node.op == Op::differential) out += ":" + this->text(graph_.differentials[node.reference]);
    for (const NodeId operand : node.operands)
      out += "(" + this->text(operand) + ")";
    return texts_[id.index()] = std::move(out);
  }
  std::string text(const graph::Differential& d) {
    std::string out = fmt::format("{}:{}", d.needs.to_text(), d.ahead_by.to_text());
    for (const graph::Argument& a : d.arguments)
      out += fmt::format("[{}{}{}{}]", a.is_for, a.candidate, a.weight.to_text(), text_or_none(a.condition));
    for (const graph::DifferentialVerdict& v : d.verdicts)
      out += fmt::format("[{}{}{}]", v.confirms, v.candidate, text_or_none(v.condition));
    return out;
  }
  std::string text_or_none(NodeId id) { return id.is_valid() ? text(id) : std::string("-"); }

private:
  const Graph& graph_;
  std::vector<std::string> texts_;
};

constexpr std::size_t longest_cone = 200'000;

/// What the two say about a derived value, as cautions that are compared: one for yes, or one for each value.
bool watch(Graph& graph, NodeId id, const std::string& name, TypeId yes_no) {
  const auto caution = [&](NodeId condition, const std::string& what) {
    graph.dictionary.cautions.push_back({"value of " + name + what, {}, {}});
    graph.cautions.push_back({condition, {}});
  };
  const TypeInfo& type = graph.type_of(id);
  const auto add = [&](Node node) {
    graph.nodes.push_back(std::move(node));
    return NodeId(graph.nodes.size() - 1);
  };
  const auto equals = [&](const Value& value, const std::string& what) {
    Node constant;
    constant.type = graph[id].type;
    constant.constant = value;
    Node equal;
    equal.op = Op::equal;
    equal.type = yes_no;
    equal.operands = {id, add(std::move(constant))};
    caution(add(std::move(equal)), what);
  };
  constexpr int most_values = 64;
  if (type.kind == TypeKind::yes_no) {
    caution(id, "");
    return true;
  }
  if (type.kind == TypeKind::choice || type.kind == TypeKind::scale || type.kind == TypeKind::action) {
    const std::size_t count = type.kind == TypeKind::action ? graph.dictionary.actions.size() : type.members.size();
    for (std::uint32_t m = 0; m < count; ++m)
      equals(Choice{m}, fmt::format(" {}", m));
    return true;
  }
  const auto range = graph[id].range();
  if (!range || range->step <= Rational(0)) return false;
  std::optional<Rational> value = range->minimum;
  for (int i = 0; value && *value <= range->maximum; ++i) {
    if (i == most_values) return false;
    equals(*value, fmt::format(" {}", value->to_text()));
    value = Rational::add(*value, range->step);
  }
  return true;
}

/// Who wins, whether it is open, and whether nobody can. What scores it is told with, no case can expect.
bool watch(Graph& graph, std::size_t differential, TypeId yes_no) {
  const DifferentialInfo info = graph.dictionary.differentials[differential];
  Node value;
  value.op = Op::differential;
  value.type = info.type;
  value.reference = static_cast<std::uint32_t>(differential);
  graph.nodes.push_back(std::move(value));
  Node over;
  over.op = Op::unknown_because;
  over.type = yes_no;
  over.operands = {NodeId(graph.nodes.size() - 1)};
  over.reference = static_cast<std::uint32_t>(UnknownReason::not_applicable);
  graph.nodes.push_back(over);
  graph.dictionary.cautions.push_back({"nobody wins " + info.name, {}, {}});
  graph.cautions.push_back({NodeId(graph.nodes.size() - 1), {}});
  return watch(graph, over.operands[0], info.name, yes_no);
}

std::string transition_text(Cones& cones, const graph::Transition& t) {
  std::string text =
      fmt::format("{}>{}:{}:{}", t.from.index(), t.to.index(), t.at_most, cones.text_or_none(t.condition));
  for (const auto& period : {t.after, t.within})
    text += period ? fmt::format(":{}mo{}s", period->months, period->seconds) : std::string(":-");
  for (const StageId stage : t.except)
    text += fmt::format(",{}", stage.index());
  return text;
}

} // namespace

SameMeaning compare_meaning(const Graph& before, const Graph& after, const analyse::Budget& budget) {
  SameMeaning result;
  Cones first(before), second(after);
  // What is not compared by a question has to be the same text.
  bool is_whole = before.constraints.size() == after.constraints.size() &&
                  before.definitions.size() == after.definitions.size() &&
                  before.differentials.size() == after.differentials.size() &&
                  before.pathway.has_value() == after.pathway.has_value() &&
                  first.text_or_none(before.applies) == second.text_or_none(after.applies);
  if (!is_whole) return result;
  for (std::size_t c = 0; c < before.constraints.size(); ++c)
    is_whole &= first.text(before.constraints[c].require) == second.text(after.constraints[c].require);
  if (before.pathway) {
    is_whole &= before.pathway->transitions.size() == after.pathway->transitions.size();
    for (std::size_t t = 0; is_whole && t < before.pathway->transitions.size(); ++t)
      is_whole &= transition_text(first, before.pathway->transitions[t]) ==
                  transition_text(second, after.pathway->transitions[t]);
  }
  Graph old_graph = before, new_graph = after;
  TypeId yes_no[2];
  for (const auto& [graph, place] : {std::pair(&before, 0), std::pair(&after, 1)})
    for (std::size_t t = 0; t < graph->dictionary.types.size(); ++t)
      if (graph->dictionary.types[t].kind == TypeKind::yes_no) yes_no[place] = TypeId(t);
  for (std::size_t d = 0; d < before.definitions.size(); ++d) {
    const NodeId a = before.definitions[d].node, b = after.definitions[d].node;
    if (first.text(a) == second.text(b)) continue;
    if (first.text(a).size() > longest_cone) is_whole = false;
    const std::string& name = before.dictionary.definitions[d].name;
    is_whole &= watch(old_graph, a, name, yes_no[0]) && watch(new_graph, b, name, yes_no[1]);
  }
  for (std::size_t d = 0; d < before.differentials.size(); ++d)
    if (first.text(before.differentials[d]) != second.text(after.differentials[d]))
      is_whole &= watch(old_graph, d, yes_no[0]) && watch(new_graph, d, yes_no[1]);
  analyse::JointGraph joint(old_graph, new_graph, "before", "after");
  analyse::DiffOptions options;
  options.budget = budget;
  options.most_groups = 1;
  const analyse::DiffReport report = analyse::diff(joint, options);
  for (const auto& action : report.actions)
    for (const auto& group : action.groups)
      result.patients.push_back(group.witness.cases[0]);
  for (const auto& caution : report.cautions)
    for (const auto& group : caution.groups)
      result.patients.push_back(group.witness.cases[0]);
  result.is_proved =
      is_whole && report.count(analyse::Verdict::proved) == report.actions.size() + report.cautions.size();
  return result;
}

} // namespace aceso::driver
