/// The flagship's logic, bit by bit, by the same reading of its rules as tests/bench/decide.cpp. Included once for each
/// instruction set, under the name ACESO_BY_HAND
/// and with vectors of ACESO_WIDE bytes.
#include <immintrin.h>

#include "by_hand/flagship.h"

namespace aceso::bench {
namespace {

// NOLINTNEXTLINE(modernize-use-using)
typedef std::uint64_t Wide __attribute__((vector_size(ACESO_WIDE), aligned(8), may_alias));

constexpr std::size_t words = ACESO_WIDE / 8;

#if defined(__AVX512BW__)
inline Wide equal_to(const std::uint8_t* at, int c) {
  Wide result;
  for (std::size_t w = 0; w < words; ++w)
    result[w] = _mm512_cmpeq_epu8_mask(_mm512_loadu_si512(at + 64 * w), _mm512_set1_epi8(static_cast<char>(c)));
  return result;
}
inline Wide less_than(const std::uint8_t* at, int c) {
  Wide result;
  for (std::size_t w = 0; w < words; ++w)
    result[w] = _mm512_cmplt_epu8_mask(_mm512_loadu_si512(at + 64 * w), _mm512_set1_epi8(static_cast<char>(c)));
  return result;
}
inline Wide care_less_than(const std::uint16_t* at, int c) {
  Wide result;
  const __m512i wanted = _mm512_set1_epi16(static_cast<short>(c));
  for (std::size_t w = 0; w < words; ++w)
    result[w] = _mm512_cmplt_epu16_mask(_mm512_loadu_si512(at + 64 * w), wanted) |
                std::uint64_t{_mm512_cmplt_epu16_mask(_mm512_loadu_si512(at + 64 * w + 32), wanted)} << 32;
  return result;
}
#else
inline __m256i loaded(const void* at) { return _mm256_loadu_si256(static_cast<const __m256i*>(at)); }
inline std::uint64_t bits(__m256i low, __m256i high) {
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(low)) |
         std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(high))} << 32;
}
inline Wide equal_to(const std::uint8_t* at, int c) {
  Wide result;
  const __m256i wanted = _mm256_set1_epi8(static_cast<char>(c));
  for (std::size_t w = 0; w < words; ++w)
    result[w] =
        bits(_mm256_cmpeq_epi8(loaded(at + 64 * w), wanted), _mm256_cmpeq_epi8(loaded(at + 64 * w + 32), wanted));
  return result;
}
inline Wide less_than(const std::uint8_t* at, int c) {
  Wide result;
  const __m256i most = _mm256_set1_epi8(static_cast<char>(c - 1));
  const auto is_less = [&](const void* from) {
    return _mm256_cmpeq_epi8(_mm256_min_epu8(loaded(from), most), loaded(from));
  };
  for (std::size_t w = 0; w < words; ++w)
    result[w] = bits(is_less(at + 64 * w), is_less(at + 64 * w + 32));
  return result;
}
inline Wide care_less_than(const std::uint16_t* at, int c) { // lengths of care are below 32,768
  Wide result;
  const __m256i wanted = _mm256_set1_epi16(static_cast<short>(c));
  const auto is_less = [&](const std::uint16_t* from) {
    return _mm256_permute4x64_epi64(
        _mm256_packs_epi16(_mm256_cmpgt_epi16(wanted, loaded(from)), _mm256_cmpgt_epi16(wanted, loaded(from + 16))),
        0xd8);
  };
  for (std::size_t w = 0; w < words; ++w)
    result[w] = bits(is_less(at + 64 * w), is_less(at + 64 * w + 32));
  return result;
}
#endif

