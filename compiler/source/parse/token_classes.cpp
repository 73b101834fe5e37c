#include "parse/token_classes.h"

#include <algorithm>

#include <AcesoLexer.h>
#include <fmt/format.h>

namespace aceso::parse {

using grammar::AcesoLexer;

bool begins_declaration(std::size_t type) { return type >= AcesoLexer::KW_GUIDELINE && type <= AcesoLexer::KW_CASE; }
bool can_be_name(std::size_t type) {
  return type == AcesoLexer::NAME || (type >= AcesoLexer::KW_GUIDELINE && type <= AcesoLexer::KW_REFS);
}

bool can_be_unit(std::size_t type) {
  return type == AcesoLexer::NAME || type == AcesoLexer::KW_DAY || type == AcesoLexer::KW_WEEK ||
         type == AcesoLexer::KW_MIN;
}

bool leaves_open(std::size_t type) {
  switch (type) {
  case AcesoLexer::KW_AND:
  case AcesoLexer::KW_OR:
  case AcesoLexer::KW_NOT:
  case AcesoLexer::KW_IF:
  case AcesoLexer::KW_THEN:
  case AcesoLexer::KW_ELSE:
  case AcesoLexer::KW_IN:
  case AcesoLexer::KW_IS:
  case AcesoLexer::LEFT_BRACE:
  case AcesoLexer::LEFT_PAREN:
  case AcesoLexer::LEFT_BRACKET:
  case AcesoLexer::COMMA:
  case AcesoLexer::PIPE:
  case AcesoLexer::ARROW:
  case AcesoLexer::EQUAL:
  case AcesoLexer::NOT_EQUAL:
  case AcesoLexer::LESS:
  case AcesoLexer::LESS_OR_EQUAL:
  case AcesoLexer::GREATER:
  case AcesoLexer::GREATER_OR_EQUAL:
  case AcesoLexer::PLUS:
  case AcesoLexer::MINUS:
  case AcesoLexer::STAR:
  case AcesoLexer::SLASH:
  case AcesoLexer::DOT: return true;
  default: return false;
  }
}

bool goes_on(std::size_t type, bool in_table) {
  switch (type) {
  case AcesoLexer::RIGHT_BRACE:
  case AcesoLexer::RIGHT_PAREN:
  case AcesoLexer::RIGHT_BRACKET:
  case AcesoLexer::COMMA:
  case AcesoLexer::PIPE:
  case AcesoLexer::ARROW:
  case AcesoLexer::KW_AND:
  case AcesoLexer::KW_OR:
  case AcesoLexer::KW_THEN:
  case AcesoLexer::KW_ELSE:
  case AcesoLexer::PLUS:
  case AcesoLexer::STAR:
  case AcesoLexer::SLASH:
  case AcesoLexer::DOT: return true;
  case AcesoLexer::KW_IF:
  case AcesoLexer::KW_IN:
  case AcesoLexer::KW_IS:
  case AcesoLexer::EQUAL:
  case AcesoLexer::NOT_EQUAL:
  case AcesoLexer::LESS:
  case AcesoLexer::LESS_OR_EQUAL:
  case AcesoLexer::GREATER:
  case AcesoLexer::GREATER_OR_EQUAL:
  case AcesoLexer::TEXT: return !in_table;
  default: return false;
  }
}

bool ends_value(std::size_t type) {
  switch (type) {
  case AcesoLexer::NAME:
  case AcesoLexer::NUMBER:
  case AcesoLexer::UNIT:
  case AcesoLexer::UNIT_WORD:
  case AcesoLexer::QUOTED_UNIT:
  case AcesoLexer::DATE:
  case AcesoLexer::TIME:
  case AcesoLexer::KW_YES:
  case AcesoLexer::KW_NO:
  case AcesoLexer::RIGHT_PAREN:
  case AcesoLexer::RIGHT_BRACE:
  case AcesoLexer::RIGHT_BRACKET: return true;
  default: return false;
  }
}

bool starts_value(std::size_t type) {
  switch (type) {
  case AcesoLexer::NAME:
  case AcesoLexer::NUMBER:
  case AcesoLexer::DATE:
  case AcesoLexer::TIME:
  case AcesoLexer::KW_YES:
  case AcesoLexer::KW_NO:
  case AcesoLexer::KW_ANY:
  case AcesoLexer::KW_UNKNOWN:
  case AcesoLexer::KW_OTHERWISE: return true;
  default: return false;
  }
}

bool is_thousands(std::string_view before, std::string_view after) {
  const std::string_view digits = after.substr(0, after.find('.'));
  return before.size() <= 3 && !before.starts_with('0') && digits.size() == 3 &&
         std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string thousands_mend(std::string_view before, std::string_view after) {
  if (after.find('.') != std::string_view::npos) return fmt::format("write `{}{}`", before, after);
  return fmt::format("write `{0}{1}` if these are thousands, or `{0}.{1}` for a decimal number", before, after);
}

} // namespace aceso::parse
