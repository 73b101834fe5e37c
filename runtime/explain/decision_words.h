#pragma once
/// What the JSON and the text of a decision both say about rules. Internal to runtime/explain.

#include <string>
#include <string_view>
#include <vector>

#include "module/decision.h"

namespace aceso {

/// "within 2 weeks" where the rule gives a term, otherwise "immediately" and so on; empty for none.
[[nodiscard]] std::string urgency_text(const Recommendation& recommendation);
/// The `because` texts of the rules, those that have one, each once. Views of the dictionary.
[[nodiscard]] std::vector<std::string_view> reasons_of(const Dictionary& dictionary, const std::vector<RuleId>& rules);
/// The citations of the rules in rule order, each once. They point into the dictionary.
[[nodiscard]] std::vector<const Citation*> citations_of(const Dictionary& dictionary, const std::vector<RuleId>& rules);
/// "note, Red Flag Exclusion [1, 2]".
[[nodiscard]] std::string short_form(const Citation& citation);

} // namespace aceso
