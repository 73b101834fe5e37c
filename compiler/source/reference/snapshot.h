#pragma once
/// What a case says at an instant.

#include "reference/engine.h"

namespace aceso::reference {

/// The latest statement about each input at or before `at`, freshness and assumptions applied.
[[nodiscard]] Snapshot snapshot_at(const graph::Graph& graph, const PatientCase& patient_case, Instant at);

/// What the case said at an instant before that of a snapshot.
[[nodiscard]] Snapshot earlier(const graph::Graph& graph, const Snapshot& snapshot, Instant at);
/// The instants from `from` to that of the snapshot at which something changes, both ends among them, in order.
[[nodiscard]] std::vector<Instant> instants_of_change(const graph::Graph& graph, const Snapshot& snapshot,
                                                      Instant from);

/// The instants at which something in the case changes, up to `now`, in order, without repetition; `now` is the last.
/// A value that goes stale changes the second after its term.
[[nodiscard]] std::vector<Instant> instants_of_change(const graph::Graph& graph, const PatientCase& patient_case);

} // namespace aceso::reference
