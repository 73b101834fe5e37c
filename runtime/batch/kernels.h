/// The kernels, once for each instruction set: the including file defines ACESO_RUN_BLOCK, the name of the function,
/// and ACESO_VECTOR_BYTES. It is compiled for its instruction set, so nothing in here may have external linkage but
/// that function: the linker could take a copy of another file that this machine cannot run.
#include <cstdint>
#include <cstring>

#if defined(__AVX2__)
#include <immintrin.h>
#endif

#include "batch/schedule.h"

namespace aceso::batch {
namespace {

using Word = std::uint64_t;
// Loads and stores of a whole vector, at any multiple of 8 bytes.
// NOLINTNEXTLINE(modernize-use-using)
typedef Word Vector __attribute__((vector_size(ACESO_VECTOR_BYTES), aligned(8), may_alias));
constexpr std::size_t vectors = block_words * sizeof(Word) / sizeof(Vector);

inline const Vector* plane(void* const* table, std::uint32_t place) { return static_cast<const Vector*>(table[place]); }
inline Vector* plane_to(void* const* table, std::uint32_t place) { return static_cast<Vector*>(table[place]); }

template <class Function>
inline void each_vector(void* const* table, const Instruction& i, Function function) {
  Vector* const to = plane_to(table, i.to);
  for (std::size_t k = 0; k < vectors; ++k)
    to[k] = function(k);
}

constexpr unsigned code(ColumnOp op) { return static_cast<unsigned>(op); }
constexpr unsigned shape(unsigned positive, unsigned negative) { return 64 + positive * 8 + negative; }

template <std::size_t positive, std::size_t negative>
inline void conjunction(const Instruction& i, const std::uint32_t* operands, void* const* table) {
  if constexpr (positive + negative < 2 || positive + negative > most_joined) return;
  Vector* const to = plane_to(table, i.to);
  const Vector* from[positive + negative + 1];
  for (std::size_t k = 0; k < positive + negative; ++k)
    from[k] = plane(table, operands[i.first + k]);
  for (std::size_t v = 0; v < vectors; ++v) {
    Vector every = ~Vector{}, any{};
    for (std::size_t k = 0; k < positive; ++k)
      every = k == 0 ? from[k][v] : every & from[k][v];
    for (std::size_t k = positive; k < positive + negative; ++k)
      any = k == positive ? from[k][v] : any | from[k][v];
    to[v] = negative == 0 ? every : positive == 0 ? ~any : every & ~any;
  }
}

/// 64 bytes, each 0 or 1, as the bits of a word.
inline Word packed(const std::uint8_t* bytes) {
#if defined(__AVX512BW__)
  const __m512i x = _mm512_loadu_si512(bytes);
  return _mm512_test_epi8_mask(x, x);
#elif defined(__AVX2__)
  const auto half = [&](const std::uint8_t* at) {
    const __m256i x = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
    return static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_slli_epi16(x, 7)));
  };
  return half(bytes) | Word{half(bytes + 32)} << 32;
#else
  Word result = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    Word eight;
    std::memcpy(&eight, bytes + 8 * i, 8);
    result |= ((eight * 0x0102040810204080u) >> 56) << (8 * i);
  }
  return result;
#endif
}

/// A plane of what `holds(lane)` says, 64 rows at a time.
template <class Holds>
inline void compare(const Instruction& i, void* const* table, Holds holds) {
  Word* const to = static_cast<Word*>(table[i.to]);
  for (std::size_t w = 0; w < block_words; ++w) {
    alignas(64) std::uint8_t bytes[64];
    for (std::size_t k = 0; k < 64; ++k)
      bytes[k] = static_cast<std::uint8_t>(holds(w * 64 + k));
    to[w] = packed(bytes);
  }
}

