#include "batch/plan.h"

#include <algorithm>

#include "batch/lowering.h"

namespace aceso::batch {

using bytecode::Opcode;
using bytecode::Operand;
using bytecode::Word;

Plan::Plan(std::shared_ptr<const Module> of, PlanOptions wanted)
    : module(std::move(of)), options(wanted), row_plan(module), layouts(layouts_of(*module)) {
  constexpr auto general = static_cast<std::size_t>(Variant::reasons);
  std::call_once(once_[general],
                 [&] { compiled_[general] = finish(Lowering(*this, Variant::reasons).make_layout(outputs)); });
  for (const auto& [begin, end] : compiled_[general].lane_code)
    for (std::size_t at = begin; at < end;) {
      const auto words = std::span<const Word>(module->code).subspan(at);
      if (bytecode::opcode_of(words[0]) == Opcode::in_stage)
        obstacle = "what is calculated row by row asks for the stage of the pathway";
      at += bytecode::for_each_operand(words, [](Operand) {});
    }
}

const Compiled& Plan::compiled(Variant variant) const {
  const auto place = static_cast<std::size_t>(variant);
  std::call_once(once_[place], [&] { compiled_[place] = finish(Lowering(*this, variant).make(outputs)); });
  return compiled_[place];
}

/// The words that the lanes need, and the inputs that these read.
Compiled Plan::finish(Program program) const {
  Compiled result;
  std::vector<Register> wanted;
  for (const Lane& lane : program.lanes)
    wanted.push_back({lane.is_truth ? bytecode::Space::truth : bytecode::Space::number, lane.index});
  for (const std::uint32_t index : outputs.value_lanes)
    wanted.push_back({bytecode::Space::value, index});
  result.lane_code = row_plan.slice(wanted);
  auto& inputs = result.lane_inputs;
  const auto need = [&](std::size_t space, std::uint32_t index) {
    if (index < row_plan.inputs[space].size()) inputs.push_back(row_plan.inputs[space][index]);
  };
  for (const Register& each : wanted)
    need(static_cast<std::size_t>(each.space), each.index);
  for (const auto& [begin, end] : result.lane_code)
    for (std::size_t at = begin; at < end;)
      at += bytecode::for_each_operand(std::span<const Word>(module->code).subspan(at), [&](Operand operand) {
        for (std::uint32_t i = 0; i < operand.count; ++i) {
          if (operand.letter == 't' || operand.letter == 'T') need(0, operand.word + i);
          if (operand.letter == 'n' || operand.letter == 'N') need(1, operand.word + i);
          if (operand.letter == 'v') need(2, operand.word);
        }
        if (operand.letter == 's') inputs.push_back(module->series[operand.word].input);
        if (operand.letter != 'd') return;
        for (const ModuleArgument& each : module->differentials[operand.word].arguments)
          need(0, each.condition);
        for (const ModuleVerdict& each : module->differentials[operand.word].verdicts)
          need(0, each.condition);
      });
  std::sort(inputs.begin(), inputs.end());
  inputs.erase(std::unique(inputs.begin(), inputs.end()), inputs.end());
  result.reads_now = std::any_of(program.arrays.begin(), program.arrays.end(),
                                 [](const Array& each) { return each.kind == Array::Kind::now; });
  result.program = std::move(program);
  return result;
}

std::shared_ptr<const Plan> make_plan(std::shared_ptr<const Module> module, PlanOptions options) {
  return std::make_shared<const Plan>(std::move(module), options);
}
const Module& module_of(const Plan& plan) { return *plan.module; }
std::span<const InputLayout> layouts(const Plan& plan) { return plan.layouts; }

} // namespace aceso::batch
