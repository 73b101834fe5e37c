#pragma once
/// A compiled guideline behind the interface that all engines share.

#include <memory>

#include "module/engine.h"
#include "module/module.h"

namespace aceso::interpret {

/// One for each thread; the module may be shared.
[[nodiscard]] std::unique_ptr<Engine> make_engine(std::shared_ptr<const Module> module);

} // namespace aceso::interpret
