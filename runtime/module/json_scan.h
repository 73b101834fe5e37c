#pragma once
/// How much of a text can stand in a JSON string as it is, for reading and for writing. Internal to runtime/module.

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

/// Whether all of the eight bytes are printable ASCII, neither a quotation mark nor a backslash: a byte that is not has
/// its highest bit set in one of the sums ("Bit Twiddling Hacks", S. E. Anderson, "Determine if a word has a byte less
/// than n").
[[nodiscard]] inline bool are_plain_json(std::uint64_t bytes) {
  constexpr std::uint64_t each = 0x0101'0101'0101'0101, highest = 0x80 * each;
  const auto is = [&](std::uint64_t byte) { return (bytes ^ byte * each) - each; };
  const std::uint64_t found = (bytes - 0x20 * each) | is('"') | is('\\') | is(0x7F) | bytes;
  return (found & highest) == 0;
}

/// How many bytes at the beginning are plain.
[[nodiscard]] inline std::size_t plain_json_prefix(std::string_view text) {
  std::size_t at = 0;
  while (text.size() - at >= 8 && are_plain_json(eight_bytes(text.data() + at)))
    at += 8;
  // What is left at the end, together with what came before it.
  if (text.size() - at < 8 && text.size() >= 8 && are_plain_json(eight_bytes(text.data() + text.size() - 8)))
    return text.size();
  while (at < text.size() && is_plain_json(text[at]))
    ++at;
  return at;
}

} // namespace aceso
