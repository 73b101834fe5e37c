#pragma once
/// The numbers of a program (batch::NumberNode), in a lane for each of many patients or for one alone.

#include "batch/program.h"
#include "jit/llvm_compat.h"

namespace aceso::jit {

class NumberCode {
public:
  /// `lanes`: 1 for numbers that are no vectors.
  NumberCode(LLVMContextRef context, LLVMBuilderRef builder, unsigned lanes)
      : context_(context), b_(builder), lanes_(lanes) {}

  [[nodiscard]] IrType type(unsigned bits) const;
  [[nodiscard]] Ir constant(unsigned bits, std::uint64_t value) const;
  /// Elements of an array, unsigned and of `width` bytes, as NumberOp::array has them.
  Ir element(const batch::NumberNode& node, Ir raw, unsigned width);
  [[nodiscard]] static bool has_first(batch::NumberOp op) {
    return op != batch::NumberOp::constant && op != batch::NumberOp::array;
  }
  [[nodiscard]] static bool has_second(batch::NumberOp op) {
    return has_first(op) && op != batch::NumberOp::widen && op != batch::NumberOp::round;
  }
  /// What the node makes of its operands, those that it has. `when`: a bit for each lane.
  Ir apply(const batch::NumberNode& node, Ir first, Ir second, Ir when);

private:
  Ir rounded(const batch::NumberNode& node, Ir from);

  LLVMContextRef context_;
  LLVMBuilderRef b_;
  unsigned lanes_;
};

} // namespace aceso::jit
