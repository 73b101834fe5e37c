#include "jit/llvm_code.h"

#include <algorithm>

namespace aceso::jit {

using bytecode::HitPolicy;
using bytecode::Opcode;
using bytecode::Word;

const Truth3& CodeEmitter::truth(std::uint32_t index) {
  const auto found = truths_.find(index);
  return found != truths_.end() ? found->second : truths_.emplace(index, load_truth(index)).first->second;
}

const Number3& CodeEmitter::number(std::uint32_t index) {
  const auto found = numbers_.find(index);
  return found != numbers_.end() ? found->second : numbers_.emplace(index, load_number(index)).first->second;
}

void CodeEmitter::code(std::uint32_t begin, std::uint32_t end) {
  for (std::uint32_t at = begin; at < end;)
    at += instruction(at);
}

std::uint32_t CodeEmitter::instruction(std::uint32_t at) {
  const std::span<const Word> w = std::span<const Word>(module_.code).subspan(at);
  const auto length = static_cast<std::uint32_t>(bytecode::for_each_operand(w, [](bytecode::Operand) {}));
  const std::uint32_t d = bytecode::destination_of(w[0]);
  const auto t = [&](std::size_t i) -> Truth3 { return truth(w[i]); };
  const auto n = [&](std::size_t i) -> Number3 { return number(w[i]); };
  const auto truths = [&](std::size_t first, std::size_t count) {
    std::vector<Truth3> list;
    for (std::size_t i = 0; i < count; ++i)
      list.push_back(t(first + i));
    return list;
  };
  // Of tables: condition, output, condition ...
  const auto hits = [&] {
    std::vector<Truth3> list;
    for (std::size_t row = 0; row < w[2]; ++row)
      list.push_back(t(3 + 2 * row));
    return list;
  };
  const auto arithmetic = [&](auto build, const Number3& x, const Number3& y) {
    return l.number(build(l.b, l.value_of(x), l.value_of(y), ""), l.both(x.known, y.known), l.smaller_state(x, y));
  };
  const auto is_because = [&](Ir known, Ir byte) {
    if (known == l.all) return l.settled(l.none);
    return l.settled(LLVMBuildICmp(l.b, LLVMIntEQ, byte, l.byte(w[1]), ""));
  };
  switch (bytecode::opcode_of(w[0])) {
  case Opcode::move_truth: define(d, t(1)); break;
  case Opcode::logical_not: define(d, l.negation(t(1))); break;
  case Opcode::and_two: define(d, l.conjunction(truths(1, 2))); break;
  case Opcode::or_two: define(d, l.disjunction(truths(1, 2))); break;
  case Opcode::and_all: define(d, l.conjunction(truths(2, w[1]))); break;
  case Opcode::or_all: define(d, l.disjunction(truths(2, w[1]))); break;
  case Opcode::at_least: define(d, l.at_least(w[1], truths(3, w[2]))); break;
  case Opcode::known_truth: define(d, l.settled(l.without(l.unknown(t(1))))); break;
  case Opcode::known_number: define(d, l.settled(n(1).known)); break;
  case Opcode::because_truth: {
    const Truth3 x = t(2);
    define(d, is_because(x.is_settled() ? l.all : l.none, x.byte));
    break;
  }
  case Opcode::because_number: {
    const Number3 x = n(2);
    define(d, is_because(x.known, x.known == l.all ? nullptr : l.state_of(x)));
    break;
  }
  case Opcode::equal_truth: define(d, l.equal_truth(t(1), t(2))); break;
  case Opcode::equal_number: define(d, l.compare(Compare::equal, n(1), n(2))); break;
  case Opcode::less: define(d, l.compare(Compare::less, n(1), n(2))); break;
  case Opcode::less_or_equal: define(d, l.compare(Compare::less_or_equal, n(1), n(2))); break;
  case Opcode::selects: define(d, selects(w[2], w[1])); break;
  case Opcode::in_stage: define(d, in_stage(w[1])); break;
  case Opcode::choose_truth: define(d, l.choice(t(1), t(2), t(3))); break;
  case Opcode::table_truth: {
    std::vector<Truth3> outputs;
    for (std::size_t row = 0; row < w[2]; ++row)
      outputs.push_back(t(4 + 2 * row));
    define(d, l.table(static_cast<HitPolicy>(w[1]), hits(), outputs));
    break;
  }
  case Opcode::table_number: {
    std::vector<Number3> outputs;
    for (std::size_t row = 0; row < w[2]; ++row)
      outputs.push_back(n(4 + 2 * row));
    define(d, l.table(static_cast<HitPolicy>(w[1]), hits(), outputs));
    break;
  }
  case Opcode::lookup_truth: define(d, look_up_truth(n(1), w[2], w[3])); break;
  case Opcode::lookup_number: define(d, look_up_number(n(1), w[2], w[3])); break;
  case Opcode::no_skips:
  case Opcode::yes_skips:
  case Opcode::not_less_skips:
  case Opcode::less_skips:
  case Opcode::less_or_equal_skips:
  case Opcode::not_less_or_equal_skips:
  case Opcode::equal_skips:
  case Opcode::not_equal_skips: break;
  case Opcode::add: define(d, arithmetic(LLVMBuildAdd, n(1), n(2))); break;
  case Opcode::subtract: define(d, arithmetic(LLVMBuildSub, n(1), n(2))); break;
  case Opcode::multiply: define(d, arithmetic(LLVMBuildMul, n(1), n(2))); break;
  case Opcode::add_all: {
    Number3 sum = l.constant(0);
    for (std::size_t i = 0; i < w[1]; ++i)
      sum = arithmetic(LLVMBuildAdd, sum, n(2 + i));
    define(d, sum);
    break;
  }
  case Opcode::negate: {
    Number3 zero = l.constant(0);
    define(d, arithmetic(LLVMBuildSub, zero, n(1)));
    break;
  }
  case Opcode::absolute: {
    const Number3 x = n(1);
    const Ir value = l.value_of(x), zero = l.whole(0);
    const Ir is_below = LLVMBuildICmp(l.b, LLVMIntSLT, value, zero, "");
    define(d, l.number(l.select(is_below, LLVMBuildSub(l.b, zero, value, ""), value), x.known, x.state));
    break;
  }
  case Opcode::minimum:
  case Opcode::maximum: {
    const auto how = bytecode::opcode_of(w[0]) == Opcode::minimum ? LLVMIntSLT : LLVMIntSGT;
    Number3 best = n(2);
    for (std::size_t i = 1; i < w[1]; ++i) {
      const Number3 other = n(2 + i);
      const Ir x = l.value_of(other), y = l.value_of(best);
      best = l.number(l.select(LLVMBuildICmp(l.b, how, x, y, ""), x, y), l.both(best.known, other.known),
                      l.smaller_state(best, other));
    }
    define(d, best);
    break;
  }
  case Opcode::scale: {
    const Number3 x = n(1), factor = n(2), offset = n(3);
    const Ir product = LLVMBuildMul(l.b, l.value_of(x), l.value_of(factor), "");
    define(d, l.number(LLVMBuildAdd(l.b, product, l.value_of(offset), ""), x.known, x.state));
    break;
  }
  case Opcode::number_of: define(d, l.count(truths(2, w[1]))); break;
  case Opcode::choose_number: define(d, l.choice(t(1), n(2), n(3))); break;
  case Opcode::now: define(d, now()); break;
  case Opcode::differential:
  case Opcode::known_value:
  case Opcode::because_value:
  case Opcode::held_for:
  case Opcode::round:
  case Opcode::series_number:
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
  case Opcode::round_real: by_machine(at, at + length); break;
  }
  return length;
}

namespace {

/// Positions that follow each other and say the same.
template <class Same>
std::vector<std::pair<std::uint32_t, std::uint32_t>> runs(std::uint32_t count, Same same) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> result;
  for (std::uint32_t i = 0; i < count; ++i)
    if (!result.empty() && same(result.back().first, i))
      result.back().second = i;
    else
      result.emplace_back(i, i);
  return result;
}

} // namespace

