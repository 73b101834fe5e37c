#include "lookup/lookup_machine.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "lookup/decide_plan.h"
#include "lookup/lookup_program.h"
#include "values/rounding.h"

namespace aceso::lookup {

using batch::Array;
using batch::NumberOp;
using interpret::Outcomes;
using interpret::Registers;

namespace {

// The tables of truths and of outcomes are read as they stand in memory.
static_assert(std::endian::native == std::endian::little);

// ---------------------------------------------------------------------------------------------------- bits

/// The bits of a mask next to each other, on any machine.
struct Shifts {
  static std::uint64_t gather(std::uint64_t from, std::uint64_t mask) {
    std::uint64_t result = 0;
    for (unsigned to = 0; mask != 0; ++to, mask &= mask - 1)
      result |= (from >> std::countr_zero(mask) & 1) << to;
    return result;
  }
};

#if defined(__x86_64__)
/// The same in one instruction, where the processor has it: BMI2.
struct Pext {
  static std::uint64_t gather(std::uint64_t from, std::uint64_t mask) {
    std::uint64_t result;
    asm("pext %2, %1, %0" : "=r"(result) : "r"(from), "rm"(mask));
    return result;
  }
};
/// Some processors have it and take longer than the shifts.
bool has_quick_pext() {
  return __builtin_cpu_supports("bmi2") != 0 && __builtin_cpu_is("znver1") == 0 && __builtin_cpu_is("znver2") == 0 &&
         __builtin_cpu_is("bdver4") == 0;
}
#else
using Pext = Shifts;
bool has_quick_pext() { return false; }
#endif

// ---------------------------------------------------------------------------------------------------- numbers

/// To the whole number below, or one above it where the mode says so.
std::int64_t rounded(std::int64_t from, const batch::NumberNode& node) {
  // What is not known may be anything.
  const auto product =
      static_cast<std::int64_t>(static_cast<std::uint64_t>(from) * static_cast<std::uint64_t>(node.constant));
  std::int64_t floor = product / node.divisor, rest = product % node.divisor;
  if (rest < 0) --floor, rest += node.divisor;
  if (rest == 0) return floor;
  const std::int64_t other = node.divisor - rest;
  const int against_half = rest < other ? -1 : rest > other ? 1 : 0;
  return floor + (rounds_to_ceiling(floor % 2 != 0, against_half, product < 0, node.mode) ? 1 : 0);
}

/// The lowest bytes, with their sign.
std::int64_t cut(std::uint64_t value, unsigned bytes) {
  const unsigned left = 64 - 8 * bytes;
  return static_cast<std::int64_t>(value << left) >> left;
}

std::uint64_t element(const LookupProgram::Number& of, const Registers& facts, std::int64_t now) {
  if (of.array.kind == Array::Kind::now) return static_cast<std::uint64_t>(now);
  if (of.array.kind == Array::Kind::reasons)
    return of.is_truth ? facts.truths[of.first] : facts.numbers[of.first].state;
  const std::uint64_t raw =
      static_cast<std::uint64_t>(facts.numbers[of.first].value) - static_cast<std::uint64_t>(of.least);
  const unsigned left = 64 - 8 * of.array.width;
  return raw << left >> left;
}

std::int64_t computed(const LookupProgram::Number& of, const Registers& facts, std::int64_t now,
                      const std::uint64_t* words, const std::int64_t* numbers) {
  const std::int64_t first = numbers[of.first], second = numbers[of.second];
  const auto x = static_cast<std::uint64_t>(first), y = static_cast<std::uint64_t>(second);
  switch (of.node.op) {
  case NumberOp::constant: return of.node.constant;
  case NumberOp::array:
    return cut(element(of, facts, now) + static_cast<std::uint64_t>(of.node.constant), of.node.width);
  case NumberOp::widen: return first;
  case NumberOp::add: return cut(x + y, of.node.width);
  case NumberOp::subtract: return cut(x - y, of.node.width);
  case NumberOp::multiply: return cut(x * y, of.node.width);
  case NumberOp::minimum: return std::min(first, second);
  case NumberOp::maximum: return std::max(first, second);
  case NumberOp::choose: {
    const bool holds = (words[of.condition / 64] >> (of.condition % 64) & 1) != 0;
    return holds != of.is_inverted ? first : second;
  }
  case NumberOp::round: return cut(static_cast<std::uint64_t>(rounded(first, of.node)), of.node.width);
  }
  return 0;
}

// ---------------------------------------------------------------------------------------------------- the machine

/// How many of the bounds are not above the number.
std::size_t position(const std::uint64_t* bounds, std::size_t count, std::uint64_t raw) {
  constexpr std::size_t most_to_count = 16;
  if (count > most_to_count) return static_cast<std::size_t>(std::upper_bound(bounds, bounds + count, raw) - bounds);
  std::size_t result = 0;
  for (std::size_t i = 0; i < count; ++i)
    result += bounds[i] <= raw ? 1 : 0;
  return result;
}

constexpr std::uint64_t ones = 0x0101'0101'0101'0101;
static_assert(bytecode::known == 7 && bytecode::yes == 8,
              "all others are below: one more, and known has a bit of its own");

/// The words that hold bits of facts. `is_complete` of facts of which everything that is read is known: otherwise the
/// result is false, and the words have no meaning.
template <bool is_complete>
bool read_facts(const LookupProgram& p, const Registers& facts, std::int64_t now, std::uint64_t* words) {
  const std::uint8_t* const truths = facts.truths.data();
  const bytecode::Number* const numbers = facts.numbers.data();
  const std::uint64_t* const bits = p.bits.data();
  const LookupProgram::ReadEight* eight = p.eights.data();
  const LookupProgram::ReadTruth* truth = p.truths.data();
  const LookupProgram::ReadFew* few = p.few.data();
  const LookupProgram::ReadMany* many = p.many.data();
  std::uint64_t known_truths = 8 * ones, known_numbers = bytecode::known;
  for (const LookupProgram::FactWord& word : p.fact_words) {
    std::uint64_t found = 0;
    for (const auto* const end = p.eights.data() + word.eights_end; eight != end; ++eight) {
      std::uint64_t states;
      std::memcpy(&states, truths + eight->index, 8);
      const std::uint64_t more = states + ones;
      if (is_complete) known_truths &= more;
      // The fourth bit of each byte, next to each other.
      const std::uint64_t asked = (!is_complete && eight->asks_known ? more : states) >> 3 & ones;
      found |= (asked * 0x0102'0408'1020'4080 >> 56) << eight->to;
    }
    for (const auto* const end = p.truths.data() + word.truths_end; truth != end; ++truth) {
      const std::uint8_t state = truths[truth->index];
      if (is_complete) known_truths &= state + ones;
      found |= bits[truth->entries + state];
    }
    for (const auto* const end = p.few.data() + word.few_end; few != end; ++few) {
      const bytecode::Number& number = numbers[few->index];
      std::uint64_t at = static_cast<std::uint64_t>(number.value) - static_cast<std::uint64_t>(few->least);
      if (is_complete)
        known_numbers &= number.state, at = std::min(at, few->most);
      else if (number.state != bytecode::known)
        at = few->most + 1 + number.state;
      found |= bits[few->entries + at];
    }
    for (const auto* const end = p.many.data() + word.many_end; many != end; ++many) {
      const std::uint64_t* const bounds = p.bounds.data() + many->bounds;
      std::size_t at;
      if (many->index == LookupProgram::now) {
        at = position(bounds, many->count, static_cast<std::uint64_t>(now));
      } else {
        const bytecode::Number& number = numbers[many->index];
        if (is_complete) known_numbers &= number.state;
        at = !is_complete && number.state != bytecode::known
                 ? many->count + 1 + number.state
                 : position(bounds, many->count,
                            static_cast<std::uint64_t>(number.value) - static_cast<std::uint64_t>(many->least));
      }
      found |= bits[many->entries + at];
    }
    words[word.word] = found;
  }
  return (known_truths & 8 * ones) == 8 * ones && known_numbers == bytecode::known;
}

template <class Bits>
[[gnu::always_inline]] inline std::uint64_t index(const LookupProgram::Step& step, const std::uint64_t* words,
                                                  const LookupProgram::Part*& part) {
  std::uint64_t result = Bits::gather(words[step.word], step.mask);
  for (unsigned left = step.more; left != 0; --left, ++part)
    result |= Bits::gather(words[part->word], part->mask) << part->to;
  return result;
}

void store(std::uint64_t value, std::uint8_t* to, unsigned bytes) {
  switch (bytes) {
  case 8: std::memcpy(to, &value, 8); break;
  case 4: std::memcpy(to, &value, 4); break;
  case 2: std::memcpy(to, &value, 2); break;
  default: *to = static_cast<std::uint8_t>(value);
  }
}

/// From the words of facts to outcomes. False where a constraint is broken.
template <class Bits>
bool look_up(const LookupProgram& p, const Registers& facts, std::int64_t now, Outcomes& to) {
  std::uint64_t* const words = to.scratch.data();
  auto* const numbers = reinterpret_cast<std::int64_t*>(words + p.words);
  const LookupProgram::Part* part = p.parts.data();
  const LookupProgram::Step* step = p.lookups.data();
  const LookupProgram::LookupWord* word = p.lookup_words.data();
  const std::uint8_t* const bytes = p.bytes.data();
  std::uint32_t number = 0, comparison = 0;
  for (const LookupProgram::Level& level : p.levels) {
    for (const auto* const words_end = p.lookup_words.data() + level.words_end; word != words_end; ++word) {
      std::uint64_t found = 0;
      for (const auto* const end = p.lookups.data() + word->end; step != end; ++step)
        found |= std::uint64_t{bytes[step->entries + index<Bits>(*step, words, part)]} << step->to;
      words[word->word] |= found;
    }
    for (; comparison < level.comparisons_end; ++comparison) {
      const LookupProgram::Comparison& of = p.comparisons[comparison];
      for (; number < of.numbers_end; ++number)
        numbers[p.numbers[number].place] = computed(p.numbers[number], facts, now, words, numbers);
      const bool holds = of.is_below ? numbers[of.first] < numbers[of.second] : numbers[of.first] == numbers[of.second];
      words[of.bit / 64] |= std::uint64_t{holds} << (of.bit % 64);
    }
  }
  const std::uint64_t* const values = p.values.data();
  const LookupProgram::Step* sum = p.sums.data();
  const auto next_value = [&] {
    std::uint64_t value = values[sum->entries + index<Bits>(*sum, words, part)];
    ++sum;
    return value;
  };
  const LookupProgram::Result* result = p.results.data();
  const auto* const end = result + p.results.size();
  const auto value_of = [&] {
    std::uint64_t value = next_value();
    for (unsigned left = result->more; left != 0; --left)
      value += next_value();
    return value;
  };
  if (value_of() != 0) return false; // the first tells of constraints
  const std::array<void*, 4> tables = {to.actions.data(), to.cautions.data(), to.differentials.data(), &to.summary};
  while (++result != end)
    store(value_of(), static_cast<std::uint8_t*>(tables[static_cast<std::size_t>(result->to)]) + result->offset,
          result->bytes);
  return true;
}

struct Register {
  bool is_truth = false;
  std::uint32_t index = 0;
  friend auto operator<=>(Register, Register) = default;
};
/// The registers that `read_facts` looks at, in order, with those that numbers are computed from.
std::vector<Register> registers_of(const LookupProgram& p, bool with_numbers) {
  std::vector<Register> result;
  for (const LookupProgram::ReadEight& each : p.eights)
    for (std::uint32_t i = 0; i < 8; ++i)
      result.push_back({true, each.index + i});
  for (const LookupProgram::ReadTruth& each : p.truths)
    result.push_back({true, each.index});
  for (const LookupProgram::ReadFew& each : p.few)
    result.push_back({false, each.index});
  for (const LookupProgram::ReadMany& each : p.many)
    if (each.index != LookupProgram::now) result.push_back({false, each.index});
  for (const LookupProgram::Number& each : p.numbers)
    if (with_numbers && each.node.op == NumberOp::array && each.array.kind != Array::Kind::now)
      result.push_back({each.is_truth, each.first});
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

class Finder final : public interpret::OutcomeFinder {
public:
  Finder(std::shared_ptr<const Module> module, const Relations& relations, const DecidePlan& plan, bool gathers_bits)
      : module_(std::move(module)),
        complete_(*module_, relations, plan.plan->outputs, plan.plan->layouts, *plan.complete),
        general_(*module_, relations, plan.plan->outputs, plan.plan->layouts, *plan.general),
        look_up_(gathers_bits ? look_up<Pext> : look_up<Shifts>) {
    const std::vector<Register> checked = registers_of(complete_, false);
    for (const Register each : registers_of(general_, true))
      if (!std::binary_search(checked.begin(), checked.end(), each)) others_.push_back(each);
  }

  void prepare(Outcomes& outcomes) const override {
    const Dictionary& names = module_->dictionary;
    // Of actions that no rule speaks about nothing is written.
    const NativeOutcome usual{static_cast<std::uint8_t>(RecommendationStatus::not_advised), 0, 0, 0, 0, 0, 0};
    outcomes.actions.assign(names.actions.size(), usual);
    outcomes.cautions.assign(names.cautions.size(), 0);
    outcomes.differentials.assign(names.differentials.size(), 0);
    outcomes.scratch.assign(std::max(complete_.scratch(), general_.scratch()), 0);
  }
  bool find(const Registers& facts, std::int64_t now, Outcomes& outcomes) const override {
    std::uint64_t* const words = outcomes.scratch.data();
    const bool is_complete = knows_others(facts) && begin<true>(complete_, facts, now, words);
    if (!is_complete) (void)begin<false>(general_, facts, now, words);
    return look_up_(is_complete ? complete_ : general_, facts, now, outcomes);
  }

private:
  template <bool is_complete>
  static bool begin(const LookupProgram& of, const Registers& facts, std::int64_t now, std::uint64_t* words) {
    std::fill_n(words, of.words, 0);
    return read_facts<is_complete>(of, facts, now, words);
  }
  /// What complete patients are not asked, and the others are.
  [[nodiscard]] bool knows_others(const Registers& facts) const {
    return std::all_of(others_.begin(), others_.end(), [&](Register each) {
      return (each.is_truth ? facts.truths[each.index] : facts.numbers[each.index].state) >= bytecode::known;
    });
  }

  std::shared_ptr<const Module> module_;
  LookupProgram complete_, general_;
  std::vector<Register> others_;
  bool (*look_up_)(const LookupProgram&, const Registers&, std::int64_t, Outcomes&);
};

} // namespace

MadeFinder make_finder(std::shared_ptr<const Module> module, bool may_gather) {
  const DecidePlan plan(*module);
  if (!plan.obstacle.empty()) return {nullptr, plan.obstacle};
  const Relations relations(*module);
  return {std::make_shared<const Finder>(std::move(module), relations, plan, may_gather && has_quick_pext()), {}};
}

} // namespace aceso::lookup
