/// The code of an evaluator: registers lie in the memory of the row machine, every one is written, and what only the
/// machine can do is asked of it.
#include <array>

#include "jit/llvm_objects.h"
#include "module/native_code.h"

namespace aceso::jit {
namespace {

using bytecode::Opcode;

class EvaluatorEmitter final : public CodeEmitter {
public:
  EvaluatorEmitter(Unit& unit, Logic& logic, Ir function)
      : CodeEmitter(logic, unit.module, unit.relations), unit_(unit), function_(function),
        registers_(LLVMGetParam(function, 0)) {
    number_writers = &unit.number_writers;
    const auto field = [&](std::size_t offset) { return unit_.load(registers_, offset, unit_.pointer, 8); };
    truths_at_ = field(offsetof(NativeRegisters, truths));
    numbers_at_ = field(offsetof(NativeRegisters, numbers));
    rules_at_ = field(offsetof(NativeRegisters, rules));
    sides_at_ = field(offsetof(NativeRegisters, sides));
    outcomes_at_ = field(offsetof(NativeRegisters, outcomes));
    cautions_at_ = field(offsetof(NativeRegisters, cautions));
  }

  void emit(const std::vector<Item>& items) {
    for (const Item& item : items)
      switch (item.kind) {
      case Item::Kind::code: words(item.index, item.end); break;
      case Item::Kind::rule: rule(RuleId(item.index)); break;
      case Item::Kind::sides: sides(ActionId(item.index)); break;
      case Item::Kind::outcome: {
        Ir sum = LLVMConstInt(l.i64, 0, 0);
        for (const Part& part : outcome(ActionId(item.index)))
          sum = LLVMBuildAdd(l.b, sum,
                             l.select(part.when, LLVMConstInt(l.i64, part.addition, 0), LLVMConstInt(l.i64, 0, 0)), "");
        unit_.store(sum, outcomes_at_, 8 * std::uint64_t{item.index}, 4);
        break;
      }
      case Item::Kind::caution: {
        const Truth3 a = applies(), c = truth(module_.cautions[item.index]);
        store(Truth3{l.both(a.is, c.is), l.both(a.may, c.may), nullptr}, cautions_at_, item.index);
        break;
      }
      }
  }

protected:
  Truth3 load_truth(std::uint32_t index) override {
    if (const auto constant = unit_.constant_truth(l, index)) return *constant;
    const Ir byte = unit_.load(truths_at_, index, l.i8, 1);
    return {LLVMBuildICmp(l.b, LLVMIntEQ, byte, l.byte(bytecode::yes), ""),
            LLVMBuildICmp(l.b, LLVMIntNE, byte, l.byte(bytecode::no), ""), byte};
  }
  Number3 load_number(std::uint32_t index) override {
    if (const auto constant = unit_.constant_number(l, index)) return *constant;
    const Ir value = unit_.load(numbers_at_, 16 * std::uint64_t{index}, l.i64, 8);
    const Ir state = unit_.load(numbers_at_, 16 * std::uint64_t{index} + 8, l.i8, 8);
    return {value, LLVMBuildICmp(l.b, LLVMIntEQ, state, l.byte(bytecode::known), ""), state};
  }
  RuleTruths load_rule(RuleId id) override {
    return {load_plain(rules_at_, 2 * id.index()), load_plain(rules_at_, 2 * id.index() + 1)};
  }
  SideTruths load_sides(ActionId id) override {
    // Nobody speaks about it: nothing has been written.
    if (relations_.voices[id.index()].empty()) return {l.settled(l.none), l.settled(l.none)};
    return {load_plain(sides_at_, 2 * id.index()), load_plain(sides_at_, 2 * id.index() + 1)};
  }
  void define(std::uint32_t index, Truth3 value) override {
    unit_.store(l.byte_of(value), truths_at_, index, 1);
    CodeEmitter::define(index, value);
  }
  void define(std::uint32_t index, Number3 value) override {
    unit_.store(l.value_of(value), numbers_at_, 16 * std::uint64_t{index}, 8);
    unit_.store(l.state_of(value), numbers_at_, 16 * std::uint64_t{index} + 8, 8);
    CodeEmitter::define(index, std::move(value));
  }
  void define(RuleId id, RuleTruths value) override {
    store(value.fires, rules_at_, 2 * id.index());
    store(value.effective, rules_at_, 2 * id.index() + 1);
    CodeEmitter::define(id, value);
  }
  void define(ActionId id, SideTruths value) override {
    store(value.in_favour, sides_at_, 2 * id.index());
    store(value.against, sides_at_, 2 * id.index() + 1);
    CodeEmitter::define(id, value);
  }
  Number3 now() override {
    return l.number(unit_.load(registers_, offsetof(NativeRegisters, now), l.i64, 8), l.all, nullptr);
  }
  Truth3 in_stage(std::uint32_t stage) override {
    const Ir present = unit_.load(registers_, offsetof(NativeRegisters, stage), l.i32, 4);
    return l.settled(LLVMBuildICmp(l.b, LLVMIntEQ, present, LLVMConstInt(l.i32, stage, 0), ""));
  }
  void by_machine(std::uint32_t at, std::uint32_t next) override {
    const std::array<IrType, 3> types = {unit_.pointer, l.i32, l.i32};
    const IrType type = LLVMFunctionType(LLVMVoidTypeInContext(l.context), const_cast<IrType*>(types.data()), 3, 0);
    const Ir machine = unit_.load(registers_, offsetof(NativeRegisters, machine), unit_.pointer, 8);
    const Ir step = unit_.load(registers_, offsetof(NativeRegisters, step), unit_.pointer, 8);
    std::array<Ir, 3> arguments = {machine, LLVMConstInt(l.i32, at, 0), LLVMConstInt(l.i32, next, 0)};
    LLVMBuildCall2(l.b, type, pointer_to(l.b, step, type), arguments.data(), 3, "");
  }

private:
  Truth3 load_plain(Ir base, std::uint64_t offset) {
    const Ir byte = unit_.load(base, offset, l.i8, 1);
    return {LLVMBuildICmp(l.b, LLVMIntEQ, byte, l.byte(2), ""), LLVMBuildICmp(l.b, LLVMIntNE, byte, l.byte(0), ""),
            nullptr};
  }
  /// As a Truth.
  void store(const Truth3& x, Ir base, std::uint64_t offset) {
    static_assert(static_cast<int>(Truth::no) == 0 && static_cast<int>(Truth::yes) == 2);
    const Ir may = LLVMBuildZExt(l.b, x.may, l.i8, ""), is = LLVMBuildZExt(l.b, x.is, l.i8, "");
    unit_.store(LLVMBuildAdd(l.b, may, is, ""), base, offset, 1);
  }