Truth3 CodeEmitter::look_up_truth(const Number3& position, std::uint32_t first, std::uint32_t count) {
  std::vector<Truth3> of;
  for (std::uint32_t i = 0; i < count; ++i)
    of.push_back(truth(first + i));
  Truth3 result = l.constant_truth(static_cast<std::uint8_t>(UnknownReason::invalid));
  const auto same = [&](std::uint32_t a, std::uint32_t c) {
    return of[a].is == of[c].is && of[a].may == of[c].may && of[a].byte == of[c].byte;
  };
  for (const auto& [from, to] : runs(count, same)) {
    const Ir is_here = l.both(l.compare_values(Compare::less_or_equal, l.constant(from), position),
                              l.compare_values(Compare::less_or_equal, position, l.constant(to)));
    result = l.choice(l.settled(is_here), of[from], result);
  }
  if (position.known == l.all) return result;
  const Truth3 unknown = l.truth(l.none, l.all, l.state_of(position));
  return l.choice(l.settled(position.known), result, unknown);
}

Number3 CodeEmitter::look_up_number(const Number3& position, std::uint32_t first, std::uint32_t count) {
  std::vector<Number3> of;
  for (std::uint32_t i = 0; i < count; ++i)
    of.push_back(number(first + i));
  Number3 result = l.unknown_number(static_cast<std::uint8_t>(UnknownReason::invalid));
  const auto same = [&](std::uint32_t a, std::uint32_t c) {
    return of[a].cases.size() == 1 && of[c].cases.size() == 1 && of[a].known == l.all && of[c].known == l.all &&
           of[a].cases[0].value == of[c].cases[0].value;
  };
  for (const auto& [from, to] : runs(count, same)) {
    const Ir is_here = l.both(l.compare_values(Compare::less_or_equal, l.constant(from), position),
                              l.compare_values(Compare::less_or_equal, position, l.constant(to)));
    result = l.choice(l.settled(is_here), of[from], result);
  }
  if (position.known == l.all) return result;
  Number3 unknown = l.unknown_number(0);
  unknown.state = l.state_of(position);
  return l.choice(l.settled(position.known), result, unknown);
}

