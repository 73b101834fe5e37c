#pragma once
/// Code that is made in pieces: each processor makes an object file of some of them, and all are loaded together.

#include <functional>
#include <string>
#include <vector>

#include "jit/llvm_unit.h"

namespace aceso::jit {

/// Functions that are made together. `size` is how much code they become, roughly, in words of the bytecode.
struct Piece {
  std::size_t size;
  std::function<void(Unit&)> add; ///< called once, by any thread; may throw
};

struct ObjectsRequest {
  const Module& module;
  const Relations& relations;
  const std::string& prefix;
  bool for_this_cpu;
  bool is_large;                   ///< made in less time, and runs longer
  bool is_one_file;                ///< an object file as others read it; else only load_objects knows what it is
  std::function<void(Unit&)> once; ///< what the first file has besides
};
struct Objects {
  std::string bytes; ///< empty where there is an error
  std::string error;
};

/// Thread-safe; one at a time has the processors.
[[nodiscard]] Objects make_objects(const ObjectsRequest& request, std::vector<Piece> pieces);
/// Loads what make_objects made. Null, and why, where it cannot be.
[[nodiscard]] void* load_objects(const std::string& bytes, std::string& error);

/// The three parts that an evaluator calls (llvm_evaluator.cpp). The relations must outlive the pieces.
[[nodiscard]] std::vector<Piece> evaluator_pieces(const Module& module, const Relations& relations);

[[nodiscard]] std::string host_cpu();
[[nodiscard]] std::string host_features();
[[nodiscard]] std::string taken(char* message);
[[nodiscard]] std::string taken(LLVMErrorRef error);

} // namespace aceso::jit
