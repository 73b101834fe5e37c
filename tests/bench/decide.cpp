/// The flagship on complete patients: the row VM from slots, a C++ function with the same logic written by hand, and
/// the floor, which is to copy the facts of a patient. Answers are compared before anything is measured.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <random>
#include <sstream>
#include <variant>
#include <vector>

#include <benchmark/benchmark.h>

#include "aceso/compiler.h"
#include "codegen/codegen.h"
#include "explain/decision_text.h"
#include "graph/graph.h"
#include "interpret/engine.h"
#include "interpret/evaluator.h"
#include "reference/engine.h"

namespace {

using namespace aceso;

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

std::uint8_t region_of(std::uint8_t level) {
  return level < 8 ? 0 : level < 20 ? 1 : level < 25 ? 2 : level < 30 ? 3 : 2;
}

void speak(Advice& a, bool is_for, Strength strength, Urgency urgency) {
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

Answer by_hand(const Patient& p) {
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

std::vector<Patient> patients() {
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

std::string read_file(const std::string& path) {
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

const Flagship& flagship() {
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

std::array<std::uint8_t, 13> choices(const Patient& p) {
  return {p.designation, p.level, p.region,   p.course,     p.medial_leg, p.great_toe, p.knee,
          p.ankle,       p.toe,   p.patellar, p.ankle_jerk, p.pain,       p.disc};
}

/// For each fact: an input and its value.
using Slots = std::vector<std::pair<InputId, Value>>;
Slots slots_of(const Patient& p) {
  Slots slots;
  for (std::size_t i = 0; i < flags; ++i)
    slots.emplace_back(flagship().flag_inputs[i], Value(p.is[i]));
  const auto chosen = choices(p);
  for (std::size_t i = 0; i < chosen.size(); ++i)
    slots.emplace_back(flagship().other_inputs[i], Value(Choice{chosen[i]}));
  slots.emplace_back(flagship().other_inputs[13], Value(Rational(p.days)));
  return slots;
}

constexpr ZonedInstant now{{1'795'000'000}, 0};

[[noreturn]] void differs(std::size_t patient, const char* what) {
  std::fprintf(stderr, "patient %zu: the function by hand and the row VM differ in %s\n", patient, what);
  std::exit(1);
}

void compare_all(const std::vector<Patient>& all) {
  interpret::Evaluator evaluator(flagship().module);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Answer answer = by_hand(all[i]);
    evaluator.clear();
    for (const auto& [input, value] : slots_of(all[i]))
      if (!evaluator.set(input, value)) differs(i, "what a value is");
    if (evaluator.evaluate(now) == answer.refused) differs(i, "the constraints");
    if (answer.refused) continue;
    if ((evaluator.applies() == Truth::yes) != answer.applies) differs(i, "applies");
    if (evaluator.stage() != (answer.applies ? std::optional(StageId(std::size_t{answer.stage})) : std::nullopt))
      differs(i, "the stage");
    for (std::size_t k = 0; k < action_count; ++k) {
      const Advice& a = answer.advice[k];
      const interpret::ActionState& b = evaluator.action(ActionId(k));
      const auto status = a.status == 0   ? RecommendationStatus::not_advised
                          : a.status == 1 ? RecommendationStatus::advised
                                          : RecommendationStatus::conflict;
      if (status != b.status || a.strength != b.strength || a.urgency != b.urgency ||
          (b.verb && is_for(*b.verb) != a.is_for))
        differs(i, "an action");
    }
    for (std::size_t k = 0; k < answer.cautions.size(); ++k)
      if ((evaluator.caution(CautionId(k)) == Truth::yes) != answer.cautions[k]) differs(i, "a caution");
  }
}

// ------------------------------------------------------------------ measured

const std::vector<Patient>& compared_patients() {
  static const std::vector<Patient> all = [] {
    auto made = patients();
    compare_all(made);
    return made;
  }();
  return all;
}

void floor_copy(benchmark::State& state) {
  const auto& all = compared_patients();
  std::size_t i = 0;
  Patient copy;
  for (auto _ : state) {
    std::memcpy(&copy, &all[i++ % all.size()], sizeof copy);
    benchmark::DoNotOptimize(copy);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(floor_copy);

void hand_written(benchmark::State& state) {
  const auto& all = compared_patients();
  std::size_t i = 0;
  for (auto _ : state)
    benchmark::DoNotOptimize(by_hand(all[i++ % all.size()]));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(hand_written);

/// 0: only `evaluate`; 1: `clear` and `set` of all 32 facts as well.
void row_vm(benchmark::State& state) {
  std::vector<Slots> all;
  for (const Patient& p : compared_patients())
    all.push_back(slots_of(p));
  std::vector<std::unique_ptr<interpret::Evaluator>> evaluators; // so that patients differ without being set
  const bool sets = state.range(0) == 1;
  for (std::size_t i = 0; i < (sets ? 1 : 64); ++i) {
    evaluators.push_back(std::make_unique<interpret::Evaluator>(flagship().module));
    for (const auto& [input, value] : all[i])
      if (!evaluators.back()->set(input, value)) std::exit(1);
  }
  std::size_t i = 0;
  bool decided = false;
  for (auto _ : state) {
    interpret::Evaluator& evaluator = *evaluators[sets ? 0 : i % 64];
    if (sets) {
      evaluator.clear();
      for (const auto& [input, value] : all[i % all.size()])
        decided |= evaluator.set(input, value);
    }
    ++i;
    decided ^= evaluator.evaluate(now);
    benchmark::DoNotOptimize(decided);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(row_vm)->Arg(0)->Arg(1);

void reference_engine(benchmark::State& state) {
  const auto engine = reference::make_engine(*flagship().graph);
  PatientCase patient_case;
  patient_case.now = now;
  for (const auto& [input, value] : slots_of(compared_patients()[0]))
    patient_case.facts.push_back({input, value, {}});
  for (auto _ : state)
    benchmark::DoNotOptimize(engine->evaluate(patient_case));
}
BENCHMARK(reference_engine);

/// Case JSON to decision JSON; 0 the whole way, 1 reading, 2 evaluating, 3 writing.
void json(benchmark::State& state) {
  const std::string text =
      read_file(ACESO_SOURCE_FOLDER "/guidelines/lumbar_radiculopathy/cases/six-weeks-no-relief.json");
  const auto engine = interpret::make_engine(flagship().module);
  const Dictionary& names = flagship().module->dictionary;
  const PatientCase patient_case = read_case(names, text).patient_case;
  const Decision decision = engine->evaluate(patient_case).decision;
  for (auto _ : state) {
    switch (state.range(0)) {
    case 0:
      benchmark::DoNotOptimize(decision_to_json(names, engine->evaluate(read_case(names, text).patient_case).decision));
      break;
    case 1: benchmark::DoNotOptimize(read_case(names, text)); break;
    case 2: benchmark::DoNotOptimize(engine->evaluate(patient_case)); break;
    default: benchmark::DoNotOptimize(decision_to_json(names, decision));
    }
  }
}
BENCHMARK(json)->DenseRange(0, 3);

void load(benchmark::State& state) {
  const std::string bytes = std::get<std::string>(codegen::build(*flagship().graph, nullptr));
  for (auto _ : state)
    benchmark::DoNotOptimize(load_module(bytes));
}
BENCHMARK(load);

} // namespace
