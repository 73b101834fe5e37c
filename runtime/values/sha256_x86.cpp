/// SHA-256 by the SHA extensions of x86 (Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2,
/// SHA256RNDS2, SHA256MSG1, SHA256MSG2). Chosen at run time: the rest of the library asks for no such processor.
#include "values/sha256_blocks.h"

#if defined(__x86_64__) && defined(__GNUC__)

#include <cpuid.h>
#include <immintrin.h>

namespace aceso::sha256_blocks {
namespace {

#define ACESO_WITH_SHA __attribute__((target("sha,sse4.1,ssse3")))

/// Four words of the message as the processor wants them: the first in the lowest lane.
ACESO_WITH_SHA __m128i load_words(const unsigned char* bytes) {
  const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  return _mm_shuffle_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes)), swap);
}

/// The instructions keep the state as the words a b e f and c d g h, from the highest lane to the lowest.
ACESO_WITH_SHA void absorb(State& state, const unsigned char* blocks, std::size_t count) {
  auto* const words = reinterpret_cast<__m128i*>(state.data());
  const __m128i cdab = _mm_shuffle_epi32(_mm_loadu_si128(words), 0xB1);
  const __m128i efgh = _mm_shuffle_epi32(_mm_loadu_si128(words + 1), 0x1B);
  __m128i abef = _mm_alignr_epi8(cdab, efgh, 8), cdgh = _mm_blend_epi16(efgh, cdab, 0xF0);

  for (; count > 0; --count, blocks += block_bytes) {
    const __m128i abef_before = abef, cdgh_before = cdgh;
    __m128i message[4];
    for (std::size_t group = 0; group < 16; ++group) {
      __m128i& next = message[group % 4];
      if (group < 4) {
        next = load_words(blocks + 16 * group);
      } else {
        // The group four before becomes the new one: it gets what it lacks of the three that follow it.
        const __m128i &second = message[(group + 1) % 4], &third = message[(group + 2) % 4],
                      &last = message[(group + 3) % 4];
        next = _mm_sha256msg1_epu32(next, second);
        next = _mm_add_epi32(next, _mm_alignr_epi8(last, third, 4));
        next = _mm_sha256msg2_epu32(next, last);
      }
      const auto* const constants = reinterpret_cast<const __m128i*>(round_constants.data() + 4 * group);
      const __m128i sum = _mm_add_epi32(next, _mm_load_si128(constants));
      cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
      abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0E));
    }
    abef = _mm_add_epi32(abef, abef_before);
    cdgh = _mm_add_epi32(cdgh, cdgh_before);
  }

  const __m128i feba = _mm_shuffle_epi32(abef, 0x1B), dchg = _mm_shuffle_epi32(cdgh, 0xB1);
  _mm_storeu_si128(words, _mm_blend_epi16(feba, dchg, 0xF0));
  _mm_storeu_si128(words + 1, _mm_alignr_epi8(dchg, feba, 8));
}

#undef ACESO_WITH_SHA

} // namespace

Absorb absorb_by_instructions() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (__get_cpuid(1, &a, &b, &c, &d) == 0 || (c & bit_SSE4_1) == 0 || (c & bit_SSSE3) == 0) return nullptr;
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0 || (b & bit_SHA) == 0) return nullptr;
  return absorb;
}

} // namespace aceso::sha256_blocks

#else

namespace aceso::sha256_blocks {
Absorb absorb_by_instructions() { return nullptr; }
} // namespace aceso::sha256_blocks

#endif
