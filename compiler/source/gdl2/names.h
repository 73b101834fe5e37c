#pragma once
/// Names of Aceso made from the terms of a guideline.

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace aceso::gdl2 {

/// Lower case letters, digits and `_`: "Age >=65 (years)" is
/// "age_at_least_65_years". Never empty, never a word that cannot be a name; at
/// most `longest` characters, cut between words.
[[nodiscard]] std::string name_from(std::string_view text, std::size_t longest = 48);

/// `name`, or `name_2`, `name_3`, ... : the first that is not taken. It is
/// taken then.
[[nodiscard]] std::string take_name(std::string name, std::set<std::string>& taken);

/// On one line, in quotation marks, as a text of the language.
[[nodiscard]] std::string quoted(std::string_view text);

/// Cut between words into lines of at most `width` bytes; a longer word stands alone. Empty lines are left out.
[[nodiscard]] std::vector<std::string> lines_of(std::string_view text, std::size_t width);

/// Without line ends and repeated spaces, and without spaces around it.
[[nodiscard]] std::string one_line(std::string_view text);

} // namespace aceso::gdl2
