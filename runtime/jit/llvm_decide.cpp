/// One patient at one instant, from facts in a struct to outcomes alone: the batch engine's program once more, as
/// look-ups (lookup/cover.h). Bits lie packed in words; those of facts come from comparisons of many bytes at once.
/// There are two versions of the code: one for patients of whom everything is known, and one for all others.
#include <algorithm>
#include <array>

#include "jit/facts_layout.h"
#include "jit/llvm_lookup.h"
#include "jit/llvm_number.h"
#include "lookup/outcome_sums.h"

namespace aceso::jit {
namespace {

using batch::Array;
using batch::Literal;
using batch::PlaneNode;
using batch::PlaneOp;
using batch::Program;
using lookup::Cover;
using lookup::OutcomeSums;
using Node = Cover::Node;

/// By position: of the function. `returned` is no argument.
enum class Argument : std::uint8_t { facts, now, outcomes, cautions, differentials, summary, scratch, returned };

Argument argument_of(lookup::Table table) {
  switch (table) {
  case lookup::Table::outcomes: return Argument::outcomes;
  case lookup::Table::cautions: return Argument::cautions;
  case lookup::Table::differentials: return Argument::differentials;
  case lookup::Table::summary: return Argument::summary;
  case lookup::Table::refused: break;
  }
  return Argument::returned;
}

/// More steps than this are cut into functions, so that LLVM's time stays in step with their number.
constexpr std::size_t most_in_one = 1500, most_of_a_part = 300;
constexpr unsigned fewest_at_once = 3; ///< comparisons that are worth a vector

class DecideEmitter {
public:
  DecideEmitter(Unit& unit, const DecideRequest& request, const Program& program, const FactsLayout& layout,
                const CpuFeatures& cpu, std::string name)
      : u_(unit), b_(unit.builder), program_(program), layouts_(request.layouts), layout_(layout), cpu_(cpu),
        name_(std::move(name)), results_(unit.module, unit.relations, *request.outputs, program),
        cover_(program, results_.sums), bits_(unit, cpu, name_, cover_.nodes(), 8 * program.numbers.size()),
        code_(unit.context, unit.builder, 1), numbers_(program.numbers.size()) {
    is_cut_ = cover_.sources.size() + cover_.lookups.size() + cover_.sums.size() > most_in_one;
  }

  Ir emit() {
    begin_part();
    std::size_t source = 0, lookup = 0;
    for (unsigned level = 0; source < cover_.sources.size() || lookup < cover_.lookups.size(); ++level) {
      for (; lookup < cover_.lookups.size() && cover_.lookups[lookup].level == level; ++lookup)
        look_up(cover_.lookups[lookup]);
      std::vector<Cover::Source> of_level;
      for (; source < cover_.sources.size() && cover_.sources[source].level == level; ++source)
        of_level.push_back(cover_.sources[source]);
      read(of_level);
    }
    for (std::size_t i = 0; i < cover_.sums.size();)
      i = put_result(i);
    end_part();
    bits_.finish_tables();
    return whole();
  }
  static std::vector<IrType> argument_types(const Unit& u) {
    return {u.pointer, u.i64, u.pointer, u.pointer, u.pointer, u.pointer, u.pointer};
  }
  [[nodiscard]] std::uint64_t scratch_bytes() const { return is_cut_ ? bits_.scratch_end() : 8; }

private:
  // ------------------------------------------------------------------------------------------------- functions

  void begin_part() {
    part_ = u_.begin_function(name_ + std::to_string(parts_.size()), u_.i32, argument_types(u_), false);
    parts_.push_back(part_);
    steps_ = 0;
    bits_.begin_function(argument(Argument::scratch));
    for (Number& number : numbers_)
      number.value = nullptr;
  }
  void end_part() {
    if (is_cut_) bits_.keep_words();
    LLVMBuildRet(b_, returned_ ? returned_ : LLVMConstInt(u_.i32, 0, 0));
    returned_ = nullptr;
  }
  /// Some more code follows.
  void step() {
    if (!is_cut_ || ++steps_ <= most_of_a_part) return;
    end_part();
    begin_part();
  }
  [[nodiscard]] Ir whole_number(std::uint64_t value) const { return LLVMConstInt(u_.i64, value, 0); }
  Ir argument(Argument which) { return LLVMGetParam(part_, static_cast<unsigned>(which)); }