template <class Element>
inline void compare_elements(const Instruction& i, const std::uint32_t* operands, void* const* table) {
  const auto* const from = static_cast<const Element*>(table[operands[i.first]]);
  const auto constant = static_cast<Element>(i.constant);
#if defined(__AVX512BW__)
  Word* const to = static_cast<Word*>(table[i.to]);
  const bool is_equal = i.op == ColumnOp::equal_to;
  if constexpr (sizeof(Element) == 1) {
    const __m512i c = _mm512_set1_epi8(static_cast<char>(constant));
    for (std::size_t w = 0; w < block_words; ++w) {
      const __m512i x = _mm512_loadu_si512(from + 64 * w);
      to[w] = is_equal ? _mm512_cmpeq_epu8_mask(x, c) : _mm512_cmplt_epu8_mask(x, c);
    }
    return;
  }
  if constexpr (sizeof(Element) == 2) {
    const __m512i c = _mm512_set1_epi16(static_cast<short>(constant));
    for (std::size_t w = 0; w < block_words; ++w) {
      const __m512i x = _mm512_loadu_si512(from + 64 * w), y = _mm512_loadu_si512(from + 64 * w + 32);
      to[w] = is_equal ? _mm512_cmpeq_epu16_mask(x, c) | Word{_mm512_cmpeq_epu16_mask(y, c)} << 32
                       : _mm512_cmplt_epu16_mask(x, c) | Word{_mm512_cmplt_epu16_mask(y, c)} << 32;
    }
    return;
  }
#elif defined(__AVX2__)
  if constexpr (sizeof(Element) == 1) {
    Word* const to = static_cast<Word*>(table[i.to]);
    const bool is_equal = i.op == ColumnOp::equal_to;
    // Below c is the same as: the smaller of it and c - 1 is it; c is not 0.
    const __m256i c = _mm256_set1_epi8(static_cast<char>(is_equal ? constant : constant - 1));
    const auto half = [&](const Element* at) {
      const __m256i x = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
      return static_cast<std::uint32_t>(
          _mm256_movemask_epi8(is_equal ? _mm256_cmpeq_epi8(x, c) : _mm256_cmpeq_epi8(_mm256_min_epu8(x, c), x)));
    };
    for (std::size_t w = 0; w < block_words; ++w)
      to[w] = half(from + 64 * w) | Word{half(from + 64 * w + 32)} << 32;
    return;
  }
#endif
  if (i.op == ColumnOp::equal_to)
    compare(i, table, [&](std::size_t k) { return from[k] == constant; });
  else
    compare(i, table, [&](std::size_t k) { return from[k] < constant; });
}

template <class Number>
inline void compare_numbers(const Instruction& i, const std::uint32_t* operands, void* const* table) {
  const auto* const a = static_cast<const Number*>(table[operands[i.first]]);
  const auto* const b = static_cast<const Number*>(table[operands[i.first + 1]]);
  if (i.op == ColumnOp::numbers_equal)
    compare(i, table, [&](std::size_t k) { return a[k] == b[k]; });
  else
    compare(i, table, [&](std::size_t k) { return a[k] < b[k]; });
}

template <class Number, class From>
inline void convert(const Instruction& i, const std::uint32_t* operands, void* const* table) {
  auto* const __restrict to = static_cast<Number*>(table[i.to]);
  const auto* const __restrict from = static_cast<const From*>(table[operands[i.first]]);
  const auto constant = static_cast<Number>(i.constant);
  for (std::size_t k = 0; k < block_rows; ++k)
    to[k] = static_cast<Number>(static_cast<Word>(from[k]) + static_cast<Word>(constant));
}

/// Two's complement that wraps around: calculated without a sign.
template <class Number, class Unsigned>
inline void arithmetic(const Instruction& i, const std::uint32_t* operands, void* const* table) {
  auto* const __restrict to = static_cast<Number*>(table[i.to]);
  const std::uint32_t* const at = operands + i.first;
  const auto loop = [&](auto operation) {
    const auto* const __restrict a = static_cast<const Number*>(table[at[0]]);
    const auto* const __restrict b = static_cast<const Number*>(table[at[1]]);
    for (std::size_t k = 0; k < block_rows; ++k)
      to[k] = static_cast<Number>(operation(a[k], b[k]));
  };
  const auto choose = [&](Word inverted) {
    const auto* const __restrict a = static_cast<const Number*>(table[at[0]]);
    const auto* const __restrict b = static_cast<const Number*>(table[at[1]]);
    const auto* const __restrict condition = static_cast<const Word*>(table[at[2]]);
    for (std::size_t w = 0; w < block_words; ++w) {
      const Word bits = condition[w] ^ inverted;
      for (std::size_t k = 0; k < 64; ++k)
        to[64 * w + k] = (bits >> k & 1) != 0 ? a[64 * w + k] : b[64 * w + k];
    }
  };
  switch (i.op) {
  case ColumnOp::number_constant:
    for (std::size_t k = 0; k < block_rows; ++k)
      to[k] = static_cast<Number>(i.constant);
    break;
  case ColumnOp::number_array:
    switch (i.from_width) {
    case 1: convert<Number, std::uint8_t>(i, operands, table); break;
    case 2: convert<Number, std::uint16_t>(i, operands, table); break;
    case 4: convert<Number, std::uint32_t>(i, operands, table); break;
    default: convert<Number, std::uint64_t>(i, operands, table);
    }
    break;
  case ColumnOp::number_widen:
    switch (i.from_width) {
    case 2: convert<Number, std::int16_t>(i, operands, table); break;
    case 4: convert<Number, std::int32_t>(i, operands, table); break;
    default: convert<Number, std::int64_t>(i, operands, table);
    }
    break;
  case ColumnOp::number_add:
    loop([](Number a, Number b) { return static_cast<Unsigned>(a) + static_cast<Unsigned>(b); });
    break;
  case ColumnOp::number_subtract:
    loop([](Number a, Number b) { return static_cast<Unsigned>(a) - static_cast<Unsigned>(b); });
    break;
  case ColumnOp::number_multiply:
    loop([](Number a, Number b) { return static_cast<Unsigned>(a) * static_cast<Unsigned>(b); });
    break;
  case ColumnOp::number_minimum: loop([](Number a, Number b) { return a < b ? a : b; }); break;
  case ColumnOp::number_maximum: loop([](Number a, Number b) { return a < b ? b : a; }); break;
  case ColumnOp::number_choose: choose(0); break;
  case ColumnOp::number_invert_choose: choose(~Word{0}); break;
  default: break;
  }
}

} // namespace

