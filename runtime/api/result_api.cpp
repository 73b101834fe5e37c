/// Decisions across the border: walk one, or write it down.
#include <algorithm>

#include "api/values.h"
#include "explain/decision_text.h"

namespace aceso::api {
namespace {

static_assert(static_cast<int>(RecommendationStatus::advised) == ACESO_ADVISED &&
              static_cast<int>(RecommendationStatus::not_advised) == ACESO_NOT_ADVISED &&
              static_cast<int>(RecommendationStatus::conflict) == ACESO_CONFLICT &&
              static_cast<int>(RecommendationStatus::undetermined) == ACESO_UNDETERMINED &&
              static_cast<int>(RecommendationStatus::overridden) == ACESO_OVERRIDDEN);
static_assert(static_cast<int>(Verb::recommend) == ACESO_RECOMMEND &&
              static_cast<int>(Verb::suggest) == ACESO_SUGGEST && static_cast<int>(Verb::avoid) == ACESO_AVOID &&
              static_cast<int>(Verb::contraindicate) == ACESO_CONTRAINDICATE);
static_assert(static_cast<int>(Strength::weak) == ACESO_WEAK && static_cast<int>(Strength::strong) == ACESO_STRONG);
static_assert(static_cast<int>(Urgency::routinely) == ACESO_ROUTINELY &&
              static_cast<int>(Urgency::soon) == ACESO_SOON && static_cast<int>(Urgency::urgently) == ACESO_URGENTLY &&
              static_cast<int>(Urgency::immediately) == ACESO_IMMEDIATELY);
static_assert(static_cast<int>(DifferentialStatus::decided) == ACESO_DECIDED &&
              static_cast<int>(DifferentialStatus::none) == ACESO_NONE_HOLDS &&
              static_cast<int>(DifferentialStatus::tie) == ACESO_TIE &&
              static_cast<int>(DifferentialStatus::undetermined) == ACESO_OPEN);

aceso_action action_of(const interpret::ActionState& state) {
  aceso_action out{};
  out.status = static_cast<std::int32_t>(state.status);
  out.verb = state.verb ? static_cast<std::int32_t>(*state.verb) : ACESO_VERB_NONE;
  out.strength = static_cast<std::int32_t>(state.strength);
  out.urgency = static_cast<std::int32_t>(state.urgency);
  out.within_months = state.within ? state.within->months : -1;
  out.within_seconds = state.within ? state.within->seconds : -1;
  out.in_favour = to_c(state.in_favour);
  out.against = to_c(state.against);
  return out;
}

/// Hands out a list; the evaluator keeps it.
template <class Ids>
void hand_out(aceso_evaluator& evaluator, const Ids& list, const std::uint32_t** ids, std::size_t* count) {
  evaluator.ids.clear();
  for (const auto id : list)
    evaluator.ids.push_back(id.index());
  *ids = evaluator.ids.data();
  *count = evaluator.ids.size();
}

const DifferentialResult& differential(aceso_evaluator& evaluator, std::uint32_t index) {
  return row(evaluator.whole_decision().differentials, index);
}
const StageResult& stage(aceso_evaluator& evaluator) {
  const auto& found = evaluator.whole_decision().stage;
  if (!found) fail(ACESO_BAD_ARGUMENT, Fault::no_such_row, "0: there is no stage");
  return *found;
}

/// A call that reads results into `out`.
template <class Call>
aceso_status look(aceso_evaluator* evaluator, const void* out, Call call) {
  return guard(evaluator, [&] {
    need(out);
    evaluator->need_results();
    call();
  });
}

} // namespace
} // namespace aceso::api

using namespace aceso::api;

extern "C" {

aceso_status aceso_result_applies(aceso_evaluator* evaluator, int32_t* applies) {
  return look(evaluator, applies, [&] { *applies = to_c(evaluator->engine.applies()); });
}

aceso_status aceso_result_action(aceso_evaluator* evaluator, uint32_t action, aceso_action* result) {
  return look(evaluator, result, [&] {
    (void)row(evaluator->dictionary().actions, action);
    fill(result, action_of(evaluator->engine.action(aceso::ActionId(action))));
  });
}

aceso_status aceso_result_rules(aceso_evaluator* evaluator, uint32_t action, const uint32_t** rules, size_t* count) {
  return look(evaluator, rules, [&] {
    need(count);
    (void)row(evaluator->dictionary().actions, action);
    static const std::vector<aceso::RuleId> none;
    const auto& all = evaluator->whole_decision().recommendations;
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& r) { return r.action.index() == action; });
    hand_out(*evaluator, found == all.end() ? none : found->rules, rules, count);
  });
}

aceso_status aceso_result_missing(aceso_evaluator* evaluator, uint32_t action, const uint32_t** inputs, size_t* count) {
  return look(evaluator, inputs, [&] {
    need(count);
    std::vector<aceso::InputId> ids;
    if (action == ACESO_NONE) {
      for (const auto& each : evaluator->whole_decision().missing)
        ids.push_back(each.input);
    } else {
      (void)row(evaluator->dictionary().actions, action);
      const aceso::ActionId id(action);
      if (evaluator->engine.action(id).status == aceso::RecommendationStatus::undetermined)
        return hand_out(*evaluator, evaluator->engine.missing(id), inputs, count);
    }
    hand_out(*evaluator, ids, inputs, count);
  });
}

