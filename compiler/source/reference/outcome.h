#pragma once
/// For those who ask about thousands of patients.

#include "reference/engine.h"

namespace aceso::reference {

/// The same evaluation without what is told beside the outcome: the inputs that are missing and the trace are empty.
[[nodiscard]] Evaluation evaluate_outcome(const graph::Graph& graph, const PatientCase& patient_case);

} // namespace aceso::reference
