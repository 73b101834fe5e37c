#pragma once
/// What explanations need to know of the logic, put into the dictionary, so that every engine and every module can
/// carry it. Internal to graph/.

#include "graph/graph.h"

namespace aceso::graph {

/// Fills RuleInfo::condition, advice and inputs, and InputInfo::landmarks, landmark_ages and known_matters. The hash
/// does not cover them: they follow from what it covers. Meant for a sound graph; ids out of range are passed over.
void describe(Graph& graph);

} // namespace aceso::graph
