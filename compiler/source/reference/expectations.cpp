/// Expectations of cases against what was decided.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reference/evaluator.h"

namespace aceso::reference {

using graph::Expectation;
using graph::Graph;
using graph::Op;

namespace {

std::string names_of(const Graph& graph, const std::vector<InputId>& inputs) {
  std::vector<std::string> names;
  for (const InputId id : inputs)
    names.push_back(graph.dictionary[id].name);
  return names.empty() ? "nothing" : fmt::format("{}", fmt::join(names, ", "));
}

std::string describe(const Graph& graph, const Evaluation& evaluation, ActionId action) {
  const auto& all = evaluation.decision.recommendations;
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& r) { return r.action == action; });
  if (found == all.end()) return fmt::format("{}: no rule speaks about it", graph.dictionary[action].name);
  std::string text = fmt::format("{} is {}", graph.dictionary[action].name, to_text(found->status));
  if (found->verb) text += fmt::format(" ({}", to_text(*found->verb));
  if (found->verb && found->urgency != Urgency::none) text += fmt::format(" {}", to_text(found->urgency));
  if (found->verb) text += ")";
  if (!found->missing.empty()) text += ", missing " + names_of(graph, found->missing);
  return text;
}

/// What the parts of a failed expectation came to: outcomes, the stage, or else the values of named things in it.
void describe_parts(const Graph& graph, const Evaluation& evaluation, NodeId id, std::vector<std::string>& parts) {
  const graph::Node& node = graph[id];
  std::string part;
  if (node.op == Op::outcome) part = describe(graph, evaluation, ActionId(node.reference));
  if (node.op == Op::in_stage)
    part = evaluation.decision.stage ? "the stage is " + graph.dictionary[evaluation.decision.stage->stage].name
                                     : std::string("the pathway has not started");
  if (node.op == Op::input) {
    const InputInfo& input = graph.dictionary.inputs[node.reference];
    part = fmt::format("{} = {}", input.name,
                       to_text(graph.dictionary, input.type, evaluation.snapshot.values[node.reference]));
  }
  for (std::size_t i = 0; part.empty() && i < graph.definitions.size(); ++i) {
    if (graph.definitions[i].node != id || node.op == Op::constant) continue;
    const DefinitionInfo& info = graph.dictionary.definitions[i];
    part = fmt::format("{} = {}", info.name, to_text(graph.dictionary, info.type, evaluation.decision.values[i].value));
  }
  if (node.op == Op::differential) {
    const auto& result = evaluation.decision.differentials[node.reference];
    const DifferentialInfo& info = graph.dictionary.differentials[node.reference];
    part = result.decided ? fmt::format("{} = {}", info.name, to_text(graph.dictionary, info.type, *result.decided))
                          : fmt::format("{} is {}", info.name, to_text(result.status));
  }
  if (!part.empty()) {
    if (!std::count(parts.begin(), parts.end(), part)) parts.push_back(part);
    return;
  }
  for (const NodeId operand : node.operands)
    describe_parts(graph, evaluation, operand, parts);
}

ExpectationResult check_missing(const Graph& graph, const Evaluation& evaluation, const Expectation& expectation) {
  std::vector<InputId> asked;
  if (expectation.undetermined.empty())
    for (const MissingInput& m : evaluation.decision.missing)
      asked.push_back(m.input);
  for (const Recommendation& r : evaluation.decision.recommendations)
    if (std::count(expectation.undetermined.begin(), expectation.undetermined.end(), r.action))
      asked.insert(asked.end(), r.missing.begin(), r.missing.end());
  std::vector<InputId> absent;
  for (const InputId wanted : expectation.missing)
    if (!std::count(asked.begin(), asked.end(), wanted)) absent.push_back(wanted);
  if (absent.empty()) return {true, {}};
  return {false, fmt::format("{} would not settle it; missing: {}", names_of(graph, absent), names_of(graph, asked))};
}

} // namespace

ExpectationResult check_expectation(const Graph& graph, const Evaluation& evaluation, const Expectation& expectation) {
  using Kind = Expectation::Kind;
  if (expectation.kind == Kind::refused) {
    for (const BrokenConstraint& b : evaluation.broken)
      if (b.constraint == expectation.constraint) return {true, {}};
    return {false, "the case keeps this constraint"};
  }
  if (!evaluation.broken.empty()) {
    const BrokenConstraint& b = evaluation.broken.front();
    return {false, fmt::format("the case is refused: {} ({})", b.message,
                               graph.dictionary.constraints[b.constraint.index()].name)};
  }
  if (expectation.kind == Kind::is_missing) return check_missing(graph, evaluation, expectation);

  Evaluator evaluator(graph, evaluation.snapshot);
  if (evaluation.decision.stage) evaluator.set_stage(evaluation.decision.stage->stage);
  evaluator.set_decision(&evaluation.decision);
  const Truth truth = evaluator.truth(expectation.condition);
  if (truth == Truth::yes) return {true, {}};
  std::vector<std::string> parts;
  describe_parts(graph, evaluation, expectation.condition, parts);
  return {false, parts.empty() ? std::string(to_text(truth)) : fmt::format("{}", fmt::join(parts, "; "))};
}

PatientCase case_at_step(const graph::TestCase& test, std::size_t step) {
  PatientCase result;
  result.now = test.steps[step].at;
  for (std::size_t i = 0; i <= step; ++i)
    result.events.push_back({test.steps[i].at, test.steps[i].facts});
  return result;
}

} // namespace aceso::reference
