#include "values/time_operations.h"

#include <algorithm>

#include "values/bounds.h"

namespace aceso {
namespace {

using Operation = TimeOperation;

bool moves(Operation operation) { return operation >= Operation::add_months; }

template <class Moved>
Value moved(std::optional<Moved> result) {
  return result ? Value(*result) : Value(UnknownReason::invalid);
}

Value move(Operation operation, const Value& start, Rational amount, const Zone& zone) {
  if (!amount.is_integer()) return UnknownReason::invalid;
  const std::int64_t count = amount.numerator();
  if (operation == Operation::add_days) return moved(add_days(start.as<Date>(), count));
  if (operation == Operation::add_seconds) return moved(checked_add(start.as<Instant>(), {0, count}, zone));
  if (start.is<Instant>()) return moved(checked_add(start.as<Instant>(), {count, 0}, zone));
  return moved(add_months(start.as<Date>(), count));
}

std::int64_t distance(Operation operation, const Value& from, const Value& to) {
  const auto dates = [&](auto measure) { return measure(from.as<Date>(), to.as<Date>()); };
  const auto seconds = [&](std::int64_t unit) { return completed_seconds(from.as<Instant>(), to.as<Instant>(), unit); };
  switch (operation) {
  case Operation::years_between: return dates(completed_years);
  case Operation::months_between: return dates(completed_months);
  case Operation::weeks_between: return completed_days(from.as<Date>(), to.as<Date>(), 7);
  case Operation::days_between: return completed_days(from.as<Date>(), to.as<Date>());
  case Operation::hours_between: return seconds(3600);
  case Operation::minutes_between: return seconds(60);
  default: break;
  }
  if (from.is<TimeOfDay>()) return to.as<TimeOfDay>().seconds - from.as<TimeOfDay>().seconds;
  return seconds(1);
}

} // namespace

Value calculate(TimeOperation operation, const Value& a, const Value& b, const Zone& zone) {
  if (a.is<Unknown>() || b.is<Unknown>()) {
    if (!a.is<Unknown>()) return b;
    return b.is<Unknown>() ? std::min(a.reason(), b.reason()) : a.reason();
  }
  const auto known = [&](const std::vector<Value>& operands) {
    return moves(operation) ? move(operation, operands[0], operands[1].as<Rational>(), zone)
                            : Value(Rational(distance(operation, operands[0], operands[1])));
  };
  // What is moved moves with both operands; the time between grows as its beginning lies earlier.
  return monotone(
      std::vector<Value>{a, b}, [&](std::size_t i) { return i == 0 && !moves(operation); }, known);
}

} // namespace aceso
