#pragma once
/// Which of 64 bytes of CSV are delimiters, line ends and quotation marks.

#include <bit>
#include <cstdint>

#include "population/csv_split.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace aceso::population {

/// One bit for each byte of a block.
struct BlockMasks {
  std::uint64_t delimiters = 0, line_ends = 0, quotes = 0;
  [[nodiscard]] std::uint64_t ends() const { return delimiters | line_ends; } ///< of cells
  /// Forgets all but the first `bytes`.
  void cut(std::size_t bytes) {
    if (bytes >= block_bytes) return;
    const std::uint64_t within = (std::uint64_t{1} << bytes) - 1;
    delimiters &= within;
    line_ends &= within;
    quotes &= within;
  }
};

inline BlockMasks masks_of(const char* block, char delimiter) {
  BlockMasks masks;
#ifdef __SSE2__
  const auto bits = [](__m128i found) {
    return static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm_movemask_epi8(found)));
  };
  const __m128i delimiters = _mm_set1_epi8(delimiter), line_ends = _mm_set1_epi8('\n'), quotes = _mm_set1_epi8('"');
  for (unsigned i = 0; i < block_bytes / 16; ++i) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block + 16 * i));
    masks.delimiters |= bits(_mm_cmpeq_epi8(bytes, delimiters)) << (16 * i);
    masks.line_ends |= bits(_mm_cmpeq_epi8(bytes, line_ends)) << (16 * i);
    masks.quotes |= bits(_mm_cmpeq_epi8(bytes, quotes)) << (16 * i);
  }
#else
  for (unsigned i = 0; i < block_bytes; ++i) {
    masks.delimiters |= std::uint64_t{block[i] == delimiter} << i;
    masks.line_ends |= std::uint64_t{block[i] == '\n'} << i;
    masks.quotes |= std::uint64_t{block[i] == '"'} << i;
  }
#endif
  return masks;
}

/// Bit i becomes the parity of bits 0 to i.
constexpr std::uint64_t prefix_parity(std::uint64_t bits) {
  for (unsigned shift = 1; shift < 64; shift *= 2)
    bits ^= bits << shift;
  return bits;
}

} // namespace aceso::population
