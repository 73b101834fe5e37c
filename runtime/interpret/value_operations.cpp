#include "interpret/value_operations.h"

#include <algorithm>

namespace aceso::interpret {

using bytecode::ValueOperation;

namespace {

using Operands = std::span<const Value* const>;

/// The first in the order of UnknownReason among the unknown operands; nothing where all are known.
std::optional<UnknownReason> unknown_among(Operands operands) {
  std::optional<UnknownReason> reason;
  for (const Value* v : operands)
    if (!v->is_known()) reason = std::min(reason.value_or(v->reason()), v->reason());
  return reason;
}

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

Value compute(const Dictionary& dictionary, ValueOperation operation, const Parameters& parameters, Operands operands) {
  switch (operation) {
  case ValueOperation::equal: return *operands[0] == *operands[1];
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

} // namespace

std::optional<bool> is_less(const Value& a, const Value& b, bool or_equal) {
  if (a.storage().index() != b.storage().index()) return std::nullopt;
  const auto compare = [&](auto x, auto y) { return or_equal ? x <= y : x < y; };
  if (a.is<Rational>()) return compare(a.as<Rational>(), b.as<Rational>());
  if (a.is<Choice>()) return compare(a.as<Choice>(), b.as<Choice>());
  if (a.is<Date>()) return compare(a.as<Date>(), b.as<Date>());
  if (a.is<Instant>()) return compare(a.as<Instant>(), b.as<Instant>());
  return std::nullopt;
}

ValueList& make_list(Value& result, std::size_t size) {
  if (!result.is<ValueList>()) result = ValueList();
  auto& list = const_cast<ValueList&>(result.as<ValueList>()); // `result` itself is not const
  list.resize(size);
  return list;
}

void apply(const Dictionary& dictionary, ValueOperation operation, const Parameters& parameters, Operands operands,
           Value& result) {
  if (operation == ValueOperation::list) {
    ValueList& list = make_list(result, operands.size());
    for (std::size_t i = 0; i < operands.size(); ++i)
      list[i] = *operands[i];
    return;
  }
  if (const auto reason = unknown_among(operands))
    result = *reason;
  else
    result = compute(dictionary, operation, parameters, operands);
}

} // namespace aceso::interpret
