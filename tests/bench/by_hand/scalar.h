#pragma once
/// The flagship as a C++ function written by hand, for complete patients without history, and made-up patients.

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <random>
#include <sstream>
#include <variant>
#include <vector>

#include "aceso/compiler.h"
#include "codegen/codegen.h"
#include "graph/graph.h"
#include "module/module.h"

namespace aceso::bench::scalar {

// ------------------------------------------------------------------ by hand

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
enum Course : std::uint8_t { resolved, improving, persistent, progressive };
enum Phase : std::uint8_t { early, window, failed };
enum Stage : std::uint8_t {
  triage,
  conservative,
  urgent_imaging,
  imaging,
  surgical_opinion,
  decompression,
  handed_over,
  discharged
};
enum Action : std::uint8_t {
  mri,
  mri_contrast,
  ct,
  nsaids,
  activity,
  therapy,
  gradual,
  bed_rest,
  emg,
  referral,
  surgery,
  action_count
};
enum Root : std::uint8_t { no_root, tie, root_4, root_5 };

struct Patient {
  std::array<bool, flags> is{};
  std::uint16_t days = 0;
  std::uint8_t designation = 1, level = 0, region = 0, course = 0, medial_leg = 0, great_toe = 0, knee = 0, ankle = 0,
               toe = 0, patellar = 0, ankle_jerk = 0, pain = 0, disc = 0;
};
struct Advice {
  std::uint8_t status = 0; ///< 0 not advised, 1 advised, 2 conflict
  bool is_for = false;
  Strength strength = Strength::none;
  Urgency urgency = Urgency::none;
};
struct Answer {
  bool refused = false, applies = false;
  std::array<Advice, action_count> advice{};
  std::array<bool, 8> cautions{};
  std::uint8_t stage = 0xff, root = no_root;
};

inline std::uint8_t region_of(std::uint8_t level) {
  return level < 8 ? 0 : level < 20 ? 1 : level < 25 ? 2 : level < 30 ? 3 : 2;
}

inline void speak(Advice& a, bool is_for, Strength strength, Urgency urgency) {
  if (a.status != 0 && a.is_for != is_for) {
    a.status = 2;
    if (is_for) a = {2, true, strength, urgency};
    return;
  }
  a.is_for = is_for;
  a.status = 1;
  a.strength = std::max(a.strength, strength);
  a.urgency = std::max(a.urgency, urgency);
}

inline Answer by_hand(const Patient& p) {
  Answer out;
  if (region_of(p.level) != p.region || (p.designation == 0 && p.level >= 30)) {
    out.refused = true;
    return out;
  }
  const bool cauda = p.is[bladder_or_bowel] || p.is[saddle] || p.is[bilateral_weakness];
  const bool red_flag = cauda || p.is[fever] || p.is[weight_loss] || p.is[cancer] || p.is[rapid_weakness];
  const bool no_mri = p.is[incompatible_device] || p.is[metal];
  const bool symptomatic = p.course == persistent || p.course == progressive;
  const Phase phase = p.days < 28 ? early : p.days < 42 ? window : failed;
  const bool after_care = phase != early && p.course != resolved &&
                          ((symptomatic && (p.is[irritation] || p.is[candidate])) || p.is[uncertain]);
  const bool weak = p.knee < 5 || p.ankle < 5 || p.toe < 5;
  const bool despite_care = weak && p.course == progressive && p.days > 0;
  const bool reflex_down = p.patellar <= 1;

  int four = 3 * (p.knee < 5) + 3 * reflex_down + (p.medial_leg != 0) + (p.pain == 0);
  int five = 3 * (p.ankle < 5 || p.toe < 5) + (p.great_toe == 2) + (p.pain == 1) - reflex_down;
  out.root = four >= 3 && four - five >= 1   ? root_4
             : five >= 3 && five - four >= 1 ? root_5
             : four >= 3 && five >= 3        ? tie
                                             : no_root;
  const bool fits = out.root == root_4 ? p.disc <= 1 : p.disc >= 1;
  out.applies = p.is[suspected];
  if (!out.applies) return out;
  out.cautions = {p.pain <= 1,
                  p.ankle_jerk <= 1,
                  p.is[several_nerves],
                  p.is[transitional],
                  p.is[compression] && !p.is[irritation],
                  (out.root >= root_4) && !fits,
                  despite_care && !red_flag,
                  phase == failed && symptomatic && !(red_flag || after_care)};

  const Action modality = no_mri ? ct : p.is[scar_question] ? mri_contrast : mri;
  auto& a = out.advice;
  if (red_flag) speak(a[modality], true, Strength::strong, Urgency::immediately);
  if (!red_flag && after_care && phase != early)
    speak(a[modality], true, phase == failed ? Strength::strong : Strength::weak, Urgency::routinely);
  if (!red_flag && phase == early)
    for (const Action each : {mri, mri_contrast, ct})
      speak(a[each], false, Strength::strong, Urgency::none);
  if (!red_flag && phase != failed && p.course != resolved) {
    for (const Action each : {nsaids, activity, therapy, gradual})
      speak(a[each], true, Strength::strong, Urgency::none);
    speak(a[bed_rest], false, Strength::strong, Urgency::none);
  }
  if (p.is[uncertain] || p.is[several_nerves]) speak(a[emg], true, Strength::strong, Urgency::none);
  if (phase == failed && p.is[disabling] && symptomatic && p.is[compression])
    speak(a[referral], true, Strength::strong, Urgency::none);
  if (p.is[rapid_weakness] || despite_care) speak(a[referral], true, Strength::strong, Urgency::urgently);
  if (cauda) {
    speak(a[referral], true, Strength::strong, Urgency::immediately);
    speak(a[surgery], true, Strength::strong, Urgency::immediately);
  }

  // Everything happens at one instant, so waits have not ended, and no stage is entered twice.
  if (red_flag) {
    out.stage = cauda ? decompression : p.is[compression] ? surgical_opinion : handed_over;
  } else if (p.course == resolved) {
    out.stage = discharged;
  } else if (phase == failed && after_care) {
    out.stage = p.is[compression] && symptomatic && (p.is[disabling] || despite_care) ? surgical_opinion : imaging;
  } else {
    out.stage = conservative;
  }
  return out;
}

// ------------------------------------------------------------------ patients

inline std::vector<Patient> patients() {
  std::mt19937 random(1);
  const auto below = [&](unsigned count) { return static_cast<std::uint8_t>(random() % count); };
  std::vector<Patient> all(4096);
  for (Patient& p : all) {
    for (bool& each : p.is)
      each = random() % 8 == 0;
    p.is[suspected] = random() % 16 != 0;
    p.days = static_cast<std::uint16_t>(random() % 90);
    p.designation = below(2);
    p.level = static_cast<std::uint8_t>(20 + random() % 5);
    p.region = random() % 64 == 0 ? below(4) : region_of(p.level);
    p.course = below(4);
    p.medial_leg = below(3), p.great_toe = below(3);
    p.knee = static_cast<std::uint8_t>(3 + random() % 3), p.ankle = static_cast<std::uint8_t>(3 + random() % 3);
    p.toe = static_cast<std::uint8_t>(4 + random() % 2);
    p.patellar = below(4), p.ankle_jerk = below(4), p.pain = below(3), p.disc = below(3);
  }
  return all;
}

inline std::string read_file(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

struct Flagship {
  std::shared_ptr<const graph::Graph> graph;
  std::shared_ptr<const Module> module;
  std::array<InputId, flags> flag_inputs;
  std::array<InputId, 14> other_inputs;
};

inline const Flagship& flagship() {
  static const Flagship made = [] {
    Flagship f;
    const Compilation compilation =
        compile_file(ACESO_SOURCE_FOLDER "/guidelines/lumbar_radiculopathy/lumbar_radiculopathy.aceso");
    f.graph = compilation.graph();
    f.module = load_module(std::get<std::string>(codegen::build(*f.graph, nullptr))).module;
    const auto input = [&](std::string_view name) {
      for (std::size_t i = 0; i < f.module->dictionary.inputs.size(); ++i)
        if (f.module->dictionary.inputs[i].name == name) return InputId(i);
      std::fprintf(stderr, "the flagship has no input %s\n", std::string(name).c_str());
      std::exit(1);
    };
    std::size_t i = 0;
    for (const char* name : {"suspected_radiculopathy", "bladder_or_bowel_dysfunction", "saddle_anesthesia",
                             "progressive_bilateral_weakness", "fever", "unexplained_weight_loss", "history_of_cancer",
                             "rapidly_worsening_weakness", "disabling_symptoms", "procedure_candidate",
                             "nerve_root_irritation", "diagnostic_uncertainty", "multiple_nerve_deficits",
                             "mri_incompatible_device", "significant_metallic_artifact", "scar_or_recurrence_question",
                             "imaging_confirms_compression", "transitional_vertebra"})
      f.flag_inputs[i++] = input(name);
    i = 0;
    for (const char* name :
         {"reported_designation", "reported_level", "reported_region", "symptom_course", "medial_leg_sensation",
          "great_toe_sensation", "knee_extension", "ankle_dorsiflexion", "great_toe_extension", "patellar_reflex",
          "ankle_reflex", "pain_pattern", "herniated_disc", "conservative_care_duration"})
      f.other_inputs[i++] = input(name);
    return f;
  }();
  return made;
}

inline std::array<std::uint8_t, 13> choices(const Patient& p) {
  return {p.designation, p.level, p.region,   p.course,     p.medial_leg, p.great_toe, p.knee,
          p.ankle,       p.toe,   p.patellar, p.ankle_jerk, p.pain,       p.disc};
}

/// For each fact: an input and its value.
using Slots = std::vector<std::pair<InputId, Value>>;
inline Slots slots_of(const Patient& p) {
  Slots slots;
  for (std::size_t i = 0; i < flags; ++i)
    slots.emplace_back(flagship().flag_inputs[i], Value(p.is[i]));
  const auto chosen = choices(p);
  for (std::size_t i = 0; i < chosen.size(); ++i)
    slots.emplace_back(flagship().other_inputs[i], Value(Choice{chosen[i]}));
  slots.emplace_back(flagship().other_inputs[13], Value(Rational(p.days)));
  return slots;
}

} // namespace aceso::bench::scalar
