#pragma once
/// What the tools say about all patients, held against random ones, and what they write, run again.

#include <cstddef>
#include <string>
#include <vector>

#include "aceso/compiler.h"
#include "module/patient_case.h"

namespace aceso::differential {

struct CheckedCounts {
  std::size_t guidelines = 0;
  std::size_t questions = 0; ///< of the deep checks
  std::size_t proposals = 0; ///< cases that were written and have passed
  std::size_t mutants = 0;
};

/// Deep checks: a rule that nobody reaches has fired for none of `cases`, and an action without a conflict had none.
/// Proposed cases pass, as blocks and as files. `with_mutants`: each killer differs between the guideline and nothing
/// is left over. Empty, or what is wrong. Budgets are small: undecided is no difference.
[[nodiscard]] std::string check_difference(const Compilation& compilation, const std::string& text,
                                           const std::vector<PatientCase>& cases, bool with_mutants,
                                           CheckedCounts& counts);

} // namespace aceso::differential
