#pragma once
/// The programs that tell the outcomes of one patient at one instant, or why there are none.

#include <memory>
#include <string>

#include "batch/plan.h"

namespace aceso::lookup {

struct DecidePlan {
  /// The module must outlive the plan.
  explicit DecidePlan(const Module& module);

  std::shared_ptr<const batch::Plan> plan; ///< without derived values
  const batch::Program* complete;          ///< everything is known
  const batch::Program* general;           ///< any facts
  std::string obstacle;                    ///< why they do not tell everything: a plain sentence; empty: they do
};

} // namespace aceso::lookup
