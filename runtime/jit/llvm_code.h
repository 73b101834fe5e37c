#pragma once
/// From the instructions of a module to LLVM: the code between two words, the rules and the actions behind it.

#include <optional>
#include <stdexcept>
#include <unordered_map>
#include <utility>

#include "jit/llvm_logic.h"
#include "module/relations.h"

namespace aceso::jit {

/// Thrown where code cannot say what an instruction does without the row machine; `what` is a plain sentence.
struct NeedsMachine : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Writes code for one function. Registers that it has not written itself are asked for.
class CodeEmitter {
public:
  CodeEmitter(Logic& logic, const Module& module, const Relations& relations)
      : l(logic), module_(module), relations_(relations) {}
  virtual ~CodeEmitter() = default;
  CodeEmitter(const CodeEmitter&) = delete;
  CodeEmitter& operator=(const CodeEmitter&) = delete;

  /// Whole instructions from `begin` to `end`. Skips are left out: they save work and change no value.
  void code(std::uint32_t begin, std::uint32_t end);
  /// The number of words of the instruction.
  std::uint32_t instruction(std::uint32_t at);

  const Truth3& truth(std::uint32_t index);
  const Number3& number(std::uint32_t index);

  // Rules and actions (llvm_settle.cpp). Truths of three values without reasons.
  struct RuleTruths {
    Truth3 fires, effective;
  };
  struct SideTruths {
    Truth3 in_favour, against;
  };
  [[nodiscard]] Truth3 applies();
  void rule(RuleId id);
  const RuleTruths& rule_truths(RuleId id);
  void sides(ActionId id);
  const SideTruths& side_truths(ActionId id);
  /// The bits and constants of an action's outcome.
  struct Part {
    Ir when;
    std::uint64_t addition; ///< to the outcome as one little-endian number
  };
  std::vector<Part> outcome(ActionId id);

protected:
  virtual Truth3 load_truth(std::uint32_t index) = 0;
  virtual Number3 load_number(std::uint32_t index) = 0;
  virtual RuleTruths load_rule(RuleId id) = 0;
  virtual SideTruths load_sides(ActionId id) = 0;
  virtual void define(std::uint32_t index, Truth3 value) { truths_[index] = value; }
  virtual void define(std::uint32_t index, Number3 value) { numbers_[index] = std::move(value); }
  virtual void define(RuleId id, RuleTruths value) { rules_[id.index()] = value; }
  virtual void define(ActionId id, SideTruths value) { sides_[id.index()] = value; }
  virtual Number3 now() = 0;
  virtual Truth3 in_stage(std::uint32_t stage) = 0;
  /// An instruction on values, series and the past; leaves the destination to be loaded.
  virtual void by_machine(std::uint32_t at, std::uint32_t next) = 0;
  /// The register of the block at a position.
  Truth3 look_up_truth(const Number3& position, std::uint32_t first, std::uint32_t count);
  Number3 look_up_number(const Number3& position, std::uint32_t first, std::uint32_t count);

  Logic& l;
  const Module& module_;
  const Relations& relations_;
  std::unordered_map<std::uint32_t, Truth3> truths_;
  std::unordered_map<std::uint32_t, Number3> numbers_;
  std::unordered_map<std::uint32_t, RuleTruths> rules_;
  std::unordered_map<std::uint32_t, SideTruths> sides_;
  const std::vector<std::uint32_t>* number_writers = nullptr; ///< by number register: where it is written

private:
  Truth3 selects(std::uint32_t number, std::uint32_t action);
  struct VoiceTruths {
    bool is_for;
    const ModuleAdvice* advice;
    Truth3 fires, effective;
  };
  std::vector<VoiceTruths> voices(ActionId id);
};

} // namespace aceso::jit
