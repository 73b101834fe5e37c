#pragma once
/// How much of a text can stand in a JSON string as it is, for reading and for writing. Internal to runtime/module.

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace aceso {

[[nodiscard]] inline bool is_plain_json(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\';
}

[[nodiscard]] inline std::uint64_t eight_bytes(const char* text) {
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, text, 8);
  return bytes;
}

/// A bit, the highest, of every byte that is no printable ASCII, or a quotation mark or a backslash: such a byte has it
/// in one of the sums ("Bit Twiddling Hacks", S. E. Anderson, "Determine if a word has a byte less than n"). The lowest
/// bit is exact; above it there may be some too many.
[[nodiscard]] inline std::uint64_t special_json_bytes(std::uint64_t bytes) {
  constexpr std::uint64_t each = 0x0101'0101'0101'0101, highest = 0x80 * each;
  const auto is = [&](std::uint64_t byte) { return (bytes ^ byte * each) - each; };
  return ((bytes - 0x20 * each) | is('"') | is('\\') | is(0x7F) | bytes) & highest;
}
[[nodiscard]] inline bool are_plain_json(std::uint64_t bytes) { return special_json_bytes(bytes) == 0; }

/// How many of eight bytes stand before the first that is not plain; 8 for all.
[[nodiscard]] inline std::size_t plain_of_eight(const char* text) {
  if constexpr (std::endian::native == std::endian::little) {
    return static_cast<std::size_t>(std::countr_zero(special_json_bytes(eight_bytes(text)))) / 8;
  } else {
    return static_cast<std::size_t>(std::find_if_not(text, text + 8, is_plain_json) - text);
  }
}

/// How many bytes at the beginning are plain.
[[nodiscard]] inline std::size_t plain_json_prefix(std::string_view text) {
  std::size_t at = 0;
  while (text.size() - at >= 8) {
    const std::size_t plain = plain_of_eight(text.data() + at);
    at += plain;
    if (plain < 8) return at;
  }
  while (at < text.size() && is_plain_json(text[at]))
    ++at;
  return at;
}

} // namespace aceso
