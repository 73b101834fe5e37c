/// Random guidelines and random cases through all engines: every decision of the reference engine and of the row VM
/// must have the same bytes, those of native code too where it can be made, and every result of the batch engine be
/// that of the row VM, and so must outcomes alone, by look-ups and by native code.
///
///   aceso_differential [--seed N] [--guidelines N] [--cases N] [--native N] [--checked N] [--mutated N]
///     [--seconds S] [--print]
///
/// --native: so many of the guidelines become native code, which takes its time.
/// --checked: so many go through the deep checks and have cases proposed (checks_twin.h), a few seconds each;
/// --mutated: so many of these have their mutants made, which may take minutes.
///
/// Stops at the first difference, prints the guideline, the case and where they part, and exits with 1. Also exits with
/// 1 where most generated guidelines have errors, because then it would test little.

#include <chrono>
#include <cstdlib>
#include <string_view>

#include <fmt/format.h>

#include "aceso/compiler.h"
#include "batch_twin.h"
#include "checks_twin.h"
#include "codegen/codegen.h"
#include "driver/twin_engines.h"
#include "generator.h"
#include "graph/graph.h"
#include "native_twin.h"
#include "outcome_twin.h"

namespace {

struct Options {
  std::uint64_t seed = 1;
  std::size_t guidelines = 300, cases = 20, native = 100, checked = 15, mutated = 0;
  double seconds = 0; ///< 0: no limit
  bool print = false;
};

Options read_options(int count, char** words) {
  Options options;
  for (int i = 1; i < count; ++i) {
    const std::string_view word = words[i];
    const auto number = [&] { return i + 1 < count ? std::strtoull(words[++i], nullptr, 10) : 0; };
    if (word == "--seed")
      options.seed = number();
    else if (word == "--guidelines")
      options.guidelines = number();
    else if (word == "--cases")
      options.cases = number();
    else if (word == "--native")
      options.native = number();
    else if (word == "--checked")
      options.checked = number();
    else if (word == "--mutated")
      options.mutated = number();
    else if (word == "--seconds")
      options.seconds = static_cast<double>(number());
    else if (word == "--print")
      options.print = true;
    else {
      fmt::print(stderr, "unknown option {}\n", word);
      std::exit(2);
    }
  }
  return options;
}

/// What random guidelines hit too seldom: an input of one value that is assumed where it is unknown, beside another.
constexpr std::string_view one_value = R"(guideline one_value { title "One value" version 0.1.0 }
inputs g "G" {
  n0 : number from -5 to 300 "N?"
  n1 : number from 3 to 3 "One?" { unknown assume 3 because "it is always so" }
}
action a "A" : test
action b "B" : test
action c "C" : test
rule r1 { when n0 - n1 > 3 recommend a }
rule r2 { when n0 > n1 recommend b }
rule r3 { when n0 + n1 > 39 or max(n0, n1) = 4 recommend c }
)";

} // namespace

