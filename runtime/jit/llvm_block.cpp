/// A program of the batch engine (batch/program.h) as one function that decides a block. It goes through the block in
/// groups of rows that are as wide as eight vectors of the processor: every plane of a group is one register. What
/// the columns are compared with comes first, each column read once; the bits lie in a scratch that stays in the first
/// cache. Then the logic, each result stored as soon as it is there.
#include <algorithm>
#include <array>
#include <map>

#include "jit/llvm_number.h"
#include "jit/llvm_unit.h"

namespace aceso::jit {
namespace {

using batch::Array;
using batch::Literal;
using batch::NumberNode;
using batch::NumberOp;
using batch::PlaneNode;
using batch::PlaneOp;
using batch::Program;

/// Larger programs are cut, so that LLVM's time stays in step with their size; what one piece leaves for another lies
/// in the scratch.
constexpr std::size_t most_in_one_function = 200, most_of_one_part = 150, most_compared = 32;
constexpr std::uint64_t most_scratch_bytes = 1u << 20; ///< on the stack of the thread
/// So far ahead the columns are fetched: the processor follows a few streams by itself, a guideline has dozens.
constexpr std::uint64_t rows_ahead = 1024;

/// What a function of a part is given.
struct Frame {
  Ir arrays, planes, numbers, row, scratch;
};

class BlockEmitter {
public:
  BlockEmitter(Unit& unit, const Program& program, unsigned vector_bytes)
      : u_(unit), b_(unit.builder), program_(program), vector_bytes_(vector_bytes),
        planes_(static_cast<std::uint32_t>(program.planes.size())), numbers_(unit.context, unit.builder, 64) {
    find_order();
    const bool has_numbers = std::any_of(order_.begin(), order_.end(), [&](std::uint32_t id) { return id >= planes_; });
    group_ = has_numbers ? 64 : 8 * vector_bytes;
    words_ = group_ / 64;
    plane_ = words_ == 1 ? u_.i64 : LLVMVectorType(u_.i64, words_);
    cut();
  }

  void emit(const std::string& name) {
    for (std::size_t i = 0; i < parts_.size() && parts_.size() > 1; ++i) {
      const std::array<IrType, 5> types = {u_.pointer, u_.pointer, u_.pointer, u_.i64, u_.pointer};
      const Ir function =
          u_.begin_function(name + "_part" + std::to_string(i), LLVMVoidTypeInContext(u_.context), types, false);
      functions_.push_back(function);
      set_apart(function, {1, 2, 4});
      emit_part(i, {LLVMGetParam(function, 0), LLVMGetParam(function, 1), LLVMGetParam(function, 2),
                    LLVMGetParam(function, 3), LLVMGetParam(function, 4)});
      LLVMBuildRetVoid(b_);
    }
    const Ir fetch = fetch_ahead(name);
    const std::array<IrType, 3> types = {u_.pointer, u_.pointer, u_.pointer};
    const Ir function = u_.begin_function(name, LLVMVoidTypeInContext(u_.context), types, true);
    set_apart(function, {1, 2});
    const Ir memory =
        LLVMBuildArrayAlloca(b_, u_.i8, LLVMConstInt(u_.i64, std::max<std::uint64_t>(scratch_, 64), 0), "");
    LLVMSetAlignment(memory, 64);
    const auto begin = LLVMGetInsertBlock(b_);
    const auto loop = LLVMAppendBasicBlockInContext(u_.context, function, "");
    const auto end = LLVMAppendBasicBlockInContext(u_.context, function, "");
    LLVMBuildBr(b_, loop);
    LLVMPositionBuilderAtEnd(b_, loop);
    Ir row = LLVMBuildPhi(b_, u_.i64, "");
    const Frame frame{LLVMGetParam(function, 0), LLVMGetParam(function, 1), LLVMGetParam(function, 2), row, memory};
    group_of_.clear();
    std::array<Ir, 2> where = {frame.arrays, frame.row};
    LLVMBuildCall2(b_, LLVMGlobalGetValueType(fetch), fetch, where.data(), 2, "");
    if (functions_.empty()) emit_part(0, frame);
    for (const Ir part : functions_) {
      std::array<Ir, 5> arguments = {frame.arrays, frame.planes, frame.numbers, frame.row, frame.scratch};
      LLVMBuildCall2(b_, LLVMGlobalGetValueType(part), part, arguments.data(), 5, "");
    }
    Ir next = LLVMBuildAdd(b_, row, whole(group_), "");
    LLVMBuildCondBr(b_, LLVMBuildICmp(b_, LLVMIntULT, next, whole(batch::block_rows), ""), loop, end);
    Ir zero = whole(0);
    LLVMBasicBlockRef from[] = {begin, LLVMGetInsertBlock(b_)};
    Ir values[] = {zero, next};
    LLVMAddIncoming(row, values, from, 2);
    LLVMPositionBuilderAtEnd(b_, end);
    LLVMBuildRetVoid(b_);
  }

private:
  // -------------------------------------------------------------------------------------------------- order

