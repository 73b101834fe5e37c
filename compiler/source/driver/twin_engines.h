#pragma once
/// Two engines for one guideline: what the reference engine says, the row VM must say too.

#include <memory>
#include <string>

#include "graph/graph.h"
#include "module/engine.h"

namespace aceso::driver {

/// Not thread-safe. `graph` must outlive it.
class TwinEngines {
public:
  explicit TwinEngines(const graph::Graph& graph);

  /// Empty where both engines give the same bytes; else where they part, in words.
  [[nodiscard]] std::string difference(const PatientCase& patient_case);

private:
  std::unique_ptr<Engine> reference_, machine_;
  std::string fault_; ///< why there is no module
};

} // namespace aceso::driver
