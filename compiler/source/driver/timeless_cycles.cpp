#include "driver/timeless_cycles.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "module/input_units.h"
#include "reference/evaluator.h"

namespace aceso::driver {

using diagnostics::Kind;
using graph::Graph;
using graph::Node;
using graph::Op;
using graph::Transition;

namespace {

constexpr std::size_t most_circles = 200, most_tries = 25, most_steps = 40;

bool needs_no_time(const Transition& t) { return t.at_most == 0 && (!t.after || *t.after == Period{}); }

bool leads_from(const Transition& t, StageId stage) {
  if (!t.is_interrupt()) return t.from == stage;
  return t.to != stage && !std::count(t.except.begin(), t.except.end(), stage);
}

/// One way round: stages and the transitions between them.
struct Circle {
  std::vector<StageId> stages;
  std::vector<std::size_t> transitions;
};

class Search {
public:
  Search(const Graph& graph, diagnostics::Sink& sink) : graph_(graph), sink_(sink) {}

  void run() {
    const std::size_t count = graph_.dictionary.stages.size();
    for (std::size_t s = 0; s < count && circles_.size() < most_circles; ++s) {
      start_ = StageId(s);
      on_path_.assign(count, false);
      walk(start_);
    }
    for (const Circle& circle : circles_)
      if (!contradicts_itself(circle) && find_patient(circle))
        return; // one is enough: the others often share its cause
  }

private:
  /// Circles through `start_` that visit no stage with a smaller id, so that each is found once.
  void walk(StageId stage) {
    on_path_[stage.index()] = true;
    path_.stages.push_back(stage);
    const auto& all = graph_.pathway->transitions;
    for (std::size_t i = 0; i < all.size() && circles_.size() < most_circles; ++i) {
      if (!needs_no_time(all[i]) || !leads_from(all[i], stage) || all[i].to < start_) continue;
      path_.transitions.push_back(i);
      if (all[i].to == start_)
        circles_.push_back(path_);
      else if (!on_path_[all[i].to.index()])
        walk(all[i].to);
      path_.transitions.pop_back();
    }
    path_.stages.pop_back();
    on_path_[stage.index()] = false;
  }

  void collect_inputs(NodeId id, std::set<std::uint32_t>& inputs, std::set<std::uint32_t>& seen) {
    if (!id.is_valid() || !seen.insert(id.index()).second) return;
    const Node& node = graph_[id];
    if (node.op == Op::input || node.op == Op::series) inputs.insert(node.reference);
    if (node.op == Op::differential)
      for (const auto& argument : graph_.differentials[node.reference].arguments)
        collect_inputs(argument.condition, inputs, seen);
    for (const NodeId operand : node.operands)
      collect_inputs(operand, inputs, seen);
  }

  /// Values worth trying: all choices; numbers at the thresholds they are compared with and one step beside them.
  std::vector<Value> candidates(std::uint32_t input) const {
    const TypeInfo& type = graph_.dictionary[graph_.dictionary.inputs[input].type];
    std::vector<Value> values;
    if (type.kind == TypeKind::yes_no) return {Value(false), Value(true)};
    for (std::uint32_t m = 0; m < type.members.size(); ++m)
      values.emplace_back(Choice{m});
    if (!type.minimum || !type.maximum || !type.step) return values;
    const auto consider = [&](std::optional<Rational> number) {
      if (number && *number >= *type.minimum && *number <= *type.maximum &&
          Rational::is_on_step(*number, *type.minimum, *type.step))
        values.emplace_back(*number);
    };
    consider(type.minimum);
    consider(type.maximum);
    for (const Node& node : graph_.nodes) {
      if (node.operands.size() != 2) continue;
      for (const std::size_t side : {0u, 1u}) {
        const Node& subject = graph_[node.operands[side]];
        const Node& limit = graph_[node.operands[1 - side]];
        if (subject.op != Op::input || subject.reference != input || !limit.constant.is<Rational>()) continue;
        consider(limit.constant.as<Rational>());
        consider(Rational::add(limit.constant.as<Rational>(), *type.step));
        consider(Rational::subtract(limit.constant.as<Rational>(), *type.step));
      }
    }
    return values;
  }

  void set(reference::Snapshot& snapshot, std::uint32_t input, Value value) const {
    snapshot.values[input] = value;
    snapshot.series[input] = {{snapshot.at, std::move(value)}};
  }

  // ---- a quick no: conditions that contradict each other in plain sight

  /// What a node says, without places, so that the same words written twice are seen as the same.
  const std::string& words(NodeId id) {
    std::string& text = words_[id.index()];
    if (!text.empty()) return text;
    const Node& node = graph_[id];
    std::string built = fmt::format("{} {} {}", graph::info(node.op).name, node.reference, node.detail);
    if (node.op == Op::constant) built += to_text(graph_.dictionary, node.type, node.constant);
    if (node.op == Op::convert) built += node.details->factor.to_text() + " " + node.details->offset.to_text();
    if (node.op == Op::round || node.op == Op::attribute || node.details->period)
      built += fmt::format(" at {}", id.index());
    for (const NodeId operand : node.operands)
      built += "(" + words(operand) + ")";
    return words_[id.index()] = std::move(built);
  }

