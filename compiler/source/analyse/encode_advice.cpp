/// Rules, overrides, recommendations, cautions and stages: what resolve.cpp of the reference engine decides.
#include <algorithm>

#include "analyse/encoding.h"

namespace aceso::analyse {

using graph::Node;
using graph::OutcomeKind;

TruthLits Encoding::fires(RuleId rule) {
  return conjunction(truth(graph_.applies), truth(graph_.rules[rule.index()].condition));
}

TruthLits Encoding::effective(RuleId rule) {
  auto& known = effective_[rule.index()];
  if (known) return *known;
  TruthLits result = fires(rule);
  for (const RuleId winner : overriders_[rule.index()]) // acyclic: the checker has seen to it
    result = conjunction(result, negation(effective(winner)));
  effective_[rule.index()] = result;
  return result;
}

TruthLits Encoding::voice(RuleId rule, const graph::Advice& advice) {
  return conjunction(effective(rule), truth(advice.selected));
}

bool Encoding::may_conflict(ActionId id) const {
  const auto speaks = [&](ActionId action, bool in_favour) {
    const auto& voices = voices_[action.index()];
    return std::any_of(voices.begin(), voices.end(),
                       [&](const auto& voice) { return is_for(voice.second->verb) == in_favour; });
  };
  const auto& rivals = rivals_[id.index()];
  return speaks(id, true) && (speaks(id, false) || std::any_of(rivals.begin(), rivals.end(),
                                                               [&](ActionId rival) { return speaks(rival, true); }));
}

const ActionLits& Encoding::action(ActionId id) {
  auto& known = actions_[id.index()];
  if (known) return *known;
  const TruthLits never{-true_, true_};
  const auto side = [&](ActionId action, bool in_favour) {
    TruthLits total = never;
    for (const auto& [rule, advice] : voices_[action.index()])
      if (is_for(advice->verb) == in_favour) total = disjunction(total, voice(rule, *advice));
    return total;
  };
  ActionLits lits;
  lits.in_favour = side(id, true);
  lits.against = side(id, false);
  TruthLits opposed = lits.against;
  for (const ActionId rival : rivals_[id.index()])
    opposed = disjunction(opposed, side(rival, true));
  const TruthLits conflict = conjunction(lits.in_favour, opposed);
  std::vector<Lit> set_aside;
  for (const auto& [rule, advice] : voices_[id.index()])
    set_aside.push_back(both(conjunction(fires(rule), truth(advice->selected)).yes, voice(rule, *advice).no));
  lits.conflict = conflict.yes;
  lits.advised =
      all_of({conflict.no, either(lits.in_favour.yes, lits.against.yes), either(lits.in_favour.no, -lits.against.yes)});
  const Lit silent = all_of({-lits.conflict, -lits.advised, lits.in_favour.no, lits.against.no});
  lits.overridden = both(silent, any_of(std::move(set_aside)));
  lits.not_advised = both(silent, -lits.overridden);
  lits.undetermined = all_of({-lits.conflict, -lits.advised, -silent});
  known = lits;
  return *known;
}

TruthLits Encoding::outcome(const Node& node) {
  const ActionId id(node.reference);
  if (voices_[id.index()].empty()) return {-true_, true_};
  const ActionLits lits = action(id);
  const auto kind = static_cast<OutcomeKind>(node.detail);
  if (kind == OutcomeKind::undetermined) return {lits.undetermined, -lits.undetermined};
  const auto told = [&](Lit holds) {
    return TruthLits{both(-lits.undetermined, holds), both(-lits.undetermined, -holds)};
  };
  if (kind == OutcomeKind::conflict) return told(lits.conflict);
  if (kind == OutcomeKind::overridden) return told(lits.overridden);
  const bool in_favour =
      kind == OutcomeKind::recommended || kind == OutcomeKind::suggested || kind == OutcomeKind::advised;
  // What is advised takes the strongest verb, strength and urgency among the voices that hold on its side.
  const auto held = [&](auto counts) {
    std::vector<Lit> voices;
    for (const auto& [rule, advice] : voices_[id.index()])
      if (is_for(advice->verb) == in_favour && counts(*advice)) voices.push_back(voice(rule, *advice).yes);
    return any_of(std::move(voices));
  };
  const Lit strong =
      held([&](const graph::Advice& a) { return a.verb == (in_favour ? Verb::recommend : Verb::contraindicate); });
  Lit holds = both(lits.advised, in_favour ? lits.in_favour.yes : -lits.in_favour.yes);
  if (kind == OutcomeKind::recommended || kind == OutcomeKind::contraindicated) holds = both(holds, strong);
  if (kind == OutcomeKind::suggested || kind == OutcomeKind::avoided) holds = both(holds, -strong);
  if (node.urgency != Urgency::none) {
    holds = both(holds, held([&](const graph::Advice& a) { return a.urgency == node.urgency; }));
    holds = both(holds, -held([&](const graph::Advice& a) { return a.urgency > node.urgency; }));
  }
  if (node.strength != Strength::none) {
    holds = both(holds, held([&](const graph::Advice& a) { return a.strength == node.strength; }));
    holds = both(holds, -held([&](const graph::Advice& a) { return a.strength > node.strength; }));
  }
  return told(holds);
}

TruthLits Encoding::caution(CautionId id) {
  return conjunction(truth(graph_.applies), truth(graph_.cautions[id.index()].condition));
}

Lit Encoding::stage(StageId id) {
  if (stages_.empty()) {
    // Where the patient stands follows from the whole history; at one instant it is left free, except that a patient to
    // whom the guideline applies stands somewhere.
    for (std::size_t s = 0; s < graph_.dictionary.stages.size(); ++s) {
      stages_.push_back(sat_.fresh());
      for (std::size_t earlier = 0; earlier < s; ++earlier)
        sat_.add({-stages_[earlier], -stages_[s]});
    }
    std::vector<Lit> somewhere = stages_;
    somewhere.push_back(-truth(graph_.applies).yes);
    sat_.add(somewhere);
  }
  return stages_[id.index()];
}

} // namespace aceso::analyse
