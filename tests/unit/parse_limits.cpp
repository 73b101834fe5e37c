#include <cctype>
#include <random>

#include "parse_support.h"

namespace aceso::test {
namespace {

std::string repeat(std::string_view part, int times) {
  std::string result;
  for (int i = 0; i < times; ++i)
    result += part;
  return result;
}

TEST(ParseLimits, Hygiene) {
  parse::ParseOptions small;
  small.max_bytes = 8;
  EXPECT_EQ(Parsed("define x = a", small).ids(), "A0002");
  EXPECT_EQ(Parsed("define x = \"\xFF\"").ids(), "A0003");
  EXPECT_EQ(Parsed("define x\xC0\x80").sink.all()[0].span.begin, 8u);
  EXPECT_EQ(Parsed("// \xED\xA0\x80").ids(), "A0003"); // a surrogate
  EXPECT_EQ(Parsed("// \xE2\x82").ids(), "A0003");     // cut short
  for (const char* control : {"\u202A", "\u202E", "\u2066", "\u2069", "\u200E", "\u200F"}) {
    EXPECT_EQ(Parsed("// " + std::string(control)).ids(), "A0004");
  }
  EXPECT_EQ(Parsed(std::string("// \0", 4)).ids(), "A0006");
  EXPECT_EQ(Parsed("// \x7F").ids(), "A0006");
  EXPECT_EQ(Parsed("// \x1B[31m").ids(), "A0006");
  EXPECT_EQ(Parsed("").messages(), "");
}

TEST(ParseLimits, ByteOrderMarkAndLineEnds) {
  const Parsed p("\xEF\xBB\xBF// c\r\ndefine\tx = a\rdefine y = b\r\n");
  EXPECT_EQ(p.messages(), "");
  ASSERT_EQ(p.file.declarations.size(), 2u);
  EXPECT_EQ(p.at(p.get<ast::DefineDecl>(1).span), "define y = b");
  EXPECT_EQ(p.sources[0].place(p.get<ast::DefineDecl>(1).span.begin).line, 3u);
  EXPECT_TRUE(p.file.comments.at(0).own_line);
}

TEST(ParseLimits, NestingIsBounded) {
  const int many = 100000;
  for (const std::string& text :
       {"define x = " + repeat("(", many) + "a" + repeat(")", many), "define x = " + repeat("not ", many) + "a",
        "define x = " + repeat("- ", many) + "a", "define x = " + repeat("if a then b else ", many) + "c",
        "define x = " + repeat("if ", many) + "a", "define x = " + repeat("f(", many),
        "define x = " + repeat("[", many), "define x = " + repeat("any of {", many), repeat("{", many),
        "type x = " + repeat("list of ", many) + "date", "define x = " + repeat("a + ", many) + "a",
        "define x = " + repeat("a * ", many) + "a", "define x = a" + repeat(" .a", many)}) {
    EXPECT_EQ(Parsed(text).ids(), "A0005") << text.substr(0, 40);
  }
}

TEST(ParseLimits, WhatDoesNotNestIsNotBounded) {
  const int many = 20000;
  EXPECT_EQ(Parsed("define x = " + repeat("a and ", many) + "a").messages(), "");
  EXPECT_EQ(Parsed("define x = any of { " + repeat("a, ", many) + "}").messages(), "");
  EXPECT_EQ(Parsed(repeat("define x = if a then b else c\n", 300)).messages(), "");
  EXPECT_EQ(Parsed("define x = " + repeat("(", 150) + "a" + repeat(")", 150)).messages(), "");
  EXPECT_EQ(Parsed("define x = " + repeat("if a then b else ", 150) + "c").messages(), "");
  EXPECT_EQ(Parsed("define x = " + repeat("a + ", 500) + "a").messages(), "");
  const Parsed p("case \"x\" { expect missing " + repeat("a, ", many) + "a }");
  EXPECT_EQ(p.get<ast::CaseDecl>(0).steps[0].expect.at(0).names.size(), 20001u);
}

constexpr std::string_view seed_text =
    R"(guideline g { title "t" version 0.1.0 applies when a }
inputs i "I" { a : yes/no "A?" b : number from 0 to 10 step 1 typical 5 c : one of { x, y } unknown ask }
define d = any of { a, b > 3 and c in { x, y } } or (if a then b = 2 else not a)
define p : one of { early, late } = bands b { below 4 : early otherwise : late }
define s = score { 1 if a "A"
  c.score }
table t : action unique {
  a | b -> t
  yes | < 3 -> m
  - | 1 to 5 -> n
}
rule r { when a unless d recommend m, n strong immediately because "b" cite note at "S" refs 1, 2 }
pathway w { start u at any stage except v when a go to v stage u "U" { after 4 weeks when a go to v } stage v final }
property q { whenever a then recommended m never avoided m when a }
case "c" { at day 0 given a, no i, b = 3 expect recommended m, missing a, b at day 2 expect stage v }
)";

/// Whatever comes in, an error or a tree comes out; rendering both ways must
/// work too.
void feed(const std::string& text) {
  const Parsed p(text);
  EXPECT_FALSE(diagnostics::render_json(p.sink.all(), p.sources).empty());
  EXPECT_EQ(p.sink.has_errors(), !p.messages().empty());
}

TEST(ParseFuzz, RandomBytes) {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    std::string text(random() % 2000, ' ');
    for (char& c : text)
      c = static_cast<char>(random() % 256);
    feed(text);
    for (char& c : text)
      c = " \n\"'{}()[]<>=!|-+*/.,:;#%&0123456789abcrule"[random() % 43];
    feed(text);
  }
}

TEST(ParseFuzz, BytesOfAGuidelineChanged) {
  std::mt19937 random(2);
  for (int round = 0; round < 300; ++round) {
    std::string text(seed_text);
    for (auto changes = random() % 4 + 1; changes > 0; --changes) {
      const std::size_t place = random() % text.size();
      switch (random() % 3) {
      case 0: text[place] = static_cast<char>(random() % 128); break;
      case 1: text.erase(place, random() % 20); break;
      default: text.insert(place, text.substr(random() % text.size(), random() % 30)); break;
      }
    }
    feed(text);
  }
}

TEST(ParseFuzz, WordsOfAGuidelineChanged) {
  std::mt19937 random(3);
  std::vector<std::string> words;
  for (std::size_t i = 0; i < seed_text.size();) {
    const auto is_word = [&](std::size_t k) {
      return k < seed_text.size() && (std::isalnum(static_cast<unsigned char>(seed_text[k])) || seed_text[k] == '_');
    };
    std::size_t end = i + 1;
    if (is_word(i))
      while (is_word(end))
        ++end;
    words.emplace_back(seed_text.substr(i, end - i));
    i = end;
  }
  for (int round = 0; round < 400; ++round) {
    std::vector<std::string> changed = words;
    for (auto changes = random() % 3 + 1; changes > 0; --changes) {
      const auto place = static_cast<std::ptrdiff_t>(random() % changed.size());
      switch (random() % 3) {
      case 0: changed.erase(changed.begin() + place); break;
      case 1: changed.insert(changed.begin() + place, changed[random() % changed.size()]); break;
      default: std::swap(changed[static_cast<std::size_t>(place)], changed[random() % changed.size()]); break;
      }
    }
    std::string text;
    for (const std::string& word : changed)
      text += word;
    feed(text);
  }
}

TEST(ParseFuzz, EveryPrefix) {
  for (std::size_t length = 0; length < seed_text.size(); length += 3)
    feed(std::string(seed_text.substr(0, length)));
}

} // namespace
} // namespace aceso::test
