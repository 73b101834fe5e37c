#pragma once
/// What a module says about advice, turned around: who speaks about which action, who overrides whom. Engines that
/// settle recommendations go by it.

#include <span>
#include <vector>

#include "module/module.h"

namespace aceso {

/// One piece of advice of one rule.
struct Voice {
  RuleId rule;
  const ModuleAdvice* advice;
};

/// The terms ("within 2 weeks") of pieces of advice, each once, in their order.
[[nodiscard]] std::vector<Period> terms_of(std::span<const Voice> voices);

/// Points into the module that it was made from, which must outlive it. Immutable once made.
struct Relations {
  explicit Relations(const Module& module);

  std::vector<std::vector<Voice>> voices;      ///< by action, in the order of the rules
  std::vector<std::vector<ActionId>> rivals;   ///< by action, ascending: not to be advised together
  std::vector<std::vector<RuleId>> overriders; ///< by rule, ascending
  std::vector<RuleId> order;                   ///< overriders first

private:
  void relate_rules(const Module& module);
  void relate_actions(const Module& module);
};

} // namespace aceso