  [[nodiscard]] bool is_number(std::uint32_t id) const { return id >= planes_; }
  [[nodiscard]] const PlaneNode& plane_node(std::uint32_t id) const { return program_.planes[id]; }
  [[nodiscard]] const NumberNode& number_node(std::uint32_t id) const { return program_.numbers[id - planes_]; }

  /// Planes by their position, then numbers by theirs.
  template <class Function>
  void each_operand(std::uint32_t id, Function function) const {
    if (is_number(id)) {
      const NumberNode& n = number_node(id);
      switch (n.op) {
      case NumberOp::constant:
      case NumberOp::array: return;
      case NumberOp::choose: function(n.condition.node()); [[fallthrough]];
      case NumberOp::add:
      case NumberOp::subtract:
      case NumberOp::multiply:
      case NumberOp::minimum:
      case NumberOp::maximum: function(planes_ + n.second); [[fallthrough]];
      case NumberOp::widen:
      case NumberOp::round: function(planes_ + n.first);
      }
      return;
    }
    const PlaneNode& p = plane_node(id);
    if (p.op == PlaneOp::numbers_equal || p.op == PlaneOp::numbers_below) {
      function(planes_ + p.first), function(planes_ + p.second);
    } else if (p.op == PlaneOp::conjunction || p.op == PlaneOp::exclusive_or || p.op == PlaneOp::choose) {
      const std::uint32_t count = p.op == PlaneOp::conjunction ? p.count : p.op == PlaneOp::choose ? 3 : 2;
      for (std::uint32_t i = 0; i < count; ++i)
        function(program_.operand(p, i).node());
    }
  }
  [[nodiscard]] bool is_comparison(std::uint32_t id) const {
    return !is_number(id) && (plane_node(id).op == PlaneOp::equal_to || plane_node(id).op == PlaneOp::below);
  }

  /// What results need, operands first, each result soon after its operands: few planes wait at once.
  void find_order() {
    position_.assign(program_.planes.size() + program_.numbers.size(), not_needed);
    std::vector<std::pair<std::uint32_t, bool>> open;
    const auto need = [&](std::uint32_t root) {
      open.emplace_back(root, false);
      while (!open.empty()) {
        const auto [id, has_operands] = open.back();
        open.pop_back();
        if (position_[id] != not_needed) continue;
        if (has_operands) {
          position_[id] = static_cast<std::uint32_t>(order_.size());
          order_.push_back(id);
          continue;
        }
        open.emplace_back(id, true);
        each_operand(id, [&](std::uint32_t operand) { open.emplace_back(operand, false); });
      }
    };
    const auto result = [&](std::uint32_t root) {
      need(root);
      results_at_.push_back(static_cast<std::uint32_t>(order_.size())); // stored before this node is begun
    };
    for (const Literal each : program_.out_planes)
      result(each.node());
    for (const std::uint32_t each : program_.out_numbers)
      result(planes_ + each);
  }

  [[nodiscard]] std::uint64_t bytes_of(std::uint32_t id) const {
    return is_number(id) ? std::uint64_t{group_} * number_node(id).width : std::uint64_t{words_} * 8;
  }

  struct Part {
    std::vector<std::uint32_t> comparisons; ///< by array
    std::vector<std::uint32_t> nodes;
    std::vector<std::uint32_t> results; ///< positions among planes, then among numbers, of the results
  };

