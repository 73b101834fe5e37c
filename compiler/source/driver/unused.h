#pragma once
/// Declarations that nothing uses (A1013).

#include <vector>

#include "aceso/compiler.h"
#include "diagnostics/diagnostic.h"

namespace aceso::driver {

/// Sources, inputs, types, functions and derived values of the compiled file whose name is written nowhere else in it.
/// For an input, a mention in a case or beside a code is no use. A derived value of a guideline without rules and
/// without a pathway, and everything but sources in a module, is there for others, and so is used.
[[nodiscard]] std::vector<diagnostics::Diagnostic> find_unused(const Compilation& compilation);

} // namespace aceso::driver
