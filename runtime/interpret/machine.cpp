#include "interpret/machine.h"

#include <algorithm>
#include <array>
#include <functional>

#include "interpret/tables.h"
#include "interpret/value_operations.h"

namespace aceso::interpret {

using bytecode::HitPolicy;
using bytecode::known;
using bytecode::no;
using bytecode::Opcode;
using bytecode::Space;
using bytecode::ValueOperation;
using bytecode::Word;
using bytecode::yes;

namespace {

constexpr auto invalid = static_cast<std::uint8_t>(UnknownReason::invalid);

/// A Kleene connective of two truths as a table: the place of a result is the first truth times 16 plus the second.
using Connective = std::array<std::uint8_t, 16 * yes + 16>;
constexpr Connective connective(std::uint8_t absorbing) {
  Connective result{};
  for (std::uint8_t a = 0; a <= yes; ++a)
    for (std::uint8_t b = 0; b <= yes; ++b)
      result[16u * a + b] = a == absorbing || b == absorbing ? absorbing : std::min(a, b);
  return result;
}
constexpr Connective conjunctions = connective(no), disjunctions = connective(yes);
inline std::uint8_t joined(const Connective& connective, std::uint8_t a, std::uint8_t b) {
  return connective[16u * a + b];
}
/// Of a count and so many registers.
inline std::uint8_t joined(const Connective& connective, std::uint8_t neutral, const Word* operands,
                           const std::uint8_t* truths) {
  std::uint8_t result = neutral;
  for (const Word *each = operands + 1, *last = each + *operands; each != last; ++each)
    result = joined(connective, result, truths[*each]);
  return result;
}
constexpr std::uint8_t negation(std::uint8_t a) { return a < no ? a : static_cast<std::uint8_t>(no + yes - a); }

/// A comparison: the reason where one is unknown. `known` and `no` are the same number, and `yes` is the next.
template <class Compare>
std::uint8_t compared(const Number& a, const Number& b, Compare compare) {
  static_assert(known == no && yes == no + 1);
  const std::uint8_t state = std::min(a.state, b.state);
  return static_cast<std::uint8_t>(state + static_cast<std::uint8_t>(state == known && compare(a.value, b.value)));
}
bool same(const Number& a, const Number& b) { return a.state == b.state && (a.state != known || a.value == b.value); }

/// Arithmetic without undefined results: what could overflow is not in a checked guideline, and harmless in another.
constexpr std::int64_t plus(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
constexpr std::int64_t minus(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}
constexpr std::int64_t times(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b));
}

Number rounded(RoundingMode mode, const Number& a, const Number& numerator, const Number& denominator) {
  if (a.state != known) return a;
  if (numerator.value <= 0 || denominator.value <= 0) return unknown_number(UnknownReason::invalid);
  const auto value = Rational::make(static_cast<Int128>(a.value) * numerator.value, denominator.value);
  const auto whole = value ? Rational::round(*value, Rational(1), mode) : std::nullopt;
  return whole ? known_number(whole->numerator()) : unknown_number(UnknownReason::invalid);
}

std::uint8_t at_least(std::uint32_t needed, std::uint32_t count, const Word* operands, const std::uint8_t* truths) {
  std::uint32_t hits = 0, possible = 0;
  std::uint8_t reason = static_cast<std::uint8_t>(UnknownReason::not_applicable);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint8_t truth = truths[operands[i]];
    hits += truth == yes;
    possible += truth != no;
    if (truth < no) reason = std::min(reason, truth);
  }
  return hits >= needed ? yes : possible < needed ? no : reason;
}

Number number_of(std::uint32_t count, const Word* operands, const std::uint8_t* truths) {
  std::uint8_t state = known;
  std::int64_t hits = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    state = std::min(state, truths[operands[i]]);
    hits += truths[operands[i]] == yes;
  }
  return {hits, state};
}

