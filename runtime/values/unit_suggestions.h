#pragma once
#include <string>
#include <string_view>
namespace aceso::units {
/// A valid code that was probably meant by one that is not valid ("mmHg" -> "mm[Hg]"), or nothing in it.
[[nodiscard]] std::string suggest_unit(std::string_view code);
} // namespace aceso::units
