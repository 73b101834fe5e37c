#pragma once
/// What conditions over time cost: every `held_for` runs the code behind its condition again. Internal to
/// runtime/module.

#include <cstddef>

#include "module/module.h"

namespace aceso {

/// The words of the code that stand behind the conditions of all `held_for`, counted for each of them; more than `most`
/// are not counted to the end. The code has been verified.
[[nodiscard]] std::size_t words_run_again(const Module& module, std::size_t most);

} // namespace aceso