Number table_number(HitPolicy policy, std::size_t rows, const Word* words, const std::uint8_t* truths,
                    const Number* numbers) {
  const auto hit = [&](std::size_t row) { return truths[words[2 * row]]; };
  const auto output = [&](std::size_t row) -> const Number& { return numbers[words[2 * row + 1]]; };
  if (policy <= HitPolicy::any) {
    const RowChoice choice =
        choose_row(policy, rows, hit, [&](std::size_t a, std::size_t b) { return same(output(a), output(b)); });
    return choice.row == RowChoice::none ? Number{0, choice.reason} : output(choice.row);
  }
  const std::uint8_t of_hits = state_of_hits(rows, hit);
  if (of_hits != known) return {0, of_hits};
  std::int64_t count = 0, sum = 0, best = 0;
  std::uint8_t state = known;
  for (std::size_t row = 0; row < rows; ++row) {
    if (hit(row) != yes) continue;
    const Number& each = output(row);
    state = std::min(state, each.state);
    sum = plus(sum, each.value);
    const bool is_better = policy == HitPolicy::collect_min ? each.value < best : each.value > best;
    if (count++ == 0 || is_better) best = each.value;
  }
  if (policy == HitPolicy::collect_count) return known_number(count);
  if (state != known) return {0, state};
  if (policy == HitPolicy::collect_sum) return known_number(sum);
  return count == 0 ? unknown_number(UnknownReason::not_applicable) : known_number(best);
}

std::uint8_t table_truth(HitPolicy policy, std::size_t rows, const Word* words, const std::uint8_t* truths) {
  const auto output = [&](std::size_t row) { return truths[words[2 * row + 1]]; };
  const RowChoice choice = choose_row(
      policy, rows, [&](std::size_t row) { return truths[words[2 * row]]; },
      [&](std::size_t a, std::size_t b) { return output(a) == output(b); });
  return choice.row == RowChoice::none ? choice.reason : output(choice.row);
}

} // namespace

Machine::Machine(const Plan& plan, const Facts& facts)
    : plan_(plan), module_(*plan.module), facts_(facts), differentials_(module_.differentials.size()),
      candidates_(plan.candidates), missing_visited_(module_.inputs.size()) {
  registers_.truths.resize(module_.truths);
  registers_.numbers.resize(module_.numbers);
  registers_.values.resize(module_.values);
  for (std::size_t space = 0; space < 3; ++space)
    visited_[space].resize(plan.writers[space].size());
  for (const TruthConstant& each : module_.truth_constants)
    registers_.truths[each.index] = each.truth;
  for (const NumberConstant& each : module_.number_constants)
    registers_.numbers[each.index] = each.number;
  for (const ValueConstant& each : module_.value_constants)
    registers_.values[each.index] = each.value;
}

// To jump to a label by its place is an extension that g++ and clang++ share.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"

