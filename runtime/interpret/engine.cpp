#include "interpret/engine.h"

#include <algorithm>

#include <fmt/format.h>

#include "interpret/evaluator.h"

namespace aceso::interpret {
namespace {

class ModuleEngine final : public Engine {
public:
  ModuleEngine(std::shared_ptr<const Module> module, std::shared_ptr<const NativeCode> code)
      : evaluator_(std::move(module)) {
    if (code) (void)evaluator_.use_native(std::move(code));
  }
  [[nodiscard]] const Dictionary& dictionary() const override { return evaluator_.module().dictionary; }

  [[nodiscard]] EngineAnswer evaluate(const PatientCase& patient_case) override {
    state(evaluator_, patient_case);
    if (!evaluator_.evaluate(patient_case.now, patient_case.zone())) return {to_faults(evaluator_, patient_case), {}};
    return {{}, evaluator_.decision()};
  }

private:
  Evaluator evaluator_;
};

} // namespace

void state(Evaluator& evaluator, const PatientCase& patient_case) {
  evaluator.clear();
  for (const Event& event : patient_case.events) {
    evaluator.add_event(event.at.instant);
    for (const Fact& fact : event.facts)
      if (!evaluator.add_event(event.at.instant, fact.input, fact.value))
        (void)evaluator.add_event(event.at.instant, fact.input, UnknownReason::invalid);
  }
  for (const Fact& fact : patient_case.facts)
    if (!evaluator.set(fact.input, fact.value)) (void)evaluator.set(fact.input, UnknownReason::invalid);
}

std::vector<CaseFault> to_faults(const Evaluator& evaluator, const PatientCase& patient_case) {
  std::vector<CaseFault> faults;
  for (const BrokenConstraint& each : evaluator.broken()) {
    const ConstraintInfo& info = evaluator.module().dictionary.constraints[each.constraint.index()];
    const Fact* broken_by = nullptr;
    const auto look = [&](Instant at, const Fact& fact) {
      if (at <= each.at.instant && std::count(info.inputs.begin(), info.inputs.end(), fact.input)) broken_by = &fact;
    };
    for (const Event& event : patient_case.events)
      for (const Fact& fact : event.facts)
        look(event.at.instant, fact);
    for (const Fact& fact : patient_case.facts)
      look(patient_case.now.instant, fact);
    faults.push_back({"A0790", broken_by == nullptr ? "$" : path_of(evaluator.module().dictionary, *broken_by),
                      fmt::format("{} ({})", each.message, info.name)});
  }
  return faults;
}

std::unique_ptr<Engine> make_engine(std::shared_ptr<const Module> module, std::shared_ptr<const NativeCode> code) {
  return std::make_unique<ModuleEngine>(std::move(module), std::move(code));
}

} // namespace aceso::interpret