  /// Parts, and places in the scratch of what goes from one to another.
  void cut() {
    const std::size_t most = order_.size() <= most_in_one_function ? order_.size() + 1 : most_of_one_part;
    std::vector<std::uint32_t> comparisons;
    parts_.emplace_back();
    part_of_.assign(position_.size(), 0);
    std::size_t result = 0, size = 0;
    const auto put_results = [&](std::size_t done) {
      for (; result < results_at_.size() && results_at_[result] <= done; ++result)
        parts_.back().results.push_back(static_cast<std::uint32_t>(result));
    };
    for (std::size_t i = 0; i < order_.size(); ++i) {
      put_results(i);
      const std::uint32_t id = order_[i];
      if (is_comparison(id)) {
        comparisons.push_back(id);
        continue;
      }
      if (size++ >= most) parts_.emplace_back(), size = 1;
      parts_.back().nodes.push_back(id);
      part_of_[id] = static_cast<std::uint32_t>(parts_.size());
    }
    put_results(order_.size());
    // Comparisons of one column stand together, before everything else.
    std::sort(comparisons.begin(), comparisons.end(), [&](std::uint32_t a, std::uint32_t b) {
      return std::pair(plane_node(a).first, a) < std::pair(plane_node(b).first, b);
    });
    slot_.assign(position_.size(), no_slot);
    for (const std::uint32_t id : comparisons)
      slot_[id] = scratch_, scratch_ += bytes_of(id);
    if (parts_.size() == 1 && comparisons.size() <= most_compared) {
      parts_[0].comparisons = std::move(comparisons);
    } else {
      std::vector<Part> before;
      for (std::size_t i = 0; i < comparisons.size(); i += most_compared) {
        const auto from = comparisons.begin() + static_cast<std::ptrdiff_t>(i);
        const auto count = static_cast<std::ptrdiff_t>(std::min(most_compared, comparisons.size() - i));
        before.push_back({{from, from + count}, {}, {}});
      }
      parts_.insert(parts_.begin(), before.begin(), before.end());
      place_what_crosses(static_cast<std::uint32_t>(before.size()));
    }
    if (scratch_ > most_scratch_bytes) throw NeedsMachine("its logic keeps too many results in between");
  }

  /// Places are given back after the last part that reads them.
  void place_what_crosses(std::uint32_t first) {
    std::vector<std::uint32_t> last(position_.size(), 0);
    const auto part = [&](std::uint32_t id) { return is_comparison(id) ? 0 : part_of_[id] - 1 + first; };
    for (std::uint32_t i = first; i < parts_.size(); ++i) {
      for (const std::uint32_t id : parts_[i].nodes)
        each_operand(id, [&](std::uint32_t operand) { last[operand] = i; });
      for (const std::uint32_t result : parts_[i].results)
        last[result_node(result)] = i;
    }
    std::vector<std::vector<std::uint32_t>> ends(parts_.size());
    std::map<std::uint64_t, std::vector<std::uint64_t>> free;
    for (std::uint32_t i = first; i < parts_.size(); ++i) {
      for (const std::uint32_t id : parts_[i].nodes) {
        if (last[id] <= part(id)) continue;
        auto& places = free[bytes_of(id)];
        if (places.empty()) places.push_back(scratch_), scratch_ += bytes_of(id);
        slot_[id] = places.back();
        places.pop_back();
        ends[last[id]].push_back(id);
      }
      for (const std::uint32_t id : ends[i])
        free[bytes_of(id)].push_back(slot_[id]);
    }
  }
  [[nodiscard]] std::uint32_t result_node(std::uint32_t result) const {
    return result < program_.out_planes.size() ? program_.out_planes[result].node()
                                               : planes_ + program_.out_numbers[result - program_.out_planes.size()];
  }

  // -------------------------------------------------------------------------------------------------- code

  [[nodiscard]] Ir whole(std::uint64_t value) const { return LLVMConstInt(u_.i64, value, 0); }
  [[nodiscard]] IrType lanes(unsigned bits, unsigned count) const {
    return LLVMVectorType(LLVMIntTypeInContext(u_.context, bits), count);
  }
  [[nodiscard]] Ir splat(unsigned bits, unsigned count, std::uint64_t value) const {
    std::vector<Ir> all(count, LLVMConstInt(LLVMIntTypeInContext(u_.context, bits), value, 0));
    return LLVMConstVector(all.data(), count);
  }
  Ir further(Ir base, Ir bytes) { return LLVMBuildGEP2(b_, u_.i8, base, &bytes, 1, ""); }

  /// What is written to is nothing that is read by another way.
  void set_apart(Ir function, std::initializer_list<unsigned> arguments) {
    const unsigned kind = LLVMGetEnumAttributeKindForName("noalias", 7);
    for (const unsigned each : arguments)
      LLVMAddAttributeAtIndex(function, each + 1, LLVMCreateEnumAttribute(u_.context, kind, 0));
  }

  /// Where the elements of the group begin.
  Ir group_of(const Frame& frame, std::uint32_t array) {
    auto& found = group_of_[array];
    if (found) return found;
    const unsigned width = program_.arrays[array].width;
    const Ir base = u_.load_fixed(frame.arrays, 8 * std::uint64_t{array}, u_.pointer, 8);
    const Ir bytes =
        width == 0 ? LLVMBuildLShr(b_, frame.row, whole(3), "") : LLVMBuildMul(b_, frame.row, whole(width), "");
    return found = further(base, bytes);
  }