/// Each of the commonest instructions ends with a jump of its own to the next one: the processor foretells it better
/// than one jump for all, and nothing is looked up but the place. The others are done by `run_rare`.
void Machine::run(std::uint32_t begin, std::uint32_t end) {
  static const void* const places[] = {
#define ACESO_OPCODE(name, signature, walk, meaning) &&name, // NOLINT(bugprone-macro-parentheses)
#include "module/opcodes.def"
#undef ACESO_OPCODE
  };
  const Word* at = module_.code.data() + begin;
  const Word* const stop = module_.code.data() + end;
  std::uint8_t* const t = registers_.truths.data();
  Number* const n = registers_.numbers.data();
  std::uint32_t d = 0;

#define ACESO_NEXT(words)                                                                                              \
  do {                                                                                                                 \
    at += (words);                                                                                                     \
    if (at == stop) return;                                                                                            \
    d = bytecode::destination_of(*at);                                                                                 \
    goto* places[*at & 0xff];                                                                                          \
  } while (false)
// Where the result is certain, a skip writes it and leaves words out.
#define ACESO_SKIP(is_certain, result, words)                                                                          \
  do {                                                                                                                 \
    if (is_certain) {                                                                                                  \
      t[d] = (result);                                                                                                 \
      at += at[(words)-1];                                                                                             \
    }                                                                                                                  \
    ACESO_NEXT(words);                                                                                                 \
  } while (false)

  const auto is_known_that = [&](auto compare) {
    const Number &a = n[at[1]], &b = n[at[2]];
    return a.state == known && b.state == known && compare(a.value, b.value);
  };

  ACESO_NEXT(0);

move_truth:
  t[d] = t[at[1]];
  ACESO_NEXT(2);
logical_not:
  t[d] = negation(t[at[1]]);
  ACESO_NEXT(2);
and_two:
  t[d] = joined(conjunctions, t[at[1]], t[at[2]]);
  ACESO_NEXT(3);
or_two:
  t[d] = joined(disjunctions, t[at[1]], t[at[2]]);
  ACESO_NEXT(3);
and_all:
  t[d] = joined(conjunctions, yes, at + 1, t);
  ACESO_NEXT(2 + at[1]);
or_all:
  t[d] = joined(disjunctions, no, at + 1, t);
  ACESO_NEXT(2 + at[1]);
known_truth:
  t[d] = t[at[1]] >= no ? yes : no;
  ACESO_NEXT(2);
equal_number:
  t[d] = compared(n[at[1]], n[at[2]], std::equal_to<>());
  ACESO_NEXT(3);
less:
  t[d] = compared(n[at[1]], n[at[2]], std::less<>());
  ACESO_NEXT(3);
less_or_equal:
  t[d] = compared(n[at[1]], n[at[2]], std::less_equal<>());
  ACESO_NEXT(3);
in_stage:
  t[d] = stage_.is_valid() && stage_.index() == at[1] ? yes : no;
  ACESO_NEXT(2);
choose_truth : {
  const std::uint8_t c = t[at[1]], a = t[at[2]], b = t[at[3]];
  t[d] = c == yes ? a : c == no ? b : a >= no && a == b ? a : c;
  ACESO_NEXT(4);
}
no_skips:
  ACESO_SKIP(t[at[1]] == no, no, 3);
yes_skips:
  ACESO_SKIP(t[at[1]] == yes, yes, 3);
not_less_skips:
  ACESO_SKIP(is_known_that(std::greater_equal<>()), no, 4);
less_skips:
  ACESO_SKIP(is_known_that(std::less<>()), yes, 4);
less_or_equal_skips:
  ACESO_SKIP(is_known_that(std::less_equal<>()), yes, 4);
not_less_or_equal_skips:
  ACESO_SKIP(is_known_that(std::greater<>()), no, 4);
equal_skips:
  ACESO_SKIP(is_known_that(std::equal_to<>()), yes, 4);
not_equal_skips:
  ACESO_SKIP(is_known_that(std::not_equal_to<>()), no, 4);
add:
  n[d] = {plus(n[at[1]].value, n[at[2]].value), std::min(n[at[1]].state, n[at[2]].state)};
  ACESO_NEXT(3);
choose_number : {
  const std::uint8_t c = t[at[1]];
  const Number &a = n[at[2]], &b = n[at[3]];
  n[d] = c == yes ? a : c == no ? b : a.state == known && same(a, b) ? a : Number{0, c};
  ACESO_NEXT(4);
}
lookup_number : {
  const Number& position = n[at[1]];
  const bool is_there = static_cast<std::uint64_t>(position.value) < at[3];
  n[d] = position.state != known ? position
         : is_there              ? n[at[2] + static_cast<Word>(position.value)]
                                 : unknown_number(UnknownReason::invalid);
  ACESO_NEXT(4);
}

at_least:
known_number:
equal_truth:
subtract:
known_value:
because_truth:
because_number:
because_value:
selects:
table_truth:
lookup_truth:
add_all:
multiply:
negate:
absolute:
minimum:
maximum:
scale:
round:
number_of:
table_number:
now:
series_number:
differential:
truth_as_value:
number_as_value:
value_as_truth:
value_as_number:
choose_value:
choose_real:
table_value:
series_value:
series_at:
held_for:
apply:
apply_real:
round_real:
  at = run_rare(at);
  ACESO_NEXT(0);
#undef ACESO_SKIP
#undef ACESO_NEXT
}
#pragma GCC diagnostic pop

