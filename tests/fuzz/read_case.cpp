/// Any bytes as a case file of the flagship: faults or a case; a case is decided, written and read back.
#include <cstdint>
#include <string>
#include <string_view>

#include "aceso/compiler.h"
#include "explain/decision_text.h"
#include "graph/graph.h"
#include "reference/engine.h"

namespace {

const aceso::Compilation& guideline() {
  static const aceso::Compilation compilation = aceso::compile_text(R"(guideline trial { title "Trial" version 0.1.0 }
inputs f "Facts" {
  a : yes/no
  c : one of { red, green }
  t : quantity from 30 Cel to 45 Cel step 0.1 Cel
  d : duration from 0 days to 104 weeks step 1 day fresh for 4 weeks
  n : number from -5 to 5 step 0.5 series
  b : date
}
action x "X" : test
rule r { when a and t >= 38 Cel or c = red and highest n within 2 weeks > 2 recommend x }
define phase : one of { early, late } = bands d {
  below 4 weeks : early
  otherwise     : late
}
pathway p {
  start s
  stage s { after 2 weeks when phase = late go to e }
  stage e final
})",
                                                                    "trial.aceso");
  return compilation;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const aceso::graph::Graph& graph = *guideline().graph();
  const auto read = aceso::read_case(graph.dictionary, std::string_view(reinterpret_cast<const char*>(data), size));
  if (!read.ok()) return 0;
  const auto decided = aceso::reference::evaluate(graph, read.patient_case);
  const std::string json = aceso::decision_to_json(graph.dictionary, decided.decision);
  (void)aceso::decision_to_text(graph.dictionary, decided.decision);
  const auto again = aceso::read_case(graph.dictionary, aceso::write_case(graph.dictionary, read.patient_case));
  if (!again.ok()) __builtin_trap();
  if (aceso::decision_to_json(graph.dictionary, aceso::reference::evaluate(graph, again.patient_case).decision) != json)
    __builtin_trap();
  return 0;
}
