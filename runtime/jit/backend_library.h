#pragma once
/// Finds libaceso_jit and loads it once.

#include <string>

#include "jit/backend.h"

namespace aceso::jit {

struct FoundBackend {
  const Backend* backend = nullptr;
  std::string why_not; ///< a plain sentence
};
/// Thread-safe. ACESO_JIT_LIBRARY in the environment names another file; empty, it stands for no library at all.
[[nodiscard]] const FoundBackend& found_backend();

} // namespace aceso::jit
