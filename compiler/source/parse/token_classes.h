#pragma once
/// What a word or sign can be, by its token type.

#include <cstddef>

namespace aceso::parse {

/// True for the keywords that begin a declaration.
[[nodiscard]] bool begins_declaration(std::size_t type);
/// True for names and for keywords that stay usable as names.
[[nodiscard]] bool can_be_name(std::size_t type);
/// `day`, `week` and `min` are keywords and units.
[[nodiscard]] bool can_be_unit(std::size_t type);
/// True where an expression cannot end: what follows belongs to it even on a new line.
[[nodiscard]] bool leaves_open(std::size_t type);
/// True where no item of a score (no row of a table) can begin.
[[nodiscard]] bool goes_on(std::size_t type, bool in_table);
/// True for words that surely end a value; a keyword may be a name, but may also want another word.
[[nodiscard]] bool ends_value(std::size_t type);
/// True for words that surely begin a value.
[[nodiscard]] bool starts_value(std::size_t type);

} // namespace aceso::parse
