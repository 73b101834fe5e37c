#include "interpret/plan.h"

#include <set>

#include "module/differential_weights.h"

namespace aceso::interpret {

using bytecode::Opcode;
using bytecode::Operand;

Plan::Plan(std::shared_ptr<const Module> from) : Relations(*from), module(std::move(from)) {
  find_writers();
  sort_transitions();
  weigh();
}

void Plan::sort_transitions() {
  if (!module->pathway) return;
  ways_out.resize(module->dictionary.stages.size());
  for (std::size_t i = 0; i < module->pathway->transitions.size(); ++i) {
    const ModuleTransition& each = module->pathway->transitions[i];
    (each.is_interrupt() ? interrupts : ways_out[each.from.index()]).push_back(static_cast<std::uint32_t>(i));
  }
}

void Plan::find_writers() {
  writers[0].assign(module->truths, nobody);
  writers[1].assign(module->numbers, nobody);
  writers[2].assign(module->values, nobody);
  const std::span<const bytecode::Word> code = module->code;
  std::vector<bool> is_asked_for(module->differentials.size());
  for (std::size_t at = 0; at < code.size();) {
    const auto& info = bytecode::info(bytecode::opcode_of(code[at]));
    if (info.walk != bytecode::Walk::branch) {
      const std::size_t space = info.signature[0] == 't' ? 0 : info.signature[0] == 'n' ? 1 : 2;
      writers[space][bytecode::destination_of(code[at])] = static_cast<std::uint32_t>(at);
    }
    if (bytecode::opcode_of(code[at]) == Opcode::in_stage && at < module->pathway_end) asks_for_stage_early = true;
    if (bytecode::opcode_of(code[at]) == Opcode::held_for) {
      const Register condition{bytecode::Space::truth, code[at + 2]};
      slices[static_cast<std::uint32_t>(at)] = slice({&condition, 1});
    }
    if (bytecode::opcode_of(code[at]) == Opcode::differential) is_asked_for[code[at + 1]] = true;
    at += bytecode::for_each_operand(code.subspan(at), [](Operand) {});
  }
  for (std::size_t i = 0; i < is_asked_for.size(); ++i)
    if (!is_asked_for[i]) differentials_without_code.emplace_back(i);
  for (std::size_t i = 0; i < module->inputs.size(); ++i) {
    inputs[static_cast<std::size_t>(module->inputs[i].space())].emplace_back(i);
    if (module->dictionary.inputs[i].unknown_policy == UnknownPolicy::assume) assuming.emplace_back(i);
  }
}

/// What stands before an instruction has its writer by now. Skips are left out: they save work and change no value.
std::vector<std::pair<std::uint32_t, std::uint32_t>> Plan::slice(std::span<const Register> wanted) const {
  const std::span<const bytecode::Word> code = module->code;
  std::set<std::uint32_t> instructions;
  std::vector<std::uint32_t> pending;
  const auto need = [&](std::size_t space, std::uint32_t index) {
    const std::uint32_t writer = writers[space][index];
    if (writer != nobody && instructions.insert(writer).second) pending.push_back(writer);
  };
  for (const Register& each : wanted)
    need(static_cast<std::size_t>(each.space), each.index);
  while (!pending.empty()) {
    const auto words = code.subspan(pending.back());
    pending.pop_back();
    if (bytecode::opcode_of(words[0]) == Opcode::differential) {
      for (const ModuleArgument& each : module->differentials[words[1]].arguments)
        need(0, each.condition);
      for (const ModuleVerdict& each : module->differentials[words[1]].verdicts)
        need(0, each.condition);
    }
    bytecode::for_each_operand(words, [&](Operand operand) {
      for (std::uint32_t i = 0; i < operand.count; ++i) {
        if (operand.letter == 't' || operand.letter == 'T') need(0, operand.word + i);
        if (operand.letter == 'n' || operand.letter == 'N') need(1, operand.word + i);
        if (operand.letter == 'v') need(2, operand.word);
      }
    });
  }
  std::vector<std::pair<std::uint32_t, std::uint32_t>> list;
  for (const std::uint32_t begin : instructions) {
    const auto length = static_cast<std::uint32_t>(bytecode::for_each_operand(code.subspan(begin), [](Operand) {}));
    if (!list.empty() && list.back().second == begin)
      list.back().second += length;
    else
      list.emplace_back(begin, begin + length);
  }
  return list;
}

void Plan::weigh() {
  for (std::size_t d = 0; d < module->differentials.size(); ++d) {
    weights.push_back(*whole_weights(module->differentials[d])); // verified
    first_candidate.push_back(candidates);
    candidates += static_cast<std::uint32_t>(module->dictionary.differentials[d].candidates.size());
  }
}

} // namespace aceso::interpret
