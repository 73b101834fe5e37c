#include "reference/snapshot.h"

#include <algorithm>

namespace aceso::reference {
namespace {

template <class Visit>
void for_each_fact(const PatientCase& patient_case, Visit visit) {
  for (const Event& event : patient_case.events)
    for (const Fact& fact : event.facts)
      visit(event.at.instant, fact);
  for (const Fact& fact : patient_case.facts)
    visit(patient_case.now.instant, fact);
}

} // namespace

Snapshot snapshot_at(const graph::Graph& graph, const PatientCase& patient_case, Instant at) {
  const auto& inputs = graph.dictionary.inputs;
  const std::int32_t offset = patient_case.now.offset_seconds;
  Snapshot result{{at, offset}, std::vector<Value>(inputs.size()), std::vector<bool>(inputs.size()), {}};
  result.series.resize(inputs.size());
  for_each_fact(patient_case, [&](Instant when, const Fact& fact) {
    if (when <= at) result.series[fact.input.index()].emplace_back(when, fact.value);
  });
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (!result.series[i].empty()) {
      const auto& [when, value] = result.series[i].back();
      const auto& term = inputs[i].fresh_for;
      result.values[i] =
          term && value.is_known() && add(when, *term, offset) < at ? Value(UnknownReason::stale) : value;
    }
    if (!result.values[i].is_known() && inputs[i].unknown_policy == UnknownPolicy::assume) {
      result.values[i] = *inputs[i].assumed;
      result.assumed[i] = true;
    }
  }
  return result;
}

std::vector<Instant> instants_of_change(const graph::Graph& graph, const PatientCase& patient_case) {
  const Instant now = patient_case.now.instant;
  std::vector<Instant> instants{now};
  for_each_fact(patient_case, [&](Instant when, const Fact& fact) {
    if (when > now) return;
    instants.push_back(when);
    if (const auto& term = graph.dictionary[fact.input].fresh_for) {
      const Instant stale{add(when, *term, patient_case.now.offset_seconds).seconds + 1};
      if (stale < now) instants.push_back(stale);
    }
  });
  // An event without facts is an instant too: the patient was seen.
  for (const Event& event : patient_case.events)
    if (event.at.instant <= now) instants.push_back(event.at.instant);
  std::sort(instants.begin(), instants.end());
  instants.erase(std::unique(instants.begin(), instants.end()), instants.end());
  return instants;
}

} // namespace aceso::reference
