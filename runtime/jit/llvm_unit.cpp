#include "jit/llvm_unit.h"

#include <algorithm>

#include "module/native_code.h"

namespace aceso::jit {

using bytecode::Opcode;

Unit::Unit(const Module& of, const Relations& with, std::string named)
    : context(LLVMContextCreate()), ir(LLVMModuleCreateWithNameInContext("guideline", context)),
      builder(LLVMCreateBuilderInContext(context)), module(of), relations(with), prefix(std::move(named)),
      number_writers(of.numbers, 0xffffffff), pointer(pointer_type(context)), i8(LLVMInt8TypeInContext(context)),
      i32(LLVMInt32TypeInContext(context)), i64(LLVMInt64TypeInContext(context)) {
  for (const TruthConstant& each : of.truth_constants)
    truth_constants[each.index] = each.truth;
  for (const NumberConstant& each : of.number_constants)
    number_constants[each.index] = each.number;
  const std::span<const bytecode::Word> code = of.code;
  for (std::size_t at = 0; at < code.size();) {
    if (bytecode::info(bytecode::opcode_of(code[at])).signature[0] == 'n')
      number_writers[bytecode::destination_of(code[at])] = static_cast<std::uint32_t>(at);
    at += bytecode::for_each_operand(code.subspan(at), [](bytecode::Operand) {});
  }
}

std::optional<Truth3> Unit::constant_truth(Logic& logic, std::uint32_t index) const {
  const auto found = truth_constants.find(index);
  if (found == truth_constants.end()) return std::nullopt;
  return logic.constant_truth(found->second);
}

std::optional<Number3> Unit::constant_number(Logic& logic, std::uint32_t index) const {
  const auto found = number_constants.find(index);
  if (found == number_constants.end()) return std::nullopt;
  const bytecode::Number& number = found->second;
  return number.state == bytecode::known ? logic.constant(number.value) : logic.unknown_number(number.state);
}

Unit::~Unit() {
  LLVMDisposeBuilder(builder);
  LLVMDisposeModule(ir);
  LLVMContextDispose(context);
}

Ir Unit::begin_function(const std::string& name, IrType result, std::span<const IrType> arguments, bool is_public) {
  std::vector<IrType> types(arguments.begin(), arguments.end());
  const IrType type = LLVMFunctionType(result, types.data(), static_cast<unsigned>(types.size()), 0);
  const Ir function = LLVMAddFunction(ir, (is_public ? prefix + "_" + name : name).c_str(), type);
  if (!is_public) LLVMSetLinkage(function, LLVMInternalLinkage);
  const unsigned nounwind = LLVMGetEnumAttributeKindForName("nounwind", 8);
  LLVMAddAttributeAtIndex(function, static_cast<LLVMAttributeIndex>(LLVMAttributeFunctionIndex),
                          LLVMCreateEnumAttribute(context, nounwind, 0));
  LLVMPositionBuilderAtEnd(builder, LLVMAppendBasicBlockInContext(context, function, ""));
  return function;
}

Ir Unit::at(Ir base, std::uint64_t offset) {
  if (offset == 0) return base;
  Ir index = LLVMConstInt(i64, offset, 0);
  return LLVMBuildGEP2(builder, i8, base, &index, 1, "");
}

Ir Unit::load(Ir base, std::uint64_t offset, IrType type, unsigned alignment) {
  const Ir value = LLVMBuildLoad2(builder, type, pointer_to(builder, at(base, offset), type), "");
  LLVMSetAlignment(value, alignment);
  return value;
}

Ir Unit::load_fixed(Ir base, std::uint64_t offset, IrType type, unsigned alignment) {
  const Ir made = load(base, offset, type, alignment);
  const Ir nothing = LLVMMetadataAsValue(context, LLVMMDNodeInContext2(context, nullptr, 0));
  LLVMSetMetadata(made, LLVMGetMDKindIDInContext(context, "invariant.load", 14), nothing);
  return made;
}

void Unit::store(Ir value, Ir base, std::uint64_t offset, unsigned alignment) {
  const Ir stored = LLVMBuildStore(builder, value, pointer_to(builder, at(base, offset), LLVMTypeOf(value)));
  LLVMSetAlignment(stored, alignment);
}

void Unit::publish(const std::string& name, Ir value) {
  const Ir global = LLVMAddGlobal(ir, LLVMTypeOf(value), (prefix + "_" + name).c_str());
  LLVMSetInitializer(global, value);
  LLVMSetGlobalConstant(global, 1);
}

std::vector<std::vector<Item>> in_functions(const std::vector<Item>& items) {
  std::vector<std::vector<Item>> functions(1);
  std::size_t size = 0;
  for (const Item& item : items) {
    if (size > 0 && size + item.size > most_of_one_function) {
      functions.emplace_back();
      size = 0;
    }
    functions.back().push_back(item);
    size += item.size;
  }
  return functions;
}

bool needs_machine(Opcode opcode) {
  switch (opcode) {
  case Opcode::known_value:
  case Opcode::because_value:
  case Opcode::held_for:
  case Opcode::round:
  case Opcode::series_number:
  case Opcode::differential:
  case Opcode::truth_as_value:
  case Opcode::number_as_value:
  case Opcode::value_as_truth:
  case Opcode::value_as_number:
  case Opcode::choose_value:
  case Opcode::choose_real:
  case Opcode::table_value:
  case Opcode::series_value:
  case Opcode::series_at:
  case Opcode::apply:
  case Opcode::apply_real:
  case Opcode::round_real: return true;
  default: return false;
  }
}

bool is_skip(Opcode opcode) { return bytecode::info(opcode).walk == bytecode::Walk::branch; }

void add_code_items(std::vector<Item>& items, const Module& module, std::uint32_t begin, std::uint32_t end) {
  const std::span<const bytecode::Word> code = module.code;
  std::uint32_t skipped_until = begin; // the end of the outermost skip
  bool follows_value = false;          // values do not go from one function to another
  for (std::uint32_t at = begin; at < end;) {
    const auto length =
        static_cast<std::uint32_t>(bytecode::for_each_operand(code.subspan(at), [](bytecode::Operand) {}));
    const std::uint32_t next = at + length;
    if (at < skipped_until || follows_value) {
      items.back().end = next;
      items.back().size += length;
    } else {
      items.push_back({Item::Kind::code, at, next, length});
    }
    if (is_skip(bytecode::opcode_of(code[at]))) skipped_until = std::max(skipped_until, next + code[next - 1]);
    follows_value = bytecode::info(bytecode::opcode_of(code[at])).signature[0] == 'v';
    at = next;
  }
}

void add_settling_items(std::vector<Item>& items, const Module& module, const Relations& relations) {
  const auto index = [](std::size_t i) { return static_cast<std::uint32_t>(i); };
  std::size_t rivals = 0;
  for (std::size_t i = 0; i < relations.voices.size(); ++i) {
    rivals += relations.rivals[i].size();
    if (relations.voices[i].size() > 60'000) throw NeedsMachine("an action has more than 60,000 voices");
  }
  if (rivals > 200'000) throw NeedsMachine("there are more than 200,000 pairs of actions that exclude each other");
  // An action follows the last of its rules, so that truths need not go from one function to another: its sides first,
  // and what it comes to once the sides of all its rivals are known.
  std::vector<std::size_t> rules_left(relations.voices.size()), sides_left(relations.voices.size());
  std::vector<std::vector<std::uint32_t>> actions_of(module.rules.size());
  for (std::size_t i = 0; i < relations.voices.size(); ++i) {
    for (const Voice& voice : relations.voices[i])
      if (auto& list = actions_of[voice.rule.index()]; list.empty() || list.back() != index(i)) {
        list.push_back(index(i));
        ++rules_left[i];
      }
    sides_left[i] = 1;
    for (const ActionId rival : relations.rivals[i])
      sides_left[i] += relations.voices[rival.index()].empty() ? 0 : 1;
  }
  const auto side_is_known = [&](std::uint32_t action) {
    if (--sides_left[action] > 0 || relations.voices[action].empty()) return;
    const std::size_t size = 20 * relations.voices[action].size() + relations.rivals[action].size();
    items.push_back({Item::Kind::outcome, action, 0, size});
  };
  for (const RuleId id : relations.order) {
    items.push_back({Item::Kind::rule, id.index(), 0, 4 + relations.overriders[id.index()].size()});
    for (const std::uint32_t action : actions_of[id.index()]) {
      if (--rules_left[action] > 0) continue;
      items.push_back({Item::Kind::sides, action, 0, 4 * relations.voices[action].size()});
      side_is_known(action);
      for (const ActionId rival : relations.rivals[action])
        side_is_known(rival.index());
    }
  }
  for (std::size_t i = 0; i < module.cautions.size(); ++i)
    items.push_back({Item::Kind::caution, index(i), 0, 4});
}

} // namespace aceso::jit
