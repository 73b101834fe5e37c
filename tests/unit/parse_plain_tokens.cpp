/// Tokens that are told by hand are those of ANTLR's lexer: at every place of every text of the project, and in texts
/// of signs thrown together.

#include <random>

#include <AcesoLexer.h>
#include <gtest/gtest.h>

#include "parse/byte_stream.h"
#include "parse/plain_token.h"
#include "parse_support.h"

namespace aceso::parse {
namespace {

using grammar::AcesoLexer;

/// Asks both at each place; how many tokens were told by hand.
std::size_t compare_everywhere(const std::string& text) {
  ByteStream stream(text);
  AcesoLexer lexer(&stream);
  lexer.removeErrorListeners();
  std::size_t by_hand = 0;
  for (std::uint32_t at = 0; (at = skip_space(text, at)) < text.size(); ++at) {
    const PlainToken plain = plain_token(text, at);
    if (plain.type == 0) continue;
    ++by_hand;
    lexer.reset();
    stream.seek(at);
    const auto token = lexer.nextToken();
    EXPECT_EQ(token->getStartIndex(), at);
    EXPECT_EQ(plain.type, token->getType()) << text.substr(at, 40);
    EXPECT_EQ(plain.end, token->getStopIndex() + 1) << text.substr(at, 40);
    if (testing::Test::HasFailure()) break;
  }
  return by_hand;
}

TEST(PlainTokens, AreThoseOfTheLexerInEveryTextOfTheProject) {
  std::size_t by_hand = 0;
  const std::size_t files = test::for_each_text_of_the_project([&](const auto& path, const std::string& text) {
    by_hand += compare_everywhere(text);
    ASSERT_FALSE(HasFailure()) << path;
  });
  EXPECT_GT(files, 40U);
  EXPECT_GT(by_hand, 100'000U);
}

TEST(PlainTokens, AreThoseOfTheLexerWhereSignsAreThrownTogether) {
  const std::vector<std::string> pieces{
      "yes/no", "yes", "y",  "a_1", "KW", "0",  "12",       "2024", "-",  "->", "=",    "==",     "<",
      ">",      "<>",  "<=", ">=",  "!",  "|",  "||",       "&",    ":",  ":=", ".",    "..",     ",",
      ";",      "*",   "**", "/",   "//", "/*", "*/",       "[",    "]",  "{",  "}",    "(",      ")",
      "%",      "\"",  "\\", "'",   "^",  "+",  "\xC3\xA4", " ",    "\t", "\n", "\r\n", "T10:30", "\\\""};
  std::mt19937 random(20261130);
  for (int i = 0; i < 4000; ++i) {
    std::string text;
    for (std::size_t length = random() % 12 + 1; length > 0; --length)
      text += pieces[random() % pieces.size()];
    compare_everywhere(text);
    ASSERT_FALSE(HasFailure()) << text;
  }
}

TEST(PlainTokens, LeaveTheRestToTheLexer) {
  for (const char* text : {"mmol/L", "yes/now", "mm[Hg]", "[degF]", "/min", "%", "2024-01-01", "10:30", "1.2.3",
                           "\"a\\n\"", "\"a", "/* */", "==", "!=", ":=", "||", "=>", "'10*3/uL'", "\xC3\xA4"})
    EXPECT_EQ(plain_token(text, 0).type, 0U) << text;
}

} // namespace
} // namespace aceso::parse
