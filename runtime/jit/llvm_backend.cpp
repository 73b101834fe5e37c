/// libaceso_jit: from LLVM's intermediate code to machine code, in memory or as an object file.
#include <cstring>

#include "jit/llvm_objects.h"
#include "module/native_code.h"

namespace aceso::jit {
namespace {

Ir text_of(const Unit& unit, const std::string& text) {
  return LLVMConstStringInContext(unit.context, text.c_str(), static_cast<unsigned>(text.size()), 0);
}

template <class Request>
void publish_identity(Unit& unit, const Request& request) {
  unit.publish("module_hash", text_of(unit, request.module.content_hash));
  unit.publish("interface_version", LLVMConstInt(unit.i32, native_interface_version, 0));
  if (request.name_of_it.empty()) return;
  // By this name whoever loads the library finds all others.
  const Ir name = text_of(unit, request.prefix);
  const Ir global = LLVMAddGlobal(unit.ir, LLVMTypeOf(name), "aceso_native_prefix");
  LLVMSetInitializer(global, name);
  LLVMSetGlobalConstant(global, 1);
  LLVMSetLinkage(global, LLVMWeakAnyLinkage);
}

/// Of this machine, or of every machine of its kind.
CpuFeatures features_of(bool for_this_cpu) {
  const std::string features = for_this_cpu ? host_features() : "", cpu = for_this_cpu ? host_cpu() : "";
  const auto has = [&](const char* feature) { return features.find(feature) != std::string::npos; };
  CpuFeatures result;
  result.vector_bytes = has("+avx512bw") && has("+avx512vl") ? 64 : has("+avx2") ? 32 : 16;
  result.gathers_bits = has("+bmi2") && cpu != "znver1" && cpu != "znver2" && cpu != "bdver4"; // slow there
  result.moves_bytes = has("+ssse3");
  return result;
}

EmitResult emit(const EmitRequest& request) {
  EmitResult result;
  try {
    std::vector<Piece> pieces;
    if (request.evaluator) pieces = evaluator_pieces(request.module, request.relations);
    if (const DecideRequest* const decide = request.decide)
      pieces.push_back({decide->complete->planes.size() + decide->general->planes.size(), [&, decide](Unit& unit) {
                          add_decide_function(unit, *decide, features_of(request.for_this_cpu));
                        }});
    Objects made = make_objects({request.module, request.relations, request.prefix, request.for_this_cpu,
                                 request.module.code.size() > most_to_optimise, !request.name_of_it.empty(),
                                 [&](Unit& unit) { publish_identity(unit, request); }},
                                std::move(pieces));
    result.object = std::move(made.bytes);
    result.error = std::move(made.error);
  } catch (const std::exception& error) {
    result.error = error.what();
  }
  return result;
}

EmitResult emit_blocks(const BlockRequest& request) {
  EmitResult result;
  constexpr const char* names[batch::variants] = {"batch_complete", "batch_plain", "batch_reasons"};
  std::array<std::string, batch::variants> why_not;
  std::vector<Piece> pieces;
  for (std::size_t i = 0; i < batch::variants; ++i) {
    if (!request.programs[i]) continue;
    pieces.push_back({request.programs[i]->planes.size(), [&, i](Unit& unit) {
                        try {
                          add_block_function(unit, names[i], *request.programs[i],
                                             features_of(request.for_this_cpu).vector_bytes);
                        } catch (const NeedsMachine& needs) {
                          why_not[i] = needs.what();
                        }
                      }});
  }
  Objects made = make_objects({request.module, request.relations, request.prefix, request.for_this_cpu, false,
                               !request.name_of_it.empty(), [&](Unit& unit) { publish_identity(unit, request); }},
                              std::move(pieces));
  result.object = std::move(made.bytes);
  result.error = std::move(made.error);
  for (std::string& each : why_not)
    if (!each.empty()) result.why_not_all = std::move(each);
  return result;
}

std::string identity() { return "LLVM " LLVM_VERSION_STRING " " + host_cpu() + " " + host_features(); }

void* find(void* loaded, const char* name) {
  LLVMOrcExecutorAddress address = 0;
  if (const LLVMErrorRef failed = LLVMOrcLLJITLookup(static_cast<LLVMOrcLLJITRef>(loaded), &address, name)) {
    LLVMConsumeError(failed);
    return nullptr;
  }
  void* pointer = nullptr;
  const auto number = static_cast<std::uintptr_t>(address);
  std::memcpy(&pointer, &number, sizeof pointer);
  return pointer;
}

void release(void* loaded) {
  if (const LLVMErrorRef failed = LLVMOrcDisposeLLJIT(static_cast<LLVMOrcLLJITRef>(loaded))) LLVMConsumeError(failed);
}

} // namespace
} // namespace aceso::jit

extern "C" __attribute__((visibility("default"))) const aceso::jit::Backend* aceso_jit_backend() {
  using namespace aceso::jit;
  static const Backend backend{backend_version, sizeof(aceso::Module), identity, emit,
                               emit_blocks,     load_objects,          find,     release};
  return &backend;
}
