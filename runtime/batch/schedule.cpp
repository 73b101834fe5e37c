#include "batch/schedule.h"

#include <algorithm>
#include <limits>

#include "values/rounding.h"

namespace aceso::batch {
namespace {

constexpr std::uint32_t nowhere = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint32_t plane_bytes = block_words * sizeof(std::uint64_t);

bool is_of_literals(PlaneOp op) {
  return op == PlaneOp::conjunction || op == PlaneOp::exclusive_or || op == PlaneOp::choose;
}
bool is_of_numbers(PlaneOp op) { return op == PlaneOp::numbers_equal || op == PlaneOp::numbers_below; }

ColumnOp column_op(NumberOp op) {
  switch (op) {
  case NumberOp::constant: return ColumnOp::number_constant;
  case NumberOp::array: return ColumnOp::number_array;
  case NumberOp::widen: return ColumnOp::number_widen;
  case NumberOp::add: return ColumnOp::number_add;
  case NumberOp::subtract: return ColumnOp::number_subtract;
  case NumberOp::multiply: return ColumnOp::number_multiply;
  case NumberOp::minimum: return ColumnOp::number_minimum;
  case NumberOp::maximum: return ColumnOp::number_maximum;
  case NumberOp::choose: return ColumnOp::number_choose;
  case NumberOp::round: return ColumnOp::number_round;
  }
  return ColumnOp::fill;
}

/// Nodes in the order in which the results need them, each with a place of its own or one that another has left.
class Scheduler {
public:
  explicit Scheduler(const Program& program)
      : program_(program), planes_(program.planes.size()), numbers_(program.numbers.size()) {
    result_.arrays = static_cast<std::uint32_t>(program.arrays.size());
    result_.out_planes = static_cast<std::uint32_t>(program.out_planes.size());
    result_.out_numbers = static_cast<std::uint32_t>(program.out_numbers.size());
  }

  Schedule make() {
    count_uses();
    for (std::size_t i = 0; i < program_.out_planes.size(); ++i)
      put_plane(program_.out_planes[i], result_.first_plane() + static_cast<std::uint32_t>(i));
    for (std::size_t i = 0; i < program_.out_numbers.size(); ++i)
      put_number(program_.out_numbers[i], result_.first_number() + static_cast<std::uint32_t>(i));
    return std::move(result_);
  }

private:
  struct Node {
    std::uint32_t uses = 0; ///< that are still to come
    bool is_shared = false; ///< more than one in all
    std::uint32_t place = nowhere;
    bool is_result = false; ///< its place is one of the results and is not given back
  };

  void count_uses() {
    std::vector<std::pair<bool, std::uint32_t>> pending;
    const auto use_plane = [&](std::uint32_t node) {
      if (planes_[node].uses++ == 0)
        pending.emplace_back(true, node);
      else
        planes_[node].is_shared = true;
    };
    const auto use_number = [&](std::uint32_t node) {
      if (numbers_[node].uses++ == 0) pending.emplace_back(false, node);
    };
    for (const Literal each : program_.out_planes)
      use_plane(each.node());
    for (const std::uint32_t each : program_.out_numbers)
      use_number(each);
    while (!pending.empty()) {
      const auto [is_plane, at] = pending.back();
      pending.pop_back();
      if (is_plane)
        for_each_operand(program_.planes[at], use_plane, use_number);
      else
        for_each_operand(program_.numbers[at], use_plane, use_number);
    }
  }
  template <class Plane, class Number>
  void for_each_operand(const PlaneNode& node, Plane plane, Number number) const {
    if (is_of_literals(node.op))
      for (std::uint32_t i = 0; i < node.count; ++i)
        plane(program_.operand(node, i).node());
    if (is_of_numbers(node.op)) number(node.first), number(node.second);
  }
  template <class Plane, class Number>
  void for_each_operand(const NumberNode& node, Plane plane, Number number) const {
    if (node.op == NumberOp::constant || node.op == NumberOp::array) return;
    number(node.first);
    if (node.op != NumberOp::widen && node.op != NumberOp::round) number(node.second);
    if (node.op == NumberOp::choose) plane(node.condition.node());
  }

  /// A conjunction that only one conjunction needs is said as a part of it.
  [[nodiscard]] bool is_part(Literal operand) const {
    return !operand.is_inverted() && program_.planes[operand.node()].op == PlaneOp::conjunction &&
           !planes_[operand.node()].is_shared;
  }
  void gather(std::uint32_t node, std::vector<Literal>& all) const {
    const PlaneNode& from = program_.planes[node];
    for (std::uint32_t i = 0; i < from.count; ++i) {
      const Literal operand = program_.operand(from, i);
      if (from.op == PlaneOp::conjunction && is_part(operand))
        gather(operand.node(), all);
      else
        all.push_back(operand);
    }
  }

