#pragma once
/// Pathways in which a patient could go round without any time passing (A0512).

#include "diagnostics/diagnostic.h"
#include "graph/graph.h"

namespace aceso::driver {

/// Looks for a patient for every circle of transitions that need not wait, and reports the circle with that patient.
/// What is reported is real; a circle that only a rare combination of facts opens may be missed.
void report_timeless_cycles(const graph::Graph& graph, diagnostics::Sink& sink);

} // namespace aceso::driver
