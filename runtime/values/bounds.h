#pragma once
/// What is known of a value that is not known in full: its bounds. Pure; thread-safe.

#include "values/value.h"

namespace aceso {

/// The first day a partial date may be, the least a number may be; any other value as it is.
[[nodiscard]] Value least_of(const Value& value);
[[nodiscard]] Value most_of(const Value& value);

/// A value that lies between two of its kind: known where they are one; of dates and numbers, their bounds; of yes and
/// no, unknown. Where one of the two is unknown, so is the result.
[[nodiscard]] Value between(const Value& least, const Value& most);

/// yes or no where every completion of the partly known operands says so; both are dates or both numbers.
[[nodiscard]] Truth are_equal(const Value& a, const Value& b);

/// The value of an operation that goes up or down with each of its operands, with partly known operands among them:
/// `calculate` is asked at both extremes. `falls(i)`: the result falls as operand `i` rises.
template <class Falls, class Calculate>
[[nodiscard]] Value monotone(const std::vector<Value>& operands, Falls falls, Calculate calculate) {
  std::vector<Value> low, high;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    low.push_back(falls(i) ? most_of(operands[i]) : least_of(operands[i]));
    high.push_back(falls(i) ? least_of(operands[i]) : most_of(operands[i]));
  }
  return between(calculate(low), calculate(high));
}

} // namespace aceso
