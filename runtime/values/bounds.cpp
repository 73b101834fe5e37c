#include "values/bounds.h"

namespace aceso {
namespace {

bool is_less(const Value& a, const Value& b) {
  return a.is<Date>() ? a.as<Date>() < b.as<Date>() : a.as<Rational>() < b.as<Rational>();
}

} // namespace

Value least_of(const Value& value) {
  if (value.is<DateRange>()) return value.as<DateRange>().first;
  if (value.is<Boxed<NumberBounds>>()) return value.as<Boxed<NumberBounds>>()->least;
  return value;
}

Value most_of(const Value& value) {
  if (value.is<DateRange>()) return value.as<DateRange>().last;
  if (value.is<Boxed<NumberBounds>>()) return value.as<Boxed<NumberBounds>>()->most;
  return value;
}

Value between(const Value& least, const Value& most) {
  if (!least.is_known()) return least;
  if (!most.is_known() || least == most) return most;
  if (least.is<Date>()) return DateRange{least.as<Date>(), most.as<Date>()};
  if (least.is<Rational>()) return NumberBounds{least.as<Rational>(), most.as<Rational>()};
  return UnknownReason::not_asked;
}

Truth are_equal(const Value& a, const Value& b) {
  const Value a_least = least_of(a), a_most = most_of(a), b_least = least_of(b), b_most = most_of(b);
  if (is_less(a_most, b_least) || is_less(b_most, a_least)) return Truth::no;
  return a_least == a_most && b_least == b_most ? Truth::yes : Truth::unknown;
}

} // namespace aceso
