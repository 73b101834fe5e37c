#include "module/case_assembly.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "values/stable_order.h"

namespace aceso {
namespace {

bool stands_before(const ReadFact& a, const ReadFact& b) { return a.fact.input < b.fact.input; }

void put_in_dictionary_order(std::vector<ReadFact>& facts) {
  if (!std::is_sorted(facts.begin(), facts.end(), stands_before)) sort_stably(facts, stands_before);
}

/// In the order of the dictionary, each input once.
bool is_plain(const std::vector<ReadFact>& facts) {
  return std::adjacent_find(facts.begin(), facts.end(),
                            [](const ReadFact& a, const ReadFact& b) { return !stands_before(a, b); }) == facts.end();
}

std::vector<Fact> facts_of(std::vector<ReadFact>&& facts) {
  std::vector<Fact> result;
  result.reserve(facts.size());
  for (ReadFact& read : facts)
    result.push_back(std::move(read.fact));
  return result;
}

} // namespace

void CaseAssembly::add_event(ZonedInstant at, std::vector<ReadFact> facts) {
  events_.push_back({at, std::move(facts)});
}

void CaseAssembly::place_measurements() {
  if (measurements_.empty()) return;
  std::map<Instant, std::size_t> event_at;
  for (std::size_t i = 0; i < events_.size(); ++i)
    event_at.emplace(events_[i].at.instant, i);
  for (ReadEvent& measurement : measurements_) {
    const auto [place, is_new] = event_at.emplace(measurement.at.instant, events_.size());
    if (is_new) {
      events_.push_back(std::move(measurement));
      continue;
    }
    std::vector<ReadFact>& facts = events_[place->second].facts;
    ReadFact& added = measurement.facts.front();
    const bool is_known_already = std::any_of(facts.begin(), facts.end(), [&](const ReadFact& read) {
      return read.fact.input == added.fact.input && read.fact.value == added.fact.value;
    });
    if (!is_known_already) facts.push_back(std::move(added));
  }
  measurements_.clear();
}

/// Nothing can be given twice where each instant is there once, and each input once at it, all in order.
bool CaseAssembly::is_plain(ZonedInstant now) const {
  if (!aceso::is_plain(present_)) return false;
  for (std::size_t i = 0; i < events_.size(); ++i) {
    const Instant next = i + 1 < events_.size() ? events_[i + 1].at.instant : now.instant;
    if (!(events_[i].at.instant < next) || !aceso::is_plain(events_[i].facts)) return false;
  }
  return true;
}

void CaseAssembly::check_given_twice(const Dictionary& dictionary, ZonedInstant now, FaultList& faults) const {
  if (is_plain(now)) return;
  struct Statement {
    const ReadFact* read;
    ZonedInstant at;
  };
  std::vector<Statement> statements;
  for (const ReadFact& read : present_)
    statements.push_back({&read, now});
  for (const ReadEvent& event : events_) {
    for (const ReadFact& read : event.facts)
      statements.push_back({&read, event.at});
  }
  const auto key = [](const Statement& s) { return std::tuple(s.read->fact.input, s.at.instant, s.read->order); };
  std::sort(statements.begin(), statements.end(),
            [&](const Statement& a, const Statement& b) { return key(a) < key(b); });
  const Statement* first = nullptr;
  for (const Statement& statement : statements) {
    const Fact& fact = statement.read->fact;
    if (first == nullptr || first->read->fact.input != fact.input || first->at.instant != statement.at.instant) {
      first = &statement;
    } else if (first->read->fact.value != fact.value && !faults.is_full()) {
      const InputInfo& input = dictionary[fact.input];
      faults.add(CaseFaultKind::given_twice, statement.read->order, fact.path,
                 {input.name, to_text(dictionary, input.type, fact.value),
                  to_text(dictionary, input.type, first->read->fact.value), first->read->fact.path,
                  to_text(statement.at)});
    }
  }
}

PatientCase CaseAssembly::finish(const Dictionary& dictionary, std::optional<ZonedInstant> now, FaultList& faults) {
  PatientCase result;
  place_measurements();
  if (events_.size() > 1)
    sort_stably(events_, [](const ReadEvent& a, const ReadEvent& b) { return a.at.instant < b.at.instant; });
  put_in_dictionary_order(present_);
  for (ReadEvent& event : events_)
    put_in_dictionary_order(event.facts);
  if (now) {
    check_given_twice(dictionary, *now, faults);
    result.now = *now;
    result.facts = facts_of(std::move(present_));
  }
  result.events.reserve(events_.size());
  for (ReadEvent& event : events_)
    result.events.push_back({event.at, facts_of(std::move(event.facts))});
  return result;
}

} // namespace aceso
