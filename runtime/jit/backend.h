#pragma once
/// What the runtime asks of libaceso_jit, the one library that knows LLVM. Both are built together; `version` and
/// `module_size` tell where they were not.

#include <array>
#include <cstdint>
#include <string>

#include "batch/plan.h"
#include "module/relations.h"

namespace aceso::jit {

inline constexpr std::uint32_t backend_version = 3;

/// The function for outcomes alone, for patients of whom everything is known and for all others.
struct DecideRequest {
  const batch::Program* complete;
  const batch::Program* general;
  const batch::OutputLayout* outputs;
  std::span<const batch::InputLayout> layouts; ///< of the columns that the programs read
};
struct EmitRequest {
  const Module& module;
  const Relations& relations;
  std::string prefix;    ///< of all names, "aceso_native" for code that is loaded here
  bool for_this_cpu;     ///< else for every CPU of this kind of machine
  bool evaluator = true; ///< the parts that an evaluator calls
  const DecideRequest* decide = nullptr;
  std::string name_of_it; ///< of the shared library that this will be; empty: it is loaded here
};
/// Functions that decide blocks, batch_complete, batch_plain and batch_reasons: see batch::BlockFunction.
struct BlockRequest {
  const Module& module;
  const Relations& relations;
  std::string prefix;
  bool for_this_cpu;
  std::array<const batch::Program*, batch::variants> programs; ///< by Variant; null: no function
  std::string name_of_it;
};
struct EmitResult {
  std::string object;      ///< an object file; empty where there is an error
  std::string why_not_all; ///< of functions of blocks: a plain sentence; empty where every one is there
  std::string error;
};

struct Backend {
  std::uint32_t version;
  std::uint32_t module_size; ///< sizeof(Module)
  /// What the code of this machine depends on: LLVM's version, the CPU and its features.
  std::string (*identity)();
  EmitResult (*emit)(const EmitRequest&);
  EmitResult (*emit_blocks)(const BlockRequest&);
  /// Loads an object file into the process. Null, and why, where it cannot be.
  void* (*load)(const std::string& object, std::string& error);
  void* (*find)(void* loaded, const char* name);
  void (*release)(void* loaded);
};

/// The one name that the library shows. Thread-safe, like all functions above.
inline constexpr const char* backend_symbol = "aceso_jit_backend";
using BackendFunction = const Backend* (*)();

} // namespace aceso::jit