  /// A skip is a branch where it saves calls of the machine. What is defined in it has no value after it.
  struct Region {
    std::uint32_t end;
    LLVMBasicBlockRef after;
    std::unordered_map<std::uint32_t, Truth3> truths;
    std::unordered_map<std::uint32_t, Number3> numbers;
  };

  void words(std::uint32_t begin, std::uint32_t end) {
    std::vector<Region> regions;
    const auto leave = [&](std::uint32_t at) {
      while (!regions.empty() && regions.back().end == at) {
        LLVMBuildBr(l.b, regions.back().after);
        LLVMPositionBuilderAtEnd(l.b, regions.back().after);
        l.forget_bits();
        truths_ = std::move(regions.back().truths);
        numbers_ = std::move(regions.back().numbers);
        regions.pop_back();
      }
    };
    const std::span<const bytecode::Word> code = module_.code;
    for (std::uint32_t at = begin; at < end;) {
      leave(at);
      const auto length =
          static_cast<std::uint32_t>(bytecode::for_each_operand(code.subspan(at), [](bytecode::Operand) {}));
      const std::uint32_t next = at + length;
      const Opcode opcode = bytecode::opcode_of(code[at]);
      if (is_skip(opcode)) {
        const std::uint32_t last = next + code[next - 1];
        if (last > next && saves_calls(next, last)) enter(regions, at, next, last);
      } else if (needs_machine(opcode)) {
        // Calls that follow each other become one.
        std::uint32_t until = next;
        while (until < end && needs_machine(bytecode::opcode_of(code[until])) &&
               (regions.empty() || until < regions.back().end))
          until +=
              static_cast<std::uint32_t>(bytecode::for_each_operand(code.subspan(until), [](bytecode::Operand) {}));
        by_machine(at, until);
        at = until;
        continue;
      } else {
        instruction(at);
      }
      at = next;
    }
    leave(end);
  }

  bool saves_calls(std::uint32_t begin, std::uint32_t end) const {
    const std::span<const bytecode::Word> code = module_.code;
    for (std::uint32_t at = begin; at < end;) {
      if (needs_machine(bytecode::opcode_of(code[at]))) return true;
      at += static_cast<std::uint32_t>(bytecode::for_each_operand(code.subspan(at), [](bytecode::Operand) {}));
    }
    return false;
  }