  /// One function that calls all parts. The first one gives the result.
  Ir whole() {
    if (parts_.size() == 1) return parts_[0];
    const Ir function = u_.begin_function(name_, u_.i32, argument_types(u_), false);
    std::array<Ir, 7> arguments{};
    LLVMGetParams(function, arguments.data());
    Ir result = LLVMConstInt(u_.i32, 0, 0);
    for (const Ir part : parts_) {
      const Ir one = LLVMBuildCall2(b_, LLVMGlobalGetValueType(part), part, arguments.data(), 7, "");
      result = LLVMBuildOr(b_, result, one, "");
    }
    LLVMBuildRet(b_, result);
    return function;
  }

  void look_up(const Cover::Lookup& of) {
    step();
    std::vector<Node> leaves = of.leaves;
    const Ir index = bits_.index_of(leaves);
    const std::vector<std::uint64_t> values = cover_.entries(leaves, of.nodes);
    const Ir found = index ? LLVMBuildZExt(b_, bits_.entry(index, values, 1), u_.i64, "") : whole_number(values[0]);
    const std::uint32_t first = bits_.place(found, static_cast<unsigned>(of.nodes.size()));
    for (std::size_t i = 0; i < of.nodes.size(); ++i)
      bits_.set(of.nodes[i], first + static_cast<std::uint32_t>(i));
  }

  /// All sums of one result; returns the first of the next.
  std::size_t put_result(std::size_t sum) {
    step();
    const std::size_t result = cover_.sums[sum].result;
    const OutcomeSums::Place& to = results_.places[result];
    const IrType type = LLVMIntTypeInContext(u_.context, 8 * to.bytes);
    const std::uint64_t ones = to.bytes == 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << (8 * to.bytes)) - 1;
    std::uint64_t base = results_.sums[result].base;
    Ir value = nullptr;
    for (; sum < cover_.sums.size() && cover_.sums[sum].result == result; ++sum) {
      const Cover::Sum& of = cover_.sums[sum];
      std::vector<Node> leaves = of.leaves;
      const Ir index = bits_.index_of(leaves);
      std::vector<std::uint64_t> values = cover_.entries(leaves, of, base);
      for (std::uint64_t& each : values)
        each &= ones;
      base = 0;
      const Ir one = index ? bits_.entry(index, values, to.bytes) : LLVMConstInt(type, values[0], 0);
      value = value ? LLVMBuildAdd(b_, value, one, "") : one;
    }
    const Argument where = argument_of(to.to);
    if (where == Argument::returned)
      returned_ = value;
    else
      u_.store(value, argument(where), to.offset, std::min(to.bytes, where == Argument::cautions ? 1u : 4u));
    return sum;
  }

  // ------------------------------------------------------------------------------------------------- facts

  /// The number of so many bytes at an offset, less `lowest`, is below `length`; modulo 2 to the power of its bits.
  struct Range {
    Node node;
    std::uint32_t offset, bytes;
    std::uint64_t lowest, length;
  };

  void read(const std::vector<Cover::Source>& sources) {
    std::vector<Range> ranges;
    std::array<std::vector<std::pair<std::uint32_t, Node>>, 2> states; // yes, known: by their byte
    for (const Cover::Source& source : sources) {
      const PlaneNode& of = program_.planes[source.plane];
      if (of.op == PlaneOp::numbers_equal || of.op == PlaneOp::numbers_below) continue;
      const Array& array = program_.arrays[of.first];
      const std::uint64_t least = of.op == PlaneOp::below ? 0 : of.constant;
      const std::uint64_t length = of.op == PlaneOp::below ? of.constant : 1;
      const FactField* const field = array.kind == Array::Kind::now ? nullptr : &layout_.fields[array.index];
      switch (array.kind) {
      case Array::Kind::bits: states[0].emplace_back(field->state, source.node); break;
      case Array::Kind::known: states[1].emplace_back(field->state, source.node); break;
      case Array::Kind::reasons: ranges.push_back({source.node, field->state, 1, least, length}); break;
      case Array::Kind::data:
        ranges.push_back({source.node, field->value, field->bytes,
                          least + static_cast<std::uint64_t>(layouts_[array.index].least), length});
        break;
      case Array::Kind::now: {
        step();
        const Ir less = LLVMBuildSub(b_, argument(Argument::now), whole_number(least), "");
        bits_.place_bit(source.node, LLVMBuildICmp(b_, LLVMIntULT, less, whole_number(length), ""));
        break;
      }
      case Array::Kind::lane_state:
      case Array::Kind::lane_number: break; // there are none
      }
    }
    for (std::size_t i = 0; i < states.size(); ++i)
      read_states(states[i], i == 0);
    read_ranges(std::move(ranges));
    for (const Cover::Source& source : sources) { // what numbers are chosen by is there now
      const PlaneNode& of = program_.planes[source.plane];
      if (of.op != PlaneOp::numbers_equal && of.op != PlaneOp::numbers_below) continue;
      step();
      const Ir x = number(of.first), y = number(of.second);
      bits_.place_bit(source.node,
                      LLVMBuildICmp(b_, of.op == PlaneOp::numbers_equal ? LLVMIntEQ : LLVMIntSLT, x, y, ""));
    }
  }

