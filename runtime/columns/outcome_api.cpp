/// Outcomes alone, by look-ups or by a whole evaluation. In libaceso_runtime.so as well, where the look-ups are made by
/// libaceso_batch (on_demand.cpp).
#include <algorithm>

#include "api/values.h"
#include "module/relations.h"

namespace aceso::api {

const std::vector<std::vector<Period>>& Loaded::terms() const {
  std::call_once(terms_once_, [&] {
    for (const auto& voices : Relations(*module).voices)
      terms_.push_back(terms_of(voices));
  });
  return terms_;
}

const interpret::OutcomeFinder* Loaded::finder() const {
  std::call_once(finder_once_, [&] { finder_ = make_finder(module); });
  return finder_.get();
}

namespace {

using interpret::Outcomes;

static_assert(sizeof(aceso_outcome) == sizeof(NativeOutcome) &&
              offsetof(aceso_outcome, status) == offsetof(NativeOutcome, status) &&
              offsetof(aceso_outcome, verb) == offsetof(NativeOutcome, verb) &&
              offsetof(aceso_outcome, strength) == offsetof(NativeOutcome, strength) &&
              offsetof(aceso_outcome, urgency) == offsetof(NativeOutcome, urgency) &&
              offsetof(aceso_outcome, within) == offsetof(NativeOutcome, within));
static_assert(static_cast<int>(Truth::no) == ACESO_NO && static_cast<int>(Truth::unknown) == ACESO_UNKNOWN &&
              static_cast<int>(Truth::yes) == ACESO_YES);

/// What a whole evaluation has come to.
void copy(aceso_evaluator& from, Outcomes& to) {
  const Dictionary& names = from.dictionary();
  const interpret::Evaluator& engine = from.engine;
  const auto stage = engine.stage();
  to.summary = {static_cast<std::uint8_t>(engine.applies()), {}, stage ? stage->index() : ACESO_NONE};
  to.actions.resize(names.actions.size());
  for (std::size_t i = 0; i < to.actions.size(); ++i) {
    const interpret::ActionState& state = engine.action(ActionId(i));
    NativeOutcome& action = to.actions[i];
    action.status = static_cast<std::uint8_t>(state.status);
    action.verb = static_cast<std::uint8_t>(state.verb ? 1 + static_cast<int>(*state.verb) : 0);
    action.strength = static_cast<std::uint8_t>(state.strength);
    action.urgency = static_cast<std::uint8_t>(state.urgency);
    action.within = 0;
    if (!state.within) continue;
    const std::vector<Period>& terms = from.loaded->terms()[i];
    action.within =
        static_cast<std::uint16_t>(1 + (std::find(terms.begin(), terms.end(), *state.within) - terms.begin()));
  }
  to.cautions.resize(names.cautions.size());
  for (std::size_t i = 0; i < to.cautions.size(); ++i)
    to.cautions[i] = static_cast<std::uint8_t>(engine.caution(CautionId(i)));
  to.differentials.resize(names.differentials.size());
  for (std::size_t i = 0; i < to.differentials.size(); ++i) {
    const auto each = from.engine.differential(DifferentialId(i));
    to.differentials[i] = static_cast<std::uint32_t>(each.status);
    if (each.decided) to.differentials[i] += 256 * each.decided->index;
  }
}

/// False where they cannot be looked up.
bool look_up(aceso_evaluator& evaluator, bool& is_refused) {
  const interpret::Registers* const facts = evaluator.engine.present_facts();
  const interpret::OutcomeFinder* const finder = facts != nullptr ? evaluator.loaded->finder() : nullptr;
  if (finder == nullptr) return false;
  Outcomes& outcomes = *evaluator.outcomes;
  if (outcomes.scratch.empty()) finder->prepare(outcomes);
  is_refused = !finder->find(*facts, evaluator.now.instant.seconds, outcomes);
  return true;
}

} // namespace
} // namespace aceso::api

using namespace aceso::api;

extern "C" {

aceso_status aceso_evaluate_outcomes(aceso_evaluator* evaluator, aceso_instant now, aceso_outcomes* outcomes) {
  return guard(evaluator, [&] {
    need(outcomes);
    if (outcomes->struct_size < sizeof(aceso_outcomes)) fail(ACESO_BAD_ARGUMENT, Fault::small_struct);
    const aceso::ZonedInstant at = to_instant(now);
    evaluator->facts_change();
    evaluator->now = at;
    if (!evaluator->outcomes) evaluator->outcomes.emplace();
    bool is_refused = false;
    const bool is_looked_up = look_up(*evaluator, is_refused);
    if (is_looked_up && !is_refused) {
      evaluator->evaluated = aceso_evaluator::Evaluated::outcomes;
    } else {
      evaluator->evaluate_whole();
      copy(*evaluator, *evaluator->outcomes);
    }
    const Outcomes& found = *evaluator->outcomes;
    fill(outcomes,
         {0, found.summary.applies, found.summary.stage, reinterpret_cast<const aceso_outcome*>(found.actions.data()),
          found.cautions.data(), found.differentials.data(), is_looked_up ? 1 : 0});
  });
}

aceso_status aceso_module_term(const aceso_module* module, uint32_t action, uint32_t i, int64_t* months,
                               int64_t* seconds) {
  return guard([&] {
    need(module);
    need(months);
    need(seconds);
    const aceso::Period term = row(row(module->loaded->terms(), action), i);
    *months = term.months;
    *seconds = term.seconds;
    return ACESO_OK;
  });
}

} // extern "C"
