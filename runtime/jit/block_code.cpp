#include "jit/block_code.h"

#include <cstring>

#include <fmt/format.h>

#include "batch/plan.h"
#include "jit/backend_library.h"
#include "jit/object_cache.h"
#include "values/sha256.h"

namespace aceso::jit {
namespace {

constexpr const char* prefix = "aceso_native";
constexpr const char* names[batch::variants] = {"batch_complete", "batch_plain", "batch_reasons"};

/// Everything that the code depends on, as text: how a module is lowered may change from one Aceso to the next.
std::string text_of(const batch::Program& program) {
  std::string text;
  const auto put = [&](auto... numbers) { (fmt::format_to(std::back_inserter(text), "{} ", numbers), ...); };
  for (const auto& each : program.arrays)
    put(static_cast<int>(each.kind), each.width, each.index);
  put("planes");
  for (const auto& each : program.planes)
    put(static_cast<int>(each.op), each.first, each.count, each.second, each.constant);
  put("operands");
  for (const std::uint32_t each : program.operands)
    put(each);
  put("numbers");
  for (const auto& each : program.numbers)
    put(static_cast<int>(each.op), each.width, static_cast<int>(each.mode), each.first, each.second,
        each.condition.code, each.constant, each.divisor);
  put("results");
  for (const batch::Literal each : program.out_planes)
    put(each.code);
  for (const std::uint32_t each : program.out_numbers)
    put(each);
  return text;
}

MadeBlocks refused_blocks(FaultKind kind, std::string_view detail) {
  MadeBlocks made;
  made.fault = make_fault(kind, detail);
  return made;
}

/// Null, and why, where the object file cannot be loaded.
std::shared_ptr<void> load_blocks(const Backend& backend, const std::string& object, std::string& error) {
  void* const loaded = backend.load(object, error);
  if (!loaded) return nullptr;
  return {loaded, [release = backend.release](void* code) { release(code); }};
}

} // namespace

MadeBlocks compile_blocks(const batch::Plan& plan, const Options& options) {
  const FoundBackend& found = found_backend();
  if (!found.backend) return refused_blocks(FaultKind::jit_unavailable, found.why_not);
  const Backend& backend = *found.backend;
  const Relations relations(*plan.module);
  BlockRequest request{*plan.module, relations, prefix, true, {}, {}};
  std::string text = fmt::format("blocks {} {} ", backend_version, backend.identity());
  for (std::size_t i = 0; i < batch::variants && plan.obstacle.empty(); ++i) {
    request.programs[i] = &plan.compiled(static_cast<batch::Variant>(i)).program;
    text += text_of(*request.programs[i]);
  }
  const std::string folder = cache_folder(options), key = folder.empty() ? std::string() : sha256(text);

  MadeBlocks made;
  std::string error;
  if (!folder.empty())
    if (const auto object = read_cached(folder, key)) made.code = load_blocks(backend, *object, error);
  if (made.code) {
    made.origin = Origin::folder;
  } else {
    const EmitResult emitted = backend.emit_blocks(request);
    if (!emitted.error.empty()) return refused_blocks(FaultKind::jit_failed, emitted.error);
    made.code = load_blocks(backend, emitted.object, error);
    if (!made.code) return refused_blocks(FaultKind::jit_failed, error);
    if (!folder.empty()) write_cached(folder, key, emitted.object);
  }
  for (std::size_t i = 0; i < batch::variants; ++i) {
    void* const function =
        backend.find(const_cast<void*>(made.code.get()), (std::string(prefix) + "_" + names[i]).c_str());
    std::memcpy(&made.functions[i], &function, sizeof function);
    if (!function && made.why_not_all.empty())
      made.why_not_all = plan.obstacle.empty() ? "the logic is too large for one function" : plan.obstacle;
  }
  return made;
}

} // namespace aceso::jit
