#include "parse/mistake.h"

#include <algorithm>

namespace aceso::parse {

using diagnostics::Kind;
using source::Span;

bool is_keyword(std::size_t type) { return type >= AcesoParser::KW_AND && type <= AcesoParser::KW_REFS; }
bool is_reserved(std::size_t type) { return is_keyword(type) && !can_be_name(type); }

bool is_operator(std::size_t type) {
  switch (type) {
  case AcesoParser::KW_AND:
  case AcesoParser::KW_OR:
  case AcesoParser::KW_NOT:
  case AcesoParser::KW_IN:
  case AcesoParser::KW_IS:
  case AcesoParser::EQUAL:
  case AcesoParser::NOT_EQUAL:
  case AcesoParser::LESS:
  case AcesoParser::LESS_OR_EQUAL:
  case AcesoParser::GREATER:
  case AcesoParser::GREATER_OR_EQUAL:
  case AcesoParser::PLUS:
  case AcesoParser::MINUS:
  case AcesoParser::STAR:
  case AcesoParser::SLASH:
  case AcesoParser::DOT:
  case AcesoParser::LEFT_PAREN: return true;
  default: return false;
  }
}

std::size_t closer_of(std::size_t opener) {
  switch (opener) {
  case AcesoParser::LEFT_BRACE: return AcesoParser::RIGHT_BRACE;
  case AcesoParser::LEFT_PAREN: return AcesoParser::RIGHT_PAREN;
  case AcesoParser::LEFT_BRACKET: return AcesoParser::RIGHT_BRACKET;
  default: return 0;
  }
}

std::string join_words(const std::vector<std::string>& words) {
  std::string result;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) result += i + 1 == words.size() ? " or " : ", ";
    result += words[i];
  }
  return result;
}

Mistake::Mistake(antlr4::Parser& parser, const TokenList& tokens, std::uint32_t file, std::size_t at,
                 diagnostics::Sink& sink)
    : parser_(parser), tokens_(tokens), file_(file), at_(at), sink_(sink) {
  if (tokens_[at_].getType() == AcesoParser::NEW_LINE) line_ended_ = true;
  while (at_ < tokens_.last() && tokens_[at_].getType() == AcesoParser::NEW_LINE)
    ++at_;
  type_ = tokens_[at_].getType();
}

Span Mistake::span(std::size_t index) const {
  const SourceToken& token = tokens_[index];
  // Where a declaration ends too early, point behind its last word, not at the next one, which may be far away.
  if ((index == tokens_.last() || token.starts_declaration || (line_ended_ && index == at_)) && index > 0) {
    std::size_t last = index - 1;
    while (last > 0 && tokens_[last].begin() == tokens_[last].end())
      --last;
    return {file_, tokens_[last].end(), tokens_[last].end()};
  }
  return {file_, token.begin(), token.end()};
}

std::string Mistake::here() const {
  if (at_ == tokens_.last()) return "the end of the file";
  constexpr std::size_t longest = 40;
  std::string_view found = text(at_);
  if (type_ == AcesoParser::TEXT) return "a text";
  if (found.size() <= longest) return fmt::format("`{}`", found);
  std::size_t cut = longest;
  while (cut > 0 && (static_cast<unsigned char>(found[cut]) & 0xC0u) == 0x80u)
    --cut;
  return fmt::format("`{}...`", found.substr(0, cut));
}

std::string Mistake::literal(std::size_t type) const {
  std::string name = parser_.getVocabulary().getLiteralName(type);
  if (name.size() > 2) name = name.substr(1, name.size() - 2); // ANTLR keeps the quotes
  return name;
}

void Mistake::report_misspelt(const std::string& near) {
  sink_.report(Kind::misspelt_keyword, span(at_), here(), fmt::format("`{}`", near)).mend =
      fmt::format("write `{}`", near);
}

std::size_t Mistake::declaration_begin() const {
  const antlr4::ParserRuleContext* context = parser_.getContext();
  std::size_t begin = at_;
  while (context) {
    if (context->start) begin = std::min(begin, context->start->getTokenIndex());
    context = dynamic_cast<const antlr4::ParserRuleContext*>(context->parent);
  }
  return begin;
}

std::size_t Mistake::open_bracket(std::size_t begin) const {
  std::vector<std::size_t> open;
  for (std::size_t i = begin; i < at_; ++i) {
    const std::size_t type = tokens_[i].getType();
    if (closer_of(type) != 0)
      open.push_back(i);
    else if (!open.empty() && closer_of(tokens_[open.back()].getType()) == type)
      open.pop_back();
  }
  return open.empty() ? at_ : open.back();
}

std::string Mistake::opened(std::size_t bracket) const {
  std::size_t first = bracket;
  while (first > 0 && bracket - first < 3 && can_be_name(tokens_[first - 1].getType()) &&
         tokens_[first - 1].getType() != AcesoParser::NAME && tokens_[first - 1].depth == tokens_[bracket].depth) {
    --first;
  }
  const std::size_t begin = declaration_begin();
  if (tokens_[bracket].getType() == AcesoParser::LEFT_BRACE && tokens_[bracket].depth == 0 && first == bracket) {
    return fmt::format("`{} {}`", text(begin), begin + 1 < bracket ? text(begin + 1) : std::string_view());
  }
  std::string result = "`";
  for (; first < bracket; ++first)
    result += fmt::format("{} ", text(first));
  return result + fmt::format("{}`", text(bracket));
}

std::size_t Mistake::line_of(std::size_t index) const {
  const std::string_view before = tokens_.text().substr(0, tokens_[index].begin());
  std::size_t line = 1;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i] == '\n' || (before[i] == '\r' && (i + 1 == before.size() || before[i + 1] != '\n'))) ++line;
  }
  return line;
}

} // namespace aceso::parse
