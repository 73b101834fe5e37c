#include "jit/component.h"

#include <cstdlib>

#include <dlfcn.h>
#include <unistd.h>

namespace aceso::jit {
namespace {

/// The folder of the program or library that this function is part of.
std::string own_folder() {
  Dl_info info{};
  static const int here = 0;
  if (dladdr(&here, &info) == 0 || info.dli_fname == nullptr) return {};
  std::string path = info.dli_fname;
  if (path.find('/') == std::string::npos) { // a program that the shell found in PATH: this is how it was called
    char program[4096];
    const ssize_t size = readlink("/proc/self/exe", program, sizeof program);
    if (size > 0) path.assign(program, static_cast<std::size_t>(size));
  }
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::string(".") : path.substr(0, slash);
}

OpenedComponent open(const std::string& path) {
  if (void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) return {library, path};
  const char* error = dlerror();
  return {nullptr, error ? error : path};
}

} // namespace

OpenedComponent open_component(const char* file_name, const char* variable) {
  if (const char* named = std::getenv(variable)) {
    if (*named != '\0') return open(named);
    return {nullptr, std::string(variable) + " is empty, which stands for no library"};
  }
  // Beside us, where it is installed, and where it is built.
  const std::string folder = own_folder();
  for (const char* way :
       {"", "/../lib", "/../lib/x86_64-linux-gnu", "/../lib/aarch64-linux-gnu", "/../runtime", "/../../runtime"}) {
    const std::string path = folder + way + "/" + file_name;
    if (access(path.c_str(), R_OK) == 0) return open(path);
  }
  OpenedComponent found = open(file_name);
  if (!found.library) found.path_or_why_not = std::string(file_name) + " is not installed";
  return found;
}

void* function_of(const OpenedComponent& component, const char* name) {
  return component.library ? dlsym(component.library, name) : nullptr;
}

} // namespace aceso::jit
