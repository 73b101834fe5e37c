#include "module/look_back.h"

#include <span>
#include <vector>

namespace aceso {
namespace {

using bytecode::Opcode;
using bytecode::Operand;
using bytecode::Word;

/// Walks from conditions to what they need, along the instructions that write the registers.
class LookBacks {
public:
  explicit LookBacks(const Module& module) : module_(module), visited_(module.code.size()) {
    writers_[0].assign(module.truths, nobody);
    writers_[1].assign(module.numbers, nobody);
    writers_[2].assign(module.values, nobody);
  }

  std::size_t count(std::size_t most) {
    const std::span<const Word> code = module_.code;
    std::size_t words = 0;
    for (std::size_t at = 0; at < code.size() && words <= most;) {
      const auto& info = bytecode::info(bytecode::opcode_of(code[at]));
      if (bytecode::opcode_of(code[at]) == Opcode::held_for) {
        ++round_;
        need(0, code[at + 2]);
        while (!pending_.empty() && words <= most)
          words += look_at(code.subspan(pending_.back()));
        pending_.clear();
      }
      if (info.walk != bytecode::Walk::branch)
        writers_[info.signature[0] == 't'   ? 0
                 : info.signature[0] == 'n' ? 1
                                            : 2][bytecode::destination_of(code[at])] = static_cast<std::uint32_t>(at);
      at += bytecode::for_each_operand(code.subspan(at), [](Operand) {});
    }
    return words;
  }

private:
  static constexpr std::uint32_t nobody = 0xffffffff;

  void need(std::size_t space, std::uint32_t index) {
    const std::uint32_t writer = writers_[space][index];
    if (writer == nobody || visited_[writer] == round_) return;
    visited_[writer] = round_;
    pending_.push_back(writer);
  }

  std::size_t look_at(std::span<const Word> words) {
    pending_.pop_back();
    if (bytecode::opcode_of(words[0]) == Opcode::differential) {
      for (const ModuleArgument& each : module_.differentials[words[1]].arguments)
        need(0, each.condition);
      for (const ModuleVerdict& each : module_.differentials[words[1]].verdicts)
        need(0, each.condition);
    }
    return bytecode::for_each_operand(words, [&](Operand operand) {
      for (std::uint32_t i = 0; i < operand.count; ++i) {
        if (operand.letter == 't' || operand.letter == 'T') need(0, operand.word + i);
        if (operand.letter == 'n' || operand.letter == 'N') need(1, operand.word + i);
        if (operand.letter == 'v') need(2, operand.word);
      }
    });
  }

  const Module& module_;
  std::vector<std::uint32_t> writers_[3]; ///< by register: where the instruction stands that writes it
  std::vector<std::uint32_t> visited_;    ///< by word: the round in which its instruction was last counted
  std::uint32_t round_ = 0;
  std::vector<std::uint32_t> pending_;
};

} // namespace

std::size_t words_run_again(const Module& module, std::size_t most) { return LookBacks(module).count(most); }

} // namespace aceso