/// Runs one of the other instructions, and gives the place behind it.
const Word* Machine::run_rare(const Word* at) {
  std::uint8_t* const t = registers_.truths.data();
  Number* const n = registers_.numbers.data();
  Value* const v = registers_.values.data();
  const std::uint32_t d = bytecode::destination_of(*at);
  switch (bytecode::opcode_of(*at)) {
  case Opcode::at_least: t[d] = at_least(at[1], at[2], at + 3, t), at += 3 + at[2]; break;
  case Opcode::known_number: t[d] = n[at[1]].state == known ? yes : no, at += 2; break;
  case Opcode::equal_truth: {
    const std::uint8_t a = t[at[1]], b = t[at[2]], state = std::min(a, b);
    t[d] = state < no ? state : a == b ? yes : no;
    at += 3;
    break;
  }
  case Opcode::subtract:
    n[d] = {minus(n[at[1]].value, n[at[2]].value), std::min(n[at[1]].state, n[at[2]].state)};
    at += 3;
    break;
  case Opcode::known_value: t[d] = v[at[1]].is_known() ? yes : no, at += 2; break;
  case Opcode::because_truth: t[d] = t[at[2]] == at[1] ? yes : no, at += 3; break;
  case Opcode::because_number: t[d] = n[at[2]].state == at[1] ? yes : no, at += 3; break;
  case Opcode::because_value:
    t[d] = !v[at[2]].is_known() && static_cast<Word>(v[at[2]].reason()) == at[1] ? yes : no;
    at += 3;
    break;
  case Opcode::selects: {
    const Truth chosen = selects(at[2], ActionId(at[1]));
    t[d] = chosen == Truth::yes ? yes : chosen == Truth::no ? no : static_cast<std::uint8_t>(UnknownReason::not_asked);
    at += 3;
    break;
  }
  case Opcode::table_truth:
    t[d] = table_truth(static_cast<HitPolicy>(at[1]), at[2], at + 3, t);
    at += 3 + 2 * std::size_t{at[2]};
    break;
  case Opcode::lookup_truth: {
    const Number& position = n[at[1]];
    const bool is_there = static_cast<std::uint64_t>(position.value) < at[3];
    t[d] = position.state != known ? position.state : is_there ? t[at[2] + static_cast<Word>(position.value)] : invalid;
    at += 4;
    break;
  }
  case Opcode::add_all: {
    Number sum = known_number(0);
    for (const Word *each = at + 2, *last = each + at[1]; each != last; ++each)
      sum = {plus(sum.value, n[*each].value), std::min(sum.state, n[*each].state)};
    n[d] = sum;
    at += 2 + at[1];
    break;
  }
  case Opcode::multiply:
    n[d] = {times(n[at[1]].value, n[at[2]].value), std::min(n[at[1]].state, n[at[2]].state)};
    at += 3;
    break;
  case Opcode::negate: n[d] = {minus(0, n[at[1]].value), n[at[1]].state}, at += 2; break;
  case Opcode::absolute:
    n[d] = {n[at[1]].value < 0 ? minus(0, n[at[1]].value) : n[at[1]].value, n[at[1]].state};
    at += 2;
    break;
  case Opcode::minimum:
  case Opcode::maximum: {
    const bool smallest = bytecode::opcode_of(*at) == Opcode::minimum;
    Number best = n[at[2]];
    for (const Word *each = at + 3, *last = at + 2 + at[1]; each != last; ++each) {
      const Number& other = n[*each];
      best = {smallest ? std::min(best.value, other.value) : std::max(best.value, other.value),
              std::min(best.state, other.state)};
    }
    n[d] = best;
    at += 2 + at[1];
    break;
  }
  case Opcode::scale:
    n[d] = {plus(times(n[at[1]].value, n[at[2]].value), n[at[3]].value), n[at[1]].state};
    at += 4;
    break;
  case Opcode::round:
    n[d] = rounded(static_cast<RoundingMode>(at[1]), n[at[2]], n[at[3]], n[at[4]]);
    at += 5;
    break;
  case Opcode::number_of: n[d] = number_of(at[1], at + 2, t), at += 2 + at[1]; break;
  case Opcode::table_number:
    n[d] = table_number(static_cast<HitPolicy>(at[1]), at[2], at + 3, t, n);
    at += 3 + 2 * std::size_t{at[2]};
    break;
  case Opcode::now: n[d] = known_number(at_.seconds), at += 1; break;
  case Opcode::series_number: n[d] = series_number(module_.series[at[1]]), at += 2; break;
  case Opcode::differential: {
    const DifferentialState& state = decide(DifferentialId(at[1]));
    const auto& candidates = module_.dictionary.differentials[at[1]].candidates;
    n[d] = state.decided                                      ? known_number(candidates[*state.decided].index)
           : state.status == DifferentialStatus::undetermined ? unknown_number(UnknownReason::not_asked)
                                                              : unknown_number(UnknownReason::not_applicable);
    at += 2;
    break;
  }
  case Opcode::truth_as_value: v[d] = truth_to_value(t[at[1]]), at += 2; break;
  case Opcode::number_as_value: v[d] = number_to_value(module_.representations[at[1]], n[at[2]]), at += 3; break;
  case Opcode::value_as_truth: t[d] = to_truth(v[at[1]]), at += 2; break;
  case Opcode::value_as_number: n[d] = to_number(module_.representations[at[1]], v[at[2]]), at += 3; break;
  case Opcode::choose_value:
  case Opcode::choose_real: {
    const std::uint8_t c = t[at[1]];
    const Value &a = v[at[2]], &b = v[at[3]];
    if (c >= no)
      v[d] = c == yes ? a : b;
    else if (a.is_known() && a == b)
      v[d] = a;
    else
      v[d] = static_cast<UnknownReason>(c);
    at += 4;
    break;
  }
  case Opcode::table_value:
    table_value(static_cast<HitPolicy>(at[1]), {at + 3, 2 * std::size_t{at[2]}}, v[d]);
    at += 3 + 2 * std::size_t{at[2]};
    break;
  case Opcode::series_value: v[d] = series_value(module_.series[at[1]], nullptr), at += 2; break;
  case Opcode::series_at: v[d] = series_value(module_.series[at[1]], &v[at[2]]), at += 3; break;
  case Opcode::held_for: t[d] = held_for(static_cast<std::uint32_t>(at - module_.code.data())), at += 3; break;
  case Opcode::apply:
  case Opcode::apply_real:
    operands_.clear();
    for (const Word *each = at + 4, *last = each + at[3]; each != last; ++each)
      operands_.push_back(&v[*each]);
    apply(module_.dictionary, now_.zone, static_cast<ValueOperation>(at[1]), module_.parameters[at[2]], operands_,
          v[d]);
    at += 4 + at[3];
    break;
  case Opcode::round_real: round_real(static_cast<RoundingMode>(at[1]), v[at[2]], at[3], v[d]), at += 4; break;
  // `run` does these itself:
  case Opcode::move_truth:
  case Opcode::logical_not:
  case Opcode::and_two:
  case Opcode::or_two:
  case Opcode::and_all:
  case Opcode::or_all:
  case Opcode::known_truth:
  case Opcode::equal_number:
  case Opcode::less:
  case Opcode::less_or_equal:
  case Opcode::in_stage:
  case Opcode::choose_truth:
  case Opcode::no_skips:
  case Opcode::yes_skips:
  case Opcode::not_less_skips:
  case Opcode::less_skips:
  case Opcode::less_or_equal_skips:
  case Opcode::not_less_or_equal_skips:
  case Opcode::equal_skips:
  case Opcode::not_equal_skips:
  case Opcode::add:
  case Opcode::choose_number:
  case Opcode::lookup_number: break;
  }
  return at;
}

