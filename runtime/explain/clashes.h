#pragma once
/// Actions that must not be advised together and are: a conflict in which no rule need speak against anything.
/// Internal to the runtime.

#include <string>
#include <vector>

#include "module/decision.h"

namespace aceso {

struct Clash {
  std::vector<ActionId> actions;                ///< two or more that are advised, ascending
  std::string because;                          ///< what stands behind the interaction, or the title of the class
  const ActionClassInfo* at_most_one = nullptr; ///< of the dictionary; null for an interaction
  std::vector<RuleId> rules;                    ///< that advise the others, or whose tables may have chosen them
};

/// What clashes with an action in conflict; nothing for others.
[[nodiscard]] std::vector<Clash> clashes_of(const Dictionary& dictionary, const Decision& decision,
                                            const Recommendation& recommendation);
/// "Not to be advised together: Warfarin, Aspirin (bleeding)", in the language of the dictionary.
[[nodiscard]] std::string clash_words(const Dictionary& dictionary, const Clash& clash);

} // namespace aceso