  /// Computes what a node needs, and then it. Deep programs do not make deep calls: what waits is kept in a list.
  struct Waiting {
    bool is_plane;
    std::uint32_t node, to;
    bool is_open; ///< its operands have been listed
  };
  void compute(bool is_plane, std::uint32_t root, std::uint32_t to) {
    std::vector<Waiting> waiting = {{is_plane, root, to, false}};
    while (!waiting.empty()) {
      Waiting& next = waiting.back();
      Node& state = next.is_plane ? planes_[next.node] : numbers_[next.node];
      if (state.place != nowhere) {
        waiting.pop_back();
        continue;
      }
      if (next.is_open) {
        const Waiting now = next;
        waiting.pop_back();
        if (now.is_plane)
          emit_plane(now.node, now.to);
        else
          emit_number(now.node, now.to);
        continue;
      }
      next.is_open = true;
      const auto plane = [&](std::uint32_t node) { waiting.push_back({true, node, nowhere, false}); };
      const auto number = [&](std::uint32_t node) { waiting.push_back({false, node, nowhere, false}); };
      const std::uint32_t node = next.node;
      if (!next.is_plane) {
        for_each_operand(program_.numbers[node], plane, number);
      } else if (is_of_literals(program_.planes[node].op)) {
        std::vector<Literal> all;
        gather(node, all);
        for (auto each = all.rbegin(); each != all.rend(); ++each)
          plane(each->node());
      } else {
        for_each_operand(program_.planes[node], plane, number);
      }
    }
  }

  std::uint32_t take(std::uint32_t bytes) {
    for (std::size_t i = free_.size(); i-- > 0;)
      if (result_.scratch_bytes[free_[i]] == bytes) {
        const std::uint32_t slot = free_[i];
        free_.erase(free_.begin() + static_cast<std::ptrdiff_t>(i));
        return result_.first_scratch() + slot;
      }
    result_.scratch_bytes.push_back(bytes);
    return result_.first_scratch() + static_cast<std::uint32_t>(result_.scratch_bytes.size() - 1);
  }
  void leave(Node& node) {
    if (--node.uses == 0 && !node.is_result && node.place >= result_.first_scratch())
      free_.push_back(node.place - result_.first_scratch());
  }
  Instruction& add(ColumnOp op, std::uint32_t to) {
    Instruction& each = result_.instructions.emplace_back();
    each.op = op;
    each.to = to;
    each.first = static_cast<std::uint32_t>(result_.operands.size());
    return each;
  }
  /// Operands are left after the result has its place: a kernel may write before it has read everything.
  std::uint32_t destination(Node& node, std::uint32_t to, std::uint32_t bytes) {
    node.is_result = to != nowhere;
    return node.place = node.is_result ? to : take(bytes);
  }

  void emit_plane(std::uint32_t at, std::uint32_t to) {
    const PlaneNode& node = program_.planes[at];
    Node& state = planes_[at];
    if (node.op == PlaneOp::plane) {
      state.place = node.first;
      return;
    }
    std::vector<Literal> literals;
    if (is_of_literals(node.op)) gather(at, literals);
    const std::uint32_t place = destination(state, to, plane_bytes);
    switch (node.op) {
    case PlaneOp::zero:
    case PlaneOp::plane: add(ColumnOp::fill, place); break;
    case PlaneOp::conjunction: emit_conjunction(literals, place); break;
    case PlaneOp::exclusive_or: add(ColumnOp::exclusive_or, place); break;
    case PlaneOp::choose: add(literals[2].is_inverted() ? ColumnOp::choose_inverse : ColumnOp::choose, place); break;
    case PlaneOp::equal_to:
    case PlaneOp::below: {
      Instruction& each = add(node.op == PlaneOp::equal_to ? ColumnOp::equal_to : ColumnOp::below, place);
      each.width = static_cast<std::uint8_t>(program_.arrays[node.first].width);
      each.constant = node.constant;
      result_.operands.push_back(node.first);
      break;
    }
    case PlaneOp::numbers_equal:
    case PlaneOp::numbers_below: {
      Instruction& each =
          add(node.op == PlaneOp::numbers_equal ? ColumnOp::numbers_equal : ColumnOp::numbers_below, place);
      each.width = program_.numbers[node.first].width;
      result_.operands.push_back(numbers_[node.first].place);
      result_.operands.push_back(numbers_[node.second].place);
      leave(numbers_[node.first]);
      leave(numbers_[node.second]);
      break;
    }
    }
    if (node.op != PlaneOp::conjunction)
      for (const Literal each : literals)
        result_.operands.push_back(planes_[each.node()].place);
    for (const Literal each : literals)
      leave(planes_[each.node()]);
  }

