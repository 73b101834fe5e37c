#pragma once
/// What an application, and everything that explains decisions, needs of an engine; every engine implements it.

#include <vector>

#include "module/decision.h"
#include "module/patient_case.h"

namespace aceso {

/// A decision, or the faults for which there is none (broken constraints, A0790).
struct EngineAnswer {
  std::vector<CaseFault> faults; ///< not empty: `decision` is meaningless
  Decision decision;
  [[nodiscard]] bool ok() const { return faults.empty(); }
};

/// One engine for one guideline. Not thread-safe: one for each thread; what it runs may be shared.
class Engine {
public:
  Engine() = default;
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  virtual ~Engine() = default;
  [[nodiscard]] virtual const Dictionary& dictionary() const = 0;
  /// Never throws for a case that `read_case` accepted. Equal cases give equal answers.
  [[nodiscard]] virtual EngineAnswer evaluate(const PatientCase& patient_case) = 0;
};

} // namespace aceso
