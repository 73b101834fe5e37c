#pragma once
/// How commands that take one case read it and tell of its faults.

#include <optional>

#include "command.h"
#include "explain/decision_text.h"

namespace aceso::command {

/// The case in a file, or on standard input for "-". Its faults go to standard error, as text or as JSON, and nothing
/// is given then. `at` replaces its "now"; empty for none.
[[nodiscard]] std::optional<PatientCase> read_case_file(const Dictionary& dictionary, const std::string& path,
                                                        const std::string& at, bool json_faults);
void report_case_faults(const std::string& path, const std::vector<CaseFault>& faults, bool as_json);
/// False, with a message on standard error, where `at` is neither empty nor an instant.
[[nodiscard]] bool is_instant_option(const std::string& at);
/// False, with a message on standard error, for a module, which decides nothing.
[[nodiscard]] bool decides_something(const Dictionary& dictionary, const std::string& path);

} // namespace aceso::command
