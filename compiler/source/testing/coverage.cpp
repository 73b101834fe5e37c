#include "testing/coverage.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "analyse/analysis.h"
#include "reference/evaluator.h"
#include "reference/snapshot.h"

namespace aceso::testing {

using graph::Graph;
using graph::HitPolicy;
using graph::Node;
using graph::Op;
using reference::Evaluation;

namespace {

std::size_t at(Truth truth) { return truth == Truth::yes ? 0 : truth == Truth::no ? 1 : 2; }

bool leads_from(const graph::Transition& t, StageId stage) {
  if (!t.is_interrupt()) return t.from == stage;
  return t.to != stage && !std::count(t.except.begin(), t.except.end(), stage);
}

PointKind kind_of(Topic topic) {
  switch (topic) {
  case Topic::rule: return PointKind::rule;
  case Topic::caution: return PointKind::caution;
  case Topic::constraint: return PointKind::constraint;
  case Topic::argument:
  case Topic::verdict: return PointKind::argument;
  case Topic::transition: return PointKind::transition;
  default: return PointKind::condition;
  }
}

} // namespace

const std::vector<PointInfo>& all_point_kinds() {
  static const std::vector<PointInfo> kinds{
#define ACESO_COVERAGE(name, plural, first, second, third) {#name, plural, {first, second, third}},
#include "testing/coverage_points.def"
#undef ACESO_COVERAGE
  };
  return kinds;
}

const PointInfo& info(PointKind kind) { return all_point_kinds()[static_cast<std::size_t>(kind)]; }

double CoverageSums::percent() const {
  if (goals == 0) return 100;
  const std::size_t tenths = covered * 1000 / goals; // rounded down: 100 is all of them
  return static_cast<double>(tenths) / 10;
}

Coverage::Coverage(const Graph& graph, const source::SourceSet& sources, std::uint32_t file)
    : graph_(graph), file_(file) {
  for (const Decision& decision : decisions_of(graph, sources, file))
    add_decision(decision);
  for (std::size_t r = 0; r < graph.rules.size(); ++r)
    if (!graph.rules[r].condition.is_valid()) {
      Probe probe;
      probe.index = static_cast<std::uint32_t>(r);
      add({PointKind::rule, "rule " + graph.dictionary.rules[r].name, graph.rules[r].span}, std::move(probe));
    }
  for (std::size_t d = 0; d < graph.definitions.size(); ++d)
    if (graph[graph.definitions[d].node].op == Op::table && graph.definitions[d].span.file == file)
      add_rows(graph.definitions[d].node, graph.dictionary.definitions[d].name);
  if (graph.pathway) {
    for (std::size_t t = 0; t < graph.pathway->transitions.size(); ++t)
      if (!graph.pathway->transitions[t].condition.is_valid()) {
        Probe probe;
        probe.index = static_cast<std::uint32_t>(t);
        add({PointKind::transition, "transition " + transition_name(graph, graph.pathway->transitions[t]),
             graph.pathway->transitions[t].span},
            std::move(probe));
      }
    for (std::size_t s = 0; s < graph.pathway->stage_spans.size(); ++s) {
      Probe probe;
      probe.index = static_cast<std::uint32_t>(s);
      add({PointKind::stage, "stage " + graph.dictionary.stages[s].name, graph.pathway->stage_spans[s]},
          std::move(probe));
    }
  }
  std::vector<std::size_t> order(points_.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return points_[a].span.begin < points_[b].span.begin; });
  std::vector<Point> points;
  std::vector<Probe> probes;
  for (const std::size_t i : order) {
    points.push_back(std::move(points_[i]));
    probes.push_back(std::move(probes_[i]));
  }
  points_ = std::move(points);
  probes_ = std::move(probes);
}

void Coverage::add(Point point, Probe probe) {
  if (point.span.file != file_) return;
  points_.push_back(std::move(point));
  probes_.push_back(std::move(probe));
}

