#include "jit/backend_library.h"

#include <array>
#include <cstdlib>

#include <dlfcn.h>
#include <unistd.h>

namespace aceso::jit {
namespace {

constexpr const char* file_name = "libaceso_jit.so";

/// The folder of the program or library that this function is part of.
std::string own_folder() {
  Dl_info info{};
  static const int here = 0;
  if (dladdr(&here, &info) == 0 || info.dli_fname == nullptr) return {};
  const std::string path = info.dli_fname;
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::string(".") : path.substr(0, slash);
}

FoundBackend use(void* library, const std::string& path) {
  BackendFunction function = nullptr;
  *reinterpret_cast<void**>(&function) = dlsym(library, backend_symbol);
  const Backend* backend = function ? function() : nullptr;
  if (!backend || backend->version != backend_version || backend->module_size != sizeof(Module))
    return {nullptr, path + " belongs to another version of Aceso"};
  return {backend, {}};
}

FoundBackend find() {
  if (const char* named = std::getenv("ACESO_JIT_LIBRARY")) {
    if (*named == '\0') return {nullptr, "ACESO_JIT_LIBRARY is empty, which stands for no library"};
    if (void* library = dlopen(named, RTLD_NOW | RTLD_LOCAL)) return use(library, named);
    const char* error = dlerror();
    return {nullptr, error ? error : named};
  }
  // Beside us, where it is installed, and where it is built.
  const std::string folder = own_folder();
  for (const char* way :
       {"", "/../lib", "/../lib/x86_64-linux-gnu", "/../lib/aarch64-linux-gnu", "/../runtime", "/../../runtime"}) {
    const std::string path = folder + way + "/" + file_name;
    if (access(path.c_str(), R_OK) != 0) continue;
    if (void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) return use(library, path);
    const char* error = dlerror();
    return {nullptr, error ? error : path};
  }
  if (void* library = dlopen(file_name, RTLD_NOW | RTLD_LOCAL)) return use(library, file_name);
  return {nullptr, std::string(file_name) + " is not installed"};
}

} // namespace

const FoundBackend& found_backend() {
  static const FoundBackend found = find(); // never unloaded: code that was made may outlive whoever asked for it
  return found;
}

} // namespace aceso::jit
