/// Characters of plain text, without the locale that <cctype> asks.
#pragma once

namespace aceso {

[[nodiscard]] constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

} // namespace aceso
