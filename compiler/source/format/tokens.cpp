#include "format/tokens.h"

#include <algorithm>

#include <fmt/format.h>

#include "source/ascii.h"

namespace aceso::format {
namespace {

constexpr std::size_t tab_stop = 4;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_word_part(char c) { return is_letter(c) || is_digit(c); }

std::string_view without_trailing_blanks(std::string_view line) {
  const auto last = line.find_last_not_of(" \t\r\f\v");
  return last == std::string_view::npos ? std::string_view{} : line.substr(0, last + 1);
}

std::string_view without_blanks(std::string_view line) {
  line = without_trailing_blanks(line);
  const auto first = line.find_first_not_of(" \t");
  return first == std::string_view::npos ? std::string_view{} : line.substr(first);
}

void append_expanded(std::string& out, std::string_view line) {
  std::size_t column = 0;
  for (const char c : line) {
    const std::size_t blanks = c == '\t' ? tab_stop - column % tab_stop : 0;
    if (c == '\t')
      out.append(blanks, ' ');
    else
      out.push_back(c);
    column += c == '\t' ? blanks : (static_cast<unsigned char>(c) & 0xc0) != 0x80 ? 1 : 0;
  }
}

/// A comment with LF line ends, spaces for tabs and no trailing blanks.
std::string normal_comment(std::string_view text) {
  std::string out;
  while (true) {
    const auto end = text.find('\n');
    append_expanded(out, without_trailing_blanks(text.substr(0, end)));
    if (end == std::string_view::npos) return out;
    out.push_back('\n');
    text.remove_prefix(end + 1);
  }
}

class Scanner {
public:
  explicit Scanner(std::string_view text) : text_(text) {
    if (text_.starts_with("\xef\xbb\xbf")) text_.remove_prefix(3);
  }

  std::vector<Token> run() {
    for (skip_blanks(); at_ < text_.size(); skip_blanks()) {
      if (starts("//") || starts("/*"))
        read_comment();
      else
        read_token();
    }
    add(TokenKind::end, 0);
    return std::move(tokens_);
  }

private:
  [[nodiscard]] bool starts(std::string_view what) const { return text_.substr(at_).starts_with(what); }
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  void skip_blanks() {
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\n') {
        ++line_;
        ++line_ends_;
      } else if (c != ' ' && c != '\t' && c != '\r' && c != '\f' && c != '\v') {
        return;
      }
    }
  }

  [[nodiscard]] std::size_t column() const {
    const auto newline = text_.substr(0, at_).rfind('\n');
    const auto begin = newline == std::string_view::npos ? 0 : newline + 1;
    std::string expanded;
    append_expanded(expanded, text_.substr(begin, at_ - begin));
    return width_of(expanded);
  }

  void read_comment() {
    const bool is_line = peek(1) == '/';
    auto end = is_line ? text_.find('\n', at_) : text_.find("*/", at_ + 2);
    if (end == std::string_view::npos)
      end = text_.size();
    else if (!is_line)
      end += 2;
    const auto raw = text_.substr(at_, end - at_);
    const bool is_long = raw.find('\n') != std::string_view::npos;
    Comment comment{normal_comment(raw), is_long ? column() : 0, position_, false, line_ends_ > 1};
    const bool follows_word = line_ends_ == 0 && !tokens_.empty() && pending_.empty();
    line_ += static_cast<std::uint32_t>(std::count(raw.begin(), raw.end(), '\n'));
    at_ = end;
    line_ends_ = 0;
    if (follows_word) {
      tokens_.back().after.push_back(std::move(comment));
      return;
    }
    const auto rest = text_.substr(at_, text_.find('\n', at_) - at_);
    comment.own_line = is_line || without_blanks(rest).empty();
    pending_.push_back(std::move(comment));
  }

  void add(TokenKind kind, std::size_t size) {
    Token token;
    token.kind = kind;
    token.text = text_.substr(at_, size);
    token.line = line_;
    token.blank_before = line_ends_ > 1;
    token.before = std::move(pending_);
    pending_.clear();
    at_ += size;
    line_ends_ = 0;
    if (!is_movable(token)) position_ += size;
    tokens_.push_back(std::move(token));
  }

  void read_token() {
    const char c = peek();
    if (c == '"') return add(TokenKind::text, text_size());
    if (is_digit(c)) return add(TokenKind::number, number_size());
    if (c == '\'') return add(TokenKind::unit, quoted_size());
    if (const auto size = unit_size(); size != 0) return add(TokenKind::unit, size);
    if (is_letter(c)) return add(TokenKind::word, span_of(is_word_part));
    for (const std::string_view sign : {"->", "!=", "<=", ">="})
      if (starts(sign)) return add(TokenKind::sign, sign.size());
    add(TokenKind::sign, 1);
  }

  template <class Test>
  [[nodiscard]] std::size_t span_of(Test test, std::size_t from = 0) const {
    auto end = at_ + from;
    while (end < text_.size() && test(text_[end]))
      ++end;
    return end - at_;
  }

  [[nodiscard]] std::size_t text_size() const {
    auto end = at_ + 1;
    while (end < text_.size() && text_[end] != '"' && text_[end] != '\n')
      end += text_[end] == '\\' ? 2 : 1;
    return std::min(end + 1, text_.size()) - at_;
  }

