#pragma once
/// The canonical layout of a whole file, from its words.

#include <string>
#include <string_view>

namespace aceso::format {

/// The text laid out once. Throws `Unreadable` where it is not a file without syntax errors.
[[nodiscard]] std::string lay_out(std::string_view text);

} // namespace aceso::format
