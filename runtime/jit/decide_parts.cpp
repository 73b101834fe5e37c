/// The parts of native code that need a plan of the batch engine: the function for outcomes alone.
#include "batch/plan.h"
#include "jit/backend_library.h"
#include "jit/compile_with.h"

namespace aceso::jit {
namespace {

struct PlannedDecide final : DecideParts {
  std::shared_ptr<const batch::Plan> plan;

  explicit PlannedDecide(const Module& module) {
    batch::PlanOptions options;
    options.definitions = options.reasons = false;
    plan = batch::make_plan({std::shared_ptr<const Module>(), &module}, options);
    const batch::Variant general = asks_for_reasons(module) ? batch::Variant::reasons : batch::Variant::plain;
    request.complete = &plan->compiled(batch::Variant::complete).program;
    request.general = &plan->compiled(general).program;
    request.outputs = &plan->outputs;
    request.layouts = plan->layouts;
    why_not = plan->obstacle;
    for (const batch::Program* program : {request.complete, request.general})
      if (why_not.empty() && !program->lanes.empty())
        why_not = "the instruction `" + writer(module, program->lanes.front()) + "` works on values or on the past";
  }

private:
  static bool asks_for_reasons(const Module& module) {
    using bytecode::Opcode;
    const std::span<const bytecode::Word> code = module.code;
    for (std::size_t at = 0; at < code.size();) {
      const Opcode opcode = bytecode::opcode_of(code[at]);
      if (opcode == Opcode::because_truth || opcode == Opcode::because_number || opcode == Opcode::because_value)
        return true;
      at += bytecode::for_each_operand(code.subspan(at), [](bytecode::Operand) {});
    }
    return false;
  }
  /// The name of the instruction that writes the register.
  static std::string writer(const Module& module, const batch::Lane& lane) {
    const std::span<const bytecode::Word> code = module.code;
    for (std::size_t at = 0; at < code.size();) {
      const auto& info = bytecode::info(bytecode::opcode_of(code[at]));
      if (info.signature[0] == (lane.is_truth ? 't' : 'n') && bytecode::destination_of(code[at]) == lane.index)
        return std::string(info.name);
      at += bytecode::for_each_operand(code.subspan(at), [](bytecode::Operand) {});
    }
    return {};
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
