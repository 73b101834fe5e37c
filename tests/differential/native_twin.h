#pragma once
/// Native code against the row machine.

#include <memory>
#include <string>
#include <vector>

#include "module/module.h"
#include "module/patient_case.h"

namespace aceso::differential {

struct NativeCounts {
  std::size_t guidelines = 0, cases = 0;
  std::size_t decides = 0; ///< guidelines with a function for outcomes alone
  std::size_t decided = 0; ///< cases given to it
  std::string unavailable; ///< why nothing was compared
};

/// Empty where both say the same about every case, byte by byte, and where native code cannot be made here.
[[nodiscard]] std::string native_difference(const std::shared_ptr<const Module>& module,
                                            const std::vector<PatientCase>& cases, NativeCounts& counts);

} // namespace aceso::differential
