#pragma once
/// Registers and how they stand for values of the language.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "module/module.h"

namespace aceso::interpret {

using bytecode::Number;

struct Registers {
  std::vector<std::uint8_t> truths;
  std::vector<Number> numbers;
  std::vector<Value> values;
};

/// Dates of the years 0001 to 9999; outside of them the calendar is not asked.
[[nodiscard]] constexpr bool is_date(std::int64_t days) { return days >= -719'162 && days <= 2'932'896; }
/// Instants of those years, with room for every offset.
[[nodiscard]] constexpr bool is_instant(std::int64_t seconds) {
  return seconds >= -719'163 * std::int64_t{86'400} && seconds <= 2'932'898 * std::int64_t{86'400};
}

[[nodiscard]] inline Value truth_to_value(std::uint8_t truth) {
  return truth < bytecode::no ? Value(static_cast<UnknownReason>(truth)) : Value(truth == bytecode::yes);
}
[[nodiscard]] inline std::uint8_t to_truth(const Value& value) {
  if (!value.is_known()) return static_cast<std::uint8_t>(value.reason());
  if (!value.is<bool>()) return static_cast<std::uint8_t>(UnknownReason::invalid);
  return value.as<bool>() ? bytecode::yes : bytecode::no;
}

[[nodiscard]] constexpr Number known_number(std::int64_t value) { return {value, bytecode::known}; }
[[nodiscard]] constexpr Number unknown_number(UnknownReason reason) { return {0, static_cast<std::uint8_t>(reason)}; }

/// invalid where the number is none of the kind (a date that does not exist, a fraction beyond 64 bits).
[[nodiscard]] Value number_to_value(const Representation& representation, Number number);
/// invalid where the value is of another kind or no whole number of steps.
[[nodiscard]] Number to_number(const Representation& representation, const Value& value);

/// The value in a register.
[[nodiscard]] Value read(const Registers& registers, const Place& place);

} // namespace aceso::interpret