  /// As many as one instruction can take; the result so far is an operand of the next.
  void emit_conjunction(std::vector<Literal>& literals, std::uint32_t place) {
    std::stable_partition(literals.begin(), literals.end(), [](Literal each) { return !each.is_inverted(); });
    for (std::size_t done = 0; done < literals.size();) {
      const std::size_t before = done == 0 ? 0 : 1, count = std::min(most_joined - before, literals.size() - done);
      Instruction& each = add(ColumnOp::conjunction, place);
      if (done != 0) result_.operands.push_back(place);
      each.positive = static_cast<std::uint8_t>(before);
      for (std::size_t i = done; i < done + count; ++i) {
        ++(literals[i].is_inverted() ? each.negative : each.positive);
        result_.operands.push_back(planes_[literals[i].node()].place);
      }
      done += count;
    }
  }

  void emit_number(std::uint32_t at, std::uint32_t to) {
    const NumberNode& node = program_.numbers[at];
    const std::uint32_t place = destination(numbers_[at], to, static_cast<std::uint32_t>(node.width * block_rows));
    Instruction& each = add(column_op(node.op), place);
    each.width = node.width;
    each.mode = node.mode;
    each.constant = static_cast<std::uint64_t>(node.constant);
    each.divisor = static_cast<std::uint64_t>(node.divisor);
    if (node.op == NumberOp::constant) return;
    if (node.op == NumberOp::array) {
      each.from_width = static_cast<std::uint8_t>(program_.arrays[node.first].width);
      result_.operands.push_back(node.first);
      return;
    }
    if (node.op == NumberOp::widen) each.from_width = program_.numbers[node.first].width;
    if (node.op == NumberOp::choose && node.condition.is_inverted()) each.op = ColumnOp::number_invert_choose;
    for_each_operand(
        node, [&](std::uint32_t plane) { result_.operands.push_back(planes_[plane].place); },
        [&](std::uint32_t number) { result_.operands.push_back(numbers_[number].place); });
    for_each_operand(
        node, [&](std::uint32_t plane) { leave(planes_[plane]); },
        [&](std::uint32_t number) { leave(numbers_[number]); });
  }

  void put_plane(Literal literal, std::uint32_t to) {
    if (literal.node() == 0) {
      add(ColumnOp::fill, to).constant = literal.is_inverted() ? ~std::uint64_t{0} : 0;
      return;
    }
    Node& state = planes_[literal.node()];
    const bool is_here =
        state.place == nowhere && !literal.is_inverted() && program_.planes[literal.node()].op != PlaneOp::plane;
    compute(true, literal.node(), is_here ? to : nowhere);
    if (!is_here) {
      add(literal.is_inverted() ? ColumnOp::invert : ColumnOp::copy, to);
      result_.operands.push_back(state.place);
    }
    leave(state);
  }

  void put_number(std::uint32_t node, std::uint32_t to) {
    Node& state = numbers_[node];
    const bool is_here = state.place == nowhere;
    compute(false, node, is_here ? to : nowhere);
    if (!is_here) { // the same number for two results
      Instruction& each = add(ColumnOp::number_widen, to);
      each.width = each.from_width = 8;
      result_.operands.push_back(state.place);
    }
    leave(state);
  }

  const Program& program_;
  Schedule result_;
  std::vector<Node> planes_, numbers_;
  std::vector<std::uint32_t> free_; ///< places of scratch that have been left
};

} // namespace

Schedule schedule(const Program& program) { return Scheduler(program).make(); }

void round_numbers(RoundingMode mode, const std::int64_t* from, std::int64_t* to, std::size_t count,
                   std::int64_t numerator, std::int64_t divisor) {
  for (std::size_t i = 0; i < count; ++i) {
    // What is not known may be anything: the product wraps around instead of overflowing.
    const auto product =
        static_cast<std::int64_t>(static_cast<std::uint64_t>(from[i]) * static_cast<std::uint64_t>(numerator));
    std::int64_t floor = product / divisor, rest = product % divisor;
    if (rest < 0) --floor, rest += divisor;
    if (rest == 0) {
      to[i] = floor;
      continue;
    }
    const int against_half = rest > divisor - rest ? 1 : rest == divisor - rest ? 0 : -1;
    to[i] = floor + (rounds_to_ceiling((floor & 1) != 0, against_half, product < 0, mode) ? 1 : 0);
  }
}

} // namespace aceso::batch