aceso_status aceso_result_rule(aceso_evaluator* evaluator, uint32_t rule, int32_t* fires, int32_t* effective) {
  return look(evaluator, fires, [&] {
    need(effective);
    (void)row(evaluator->dictionary().rules, rule);
    const auto& state = evaluator->engine.rule(aceso::RuleId(rule));
    *fires = to_c(state.fires);
    *effective = to_c(state.effective);
  });
}

aceso_status aceso_result_caution(aceso_evaluator* evaluator, uint32_t caution, int32_t* fires) {
  return look(evaluator, fires, [&] {
    (void)row(evaluator->dictionary().cautions, caution);
    *fires = to_c(evaluator->engine.caution(aceso::CautionId(caution)));
  });
}

aceso_status aceso_result_definition(aceso_evaluator* evaluator, uint32_t definition, aceso_value* value) {
  return look(evaluator, value, [&] {
    const auto& info = row(evaluator->dictionary().definitions, definition);
    aceso::Value found = evaluator->engine.definition(aceso::DefinitionId(definition));
    if (!fits(evaluator->dictionary(), info.type, found)) found = aceso::UnknownReason::invalid;
    *value = to_c(evaluator->dictionary(), info.type, found, &evaluator->scratch);
  });
}

aceso_status aceso_result_input(aceso_evaluator* evaluator, uint32_t input, aceso_value* value, int32_t* is_assumed) {
  return look(evaluator, value, [&] {
    const auto& info = row(evaluator->dictionary().inputs, input);
    const aceso::InputId id(input);
    *value = to_c(evaluator->dictionary(), info.type, evaluator->engine.input(id), &evaluator->scratch);
    if (is_assumed != nullptr) *is_assumed = evaluator->engine.is_assumed(id) ? 1 : 0;
  });
}

aceso_status aceso_result_differential(aceso_evaluator* evaluator, uint32_t index, aceso_differential* result) {
  return look(evaluator, result, [&] {
    const auto& found = differential(*evaluator, index);
    fill(result, {0, static_cast<int32_t>(found.status), found.decided ? found.decided->index : ACESO_NONE,
                  static_cast<uint32_t>(found.candidates.size())});
  });
}

aceso_status aceso_result_candidate(aceso_evaluator* evaluator, uint32_t index, uint32_t i, aceso_candidate* result) {
  return look(evaluator, result, [&] {
    const auto& found = row(differential(*evaluator, index).candidates, i);
    fill(result, {0, found.candidate.index, found.confirmed ? 1 : 0, found.excluded ? 1 : 0, to_c(found.lowest, {}),
                  to_c(found.highest, {})});
  });
}

aceso_status aceso_result_stage(aceso_evaluator* evaluator, aceso_stage* result) {
  return look(evaluator, result, [&] {
    const auto& found = evaluator->whole_decision().stage;
    if (!found) return fill(result, {0, ACESO_NONE, {0, 0}, 0, 0, 0});
    fill(result, {0, found->stage.index(), to_c(found->entered_at), static_cast<uint32_t>(found->path.size()),
                  static_cast<uint32_t>(found->next.size()), found->conflict.empty() ? 0 : 1});
  });
}

aceso_status aceso_result_visit(aceso_evaluator* evaluator, uint32_t i, uint32_t* stage_index,
                                aceso_instant* entered_at) {
  return look(evaluator, stage_index, [&] {
    need(entered_at);
    const auto& visit = row(stage(*evaluator).path, i);
    *stage_index = visit.stage.index();
    *entered_at = to_c(visit.entered_at);
  });
}

aceso_status aceso_result_next_stage(aceso_evaluator* evaluator, uint32_t i, aceso_next_stage* result) {
  return look(evaluator, result, [&] {
    const auto& next = row(stage(*evaluator).next, i);
    const auto instant = [](const std::optional<aceso::ZonedInstant>& at) {
      return at ? to_c(*at) : aceso_instant{0, 0};
    };
    // The condition is a whole text of the module, so it ends with a NUL.
    const aceso_text when{next.when.data(), next.when.size()};
    fill(result, {0, next.to.index(), to_c(next.condition), when, next.due ? 1 : 0, next.overdue ? 1 : 0,
                  instant(next.due), next.not_before ? 1 : 0, instant(next.not_before)});
  });
}

aceso_status aceso_decision_json(aceso_evaluator* evaluator, int32_t compact, aceso_text* json) {
  return look(evaluator, json, [&] {
    auto& writer = evaluator->decision_writers[compact != 0 ? 1 : 0];
    if (!writer) writer.emplace(evaluator->dictionary(), aceso::DecisionJsonOptions{.compact = compact != 0});
    *json = evaluator->text.assign(writer->write(evaluator->whole_decision()));
  });
}

aceso_status aceso_decision_text(aceso_evaluator* evaluator, uint32_t width, aceso_text* text) {
  return look(evaluator, text, [&] {
    aceso::DecisionTextOptions options;
    if (width != 0) options.width = width;
    *text = evaluator->text.assign(decision_to_text(evaluator->dictionary(), evaluator->whole_decision(), options));
  });
}

aceso_status aceso_decision_trace(aceso_evaluator* evaluator, aceso_text* trace) {
  return look(evaluator, trace, [&] { *trace = text(evaluator->whole_decision().trace); });
}

} // extern "C"
