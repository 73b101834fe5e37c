#pragma once
/// Outcomes of one patient as look-ups in tables: a cover (lookup/cover.h) laid out for the machine that runs it
/// (lookup/lookup_machine.h). Truths lie packed in words of 64 bits:
///
///   fact -> its place among the values that make a difference -> an entry of bits, which join their word
///   up to eight bits of the words, gathered -> an entry of up to eight more bits, and so on, level by level
///   up to six bits -> an entry of up to eight bytes of the results, to which others may be added
///
/// Everything is found when the program is made; the machine has no case but the kind of a step.

#include <cstdint>
#include <span>
#include <vector>

#include "batch/plan.h"
#include "lookup/outcome_sums.h"

namespace aceso::lookup {

struct LookupProgram {
  LookupProgram(const Module& module, const Relations& relations, const batch::OutputLayout& outputs,
                std::span<const batch::InputLayout> layouts, const batch::Program& program);

  /// Eight truths next to each other, a bit each: is it yes, or is it known?
  struct ReadEight {
    std::uint32_t index = 0; ///< the first register
    std::uint8_t to = 0;     ///< the lowest bit in the word
    bool asks_known = false;
  };
  /// The state of a truth is the entry.
  struct ReadTruth {
    std::uint32_t index = 0;   ///< the register
    std::uint32_t entries = 0; ///< in `bits`, likewise below; one for each state
  };
  /// A number of few values is the entry; behind them one for each reason why it is unknown.
  struct ReadFew {
    std::uint32_t index = 0, entries = 0;
    std::int64_t least = 0;
    std::uint64_t most = 0; ///< above `least`
  };
  /// How many of the bounds are not above the number; behind these one for each reason.
  struct ReadMany {
    std::uint32_t index = 0, entries = 0; ///< the register, or `now`
    std::int64_t least = 0;
    std::uint32_t bounds = 0, count = 0; ///< in `bounds`, unsigned, above `least`, ascending
  };
  static constexpr std::uint32_t now = 0xffffffff;
  /// What comes into one word from facts. The ends of its reads, which follow those of the word before.
  struct FactWord {
    std::uint32_t word = 0, eights_end = 0, truths_end = 0, few_end = 0, many_end = 0;
  };

  /// Bits of a word that become part of an index.
  struct Part {
    std::uint64_t mask = 0;
    std::uint32_t word = 0;
    std::uint32_t to = 0; ///< where in the index they begin
  };
  /// One look-up. The index begins with bits of this word; most need no others.
  struct Step {
    std::uint64_t mask = 0;
    std::uint32_t word = 0;
    std::uint32_t entries = 0; ///< in `bytes`, or in `values`
    std::uint16_t more = 0;    ///< so many parts, which follow those of the step before
    std::uint16_t to = 0;      ///< of bytes: the lowest bit in the word
  };
  /// Look-ups of one level that come into one word: up to `end`.
  struct LookupWord {
    std::uint32_t word = 0, end = 0;
  };
  /// Numbers are computed in 64 bits and cut to the width of their node.
  struct Number {
    batch::NumberNode node;              ///< operands and the condition are those of the program
    std::uint32_t place = 0;             ///< among the numbers
    std::uint32_t first = 0, second = 0; ///< places of the operands, or the register that an array reads
    std::uint32_t condition = 0;         ///< `choose`: the bit: 64 times the word, plus the position
    bool is_inverted = false;
    batch::Array array{};   ///< `array`
    bool is_truth = false;  ///< likewise: of a register of truths
    std::int64_t least = 0; ///< likewise, of its input
  };
  struct Comparison {
    std::uint32_t numbers_end = 0;       ///< numbers up to here come first
    std::uint32_t first = 0, second = 0; ///< places of numbers
    std::uint32_t bit = 0;
    bool is_below = false; ///< else: are they equal?
  };
  struct Level {
    std::uint32_t words_end = 0, comparisons_end = 0; ///< look-ups first
  };

  /// A number of the results, the sum of one or more look-ups.
  struct Result {
    Table to{};
    std::uint8_t bytes = 8;
    std::uint32_t offset = 0;
    std::uint32_t more = 0; ///< sums beside the first
  };

  std::vector<std::uint64_t> bits, bounds, values;
  std::vector<std::uint8_t> bytes;
  std::vector<ReadEight> eights;
  std::vector<ReadTruth> truths;
  std::vector<ReadFew> few;
  std::vector<ReadMany> many;
  std::vector<FactWord> fact_words;
  std::vector<Part> parts; ///< of look-ups, then of sums
  std::vector<Step> lookups;
  std::vector<LookupWord> lookup_words;
  std::vector<Number> numbers;
  std::vector<Comparison> comparisons;
  std::vector<Level> levels;
  std::vector<Step> sums;      ///< by result
  std::vector<Result> results; ///< the first is whether a constraint is broken
  std::uint32_t words = 0, number_places = 0;

  /// 64-bit words of memory that running it takes: the words, then the numbers.
  [[nodiscard]] std::size_t scratch() const { return std::size_t{words} + number_places; }
};

} // namespace aceso::lookup
