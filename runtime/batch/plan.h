#pragma once
/// What make_plan derives from a module. Internal to runtime/batch and runtime/jit.

#include "batch/batch.h"

namespace aceso::batch {

class Plan {
public:
  Plan(std::shared_ptr<const Module> module, PlanOptions options);

  std::shared_ptr<const Module> module;
  PlanOptions options;
  std::vector<InputLayout> layouts; ///< parallel to Module::inputs
};

} // namespace aceso::batch