  /// A function of its own: LLVM's scheduler takes a prefetch for a store that may go anywhere.
  Ir fetch_ahead(const std::string& name) {
    const std::array<IrType, 2> types = {u_.pointer, u_.i64};
    const Ir fetch = u_.begin_function(name + "_fetch", LLVMVoidTypeInContext(u_.context), types, false);
    const unsigned noinline_kind = LLVMGetEnumAttributeKindForName("noinline", 8);
    LLVMAddAttributeAtIndex(fetch, static_cast<LLVMAttributeIndex>(LLVMAttributeFunctionIndex),
                            LLVMCreateEnumAttribute(u_.context, noinline_kind, 0));
    const Frame frame{LLVMGetParam(fetch, 0), nullptr, nullptr, LLVMGetParam(fetch, 1), nullptr};
    group_of_.clear();
    const unsigned id = LLVMLookupIntrinsicID("llvm.prefetch", 13);
    IrType pointer = u_.pointer;
    const Ir prefetch = LLVMGetIntrinsicDeclaration(u_.ir, id, &pointer, 1);
    for (std::uint32_t i = 0; i < program_.arrays.size(); ++i) {
      const Array& array = program_.arrays[i];
      if (array.kind != Array::Kind::bits && array.kind != Array::Kind::data && array.kind != Array::Kind::known)
        continue;
      const std::uint64_t bytes = array.width == 0 ? group_ / 8 : std::uint64_t{group_} * array.width;
      const std::uint64_t ahead = array.width == 0 ? rows_ahead / 8 : rows_ahead * array.width;
      for (std::uint64_t at = 0; at < bytes; at += 64) {
        std::array<Ir, 4> arguments = {u_.at(group_of(frame, i), ahead + at), LLVMConstInt(u_.i32, 0, 0),
                                       LLVMConstInt(u_.i32, 3, 0), LLVMConstInt(u_.i32, 1, 0)};
        LLVMBuildCall2(b_, LLVMGlobalGetValueType(prefetch), prefetch, arguments.data(), 4, "");
      }
    }
    LLVMBuildRetVoid(b_);
    return fetch;
  }

  void emit_part(std::size_t part, const Frame& frame) {
    if (!functions_.empty()) group_of_.clear();
    values_.clear();
    const Part& p = parts_[part];
    compare(p.comparisons, frame);
    std::size_t result = 0;
    const auto put_results = [&](std::size_t done) {
      for (; result < p.results.size() && results_at_[p.results[result]] <= done; ++result)
        put_result(p.results[result], frame);
    };
    for (const std::uint32_t id : p.nodes) {
      put_results(position_[id]);
      const Ir made = is_number(id) ? number(id, frame) : plane(id, frame);
      values_[id] = made;
      if (slot_[id] != no_slot) u_.store(made, frame.scratch, slot_[id], 8);
    }
    put_results(order_.size());
  }

  void put_result(std::uint32_t result, const Frame& frame) {
    if (result < program_.out_planes.size()) {
      const Ir to = further(frame.planes, LLVMBuildLShr(b_, frame.row, whole(3), ""));
      return u_.store(literal(program_.out_planes[result], frame), to, std::uint64_t{result} * batch::block_words * 8,
                      8);
    }
    const std::uint64_t column = result - program_.out_planes.size();
    const Ir to = further(frame.numbers, LLVMBuildMul(b_, frame.row, whole(8), ""));
    u_.store(value(result_node(result), frame), to, column * batch::block_rows * 8, 8);
  }

  Ir value(std::uint32_t id, const Frame& frame) {
    Ir& found = values_[id];
    if (found) return found;
    const IrType type = is_number(id) ? lanes(8u * number_node(id).width, group_) : plane_;
    return found = u_.load(frame.scratch, slot_[id], type, 8);
  }
  Ir literal(Literal of, const Frame& frame) {
    const Ir made = value(of.node(), frame);
    return of.is_inverted() ? LLVMBuildNot(b_, made, "") : made;
  }

