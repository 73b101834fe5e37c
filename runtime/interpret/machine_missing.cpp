/// What could settle an unknown: a walk from a register to the inputs, along the instructions that wrote the registers.
#include <algorithm>

#include "interpret/machine.h"

namespace aceso::interpret {

using bytecode::HitPolicy;
using bytecode::Opcode;
using bytecode::Operand;
using bytecode::Space;
using bytecode::Walk;
using bytecode::Word;

void Machine::begin_missing() {
  missing_.clear();
  if (++round_ != 0) return;
  for (auto& space : visited_)
    std::fill(space.begin(), space.end(), 0);
  std::fill(missing_visited_.begin(), missing_visited_.end(), 0);
  round_ = 1;
}

bool Machine::is_known(Space space, std::uint32_t index) const {
  switch (space) {
  case Space::truth: return registers_.truths[index] >= bytecode::no;
  case Space::number: return registers_.numbers[index].state == bytecode::known;
  case Space::value: return registers_.values[index].is_known();
  }
  return true;
}

void Machine::add_missing(Space space, std::uint32_t index) {
  ask_for(space, index);
  while (!pending_.empty()) {
    const Pending next = pending_.back();
    pending_.pop_back();
    visit_missing(next.space, next.index);
  }
}

/// What is known or was asked for before is left out, an input is noted at once, and the rest waits.
void Machine::ask_for(Space space, std::uint32_t index) {
  const auto place = static_cast<std::size_t>(space);
  auto& visited = visited_[place][index];
  if (visited == round_ || is_known(space, index)) return;
  visited = round_;
  if (index < plan_.inputs[place].size()) return note_missing(plan_.inputs[place][index]);
  pending_.push_back({space, index});
}

void Machine::note_missing(InputId input) {
  auto& visited = missing_visited_[input.index()];
  if (visited != round_) missing_.push_back(input);
  visited = round_;
}

void Machine::visit_missing(Space space, std::uint32_t index) {
  const std::uint32_t writer = plan_.writers[static_cast<std::size_t>(space)][index];
  if (writer == Plan::nobody) return; // a constant
  const std::span<const Word> code = std::span<const Word>(module_.code).subspan(writer);
  const auto push = [&](char letter, std::uint32_t each) {
    if (letter == 't') ask_for(Space::truth, each);
    if (letter == 'n') ask_for(Space::number, each);
    if (letter == 'v') ask_for(Space::value, each);
  };
  const auto& info = bytecode::info(bytecode::opcode_of(code[0]));
  const char output = info.signature[0];
  switch (info.walk) {
  case Walk::leaf:
  case Walk::branch: return;
  case Walk::series:
    if (bytecode::opcode_of(code[0]) == Opcode::series_at && !is_known(Space::value, code[2]))
      return push('v', code[2]); // nobody knows as of when
    return note_missing(module_.series[code[1]].input);
  case Walk::look_back: return add_missing_of_earlier(writer);
  case Walk::differential: {
    const DifferentialId id(code[1]);
    if (differential(id).status != DifferentialStatus::undetermined) return;
    for (const ModuleArgument& each : module_.differentials[code[1]].arguments)
      push('t', each.condition);
    for (const ModuleVerdict& each : module_.differentials[code[1]].verdicts)
      push('t', each.condition);
    return;
  }
  case Walk::choice: {
    const std::uint8_t condition = registers_.truths[code[1]];
    if (condition >= bytecode::no) return push(output, condition == bytecode::yes ? code[2] : code[3]);
    break;
  }
  case Walk::table:
    for (Word row = 0; row < code[2]; ++row) {
      const Word condition = code[3 + 2 * row];
      const std::uint8_t hit = registers_.truths[condition];
      if (hit == bytecode::no) continue;
      push('t', condition);
      push(output, code[4 + 2 * row]);
      if (hit == bytecode::yes && static_cast<HitPolicy>(code[1]) == HitPolicy::first) return;
    }
    return;
  case Walk::all: break;
  }
  bytecode::for_each_operand(code, [&](Operand operand) { push(operand.letter, operand.word); });
}

const std::vector<InputId>& Machine::missing() {
  std::sort(missing_.begin(), missing_.end());
  return missing_;
}

} // namespace aceso::interpret
