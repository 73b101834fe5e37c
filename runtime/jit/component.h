#pragma once
/// Parts of the runtime that are libraries of their own, opened when they are first needed.

#include <string>

namespace aceso::jit {

/// Null where a part is not there; never closed.
struct OpenedComponent {
  void* library = nullptr;
  std::string path_or_why_not; ///< of the file; else a plain sentence
};

/// Looks for `file_name` beside this program or library, where it is installed or built, and where the system looks.
/// `variable` in the environment names another file; empty, it stands for no library at all. Thread-safe.
[[nodiscard]] OpenedComponent open_component(const char* file_name, const char* variable);

/// The function of this name; null where there is none.
[[nodiscard]] void* function_of(const OpenedComponent& component, const char* name);

} // namespace aceso::jit
