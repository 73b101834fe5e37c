#pragma once
/// How wide numbers are, and from when on another form is taken for them. Internal to runtime/batch/symbols_*.cpp.

#include <limits>

#include "batch/symbols.h"

namespace aceso::batch {

inline constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
inline constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();
inline constexpr std::size_t most_cases = 24;       ///< more constants than that are kept as digits or in a column
inline constexpr std::int64_t most_of_bits = 4095;  ///< a wider range is calculated in a column
inline constexpr std::uint64_t most_of_column = 23; ///< a column of so few values may be taken apart into cases

inline std::size_t digits(std::uint64_t value) {
  std::size_t count = 0;
  for (; value != 0; value >>= 1)
    ++count;
  return count;
}

inline std::uint64_t distance(std::int64_t from, std::int64_t to) {
  return static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
}

/// Bytes of the narrowest signed integer that holds both; results that may leave 64 bits wrap around in 8.
inline std::uint8_t width_of(Int128 least, Int128 most) {
  if (least >= -0x8000 && most <= 0x7fff) return 2;
  return least >= -Int128{0x8000'0000} && most <= Int128{0x7fff'ffff} ? 4 : 8;
}

} // namespace aceso::batch
