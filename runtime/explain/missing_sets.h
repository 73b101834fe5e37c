#pragma once
/// Which inputs can settle what is undetermined. Internal to runtime/explain.

#include <functional>

#include "explain/case_variants.h"

namespace aceso {

/// What is to be settled, as a decision tells it.
struct OpenQuestion {
  std::function<bool(const Decision&)> is_settled;
  std::function<std::vector<InputId>(const Decision&)> missing; ///< the inputs that may still settle it
  std::function<Outcome(const Decision&)> outcome;
};
[[nodiscard]] OpenQuestion question_about(ActionId action);

struct MissingOptions {
  unsigned largest_set = 3;
  std::size_t most_sets = 8;      ///< of more than one input
  std::size_t evaluations = 6000; ///< for the sets that can settle it, and as many again for the one that does
};

/// `answer` is what the engine says to the case. `asked` grows by the evaluations.
[[nodiscard]] MissingReport find_missing_sets(Engine& engine, const PatientCase& patient_case, const Decision& decision,
                                              const OpenQuestion& question, const MissingOptions& options,
                                              std::size_t& asked);

} // namespace aceso
