#include "module/relations.h"

#include <algorithm>

namespace aceso {

std::vector<Period> terms_of(std::span<const Voice> voices) {
  std::vector<Period> terms;
  for (const Voice& voice : voices)
    if (voice.advice->within && std::find(terms.begin(), terms.end(), *voice.advice->within) == terms.end())
      terms.push_back(*voice.advice->within);
  return terms;
}

Relations::Relations(const Module& module) {
  relate_rules(module);
  relate_actions(module);
}

void Relations::relate_rules(const Module& module) {
  const auto& rules = module.rules;
  overriders.resize(rules.size());
  std::vector<std::size_t> waiting(rules.size());
  for (std::size_t i = 0; i < rules.size(); ++i)
    for (const RuleId loser : rules[i].overrides) {
      auto& list = overriders[loser.index()];
      if (list.empty() || list.back() != RuleId(i)) list.emplace_back(i);
    }
  for (std::size_t i = 0; i < rules.size(); ++i) {
    waiting[i] = overriders[i].size();
    if (waiting[i] == 0) order.emplace_back(i);
  }
  for (std::size_t next = 0; next < order.size(); ++next) {
    std::vector<RuleId> losers = rules[order[next].index()].overrides;
    std::sort(losers.begin(), losers.end());
    losers.erase(std::unique(losers.begin(), losers.end()), losers.end());
    for (const RuleId loser : losers)
      if (--waiting[loser.index()] == 0) order.push_back(loser);
  }
}

void Relations::relate_actions(const Module& module) {
  const Dictionary& names = module.dictionary;
  voices.resize(names.actions.size());
  rivals.resize(names.actions.size());
  for (std::size_t r = 0; r < module.rules.size(); ++r)
    for (const ModuleAdvice& advice : module.rules[r].advice)
      voices[advice.action.index()].push_back({RuleId(r), &advice});
  for (const ActionClassInfo& group : names.classes)
    if (group.at_most_one)
      for (const ActionId a : group.actions)
        for (const ActionId b : group.actions)
          if (a != b) rivals[a.index()].push_back(b);
  for (const InteractionInfo& pair : names.interactions) {
    rivals[pair.first.index()].push_back(pair.second);
    rivals[pair.second.index()].push_back(pair.first);
  }
  for (auto& list : rivals) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
  }
}

} // namespace aceso
