/// Text to checked graph, beside the floor: reading the same bytes once.
#include <numeric>
#include <string>

#include <benchmark/benchmark.h>

#include "aceso/compiler.h"
#include "generated_guideline.h"

namespace {

using aceso::bench::generated_guideline;

void read_bytes(benchmark::State& state) {
  const std::string text = generated_guideline(static_cast<int>(state.range(0)));
  for (auto _ : state)
    benchmark::DoNotOptimize(std::accumulate(text.begin(), text.end(), 0U));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(read_bytes)->Arg(1000);

void compile_generated(benchmark::State& state) {
  const std::string text = generated_guideline(static_cast<int>(state.range(0)));
  for (auto _ : state)
    benchmark::DoNotOptimize(aceso::compile_text(text, "generated.aceso").ok());
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(compile_generated)->Arg(30)->Arg(300)->Arg(3000)->Unit(benchmark::kMillisecond);

} // namespace