/// As Machine::selects: row by row, because one unknown column need not blur every action.
Truth3 CodeEmitter::selects(std::uint32_t index, std::uint32_t action) {
  const Number3 whole = number(index);
  const Truth3 known = l.settled(l.compare_values(Compare::equal, whole, l.constant(action)));
  if (whole.known == l.all) return known;
  const std::uint32_t writer = (*number_writers)[index];
  Truth3 open = l.constant_truth(static_cast<std::uint8_t>(UnknownReason::not_asked));
  const Word* at = writer == 0xffffffff ? nullptr : module_.code.data() + writer;
  if (at && bytecode::opcode_of(*at) == Opcode::choose_number) {
    const Truth3 c = truth(at[1]), x = selects(at[2], action), y = selects(at[3], action);
    // Two ways out that are unknown agree as well, and are unknown for the one reason that `selects` gives.
    const Truth3 chosen = l.choice(c, x, y);
    open = l.truth(chosen.is, chosen.may, l.byte(0));
  } else if (at && bytecode::opcode_of(*at) == Opcode::table_number) {
    const bool is_first = static_cast<HitPolicy>(at[1]) == HitPolicy::first;
    Ir active = l.all, maybe = l.none;
    for (std::uint32_t row = 0; row < at[2] && active != l.none; ++row) {
      const Truth3 hit = truth(at[3 + 2 * row]);
      const Ir counts = l.both(active, hit.may);
      maybe = l.either(maybe, l.both(counts, selects(at[4 + 2 * row], action).may));
      if (is_first) active = l.both(active, l.without(hit.is));
    }
    open = l.truth(l.none, maybe, l.byte(0));
  }
  return l.choice(l.settled(whole.known), known, open);
}

} // namespace aceso::jit
