#pragma once
/// Signs that other languages and word processors use, and what stands for them here.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace aceso::parse {

struct ForeignSign {
  bool known = false;
  std::size_t type = 0; ///< of the token that takes its place; 0: it is left out
  std::string mend;
};

/// "==", "&&", ... `in_table` decides what "=>" was meant to be.
[[nodiscard]] ForeignSign foreign_sign(std::string_view sign, bool in_table);
/// Mathematical signs, typographic dashes, special spaces: not known for letters.
[[nodiscard]] ForeignSign foreign_character(std::uint32_t code_point);
[[nodiscard]] bool is_curly_quote(std::uint32_t code_point);

} // namespace aceso::parse
