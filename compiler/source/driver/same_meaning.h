#pragma once
/// Do two texts of one guideline say the same about every patient? Advice, cautions and derived values are compared
/// (analyse/diff.h); "proved" is only said where all of it was.

#include <vector>

#include "analyse/sat.h"
#include "graph/graph.h"
#include "module/patient_case.h"

namespace aceso::driver {

struct SameMeaning {
  bool is_proved = false;            ///< the same for every patient
  std::vector<PatientCase> patients; ///< of whom something else is said, where the proof failed on one
};

/// `before` and `after` differ in a few places only, and have the same inputs, actions, cautions and derived values.
[[nodiscard]] SameMeaning compare_meaning(const graph::Graph& before, const graph::Graph& after,
                                          const analyse::Budget& budget);

} // namespace aceso::driver