  /// Bytes of state lie next to each other, and are compared so many at once.
  void read_states(std::vector<std::pair<std::uint32_t, Node>>& all, bool is_yes) {
    std::sort(all.begin(), all.end());
    for (std::size_t i = 0; i < all.size();) {
      const std::uint32_t first = all[i].first / cpu_.vector_bytes * cpu_.vector_bytes;
      // What lies behind the states may be read, what lies behind the struct may not.
      const std::uint32_t count = std::min(cpu_.vector_bytes, layout_.bytes - first);
      std::uint64_t mask = 0;
      std::size_t end = i;
      for (; end < all.size() && all[end].first < first + count; ++end)
        mask |= std::uint64_t{1} << (all[end].first - first);
      step();
      const Ir bytes = u_.load(argument(Argument::facts), first, LLVMVectorType(u_.i8, count), 1);
      std::vector<Ir> wanted(count, LLVMConstInt(u_.i8, is_yes ? bytecode::yes : bytecode::known, 0));
      const Ir compared =
          LLVMBuildICmp(b_, is_yes ? LLVMIntEQ : LLVMIntUGE, bytes, LLVMConstVector(wanted.data(), count), "");
      const IrType narrow = LLVMIntTypeInContext(u_.context, count);
      Ir bits = LLVMBuildZExt(b_, LLVMBuildBitCast(b_, compared, narrow, ""), u_.i64, "");
      // Only those that are asked for, next to each other where that costs nothing.
      bits = cpu_.gathers_bits ? bits_.gathered(bits, mask) : LLVMBuildAnd(b_, bits, whole_number(mask), "");
      const std::uint32_t at = bits_.place(bits, cpu_.gathers_bits ? static_cast<unsigned>(end - i) : count);
      for (std::uint32_t k = 0; i < end; ++i, ++k)
        bits_.set(all[i].second, at + (cpu_.gathers_bits ? k : all[i].first - first));
    }
  }

  /// Numbers of one width within 16 bytes are put where they are compared.
  void read_ranges(std::vector<Range> all) {
    std::sort(all.begin(), all.end(), [](const Range& a, const Range& b) {
      return std::tuple(a.bytes, a.offset, a.node) < std::tuple(b.bytes, b.offset, b.node);
    });
    constexpr std::uint32_t window = 16;
    for (std::size_t i = 0; i < all.size();) {
      const std::uint32_t bytes = all[i].bytes;
      const std::uint32_t most = cpu_.vector_bytes / bytes;
      std::uint32_t first = all[i].offset;
      if (first + window > layout_.bytes && layout_.bytes >= window) first = (layout_.bytes - window) / bytes * bytes;
      std::size_t end = i;
      while (end < all.size() && all[end].bytes == bytes && all[end].offset + bytes <= first + window && end - i < most)
        ++end;
      step();
      if (!cpu_.moves_bytes || bytes > 2 || layout_.bytes < first + window || end - i < fewest_at_once) {
        read_alone(all[i]);
        ++i;
        continue;
      }
      read_together(std::span<const Range>(all).subspan(i, end - i), first, window / bytes, most);
      i = end;
    }
  }

