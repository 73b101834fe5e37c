/// Text to checked graph, beside the floor: reading the same bytes once.
#include <fstream>
#include <numeric>
#include <sstream>
#include <string>

#include <benchmark/benchmark.h>

#include "aceso/compiler.h"

namespace {

/// A guideline of `rules` rules over as many inputs, about 330 bytes a rule.
std::string generated(int rules) {
  std::string text = "guideline generated { title \"Generated\" version 0.1.0 }\nsource s \"S\"\n";
  for (int i = 0; i < rules; ++i) {
    const std::string n = std::to_string(i);
    text += "inputs g" + n + " \"Group " + n + "\" { a" + n + " : yes/no \"Is it so?\"  n" + n +
            " : number from 0 to 100 step 1 }\n";
    text += "define d" + n + " = a" + n + " and n" + n + " >= 50\n";
    text += "action x" + n + " \"Action " + n + "\" : test\n";
    text += "rule r" + n + " {\n  when d" + n + " or n" + n + " < 3\n  recommend x" + n +
            " strong routinely\n  because \"It is so.\"\n  cite s at \"Section " + n + "\"\n}\n";
  }
  return text;
}

void read_bytes(benchmark::State& state) {
  const std::string text = generated(static_cast<int>(state.range(0)));
  for (auto _ : state)
    benchmark::DoNotOptimize(std::accumulate(text.begin(), text.end(), 0U));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(read_bytes)->Arg(1000);

void compile_generated(benchmark::State& state) {
  const std::string text = generated(static_cast<int>(state.range(0)));
  for (auto _ : state)
    benchmark::DoNotOptimize(aceso::compile_text(text, "generated.aceso").ok());
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(compile_generated)->Arg(30)->Arg(300)->Arg(3000)->Unit(benchmark::kMillisecond);

} // namespace
