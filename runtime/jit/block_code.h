#pragma once
/// Native code for the batch engine: a function that decides a block of patients, for each variant of a plan.
///
///   auto made = jit::compile_blocks(*plan);
///   if (made.ok()) use(made, options);   // batch::RunOptions
///
/// Decisions are the same, bit by bit, as those of the kernels.

#include "batch/batch.h"
#include "jit/jit.h"

namespace aceso::jit {

struct MadeBlocks {
  std::array<batch::BlockFunction, batch::variants> functions{}; ///< null: the kernels decide these blocks
  std::shared_ptr<const void> code;
  std::string why_not_all; ///< where a function is null: a plain sentence
  std::optional<Fault> fault;
  Origin origin = Origin::compiled;
  [[nodiscard]] bool ok() const { return code != nullptr; }
};

/// Code for the machine that this runs on. Takes `cache_folder` of the options. Thread-safe. The caller shares what is
/// made: nothing is kept in memory.
[[nodiscard]] MadeBlocks compile_blocks(const batch::Plan& plan, const Options& options = {});

inline void use(const MadeBlocks& made, batch::RunOptions& options) {
  options.native = made.functions;
  options.native_code = made.code;
}

} // namespace aceso::jit
