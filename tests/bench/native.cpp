/// Native code: one patient against the function written by hand, and what compiling takes. Every answer is compared
/// before time is taken; the floor is copying the facts.
#include <chrono>
#include <cstring>

#include <benchmark/benchmark.h>

#include "by_hand/scalar.h"
#include "generated_guideline.h"
#include "interpret/evaluator.h"
#include "jit/facts_layout.h"
#include "jit/jit.h"

namespace {

using namespace aceso;
using namespace aceso::bench::scalar;

constexpr ZonedInstant now{{1'795'000'000}, 0};

[[noreturn]] void stop(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(1);
}

const NativeCode& code() {
  static const std::shared_ptr<const NativeCode> made = [] {
    const jit::Made result = jit::compile(*flagship().module);
    if (!result.ok()) stop(result.fault->message);
    if (!result.code->functions.decide) stop(result.code->why_no_decide);
    return result.code;
  }();
  return *made;
}

/// As the struct of the generated header would have it.
struct alignas(16) Facts {
  std::array<std::uint8_t, 64> bytes{};
};

Facts facts_of(const Patient& p, bool is_open) {
  const jit::FactsLayout layout = jit::facts_layout(*flagship().module);
  Facts facts;
  if (layout.bytes > facts.bytes.size()) stop("the facts have grown");
  for (std::size_t i = 0; i < flags; ++i)
    facts.bytes[layout.fields[flagship().flag_inputs[i].index()].state] = p.is[i] ? bytecode::yes : bytecode::no;
  const auto chosen = choices(p);
  const auto put = [&](InputId input, std::uint64_t value) {
    const jit::FactField& field = layout.fields[input.index()];
    facts.bytes[field.state] = bytecode::known;
    std::memcpy(facts.bytes.data() + field.value, &value, field.bytes);
  };
  for (std::size_t i = 0; i < chosen.size(); ++i)
    put(flagship().other_inputs[i], chosen[i]);
  put(flagship().other_inputs[13], p.days);
  if (is_open) facts.bytes[layout.fields[flagship().flag_inputs[fever].index()].state] = 0;
  return facts;
}

struct Result {
  std::array<NativeOutcome, action_count> outcomes;
  std::array<std::uint8_t, 8> cautions;
  std::uint32_t root;
  NativeSummary summary;
};

bool decide(const Facts& facts, Result& result) {
  alignas(16) std::array<std::uint64_t, 2> scratch;
  return code().functions.decide(facts.bytes.data(), now.instant.seconds, result.outcomes.data(),
                                 result.cautions.data(), &result.root, &result.summary, scratch.data()) != 0;
}

void compare(const std::vector<Patient>& all) {
  if (code().scratch_bytes > 16) stop("the scratch has grown");
  for (const Patient& p : all) {
    const Answer wanted = by_hand(p);
    Result got{};
    if (decide(facts_of(p, false), got) != wanted.refused) stop("the constraints differ");
    if (wanted.refused) continue;
    if ((got.summary.applies == 2) != wanted.applies) stop("applies differs");
    if (wanted.applies && got.summary.stage != wanted.stage) stop("the stage differs");
    const std::uint32_t root = got.root & 0xff;
    const int in_words = root == 0 ? root_4 + static_cast<int>(got.root >> 8) : root == 2 ? int{tie} : int{no_root};
    if (in_words != wanted.root) stop("the root differs");
    for (std::size_t i = 0; i < action_count; ++i) {
      const Advice& a = wanted.advice[i];
      const NativeOutcome& b = got.outcomes[i];
      const int status = a.status == 0 ? 1 : a.status == 1 ? 0 : 2;
      if (b.status != status || b.strength != static_cast<int>(a.strength) || b.urgency != static_cast<int>(a.urgency))
        stop("an action differs");
      if (b.verb != 0 && is_for(static_cast<Verb>(b.verb - 1)) != a.is_for) stop("a side differs");
    }
    for (std::size_t i = 0; i < wanted.cautions.size(); ++i)
      if ((got.cautions[i] == 2) != wanted.cautions[i]) stop("a caution differs");
  }
}

const std::vector<Patient>& compared() {
  static const std::vector<Patient> all = [] {
    auto made = patients();
    compare(made);
    return made;
  }();
  return all;
}

void floor_copy(benchmark::State& state) {
  std::vector<Facts> all;
  for (const Patient& p : compared())
    all.push_back(facts_of(p, false));
  std::size_t i = 0;
  for (auto _ : state) {
    Facts copy = all[i++ % all.size()];
    benchmark::DoNotOptimize(copy);
  }
}
BENCHMARK(floor_copy);

void hand_written(benchmark::State& state) {
  const auto& all = compared();
  std::size_t i = 0;
  for (auto _ : state)
    benchmark::DoNotOptimize(by_hand(all[i++ % all.size()]));
}
BENCHMARK(hand_written);

/// 0: complete patients; 1: nobody has asked for fever.
void native_outcomes(benchmark::State& state) {
  std::vector<Facts> all;
  for (const Patient& p : compared())
    all.push_back(facts_of(p, state.range(0) == 1));
  std::size_t i = 0;
  Result result{};
  for (auto _ : state) {
    benchmark::DoNotOptimize(decide(all[i++ % all.size()], result));
    benchmark::DoNotOptimize(result);
  }
}
BENCHMARK(native_outcomes)->Arg(0)->Arg(1);

/// The evaluator, facts set before; 0: the row machine, 1: native code.
void evaluator(benchmark::State& state) {
  std::vector<std::unique_ptr<interpret::Evaluator>> all;
  jit::Options options;
  options.decide = false;
  const auto made = jit::compile(*flagship().module, options);
  for (std::size_t i = 0; i < 64; ++i) {
    all.push_back(std::make_unique<interpret::Evaluator>(flagship().module));
    if (state.range(0) == 1 && !all.back()->use_native(made.code)) stop("the code is not taken");
    for (const auto& [input, value] : slots_of(compared()[i]))
      if (!all.back()->set(input, value)) stop("a fact is not taken");
  }
  std::size_t i = 0;
  for (auto _ : state)
    benchmark::DoNotOptimize(all[i++ % 64]->evaluate(now));
}
BENCHMARK(evaluator)->Arg(0)->Arg(1);

/// Each compilation makes everything anew: the code of the one before it is gone from memory.
void compile_flagship(benchmark::State& state) {
  jit::Options options;
  options.evaluator = state.range(0) != 0;
  options.decide = state.range(0) != 1;
  for (auto _ : state) {
    const jit::Made made = jit::compile(*flagship().module, options);
    if (!made.ok()) stop(made.fault->message);
    if (options.evaluator != options.decide && made.origin != jit::Origin::compiled) stop("it was not compiled");
  }
}
BENCHMARK(compile_flagship)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

/// The curve: rules; 0: the function for outcomes alone, 1: the parts of an evaluator.
void compile_rules(benchmark::State& state) {
  const Compilation compilation =
      compile_text(aceso::bench::generated_guideline(static_cast<int>(state.range(0))), "generated.aceso");
  const auto module = load_module(std::get<std::string>(codegen::build(*compilation.graph(), nullptr))).module;
  jit::Options options;
  options.evaluator = state.range(1) != 0;
  options.decide = state.range(1) == 0;
  for (auto _ : state) {
    const jit::Made made = jit::compile(*module, options);
    if (!made.ok()) stop(made.fault->message);
    if (made.origin != jit::Origin::compiled) stop("it was not compiled");
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(compile_rules)->ArgsProduct({{100, 1'000, 10'000}, {0, 1}})->Unit(benchmark::kMillisecond)->Iterations(1);

} // namespace
