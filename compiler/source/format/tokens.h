#pragma once
/// The words of a text with the comments between them: all that the formatter may rearrange.
///
/// The syntax tree forgets parentheses, the order of clauses and where a comment stood, so the formatter reads the
/// text on its own. It only moves white space, so a word it reads differently from the parser costs looks, not meaning;
/// `format_file` compares the trees afterwards all the same.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace aceso::format {

struct Comment {
  std::string text;          ///< as written, line ends as LF, tabs expanded, no trailing blanks
  std::size_t column = 0;    ///< 0-based, of its first character
  std::size_t position = 0;  ///< bytes of the words before it that are not movable
  bool own_line = false;     ///< nothing but white space before it and after it on its lines
  bool blank_before = false; ///< an empty line above
  [[nodiscard]] bool is_line() const { return text.starts_with("//"); }
  [[nodiscard]] bool is_doc() const { return text.starts_with("///"); }
};

enum class TokenKind : std::uint8_t { word, number, text, unit, sign, end };

struct Token {
  TokenKind kind = TokenKind::end;
  std::string_view text;
  std::uint32_t line = 0;      ///< 0-based
  bool blank_before = false;   ///< an empty line between it and what stands before it
  bool starts_row = false;     ///< set by the layout: the first word of a line of its own
  bool starts_block = false;   ///< set by the layout: the first of its block, so that no empty line comes before it
  std::vector<Comment> before; ///< on lines of their own above it, or at the start of its line
  std::vector<Comment> after;  ///< behind it on its line; a `//` comment can only be the last
};

/// Words the formatter may put in, drop or move a comment across.
[[nodiscard]] bool is_movable(const Token& token);

/// The words of `text`, the last one of kind `end`. The tokens point into `text`.
[[nodiscard]] std::vector<Token> read_tokens(std::string_view text);

/// Comments in order of the text, each reduced to what must not change.
[[nodiscard]] std::vector<std::string> comment_record(const std::vector<Token>& tokens);
/// Every word that is not movable, one behind the other.
[[nodiscard]] std::string word_record(const std::vector<Token>& tokens);

/// How many columns a text takes, counted in code points.
[[nodiscard]] std::size_t width_of(std::string_view text);

} // namespace aceso::format
