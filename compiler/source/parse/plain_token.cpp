#include "parse/plain_token.h"

#include <AcesoLexer.h>

#include "source/ascii.h"

namespace aceso::parse {

using grammar::AcesoLexer;

namespace {

constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
constexpr bool is_in_word(char c) { return is_letter(c) || is_digit(c); }
constexpr bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

constexpr PlainToken ask_lexer{};

/// Looks ahead in a text; behind its end there is NUL, which no text has (parse/hygiene.h).
class Reader {
public:
  Reader(std::string_view text, std::uint32_t begin) : text_(text), at_(begin) {}

  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip() { ++at_; }
  template <class Test>
  void skip_while(Test test) {
    while (at_ < text_.size() && test(text_[at_]))
      ++at_;
  }
  [[nodiscard]] bool skip_over(std::string_view expected) {
    if (text_.substr(at_, expected.size()) != expected) return false;
    at_ += static_cast<std::uint32_t>(expected.size());
    return true;
  }
  [[nodiscard]] PlainToken token(std::size_t type) const { return {type, at_}; }

private:
  std::string_view text_;
  std::uint32_t at_;
};

/// A `/` or `[` right behind a word makes a unit of it, but for `yes/no`.
PlainToken word(Reader reader, bool may_be_yes_no) {
  if (may_be_yes_no && reader.skip_over("yes/no")) {
    const char next = reader.peek();
    return is_in_word(next) || next == '/' || next == '[' ? ask_lexer : reader.token(AcesoLexer::YES_NO);
  }
  reader.skip_while(is_in_word);
  const char next = reader.peek();
  return next == '/' || next == '[' ? ask_lexer : reader.token(AcesoLexer::NAME);
}

/// `-` or `:` behind digits may make a date or a time, a second dot a version.
PlainToken number(Reader reader) {
  reader.skip_while(is_digit);
  if (reader.peek() == '-' || reader.peek() == ':') return ask_lexer;
  const PlainToken whole = reader.token(AcesoLexer::NUMBER);
  if (reader.peek() != '.') return whole;
  reader.skip();
  if (!is_digit(reader.peek())) return whole;
  reader.skip_while(is_digit);
  return reader.peek() == '.' ? ask_lexer : reader.token(AcesoLexer::NUMBER);
}

PlainToken quoted(Reader reader) {
  reader.skip();
  reader.skip_while([](char c) { return c != '"' && c != '\\' && c != '\r' && c != '\n'; });
  if (reader.peek() != '"') return ask_lexer;
  reader.skip();
  return reader.token(AcesoLexer::TEXT);
}

/// `long_type` is the type with `second` behind it. Other signs behind it make a sign of another language.
PlainToken sign(Reader reader, std::size_t type, char second = '\0', std::size_t long_type = 0) {
  reader.skip();
  const char next = reader.peek();
  if (second != '\0' && next == second) {
    reader.skip();
    return reader.token(long_type);
  }
  constexpr std::string_view second_signs = "=<>&|*";
  return next != '\0' && second_signs.find(next) != std::string_view::npos ? ask_lexer : reader.token(type);
}

PlainToken slash(Reader reader) {
  reader.skip();
  if (reader.peek() == '/') {
    reader.skip_while([](char c) { return c != '\r' && c != '\n'; });
    return reader.token(AcesoLexer::LINE_COMMENT);
  }
  const char next = reader.peek();
  return next == '*' || next == '[' || is_letter(next) ? ask_lexer : reader.token(AcesoLexer::SLASH);
}

PlainToken left_bracket(Reader reader) {
  reader.skip();
  return is_letter(reader.peek()) ? ask_lexer : reader.token(AcesoLexer::LEFT_BRACKET);
}

} // namespace

PlainToken plain_token(std::string_view text, std::uint32_t begin) {
  const Reader reader(text, begin);
  const char first = reader.peek();
  if (is_letter(first)) return word(reader, first == 'y');
  if (is_digit(first)) return number(reader);
  switch (first) {
  case '"': return quoted(reader);
  case '|': return sign(reader, AcesoLexer::PIPE);
  case ',': return sign(reader, AcesoLexer::COMMA);
  case '.': return sign(reader, AcesoLexer::DOT);
  case ':': return sign(reader, AcesoLexer::COLON);
  case '{': return sign(reader, AcesoLexer::LEFT_BRACE);
  case '}': return sign(reader, AcesoLexer::RIGHT_BRACE);
  case '(': return sign(reader, AcesoLexer::LEFT_PAREN);
  case ')': return sign(reader, AcesoLexer::RIGHT_PAREN);
  case ']': return sign(reader, AcesoLexer::RIGHT_BRACKET);
  case '+': return sign(reader, AcesoLexer::PLUS);
  case '*': return sign(reader, AcesoLexer::STAR);
  case '-': return sign(reader, AcesoLexer::MINUS, '>', AcesoLexer::ARROW);
  case '=': return sign(reader, AcesoLexer::EQUAL);
  case '<': return sign(reader, AcesoLexer::LESS, '=', AcesoLexer::LESS_OR_EQUAL);
  case '>': return sign(reader, AcesoLexer::GREATER, '=', AcesoLexer::GREATER_OR_EQUAL);
  case '/': return slash(reader);
  case '[': return left_bracket(reader);
  default: return ask_lexer;
  }
}

std::uint32_t skip_space(std::string_view text, std::uint32_t begin) {
  while (begin < text.size() && is_space(text[begin]))
    ++begin;
  return begin;
}

} // namespace aceso::parse
