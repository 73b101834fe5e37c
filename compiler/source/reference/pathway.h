#pragma once
/// The pathway as a fold over the dated events of a case.

#include "reference/evaluator.h"

namespace aceso::reference {

/// Nothing before the first instant at which the guideline applies.
/// Transitions are looked at whenever an event happens, a wait ends, a value goes stale, and at `now`. At one instant
/// they are taken one by one until none holds. An interrupt (`at any stage`) goes before the stage's own transitions.
/// Two that hold at once and lead to different stages are a conflict: the patient stays, and the decision says so.
/// No stage is entered twice at one instant, so the fold ends.
[[nodiscard]] std::optional<StageResult> follow_pathway(const graph::Graph& graph, const PatientCase& patient_case);

} // namespace aceso::reference
