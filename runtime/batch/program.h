#pragma once
/// A guideline as one straight program over columns: what the column VM runs (batch/schedule.h), and what native code
/// is made of (runtime/jit). Rules, overrides, advice, differentials and the pathway are in it; nothing is left to be
/// done beside it but rows that the row engine decides.
///
/// Truths are planes: one bit a row. A truth of the language is two planes, `yes` and `no`; where both are 0 it is
/// unknown. A plane node is a conjunction of planes or of their complements, an exclusive or, a choice, a comparison,
/// or a plane that comes in: so a disjunction, or a Kleene connective, is one node for each of its two planes, and
/// negation is none. Numbers are columns of signed integers, as narrow as their bounds allow.
///
/// Nodes stand before those that use them. What a node holds in rows where the value is not known is arbitrary.
/// Immutable once made, safe to share between threads.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "values/ids.h"
#include "values/rational.h"

namespace aceso::batch {

/// Rows are decided in blocks of so many; a plane of a block is so many words. Row `r` is bit `r % 64` of word `r /
/// 64`.
inline constexpr std::size_t block_rows = 4096;
inline constexpr std::size_t block_words = block_rows / 64;

/// A plane node or its complement.
struct Literal {
  std::uint32_t code = 0; ///< 2 times the position of the node; plus 1: its complement

  static constexpr Literal of(std::uint32_t node, bool inverted = false) { return {node * 2 + (inverted ? 1u : 0u)}; }
  [[nodiscard]] constexpr std::uint32_t node() const { return code >> 1; }
  [[nodiscard]] constexpr bool is_inverted() const { return (code & 1) != 0; }
  friend constexpr Literal operator!(Literal a) { return {a.code ^ 1}; }
  friend constexpr auto operator<=>(Literal, Literal) = default;
};
/// Node 0 is the plane of zeros.
inline constexpr Literal never{0}, always{1};

/// What comes in: an array with a plane or with one element a row.
struct Array {
  enum class Kind : std::uint8_t {
    bits,        ///< plane of an input: yes
    data,        ///< elements of an input, see InputLayout
    known,       ///< plane of an input
    reasons,     ///< bytes: UnknownReason of an input
    now,         ///< 8 bytes: seconds of the instant of the evaluation
    lane_state,  ///< bytes: the state of a register that was computed row by row: see bytecode::Space
    lane_number, ///< 8 bytes: what that register holds
  } kind = Kind::bits;
  unsigned width = 0;      ///< bytes of an element; 0: a plane
  std::uint32_t index = 0; ///< the input, or the position among Program::lanes
  friend constexpr auto operator<=>(const Array&, const Array&) = default;
};

enum class PlaneOp : std::uint8_t {
  zero,          ///< node 0
  plane,         ///< array `first`
  conjunction,   ///< of the literals in `operands` from `first`, `count` of them, at least 2
  exclusive_or,  ///< of two literals that are not inverted
  choose,        ///< of three literals: the second where the first is 1, else the third
  equal_to,      ///< the elements of array `first`, which are unsigned, are `constant`
  below,         ///< they are below `constant`
  numbers_equal, ///< of number nodes `first` and `second`, of one width
  numbers_below, ///< the first is below the second, both signed
};
struct PlaneNode {
  PlaneOp op = PlaneOp::zero;
  std::uint32_t first = 0, count = 0;
  std::uint32_t second = 0;
  std::uint64_t constant = 0;
};

enum class NumberOp : std::uint8_t {
  constant, ///< `constant` in every row
  array,    ///< the unsigned elements of array `first`, plus `constant`, modulo 2^64
  widen,    ///< `first` with its sign
  add,      ///< of `first` and `second`, of the same width as the node; likewise below. Results wrap around
  subtract,
  multiply,
  minimum,
  maximum,
  choose, ///< `first` where `condition` is 1, else `second`
  round,  ///< `first` times `constant` over `divisor` (both above 0), to a whole number; the product fits 64 bits
};
struct NumberNode {
  NumberOp op = NumberOp::constant;
  std::uint8_t width = 8; ///< bytes: 2, 4, 8
  RoundingMode mode{};    ///< round
  std::uint32_t first = 0, second = 0;
  Literal condition{};
  std::int64_t constant = 0, divisor = 1;
};

/// A register that is computed row by row before the program runs.
struct Lane {
  bool is_truth = true;
  std::uint32_t index = 0; ///< the register in its space
  friend constexpr auto operator<=>(const Lane&, const Lane&) = default;
};

struct Program {
  std::vector<Array> arrays;
  std::vector<PlaneNode> planes;
  std::vector<std::uint32_t> operands; ///< codes of literals
  std::vector<NumberNode> numbers;
  std::vector<Lane> lanes;

  std::vector<Literal> out_planes;        ///< parallel to the planes of OutputLayout
  std::vector<std::uint32_t> out_numbers; ///< number nodes of 8 bytes, parallel to the columns of OutputLayout

  [[nodiscard]] Literal operand(const PlaneNode& node, std::uint32_t i) const { return {operands[node.first + i]}; }
};

/// Programs for the same results under different promises about the facts of a block.
enum class Variant : std::uint8_t {
  complete, ///< every fact is known: arrays `known` and `reasons` are not read
  plain,    ///< whatever is not known is not_asked: arrays `reasons` are not read
  reasons,  ///< any facts
};
inline constexpr std::size_t variants = 3;

/// The same as a function of native code: decides one block of `block_rows` rows. `arrays` are parallel to
/// Program::arrays, with whole blocks behind them; plane `p` of the results goes to `planes + p * block_words`, number
/// column `c` to `numbers + c * block_rows`. Pointers are aligned like their elements. Thread-safe.
using BlockFunction = void (*)(const void* const* arrays, std::uint64_t* planes, std::int64_t* numbers);

} // namespace aceso::batch
