#pragma once
/// Made-up decisions that touch every part of the JSON and of the text.

#include "explain/decision_text.h"
#include "module_fixture.h"

namespace aceso::test {

inline ZonedInstant at(std::string_view text) { return parse_instant(text).value(); }

inline InputId input(const Dictionary& dictionary, std::string_view name) {
  for (std::size_t i = 0; i < dictionary.inputs.size(); ++i) {
    if (dictionary.inputs[i].name == name) return InputId(i);
  }
  return {};
}

inline Recommendation recommendation(std::uint32_t action, RecommendationStatus status, std::optional<Verb> verb,
                                     std::vector<RuleId> rules) {
  Recommendation result;
  result.action = ActionId(action);
  result.status = status;
  result.verb = verb;
  result.rules = std::move(rules);
  return result;
}

inline Decision full_decision(const Dictionary& dictionary) {
  const InputId fever = input(dictionary, "fever");
  const InputId saddle = input(dictionary, "saddle_anesthesia");
  const InputId knee = input(dictionary, "knee_extension");
  using Status = RecommendationStatus;
  Decision d;
  d.applies = Truth::yes;
  d.at = at("2026-11-22T10:00:00+01:00");
  d.recommendations.push_back(recommendation(0, Status::conflict, Verb::recommend, {RuleId(0u), RuleId(1u)}));
  d.recommendations.push_back(recommendation(1, Status::advised, Verb::recommend, {RuleId(2u)}));
  d.recommendations.push_back(recommendation(2, Status::advised, Verb::recommend, {RuleId(2u)}));
  d.recommendations.push_back(recommendation(3, Status::advised, Verb::avoid, {RuleId(2u)}));
  d.recommendations.push_back(recommendation(4, Status::undetermined, Verb::recommend, {RuleId(3u)}));
  for (Recommendation& r : d.recommendations)
    r.strength = Strength::strong;
  d.recommendations[1].urgency = Urgency::routinely;
  d.recommendations[2].within = Period{0, 14 * 86400};
  d.recommendations[4].urgency = Urgency::urgently;
  d.recommendations[4].missing = {fever, saddle};
  d.stage = StageResult{StageId(1u), at("2026-10-01T00:00:00+02:00"), {}, {}, {}};
  d.stage->path = {{StageId(0u), at("2026-09-30T00:00:00+02:00")}, {StageId(1u), at("2026-10-01T00:00:00+02:00")}};
  NextStage imaging{StageId(2u),
                    "imaging_indicated",
                    Truth::unknown,
                    at("2026-12-01T00:00:00+01:00"),
                    at("2026-12-15T00:00:00+01:00"),
                    false,
                    {fever, saddle, knee}};
  NextStage discharged{
      StageId(3u), "symptom_course = resolved", Truth::no, std::nullopt, at("2026-11-01T00:00:00+01:00"), true, {}};
  d.stage->next = {imaging, discharged};
  d.values = {{DefinitionId(0u), Value(UnknownReason::refused), {fever, saddle}},
              {DefinitionId(1u), Value(Rational::make(1, 3).value()), {}},
              {DefinitionId(2u), Value(decimal("38.6")), {}},
              {DefinitionId(3u), choice(0), {}},
              {DefinitionId(4u), Value(Rational(12)), {}}};
  DifferentialResult root{DifferentialId(0u), DifferentialStatus::undetermined, std::nullopt, {}, {knee}};
  root.candidates.push_back(
      {Choice{1}, Rational(1), Rational(4), false, false, {"pain_pattern = medial_lower_leg"}, {}});
  root.candidates.push_back({Choice{2}, Rational(0), Rational(0), false, true, {}, {"patellar_reflex = diminished"}});
  d.differentials = {root};
  d.cautions = {{CautionId(0u), Truth::yes, {}}, {CautionId(1u), Truth::unknown, {knee}}};
  d.missing = {
      {saddle, {"surgical_referral", "any_red_flag"}}, {fever, {"surgical_referral"}}, {knee, {"affected_root"}}};
  d.trace = "sha256:11";
  return d;
}

inline Decision empty_decision(Truth applies) {
  Decision d;
  d.applies = applies;
  d.at = at("2026-11-22T10:00:00Z");
  d.trace = "sha256:22";
  return d;
}

} // namespace aceso::test
