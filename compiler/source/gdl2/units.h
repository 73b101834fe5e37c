#pragma once
/// Units as the library spells them, and the technical limits of values. Pure
/// functions.

#include <string>
#include <string_view>

namespace aceso::gdl2 {

/// "gm/dl" is "g/dL"; empty for what is no unit that Aceso knows. "1" stays
/// "1".
[[nodiscard]] std::string ucum_code(std::string_view spelling);

struct UnitLimits {
  std::string_view low, high;
  int decimals = 2;
};
[[nodiscard]] UnitLimits limits_of(std::string_view ucum);

/// As it stands in an Aceso text, behind a number: " kg", " years", "
/// '10*3/uL'", nothing for "1".
[[nodiscard]] std::string unit_suffix(std::string_view ucum, bool one = false);

/// True for calendar units and exact units of time.
[[nodiscard]] bool is_time(std::string_view ucum);
/// Whether values of one can be given in the other: months and years are apart
/// from days and weeks.
[[nodiscard]] bool converts(std::string_view a, std::string_view b);

/// Whether both can have steps of their own beside each other: not further
/// apart than a million.
[[nodiscard]] bool is_near(std::string_view a, std::string_view b);

} // namespace aceso::gdl2
