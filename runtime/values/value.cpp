#include "values/value.h"

#include "values/interval.h"

namespace aceso {

Value::Value(Interval i) : storage_(Boxed<Interval>(i)) {}

bool Value::is_known() const {
  if (const auto* interval = std::get_if<Boxed<Interval>>(&storage_)) return (*interval)->is_known();
  return !is<Unknown>() && !is<DateRange>() && !is<Boxed<NumberBounds>>();
}

UnknownReason Value::reason() const {
  if (const auto* interval = std::get_if<Boxed<Interval>>(&storage_)) return (*interval)->reason;
  return is<Unknown>() ? as<Unknown>().reason : UnknownReason::not_asked;
}

} // namespace aceso