void Coverage::add_decision(const Decision& decision) {
  const bool is_transition = decision.topic == Topic::transition;
  if (kind_of(decision.topic) != PointKind::condition) {
    Probe probe;
    probe.nodes = {decision.root};
    probe.index = decision.index;
    add({kind_of(decision.topic), decision.subject, decision.span}, std::move(probe));
  }
  for (const Condition& condition : decision.conditions) {
    const auto same = [&](std::size_t i) {
      const Point& point = points_[i];
      if (point.kind != PointKind::condition) return false;
      if (std::count(probes_[i].nodes.begin(), probes_[i].nodes.end(), condition.node) > 0) return true;
      return point.span == condition.span && point.subject == condition.text;
    };
    std::size_t place = 0;
    while (place < points_.size() && !same(place))
      ++place;
    if (place == points_.size()) {
      Probe probe;
      probe.only_in_transitions = is_transition;
      probe.is_about_applying = decision.topic == Topic::applies;
      add({PointKind::condition, condition.text, condition.span}, std::move(probe));
    }
    Probe& probe = probes_[place];
    if (!std::count(probe.nodes.begin(), probe.nodes.end(), condition.node)) probe.nodes.push_back(condition.node);
    if (is_transition) probe.transitions.push_back(decision.index);
    probe.only_in_transitions &= is_transition;
    probe.is_about_applying |= decision.topic == Topic::applies;
    probe.is_about_constraint |= decision.topic == Topic::constraint;
  }
}

void Coverage::add_rows(NodeId table, const std::string& name) {
  const Node& node = graph_[table];
  for (std::size_t row = 0; row * 2 < node.operands.size(); ++row) {
    Probe probe;
    probe.nodes = {table};
    probe.index = static_cast<std::uint32_t>(row);
    const Span condition = graph_[node.operands[2 * row]].span, output = graph_[node.operands[2 * row + 1]].span;
    Span span = output.is_valid() && output.file == file_ ? output : condition;
    // A cell that only says "yes" is the head of its column, which stands elsewhere.
    const bool is_head = row > 0 && condition.begin < graph_[node.operands[2 * row - 1]].span.end;
    if (condition.is_valid() && condition.file == span.file && condition.begin < span.begin && !is_head &&
        graph_[node.operands[2 * row]].op != Op::input)
      span = source::join(condition, span);
    add({PointKind::row, fmt::format("row {} of {}", row + 1, name), span}, std::move(probe));
  }
}

std::vector<bool> Coverage::looked_at(const Evaluation& evaluation) const {
  std::vector<bool> result(graph_.pathway ? graph_.pathway->transitions.size() : 0);
  if (!evaluation.decision.stage) return result;
  const auto& path = evaluation.decision.stage->path;
  for (std::size_t t = 0; t < result.size(); ++t) {
    result[t] = leads_from(graph_.pathway->transitions[t], path.back().stage);
    // Stages that were left at this very instant were looked at as well.
    for (std::size_t v = path.size() - 1; v > 0 && path[v].entered_at.instant == evaluation.decision.at.instant; --v)
      result[t] = result[t] || leads_from(graph_.pathway->transitions[t], path[v - 1].stage);
  }
  return result;
}

void Coverage::record_path(const PatientCase& patient, const Evaluation& evaluation, std::vector<bool>& taken) {
  if (!evaluation.decision.stage) return;
  const auto& path = evaluation.decision.stage->path;
  for (std::size_t v = 1; v < path.size(); ++v) {
    const reference::Snapshot snapshot = reference::snapshot_at(graph_, patient, path[v].entered_at.instant);
    reference::Evaluator evaluator(graph_, snapshot);
    for (std::size_t t = 0; t < taken.size(); ++t) {
      const graph::Transition& transition = graph_.pathway->transitions[t];
      if (transition.to != path[v].stage || !leads_from(transition, path[v - 1].stage)) continue;
      if (transition.after &&
          path[v].entered_at.instant < aceso::add(path[v - 1].entered_at.instant, *transition.after, patient.zone()))
        continue;
      if (evaluator.truth(transition.condition) != Truth::yes) continue;
      taken[t] = true;
      break;
    }
  }
}

