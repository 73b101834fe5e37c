#include "explain/clashes.h"

#include <algorithm>

#include "module/phrases.h"

namespace aceso {
namespace {

/// Whether one of the rules advises the action.
bool is_advised(const Dictionary& dictionary, const std::vector<RuleId>& rules, ActionId action) {
  for (const RuleId rule : rules)
    for (const RuleAdvice& advice : dictionary[rule].advice)
      if (advice.action == action && is_for(advice.verb)) return true;
  return false;
}

} // namespace

std::vector<Clash> clashes_of(const Dictionary& dictionary, const Decision& decision, const Recommendation& r) {
  std::vector<Clash> found;
  if (r.status != RecommendationStatus::conflict) return found;
  // Advised, and in conflict: a table may have chosen another one.
  std::vector<ActionId> advised;
  for (const Recommendation& other : decision.recommendations)
    if (other.status == RecommendationStatus::conflict && is_advised(dictionary, other.rules, other.action))
      advised.push_back(other.action);
  const auto add = [&](const std::vector<ActionId>& members, std::string because, const ActionClassInfo* at_most_one) {
    Clash clash{{}, std::move(because), at_most_one, {}};
    for (const ActionId member : members)
      if (std::count(advised.begin(), advised.end(), member) > 0) clash.actions.push_back(member);
    if (clash.actions.size() < 2 || std::count(clash.actions.begin(), clash.actions.end(), r.action) == 0) return;
    std::sort(clash.actions.begin(), clash.actions.end());
    for (const RuleId rule : r.rules) {
      const auto& advice = dictionary[rule].advice;
      const bool is_plain_about_this = std::any_of(advice.begin(), advice.end(), [&](const RuleAdvice& a) {
        return a.action == r.action && !a.chosen_by_table;
      });
      const bool is_for_another = std::any_of(clash.actions.begin(), clash.actions.end(), [&](ActionId other) {
        return other != r.action && is_advised(dictionary, {rule}, other);
      });
      if (!is_plain_about_this && is_for_another) clash.rules.push_back(rule);
    }
    found.push_back(std::move(clash));
  };
  for (const InteractionInfo& each : dictionary.interactions)
    add({each.first, each.second}, each.text, nullptr);
  for (const ActionClassInfo& each : dictionary.classes)
    if (each.at_most_one) add(each.actions, each.title.empty() ? each.name : each.title, &each);
  return found;
}

std::string clash_words(const Dictionary& dictionary, const Clash& clash) {
  std::string names;
  for (const ActionId action : clash.actions)
    names += (names.empty() ? "" : ", ") + dictionary[action].title;
  if (!clash.because.empty()) names += " (" + clash.because + ")";
  return say(spoken_language(dictionary), clash.at_most_one != nullptr ? Phrase::at_most_one_of : Phrase::not_together,
             names);
}

} // namespace aceso
