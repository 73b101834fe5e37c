#include "interpret/engine.h"

#include <algorithm>

#include <fmt/format.h>

#include "interpret/evaluator.h"

namespace aceso::interpret {
namespace {

class ModuleEngine final : public Engine {
public:
  explicit ModuleEngine(std::shared_ptr<const Module> module) : evaluator_(std::move(module)) {}
  [[nodiscard]] const Dictionary& dictionary() const override { return evaluator_.module().dictionary; }

  [[nodiscard]] EngineAnswer evaluate(const PatientCase& patient_case) override {
    evaluator_.clear();
    for (const Event& event : patient_case.events) {
      evaluator_.add_event(event.at.instant);
      for (const Fact& fact : event.facts)
        if (!evaluator_.add_event(event.at.instant, fact.input, fact.value))
          (void)evaluator_.add_event(event.at.instant, fact.input, UnknownReason::invalid);
    }
    for (const Fact& fact : patient_case.facts)
      if (!evaluator_.set(fact.input, fact.value)) (void)evaluator_.set(fact.input, UnknownReason::invalid);
    if (!evaluator_.evaluate(patient_case.now, patient_case.zone())) return {to_faults(patient_case), {}};
    return {{}, evaluator_.decision()};
  }

private:
  /// With the path of the last fact involved.
  [[nodiscard]] std::vector<CaseFault> to_faults(const PatientCase& patient_case) const {
    std::vector<CaseFault> faults;
    for (const BrokenConstraint& each : evaluator_.broken()) {
      const ConstraintInfo& info = dictionary().constraints[each.constraint.index()];
      std::string path = "$";
      const auto look = [&](Instant at, const Fact& fact) {
        if (at <= each.at.instant && std::count(info.inputs.begin(), info.inputs.end(), fact.input)) path = fact.path;
      };
      for (const Event& event : patient_case.events)
        for (const Fact& fact : event.facts)
          look(event.at.instant, fact);
      for (const Fact& fact : patient_case.facts)
        look(patient_case.now.instant, fact);
      faults.push_back({"A0790", path.empty() ? "$" : path, fmt::format("{} ({})", each.message, info.name)});
    }
    return faults;
  }

  Evaluator evaluator_;
};

} // namespace

std::unique_ptr<Engine> make_engine(std::shared_ptr<const Module> module) {
  return std::make_unique<ModuleEngine>(std::move(module));
}

} // namespace aceso::interpret