  /// Elements are read once and compared with all constants, as many at a time as a vector has bytes: their bits are
  /// one word.
  void compare(const std::vector<std::uint32_t>& all, const Frame& frame) {
    for (std::size_t i = 0; i < all.size();) {
      const std::uint32_t array = plane_node(all[i]).first;
      std::size_t end = i;
      while (end < all.size() && plane_node(all[end]).first == array)
        ++end;
      const unsigned width = program_.arrays[array].width, count = vector_bytes_;
      const IrType bits = LLVMIntTypeInContext(u_.context, count);
      for (unsigned row = 0; row < group_; row += count) {
        const Ir elements =
            u_.load_fixed(group_of(frame, array), std::uint64_t{row} * width, lanes(8 * width, count), width);
        for (std::size_t k = i; k < end; ++k) {
          const PlaneNode& node = plane_node(all[k]);
          const Ir holds = LLVMBuildICmp(b_, node.op == PlaneOp::equal_to ? LLVMIntEQ : LLVMIntULT, elements,
                                         splat(8 * width, count, node.constant), "");
          u_.store(LLVMBuildBitCast(b_, holds, bits, ""), frame.scratch, slot_[all[k]] + row / 8, count / 8);
        }
      }
      i = end;
    }
  }

  Ir plane(std::uint32_t id, const Frame& frame) {
    const PlaneNode& p = plane_node(id);
    const auto operand = [&](std::uint32_t i) { return literal(program_.operand(p, i), frame); };
    switch (p.op) {
    case PlaneOp::zero: return LLVMConstNull(plane_);
    case PlaneOp::plane: return u_.load_fixed(group_of(frame, p.first), 0, plane_, 8);
    case PlaneOp::conjunction: {
      Ir every = nullptr, any = nullptr; // all that stand for themselves, and none of the complements
      for (std::uint32_t i = 0; i < p.count; ++i) {
        const Literal each = program_.operand(p, i);
        const Ir made = value(each.node(), frame);
        Ir& sum = each.is_inverted() ? any : every;
        if (!sum)
          sum = made;
        else
          sum = each.is_inverted() ? LLVMBuildOr(b_, sum, made, "") : LLVMBuildAnd(b_, sum, made, "");
      }
      if (!any) return every;
      const Ir none = LLVMBuildNot(b_, any, "");
      return every ? LLVMBuildAnd(b_, every, none, "") : none;
    }
    case PlaneOp::exclusive_or: return LLVMBuildXor(b_, operand(0), operand(1), "");
    case PlaneOp::choose: {
      const Ir when = operand(0), then = LLVMBuildAnd(b_, when, operand(1), "");
      return LLVMBuildOr(b_, then, LLVMBuildAnd(b_, LLVMBuildNot(b_, when, ""), operand(2), ""), "");
    }
    default: break; // comparisons of columns stand in the scratch
    }
    const Ir x = value(planes_ + p.first, frame), y = value(planes_ + p.second, frame);
    return LLVMBuildBitCast(b_, LLVMBuildICmp(b_, p.op == PlaneOp::numbers_equal ? LLVMIntEQ : LLVMIntSLT, x, y, ""),
                            plane_, "");
  }

  Ir number(std::uint32_t id, const Frame& frame) {
    const NumberNode& n = number_node(id);
    if (n.op == NumberOp::array) {
      const unsigned width = program_.arrays[n.first].width;
      return numbers_.element(n, u_.load_fixed(group_of(frame, n.first), 0, lanes(8 * width, group_), width), width);
    }
    const Ir first = NumberCode::has_first(n.op) ? value(planes_ + n.first, frame) : nullptr;
    const Ir second = NumberCode::has_second(n.op) ? value(planes_ + n.second, frame) : nullptr;
    Ir when = nullptr;
    if (n.op == NumberOp::choose) when = LLVMBuildBitCast(b_, literal(n.condition, frame), lanes(1, group_), "");
    return numbers_.apply(n, first, second, when);
  }

  static constexpr std::uint32_t not_needed = 0xffffffff;
  static constexpr std::uint64_t no_slot = ~std::uint64_t{0};

  Unit& u_;
  LLVMBuilderRef b_;
  const Program& program_;
  unsigned vector_bytes_;
  std::uint32_t planes_;
  NumberCode numbers_;             ///< groups have 64 rows where there are numbers
  unsigned group_ = 0, words_ = 0; ///< rows that go through the code together, and words of their planes
  IrType plane_ = nullptr;
  std::vector<std::uint32_t> order_, position_; ///< nodes that are needed; by node: where it stands there
  std::vector<std::uint32_t> results_at_;       ///< by result: the position before which it can be stored
  std::vector<std::uint32_t> part_of_;
  std::vector<std::uint64_t> slot_; ///< by node: its place in the scratch
  std::uint64_t scratch_ = 0;
  std::vector<Part> parts_;
  std::vector<Ir> functions_;
  std::unordered_map<std::uint32_t, Ir> values_, group_of_;
};

} // namespace

void add_block_function(Unit& unit, const std::string& name, const Program& program, unsigned vector_bytes) {
  BlockEmitter(unit, program, vector_bytes).emit(name);
}

} // namespace aceso::jit
