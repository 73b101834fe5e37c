/// The parts of native code that need a plan of the batch engine: the function for outcomes alone.
#include "jit/backend_library.h"
#include "jit/compile_with.h"
#include "lookup/decide_plan.h"

namespace aceso::jit {
namespace {

struct PlannedDecide final : DecideParts {
  lookup::DecidePlan made;

  explicit PlannedDecide(const Module& module) : made(module) {
    request = {made.complete, made.general, &made.plan->outputs, made.plan->layouts};
    why_not = made.obstacle;
  }
};

std::unique_ptr<const DecideParts> make_parts(const Module& module) { return std::make_unique<PlannedDecide>(module); }

} // namespace

Made compile(const Module& module, const Options& options) {
  return compile_with(module, options, options.decide ? make_parts : nullptr);
}

Object compile_object(const Module& module, const std::string& prefix, bool for_this_cpu) {
  const FoundBackend& found = found_backend();
  if (!found.backend) return {{}, {}, make_fault(FaultKind::jit_unavailable, found.why_not)};
  return emit(*found.backend, module, prefix, for_this_cpu, true, make_parts, prefix);
}

} // namespace aceso::jit
