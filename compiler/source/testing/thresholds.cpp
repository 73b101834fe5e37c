#include "testing/thresholds.h"

namespace aceso::testing {

using graph::Graph;
using graph::Node;
using graph::Op;

std::string_view to_text(Side3 side) {
  return side == Side3::below ? "one step below" : side == Side3::on ? "on" : "one step above";
}

std::optional<Threshold> threshold_of(const Graph& graph, NodeId id) {
  const Node& node = graph[id];
  if (node.op == Op::logical_not) return threshold_of(graph, node.operands[0]);
  if (node.op != Op::less && node.op != Op::less_or_equal && node.op != Op::equal) return std::nullopt;
  const bool swapped = graph[node.operands[0]].op == Op::constant;
  const NodeId subject = node.operands[swapped ? 1 : 0], limit = node.operands[swapped ? 0 : 1];
  if (graph[limit].op != Op::constant || graph[subject].op == Op::constant) return std::nullopt;
  switch (graph.type_of(subject).kind) {
  case TypeKind::number:
  case TypeKind::duration:
  case TypeKind::date: break;
  case TypeKind::scale:
    if (node.op != Op::equal) break;
    return std::nullopt;
  default: return std::nullopt;
  }
  return Threshold{subject, graph[limit].constant};
}

std::vector<Neighbour> neighbours(const Graph& graph, const Threshold& threshold) {
  const Node& subject = graph[threshold.subject];
  const TypeInfo& type = graph.type_of(threshold.subject);
  std::vector<Neighbour> found;
  if (threshold.value.is<Choice>()) {
    const std::uint32_t at = threshold.value.as<Choice>().index;
    if (at > 0) found.push_back({Side3::below, Choice{at - 1}});
    found.push_back({Side3::on, Choice{at}});
    if (at + 1 < type.members.size()) found.push_back({Side3::above, Choice{at + 1}});
    return found;
  }
  if (threshold.value.is<Date>()) {
    const std::int64_t day = threshold.value.as<Date>().days;
    return {{Side3::below, Date{day - 1}}, {Side3::on, Date{day}}, {Side3::above, Date{day + 1}}};
  }
  if (!threshold.value.is<Rational>()) return found;
  // Of an input the steps that the author declared, of what is derived those that the analysis of ranges found.
  std::optional<Rational> step, origin = Rational(0), minimum, maximum;
  if (subject.op == Op::input && type.step) {
    step = type.step;
    origin = type.minimum.value_or(Rational(0));
  }
  if (subject.range()) {
    minimum = subject.range()->minimum;
    maximum = subject.range()->maximum;
    if (!step && subject.range()->step > Rational(0)) step = subject.range()->step;
  }
  if (!step) return found;
  const Rational limit = threshold.value.as<Rational>();
  const auto distance = Rational::subtract(limit, *origin);
  const auto on_grid = [&](RoundingMode mode) -> std::optional<Rational> {
    const auto steps = distance ? Rational::round(*distance, *step, mode) : std::nullopt;
    return steps ? Rational::add(*steps, *origin) : std::nullopt;
  };
  auto below = on_grid(RoundingMode::down), above = on_grid(RoundingMode::up);
  if (!below || !above) return found;
  const bool is_on = *below == limit;
  if (is_on) {
    below = Rational::subtract(limit, *step);
    above = Rational::add(limit, *step);
  }
  const auto add = [&](Side3 side, std::optional<Rational> value) {
    if (value && !(minimum && *value < *minimum) && !(maximum && *value > *maximum)) found.push_back({side, *value});
  };
  add(Side3::below, below);
  if (is_on) add(Side3::on, limit);
  add(Side3::above, above);
  return found;
}

} // namespace aceso::testing