std::optional<Truth> Coverage::direction_of(const Point& point, const Probe& probe,
                                            const Evaluation& evaluation) const {
  switch (point.kind) {
  case PointKind::rule: return evaluation.decision.rules[probe.index].fires;
  case PointKind::caution:
    for (const CautionResult& caution : evaluation.decision.cautions)
      if (caution.caution.index() == probe.index) return caution.fires;
    return Truth::no;
  case PointKind::row: {
    const Node& table = graph_[probe.nodes.front()];
    const auto truth = [&](std::size_t row) { return evaluation.node_values[table.operands[2 * row].index()].truth(); };
    if (static_cast<HitPolicy>(table.reference) == HitPolicy::first)
      for (std::size_t earlier = 0; earlier < probe.index; ++earlier)
        if (truth(earlier) != Truth::no) return std::nullopt;
    if (truth(probe.index) != Truth::yes) return std::nullopt;
    return Truth::yes;
  }
  default: return evaluation.node_values[probe.nodes.front().index()].truth();
  }
}

void Coverage::record(const PatientCase& patient, const Evaluation& evaluation) {
  // What a refused case would have decided is nothing.
  if (!evaluation.broken.empty()) {
    const reference::Snapshot snapshot = reference::snapshot_at(graph_, patient, evaluation.broken.front().at.instant);
    reference::Evaluator evaluator(graph_, snapshot);
    for (std::size_t i = 0; i < points_.size(); ++i) {
      for (const reference::BrokenConstraint& broken : evaluation.broken)
        if (points_[i].kind == PointKind::constraint && probes_[i].index == broken.constraint.index())
          ++points_[i].seen[1];
      if (points_[i].kind != PointKind::condition || !probes_[i].is_about_constraint) continue;
      bool seen[3] = {};
      for (const NodeId node : probes_[i].nodes)
        seen[at(evaluator.truth(node))] = true;
      for (std::size_t d = 0; d < 3; ++d)
        points_[i].seen[d] += seen[d];
    }
    return;
  }
  const bool applies = evaluation.decision.applies == Truth::yes;
  std::vector<bool> taken(graph_.pathway ? graph_.pathway->transitions.size() : 0);
  record_path(patient, evaluation, taken);
  const std::vector<bool> open = looked_at(evaluation);
  for (std::size_t i = 0; i < points_.size(); ++i) {
    Point& point = points_[i];
    const Probe& probe = probes_[i];
    switch (point.kind) {
    case PointKind::stage:
      if (evaluation.decision.stage)
        for (const StageVisit& visit : evaluation.decision.stage->path)
          if (visit.stage.index() == probe.index) {
            ++point.seen[0];
            break;
          }
      break;
    case PointKind::transition: {
      if (taken[probe.index]) ++point.seen[0];
      const StageResult* stage = evaluation.decision.stage ? &*evaluation.decision.stage : nullptr;
      const graph::Transition& transition = graph_.pathway->transitions[probe.index];
      if (!stage || !leads_from(transition, stage->stage)) break;
      // Whoever still stands where it begins has not taken it.
      const Truth truth =
          transition.condition.is_valid() ? evaluation.node_values[transition.condition.index()].truth() : Truth::yes;
      ++point.seen[truth == Truth::unknown ? 2 : 1];
      break;
    }
    case PointKind::condition: {
      if (!applies && !probe.is_about_applying && !probe.is_about_constraint) break;
      if (probe.only_in_transitions &&
          std::none_of(probe.transitions.begin(), probe.transitions.end(), [&](std::uint32_t t) { return open[t]; }))
        break;
      bool seen[3] = {};
      for (const NodeId node : probe.nodes)
        seen[at(evaluation.node_values[node.index()].truth())] = true;
      for (std::size_t d = 0; d < 3; ++d)
        point.seen[d] += seen[d];
      break;
    }
    case PointKind::constraint:
      // Where too little is known to break it, it was not kept either.
      if (evaluation.node_values[probe.nodes.front().index()].truth() == Truth::yes) ++point.seen[0];
      break;
    case PointKind::caution:
    case PointKind::row:
    case PointKind::argument:
      if (!applies) break;
      [[fallthrough]];
    case PointKind::rule:
      if (const auto direction = direction_of(point, probe, evaluation)) ++point.seen[at(*direction)];
    }
  }
}