void Machine::table_value(HitPolicy policy, std::span<const Word> rows, Value& result) {
  const auto hit = [&](std::size_t row) { return registers_.truths[rows[2 * row]]; };
  const auto output = [&](std::size_t row) -> const Value& { return registers_.values[rows[2 * row + 1]]; };
  const std::size_t count = rows.size() / 2;
  if (policy <= HitPolicy::any) {
    const RowChoice choice =
        choose_row(policy, count, hit, [&](std::size_t a, std::size_t b) { return output(a) == output(b); });
    if (choice.row == RowChoice::none)
      result = static_cast<UnknownReason>(choice.reason);
    else
      result = output(choice.row);
    return;
  }
  const std::uint8_t of_hits = state_of_hits(count, hit);
  if (of_hits != known) {
    result = static_cast<UnknownReason>(of_hits);
    return;
  }
  operands_.clear();
  for (std::size_t row = 0; row < count; ++row)
    if (hit(row) == yes) operands_.push_back(&output(row));
  static const Parameters none;
  if (policy == HitPolicy::collect_count)
    result = Rational(static_cast<std::int64_t>(operands_.size()));
  else if (const auto reason = unknown_among(operands_))
    result = *reason; // also of a number of which bounds are known
  else if (policy == HitPolicy::collect_list)
    apply(module_.dictionary, now_.zone, ValueOperation::list, none, operands_, result);
  else if (policy == HitPolicy::collect_sum)
    operands_.empty() ? void(result = Rational(0))
                      : apply(module_.dictionary, now_.zone, ValueOperation::add, none, operands_, result);
  else if (operands_.empty())
    result = UnknownReason::not_applicable;
  else
    apply(module_.dictionary, now_.zone,
          policy == HitPolicy::collect_min ? ValueOperation::minimum : ValueOperation::maximum, none, operands_,
          result);
}

