#pragma once
/// The columns that the flagship reads, and its logic over them written by hand: what the batch engine is measured
/// against. The kernels are bit-sliced: 256 or 512 rows at a time, everything between the columns and the results in
/// registers.
#include <array>
#include <cstddef>
#include <cstdint>

#include "batch/program.h"

namespace aceso::bench {

enum Flag : std::uint8_t {
  suspected,
  bladder_or_bowel,
  saddle,
  bilateral_weakness,
  fever,
  weight_loss,
  cancer,
  rapid_weakness,
  disabling,
  candidate,
  irritation,
  uncertain,
  several_nerves,
  incompatible_device,
  metal,
  scar_question,
  compression,
  transitional,
  flags
};
constexpr std::array<const char*, flags> flag_names = {"suspected_radiculopathy",
                                                       "bladder_or_bowel_dysfunction",
                                                       "saddle_anesthesia",
                                                       "progressive_bilateral_weakness",
                                                       "fever",
                                                       "unexplained_weight_loss",
                                                       "history_of_cancer",
                                                       "rapidly_worsening_weakness",
                                                       "disabling_symptoms",
                                                       "procedure_candidate",
                                                       "nerve_root_irritation",
                                                       "diagnostic_uncertainty",
                                                       "multiple_nerve_deficits",
                                                       "mri_incompatible_device",
                                                       "significant_metallic_artifact",
                                                       "scar_or_recurrence_question",
                                                       "imaging_confirms_compression",
                                                       "transitional_vertebra"};

enum Choices : std::uint8_t {
  designation,
  level,
  region,
  course,
  medial_leg,
  great_toe,
  knee,
  ankle,
  toe,
  patellar,
  ankle_jerk,
  pain,
  disc,
  days,
  choices
};
constexpr std::array<const char*, choices> choice_names = {"reported_designation", "reported_level",
                                                           "reported_region",      "symptom_course",
                                                           "medial_leg_sensation", "great_toe_sensation",
                                                           "knee_extension",       "ankle_dorsiflexion",
                                                           "great_toe_extension",  "patellar_reflex",
                                                           "ankle_reflex",         "pain_pattern",
                                                           "herniated_disc",       "conservative_care_duration"};

struct FlagshipColumns {
  std::array<const std::uint64_t*, flags> is{};
  std::array<const std::uint8_t*, days> choice{};
  const std::uint16_t* care = nullptr; ///< days
};

enum Found : std::uint8_t {
  refused,
  applies,
  for_imaging, ///< for each of MRI, MRI with contrast, CT: recommended; weakly; at once; each three planes further on
  weakly = for_imaging + 3,
  at_once = weakly + 3,
  against_imaging = at_once + 3,
  conservative_care,
  electromyography,
  referral,
  referral_now,
  referral_urgent,
  surgery,
  cautions,
  root_4 = cautions + 8,
  root_5,
  tie,
  stages,
  found = stages + 8
};
using Plane = std::uint64_t[batch::block_words];

/// Decides one block of complete patients: `out` has `found` planes. For machines with AVX2; with AVX-512 F and BW.
void by_hand_avx2(const FlagshipColumns& columns, std::size_t block, Plane* out);
void by_hand_avx512(const FlagshipColumns& columns, std::size_t block, Plane* out);

} // namespace aceso::bench
