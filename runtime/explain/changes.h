#pragma once
/// The smallest change of facts after which an action has another outcome. Internal to runtime/explain.

#include "explain/case_variants.h"

namespace aceso {

struct ChangeOptions {
  unsigned largest_set = 3;
  std::size_t most_proposals = 8; ///< of more than one fact
  std::size_t evaluations = 6000;
};

/// The outcome must be settled. `asked` grows by the evaluations.
[[nodiscard]] ChangeReport find_changes(Engine& engine, const PatientCase& patient_case, const Decision& decision,
                                        ActionId action, const ChangeOptions& options, std::size_t& asked);

} // namespace aceso
