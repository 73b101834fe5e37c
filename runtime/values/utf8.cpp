#include "values/utf8.h"

#include <cstdint>
#include <cstring>

namespace aceso {

bool is_utf8(std::string_view text) {
  const auto eight_are_ascii = [&](std::size_t at) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, text.data() + at, sizeof eight);
    return (eight & 0x8080808080808080) == 0;
  };
  for (std::size_t i = 0; i < text.size();) {
    if (text.size() - i >= 8) {
      if (eight_are_ascii(i)) {
        i += 8;
        continue;
      }
    } else if (text.size() >= 8 && eight_are_ascii(text.size() - 8)) {
      return true; // the last eight, some of them for the second time
    }
    const auto byte = [&](std::size_t k) { return static_cast<std::uint8_t>(text[k]); };
    const std::uint8_t first = byte(i);
    const std::size_t size = first < 0x80   ? 1
                             : first < 0xc2 ? 0
                             : first < 0xe0 ? 2
                             : first < 0xf0 ? 3
                             : first < 0xf5 ? 4
                                            : 0;
    if (size == 0 || text.size() - i < size) return false;
    for (std::size_t k = 1; k < size; ++k)
      if ((byte(i + k) & 0xc0) != 0x80) return false;
    // Table 3-7 of the Unicode Standard: the second byte is narrower after four of the first bytes.
    if (size > 2) {
      const std::uint8_t second = byte(i + 1);
      if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) || (first == 0xf0 && second < 0x90) ||
          (first == 0xf4 && second > 0x8f))
        return false;
    }
    i += size;
  }
  return true;
}

} // namespace aceso
