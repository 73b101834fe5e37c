/// Functions over the dated values of an input.
#include <algorithm>
#include <variant>

#include "interpret/machine.h"
#include "interpret/value_operations.h"

namespace aceso::interpret {

using bytecode::Space;

/// What lies before counts no more: the window of the call, and the freshness of the input.
std::optional<Instant> Machine::series_begin(const SeriesCall& call, Instant until) const {
  std::optional<Instant> begin;
  for (const auto* period : {&call.window, &module_.dictionary[call.input].fresh_for}) {
    if (!*period) continue;
    const Instant start = add(until, **period, now_.zone, -1);
    if (!begin || start > *begin) begin = start;
  }
  return begin;
}

namespace {

bool is_told(Space space, const Statement& statement) {
  if (space == Space::truth) return statement.number.state >= bytecode::no;
  return space == Space::number ? statement.number.state == bytecode::known : !statement.value.is<Unknown>();
}

UnknownReason reason_of(Space space, const Statement& statement) {
  return space == Space::value ? statement.value.reason() : static_cast<UnknownReason>(statement.number.state);
}

} // namespace

/// Why there is no value in the window.
UnknownReason Machine::nothing_in_series(const SeriesCall& call) const {
  const Space space = module_.inputs[call.input.index()].space();
  UnknownReason reason = UnknownReason::not_asked;
  facts_.for_each_statement(call.input, at_, now_, [&](const Statement& each) {
    reason = is_told(space, each) ? UnknownReason::stale : reason_of(space, each);
  });
  return reason;
}

/// Calls `visit(Statement)` for each value that is told and counts.
template <class Visit>
void Machine::for_each_in_series(const SeriesCall& call, Visit visit) const {
  const Space space = module_.inputs[call.input.index()].space();
  std::optional<std::optional<Instant>> begin; // asked for only where something was said before
  facts_.for_each_statement(call.input, at_, now_, [&](const Statement& each) {
    if (!is_told(space, each)) return;
    if (each.at < at_) {
      if (!begin) begin = series_begin(call, at_);
      if (*begin && each.at < **begin) return;
    }
    visit(each);
  });
}

Number Machine::series_number(const SeriesCall& call) const {
  if (const Number* only = facts_.only_number(call.input, at_, now_)) { // most of the time
    const bool is_told = only->state == bytecode::known;
    if (call.function == SeriesFunction::count) return known_number(is_told ? 1 : 0);
    return is_told && call.function == SeriesFunction::change ? unknown_number(UnknownReason::not_done) : *only;
  }
  std::int64_t count = 0, first = 0, latest = 0, highest = 0, lowest = 0;
  for_each_in_series(call, [&](const Statement& each) {
    const std::int64_t value = each.number.value;
    if (count++ == 0) first = highest = lowest = value;
    latest = value;
    highest = std::max(highest, value);
    lowest = std::min(lowest, value);
  });
  if (call.function == SeriesFunction::count) return known_number(count);
  if (count == 0) return unknown_number(nothing_in_series(call));
  switch (call.function) {
  case SeriesFunction::latest: return known_number(latest);
  case SeriesFunction::first: return known_number(first);
  case SeriesFunction::highest: return known_number(highest);
  case SeriesFunction::lowest: return known_number(lowest);
  case SeriesFunction::change: // one measurement shows no change
    return count < 2 ? unknown_number(UnknownReason::not_done) : known_number(latest - first);
  case SeriesFunction::mean:
  case SeriesFunction::count:
  case SeriesFunction::trend:
  case SeriesFunction::rising:
  case SeriesFunction::falling: break;
  }
  return unknown_number(UnknownReason::invalid);
}

/// `rising` and `falling` of numbers, without making values of them; see values/series.h.
Value Machine::series_direction(const SeriesCall& call) const {
  std::int64_t count = 0, first = 0, latest = 0;
  for_each_in_series(call, [&](const Statement& each) {
    latest = each.number.value;
    if (count++ == 0) first = latest;
  });
  if (count == 0) return nothing_in_series(call);
  std::uint8_t last_state = bytecode::known;
  facts_.for_each_statement(call.input, at_, now_, [&](const Statement& each) { last_state = each.number.state; });
  if (last_state != bytecode::known) return static_cast<UnknownReason>(last_state);
  if (count < 2) return UnknownReason::not_done;
  return call.function == SeriesFunction::rising ? first < latest : latest < first;
}

std::optional<Machine::SeriesWindow> Machine::series_window(const SeriesCall& call, const Value* moment,
                                                            UnknownReason& reason) const {
  Instant until = at_;
  if (moment) {
    if (!moment->is_known()) {
      reason = moment->reason();
      return std::nullopt;
    }
    // A date stands for its last second, today for what is known by now. What is still to come, nobody has measured.
    const bool is_date = moment->is<Date>();
    const bool has_come = is_date ? moment->as<Date>() <= date_at(at_, now_.zone) : moment->as<Instant>() <= at_;
    if (!has_come) {
      reason = UnknownReason::not_done;
      return std::nullopt;
    }
    until =
        is_date ? Instant{now_.zone.instant_of(Date{moment->as<Date>().days + 1}).seconds - 1} : moment->as<Instant>();
    until = std::min(until, at_);
  }
  SeriesWindow window{{}, series_begin(call, until)};
  const Place& place = module_.inputs[call.input.index()];
  facts_.for_each_statement(call.input, at_, now_, [&](const Statement& each) {
    if (each.at > until) return;
    window.all.emplace_back(each.at, place.space() == Space::value ? each.value
                                     : place.space() == Space::number
                                         ? number_to_value(place.representation, each.number)
                                         : truth_to_value(each.number.state));
  });
  return window;
}

/// The same in exact values: means, trends, inputs that are no whole number of steps, and what was known in the past.
Value Machine::series_value(const SeriesCall& call, const Value* moment) const {
  const bool is_direction = call.function == SeriesFunction::rising || call.function == SeriesFunction::falling;
  if (is_direction && !moment && module_.inputs[call.input.index()].space() == Space::number)
    return series_direction(call);
  try {
    UnknownReason reason{};
    const auto window = series_window(call, moment, reason);
    return window ? aceso::series_value(call.function, window->all, window->from) : Value(reason);
  } catch (const std::bad_variant_access&) { // measurements of another kind: no guideline that was checked has them
    return UnknownReason::invalid;
  }
}

} // namespace aceso::interpret