  [[nodiscard]] std::size_t quoted_size() const {
    const auto end = text_.find_first_of("'\n", at_ + 1);
    return end == std::string_view::npos ? text_.size() - at_ : end + 1 - at_;
  }

  [[nodiscard]] std::size_t word_size(std::size_t from) const {
    return is_letter(peek(from)) ? span_of(is_word_part, from) - from : 0;
  }
  /// [Hg]
  [[nodiscard]] std::size_t bracket_size(std::size_t from) const {
    if (peek(from) != '[' || !is_letter(peek(from + 1))) return 0;
    const auto end = span_of([](char c) { return is_word_part(c) || c == '\''; }, from + 1);
    return peek(end) == ']' ? end + 1 - from : 0;
  }
  /// /min, /m[Hg]
  [[nodiscard]] std::size_t divisor_size(std::size_t from) const {
    if (peek(from) != '/') return 0;
    const auto word = word_size(from + 1);
    const auto bracket = bracket_size(from + 1 + word);
    return word + bracket == 0 ? 0 : 1 + word + bracket;
  }
  /// mm[Hg], kg/m2, /min, %, [degF], yes/no; nothing where it is a plain word or a sign.
  [[nodiscard]] std::size_t unit_size() const {
    auto size = word_size(0);
    const bool is_word = size != 0;
    if (peek() == '%') size = 1;
    size += bracket_size(size);
    const auto head = size;
    while (const auto divisor = divisor_size(size))
      size += divisor;
    return is_word && size == head && text_[at_ + size - 1] != ']' ? 0 : size;
  }

  /// A number, a version, a date, a time or an instant.
  [[nodiscard]] std::size_t number_size() const {
    const auto digits = span_of(is_digit);
    if (digits == 2 && peek(2) == ':' && is_digit(peek(3)) && is_digit(peek(4)))
      return peek(5) == ':' && is_digit(peek(6)) && is_digit(peek(7)) ? 8 : 5;
    if (digits == 4 && peek(4) == '-' && is_digit(peek(5)) && is_digit(peek(6)) && !is_digit(peek(7)))
      return date_size();
    auto size = digits;
    std::size_t points = 0;
    while (peek(size) == '.' && is_digit(peek(size + 1))) {
      size = span_of(is_digit, size + 1);
      ++points;
    }
    const auto in_version = [](char c) { return is_word_part(c) || c == '-' || c == '.'; };
    return points == 2 && peek(size) == '-' && is_letter(peek(size + 1)) ? span_of(in_version, size) : size;
  }

  [[nodiscard]] std::size_t date_size() const {
    std::size_t size = 7;
    if (peek(size) == '-' && is_digit(peek(size + 1))) size = span_of(is_digit, size + 1);
    if (peek(size) != 'T' || !is_digit(peek(size + 1))) return size;
    size = span_of([](char c) { return is_digit(c) || c == ':' || c == '.'; }, size + 1);
    if (peek(size) == 'Z') return size + 1;
    if ((peek(size) == '+' || peek(size) == '-') && is_digit(peek(size + 1)))
      size = span_of([](char c) { return is_digit(c) || c == ':'; }, size + 1);
    return size;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 0;
  std::size_t line_ends_ = 0; ///< since the last word or comment
  std::size_t position_ = 0;
  std::vector<Comment> pending_;
  std::vector<Token> tokens_;
};

/// "a // why" before a comma or an opening brace: the comment goes behind the sign, so that the sign need not start a
/// line.
void move_comments_behind_signs(std::vector<Token>& tokens) {
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    Token& next = tokens[i + 1];
    if (next.text != "," && next.text != "{") continue;
    if (tokens[i].after.empty() || !next.before.empty() || !next.after.empty()) continue;
    if (!tokens[i].after.back().is_line()) continue;
    next.after.push_back(std::move(tokens[i].after.back()));
    tokens[i].after.pop_back();
  }
}

} // namespace

bool is_movable(const Token& token) {
  return token.kind == TokenKind::sign &&
         (token.text == "(" || token.text == ")" || token.text == "," || token.text == "{");
}

std::vector<Token> read_tokens(std::string_view text) {
  auto tokens = Scanner(text).run();
  move_comments_behind_signs(tokens);
  return tokens;
}

std::vector<std::string> comment_record(const std::vector<Token>& tokens) {
  std::vector<std::string> record;
  const auto add = [&](const Comment& comment) {
    std::string entry = fmt::format("{} ", comment.position);
    std::string_view rest = comment.text;
    while (!rest.empty()) {
      const auto end = std::min(rest.find('\n'), rest.size());
      entry += without_blanks(rest.substr(0, end));
      entry += '\n';
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    record.push_back(std::move(entry));
  };
  for (const Token& token : tokens) {
    std::for_each(token.before.begin(), token.before.end(), add);
    std::for_each(token.after.begin(), token.after.end(), add);
  }
  return record;
}

std::string word_record(const std::vector<Token>& tokens) {
  std::string record;
  for (const Token& token : tokens)
    if (!is_movable(token)) record += token.text;
  return record;
}

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

} // namespace aceso::format
