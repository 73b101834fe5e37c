#pragma once
/// How much of a text can stand in a JSON string as it is, for reading and for writing. Internal to runtime/module.

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace aceso {

/// How many bytes at the beginning are printable ASCII, neither a quotation mark nor a backslash. Eight at a time: a
/// byte that is not has its highest bit set in one of the sums ("Bit Twiddling Hacks", S. E. Anderson, "Determine if a
/// word has a byte less than n").
[[nodiscard]] inline std::size_t plain_json_prefix(std::string_view text) {
  constexpr std::uint64_t each = 0x0101'0101'0101'0101, highest = 0x80 * each;
  std::size_t at = 0;
  if constexpr (std::endian::native == std::endian::little) {
    const auto is_plain = [&](std::size_t begin) {
      std::uint64_t bytes = 0;
      std::memcpy(&bytes, text.data() + begin, 8);
      const auto is = [&](std::uint64_t byte) { return (bytes ^ byte * each) - each; };
      const std::uint64_t found = (bytes - 0x20 * each) | is('"') | is('\\') | is(0x7F) | bytes;
      return (found & highest) == 0;
    };
    while (text.size() - at >= 8 && is_plain(at))
      at += 8;
    // What is left at the end, together with what came before it.
    if (text.size() - at < 8 && text.size() >= 8 && is_plain(text.size() - 8)) return text.size();
  }
  for (; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x20 || byte >= 0x7F || byte == '"' || byte == '\\') break;
  }
  return at;
}

} // namespace aceso
