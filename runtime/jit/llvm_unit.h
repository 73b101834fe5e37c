#pragma once
/// One LLVM module under construction, with the functions of one guideline.

#include <memory>
#include <string>

#include "batch/program.h"
#include "jit/backend.h"
#include "jit/llvm_code.h"

namespace aceso::jit {

/// Planes of one bit, lanes of one number.
class ScalarLogic final : public Logic {
public:
  ScalarLogic(LLVMContextRef context_, LLVMBuilderRef builder, bool keeps) : Logic(context_, builder, keeps) {
    set_plane(i1);
  }
  [[nodiscard]] IrType lanes(unsigned bits) const override { return LLVMIntTypeInContext(context, bits); }
  [[nodiscard]] Ir lane_constant(unsigned bits, std::int64_t value) const override {
    return LLVMConstInt(lanes(bits), static_cast<unsigned long long>(value), 1);
  }
  Ir compare_lanes(LLVMIntPredicate how, Ir x, Ir y) override { return LLVMBuildICmp(b, how, x, y, ""); }
  Ir choose_lanes(Ir when, Ir then, Ir otherwise) override { return select(when, then, otherwise); }
};

class Unit {
public:
  Unit(const Module& module, const Relations& relations, std::string prefix);
  ~Unit();
  Unit(const Unit&) = delete;
  Unit& operator=(const Unit&) = delete;

  LLVMContextRef context;
  LLVMModuleRef ir;
  LLVMBuilderRef builder;
  const Module& module;
  const Relations& relations;
  std::string prefix; ///< of every name that is seen from outside
  std::vector<std::uint32_t> number_writers;
  std::unordered_map<std::uint32_t, std::uint8_t> truth_constants;
  std::unordered_map<std::uint32_t, bytecode::Number> number_constants;
  /// The constant in a register, if there is one.
  [[nodiscard]] std::optional<Truth3> constant_truth(Logic& logic, std::uint32_t index) const;
  [[nodiscard]] std::optional<Number3> constant_number(Logic& logic, std::uint32_t index) const;

  IrType pointer, i8, i32, i64;
  /// A function of these arguments with one block, where the builder stands.
  Ir begin_function(const std::string& name, IrType result, std::span<const IrType> arguments, bool is_public);
  Ir at(Ir base, std::uint64_t offset); ///< so many bytes further
  Ir load(Ir base, std::uint64_t offset, IrType type, unsigned alignment);
  void store(Ir value, Ir base, std::uint64_t offset, unsigned alignment);
  /// A constant that is seen from outside.
  void publish(const std::string& name, Ir value);
};

/// A step of a function, and how much code it becomes, roughly.
struct Item {
  enum class Kind : std::uint8_t {
    code,
    constraints,
    pathway,
    rule,
    sides,
    outcome,
    caution,
    differential,
    finish
  } kind;
  std::uint32_t index = 0, end = 0; ///< code: words
  std::size_t size = 1;
};
/// The parts are bounded, so that LLVM's time stays in step with the size of a guideline.
inline constexpr std::size_t most_of_one_function = 300;
inline constexpr std::size_t most_in_one_piece = 3000; ///< below that one function is quicker to run
[[nodiscard]] std::vector<std::vector<Item>> in_functions(const std::vector<Item>& items);
/// Whole instructions; skips that save calls of the machine stay with what they skip where `keeps_skips`.
void add_code_items(std::vector<Item>& items, const Module& module, std::uint32_t begin, std::uint32_t end,
                    bool keeps_skips);
/// Rules, actions and cautions.
void add_settling_items(std::vector<Item>& items, const Module& module, const Relations& relations);
[[nodiscard]] bool needs_machine(bytecode::Opcode opcode);
[[nodiscard]] bool is_skip(bytecode::Opcode opcode);

/// The three parts that an evaluator calls (llvm_evaluator.cpp).
void add_evaluator_functions(Unit& unit);
/// The function that gives outcomes alone (llvm_decide.cpp). Throws NeedsMachine.
void add_decide_function(Unit& unit);
/// A batch::BlockFunction (llvm_block.cpp) for vectors of so many bytes. Throws NeedsMachine, and has added nothing
/// then.
void add_block_function(Unit& unit, const std::string& name, const batch::Program& program, unsigned vector_bytes);

} // namespace aceso::jit
