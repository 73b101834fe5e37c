/// Functions over the dated values of an input.
#include "interpret/machine.h"
#include "interpret/value_operations.h"

namespace aceso::interpret {

using bytecode::SeriesFunction;
using bytecode::Space;

/// What lies before counts no more: the window of the call, and the freshness of the input.
std::optional<Instant> Machine::series_begin(const SeriesCall& call) const {
  std::optional<Instant> begin;
  for (const auto* period : {&call.window, &module_.dictionary[call.input].fresh_for}) {
    if (!*period) continue;
    const Instant start = add(at_, **period, now_.offset_seconds, -1);
    if (!begin || start > *begin) begin = start;
  }
  return begin;
}

namespace {

bool is_told(Space space, const Statement& statement) {
  if (space == Space::truth) return statement.number.state >= bytecode::no;
  return space == Space::number ? statement.number.state == bytecode::known : statement.value.is_known();
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

Number Machine::series_number(const SeriesCall& call) const {
  const Space space = module_.inputs[call.input.index()].space();
  const auto begin = series_begin(call);
  std::int64_t count = 0, first = 0, latest = 0, highest = 0, lowest = 0;
  facts_.for_each_statement(call.input, at_, now_, [&](const Statement& each) {
    if (!is_told(space, each) || (begin && each.at < *begin)) return;
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
  case SeriesFunction::count: break;
  }
  return unknown_number(UnknownReason::invalid);
}

/// The same in exact values: means, and inputs that are no whole number of steps.
void Machine::series_value(const SeriesCall& call, Value& result) const {
  const Place& place = module_.inputs[call.input.index()];
  const auto begin = series_begin(call);
  std::int64_t count = 0;
  Value first, latest, highest, lowest;
  std::optional<Rational> total = Rational(0);
  facts_.for_each_statement(call.input, at_, now_, [&](const Statement& each) {
    if (!is_told(place.space(), each) || (begin && each.at < *begin)) return;
    const Value value = place.space() == Space::value    ? each.value
                        : place.space() == Space::number ? number_to_value(place.representation, each.number)
                                                         : truth_to_value(each.number.state);
    if (count++ == 0) first = highest = lowest = value;
    latest = value;
    if (is_less(highest, value, false).value_or(false)) highest = value;
    if (is_less(value, lowest, false).value_or(false)) lowest = value;
    total = total && value.is<Rational>() ? Rational::add(*total, value.as<Rational>()) : std::nullopt;
  });
  if (count == 0) {
    result = nothing_in_series(call);
    return;
  }
  const auto number = [&](std::optional<Rational> r) {
    if (r)
      result = *r;
    else
      result = UnknownReason::invalid;
  };
  switch (call.function) {
  case SeriesFunction::latest: result = latest; break;
  case SeriesFunction::first: result = first; break;
  case SeriesFunction::highest: result = highest; break;
  case SeriesFunction::lowest: result = lowest; break;
  case SeriesFunction::mean: number(total ? Rational::divide(*total, Rational(count)) : std::nullopt); break;
  case SeriesFunction::change:
    if (count < 2)
      result = UnknownReason::not_done;
    else
      number(first.is<Rational>() && latest.is<Rational>()
                 ? Rational::subtract(latest.as<Rational>(), first.as<Rational>())
                 : std::nullopt);
    break;
  case SeriesFunction::count: result = Rational(count); break;
  }
}

} // namespace aceso::interpret
