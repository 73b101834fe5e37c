#include "jit/backend_library.h"

#include "jit/component.h"

namespace aceso::jit {
namespace {

FoundBackend find() {
  const OpenedComponent opened = open_component("libaceso_jit.so", "ACESO_JIT_LIBRARY");
  if (!opened.library) return {nullptr, opened.path_or_why_not};
  const auto function = reinterpret_cast<BackendFunction>(function_of(opened, backend_symbol));
  const Backend* backend = function ? function() : nullptr;
  if (!backend || backend->version != backend_version || backend->module_size != sizeof(Module))
    return {nullptr, opened.path_or_why_not + " belongs to another version of Aceso"};
  return {backend, {}};
}

} // namespace

const FoundBackend& found_backend() {
  static const FoundBackend found = find(); // never unloaded: code that was made may outlive whoever asked for it
  return found;
}

} // namespace aceso::jit