void decide(const FlagshipColumns& columns, std::size_t row, Plane* out, std::size_t part) {
  const auto equal = [&](unsigned column, int c) { return equal_to(columns.choice[column] + row, c); };
  const auto below = [&](unsigned column, int c) { return less_than(columns.choice[column] + row, c); };
  const auto care_below = [&](int c) { return care_less_than(columns.care + row, c); };
  const auto is = [&](unsigned flag) { return *reinterpret_cast<const Wide*>(columns.is[flag] + row / 64); };
  const auto put = [&](unsigned which, Wide plane) { *reinterpret_cast<Wide*>(out[which] + part) = plane; };
  const Wide l8 = below(level, 8), l20 = below(level, 20), l25 = below(level, 25), l30 = below(level, 30);
  const Wide second = (l25 & ~l20) | ~l30, third = l30 & ~l25;
  const Wide fits = (l8 & equal(region, 0)) | (l20 & ~l8 & equal(region, 1)) | (second & equal(region, 2)) |
                    (third & equal(region, 3));
  put(refused, ~fits | (equal(designation, 0) & ~l30));
  const Wide here = is(suspected);
  put(applies, here);

  const Wide cauda = is(bladder_or_bowel) | is(saddle) | is(bilateral_weakness);
  const Wide red = cauda | is(fever) | is(weight_loss) | is(cancer) | is(rapid_weakness);
  const Wide no_mri = is(incompatible_device) | is(metal);
  const Wide resolved = equal(course, 0), progressive = equal(course, 3), symptomatic = equal(course, 2) | progressive;
  const Wide early = care_below(28), failed = ~care_below(42);
  const Wide after_care = ~early & ~resolved & ((symptomatic & (is(irritation) | is(candidate))) | is(uncertain));
  const Wide knee_weak = below(knee, 5), foot_weak = below(ankle, 5) | below(toe, 5);
  const Wide despite = (knee_weak | foot_weak) & progressive & ~care_below(1);
  const Wide reflex = below(patellar, 2), pain_0 = equal(pain, 0), pain_1 = equal(pain, 1);

  // Scores of the roots in binary: 3a + 3b + c + d and 3a + b + c - d.
  const auto add = [](Wide(&sum)[4], Wide one, unsigned from) {
    for (unsigned i = from; i < 4; ++i) {
      const Wide carry = sum[i] & one;
      sum[i] ^= one;
      one = carry;
    }
  };
  const auto add_three = [&](Wide(&sum)[4], Wide one) { add(sum, one, 0), add(sum, one, 1); };
  Wide four[4] = {}, five[4] = {}; // the second plus one, so that it is not below zero
  add_three(four, knee_weak), add_three(four, reflex);
  add(four, ~equal(medial_leg, 0), 0), add(four, pain_0, 0);
  add_three(five, foot_weak);
  add(five, equal(great_toe, 2), 0), add(five, pain_1, 0), add(five, ~reflex, 0);
  const Wide four_is_enough = four[3] | four[2] | (four[1] & four[0]);
  const Wide five_is_enough = five[3] | five[2];
  Wide above = {}, below_it = {}; // four against five - 1: compare four + 1 with five
  Wide four_1[4] = {four[0], four[1], four[2], four[3]};
  add(four_1, ~Wide{}, 0);
  for (unsigned i = 0; i < 4; ++i) {
    const Wide differ = four_1[i] ^ five[i];
    above = (differ & four_1[i]) | (~differ & above);
    below_it = (differ & five[i]) | (~differ & below_it);
  }
  const Wide is_4 = four_is_enough & above, is_5 = five_is_enough & below_it;
  put(root_4, is_4), put(root_5, is_5);
  put(tie, ~is_4 & ~is_5 & four_is_enough & five_is_enough);
  const Wide disc_0 = equal(disc, 0), disc_1 = equal(disc, 1), disc_2 = equal(disc, 2);
  const Wide misfit = (is_4 & ~(disc_0 | disc_1)) | (is_5 & ~(disc_1 | disc_2));

  put(cautions + 0, here & (pain_0 | pain_1));
  put(cautions + 1, here & below(ankle_jerk, 2));
  put(cautions + 2, here & is(several_nerves));
  put(cautions + 3, here & is(transitional));
  put(cautions + 4, here & is(compression) & ~is(irritation));
  put(cautions + 5, here & misfit);
  put(cautions + 6, here & despite & ~red);
  put(cautions + 7, here & failed & symptomatic & ~(red | after_care));

  const Wide window = here & ~red & after_care & ~failed, late = here & ~red & after_care & failed;
  const Wide modality[3] = {~no_mri & ~is(scar_question), ~no_mri & is(scar_question), no_mri};
  const Wide now = here & red;
  for (unsigned i = 0; i < 3; ++i) {
    put(for_imaging + i, modality[i] & (now | window | late));
    put(weakly + i, modality[i] & window);
    put(at_once + i, modality[i] & now);
  }
  put(against_imaging, here & ~red & early);
  put(conservative_care, here & ~red & ~failed & ~resolved);
  put(electromyography, here & (is(uncertain) | is(several_nerves)));
  const Wide urgent = is(rapid_weakness) | despite;
  put(referral, here & ((failed & is(disabling) & symptomatic & is(compression)) | urgent | cauda));
  put(referral_urgent, here & urgent & ~cauda);
  put(referral_now, here & cauda);
  put(surgery, here & cauda);

  const Wide ready = is(compression) & symptomatic & (is(disabling) | despite);
  const Wide ongoing = here & ~red & ~resolved, imaged = ongoing & failed & after_care;
  put(stages + 0, Wide{}), put(stages + 2, Wide{});
  put(stages + 5, here & cauda);
  put(stages + 4, (now & ~cauda & is(compression)) | (imaged & ready));
  put(stages + 6, now & ~cauda & ~is(compression));
  put(stages + 7, here & ~red & resolved);
  put(stages + 3, imaged & ~ready);
  put(stages + 1, ongoing & ~imaged);
}

} // namespace

void ACESO_BY_HAND(const FlagshipColumns& columns, std::size_t block, Plane* out) {
  for (std::size_t part = 0; part < batch::block_words; part += words)
    decide(columns, (block * batch::block_words + part) * 64, out, part);
}

} // namespace aceso::bench