  void enter(std::vector<Region>& regions, std::uint32_t at, std::uint32_t next, std::uint32_t last) {
    const bytecode::Word* w = module_.code.data() + at;
    const Opcode opcode = bytecode::opcode_of(w[0]);
    Ir skips = nullptr;
    bool result = false;
    const auto compared = [&](Compare how, bool holds) {
      const Number3 x = number(w[1]), y = number(w[2]);
      const Ir is_so = l.compare_values(how, x, y);
      skips = l.both(l.both(x.known, y.known), holds ? is_so : l.without(is_so));
      result = holds;
    };
    switch (opcode) {
    case Opcode::no_skips: skips = l.without(truth(w[1]).may); break;
    case Opcode::yes_skips: skips = truth(w[1]).is, result = true; break;
    case Opcode::not_less_skips: compared(Compare::less, false); break;
    case Opcode::less_skips: compared(Compare::less, true); break;
    case Opcode::less_or_equal_skips: compared(Compare::less_or_equal, true); break;
    case Opcode::not_less_or_equal_skips: compared(Compare::less_or_equal, false); break;
    case Opcode::equal_skips: compared(Compare::equal, true); break;
    default: compared(Compare::equal, false); break;
    }
    const auto skipped = LLVMAppendBasicBlockInContext(l.context, function_, "");
    const auto inside = LLVMAppendBasicBlockInContext(l.context, function_, "");
    const auto after = LLVMAppendBasicBlockInContext(l.context, function_, "");
    LLVMBuildCondBr(l.b, skips, skipped, inside);
    LLVMPositionBuilderAtEnd(l.b, skipped);
    unit_.store(l.byte(result ? bytecode::yes : bytecode::no), truths_at_, bytecode::destination_of(w[0]), 1);
    LLVMBuildBr(l.b, after);
    LLVMPositionBuilderAtEnd(l.b, inside);
    l.forget_bits();
    regions.push_back({last, after, truths_, numbers_});
    (void)next;
  }

  Unit& unit_;
  Ir function_, registers_;
  Ir truths_at_, numbers_at_, rules_at_, sides_at_, outcomes_at_, cautions_at_;
};

/// A function of a part: made before in this file, or in another one of the guideline.
Ir declared(Unit& unit, const std::string& name) {
  const std::string whole_name = unit.prefix + "_" + name;
  if (const Ir there = LLVMGetNamedFunction(unit.ir, whole_name.c_str())) return there;
  const Ir function = LLVMAddFunction(unit.ir, whole_name.c_str(),
                                      LLVMFunctionType(LLVMVoidTypeInContext(unit.context), &unit.pointer, 1, 0));
  LLVMSetVisibility(function, LLVMHiddenVisibility);
  return function;
}

void add_function(Unit& unit, const std::string& name, bool is_whole, const std::vector<Item>& items) {
  const Ir function = unit.begin_function(name, LLVMVoidTypeInContext(unit.context), std::array{unit.pointer}, true);
  if (!is_whole) LLVMSetVisibility(function, LLVMHiddenVisibility);
  Logic logic(unit.context, unit.builder);
  EvaluatorEmitter(unit, logic, function).emit(items);
  LLVMBuildRetVoid(unit.builder);
}

void add_caller(Unit& unit, const std::string& name, std::size_t count) {
  const Ir whole = unit.begin_function(name, LLVMVoidTypeInContext(unit.context), std::array{unit.pointer}, true);
  Ir registers = LLVMGetParam(whole, 0);
  for (std::size_t i = 0; i < count; ++i) {
    const Ir part = declared(unit, name + std::to_string(i));
    LLVMBuildCall2(unit.builder, LLVMGlobalGetValueType(part), part, &registers, 1, "");
  }
  LLVMBuildRetVoid(unit.builder);
}

void add_part(std::vector<Piece>& pieces, const std::string& name, const std::vector<Item>& items) {
  auto functions = in_functions(items);
  const bool is_whole = functions.size() == 1;
  for (std::size_t i = 0; i < functions.size(); ++i) {
    std::size_t size = 0;
    for (const Item& item : functions[i])
      size += item.size;
    pieces.push_back({size, [is_whole, of = std::move(functions[i]), as = is_whole ? name : name + std::to_string(i)](
                                Unit& unit) { add_function(unit, as, is_whole, of); }});
  }
  if (!is_whole)
    pieces.push_back(
        {functions.size(), [name, count = functions.size()](Unit& unit) { add_caller(unit, name, count); }});
}

} // namespace

std::vector<Piece> evaluator_pieces(const Module& module, const Relations& relations) {
  const auto end = static_cast<std::uint32_t>(module.code.size());
  std::vector<Item> constraints, pathway, decision;
  add_code_items(constraints, module, 0, module.constraints_end);
  add_code_items(pathway, module, module.constraints_end, module.pathway_end);
  add_code_items(decision, module, module.pathway_end, end);
  add_settling_items(decision, module, relations);
  std::vector<Piece> pieces;
  add_part(pieces, "constraints", constraints);
  add_part(pieces, "pathway", pathway);
  add_part(pieces, "decision", decision);
  return pieces;
}

} // namespace aceso::jit
