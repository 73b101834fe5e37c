/// The pathway: which stages a patient can reach, by which history, and where nobody gets out.
#include <algorithm>
#include <deque>
#include <functional>
#include <set>

#include <fmt/format.h>

#include "analyse/analysis.h"

namespace aceso::analyse {

using diagnostics::Kind;
using graph::Transition;
using reference::Evaluation;

namespace {

constexpr std::int64_t one_hour = 3600;

bool is_immediate(const Transition& t) { return t.at_most == 0 && (!t.after || *t.after == Period{}); }

bool visits(const Evaluation& e, StageId stage) {
  return e.decision.stage && std::any_of(e.decision.stage->path.begin(), e.decision.stage->path.end(),
                                         [&](const StageVisit& v) { return v.stage == stage; });
}

/// The facts of a case as one event at its instant.
std::vector<Event> as_history(const PatientCase& patient, std::int64_t hours_later) {
  std::vector<Event> history = patient.events;
  history.push_back({patient.now, patient.facts});
  for (Event& event : history)
    event.at.instant.seconds -= hours_later * one_hour;
  return history;
}

} // namespace

bool leads_from(const Transition& t, StageId stage) {
  if (!t.is_interrupt()) return t.from == stage;
  return t.to != stage && !std::count(t.except.begin(), t.except.end(), stage);
}

/// A transition can be taken where its condition holds and nothing with precedence leads elsewhere.
bool Analysis::try_transition(std::size_t index, StageId from) {
  const Transition& t = graph_.pathway->transitions[index];
  std::vector<Lit> wanted{encoding_.truth(t.condition).yes};
  wanted.insert(wanted.end(), switches().begin(), switches().end());
  if (sat_.solve(wanted) == Answer::unsatisfiable) {
    transition_impossible_[index] = true;
    return false;
  }
  // The facts that were stated before may be stated anew, so each step is a question of its own.
  // Ways that are not waited for must be closed; that those after a wait are closed as well is tried first.
  std::vector<Lit> undisturbed, waits_too;
  for (std::size_t i = 0; i < graph_.pathway->transitions.size(); ++i) {
    const Transition& other = graph_.pathway->transitions[i];
    if (other.to == t.to || !leads_from(other, from) || !(other.is_interrupt() || !t.is_interrupt())) continue;
    (is_immediate(other) ? undisturbed : waits_too).push_back(-encoding_.truth(other.condition).yes);
  }
  std::vector<Lit> comes_to_rest = undisturbed;
  for (const Transition& next : graph_.pathway->transitions)
    if (leads_from(next, t.to) && is_immediate(next)) comes_to_rest.push_back(-encoding_.truth(next.condition).yes);
  std::vector<std::vector<Lit>> preferences;
  for (const bool closes_waits : {true, false})
    for (const std::vector<Lit>& one : {comes_to_rest, undisturbed}) {
      if (closes_waits && waits_too.empty()) continue;
      preferences.push_back(one);
      if (closes_waits) preferences.back().insert(preferences.back().end(), waits_too.begin(), waits_too.end());
    }

  const std::vector<Event>& before = witnesses_.history(from);
  const auto history_with = [&](const PatientCase& now, bool takes_back = true) {
    // The earlier events move back, so that the wait is over.
    PatientCase whole = now;
    std::vector<Event> events = before;
    if (!events.empty() && (t.after || !now.events.empty())) {
      const Instant last = events.back().at.instant;
      Instant latest{now.now.instant.seconds - one_hour};
      if (t.after) latest = add(latest, *t.after, Zone(0), -1);
      // What was measured for this step was measured in the stage that it leaves.
      if (!now.events.empty()) latest = std::min(latest, Instant{now.events.front().at.instant.seconds - one_hour});
      const std::int64_t shift = std::max<std::int64_t>(0, last.seconds - latest.seconds);
      for (Event& event : events)
        event.at.instant.seconds -= shift;
    }
    std::set<std::uint32_t> stated;
    for (const Event& event : events)
      for (const Fact& fact : event.facts)
        stated.insert(fact.input.index());
    for (const Event& event : now.events) {
      events.push_back(event);
      for (const Fact& fact : event.facts)
        stated.erase(fact.input.index());
    }
    for (const Fact& fact : now.facts)
      stated.erase(fact.input.index());
    if (takes_back)
      for (const std::uint32_t input : stated)
        whole.facts.push_back(not_asked(InputId(input)));
    std::sort(whole.facts.begin(), whole.facts.end(), [](const Fact& a, const Fact& b) { return a.input < b.input; });
    whole.events = std::move(events);
    return whole;
  };
  for (const std::vector<Lit>& extra : preferences) {
    std::vector<Lit> question = wanted;
    question.insert(question.end(), extra.begin(), extra.end());
    if (sat_.solve(question) != Answer::satisfiable) continue;
    const auto has_arrived = [&](const PatientCase& patient) {
      const Evaluation there = reference::evaluate(graph_, patient);
      return there.broken.empty() && visits(there, t.to) && there.decision.stage->path.size() >= 2;
    };
    const auto witness =
        witnesses_.from_model(encoding_, [&](const Evaluation& e) { return has_arrived(history_with(case_of(e))); });
    if (!witness) continue;
    ways_[from.index()].push_back(index);
    // What was said before still holds, unless it keeps the patient from going on.
    PatientCase whole = history_with(witness->patient, false);
    if (!has_arrived(whole)) whole = history_with(witness->patient);
    const Evaluation there = reference::evaluate(graph_, whole);
    const StageId stage = there.decision.stage->stage;
    for (const StageVisit& visit : there.decision.stage->path)
      stage_reached_[visit.stage.index()] = true;
    if (!witnesses_.has_history(stage)) witnesses_.set_history(stage, as_history(whole, 2));
    return true;
  }
  return false;
}

void Analysis::explore_pathway() {
  if (!graph_.pathway) return;
  const auto& transitions = graph_.pathway->transitions;
  transition_impossible_.assign(transitions.size(), false);
  const StageId start = graph_.pathway->start;
  // Into the start stage, without going on at once where that can be had.
  std::vector<Lit> rests{encoding_.truth(graph_.applies).yes};
  for (const Transition& t : transitions)
    if (leads_from(t, start) && is_immediate(t)) rests.push_back(-encoding_.truth(t.condition).yes);
  for (const std::vector<Lit>& tried : {rests, {encoding_.truth(graph_.applies).yes}}) {
    std::vector<Lit> wanted = tried;
    wanted.insert(wanted.end(), switches().begin(), switches().end());
    if (sat_.solve(wanted) != Answer::satisfiable) continue;
    const bool must_rest = tried.size() == rests.size();
    const auto witness = witnesses_.from_model(encoding_, [&](const Evaluation& e) {
      return visits(e, start) && (!must_rest || e.decision.stage->stage == start);
    });
    if (!witness) continue;
    const Evaluation there = reference::evaluate(graph_, witness->patient);
    for (const StageVisit& visit : there.decision.stage->path)
      stage_reached_[visit.stage.index()] = true;
    witnesses_.set_history(there.decision.stage->stage, as_history(witness->patient, 2));
    break;
  }
  std::vector<std::pair<std::size_t, std::size_t>> tried;
  for (bool again = true; again;) {
    again = false;
    for (std::size_t s = 0; s < graph_.dictionary.stages.size(); ++s) {
      if (!witnesses_.has_history(StageId(s))) continue;
      for (std::size_t i = 0; i < transitions.size(); ++i) {
        if (!leads_from(transitions[i], StageId(s)) || std::count(tried.begin(), tried.end(), std::pair(s, i)))
          continue;
        tried.emplace_back(s, i);
        try_transition(i, StageId(s));
        again = true;
      }
    }
  }
  // Over-approximation: a stage into which no possible transition leads from a possible stage is excluded.
  std::vector<bool> possible(graph_.dictionary.stages.size());
  possible[start.index()] = true;
  for (bool again = true; again;) {
    again = false;
    for (std::size_t i = 0; i < transitions.size(); ++i) {
      const Transition& t = transitions[i];
      if (transition_impossible_[i] || possible[t.to.index()]) continue;
      for (std::size_t s = 0; s < possible.size(); ++s)
        if (possible[s] && leads_from(t, StageId(s))) {
          possible[t.to.index()] = true;
          again = true;
          break;
        }
    }
  }
  for (std::size_t s = 0; s < possible.size(); ++s) {
    stage_excluded_[s] = !possible[s];
    if (!possible[s]) sat_.add({-encoding_.stage(StageId(s))});
  }
  settled_ = settled_in(encoding_);
}

Lit Analysis::settled_in(Encoding& encoding) const {
  std::vector<Lit> at_rest;
  for (std::size_t s = 0; s < graph_.dictionary.stages.size(); ++s)
    for (const Transition& t : graph_.pathway->transitions)
      if (leads_from(t, StageId(s)) && is_immediate(t))
        at_rest.push_back(encoding.either(-encoding.stage(StageId(s)), -encoding.truth(t.condition).yes));
  return encoding.all_of(std::move(at_rest));
}

Analysis::Reply Analysis::reach_without(StageId stage, StageId avoided, const Shows& shows) {
  if (!graph_.pathway) return {Verdict::proved, {}};
  // Stages that can be had without the one to be avoided, over all transitions that are not impossible.
  const auto& transitions = graph_.pathway->transitions;
  std::vector<bool> possible(graph_.dictionary.stages.size());
  if (graph_.pathway->start != avoided) possible[graph_.pathway->start.index()] = true;
  for (bool again = true; again;) {
    again = false;
    for (std::size_t i = 0; i < transitions.size(); ++i) {
      const Transition& t = transitions[i];
      if (transition_impossible_[i] || t.to == avoided || possible[t.to.index()]) continue;
      for (std::size_t s = 0; s < possible.size(); ++s)
        if (possible[s] && leads_from(t, StageId(s))) {
          possible[t.to.index()] = true;
          again = true;
          break;
        }
    }
  }
  if (!possible[stage.index()]) return {Verdict::proved, {}};
  // A way: breadth first over the transitions that a patient was shown to take, each step asked anew.
  struct Step {
    StageId stage;
    std::vector<Event> history;
  };
  std::deque<Step> open;
  std::vector<bool> seen(possible.size());
  if (graph_.pathway->start != avoided && witnesses_.has_history(graph_.pathway->start)) {
    open.push_back({graph_.pathway->start, witnesses_.history(graph_.pathway->start)});
    seen[graph_.pathway->start.index()] = true;
  }
  const WitnessBuilder::Histories kept = witnesses_.histories();
  Reply reply;
  while (!open.empty() && !reply.witness) {
    const Step step = std::move(open.front());
    open.pop_front();
    for (std::size_t i = 0; i < transitions.size() && !reply.witness; ++i) {
      const Transition& t = transitions[i];
      if (!leads_from(t, step.stage) || transition_impossible_[i] || t.to == avoided || seen[t.to.index()]) continue;
      witnesses_.set_histories(WitnessBuilder::Histories(possible.size()));
      witnesses_.set_history(step.stage, step.history);
      if (!try_transition(i, step.stage) || !witnesses_.has_history(t.to)) continue;
      seen[t.to.index()] = true;
      open.push_back({t.to, witnesses_.history(t.to)});
      if (t.to != stage) continue;
      PatientCase patient;
      patient.now = witnesses_.now();
      patient.events = witnesses_.history(t.to);
      const Evaluation e = reference::evaluate(graph_, patient);
      if (e.broken.empty() && shows(e)) {
        Witness witness;
        witness.patient = std::move(patient);
        witness.facts = history_lines(graph_.dictionary, witness.patient.events, e);
        reply = {Verdict::refuted, std::move(witness)};
      }
    }
  }
  witnesses_.set_histories(kept);
  return reply;
}

void Analysis::find_in_pathway() {
  if (!graph_.pathway) return;
  const auto& transitions = graph_.pathway->transitions;
  const auto& stages = graph_.dictionary.stages;
  const auto& spans = graph_.pathway->stage_spans;
  for (std::size_t i = 0; i < transitions.size(); ++i) {
    const Transition& t = transitions[i];
    if (!t.is_interrupt() && stage_excluded_[t.from.index()]) continue; // told at the stage
    const std::string subject = fmt::format("transition {} to {}", i + 1, stages[t.to.index()].name);
    if (!transition_impossible_[i]) {
      const bool taken = std::any_of(ways_.begin(), ways_.end(),
                                     [&](const auto& ways) { return std::count(ways.begin(), ways.end(), i) > 0; });
      note(Kind::unreachable, subject, t.span, taken ? Verdict::proved : Verdict::undecided);
      continue;
    }
    note(Kind::unreachable, subject, t.span, Verdict::refuted);
    auto complaint =
        this->complaint(Kind::unreachable, t.span, fmt::format("this way to stage `{}`", stages[t.to.index()].name));
    complaint.mend = "its condition never holds: change it, or take the way out";
    find(subject, std::move(complaint), {});
  }
  for (std::size_t s = 0; s < stages.size(); ++s) {
    const std::string subject = fmt::format("stage {}", stages[s].name);
    if (stage_excluded_[s]) {
      note(Kind::unreachable, subject, spans[s], Verdict::refuted);
      auto complaint = this->complaint(Kind::unreachable, spans[s], fmt::format("stage `{}`", stages[s].name));
      complaint.mend = "let a way lead to it, or take it out";
      find(subject, std::move(complaint), {});
      continue;
    }
    note(Kind::unreachable, subject, spans[s], stage_reached_[s] ? Verdict::proved : Verdict::undecided);
    if (stages[s].is_final) continue;
    bool has_way = false;
    for (std::size_t i = 0; i < transitions.size(); ++i)
      has_way |= leads_from(transitions[i], StageId(s)) && !transition_impossible_[i];
    note(Kind::dead_end, subject, spans[s], has_way ? Verdict::proved : Verdict::refuted);
    if (!has_way) {
      auto complaint = this->complaint(Kind::dead_end, spans[s], stages[s].name);
      complaint.mend = "say how a patient leaves it, or mark the stage `final`";
      find(subject, std::move(complaint), {});
      continue;
    }
    // Some final stage can be had from here.
    if (std::none_of(stages.begin(), stages.end(), [](const StageInfo& info) { return info.is_final; })) continue;
    std::vector<bool> from(stages.size());
    from[s] = true;
    for (bool again = true; again;) {
      again = false;
      for (std::size_t i = 0; i < transitions.size(); ++i)
        for (std::size_t k = 0; k < stages.size(); ++k)
          if (from[k] && !from[transitions[i].to.index()] && !transition_impossible_[i] &&
              leads_from(transitions[i], StageId(k)))
            from[transitions[i].to.index()] = again = true;
    }
    bool ends = false;
    for (std::size_t k = 0; k < stages.size(); ++k)
      ends |= from[k] && stages[k].is_final;
    note(Kind::endless_stage, subject, spans[s], ends ? Verdict::proved : Verdict::refuted);
    if (ends) continue;
    auto complaint = this->complaint(Kind::endless_stage, spans[s], stages[s].name);
    complaint.mend = "add a way towards a final stage";
    find(subject, std::move(complaint), {});
  }
}

void Analysis::exclude_passing_through() {
  const auto& transitions = graph_.pathway->transitions;
  // A repetition without a wait may be a circle at one instant, however few times it is taken.
  if (std::any_of(transitions.begin(), transitions.end(),
                  [](const Transition& t) { return t.at_most != 0 && (!t.after || *t.after == Period{}); }))
    return;
  const std::size_t count = graph_.dictionary.stages.size();
  for (std::size_t s = 0; s < count; ++s) {
    const Lit here = encoding_.stage(StageId(s));
    for (const Transition& t : transitions) {
      if (!leads_from(t, StageId(s)) || !is_immediate(t) || t.to.index() == s) continue;
      // It is taken unless another one, perhaps after a wait that is over, comes first or disagrees.
      std::vector<Lit> leaves{here, encoding_.truth(t.condition).yes};
      for (const Transition& other : transitions)
        if (leads_from(other, StageId(s)) && (other.is_interrupt() || !t.is_interrupt()) &&
            (other.to != t.to || other.is_interrupt() != t.is_interrupt()))
          leaves.push_back(-encoding_.truth(other.condition).yes);
      for (Lit& literal : leaves)
        literal = -literal;
      sat_.add(leaves);
    }
  }
}

void Analysis::find_timeless_circle(bool is_told) {
  if (!graph_.pathway) return;
  // Stages on the circle: each has one way out that is open now, and that leads to another of them. Whatever set fits,
  // who stands in it goes round for ever.
  const auto& transitions = graph_.pathway->transitions;
  const std::size_t count = graph_.dictionary.stages.size();
  const std::string subject = fmt::format("pathway {}", graph_.dictionary.pathway);
  const graph::Span span = graph_.pathway->stage_spans[graph_.pathway->start.index()];
  /// Where a patient in `stage` goes at once, by stage; interrupts come before ordinary ways.
  const auto moves_to = [&](std::size_t stage, bool by_interrupt, std::size_t target) {
    std::vector<Lit> open;
    for (const Transition& t : transitions)
      if (t.is_interrupt() == by_interrupt && t.to.index() == target && leads_from(t, StageId(stage)) &&
          is_immediate(t))
        open.push_back(encoding_.truth(t.condition).yes);
    return encoding_.any_of(std::move(open));
  };
  std::vector<Lit> on_circle;
  for (std::size_t s = 0; s < count; ++s)
    on_circle.push_back(stage_excluded_[s] ? -encoding_.always() : sat_.fresh());
  for (std::size_t s = 0; s < count; ++s) {
    std::vector<Lit> interrupts, ways;
    for (std::size_t to = 0; to < count; ++to) {
      interrupts.push_back(moves_to(s, true, to));
      ways.push_back(moves_to(s, false, to));
    }
    const Lit interrupted = encoding_.any_of(interrupts);
    std::vector<Lit> taken{-on_circle[s]};
    for (std::size_t to = 0; to < count; ++to) {
      const Lit moves = encoding_.either(interrupts[to], encoding_.both(-interrupted, ways[to]));
      std::vector<Lit> alone{moves, on_circle[to]};
      for (std::size_t other = 0; other < count; ++other)
        if (other != to)
          alone.push_back(-encoding_.either(interrupts[other], encoding_.both(-interrupted, ways[other])));
      taken.push_back(encoding_.all_of(std::move(alone)));
    }
    sat_.add(taken);
  }
  std::vector<std::size_t> circle;
  const auto next = [&](const Evaluation& e, std::size_t stage) -> std::optional<std::size_t> {
    std::set<std::size_t> interrupted, moved;
    for (const Transition& t : transitions)
      if (leads_from(t, StageId(stage)) && is_immediate(t) &&
          (!t.condition.is_valid() || e.node_values[t.condition.index()].truth() == Truth::yes))
        (t.is_interrupt() ? interrupted : moved).insert(t.to.index());
    const auto& open = interrupted.empty() ? moved : interrupted;
    return open.size() == 1 ? std::optional(*open.begin()) : std::nullopt;
  };
  const auto shows = [&](const Evaluation& e) {
    for (std::size_t start = 0; start < count; ++start) {
      if (stage_excluded_[start]) continue;
      circle = {start};
      for (auto at = next(e, start); at && circle.size() <= count; at = next(e, *at)) {
        if (*at == start) return true;
        circle.push_back(*at);
      }
    }
    return false;
  };
  Reply reply = ask({encoding_.any_of(on_circle)}, shows);
  if (reply.verdict == Verdict::proved) exclude_passing_through();
  if (!is_told) return;
  note(Kind::timeless_cycle, subject, span, reply.verdict);
  if (!reply.witness) return;
  static_cast<void>(shows(reference::evaluate(graph_, reply.witness->patient)));
  std::string names;
  for (const std::size_t stage : circle)
    names += graph_.dictionary.stages[stage].name + " -> ";
  auto complaint = this->complaint(Kind::timeless_cycle, graph_.pathway->stage_spans[circle.front()],
                                   names + graph_.dictionary.stages[circle.front()].name);
  complaint.mend = mend_by_waiting(circle);
  if (complaint.mend.empty())
    complaint.mend = "let these transitions wait (after 1 day), or let their conditions exclude each other";
  find(subject, std::move(complaint), std::move(reply.witness));
}

} // namespace aceso::analyse
