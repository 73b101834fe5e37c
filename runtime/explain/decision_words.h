#pragma once
/// What the JSON, the text and the lines of a population all say about advice. Internal to the runtime.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "module/decision.h"

namespace aceso {

/// "urgently within 2 weeks", "immediately", "within 2 weeks"; empty for none.
[[nodiscard]] std::string urgency_text(Urgency urgency, const std::optional<Period>& within);
/// The `because` texts of the rules, those that have one, each once. Views of the dictionary.
[[nodiscard]] std::vector<std::string_view> reasons_of(const Dictionary& dictionary, const std::vector<RuleId>& rules);
/// The citations of the rules in rule order, each once. They point into the dictionary.
[[nodiscard]] std::vector<const Citation*> citations_of(const Dictionary& dictionary, const std::vector<RuleId>& rules);
/// "note, Red Flag Exclusion [1, 2]".
[[nodiscard]] std::string short_form(const Citation& citation);

} // namespace aceso
