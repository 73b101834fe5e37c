#pragma once
/// The batch engine against the row engine: every result of every row.

#include <memory>
#include <string>
#include <vector>

#include "batch/batch.h"

namespace aceso::differential {

/// What was given to native code for blocks.
struct NativeBlocks {
  std::size_t guidelines = 0, functions = 0;
  std::size_t rows = 0;    ///< decided by it, every variant of the plan in turn
  std::string unavailable; ///< why nothing was compared
};

/// Runs all cases as one batch, with every set of kernels that this machine has, and compares each row with the row
/// engine. Empty where nothing differs; else the row and what differs, in words. `one_now`: all cases are decided at
/// the instant of the first, which lets more of them into columns. `native`: the fused functions of native code as
/// well; null: not those.
[[nodiscard]] std::string batch_difference(const std::shared_ptr<const Module>& module, std::vector<PatientCase> cases,
                                           bool one_now, batch::RowCounts& counts, NativeBlocks* native = nullptr);

} // namespace aceso::differential
