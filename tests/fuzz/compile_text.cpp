/// Any bytes as a guideline: the compiler answers with a graph or with diagnostics, and what it accepts it can run.
#include <cstdint>
#include <optional>
#include <string>

#include "aceso/compiler.h"
#include "graph/graph.h"
#include "reference/engine.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  aceso::CompileOptions options; // modules and value sets are not looked for on the disk
  options.read_file = [](const std::string&) { return std::optional<std::string>(); };
  const aceso::Compilation compilation = aceso::compile_text(text, "fuzz.aceso", options);
  (void)compilation.render_diagnostics();
  if (!compilation.ok()) return 0;
  const aceso::graph::Graph& graph = *compilation.graph();
  if (!aceso::graph::verify(graph).empty()) __builtin_trap();
  aceso::PatientCase nobody;
  (void)aceso::reference::evaluate(graph, nobody);
  for (const auto& test : graph.cases)
    for (std::size_t step = 0; step < test.steps.size(); ++step)
      (void)aceso::reference::evaluate(graph, aceso::reference::case_at_step(test, step));
  return 0;
}
