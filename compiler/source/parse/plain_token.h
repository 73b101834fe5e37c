#pragma once
/// The signs, words, numbers and texts of everyday, told by hand.
///
/// ANTLR's lexer goes from state to state with a call and a look into a table for each character, and makes each token
/// an object of its own; nine tokens of ten need none of it. What is not surely the token that the lexer would give
/// here
/// - units, dates, versions, block comments, signs of other languages, escapes in a text, letters outside ASCII - is
/// left to the lexer. So grammar/AcesoLexer.g4 says alone what a token is: a test asks both for every token of every
/// example.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace aceso::parse {

struct PlainToken {
  std::size_t type = 0; ///< of AcesoLexer, keywords as NAME; 0: the lexer has to say
  std::uint32_t end = 0;
};

/// The token that begins at `begin`, which is no white space.
[[nodiscard]] PlainToken plain_token(std::string_view text, std::uint32_t begin);

/// The place of the next character that is no white space; the size of the text where there is none.
[[nodiscard]] std::uint32_t skip_space(std::string_view text, std::uint32_t begin);

} // namespace aceso::parse
