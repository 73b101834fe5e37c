#pragma once
/// Outcomes alone, by native code or by look-ups, against an evaluator that has decided in full.

#include <memory>
#include <string>
#include <vector>

#include "interpret/evaluator.h"
#include "interpret/outcomes.h"
#include "module/patient_case.h"

namespace aceso::differential {

/// Empty where they are those of the evaluator, which has decided the same facts (or not: `is_decided`).
[[nodiscard]] std::string outcome_difference(interpret::Evaluator& evaluator, bool is_decided,
                                             const interpret::Outcomes& got, bool is_refused);

struct LookupCounts {
  std::size_t guidelines = 0; ///< that can be looked up
  std::size_t cases = 0;
};
/// Look-ups, with and without the processor's instruction for gathering bits. What is dated in a case is left out, as
/// they know no history.
[[nodiscard]] std::string lookup_difference(const std::shared_ptr<const Module>& module,
                                            const std::vector<PatientCase>& cases, LookupCounts& counts);

} // namespace aceso::differential