template <class Visit>
void Machine::look_back(std::uint32_t instruction, Visit visit) {
  const Parameters& length = module_.parameters[module_.code[instruction + 1]];
  const Period period{length.factor.numerator(), length.offset.numerator()};
  if (!earlier_) earlier_ = std::make_unique<Machine>(plan_, facts_);
  for (const Instant at : facts_.instants_of_change(add(at_, period, now_.zone, -1), at_, now_)) {
    earlier_->set_context(at, now_, {});
    facts_.look(at, now_, earlier_->registers());
    for (const auto& [begin, end] : plan_.slices.at(instruction))
      earlier_->run(begin, end);
    visit(*earlier_);
  }
}

std::uint8_t Machine::held_for(std::uint32_t instruction) {
  const Word condition = module_.code[instruction + 2];
  std::uint8_t result = yes;
  look_back(instruction, [&](Machine& then) { result = joined(conjunctions, result, then.truth(condition)); });
  return result;
}

void Machine::add_missing_of_earlier(std::uint32_t instruction) {
  const Word condition = module_.code[instruction + 2];
  std::vector<InputId> all;
  look_back(instruction, [&](Machine& then) {
    then.begin_missing();
    then.add_missing_truth(condition);
    all.insert(all.end(), then.missing().begin(), then.missing().end());
  });
  for (const InputId input : all)
    note_missing(input);
}

/// Whether an action-valued register chooses the action, row by row: one unknown column need not blur every action.
/// The depth of what is walked is bounded by the verifier.
Truth Machine::selects(std::uint32_t number, ActionId action) const {
  const Number& whole = registers_.numbers[number];
  if (whole.state == known) return truth_of(whole.value == action.index());
  const std::uint32_t writer = plan_.writers[1][number];
  if (writer == Plan::nobody) return Truth::unknown;
  const Word* at = module_.code.data() + writer;
  if (bytecode::opcode_of(*at) == Opcode::choose_number) {
    const std::uint8_t condition = registers_.truths[at[1]];
    if (condition >= no) return selects(condition == yes ? at[2] : at[3], action);
    const Truth a = selects(at[2], action), b = selects(at[3], action);
    return a == b ? a : Truth::unknown;
  }
  if (bytecode::opcode_of(*at) != Opcode::table_number) return Truth::unknown;
  for (std::uint32_t row = 0; row < at[2]; ++row) {
    const std::uint8_t hit = registers_.truths[at[3 + 2 * row]];
    if (hit == no) continue;
    if (selects(at[4 + 2 * row], action) != Truth::no) return Truth::unknown;
    if (hit == yes && static_cast<HitPolicy>(at[1]) == HitPolicy::first) return Truth::no;
  }
  return Truth::no; // a table without a row for this patient chooses nothing
}

} // namespace aceso::interpret
