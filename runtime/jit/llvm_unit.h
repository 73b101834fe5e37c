#pragma once
/// One LLVM module under construction, with the functions of one guideline.

#include <memory>
#include <string>

#include "batch/program.h"
#include "jit/backend.h"
#include "jit/llvm_code.h"

namespace aceso::jit {

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
  /// Of memory that nobody writes to meanwhile: it waits for no store.
  Ir load_fixed(Ir base, std::uint64_t offset, IrType type, unsigned alignment);
  void store(Ir value, Ir base, std::uint64_t offset, unsigned alignment);
  /// A constant that is seen from outside.
  void publish(const std::string& name, Ir value);
};

/// A step of a function, and how much code it becomes, roughly.
struct Item {
  enum class Kind : std::uint8_t { code, rule, sides, outcome, caution } kind;
  std::uint32_t index = 0, end = 0; ///< code: words
  std::size_t size = 1;
};
/// The parts are bounded, so that LLVM's time stays in step with the size of a guideline, and several processors can
/// share them.
inline constexpr std::size_t most_of_one_function = 300;
inline constexpr std::size_t most_to_optimise =
    3000; ///< words of code: beyond, LLVM's code generator runs at its lowest level
[[nodiscard]] std::vector<std::vector<Item>> in_functions(const std::vector<Item>& items);
/// Whole instructions; skips stay with what they skip.
void add_code_items(std::vector<Item>& items, const Module& module, std::uint32_t begin, std::uint32_t end);
/// Rules, actions and cautions.
void add_settling_items(std::vector<Item>& items, const Module& module, const Relations& relations);
[[nodiscard]] bool needs_machine(bytecode::Opcode opcode);
[[nodiscard]] bool is_skip(bytecode::Opcode opcode);

/// What the processor has that the code is for.
struct CpuFeatures {
  unsigned vector_bytes = 16;
  bool gathers_bits = false; ///< quickly: pext
  bool moves_bytes = false;  ///< of a vector, to any place: pshufb
};
/// The function that gives outcomes alone (llvm_decide.cpp).
void add_decide_function(Unit& unit, const DecideRequest& request, const CpuFeatures& cpu);
/// A batch::BlockFunction (llvm_block.cpp) for vectors of so many bytes. Throws NeedsMachine, and has added nothing
/// then.
void add_block_function(Unit& unit, const std::string& name, const batch::Program& program, unsigned vector_bytes);

} // namespace aceso::jit
