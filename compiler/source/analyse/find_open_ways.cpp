/// Stages out of which two ways may be open at once: the patient then stands still until somebody decides.
#include <algorithm>

#include <fmt/format.h>

#include "analyse/analysis.h"

namespace aceso::analyse {

using diagnostics::Kind;
using graph::Transition;
using reference::Evaluation;

namespace {

bool is_held(const Evaluation& e, StageId stage, StageId one, StageId other) {
  if (!e.broken.empty() || !e.decision.stage || e.decision.stage->stage != stage) return false;
  const auto& targets = e.decision.stage->conflict;
  return std::count(targets.begin(), targets.end(), one) && std::count(targets.begin(), targets.end(), other);
}

/// The same patient, seen so much later that a wait is over. That somebody came and nothing was found is an event too.
PatientCase after_wait(PatientCase patient, const Evaluation& e, const Period& wait) {
  constexpr std::int64_t one_day = 86'400;
  for (const StageVisit& visit : e.decision.stage->path)
    if (visit.entered_at.instant < patient.now.instant &&
        std::none_of(patient.events.begin(), patient.events.end(),
                     [&](const Event& event) { return event.at.instant == visit.entered_at.instant; }))
      patient.events.push_back({visit.entered_at, {}});
  std::sort(patient.events.begin(), patient.events.end(),
            [](const Event& a, const Event& b) { return a.at.instant < b.at.instant; });
  for (Event& event : patient.events)
    event.at.instant = {add(event.at.instant, wait, Zone(0), -1).seconds - one_day};
  return patient;
}

} // namespace

void Analysis::find_open_ways() {
  if (!graph_.pathway) return;
  for (std::size_t s = 0; s < graph_.dictionary.stages.size(); ++s)
    if (!stage_excluded_[s]) check_open_ways(StageId(s));
}

void Analysis::check_open_ways(StageId stage) {
  std::vector<const Transition*> interrupts, ways;
  for (const Transition& t : graph_.pathway->transitions)
    if (leads_from(t, stage)) (t.is_interrupt() ? interrupts : ways).push_back(&t);
  if (interrupts.size() + ways.size() < 2) return;
  const std::string subject = fmt::format("stage {}", graph_.dictionary[stage].name);
  Verdict verdict = Verdict::proved;
  bool is_spent = false;
  const auto look_at = [&](const Transition& one, const Transition& other) {
    if (one.to == other.to) return;
    std::vector<Lit> wanted{encoding_.stage(stage), encoding_.truth(one.condition).yes,
                            encoding_.truth(other.condition).yes};
    if (!one.is_interrupt()) // an interrupt that is open goes first
      for (const Transition* t : interrupts)
        wanted.push_back(-encoding_.truth(t->condition).yes);
    std::optional<PatientCase> later;
    const auto shows = [&](const Evaluation& e) {
      later.reset();
      if (is_held(e, stage, one.to, other.to)) return true;
      for (const Transition* t : {&one, &other}) {
        if (!t->after || !e.decision.stage) continue;
        PatientCase patient = after_wait(case_of(e), e, *t->after);
        if (!is_held(reference::evaluate(graph_, patient), stage, one.to, other.to)) continue;
        later = std::move(patient);
        return true;
      }
      return false;
    };
    Reply reply = ask(std::move(wanted), shows);
    is_spent |= is_budget_spent_;
    if (reply.verdict == Verdict::undecided && verdict == Verdict::proved) verdict = Verdict::undecided;
    if (reply.verdict != Verdict::refuted) return;
    verdict = Verdict::refuted;
    static_cast<void>(
        shows(reference::evaluate(graph_, reply.witness->patient))); // `later` is of whoever was tried last
    if (later) {
      Witness& witness = *reply.witness;
      witness.patient = std::move(*later);
      const std::vector<Fact>& now = witness.patient.facts;
      for (std::size_t i = witness.inputs.size(); i-- > 0;) // what was measured before is part of the history
        if (std::none_of(now.begin(), now.end(), [&](const Fact& fact) { return fact.input == witness.inputs[i]; })) {
          witness.inputs.erase(witness.inputs.begin() + static_cast<std::ptrdiff_t>(i));
          witness.facts.erase(witness.facts.begin() + static_cast<std::ptrdiff_t>(i));
        }
      tell_history(graph_, witness, witness.patient.events);
    }
    const auto name = [&](StageId id) { return graph_.dictionary[id].name; };
    auto complaint = this->complaint(Kind::ambiguous_ways, one.span, name(stage), name(one.to), name(other.to));
    complaint.notes.push_back({other.span, fmt::format("the way to `{}`", name(other.to))});
    complaint.mend = "let one condition exclude the other; until somebody decides, the patient stays where they are";
    find(subject, std::move(complaint), std::move(reply.witness));
  };
  for (const auto* list : {&interrupts, &ways})
    for (std::size_t i = 0; i < list->size(); ++i)
      for (std::size_t k = i + 1; k < list->size(); ++k)
        look_at(*(*list)[i], *(*list)[k]);
  is_budget_spent_ = is_spent;
  note(Kind::ambiguous_ways, subject, graph_.pathway->stage_spans[stage.index()], verdict);
}

} // namespace aceso::analyse
