#pragma once
/// What a text must be before it is lexed.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "diagnostics/diagnostic.h"

namespace aceso::parse {

/// Reports a text that is too large (A0002), is not UTF-8 (A0003), or has invisible controls of the writing direction
/// (A0004) or other control characters (A0006). Returns true where the text can be lexed; linear in its size.
/// Tabs and the line ends \n, \r\n and \r are fine. U+200C and U+200D, which some scripts need, are fine too.
[[nodiscard]] bool check_hygiene(std::string_view text, std::uint32_t file, std::size_t max_bytes,
                                 diagnostics::Sink& sink);

/// 3 where the text begins with a byte order mark, else 0.
[[nodiscard]] std::size_t byte_order_mark(std::string_view text);

/// The code point at `offset` of a valid UTF-8 text, and its length in bytes.
struct CodePoint {
  std::uint32_t value = 0;
  std::uint32_t length = 1;
};
[[nodiscard]] CodePoint code_point(std::string_view text, std::size_t offset);

} // namespace aceso::parse
