/// libaceso_jit: from LLVM's intermediate code to machine code, in memory or as an object file.
#include <cstring>
#include <mutex>

#include "jit/llvm_unit.h"
#include "module/native_code.h"

namespace aceso::jit {
namespace {

std::string taken(char* message) {
  std::string text = message ? message : "unknown error";
  LLVMDisposeMessage(message);
  return text;
}

std::string taken(LLVMErrorRef error) {
  char* message = LLVMGetErrorMessage(error);
  std::string text = message;
  LLVMDisposeErrorMessage(message);
  return text;
}

struct Machine {
  LLVMTargetMachineRef target = nullptr;
  std::string error;
};

std::string host_cpu() {
  char* text = LLVMGetHostCPUName();
  return taken(text);
}
std::string host_features() {
  char* text = LLVMGetHostCPUFeatures();
  return taken(text);
}

Machine make_machine(bool for_this_cpu, bool is_large) {
  LLVMInitializeNativeTarget();
  LLVMInitializeNativeAsmPrinter();
  Machine machine;
  const std::string triple = taken(LLVMGetDefaultTargetTriple());
  LLVMTargetRef target = nullptr;
  char* message = nullptr;
  if (LLVMGetTargetFromTriple(triple.c_str(), &target, &message) != 0) {
    machine.error = taken(message);
    return machine;
  }
  machine.target = LLVMCreateTargetMachine(target, triple.c_str(), for_this_cpu ? host_cpu().c_str() : "generic",
                                           for_this_cpu ? host_features().c_str() : "",
                                           is_large ? LLVMCodeGenLevelNone : LLVMCodeGenLevelLess, LLVMRelocPIC,
                                           LLVMCodeModelDefault);
  if (!machine.target) machine.error = "LLVM knows no machine " + triple;
  return machine;
}

/// Shared by all who compile, one at a time: a TargetMachine is not thread-safe.
std::mutex compiling;
const Machine& machine_for(bool for_this_cpu, bool is_large) {
  static const Machine machines[] = {make_machine(false, false), make_machine(false, true), make_machine(true, false),
                                     make_machine(true, true)};
  return machines[2 * int{for_this_cpu} + int{is_large}];
}

std::string verified(LLVMModuleRef ir, const char* when) {
  char* message = nullptr;
  const bool is_broken = LLVMVerifyModule(ir, LLVMReturnStatusAction, &message) != 0;
  const std::string text = taken(message);
  return is_broken ? std::string("the intermediate code is not sound ") + when + " optimisation: " + text
                   : std::string();
}

/// Evaluators keep every register in memory, and what decides alone is look-ups: there is little to optimise.
constexpr const char* passes = "function(early-cse,simplifycfg),globaldce";

/// `pipeline`: null for none.
std::string object_of(Unit& unit, const Machine& machine, const char* pipeline, std::string& object) {
  LLVMSetTarget(unit.ir, taken(LLVMGetTargetMachineTriple(machine.target)).c_str());
  const LLVMTargetDataRef layout = LLVMCreateTargetDataLayout(machine.target);
  LLVMSetModuleDataLayout(unit.ir, layout);
  LLVMDisposeTargetData(layout);
  if (std::string error = verified(unit.ir, "before"); !error.empty()) return error;
  if (pipeline) {
    const LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
    const LLVMErrorRef failed = LLVMRunPasses(unit.ir, pipeline, machine.target, options);
    LLVMDisposePassBuilderOptions(options);
    if (failed) return taken(failed);
    if (std::string error = verified(unit.ir, "after"); !error.empty()) return error;
  }
  LLVMMemoryBufferRef buffer = nullptr;
  char* message = nullptr;
  if (LLVMTargetMachineEmitToMemoryBuffer(machine.target, unit.ir, LLVMObjectFile, &message, &buffer) != 0)
    return taken(message);
  object.assign(LLVMGetBufferStart(buffer), LLVMGetBufferSize(buffer));
  LLVMDisposeMemoryBuffer(buffer);
  return {};
}

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
  const std::lock_guard lock(compiling);
  EmitResult result;
  const bool is_large = request.module.code.size() > most_in_one_piece;
  const Machine& machine = machine_for(request.for_this_cpu, is_large);
  if (!machine.target) {
    result.error = machine.error;
    return result;
  }
  Unit unit(request.module, request.relations, request.prefix);
  try {
    if (request.decide) add_decide_function(unit, *request.decide, features_of(request.for_this_cpu));
    if (request.evaluator) add_evaluator_functions(unit);
    publish_identity(unit, request);
    result.error = object_of(unit, machine, passes, result.object);
  } catch (const std::exception& error) {
    result.error = error.what();
  }
  return result;
}

/// The programs have no equal parts and nothing that is not needed, so there are no passes over them.
EmitResult emit_blocks(const BlockRequest& request) {
  const std::lock_guard lock(compiling);
  EmitResult result;
  const Machine& machine = machine_for(request.for_this_cpu, false);
  if (!machine.target) {
    result.error = machine.error;
    return result;
  }
  Unit unit(request.module, request.relations, request.prefix);
  constexpr const char* names[batch::variants] = {"batch_complete", "batch_plain", "batch_reasons"};
  try {
    for (std::size_t i = 0; i < batch::variants; ++i) {
      if (!request.programs[i]) continue;
      try {
        add_block_function(unit, names[i], *request.programs[i], features_of(request.for_this_cpu).vector_bytes);
      } catch (const NeedsMachine& needs) {
        result.why_not_all = needs.what();
      }
    }
    publish_identity(unit, request);
    result.error = object_of(unit, machine, nullptr, result.object);
  } catch (const std::exception& error) {
    result.error = error.what();
  }
  return result;
}

std::string identity() { return "LLVM " LLVM_VERSION_STRING " " + host_cpu() + " " + host_features(); }

void* load(const std::string& object, std::string& error) {
  const std::lock_guard lock(compiling);
  (void)machine_for(true, false);
  LLVMOrcLLJITRef jit = nullptr;
  if (const LLVMErrorRef failed = LLVMOrcCreateLLJIT(&jit, nullptr)) {
    error = taken(failed);
    return nullptr;
  }
  const LLVMOrcJITDylibRef library = LLVMOrcLLJITGetMainJITDylib(jit);
  LLVMOrcDefinitionGeneratorRef process = nullptr; // for memset and its like
  LLVMErrorRef failed = LLVMOrcCreateDynamicLibrarySearchGeneratorForProcess(&process, LLVMOrcLLJITGetGlobalPrefix(jit),
                                                                             nullptr, nullptr);
  if (!failed) {
    LLVMOrcJITDylibAddGenerator(library, process);
    const LLVMMemoryBufferRef buffer =
        LLVMCreateMemoryBufferWithMemoryRangeCopy(object.data(), object.size(), "guideline");
    failed = LLVMOrcLLJITAddObjectFile(jit, library, buffer);
  }
  // Linked here, under the lock; afterwards names are only looked up.
  if (!failed) {
    LLVMOrcExecutorAddress address = 0;
    failed = LLVMOrcLLJITLookup(jit, &address, "aceso_native_interface_version");
  }
  if (!failed) return jit;
  error = taken(failed);
  if (const LLVMErrorRef left = LLVMOrcDisposeLLJIT(jit)) LLVMConsumeError(left);
  return nullptr;
}

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
  static const Backend backend{backend_version, sizeof(aceso::Module), identity, emit, emit_blocks, load, find,
                               release};
  return &backend;
}