  void read_alone(const Range& range) {
    const IrType type = LLVMIntTypeInContext(u_.context, 8 * range.bytes);
    const Ir value = u_.load(argument(Argument::facts), range.offset, type, range.bytes);
    const Ir less = LLVMBuildSub(b_, value, LLVMConstInt(type, range.lowest, 0), "");
    const bool is_all = range.bytes < 8 && range.length >> (8 * range.bytes) != 0;
    bits_.place_bit(range.node, is_all ? LLVMConstInt(LLVMInt1TypeInContext(u_.context), 1, 0)
                                       : LLVMBuildICmp(b_, LLVMIntULT, less, LLVMConstInt(type, range.length, 0), ""));
  }

  void read_together(std::span<const Range> ranges, std::uint32_t first, std::uint32_t in_window,
                     std::uint32_t most_lanes) {
    const std::uint32_t bytes = ranges[0].bytes;
    const auto size = static_cast<std::uint32_t>(ranges.size());
    const std::uint32_t lanes = size <= most_lanes / 2 ? most_lanes / 2 : most_lanes;
    const IrType type = LLVMIntTypeInContext(u_.context, 8 * bytes);
    const Ir window = u_.load(argument(Argument::facts), first, LLVMVectorType(type, in_window), bytes);
    std::vector<Ir> from, lowest, length;
    for (std::uint32_t i = 0; i < lanes; ++i) {
      const Range* const range = i < size ? &ranges[i] : nullptr; // those that are left over hold nothing
      from.push_back(LLVMConstInt(u_.i32, range ? (range->offset - first) / bytes : 0, 0));
      lowest.push_back(LLVMConstInt(type, range ? range->lowest : 0, 0));
      length.push_back(LLVMConstInt(type, range ? range->length : 0, 0));
    }
    const Ir moved =
        LLVMBuildShuffleVector(b_, window, LLVMGetUndef(LLVMTypeOf(window)), LLVMConstVector(from.data(), lanes), "");
    const Ir less = LLVMBuildSub(b_, moved, LLVMConstVector(lowest.data(), lanes), "");
    const Ir below = LLVMBuildICmp(b_, LLVMIntULT, less, LLVMConstVector(length.data(), lanes), "");
    const Ir bits = LLVMBuildBitCast(b_, below, LLVMIntTypeInContext(u_.context, lanes), "");
    const std::uint32_t at = bits_.place(LLVMBuildZExt(b_, bits, u_.i64, ""), size);
    for (std::uint32_t i = 0; i < size; ++i)
      bits_.set(ranges[i].node, at + i);
  }

  // ------------------------------------------------------------------------------------------------- numbers

  /// Numbers come before words in the scratch.
  Ir number(std::uint32_t id) {
    if (numbers_[id].value) return numbers_[id].value;
    if (numbers_[id].is_kept) return numbers_[id].value = load_number(id);
    std::vector<std::uint32_t> open{id}; // operands stand before those that use them
    while (!open.empty()) {
      const std::uint32_t one = open.back();
      const batch::NumberNode& node = program_.numbers[one];
      const std::size_t before = open.size();
      for (const std::uint32_t operand : {node.first, node.second}) {
        const bool is_read = operand == node.first ? NumberCode::has_first(node.op) : NumberCode::has_second(node.op);
        if (!is_read || numbers_[operand].value) continue;
        if (numbers_[operand].is_kept)
          numbers_[operand].value = load_number(operand);
        else
          open.push_back(operand);
      }
      if (open.size() > before) continue;
      open.pop_back();
      if (numbers_[one].value) continue;
      const Ir made = node.op == batch::NumberOp::array ? element(node) : apply(node);
      numbers_[one] = {made, is_cut_};
      if (is_cut_) u_.store(made, argument(Argument::scratch), 8 * std::uint64_t{one}, 8);
    }
    return numbers_[id].value;
  }
  Ir load_number(std::uint32_t id) {
    return u_.load(argument(Argument::scratch), 8 * std::uint64_t{id}, code_.type(8u * program_.numbers[id].width), 8);
  }
  Ir apply(const batch::NumberNode& node) {
    return code_.apply(node, NumberCode::has_first(node.op) ? numbers_[node.first].value : nullptr,
                       NumberCode::has_second(node.op) ? numbers_[node.second].value : nullptr,
                       node.op == batch::NumberOp::choose ? bits_.holds(cover_.literal(node.condition)) : nullptr);
  }
  /// What the batch engine would have in a column.
  Ir element(const batch::NumberNode& node) {
    const Array& array = program_.arrays[node.first];
    if (array.kind == Array::Kind::now) return code_.element(node, argument(Argument::now), 8);
    const FactField& field = layout_.fields[array.index];
    if (array.kind == Array::Kind::reasons)
      return code_.element(node, u_.load(argument(Argument::facts), field.state, u_.i8, 1), 1);
    const Ir raw = u_.load(argument(Argument::facts), field.value, code_.type(8 * field.bytes), field.bytes);
    const Ir wide = field.bytes == 8  ? raw
                    : field.is_signed ? LLVMBuildSExt(b_, raw, u_.i64, "")
                                      : LLVMBuildZExt(b_, raw, u_.i64, "");
    const auto least = static_cast<std::uint64_t>(layouts_[array.index].least);
    const Ir more = LLVMBuildSub(b_, wide, whole_number(least), "");
    return code_.element(node, array.width == 8 ? more : LLVMBuildTrunc(b_, more, code_.type(8 * array.width), ""),
                         array.width);
  }

