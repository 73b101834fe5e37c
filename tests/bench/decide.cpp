/// The flagship on complete patients: the row VM from slots, a C++ function with the same logic written by hand, and
/// the floor, which is to copy the facts of a patient. Answers are compared before anything is measured.
#include <benchmark/benchmark.h>

#include "by_hand/scalar.h"
#include "explain/decision_text.h"
#include "interpret/engine.h"
#include "interpret/evaluator.h"
#include "interpret/registers.h"
#include "lookup/lookup_machine.h"
#include "reference/engine.h"

namespace {

using namespace aceso;
using namespace aceso::bench::scalar;

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

/// Outcomes alone by look-ups, facts set before; 0: complete patients, 1: nobody has asked for fever, 2: complete and
/// by shifts in place of the instruction pext.
void outcomes(benchmark::State& state) {
  const auto finder = lookup::make_finder(flagship().module, state.range(0) != 2).finder;
  if (!finder) std::exit(1);
  interpret::Outcomes found;
  finder->prepare(found);
  std::vector<interpret::Registers> facts; // as they stand in an evaluator
  interpret::Evaluator evaluator(flagship().module);
  for (const Patient& patient : compared_patients()) {
    for (const auto& [input, value] : slots_of(patient))
      if (!evaluator.set(input, value)) std::exit(1);
    if (state.range(0) == 1) evaluator.forget(flagship().flag_inputs[fever]);
    facts.push_back(*evaluator.present_facts());
  }
  std::size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(finder->find(facts[i++ % facts.size()], now.instant.seconds, found));
    benchmark::DoNotOptimize(found);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(outcomes)->DenseRange(0, 2);

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

/// Case JSON to decision JSON with an evaluator and a writer that are kept, as the evaluator of the C interface keeps
/// them; 0 the whole way, 1 reading, 2 deciding, 3 writing.
void json(benchmark::State& state) {
  const std::string text =
      read_file(ACESO_SOURCE_FOLDER "/guidelines/lumbar_radiculopathy/cases/six-weeks-no-relief.json");
  interpret::Evaluator evaluator(flagship().module);
  const Dictionary& names = flagship().module->dictionary;
  DecisionJson writer(names);
  const PatientCase patient_case = read_case(names, text).patient_case;
  const auto decide = [&](const PatientCase& of) -> const Decision& {
    interpret::state(evaluator, of);
    if (!evaluator.evaluate(of.now, of.zone())) std::exit(1);
    return evaluator.decision();
  };
  const Decision decision = decide(patient_case);
  for (auto _ : state) {
    switch (state.range(0)) {
    case 0: benchmark::DoNotOptimize(writer.write(decide(read_case(names, text).patient_case))); break;
    case 1: benchmark::DoNotOptimize(read_case(names, text)); break;
    case 2: benchmark::DoNotOptimize(&decide(patient_case)); break;
    default: benchmark::DoNotOptimize(writer.write(decision));
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