void ACESO_RUN_BLOCK(const Instruction* at, const Instruction* end, const std::uint32_t* operands, void* const* table) {
  for (; at != end; ++at) {
    const Instruction& i = *at;
    const std::uint32_t* const o = operands + i.first;
    // One jump for everything: conjunctions by how many planes and how many complements they have.
    switch (i.op == ColumnOp::conjunction ? shape(i.positive, i.negative) : code(i.op)) {
#define ACESO_SHAPE(positive, negative)                                                                                \
  case shape(positive, negative): conjunction<positive, negative>(i, operands, table); break;
      ACESO_SHAPE(0, 2)
      ACESO_SHAPE(0, 3)
      ACESO_SHAPE(0, 4)
      ACESO_SHAPE(0, 5)
      ACESO_SHAPE(1, 1)
      ACESO_SHAPE(1, 2)
      ACESO_SHAPE(1, 3)
      ACESO_SHAPE(1, 4)
      ACESO_SHAPE(2, 0)
      ACESO_SHAPE(2, 1)
      ACESO_SHAPE(2, 2)
      ACESO_SHAPE(2, 3)
      ACESO_SHAPE(3, 0)
      ACESO_SHAPE(3, 1)
      ACESO_SHAPE(3, 2)
      ACESO_SHAPE(4, 0)
      ACESO_SHAPE(4, 1)
      ACESO_SHAPE(5, 0)
#undef ACESO_SHAPE
    case code(ColumnOp::fill): each_vector(table, i, [&](std::size_t) { return Vector{} + i.constant; }); break;
    case code(ColumnOp::copy): {
      const Vector* const a = plane(table, o[0]);
      each_vector(table, i, [&](std::size_t k) { return a[k]; });
      break;
    }
    case code(ColumnOp::invert): {
      const Vector* const a = plane(table, o[0]);
      each_vector(table, i, [&](std::size_t k) { return ~a[k]; });
      break;
    }
    case code(ColumnOp::exclusive_or): {
      const Vector *const a = plane(table, o[0]), *const b = plane(table, o[1]);
      each_vector(table, i, [&](std::size_t k) { return a[k] ^ b[k]; });
      break;
    }
    case code(ColumnOp::choose): {
      const Vector *const c = plane(table, o[0]), *const a = plane(table, o[1]), *const b = plane(table, o[2]);
      each_vector(table, i, [&](std::size_t k) { return (c[k] & a[k]) | (~c[k] & b[k]); });
      break;
    }
    case code(ColumnOp::choose_inverse): {
      const Vector *const c = plane(table, o[0]), *const a = plane(table, o[1]), *const b = plane(table, o[2]);
      each_vector(table, i, [&](std::size_t k) { return (c[k] & a[k]) | ~(c[k] | b[k]); });
      break;
    }
    case code(ColumnOp::equal_to):
    case code(ColumnOp::below):
      switch (i.width) {
      case 1: compare_elements<std::uint8_t>(i, operands, table); break;
      case 2: compare_elements<std::uint16_t>(i, operands, table); break;
      case 4: compare_elements<std::uint32_t>(i, operands, table); break;
      default: compare_elements<std::uint64_t>(i, operands, table);
      }
      break;
    case code(ColumnOp::numbers_equal):
    case code(ColumnOp::numbers_below):
      switch (i.width) {
      case 2: compare_numbers<std::int16_t>(i, operands, table); break;
      case 4: compare_numbers<std::int32_t>(i, operands, table); break;
      default: compare_numbers<std::int64_t>(i, operands, table);
      }
      break;
    case code(ColumnOp::number_round):
      round_numbers(i.mode, static_cast<const std::int64_t*>(table[o[0]]), static_cast<std::int64_t*>(table[i.to]),
                    block_rows, static_cast<std::int64_t>(i.constant), static_cast<std::int64_t>(i.divisor));
      break;
    default:
      switch (i.width) {
      case 2: arithmetic<std::int16_t, std::uint32_t>(i, operands, table); break;
      case 4: arithmetic<std::int32_t, std::uint32_t>(i, operands, table); break;
      default: arithmetic<std::int64_t, std::uint64_t>(i, operands, table);
      }
    }
  }
}

} // namespace aceso::batch
