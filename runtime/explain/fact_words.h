#pragma once
/// Facts, outcomes and rules in the words of a clinician. Internal to runtime/explain and its users.

#include <string>

#include "explain/explanation.h"

namespace aceso {

/// "lumbar", "38.6 Cel", "2 weeks" for 14 d, the title of a member that has one (with a number before it: "4,
/// reduced"), "not known (refused)".
[[nodiscard]] std::string value_words(const Dictionary& dictionary, InputId input, const Value& value);
/// "Numbness in the saddle area? yes".
[[nodiscard]] std::string fact_words(const Dictionary& dictionary, InputId input, const Value& value);
/// "recommended", "advised against", "in conflict", "not advised", "not decided".
[[nodiscard]] std::string_view outcome_words(Outcome outcome);
/// Of the derived values that the condition names: "Any red flag: no; Phase of conservative care: early".
[[nodiscard]] std::string derived_words(const Dictionary& dictionary, const Decision& decision,
                                        const std::string& condition);
/// "MRI lumbar spine (lumbar_mri)".
[[nodiscard]] std::string action_words(const ActionInfo& action);

} // namespace aceso
