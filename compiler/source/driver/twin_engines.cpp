#include "driver/twin_engines.h"

#include <algorithm>

#include <fmt/format.h>

#include "codegen/codegen.h"
#include "explain/decision_text.h"
#include "interpret/engine.h"
#include "reference/engine.h"

namespace aceso::driver {
namespace {

std::string answer_text(Engine& engine, const PatientCase& patient_case) {
  const EngineAnswer answer = engine.evaluate(patient_case);
  if (answer.ok()) return decision_to_json(engine.dictionary(), answer.decision);
  std::string text;
  for (const CaseFault& fault : answer.faults)
    text += fmt::format("{} {} {}\n", fault.id, fault.path, fault.message);
  return text;
}

std::string_view line_at(std::string_view text, std::size_t position) {
  position = std::min(position, text.size());
  const std::size_t begin = position == 0 ? 0 : text.rfind('\n', position - 1) + 1;
  return text.substr(begin, text.find('\n', position) - begin);
}

} // namespace

TwinEngines::TwinEngines(const graph::Graph& graph) : reference_(reference::make_engine(graph)) {
  const auto built = codegen::build(graph, nullptr);
  if (const auto* fault = std::get_if<ModuleFault>(&built))
    fault_ = fmt::format("no module can be made of it: {}: {}", fault->id, fault->message);
  else
    machine_ = interpret::make_engine(load_module(std::get<std::string>(built)).module);
}

std::string TwinEngines::difference(const PatientCase& patient_case) {
  if (!machine_) return fault_;
  const std::string expected = answer_text(*reference_, patient_case), got = answer_text(*machine_, patient_case);
  if (expected == got) return {};
  const auto at = std::mismatch(expected.begin(), expected.end(), got.begin(), got.end()).first - expected.begin();
  const auto place = static_cast<std::size_t>(at);
  return fmt::format("reference: {}; row VM: {}", line_at(expected, place), line_at(got, place));
}

} // namespace aceso::driver
