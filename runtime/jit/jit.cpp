#include "jit/jit.h"

#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>

#include <dlfcn.h>
#include <fmt/format.h>

#include "jit/backend_library.h"
#include "jit/compile_with.h"
#include "jit/object_cache.h"
#include "values/sha256.h"

namespace aceso::jit {
namespace {

constexpr const char* own_prefix = "aceso_native";

struct FaultRow {
  const char* id;
  const char* message;
};
constexpr FaultRow fault_rows[] = {
#define ACESO_JIT_FAULT(id, name, message) {id, message},
#include "jit/jit_faults.def"
#undef ACESO_JIT_FAULT
};

/// Code in memory, and where it came from.
struct LoadedCode final : NativeCode {
  ~LoadedCode() override {
    if (jitted) found_backend().backend->release(jitted);
    if (library) dlclose(library);
  }
  [[nodiscard]] void* find(const std::string& name) const {
    return jitted ? found_backend().backend->find(jitted, name.c_str()) : dlsym(library, name.c_str());
  }
  /// Fills what NativeCode shows from the names that begin with `prefix`. False where something is missing.
  [[nodiscard]] bool connect(const std::string& prefix) {
    const auto function = [&](auto& pointer, const char* name) {
      void* const found = find(prefix + "_" + name);
      static_assert(sizeof pointer == sizeof found);
      std::memcpy(&pointer, &found, sizeof found);
    };
    function(functions.constraints, "constraints");
    function(functions.pathway, "pathway");
    function(functions.decision, "decision");
    function(functions.decide, "decide");
    const void* const version = find(prefix + "_interface_version");
    const void* const hash = find(prefix + "_module_hash");
    if (!version || !hash) return false;
    std::uint32_t number = 0;
    std::memcpy(&number, version, sizeof number);
    if (number != native_interface_version) return false;
    module_hash = static_cast<const char*>(hash);
    if (const void* const bytes = find(prefix + "_scratch_bytes"); bytes && functions.decide) {
      std::uint64_t size = 0;
      std::memcpy(&size, bytes, sizeof size);
      scratch_bytes = size;
    }
    return functions.decide || functions.decision;
  }

  void* jitted = nullptr;
  void* library = nullptr;
};

Made refused(FaultKind kind, std::string_view detail) { return {nullptr, make_fault(kind, detail), {}}; }

/// What is in memory, by key: code lives as long as somebody uses it.
std::mutex guard;
std::map<std::string, std::weak_ptr<const NativeCode>>& in_memory() {
  static std::map<std::string, std::weak_ptr<const NativeCode>> map;
  return map;
}

std::shared_ptr<LoadedCode> load(const Backend& backend, const std::string& object, std::string& error) {
  auto code = std::make_shared<LoadedCode>();
  code->jitted = backend.load(object, error);
  if (!code->jitted) return nullptr;
  if (code->connect(own_prefix)) return code;
  error = "the code lacks a name";
  return nullptr;
}

/// The sentence travels with the object, so that a cached one tells it too.
std::string with_reason(const std::string& object, const std::string& why_no_decide) {
  return fmt::format("{:08x}", why_no_decide.size()) + why_no_decide + object;
}
std::optional<Object> without_reason(const std::string& bytes) {
  const std::size_t size = bytes.size() < 8 ? 0 : std::strtoul(bytes.substr(0, 8).c_str(), nullptr, 16);
  if (bytes.size() < 8 + size) return std::nullopt;
  return Object{bytes.substr(8 + size), bytes.substr(8, size), {}};
}

} // namespace

std::string cache_folder(const Options& options) {
  if (!options.cache_folder.empty()) return options.cache_folder;
  const char* named = std::getenv("ACESO_CACHE_DIR");
  return named ? named : "";
}

Fault make_fault(FaultKind kind, std::string_view detail) {
  const FaultRow& row = fault_rows[static_cast<std::size_t>(kind)];
  return {kind, row.id, fmt::format(fmt::runtime(row.message), detail)};
}

const std::vector<std::string_view>& fault_ids() {
  static const std::vector<std::string_view> ids = [] {
    std::vector<std::string_view> list;
    for (const FaultRow& row : fault_rows)
      list.emplace_back(row.id);
    return list;
  }();
  return ids;
}

Object emit(const Backend& backend, const Module& module, const std::string& prefix, bool for_this_cpu, bool evaluator,
            MakeDecideParts decide, const std::string& name_of_it) {
  const Relations relations(module);
  const std::unique_ptr<const DecideParts> parts = decide ? decide(module) : nullptr;
  const bool decides = parts && parts->why_not.empty();
  EmitResult made = backend.emit(
      {module, relations, prefix, for_this_cpu, evaluator, decides ? &parts->request : nullptr, name_of_it});
  Object object{std::move(made.object), parts ? parts->why_not : std::string(), {}};
  if (!made.error.empty()) object.fault = make_fault(FaultKind::jit_failed, made.error);
  return object;
}

Made compile_evaluator(const Module& module, const Options& options) { return compile_with(module, options, nullptr); }

Made compile_with(const Module& module, const Options& options, MakeDecideParts decide) {
  const FoundBackend& found = found_backend();
  if (!found.backend) return refused(FaultKind::jit_unavailable, found.why_not);
  if (module.content_hash.empty())
    return refused(FaultKind::jit_failed, "the module was not loaded from a file and has no hash");
  const std::string key =
      sha256(fmt::format("{} {} {} {} {} {}", module.content_hash, native_interface_version, found.backend->identity(),
                         options.evaluator, decide != nullptr, options.for_this_cpu));
  const std::lock_guard lock(guard);
  if (const auto held = in_memory()[key].lock()) return {held, {}, Origin::memory};

  const std::string folder = cache_folder(options);
  std::string error;
  std::shared_ptr<LoadedCode> code;
  Origin origin = Origin::folder;
  Object emitted;
  if (!folder.empty())
    if (const auto bytes = read_cached(folder, key))
      if (auto kept = without_reason(*bytes)) {
        emitted = std::move(*kept);
        code = load(*found.backend, emitted.bytes, error);
      }
  if (!code) {
    origin = Origin::compiled;
    emitted = emit(*found.backend, module, own_prefix, options.for_this_cpu, options.evaluator, decide, {});
    if (emitted.fault) return {nullptr, std::move(emitted.fault), {}};
    code = load(*found.backend, emitted.bytes, error);
    if (!code) return refused(FaultKind::jit_failed, error);
    if (!folder.empty()) write_cached(folder, key, with_reason(emitted.bytes, emitted.why_no_decide));
  }
  code->why_no_decide = emitted.why_no_decide;
  in_memory()[key] = code;
  return {code, {}, origin};
}

Made load_library(const std::string& path, const Module& module) {
  // Without a slash the loader would search its own folders.
  const std::string file = path.find('/') == std::string::npos ? "./" + path : path;
  auto code = std::make_shared<LoadedCode>();
  code->library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!code->library) {
    const char* error = dlerror();
    return refused(FaultKind::bad_native_file, error ? error : path.c_str());
  }
  const void* const prefix = dlsym(code->library, "aceso_native_prefix");
  if (!prefix || !code->connect(static_cast<const char*>(prefix))) return refused(FaultKind::bad_native_file, path);
  if (code->module_hash != module.content_hash)
    return refused(FaultKind::wrong_module,
                   fmt::format("{} is for {}, the module is {}", path, code->module_hash, module.content_hash));
  return {code, {}, Origin::folder};
}

} // namespace aceso::jit