  struct Claims {
    std::map<std::string, bool> truths;
    std::map<std::string, std::string> values; ///< subject of an equality, and what it equals
  };
  /// False where this contradicts what was claimed before.
  bool claim(NodeId id, bool holds, Claims& claims) {
    const Node& node = graph_[id];
    if (node.op == Op::constant) return node.constant.truth() == truth_of(holds);
    if (node.op == Op::logical_not) return claim(node.operands[0], !holds, claims);
    const auto [known, is_new] = claims.truths.emplace(words(id), holds);
    if (!is_new) return known->second == holds;
    if ((node.op == Op::logical_and && holds) || (node.op == Op::logical_or && !holds))
      return std::all_of(node.operands.begin(), node.operands.end(),
                         [&](NodeId operand) { return claim(operand, holds, claims); });
    if (node.op == Op::equal && holds && graph_[node.operands[1]].op == Op::constant) {
      const auto [value, first] = claims.values.emplace(words(node.operands[0]), words(node.operands[1]));
      return first || value->second == words(node.operands[1]);
    }
    return true;
  }
  bool contradicts_itself(const Circle& circle) {
    Claims claims;
    for (const std::size_t i : circle.transitions) {
      const NodeId condition = graph_.pathway->transitions[i].condition;
      if (condition.is_valid() && !claim(condition, true, claims)) return true;
    }
    return false;
  }

  /// The patient goes round: at each stage the transition of the circle is the only one that holds.
  bool goes_round(const reference::Snapshot& snapshot, const Circle& circle) const {
    reference::Evaluator evaluator(graph_, snapshot);
    for (std::size_t i = 0; i < circle.stages.size(); ++i) {
      std::set<StageId> interrupted, moved;
      for (const Transition& t : graph_.pathway->transitions)
        if (needs_no_time(t) && leads_from(t, circle.stages[i]) && evaluator.truth(t.condition) == Truth::yes)
          (t.is_interrupt() ? interrupted : moved).insert(t.to);
      const auto& taken = interrupted.empty() ? moved : interrupted;
      if (taken.size() != 1 || *taken.begin() != circle.stages[(i + 1) % circle.stages.size()]) return false;
    }
    return true;
  }

  /// Local search: change a fact behind a condition that does not hold yet.
  bool find_patient(const Circle& circle) {
    std::set<std::uint32_t> inputs;
    std::vector<std::vector<std::uint32_t>> behind;
    for (const std::size_t i : circle.transitions) {
      std::set<std::uint32_t> own, seen;
      collect_inputs(graph_.pathway->transitions[i].condition, own, seen);
      behind.emplace_back(own.begin(), own.end());
      inputs.insert(own.begin(), own.end());
    }
    std::map<std::uint32_t, std::vector<Value>> choices;
    for (const std::uint32_t input : inputs)
      choices[input] = candidates(input);
    std::mt19937 random(12345); // the same search in every run
    const auto any = [&](std::size_t size) { return static_cast<std::size_t>(random() % size); };
    for (std::size_t attempt = 0; attempt < most_tries; ++attempt) {
      reference::Snapshot snapshot;
      snapshot.values.resize(graph_.dictionary.inputs.size());
      snapshot.assumed.resize(graph_.dictionary.inputs.size());
      snapshot.series.resize(graph_.dictionary.inputs.size());
      for (const auto& [input, values] : choices)
        if (!values.empty()) set(snapshot, input, values[any(values.size())]);
      for (std::size_t step = 0; step < most_steps; ++step) {
        reference::Evaluator evaluator(graph_, snapshot);
        std::vector<std::size_t> open;
        for (std::size_t i = 0; i < circle.transitions.size(); ++i)
          if (evaluator.truth(graph_.pathway->transitions[circle.transitions[i]].condition) != Truth::yes)
            open.push_back(i);
        if (open.empty()) {
          if (!goes_round(snapshot, circle)) break;
          report(circle, snapshot, inputs);
          return true;
        }
        const auto& own = behind[open[any(open.size())]];
        if (own.empty()) return false; // nothing can change it
        const std::uint32_t input = own[any(own.size())];
        if (!choices[input].empty()) set(snapshot, input, choices[input][any(choices[input].size())]);
      }
    }
    return false;
  }

  void report(const Circle& circle, const reference::Snapshot& snapshot, const std::set<std::uint32_t>& inputs) {
    std::vector<std::string> names, facts;
    for (const StageId stage : circle.stages)
      names.push_back(graph_.dictionary[stage].name);
    names.push_back(names.front());
    for (const std::uint32_t input : inputs) {
      const InputInfo& info = graph_.dictionary.inputs[input];
      facts.push_back(
          fmt::format("{} = {}", info.name, fact_text(graph_.dictionary, InputId(input), snapshot.values[input])));
    }
    auto& d = sink_.report(Kind::timeless_cycle, graph_.pathway->transitions[circle.transitions.front()].span,
                           fmt::format("{}", fmt::join(names, " -> ")));
    d.notes.push_back(
        {graph_.pathway->transitions[circle.transitions.back()].span,
         facts.empty() ? "nothing stops this" : fmt::format("for example with {}", fmt::join(facts, ", "))});
    d.mend = "let one of these transitions wait (after 1 day), or let their conditions exclude each other";
  }

  const Graph& graph_;
  diagnostics::Sink& sink_;
  StageId start_;
  Circle path_;
  std::vector<bool> on_path_;
  std::map<std::uint32_t, std::string> words_;
  std::vector<Circle> circles_;
};

} // namespace

void report_timeless_cycles(const Graph& graph, diagnostics::Sink& sink) {
  if (graph.pathway) Search(graph, sink).run();
}

} // namespace aceso::driver
