/// From rules that fire to one recommendation for each action: overrides, conflicts, what is undetermined.
#include <algorithm>

#include "interpret/evaluator_state.h"

namespace aceso::interpret {

/// One piece of advice about one action on this patient.
struct Evaluator::State::Spoken {
  RuleId rule;
  const ModuleAdvice& advice;
  Truth fires;     ///< before overrides
  Truth effective; ///< after overrides
  [[nodiscard]] bool is_in_favour() const { return is_for(advice.verb); }
};

Evaluator::State::Spoken Evaluator::State::spoken(RuleId id, const ModuleAdvice& advice) const {
  const RuleState& rule = rules[id.index()];
  const Truth chosen = advice.selected == no_register ? Truth::yes : bytecode::to_truth(machine.truth(advice.selected));
  return {id, advice, rule.fires & chosen, rule.effective & chosen};
}

/// Of the rules that fire, or may.
template <class Visit>
void Evaluator::State::for_each_voice(ActionId id, Visit visit) const {
  for (const Voice& voice : plan.voices[id.index()]) {
    if (rules[voice.rule.index()].fires != Truth::no) visit(spoken(voice.rule, *voice.advice));
  }
}

void Evaluator::State::settle_rules() {
  for (const RuleId id : plan.order) {
    RuleState& rule = rules[id.index()];
    rule.fires = applies & bytecode::to_truth(machine.truth(module.rules[id.index()].condition));
    rule.effective = rule.fires;
    if (rule.fires == Truth::no) continue;
    for (const RuleId overrider : plan.overriders[id.index()])
      rule.effective = rule.effective & !rules[overrider.index()].effective;
  }
}

void Evaluator::State::settle_actions() {
  for (const ActionId id : spoken_of_)
    actions[id.index()] = {};
  spoken_of_.clear();
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (rules[i].fires == Truth::no) continue; // it says nothing
    for (const ModuleAdvice& each : module.rules[i].advice) {
      const Spoken voice = spoken(RuleId(i), each);
      ActionState& state = actions[each.action.index()];
      if (voice.fires != Truth::yes && voice.effective == Truth::no) continue;
      if (!state.is_spoken_of) spoken_of_.push_back(each.action);
      state.is_spoken_of = true;
      Truth& side = voice.is_in_favour() ? state.in_favour : state.against;
      side = side | voice.effective;
    }
  }
  for (const ActionId id : spoken_of_)
    settle_action(id);
}

void Evaluator::State::settle_action(ActionId id) {
  ActionState& state = actions[id.index()];
  Truth opposed = state.against;
  for (const ActionId rival : plan.rivals[id.index()])
    opposed = opposed | actions[rival.index()].in_favour;
  const Truth conflict = state.in_favour & opposed;
  if (conflict == Truth::yes) {
    state.status = RecommendationStatus::conflict;
    describe(id, [](const Spoken& v) { return v.is_in_favour() && v.effective == Truth::yes; });
  } else if (conflict == Truth::no && (state.in_favour == Truth::yes || state.against == Truth::yes) &&
             (state.in_favour == Truth::no || state.against != Truth::yes)) {
    const bool in_favour = state.in_favour == Truth::yes;
    state.status = RecommendationStatus::advised;
    describe(id, [&](const Spoken& v) { return v.is_in_favour() == in_favour && v.effective == Truth::yes; });
  } else if (state.in_favour == Truth::no && state.against == Truth::no) {
    // Nothing effective speaks about the action: not advised, or everything that fired was overridden.
    describe(id, [&](const Spoken& v) {
      const bool is_overridden = v.fires == Truth::yes && v.effective == Truth::no;
      if (is_overridden) state.status = RecommendationStatus::overridden;
      return is_overridden;
    });
  } else {
    state.status = RecommendationStatus::undetermined;
    // The verb in question: what holds already, or else what may hold, in favour first.
    const bool in_favour =
        state.in_favour == Truth::yes || (state.in_favour == Truth::unknown && state.against != Truth::yes);
    describe(id, [&](const Spoken& v) { return v.is_in_favour() == in_favour && v.effective != Truth::no; });
  }
}