int main(int argument_count, char** arguments) {
  using namespace aceso;
  const Options options = read_options(argument_count, arguments);
  const auto start = std::chrono::steady_clock::now();
  std::size_t refused = 0, too_large = 0, compiled = 0, cases = 0;
  batch::RowCounts rows;
  differential::NativeCounts native;
  differential::NativeBlocks blocks;
  differential::LookupCounts looked_up;
  differential::CheckedCounts checked;
  for (std::size_t i = 0; i < options.guidelines; ++i) {
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (options.seconds > 0 && seconds > options.seconds) break;
    differential::Random random(options.seed + i);
    const std::string text = differential::random_guideline(random);
    const Compilation compilation = compile_text(text, "generated.aceso");
    if (!compilation.ok()) {
      ++refused;
      if (options.print) fmt::print("{}\n{}\n", text, compilation.render_diagnostics());
      continue;
    }
    const graph::Graph& graph = *compilation.graph();
    // What asks for more work than a module may ask for: conditions over time, nested too deep.
    if (const auto built = codegen::build(graph, nullptr); const auto* fault = std::get_if<ModuleFault>(&built))
      if (fault->id == "A0890") {
        ++too_large;
        continue;
      }
    ++compiled;
    driver::TwinEngines engines(graph);
    std::vector<PatientCase> all;
    for (std::size_t k = 0; k < options.cases; ++k, ++cases) {
      const PatientCase& patient_case = all.emplace_back(differential::random_case(graph.dictionary, random));
      const std::string difference = engines.difference(patient_case);
      if (difference.empty()) continue;
      fmt::print("seed {}, case {}: {}\n\n{}\n{}\n", options.seed + i, k, difference, text,
                 write_case(graph.dictionary, patient_case));
      return 1;
    }
    if (checked.guidelines < options.checked)
      if (const auto what =
              differential::check_difference(compilation, text, all, checked.guidelines < options.mutated, checked);
          !what.empty()) {
        fmt::print("seed {}, checks: {}\n\n{}\n", options.seed + i, what, text);
        return 1;
      }
    const auto module = load_module(std::get<std::string>(codegen::build(graph, nullptr))).module;
    if (native.guidelines < options.native && native.unavailable.empty())
      if (const auto what = differential::native_difference(module, all, native); !what.empty()) {
        fmt::print("seed {}, native code: {}\n\n{}\n", options.seed + i, what, text);
        return 1;
      }
    if (const auto what = differential::lookup_difference(module, all, looked_up); !what.empty()) {
      fmt::print("seed {}, look-ups: {}\n\n{}\n", options.seed + i, what, text);
      return 1;
    }
    for (PatientCase& each : all)
      if (random.chance(70)) each.events.clear(); // so that it goes into columns
    const std::string difference = differential::batch_difference(
        module, all, random.chance(50), rows, blocks.guidelines < options.native ? &blocks : nullptr);
    if (!difference.empty()) {
      fmt::print("seed {}, batch: {}\n\n{}\n", options.seed + i, difference, text);
      return 1;
    }
  }
  {
    const Compilation compilation = compile_text(std::string(one_value), "one_value.aceso");
    if (!compilation.ok()) {
      fmt::print("{}", compilation.render_diagnostics());
      return 1;
    }
    const auto module = load_module(std::get<std::string>(codegen::build(*compilation.graph(), nullptr))).module;
    differential::Random random(options.seed);
    std::vector<PatientCase> all;
    for (int k = 0; k < 400; ++k)
      all.push_back(differential::random_case(module->dictionary, random));
    std::string what = differential::lookup_difference(module, all, looked_up);
    if (what.empty() && options.native != 0 && native.unavailable.empty())
      what = differential::native_difference(module, all, native);
    if (what.empty()) what = differential::batch_difference(module, all, true, rows, nullptr);
    if (!what.empty()) {
      fmt::print("one_value: {}\n", what);
      return 1;
    }
  }
  // The guidelines that are delivered as well: more of what they say can be decided as outcomes alone.
  for (const char* name : {"lumbar_radiculopathy", "community_acquired_pneumonia", "hypertension_step_up"}) {
    const Compilation compilation =
        compile_file(fmt::format("{0}/guidelines/{1}/{1}.aceso", ACESO_SOURCE_FOLDER, name));
    if (!compilation.ok()) {
      fmt::print("{}", compilation.render_diagnostics());
      return 1;
    }
    const auto module = load_module(std::get<std::string>(codegen::build(*compilation.graph(), nullptr))).module;
    differential::Random random(options.seed);
    std::vector<PatientCase> all;
    for (std::size_t k = 0; k < 10 * options.cases; ++k) {
      all.push_back(differential::random_case(module->dictionary, random));
      if (random.chance(70)) all.back().events.clear();
    }
    if (const auto what = differential::lookup_difference(module, all, looked_up); !what.empty()) {
      fmt::print("{}, look-ups: {}\n", name, what);
      return 1;
    }
    if (options.native == 0 || !native.unavailable.empty()) continue;
    if (const auto what = differential::native_difference(module, all, native); !what.empty()) {
      fmt::print("{}, native code: {}\n", name, what);
      return 1;
    }
    if (const auto what = differential::batch_difference(module, all, true, rows, &blocks); !what.empty()) {
      fmt::print("{}, batch: {}\n", name, what);
      return 1;
    }
  }
  fmt::print("{} guidelines, {} cases, no difference; {} with errors and {} too large for a module passed over\n",
             compiled, cases, refused, too_large);
  fmt::print("checks: {} guidelines, {} questions, {} proposed cases, {} mutants\n", checked.guidelines,
             checked.questions, checked.proposals, checked.mutants);
  fmt::print("batch: {} rows, {} in columns, {} with lanes, {} by the row engine\n", rows.rows, rows.by_columns,
             rows.with_lanes, rows.by_row);
  fmt::print("look-ups: {} guidelines, {} cases\n", looked_up.guidelines, looked_up.cases);
  if (blocks.unavailable.empty())
    fmt::print("native code for blocks: {} guidelines, {} functions, {} cases\n", blocks.guidelines, blocks.functions,
               blocks.rows);
  if (native.unavailable.empty())
    fmt::print("native code: {} guidelines, {} cases; outcomes alone: {} guidelines, {} cases\n", native.guidelines,
               native.cases, native.decides, native.decided);
  else
    fmt::print("native code: SKIPPED, {}\n", native.unavailable);
  return compiled >= refused ? 0 : 1;
}
