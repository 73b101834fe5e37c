#include "explain/case_variants.h"

#include "values/stable_order.h"

#include <algorithm>

namespace aceso {
namespace {

template <class Visit>
void for_each_statement(const PatientCase& patient_case, Visit visit) {
  for (const Event& event : patient_case.events)
    for (const Fact& fact : event.facts)
      visit(event.at, fact);
  for (const Fact& fact : patient_case.facts)
    visit(patient_case.now, fact);
}

void add_once(std::vector<Value>& values, Value value) {
  if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(std::move(value));
}

constexpr std::int64_t day = 86'400;

/// So long before now, and a day less: on either side of a birthday.
void add_dates_before(std::vector<Value>& values, ZonedInstant now, Period age, bool is_instant) {
  const auto instant = checked_add(now.instant, age, now.offset_seconds, -1);
  if (!instant) return;
  for (const std::int64_t later : {std::int64_t{0}, day}) {
    const Instant moved{instant->seconds + later};
    if (is_instant) {
      add_once(values, moved);
    } else {
      add_once(values, date_at(moved, now.offset_seconds));
    }
  }
}

std::vector<Value> sized_answers(const InputInfo& input, const TypeInfo& type, ZonedInstant now) {
  std::vector<Value> values = input.landmarks;
  const bool is_instant = type.kind == TypeKind::instant;
  const bool is_time = is_instant || type.kind == TypeKind::date;
  for (const Period age : input.landmark_ages)
    add_dates_before(values, now, age, is_instant);
  if (!values.empty()) return values;
  if (is_time) {
    for (const Period age : {Period{0, 0}, Period{0, 7 * day}, Period{12, 0}, Period{240, 0}, Period{600, 0}})
      add_dates_before(values, now, age, is_instant);
    return values;
  }
  if (input.typical) add_once(values, *input.typical);
  if (type.minimum) add_once(values, *type.minimum);
  if (type.maximum) add_once(values, *type.maximum);
  if (values.empty()) values.emplace_back(Rational(0));
  return values;
}

/// To which of the guideline's sets a concept belongs: concepts alike in this are alike to every rule that asks by set.
std::string memberships(const Dictionary& dictionary, std::uint32_t concept_index) {
  std::string text;
  for (const ValueSetInfo& set : dictionary.value_sets) {
    const auto holds = [concept_index](const std::vector<std::uint32_t>& codes) {
      return std::binary_search(codes.begin(), codes.end(), concept_index);
    };
    text += holds(set.codes.members) ? 'm' : set.codes.known && holds(*set.codes.known) ? 'k' : '-';
  }
  return text;
}

/// The concepts that the guideline names, and one that it does not. Of very many, one for each kind of membership.
std::vector<Value> coded_answers(const Dictionary& dictionary, const TypeInfo& type) {
  constexpr std::size_t most_told_singly = 40;
  std::vector<Value> values;
  std::vector<std::string> seen;
  for (std::uint32_t i = 0; i < dictionary.concepts.size(); ++i) {
    const std::string& system = dictionary.concepts[i].system;
    if (std::find(type.systems.begin(), type.systems.end(), system) == type.systems.end()) continue;
    if (dictionary.concepts.size() > most_told_singly) {
      std::string kind = memberships(dictionary, i);
      const bool is_in_a_set = kind.find_first_not_of('-') != std::string::npos;
      if (is_in_a_set && std::find(seen.begin(), seen.end(), kind) != seen.end()) continue;
      seen.push_back(std::move(kind));
    }
    values.emplace_back(Concept{i, nullptr});
  }
  const std::string system = type.systems.empty() ? std::string() : type.systems.front();
  values.emplace_back(find_concept(dictionary, system, any_other_code));
  return values;
}

std::vector<Value> answers_of_type(const Dictionary& dictionary, const InputInfo& input, TypeId id, ZonedInstant now) {
  const TypeInfo& type = dictionary[id];
  std::vector<Value> values;
  switch (type.kind) {
  case TypeKind::yes_no: return {Value(true), Value(false)};
  case TypeKind::choice:
  case TypeKind::scale:
  case TypeKind::action: {
    const std::size_t count = type.kind == TypeKind::action ? dictionary.actions.size() : type.members.size();
    for (std::size_t i = 0; i < count; ++i)
      values.emplace_back(Choice{static_cast<std::uint32_t>(i)});
    return values;
  }
  case TypeKind::code: return coded_answers(dictionary, type);
  case TypeKind::list:
    values.emplace_back(ValueList{});
    for (const Value& item : answers_of_type(dictionary, input, type.element, now))
      values.emplace_back(ValueList{item});
    return values;
  default: return sized_answers(input, type, now);
  }
}

/// For comparison only: how far apart two values of one type are.
double distance(const Value& a, const Value& b) {
  if (!a.is_known() || !b.is_known() || a.storage().index() != b.storage().index()) return 0;
  const auto apart = [](auto x, auto y) { return x < y ? static_cast<double>(y - x) : static_cast<double>(x - y); };
  if (a.is<Choice>()) return apart(std::int64_t{a.as<Choice>().index}, std::int64_t{b.as<Choice>().index});
  if (a.is<Date>()) return apart(a.as<Date>().days, b.as<Date>().days);
  if (a.is<Instant>()) return apart(a.as<Instant>().seconds, b.as<Instant>().seconds);
  if (!a.is<Rational>()) return 0;
  const auto number = [](Rational r) {
    return static_cast<double>(r.numerator()) / static_cast<double>(r.denominator());
  };
  return apart(number(a.as<Rational>()), number(b.as<Rational>()));
}

} // namespace

std::vector<StatedFact> statements_of(const PatientCase& patient_case) {
  std::vector<StatedFact> all;
  for_each_statement(patient_case, [&](ZonedInstant at, const Fact& fact) {
    all.push_back({fact.input, fact.value, at});
  });
  return all;
}

PatientCase keep_only(const PatientCase& patient_case, const std::vector<bool>& kept) {
  PatientCase result;
  result.now = patient_case.now;
  std::size_t next = 0;
  for (const Event& event : patient_case.events) {
    Event& copy = result.events.emplace_back();
    copy.at = event.at;
    for (const Fact& fact : event.facts)
      if (kept[next++]) copy.facts.push_back(fact);
  }
  for (const Fact& fact : patient_case.facts)
    if (kept[next++]) result.facts.push_back(fact);
  return result;
}

void state(PatientCase& patient_case, InputId input, const Value& value) {
  const auto is_it = [input](const Fact& fact) { return fact.input == input; };
  for (Event& event : patient_case.events)
    if (event.at.instant == patient_case.now.instant) std::erase_if(event.facts, is_it);
  std::erase_if(patient_case.facts, is_it);
  const auto place = std::find_if(patient_case.facts.begin(), patient_case.facts.end(),
                                  [input](const Fact& fact) { return input < fact.input; });
  patient_case.facts.insert(place, {input, value, {FactPlace::Part::inputs}});
}

void state_earlier(PatientCase& patient_case, ZonedInstant at, InputId input, const Value& value) {
  auto& events = patient_case.events;
  auto place = std::find_if(events.begin(), events.end(), [&](const Event& e) { return at.instant <= e.at.instant; });
  if (place == events.end() || place->at.instant != at.instant) place = events.insert(place, {at, {}});
  place->facts.push_back({input, value, {FactPlace::Part::event, static_cast<std::uint32_t>(place - events.begin())}});
}

Value stated_value(const Dictionary& dictionary, const PatientCase& patient_case, InputId input) {
  const InputInfo& info = dictionary[input];
  Value value;
  for_each_statement(patient_case, [&](ZonedInstant at, const Fact& fact) {
    if (fact.input != input || at.instant > patient_case.now.instant) return;
    const bool is_stale = info.fresh_for && fact.value.is_known() &&
                          add(at.instant, *info.fresh_for, patient_case.now.offset_seconds) < patient_case.now.instant;
    value = is_stale ? Value(UnknownReason::stale) : fact.value;
  });
  return value;
}

Value present_value(const Dictionary& dictionary, const PatientCase& patient_case, InputId input) {
  const InputInfo& info = dictionary[input];
  Value value = stated_value(dictionary, patient_case, input);
  if (!value.is_known() && info.unknown_policy == UnknownPolicy::assume && info.assumed) return *info.assumed;
  return value;
}

std::vector<Value> representative_answers(const Dictionary& dictionary, InputId input, ZonedInstant now) {
  return answers_of_type(dictionary, dictionary[input], dictionary[input].type, now);
}

std::vector<Value> alternatives_to(const Dictionary& dictionary, InputId input, ZonedInstant now, const Value& from) {
  std::vector<Value> values = representative_answers(dictionary, input, now);
  std::erase(values, from);
  sort_stably(values, [&](const Value& a, const Value& b) { return distance(a, from) < distance(b, from); });
  return values;
}

} // namespace aceso
