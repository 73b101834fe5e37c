#include "lookup/decide_plan.h"

namespace aceso::lookup {

using bytecode::Opcode;
using bytecode::Operand;
using bytecode::Word;

namespace {

bool asks_for_reasons(const Module& module) {
  const std::span<const Word> code = module.code;
  for (std::size_t at = 0; at < code.size();) {
    const Opcode opcode = bytecode::opcode_of(code[at]);
    if (opcode == Opcode::because_truth || opcode == Opcode::because_number || opcode == Opcode::because_value)
      return true;
    at += bytecode::for_each_operand(code.subspan(at), [](Operand) {});
  }
  return false;
}

/// The name of the instruction that writes the register.
std::string writer(const Module& module, const batch::Lane& lane) {
  const std::span<const Word> code = module.code;
  for (std::size_t at = 0; at < code.size();) {
    const auto& info = bytecode::info(bytecode::opcode_of(code[at]));
    if (info.signature[0] == (lane.is_truth ? 't' : 'n') && bytecode::destination_of(code[at]) == lane.index)
      return std::string(info.name);
    at += bytecode::for_each_operand(code.subspan(at), [](Operand) {});
  }
  return {};
}

} // namespace

DecidePlan::DecidePlan(const Module& module) {
  batch::PlanOptions options;
  options.definitions = options.reasons = false;
  plan = batch::make_plan({std::shared_ptr<const Module>(), &module}, options);
  complete = &plan->compiled(batch::Variant::complete).program;
  general = &plan->compiled(asks_for_reasons(module) ? batch::Variant::reasons : batch::Variant::plain).program;
  obstacle = plan->obstacle;
  for (const batch::Program* program : {complete, general})
    if (obstacle.empty() && !program->lanes.empty())
      obstacle = "the instruction `" + writer(module, program->lanes.front()) + "` works on values or on the past";
}

} // namespace aceso::lookup
