/// Every instruction of the column VM on random planes and columns: each set of kernels that this machine has against a
/// plain loop over rows, which says what the instruction means.
#include <cstring>

#include <gtest/gtest.h>

#include "batch/schedule.h"
#include "differential/generator.h"

namespace aceso::batch {
namespace {

using differential::Random;
using Column = std::vector<std::uint64_t>; ///< a plane, or elements of up to 8 bytes

constexpr std::size_t places = 8;

bool bit(const Column& plane, std::size_t row) { return (plane[row / 64] >> (row % 64) & 1) != 0; }
std::uint64_t raw(const Column& column, unsigned width, std::size_t row) {
  std::uint64_t value = 0;
  std::memcpy(&value, reinterpret_cast<const char*>(column.data()) + row * width, width);
  return value;
}
std::int64_t number(const Column& column, unsigned width, std::size_t row) {
  const std::uint64_t value = raw(column, width, row);
  const unsigned rest = 64 - 8 * width;
  return static_cast<std::int64_t>(value << rest) >> rest;
}

/// The value of one row, by the words at ColumnOp.
std::uint64_t meaning(const Instruction& i, const std::vector<std::uint32_t>& o, const std::vector<Column>& from,
                      std::size_t row) {
  const auto plane = [&](std::size_t k) { return bit(from[o[k]], row); };
  const auto of = [&](std::size_t k) { return number(from[o[k]], i.width, row); };
  const auto bits = [](std::int64_t value) { return static_cast<std::uint64_t>(value); };
  switch (i.op) {
  case ColumnOp::fill: return i.constant >> (row % 64) & 1;
  case ColumnOp::copy: return plane(0);
  case ColumnOp::invert: return !plane(0);
  case ColumnOp::conjunction: {
    bool all = true;
    for (std::size_t k = 0; k < std::size_t{i.positive} + i.negative; ++k)
      all &= plane(k) == (k < i.positive);
    return all;
  }
  case ColumnOp::exclusive_or: return plane(0) != plane(1);
  case ColumnOp::choose: return plane(0) ? plane(1) : plane(2);
  case ColumnOp::choose_inverse: return plane(0) ? plane(1) : !plane(2);
  case ColumnOp::equal_to: return raw(from[o[0]], i.width, row) == i.constant;
  case ColumnOp::below: return raw(from[o[0]], i.width, row) < i.constant;
  case ColumnOp::numbers_equal: return of(0) == of(1);
  case ColumnOp::numbers_below: return of(0) < of(1);
  case ColumnOp::number_constant: return i.constant;
  case ColumnOp::number_array: return raw(from[o[0]], i.from_width, row) + i.constant;
  case ColumnOp::number_widen: return bits(number(from[o[0]], i.from_width, row));
  case ColumnOp::number_add: return bits(of(0)) + bits(of(1));
  case ColumnOp::number_subtract: return bits(of(0)) - bits(of(1));
  case ColumnOp::number_multiply: return bits(of(0)) * bits(of(1));
  case ColumnOp::number_minimum: return bits(std::min(of(0), of(1)));
  case ColumnOp::number_maximum: return bits(std::max(of(0), of(1)));
  case ColumnOp::number_choose: return bits(plane(2) ? of(0) : of(1));
  case ColumnOp::number_invert_choose: return bits(plane(2) ? of(1) : of(0));
  case ColumnOp::number_round: {
    const auto product = static_cast<std::int64_t>(bits(of(0)) * i.constant);
    const auto value = Rational::make(product, static_cast<std::int64_t>(i.divisor));
    return bits(Rational::round(*value, Rational(1), i.mode)->numerator());
  }
  }
  return 0;
}

bool gives_number(ColumnOp op) { return op >= ColumnOp::number_constant; }

TEST(BatchKernels, EverySetDoesWhatTheInstructionsMean) {
  Random random(7);
  for (int round = 0; round < 400; ++round) {
    std::vector<Column> from(places, Column(block_rows));
    for (Column& each : from)
      for (auto& word : each) // small elements too, so that comparisons are met
        word = random.chance(50) ? random.bits() : random.bits() & 0x0303030303030303u;
    Instruction i;
    i.op = static_cast<ColumnOp>(random.below(static_cast<std::size_t>(ColumnOp::number_round) + 1));
    const bool is_of_elements = i.op == ColumnOp::equal_to || i.op == ColumnOp::below;
    i.width = static_cast<std::uint8_t>(1u << (is_of_elements ? random.below(4) : 1 + random.below(3)));
    i.from_width =
        static_cast<std::uint8_t>(1u << (i.op == ColumnOp::number_widen ? 1 + random.below(3) : random.below(4)));
    if (i.op == ColumnOp::number_round) i.width = 8;
    i.positive = static_cast<std::uint8_t>(random.below(most_joined + 1));
    i.negative = static_cast<std::uint8_t>(random.below(most_joined + 1 - i.positive));
    if (i.positive + i.negative < 2) i.positive = 2, i.negative = 1;
    const std::uint64_t all = i.width == 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << (8 * i.width)) - 1;
    i.constant = random.chance(50) ? random.bits() & all : random.below(4);
    if (i.op == ColumnOp::below && i.constant == 0) i.constant = 1; // is never asked
    if (i.op == ColumnOp::fill) i.constant = random.chance(50) ? ~std::uint64_t{0} : 0;
    if (i.op == ColumnOp::number_widen) i.constant = 0;
    i.mode = static_cast<RoundingMode>(random.below(7));
    i.divisor = 1 + random.below(1000);
    if (i.op == ColumnOp::number_round) {
      i.constant = 1 + random.below(1000);
      for (auto& word : from[0])
        word = static_cast<std::uint64_t>(random.between(-1'000'000, 1'000'000));
    }
    std::vector<std::uint32_t> operands;
    for (std::size_t k = 0; k < most_joined; ++k)
      operands.push_back(i.op == ColumnOp::number_round ? 0 : static_cast<std::uint32_t>(random.below(places)));
    i.to = places;
    for (const Kernels kernels : {Kernels::portable, Kernels::avx2, Kernels::avx512}) {
      if (!has(kernels)) continue;
      Column result(block_rows);
      std::vector<void*> table;
      for (Column& each : from)
        table.push_back(each.data());
      table.push_back(result.data());
      kernels_of(kernels)(&i, &i + 1, operands.data(), table.data());
      for (std::size_t row = 0; row < block_rows; ++row) {
        const std::uint64_t wanted = meaning(i, operands, from, row);
        const std::uint64_t got = gives_number(i.op) ? raw(result, i.width, row) : std::uint64_t{bit(result, row)};
        ASSERT_EQ(got, gives_number(i.op) ? wanted & all : wanted)
            << to_text(kernels) << ", instruction " << static_cast<int>(i.op) << ", width " << int{i.width} << ", row "
            << row;
      }
    }
  }
}

} // namespace
} // namespace aceso::batch