void Coverage::ask(analyse::Encoding& encoding, Point& point, const Probe& probe) {
  const analyse::TruthLits applies = encoding.truth(graph_.applies);
  const auto is_impossible = [&](std::vector<analyse::Lit> wanted, bool must_apply) {
    if (must_apply) wanted.push_back(applies.yes);
    if (point.kind != PointKind::constraint && !probe.is_about_constraint)
      wanted.insert(wanted.end(), encoding.constraint_switches().begin(), encoding.constraint_switches().end());
    return encoding.sat().solve(wanted) == analyse::Answer::unsatisfiable;
  };
  const auto lit = [&](analyse::TruthLits truth, std::size_t direction) {
    return direction == 0 ? truth.yes : direction == 1 ? truth.no : encoding.unknown(truth);
  };
  for (std::size_t d = 0; d < 3; ++d) {
    if (info(point.kind).directions[d].empty() || point.seen[d] > 0) continue;
    std::vector<analyse::Lit> wanted;
    switch (point.kind) {
    case PointKind::stage: continue; // told by `aceso check --deep`
    case PointKind::rule:
      point.impossible[d] = is_impossible({lit(encoding.fires(RuleId(probe.index)), d)}, false);
      continue;
    case PointKind::row: {
      const Node& table = graph_[probe.nodes.front()];
      if (static_cast<HitPolicy>(table.reference) == HitPolicy::first)
        for (std::size_t earlier = 0; earlier < probe.index; ++earlier)
          wanted.push_back(encoding.truth(table.operands[2 * earlier]).no);
      wanted.push_back(encoding.truth(table.operands[2 * probe.index]).yes);
      break;
    }
    case PointKind::transition:
      // A way that is open without a condition is not taken while it waits.
      if (probe.nodes.empty()) {
        point.impossible[d] = d == 2 || (d == 1 && !graph_.pathway->transitions[probe.index].after);
        continue;
      }
      // Who has not taken it stands where it begins, and no other way has led him on.
      if (const StageId from = graph_.pathway->transitions[probe.index].from; d > 0 && from.is_valid()) {
        point.impossible[d] = is_impossible({lit(encoding.truth(probe.nodes.front()), d), encoding.stage(from)}, true);
        continue;
      }
      [[fallthrough]];
    default: {
      bool all = true;
      for (const NodeId node : probe.nodes)
        all = all &&
              is_impossible({lit(encoding.truth(node), d)}, !probe.is_about_applying && !probe.is_about_constraint);
      point.impossible[d] = all;
      continue;
    }
    }
    point.impossible[d] = is_impossible(std::move(wanted), true);
  }
}

void Coverage::exclude_impossible(const analyse::Budget& budget) {
  analyse::DeepOptions options;
  options.budget = budget;
  analyse::Analysis analysis(graph_, options);
  analyse::Encoding& encoding = analysis.explored_encoding();
  for (std::size_t i = 0; i < points_.size(); ++i)
    ask(encoding, points_[i], probes_[i]);
}

CoverageSums Coverage::sums(PointKind kind) const {
  CoverageSums sums;
  for (const Point& point : points_) {
    if (point.kind != kind) continue;
    ++sums.points;
    for (std::size_t d = 0; d < 3; ++d) {
      sums.goals += point.counts(d);
      sums.covered += point.counts(d) && point.seen[d] > 0;
      sums.impossible += point.impossible[d];
    }
  }
  return sums;
}

CoverageSums Coverage::sums() const {
  CoverageSums all;
  for (std::size_t k = 0; k < all_point_kinds().size(); ++k) {
    const CoverageSums one = sums(static_cast<PointKind>(k));
    all.points += one.points;
    all.goals += one.goals;
    all.covered += one.covered;
    all.impossible += one.impossible;
  }
  return all;
}

} // namespace aceso::testing
