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

/// The present values, from what was stated until then.
void settle(const graph::Graph& graph, Snapshot& snapshot) {
  const auto& inputs = graph.dictionary.inputs;
  snapshot.values.assign(inputs.size(), Value());
  snapshot.assumed.assign(inputs.size(), false);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (!snapshot.series[i].empty()) {
      const auto& [when, value] = snapshot.series[i].back();
      const auto& term = inputs[i].fresh_for;
      const bool is_stale = term && !value.is<Unknown>() && add(when, *term, snapshot.zone) < snapshot.at;
      snapshot.values[i] = is_stale ? Value(UnknownReason::stale) : value;
    }
    if (snapshot.values[i].is<Unknown>() && inputs[i].unknown_policy == UnknownPolicy::assume) {
      snapshot.values[i] = *inputs[i].assumed;
      snapshot.assumed[i] = true;
    }
  }
}

} // namespace

Snapshot snapshot_at(const graph::Graph& graph, const PatientCase& patient_case, Instant at) {
  Snapshot result{at, patient_case.zone(), {}, {}, {}};
  result.series.resize(graph.dictionary.inputs.size());
  for_each_fact(patient_case, [&](Instant when, const Fact& fact) {
    if (when > at) return;
    auto& series = result.series[fact.input.index()];
    // Of two statements about one instant the later one counts.
    if (!series.empty() && series.back().first == when)
      series.back().second = fact.value;
    else
      series.emplace_back(when, fact.value);
  });
  settle(graph, result);
  return result;
}

Snapshot earlier(const graph::Graph& graph, const Snapshot& snapshot, Instant at) {
  Snapshot result{at, snapshot.zone, {}, {}, snapshot.series};
  for (auto& series : result.series)
    std::erase_if(series, [&](const auto& statement) { return statement.first > at; });
  settle(graph, result);
  return result;
}

std::vector<Instant> instants_of_change(const graph::Graph& graph, const Snapshot& snapshot, Instant from) {
  std::vector<Instant> instants{from, snapshot.at};
  const auto note = [&](Instant at) {
    if (from < at && at < snapshot.at) instants.push_back(at);
  };
  for (std::size_t i = 0; i < snapshot.series.size(); ++i)
    for (const auto& [when, value] : snapshot.series[i]) {
      note(when);
      if (const auto& term = graph.dictionary.inputs[i].fresh_for) note({add(when, *term, snapshot.zone).seconds + 1});
    }
  std::sort(instants.begin(), instants.end());
  instants.erase(std::unique(instants.begin(), instants.end()), instants.end());
  return instants;
}

std::vector<Instant> instants_of_change(const graph::Graph& graph, const PatientCase& patient_case) {
  const Instant now = patient_case.now.instant;
  std::vector<Instant> instants{now};
  for_each_fact(patient_case, [&](Instant when, const Fact& fact) {
    if (when > now) return;
    instants.push_back(when);
    if (const auto& term = graph.dictionary[fact.input].fresh_for) {
      const Instant stale{add(when, *term, patient_case.zone()).seconds + 1};
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
