#pragma once
/// Which of 64 bytes of CSV are delimiters, line ends and quotation marks.

#include <cstddef>
#include <cstdint>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace aceso::population {

/// A splitter reads in blocks of so many bytes: behind the text there are as many that can be read.
inline constexpr std::size_t block_bytes = 64;

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

/// Which bytes stand inside of quotation marks, block after block of a text that begins with a record. A mark opens
/// only where a cell begins; any other belongs to the text, so that no line end is lost to a mark that is astray.
class QuoteState {
public:
  /// Of the next block: from a mark that opens to the byte before the one that closes.
  std::uint64_t inside(const BlockMasks& masks) {
    std::uint64_t quotes = masks.quotes, inside = inside_;
    if (quotes != 0) {
      const std::uint64_t begins = masks.ends() << 1 | std::uint64_t{begins_cell_};
      while (true) {
        inside = prefix_parity(quotes) ^ inside_;
        // One behind a mark that closes is the second of two that stand for one.
        const std::uint64_t astray = quotes & inside & ~(begins | quotes << 1 | std::uint64_t{follows_quote_});
        if (astray == 0) break;
        quotes ^= astray & (~astray + 1); // the first; what follows is seen anew without it
      }
      inside_ = static_cast<std::uint64_t>(static_cast<std::int64_t>(inside) >> 63);
    }
    begins_cell_ = masks.ends() >> 63 != 0;
    follows_quote_ = quotes >> 63 != 0;
    return inside;
  }

private:
  std::uint64_t inside_ = 0; ///< all ones where the block before ended inside
  bool begins_cell_ = true, follows_quote_ = false;
};

} // namespace aceso::population
