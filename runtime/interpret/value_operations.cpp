#include "interpret/value_operations.h"

#include <algorithm>
#include <variant>

#include "values/bounds.h"
#include "values/interval.h"
#include "values/time_operations.h"

namespace aceso::interpret {

using bytecode::ValueOperation;

namespace {

using Operands = std::span<const Value* const>;

Value number(std::optional<Rational> r) { return r ? Value(*r) : Value(UnknownReason::invalid); }

template <class Operation>
Value on_numbers(Operands operands, Operation operation) {
  for (const Value* v : operands)
    if (!v->is<Rational>()) return UnknownReason::invalid;
  return operation([&](std::size_t i) { return operands[i]->as<Rational>(); });
}

Value extreme(Operands operands, bool largest) {
  const Value* best = operands.front();
  for (const Value* v : operands) {
    const auto better = largest ? is_less(*best, *v, false) : is_less(*v, *best, false);
    if (!better) return UnknownReason::invalid;
    if (*better) best = v;
  }
  return *best;
}

/// A list may hold unknown elements: then absence is not known either.
Value contains(const Value& list, const Value& wanted) {
  if (!list.is<ValueList>()) return UnknownReason::invalid;
  std::optional<UnknownReason> reason;
  for (const Value& element : list.as<ValueList>()) {
    if (!element.is_known())
      reason = std::min(reason.value_or(element.reason()), element.reason());
    else if (element == wanted)
      return true;
  }
  return reason ? Value(*reason) : Value(false);
}

bool holds_codes(const Value& value) {
  if (!value.is<ValueList>()) return value.is<Concept>();
  const auto& list = value.as<ValueList>();
  return std::all_of(list.begin(), list.end(), [](const Value& v) { return !v.is_known() || v.is<Concept>(); });
}

Value compared(std::optional<bool> result) { return result ? Value(*result) : Value(UnknownReason::invalid); }

Value truth_value(Truth truth, Operands operands) {
  return Value::from(truth, unknown_among(operands).value_or(UnknownReason::not_applicable));
}

Value equal_partly(Operands operands) {
  const Value &a = *operands[0], &b = *operands[1];
  if (a.is<Boxed<Interval>>() && b.is<Boxed<Interval>>())
    return truth_value(are_equal(*a.as<Boxed<Interval>>(), *b.as<Boxed<Interval>>()), operands);
  return truth_value(are_equal(a, b), operands);
}

Value interval(const Parameters& parameters, Operands operands) {
  using Form = IntervalForm;
  const std::uint8_t form = parameters.detail;
  const IntervalEnd low{form & Form::no_low ? nullptr : operands.front(), (form & Form::low_excluded) != 0};
  const IntervalEnd high{form & Form::no_high ? nullptr : operands.back(), (form & Form::high_excluded) != 0};
  return make_interval(static_cast<PointKind>(parameters.reference), low, high);
}

Value relation(const Parameters& parameters, Operands operands) {
  const auto kind = static_cast<PointKind>(parameters.reference);
  const Interval a = as_interval(kind, *operands[0]), b = as_interval(kind, *operands[1]);
  if (a.kind != kind || b.kind != kind) return UnknownReason::invalid;
  return truth_value(holds(static_cast<Relation>(parameters.detail), a, b), operands);
}

Value compute(const Dictionary& dictionary, ValueOperation operation, const Parameters& parameters, Operands operands) {
  switch (operation) {
  case ValueOperation::equal:
    if (operands[0]->is<Boxed<Interval>>() && operands[1]->is<Boxed<Interval>>()) return equal_partly(operands);
    return *operands[0] == *operands[1];
  case ValueOperation::less: return compared(is_less(*operands[0], *operands[1], false));
  case ValueOperation::less_or_equal: return compared(is_less(*operands[0], *operands[1], true));
  case ValueOperation::minimum: return extreme(operands, false);
  case ValueOperation::maximum: return extreme(operands, true);
  case ValueOperation::lookup: {
    const std::size_t position = operands[0]->is<Choice>() ? operands[0]->as<Choice>().index : parameters.list.size();
    return position < parameters.list.size() ? parameters.list[position] : Value(UnknownReason::invalid);
  }
  case ValueOperation::contains: return contains(*operands[0], *operands[1]);
  case ValueOperation::member_of:
    if (!holds_codes(*operands[0])) return UnknownReason::invalid;
    return is_member(dictionary.value_sets[parameters.reference].codes, *operands[0],
                     static_cast<Quantifier>(parameters.detail));
  case ValueOperation::length:
    if (!operands[0]->is<ValueList>()) return UnknownReason::invalid;
    return Rational(static_cast<std::int64_t>(operands[0]->as<ValueList>().size()));
  default: break;
  }
  return on_numbers(operands, [&](auto at) -> Value {
    switch (operation) {
    case ValueOperation::add: {
      Rational total;
      for (std::size_t i = 0; i < operands.size(); ++i) {
        const auto next = Rational::add(total, at(i));
        if (!next) return UnknownReason::invalid;
        total = *next;
      }
      return total;
    }
    case ValueOperation::subtract: return number(Rational::subtract(at(0), at(1)));
    case ValueOperation::multiply: return number(Rational::multiply(at(0), at(1)));
    case ValueOperation::divide:
      if (at(1) == Rational(0)) return UnknownReason::not_applicable;
      return number(Rational::divide(at(0), at(1)));
    case ValueOperation::negate: return number(Rational::subtract(0, at(0)));
    case ValueOperation::absolute: return at(0) < Rational(0) ? number(Rational::subtract(0, at(0))) : Value(at(0));
    case ValueOperation::convert: {
      const auto scaled = Rational::multiply(at(0), parameters.factor);
      return scaled ? number(Rational::add(*scaled, parameters.offset)) : Value(UnknownReason::invalid);
    }
    default: return UnknownReason::invalid; // reals have no value of their own: see values/real.h
    }
  });
}

enum class Direction : std::uint8_t { none, rises, falls };

/// How the result of an operation moves with its operands; `none`: not in one direction.
Direction direction(ValueOperation operation, const Parameters& parameters, std::size_t operand) {
  switch (operation) {
  case ValueOperation::add:
  case ValueOperation::minimum:
  case ValueOperation::maximum: return Direction::rises;
  case ValueOperation::negate: return Direction::falls;
  case ValueOperation::subtract: return operand == 0 ? Direction::rises : Direction::falls;
  case ValueOperation::less:
  case ValueOperation::less_or_equal: return operand == 0 ? Direction::falls : Direction::rises;
  case ValueOperation::convert: return parameters.factor < Rational(0) ? Direction::falls : Direction::rises;
  default: return Direction::none;
  }
}

Value compute_with_unknowns(const Dictionary& dictionary, const Zone& zone, ValueOperation operation,
                            const Parameters& parameters, Operands operands);

/// Partly known operands: the result is known as far as all they may be agree.
Value compute_partly(const Dictionary& dictionary, const Zone& zone, ValueOperation operation,
                     const Parameters& parameters, Operands operands) {
  if (operation == ValueOperation::equal) return equal_partly(operands);
  if (direction(operation, parameters, 0) == Direction::none) return *unknown_among(operands);
  std::vector<Value> values;
  for (const Value* each : operands)
    values.push_back(*each);
  return monotone(
      values, [&](std::size_t i) { return direction(operation, parameters, i) == Direction::falls; },
      [&](const std::vector<Value>& ends) {
        std::vector<const Value*> pointers;
        for (const Value& each : ends)
          pointers.push_back(&each);
        // Only numbers and dates have ends that are known; of another kind nothing is asked twice.
        if (const auto reason = unknown_among(pointers)) return Value(*reason);
        return compute_with_unknowns(dictionary, zone, operation, parameters, pointers);
      });
}

std::optional<TimeOperation> time_operation(ValueOperation operation) {
  switch (operation) {
  case ValueOperation::years_between: return TimeOperation::years_between;
  case ValueOperation::months_between: return TimeOperation::months_between;
  case ValueOperation::weeks_between: return TimeOperation::weeks_between;
  case ValueOperation::days_between: return TimeOperation::days_between;
  case ValueOperation::hours_between: return TimeOperation::hours_between;
  case ValueOperation::minutes_between: return TimeOperation::minutes_between;
  case ValueOperation::seconds_between: return TimeOperation::seconds_between;
  case ValueOperation::add_months: return TimeOperation::add_months;
  case ValueOperation::add_days: return TimeOperation::add_days;
  case ValueOperation::add_seconds: return TimeOperation::add_seconds;
  default: return std::nullopt;
  }
}

Value compute_with_unknowns(const Dictionary& dictionary, const Zone& zone, ValueOperation operation,
                            const Parameters& parameters, Operands operands) {
  if (const auto time = time_operation(operation)) return calculate(*time, *operands[0], *operands[1], zone);
  if (operation == ValueOperation::interval) return interval(parameters, operands);
  if (operation == ValueOperation::relation) return relation(parameters, operands);
  if (std::any_of(operands.begin(), operands.end(), [](const Value* v) { return v->is<Unknown>(); }))
    return *unknown_among(operands);
  switch (operation) {
  case ValueOperation::date_of: return date_at(operands[0]->as<Instant>(), zone);
  case ValueOperation::time_of: return time_at(operands[0]->as<Instant>(), zone);
  case ValueOperation::start_of: return start_of(*operands[0]->as<Boxed<Interval>>());
  case ValueOperation::end_of: return end_of(*operands[0]->as<Boxed<Interval>>());
  case ValueOperation::intersection: {
    const Interval &a = *operands[0]->as<Boxed<Interval>>(), &b = *operands[1]->as<Boxed<Interval>>();
    return a.kind == b.kind ? intersection(a, b) : Value(UnknownReason::invalid);
  }
  default: break;
  }
  if (unknown_among(operands)) return compute_partly(dictionary, zone, operation, parameters, operands);
  return compute(dictionary, operation, parameters, operands);
}

} // namespace

std::optional<UnknownReason> unknown_among(Operands operands) {
  std::optional<UnknownReason> reason;
  for (const Value* v : operands)
    if (!v->is_known()) reason = std::min(reason.value_or(v->reason()), v->reason());
  return reason;
}

std::optional<bool> is_less(const Value& a, const Value& b, bool or_equal) {
  if (a.storage().index() != b.storage().index()) return std::nullopt;
  const auto compare = [&](auto x, auto y) { return or_equal ? x <= y : x < y; };
  if (a.is<Rational>()) return compare(a.as<Rational>(), b.as<Rational>());
  if (a.is<Choice>()) return compare(a.as<Choice>(), b.as<Choice>());
  if (a.is<Date>()) return compare(a.as<Date>(), b.as<Date>());
  if (a.is<TimeOfDay>()) return compare(a.as<TimeOfDay>(), b.as<TimeOfDay>());
  if (a.is<Instant>()) return compare(a.as<Instant>(), b.as<Instant>());
  return std::nullopt;
}

ValueList& make_list(Value& result, std::size_t size) {
  if (!result.is<ValueList>()) result = ValueList();
  auto& list = const_cast<ValueList&>(result.as<ValueList>()); // `result` itself is not const
  list.resize(size);
  return list;
}

void apply(const Dictionary& dictionary, const Zone& zone, ValueOperation operation, const Parameters& parameters,
           Operands operands, Value& result) {
  if (operation == ValueOperation::list) {
    ValueList& list = make_list(result, operands.size());
    for (std::size_t i = 0; i < operands.size(); ++i)
      list[i] = *operands[i];
    return;
  }
  try {
    result = compute_with_unknowns(dictionary, zone, operation, parameters, operands);
  } catch (const std::bad_variant_access&) { // an operand of another kind: no guideline that was checked has one
    result = UnknownReason::invalid;
  }
}

} // namespace aceso::interpret
