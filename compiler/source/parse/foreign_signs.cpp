#include "parse/foreign_signs.h"

#include <AcesoLexer.h>

namespace aceso::parse {

using grammar::AcesoLexer;

ForeignSign foreign_sign(std::string_view sign, bool in_table) {
  if (sign == "==" || sign == "===") return {true, AcesoLexer::EQUAL, "write `=`"};
  if (sign == ":=") return {true, AcesoLexer::EQUAL, "write `=`"};
  if (sign == "<>" || sign == "!==") return {true, AcesoLexer::NOT_EQUAL, "write `!=`"};
  if (sign == "=<") return {true, AcesoLexer::LESS_OR_EQUAL, "write `<=`"};
  if (sign == "=>" && in_table) return {true, AcesoLexer::ARROW, "write `->`"};
  if (sign == "=>") return {true, AcesoLexer::GREATER_OR_EQUAL, "write `>=`, or `->` in a table"};
  if (sign == "&&" || sign == "&") return {true, AcesoLexer::KW_AND, "write `and`"};
  if (sign == "||") return {true, AcesoLexer::KW_OR, "write `or`"};
  if (sign == "!") return {true, AcesoLexer::KW_NOT, "write `not`"};
  if (sign == ";") return {true, 0, "delete it: nothing marks the end of a line"};
  if (sign == "**" || sign == "^") return {true, AcesoLexer::STAR, "there is no power; multiply: `a * a`"};
  if (sign == "#") return {true, 0, "a comment begins with `//`"};
  if (sign == "'") return {true, 0, "a text stands in double quotation marks: \"...\""};
  return {};
}

ForeignSign foreign_character(std::uint32_t code_point) {
  switch (code_point) {
  case 0x2264:
  case 0x2A7D: return {true, AcesoLexer::LESS_OR_EQUAL, "write `<=`"};
  case 0x2265:
  case 0x2A7E: return {true, AcesoLexer::GREATER_OR_EQUAL, "write `>=`"};
  case 0x2260: return {true, AcesoLexer::NOT_EQUAL, "write `!=`"};
  case 0x00D7:
  case 0x22C5:
  case 0x00B7: return {true, AcesoLexer::STAR, "write `*`"};
  case 0x00F7:
  case 0x2215:
  case 0x2044: return {true, AcesoLexer::SLASH, "write ` / `"};
  case 0x2010:
  case 0x2011:
  case 0x2012:
  case 0x2013:
  case 0x2014:
  case 0x2212: return {true, AcesoLexer::MINUS, "write the plain sign `-`"};
  case 0x2192:
  case 0x21D2: return {true, AcesoLexer::ARROW, "write `->`"};
  case 0x2227: return {true, AcesoLexer::KW_AND, "write `and`"};
  case 0x2228: return {true, AcesoLexer::KW_OR, "write `or`"};
  case 0x00AC: return {true, AcesoLexer::KW_NOT, "write `not`"};
  case 0x00B0: return {true, 0, "a temperature has the unit `Cel` or `[degF]`"};
  case 0x2018:
  case 0x2019:
  case 0x201A: return {true, 0, "write a straight quotation mark"};
  case 0x2022:
  case 0x2026: return {true, 0, "delete it"};
  case 0x00A0:
  case 0x2007:
  case 0x202F:
  case 0x2009:
  case 0x200A:
  case 0x200B:
  case 0x3000: return {true, 0, "write an ordinary space"};
  default: return {};
  }
}

bool is_curly_quote(std::uint32_t code_point) {
  return code_point == 0x201C || code_point == 0x201D || code_point == 0x201E || code_point == 0x00AB ||
         code_point == 0x00BB;
}

} // namespace aceso::parse
