#pragma once
/// Cases of the source as case files.

#include <set>
#include <string>
#include <vector>

#include "gdl2/import.h"
#include "gdl2/variables.h"

namespace aceso::gdl2 {

/// `read`: names of the inputs that the text has; `decided`: names of its
/// values. What a case says of anything else is told in `omissions`.
[[nodiscard]] std::vector<CaseFile> write_cases(const std::string& guideline, const std::vector<SourceCase>& cases,
                                                const Variables& variables, const std::set<std::string>& read,
                                                const std::set<std::string>& decided, std::vector<Omission>& omissions);

} // namespace aceso::gdl2
