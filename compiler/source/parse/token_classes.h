#pragma once
/// What a word or sign can be, by its token type; and what a comma in a number may have meant.

#include <cstddef>
#include <string>
#include <string_view>

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

/// Three digits, perhaps with decimals, which may stand behind a comma that separates thousands.
[[nodiscard]] bool is_thousands(std::string_view before, std::string_view after);
/// "write `100000` if these are thousands, or `100.000` for a decimal number"
[[nodiscard]] std::string thousands_mend(std::string_view before, std::string_view after);

} // namespace aceso::parse
