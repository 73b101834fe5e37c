#include "interpret/registers.h"

#include <limits>

namespace aceso::interpret {

using Form = Representation::Form;

Value number_to_value(const Representation& representation, Number number) {
  if (number.state != bytecode::known) return static_cast<UnknownReason>(number.state);
  switch (representation.form) {
  case Form::number: {
    const Rational step = representation.step;
    if (step == Rational(1)) return Rational(number.value);
    const auto value = Rational::make(static_cast<Int128>(number.value) * step.numerator(), step.denominator());
    return value ? Value(*value) : Value(UnknownReason::invalid);
  }
  case Form::choice:
    if (number.value < 0 || number.value > std::numeric_limits<std::uint32_t>::max()) return UnknownReason::invalid;
    return Choice{static_cast<std::uint32_t>(number.value)};
  case Form::date: return is_date(number.value) ? Value(Date{number.value}) : Value(UnknownReason::invalid);
  case Form::instant: return is_instant(number.value) ? Value(Instant{number.value}) : Value(UnknownReason::invalid);
  case Form::truth:
  case Form::value: break;
  }
  return UnknownReason::invalid;
}

Number to_number(const Representation& representation, const Value& value) {
  if (!value.is_known()) return unknown_number(value.reason());
  switch (representation.form) {
  case Form::number: {
    if (!value.is<Rational>()) break;
    const Rational number = value.as<Rational>(), step = representation.step;
    if (step == Rational(1) && number.is_integer()) return known_number(number.numerator());
    const auto steps = Rational::divide(number, step);
    if (!steps || !steps->is_integer()) break;
    return known_number(steps->numerator());
  }
  case Form::choice:
    if (value.is<Choice>()) return known_number(value.as<Choice>().index);
    break;
  case Form::date:
    if (value.is<Date>()) return known_number(value.as<Date>().days);
    break;
  case Form::instant:
    if (value.is<Instant>()) return known_number(value.as<Instant>().seconds);
    break;
  case Form::truth:
  case Form::value: break;
  }
  return unknown_number(UnknownReason::invalid);
}

Value read(const Registers& registers, const Place& place) {
  switch (place.space()) {
  case bytecode::Space::truth: return truth_to_value(registers.truths[place.index]);
  case bytecode::Space::number: return number_to_value(place.representation, registers.numbers[place.index]);
  case bytecode::Space::value: return registers.values[place.index];
  }
  return {};
}

} // namespace aceso::interpret