namespace {

bool is_stronger(Verb a, Verb b) {
  if (is_for(a) != is_for(b)) return is_for(a);
  return a == Verb::recommend || a == Verb::contraindicate ? a != b : false;
}

/// For comparison only: a month counts as 30 days.
std::int64_t length(Period p) { return p.months * 30 * 86'400 + p.seconds; }

} // namespace

/// Verb, strength, urgency and term: the strongest among the voices that count.
template <class Counts>
void Evaluator::State::describe(ActionId id, Counts counts) {
  ActionState& state = actions[id.index()];
  for_each_voice(id, [&](const Spoken& voice) {
    if (!counts(voice)) return;
    const ModuleAdvice& advice = voice.advice;
    if (!state.verb || is_stronger(advice.verb, *state.verb)) state.verb = advice.verb;
    state.strength = std::max(state.strength, advice.strength);
    state.urgency = std::max(state.urgency, advice.urgency);
    if (advice.within && (!state.within || length(*advice.within) < length(*state.within)))
      state.within = advice.within;
  });
}

void Evaluator::State::list_rules_behind(ActionId id, std::vector<RuleId>& list) const {
  const ActionState& state = actions[id.index()];
  list.clear();
  const auto add = [&](ActionId of, auto counts) {
    for_each_voice(of, [&](const Spoken& voice) {
      if (counts(voice)) list.push_back(voice.rule);
    });
  };
  switch (state.status) {
  case RecommendationStatus::not_advised: break;
  case RecommendationStatus::advised:
    add(id, [&](const Spoken& v) {
      return v.is_in_favour() == (state.in_favour == Truth::yes) && v.effective == Truth::yes;
    });
    break;
  case RecommendationStatus::conflict:
    add(id, [](const Spoken& v) { return v.effective == Truth::yes; });
    for (const ActionId rival : plan.rivals[id.index()])
      add(rival, [](const Spoken& v) { return v.is_in_favour() && v.effective == Truth::yes; });
    break;
  case RecommendationStatus::undetermined: add(id, [](const Spoken& v) { return v.effective != Truth::no; }); break;
  case RecommendationStatus::overridden: {
    add(id, [](const Spoken& v) { return v.fires == Truth::yes && v.effective == Truth::no; });
    const std::size_t losers = list.size();
    for (std::size_t i = 0; i < losers; ++i)
      for (const RuleId overrider : plan.overriders[list[i].index()])
        if (rules[overrider.index()].effective == Truth::yes) list.push_back(overrider);
    break;
  }
  }
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

/// Of a rule that is not settled: its own condition, whether the guideline applies, and the rules that may override it.
void Evaluator::State::add_missing_of_rule(RuleId id) {
  auto& asked = rules_asked_[id.index()];
  if (asked == asking_) return;
  asked = asking_;
  if (rules[id.index()].fires == Truth::unknown) {
    machine.add_missing_truth(module.applies);
    machine.add_missing_truth(module.rules[id.index()].condition);
  }
  for (const RuleId overrider : plan.overriders[id.index()])
    if (rules[overrider.index()].effective == Truth::unknown) add_missing_of_rule(overrider);
}

void Evaluator::State::add_missing_of_voices(ActionId id, bool only_in_favour) {
  for_each_voice(id, [&](const Spoken& voice) {
    if (voice.effective != Truth::unknown || (only_in_favour && !voice.is_in_favour())) return;
    add_missing_of_rule(voice.rule);
    machine.add_missing_truth(voice.advice.selected);
  });
}

const std::vector<InputId>& Evaluator::State::missing(ActionId id) {
  machine.begin_missing();
  if (++asking_ == 0) {
    std::fill(rules_asked_.begin(), rules_asked_.end(), 0);
    asking_ = 1;
  }
  const ActionState& state = actions[id.index()];
  if (state.status == RecommendationStatus::undetermined) {
    add_missing_of_voices(id, false);
    if (state.in_favour != Truth::no)
      for (const ActionId rival : plan.rivals[id.index()])
        if (actions[rival.index()].in_favour == Truth::unknown) add_missing_of_voices(rival, true);
  }
  return machine.missing();
}

} // namespace aceso::interpret
