#include "interpret/facts.h"

#include <algorithm>

namespace aceso::interpret {

using bytecode::Space;

Facts::Facts(const Plan& plan)
    : plan_(plan), module_(*plan.module), stated_(module_.inputs.size()), assumed_(module_.inputs.size()),
      history_(module_.inputs.size()) {
  present_.truths.resize(plan.inputs[0].size());
  present_.numbers.resize(plan.inputs[1].size());
  present_.values.resize(plan.inputs[2].size());
  for (const InputId input : plan.assuming)
    assumptions_.push_back(
        statement(input, *module_.dictionary[input].assumed)
            .value_or(Statement{{}, unknown_number(UnknownReason::invalid), UnknownReason::invalid}));
}

/// The registers of the inputs; others stand behind them.
void Facts::forget_all(Registers& registers) const {
  constexpr auto not_asked = unknown_number(UnknownReason::not_asked);
  std::fill_n(registers.truths.begin(), present_.truths.size(), not_asked.state);
  std::fill_n(registers.numbers.begin(), present_.numbers.size(), not_asked);
  std::fill_n(registers.values.begin(), present_.values.size(), Value());
}

void Facts::clear() {
  forget_all(present_);
  std::fill(stated_.begin(), stated_.end(), false);
  if (!has_history()) return;
  for (const std::uint32_t i : dated_)
    history_[i].clear();
  dated_.clear();
  instants_.clear();
}

std::optional<Statement> Facts::statement(InputId input, const Value& value) const {
  if (!fits(module_.dictionary, module_.dictionary[input].type, value)) return std::nullopt;
  const Place& place = module_.inputs[input.index()];
  Statement result;
  switch (place.space()) {
  case Space::truth: result.number.state = to_truth(value); break;
  case Space::number: {
    result.number = to_number(place.representation, value);
    const TypeInfo& type = module_.dictionary[module_.dictionary[input].type];
    const bool is_off_step = value.is_known() && result.number.state != bytecode::known;
    // The code was made for these bounds.
    const bool is_outside = value.is<Rational>() && ((type.minimum && value.as<Rational>() < *type.minimum) ||
                                                     (type.maximum && value.as<Rational>() > *type.maximum));
    if (is_off_step || is_outside) return std::nullopt;
    break;
  }
  case Space::value: result.value = value; break;
  }
  return result;
}

bool Facts::set(InputId input, const Value& value) {
  // The two commonest kinds need no statement of their own.
  const Place& place = module_.inputs[input.index()];
  if (place.representation.form == Representation::Form::truth && value.is<bool>()) {
    present_.truths[place.index] = value.as<bool>() ? bytecode::yes : bytecode::no;
    stated_[input.index()] = true;
    return true;
  }
  const TypeInfo& type = module_.dictionary[module_.dictionary[input].type];
  if (place.representation.form == Representation::Form::choice && value.is<Choice>() &&
      value.as<Choice>().index < type.members.size()) {
    present_.numbers[place.index] = known_number(value.as<Choice>().index);
    stated_[input.index()] = true;
    return true;
  }
  const auto made = statement(input, value);
  if (!made) return false;
  write(present_, input, *made);
  stated_[input.index()] = true;
  return true;
}

void Facts::forget(InputId input) {
  write(present_, input, {});
  stated_[input.index()] = false;
}

bool Facts::add(Instant at, InputId input, const Value& value) {
  auto made = statement(input, value);
  if (!made) return false;
  made->at = at;
  auto& list = history_[input.index()];
  if (list.empty()) dated_.push_back(input.index());
  const auto place =
      std::lower_bound(list.begin(), list.end(), at, [](const Statement& s, Instant t) { return s.at < t; });
  if (place != list.end() && place->at == at)
    *place = std::move(*made); // said anew
  else
    list.insert(place, std::move(*made));
  insert_instant(at);
  return true;
}

void Facts::insert_instant(Instant at) {
  const auto place = std::lower_bound(instants_.begin(), instants_.end(), at);
  if (place == instants_.end() || *place != at) instants_.insert(place, at);
}

Statement Facts::present_statement(InputId input) const {
  const Place& place = module_.inputs[input.index()];
  Statement result;
  switch (place.space()) {
  case Space::truth: result.number.state = present_.truths[place.index]; break;
  case Space::number: result.number = present_.numbers[place.index]; break;
  case Space::value: result.value = present_.values[place.index]; break;
  }
  return result;
}

Value Facts::value_of(InputId input, const Statement& statement) const {
  const Place& place = module_.inputs[input.index()];
  switch (place.space()) {
  case Space::truth: return truth_to_value(statement.number.state);
  case Space::number: return number_to_value(place.representation, statement.number);
  case Space::value: break;
  }
  return statement.value;
}

PatientCase Facts::patient_case(ZonedInstant now) const {
  PatientCase result;
  result.now = now;
  for (const Instant at : instants_)
    if (at <= now.instant) result.events.push_back({{at, now.offset_seconds}, {}});
  for (std::size_t i = 0; i < stated_.size(); ++i) {
    const InputId input(i);
    if (stated_[i])
      result.facts.push_back({input, value_of(input, present_statement(input)), {FactPlace::Part::inputs}});
    auto event = result.events.begin();
    for (const Statement& each : history_[i]) {
      if (each.at > now.instant) break;
      if (each.at == now.instant && stated_[i]) break;
      while (event->at.instant != each.at)
        ++event;
      const auto position = static_cast<std::uint32_t>(event - result.events.begin());
      event->facts.push_back({input, value_of(input, each), {FactPlace::Part::event, position}});
    }
  }
  return result;
}

void Facts::write(Registers& registers, InputId input, const Statement& statement) const {
  const Place& place = module_.inputs[input.index()];
  switch (place.space()) {
  case Space::truth: registers.truths[place.index] = statement.number.state; break;
  case Space::number: registers.numbers[place.index] = statement.number; break;
  case Space::value: registers.values[place.index] = statement.value; break;
  }
}

namespace {

bool is_known(const Place& place, const Registers& registers) {
  switch (place.space()) {
  case Space::truth: return registers.truths[place.index] >= bytecode::no;
  case Space::number: return registers.numbers[place.index].state == bytecode::known;
  case Space::value: return !registers.values[place.index].is<Unknown>(); // a partial date has been stated
  }
  return false;
}

} // namespace

void Facts::snapshot(Instant at, const Moment& now, Registers& registers) {
  fill(at, now, registers);
  assume(registers, &assumed_);
}

void Facts::look(Instant at, const Moment& now, Registers& registers) const {
  fill(at, now, registers);
  assume(registers, nullptr);
}

void Facts::fill(Instant at, const Moment& now, Registers& registers) const {
  if (at == now.instant) {
    std::copy(present_.truths.begin(), present_.truths.end(), registers.truths.begin());
    std::copy(present_.numbers.begin(), present_.numbers.end(), registers.numbers.begin());
    std::copy(present_.values.begin(), present_.values.end(), registers.values.begin());
  } else {
    forget_all(registers);
  }
  for (const std::uint32_t i : dated_) {
    if (at == now.instant && stated_[i]) continue;
    const auto& list = history_[i];
    const auto end =
        std::upper_bound(list.begin(), list.end(), at, [](Instant t, const Statement& s) { return t < s.at; });
    if (end == list.begin()) continue;
    const Statement& last = *(end - 1);
    write(registers, InputId(i), last);
    const auto& term = module_.dictionary.inputs[i].fresh_for;
    if (!term || !is_known(module_.inputs[i], registers)) continue;
    if (aceso::add(last.at, *term, now.zone) < at)
      write(registers, InputId(i), {at, unknown_number(UnknownReason::stale), UnknownReason::stale});
  }
}

void Facts::assume(Registers& registers, std::vector<std::uint8_t>* assumed) const {
  for (std::size_t i = 0; i < plan_.assuming.size(); ++i) {
    const InputId input = plan_.assuming[i];
    const bool is_missing = !is_known(module_.inputs[input.index()], registers);
    if (is_missing) write(registers, input, assumptions_[i]);
    if (assumed) (*assumed)[input.index()] = is_missing;
  }
}

const std::vector<Instant>& Facts::instants_of_change(const Moment& now) {
  changes_.clear();
  changes_.push_back(now.instant);
  for (const Instant at : instants_)
    if (at <= now.instant) changes_.push_back(at);
  for (const std::uint32_t i : dated_) {
    const auto& term = module_.dictionary.inputs[i].fresh_for;
    if (!term) continue;
    for (const Statement& each : history_[i]) {
      if (each.at > now.instant) break;
      const Instant stale{aceso::add(each.at, *term, now.zone).seconds + 1};
      if (stale < now.instant) changes_.push_back(stale);
    }
  }
  std::sort(changes_.begin(), changes_.end());
  changes_.erase(std::unique(changes_.begin(), changes_.end()), changes_.end());
  return changes_;
}

std::vector<Instant> Facts::instants_of_change(Instant from, Instant until, const Moment& now) const {
  std::vector<Instant> instants{from, until};
  const auto note = [&](Instant at) {
    if (from < at && at < until) instants.push_back(at);
  };
  for (std::size_t i = 0; i < history_.size(); ++i)
    for_each_statement(InputId(i), until, now, [&](const Statement& each) {
      note(each.at);
      const auto& term = module_.dictionary.inputs[i].fresh_for;
      if (term) note({aceso::add(each.at, *term, now.zone).seconds + 1});
    });
  std::sort(instants.begin(), instants.end());
  instants.erase(std::unique(instants.begin(), instants.end()), instants.end());
  return instants;
}

} // namespace aceso::interpret