  struct Number {
    Ir value = nullptr;
    bool is_kept = false; ///< in the scratch
  };

  Unit& u_;
  LLVMBuilderRef b_;
  const Program& program_;
  std::span<const batch::InputLayout> layouts_;
  const FactsLayout& layout_;
  const CpuFeatures& cpu_;
  std::string name_;
  OutcomeSums results_;
  Cover cover_;
  bool is_cut_ = false;
  std::vector<Ir> parts_;
  Ir part_ = nullptr, returned_ = nullptr;
  std::size_t steps_ = 0;
  LookUpCode bits_;
  NumberCode code_;
  std::vector<Number> numbers_;
};

/// Are all bytes of state 7 or more?
Ir is_complete(Unit& unit, Ir facts, std::uint32_t states) {
  Ir result = nullptr;
  for (std::uint32_t done = 0; done < states;) {
    const std::uint32_t count = std::min(states - done, 64u);
    std::vector<Ir> known(count, LLVMConstInt(unit.i8, bytecode::known, 0));
    const Ir vector = unit.load(facts, done, LLVMVectorType(unit.i8, count), 1);
    const Ir below = LLVMBuildICmp(unit.builder, LLVMIntULT, vector, LLVMConstVector(known.data(), count), "");
    const IrType bits = LLVMIntTypeInContext(unit.context, count);
    const Ir one = LLVMBuildICmp(unit.builder, LLVMIntEQ, LLVMBuildBitCast(unit.builder, below, bits, ""),
                                 LLVMConstNull(bits), "");
    result = result ? LLVMBuildAnd(unit.builder, result, one, "") : one;
    done += count;
  }
  return result ? result : LLVMConstInt(LLVMInt1TypeInContext(unit.context), 1, 0);
}

} // namespace

void add_decide_function(Unit& unit, const DecideRequest& request, const CpuFeatures& cpu) {
  const FactsLayout layout = facts_layout(unit.module);
  DecideEmitter complete(unit, request, *request.complete, layout, cpu, "complete");
  const Ir known_version = complete.emit();
  DecideEmitter general(unit, request, *request.general, layout, cpu, "general");
  const Ir open_version = general.emit();
  const Ir whole = unit.begin_function("decide", unit.i32, DecideEmitter::argument_types(unit), true);
  std::array<Ir, 7> arguments{};
  LLVMGetParams(whole, arguments.data());
  const auto known = LLVMAppendBasicBlockInContext(unit.context, whole, "");
  const auto open = LLVMAppendBasicBlockInContext(unit.context, whole, "");
  LLVMBuildCondBr(unit.builder, is_complete(unit, arguments[0], layout.states), known, open);
  for (const auto& [block, version] : {std::pair{known, known_version}, std::pair{open, open_version}}) {
    LLVMPositionBuilderAtEnd(unit.builder, block);
    LLVMBuildRet(unit.builder,
                 LLVMBuildCall2(unit.builder, LLVMGlobalGetValueType(version), version, arguments.data(), 7, ""));
  }
  unit.publish("scratch_bytes", LLVMConstInt(unit.i64, std::max(complete.scratch_bytes(), general.scratch_bytes()), 0));
}

} // namespace aceso::jit
