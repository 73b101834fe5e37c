#pragma once
/// The column VM: a program as instructions over planes and columns of one block that stay in the cache, and the
/// kernels that run them. Internal to runtime/batch.

#include <cstddef>
#include <vector>

#include "batch/batch.h"
#include "batch/program.h"

namespace aceso::batch {

/// Planes that one instruction may join. Each number of them, and of complements among them, has code of its own.
inline constexpr std::size_t most_joined = 5;

enum class ColumnOp : std::uint8_t {
  fill,           ///< a plane: all bits of `constant`
  copy,           ///< a plane
  invert,         ///< a plane
  conjunction,    ///< of `positive` planes, then of the complements of `negative` planes: together at most 5
  exclusive_or,   ///< of two planes
  choose,         ///< of three planes: the second where the first is 1, else the third
  choose_inverse, ///< ... else the complement of the third
  equal_to,       ///< a plane of a column of unsigned elements of `width` bytes: they are `constant`
  below,          ///< they are below it
  numbers_equal,  ///< a plane of two columns of signed elements of `width` bytes
  numbers_below,
  number_constant, ///< a column of signed elements of `width` bytes; likewise below
  number_array,    ///< of unsigned elements of `from_width` bytes, plus `constant`
  number_widen,    ///< of signed elements of `from_width` bytes
  number_add,
  number_subtract,
  number_multiply,
  number_minimum,
  number_maximum,
  number_choose,        ///< of a plane and two columns
  number_invert_choose, ///< the plane is to be taken inverted
  number_round,         ///< `mode`, `constant` over `divisor`
};

/// Operands and results are places in a table of pointers that is made for every block.
struct Instruction {
  ColumnOp op = ColumnOp::fill;
  std::uint8_t width = 0, from_width = 0;
  RoundingMode mode{};
  std::uint32_t to = 0;
  std::uint32_t first = 0; ///< in Schedule::operands
  std::uint8_t positive = 0, negative = 0;
  std::uint64_t constant = 0, divisor = 1;
};

/// The table of pointers: arrays of the program, planes of the results, number columns of the results, scratch.
struct Schedule {
  std::vector<Instruction> instructions;
  std::vector<std::uint32_t> operands;
  std::uint32_t arrays = 0, out_planes = 0, out_numbers = 0;
  std::vector<std::uint32_t> scratch_bytes; ///< of each place of scratch
  [[nodiscard]] std::uint32_t first_plane() const { return arrays; }
  [[nodiscard]] std::uint32_t first_number() const { return arrays + out_planes; }
  [[nodiscard]] std::uint32_t first_scratch() const { return arrays + out_planes + out_numbers; }
  [[nodiscard]] std::size_t places() const { return first_scratch() + scratch_bytes.size(); }
};
[[nodiscard]] Schedule schedule(const Program& program);

/// Runs the instructions for one block.
using RunBlock = void (*)(const Instruction* begin, const Instruction* end, const std::uint32_t* operands,
                          void* const* table);
/// Null where these kernels were not compiled in.
[[nodiscard]] RunBlock kernels_of(Kernels kernels);

/// Shared by all kernels: `count` numbers, each times `numerator` over `divisor`, rounded to a whole number.
void round_numbers(RoundingMode mode, const std::int64_t* from, std::int64_t* to, std::size_t count,
                   std::int64_t numerator, std::int64_t divisor);

} // namespace aceso::batch
