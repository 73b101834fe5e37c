#include "codegen/registers.h"

#include <numeric>

namespace aceso::codegen {

using bytecode::Space;
using graph::NumberRange;
using Form = Representation::Form;

std::optional<std::int64_t> steps_of(Rational value, Rational step) {
  const auto steps = Rational::divide(value, step);
  if (!steps || !steps->is_integer() || steps->numerator() > most_steps || steps->numerator() < -most_steps)
    return std::nullopt;
  return steps->numerator();
}

std::optional<Rational> common_step(Rational a, Rational b) {
  const Int128 x = static_cast<Int128>(a.numerator()) * b.denominator();
  const Int128 y = static_cast<Int128>(b.numerator()) * a.denominator();
  Int128 g = x, h = y;
  while (h != 0) {
    const Int128 rest = g % h;
    g = h;
    h = rest;
  }
  return Rational::make(g, static_cast<Int128>(a.denominator()) * b.denominator());
}

std::optional<NumberRange> range_of_input(const TypeInfo& type) {
  if (!type.minimum || !type.maximum || !type.step) return std::nullopt;
  const auto step = *type.minimum == Rational(0) ? type.step : common_step(*type.minimum, *type.step);
  if (!step) return std::nullopt;
  return NumberRange{*type.minimum, *type.maximum, *step};
}

namespace {

/// Every value of the range is a whole number of steps in a register, and a fraction of 64 bits in the reference.
bool fits_register(const NumberRange& range) {
  if (range.step <= Rational(0)) return false;
  for (const Rational bound : {range.minimum, range.maximum}) {
    const auto steps = Rational::divide(bound, range.step);
    if (!steps) return false;
    const Int128 whole = steps->numerator() / steps->denominator();
    const Int128 numerator = (whole < 0 ? -whole : whole) * range.step.numerator();
    if (whole > most_steps || whole < -most_steps || numerator > most_steps) return false;
  }
  return true;
}

} // namespace

Representation representation_of(const TypeInfo& type, const std::optional<NumberRange>& range) {
  switch (type.kind) {
  case TypeKind::yes_no: return {Form::truth, 1};
  case TypeKind::choice:
  case TypeKind::scale:
  case TypeKind::action: return {Form::choice, 1};
  case TypeKind::number:
  case TypeKind::duration:
    if (range && fits_register(*range)) return {Form::number, range->step};
    break;
  case TypeKind::instant: return {Form::instant, 1};
  case TypeKind::date: // may be known in part
  case TypeKind::time:
  case TypeKind::interval:
  case TypeKind::list:
  case TypeKind::code: break;
  }
  return {Form::value, 1};
}

std::uint32_t RegisterFile::fresh(Space space) {
  return space == Space::truth ? module_.truths++ : space == Space::number ? module_.numbers++ : module_.values++;
}

std::uint32_t RegisterFile::truth_constant(std::uint8_t truth) {
  const auto [place, is_new] = truths_.try_emplace(truth, module_.truths);
  if (is_new) module_.truth_constants.push_back({fresh(Space::truth), truth});
  return place->second;
}

std::uint32_t RegisterFile::number_constant(bytecode::Number number) {
  const auto [place, is_new] = numbers_.try_emplace({number.state, number.value}, module_.numbers);
  if (is_new) module_.number_constants.push_back({fresh(Space::number), number});
  return place->second;
}

std::uint32_t RegisterFile::value_constant(const Value& value) {
  for (const ValueConstant& each : module_.value_constants)
    if (each.value == value) return each.index;
  module_.value_constants.push_back({fresh(Space::value), value});
  return module_.value_constants.back().index;
}

std::uint32_t RegisterFile::truth_block(const std::vector<std::uint8_t>& truths) {
  const std::uint32_t first = module_.truths;
  for (const std::uint8_t each : truths)
    module_.truth_constants.push_back({fresh(Space::truth), each});
  return first;
}

std::uint32_t RegisterFile::number_block(const std::vector<bytecode::Number>& numbers) {
  const std::uint32_t first = module_.numbers;
  for (const bytecode::Number each : numbers)
    module_.number_constants.push_back({fresh(Space::number), each});
  return first;
}

} // namespace aceso::codegen
