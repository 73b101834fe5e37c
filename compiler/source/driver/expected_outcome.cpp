#include "driver/expected_outcome.h"

#include <fmt/format.h>

#include "driver/witness_cases.h"

namespace aceso::driver {

using graph::Graph;
using reference::Evaluation;

std::string expectation_about(const Graph& graph, const Evaluation& evaluation, ActionId action) {
  const std::string& name = graph.dictionary[action].name;
  for (const Recommendation& r : evaluation.decision.recommendations) {
    if (r.action != action) continue;
    switch (r.status) {
    case RecommendationStatus::conflict: return "conflict " + name;
    case RecommendationStatus::undetermined: return "undetermined " + name;
    case RecommendationStatus::overridden: return "overridden " + name;
    case RecommendationStatus::not_advised: {
      // Against is only said where some rule may say it.
      bool may_be_for = false;
      for (const graph::Rule& rule : graph.rules)
        for (const graph::Advice& advice : rule.advice)
          may_be_for |= advice.action == action && is_for(advice.verb);
      return fmt::format("not {} {}", may_be_for ? "advised" : "avoided", name);
    }
    case RecommendationStatus::advised: break;
    }
    const char* verb = r.verb == Verb::recommend ? "recommended"
                       : r.verb == Verb::suggest ? "suggested"
                       : r.verb == Verb::avoid   ? "avoided"
                                                 : "contraindicated";
    std::string said = fmt::format("{} {}", verb, name);
    for (const std::string_view word : {to_text(r.strength), to_text(r.urgency)})
      if (!word.empty()) said += fmt::format(" {}", word);
    return said;
  }
  return "not advised " + name;
}

std::optional<std::string> expectation_about(const Graph& graph, const Evaluation& evaluation,
                                             DefinitionId definition) {
  const DefinitionInfo& info = graph.dictionary.definitions[definition.index()];
  for (const DefinitionValue& value : evaluation.decision.values) {
    if (value.definition != definition) continue;
    if (!value.value.is_known()) return info.name + " is unknown";
    if (value.value.is<bool>()) return value.value.as<bool>() ? info.name : "not " + info.name;
    const auto literal = case_literal(graph.dictionary, info.type, value.value);
    if (!literal) return std::nullopt;
    return fmt::format("{} = {}", info.name, *literal);
  }
  return std::nullopt;
}

std::string expectation_about(const Graph& graph, const Evaluation& evaluation, DifferentialId differential) {
  const DifferentialInfo& info = graph.dictionary.differentials[differential.index()];
  const DifferentialResult& result = evaluation.decision.differentials[differential.index()];
  if (result.decided)
    return fmt::format("{} = {}", info.name, to_text(graph.dictionary, info.type, Value(*result.decided)));
  const bool is_open = result.status == DifferentialStatus::undetermined;
  return fmt::format("{} is unknown {}", info.name,
                     to_text(is_open ? UnknownReason::not_asked : UnknownReason::not_applicable));
}

std::optional<std::string> expectation_about(const Graph& graph, const Evaluation& evaluation, CautionId caution) {
  Truth fires = Truth::no;
  for (const CautionResult& one : evaluation.decision.cautions)
    if (one.caution == caution) fires = one.fires;
  if (fires == Truth::unknown) return std::nullopt;
  return fmt::format("{}caution {}", fires == Truth::yes ? "" : "not ",
                     graph.dictionary.cautions[caution.index()].name);
}

std::string expectation_about_applying(const Evaluation& evaluation) {
  return evaluation.decision.applies == Truth::yes  ? "applies"
         : evaluation.decision.applies == Truth::no ? "not applies"
                                                    : "applies unknown";
}

std::optional<std::string> expectation_about_stage(const Graph& graph, const Evaluation& evaluation) {
  if (!evaluation.decision.stage) return std::nullopt;
  return "stage " + graph.dictionary[evaluation.decision.stage->stage].name;
}

std::vector<std::string> expected_refusals(const Graph& graph, const Evaluation& evaluation) {
  std::vector<std::string> said;
  for (const reference::BrokenConstraint& broken : evaluation.broken)
    said.push_back("refused " + graph.dictionary.constraints[broken.constraint.index()].name);
  return said;
}

std::vector<std::string> expected_everything(const Graph& graph, const Evaluation& evaluation) {
  if (!evaluation.broken.empty()) return expected_refusals(graph, evaluation);
  std::vector<std::string> said;
  const auto add = [&](std::optional<std::string> one) {
    if (one) said.push_back(std::move(*one));
  };
  if (!graph.dictionary.guideline.id.empty()) add(expectation_about_applying(evaluation));
  for (const Recommendation& r : evaluation.decision.recommendations)
    add(expectation_about(graph, evaluation, r.action));
  for (std::size_t c = 0; c < graph.cautions.size(); ++c)
    add(expectation_about(graph, evaluation, CautionId(c)));
  add(expectation_about_stage(graph, evaluation));
  for (std::size_t d = 0; d < graph.definitions.size(); ++d)
    add(expectation_about(graph, evaluation, DefinitionId(d)));
  for (std::size_t d = 0; d < graph.differentials.size(); ++d)
    add(expectation_about(graph, evaluation, DifferentialId(d)));
  return said;
}

} // namespace aceso::driver
