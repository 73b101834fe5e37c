#include "module/case_assembly.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "values/stable_order.h"

namespace aceso {
namespace {

bool stands_before(const Fact& a, const Fact& b) { return a.input < b.input; }

/// Facts of one input stay as they are. Keys are sorted, which are smaller than facts.
void put_in_dictionary_order(std::vector<Fact>& facts) {
  if (std::is_sorted(facts.begin(), facts.end(), stands_before)) return;
  std::vector<std::uint64_t> order;
  order.reserve(facts.size());
  for (std::size_t i = 0; i < facts.size(); ++i)
    order.push_back(std::uint64_t{facts[i].input.index()} << 32 | i);
  std::sort(order.begin(), order.end());
  std::vector<Fact> sorted;
  sorted.reserve(facts.size());
  for (const std::uint64_t key : order)
    sorted.push_back(std::move(facts[key & 0xFFFF'FFFF]));
  facts = std::move(sorted);
}

/// In the order of the dictionary, each input once.
bool is_plain(const std::vector<Fact>& facts) {
  return std::adjacent_find(facts.begin(), facts.end(),
                            [](const Fact& a, const Fact& b) { return !stands_before(a, b); }) == facts.end();
}

} // namespace

PatientCase::PatientCase() = default;
PatientCase::PatientCase(const PatientCase&) = default;
PatientCase::PatientCase(PatientCase&&) noexcept = default;
PatientCase& PatientCase::operator=(const PatientCase&) = default;
PatientCase& PatientCase::operator=(PatientCase&&) noexcept = default;
PatientCase::~PatientCase() = default;

std::string path_of(const Dictionary& dictionary, const Fact& fact) {
  using Part = FactPlace::Part;
  const std::size_t index = fact.place.index;
  const std::string_view name = dictionary[fact.input].name;
  const JsonPath root, inputs(root, "inputs"), input(inputs, name), measured(input, index);
  switch (fact.place.part) {
  case Part::nowhere: break;
  case Part::inputs: return input.to_text();
  case Part::measurement: return measured.to_text();
  case Part::measured_value: return JsonPath(measured, "value").to_text();
  case Part::event: {
    const JsonPath events(root, "events"), event(events, index), facts(event, "inputs");
    return JsonPath(facts, name).to_text();
  }
  }
  return root.to_text();
}

void CaseAssembly::add_event(ZonedInstant at, std::vector<Fact> facts) { events_.push_back({at, std::move(facts)}); }

void CaseAssembly::place_measurements() {
  if (measurements_.empty()) return;
  std::map<Instant, std::size_t> event_at;
  for (std::size_t i = 0; i < events_.size(); ++i)
    event_at.emplace(events_[i].at.instant, i);
  for (Event& measurement : measurements_) {
    const auto [place, is_new] = event_at.emplace(measurement.at.instant, events_.size());
    if (is_new) {
      events_.push_back(std::move(measurement));
      continue;
    }
    std::vector<Fact>& facts = events_[place->second].facts;
    Fact& added = measurement.facts.front();
    const bool is_known_already = std::any_of(facts.begin(), facts.end(), [&](const Fact& fact) {
      return fact.input == added.input && fact.value == added.value;
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
    const Fact* fact;
    ZonedInstant at;
  };
  std::vector<Statement> statements;
  for (const Fact& fact : present_)
    statements.push_back({&fact, now});
  for (const Event& event : events_) {
    for (const Fact& fact : event.facts)
      statements.push_back({&fact, event.at});
  }
  const auto key = [](const Statement& s) { return std::tuple(s.fact->input, s.at.instant, s.fact->place.order); };
  sort_stably(statements, [&](const Statement& a, const Statement& b) { return key(a) < key(b); });
  const Statement* first = nullptr;
  for (const Statement& statement : statements) {
    const Fact& fact = *statement.fact;
    if (first == nullptr || first->fact->input != fact.input || first->at.instant != statement.at.instant) {
      first = &statement;
    } else if (first->fact->value != fact.value && !faults.is_full()) {
      const InputInfo& input = dictionary[fact.input];
      faults.add(CaseFaultKind::given_twice, fact.place.order, path_of(dictionary, fact),
                 {input.name, to_text(dictionary, input.type, fact.value),
                  to_text(dictionary, input.type, first->fact->value), path_of(dictionary, *first->fact),
                  to_text(statement.at)});
    }
  }
}

/// The same value twice is one statement.
void CaseAssembly::drop_repeated(ZonedInstant now) {
  if (is_plain(now)) return;
  std::set<std::pair<InputId, Instant>> seen;
  const auto drop = [&](std::vector<Fact>& facts, Instant at) {
    std::erase_if(facts, [&](const Fact& fact) { return !seen.emplace(fact.input, at).second; });
  };
  drop(present_, now.instant);
  for (Event& event : events_)
    drop(event.facts, event.at.instant);
}

PatientCase CaseAssembly::finish(const Dictionary& dictionary, std::optional<ZonedInstant> now, FaultList& faults) {
  PatientCase result;
  place_measurements();
  if (events_.size() > 1)
    sort_stably(events_, [](const Event& a, const Event& b) { return a.at.instant < b.at.instant; });
  put_in_dictionary_order(present_);
  for (Event& event : events_)
    put_in_dictionary_order(event.facts);
  if (now) {
    check_given_twice(dictionary, *now, faults);
    drop_repeated(*now);
    result.now = *now;
    result.facts = std::move(present_);
  }
  result.events = std::move(events_);
  return result;
}

} // namespace aceso
