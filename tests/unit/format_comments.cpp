/// No comment is ever lost, wherever it stands: one is put between any two words of a text.

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <sstream>

#include "format/format.h"
#include "format/same_tree.h"
#include "format/tokens.h"
#include "parse/parser.h"

namespace aceso::test {
namespace {

constexpr std::string_view sample = R"aceso(
guideline g { title "T" version 0.1.0 published 2026-11-22 applies when a and (b or c) }
source n "N" { numbered 1 to 6 reference 1 "R" }
interpretation w { text "t" reading "r" decided_by "e" on 2026-11-22 cite n at "S" refs 1, 2 }
use std.spine
type level has region : part = one of { l4 "L4" { region = lumbar }, l5 }
inputs basics "B" cite n {
  age : quantity from 0 kg to 130 kg step 0.1 kg "Age?" typical 5 kg fresh for 2 weeks accepts [lb_av], g { cite n }
  unknown assume no because "b"
}
codes { system loinc "h" version "2" level.l4 = loinc "1" "One" }
constraint k { require not (a = b) message "m" }
function half(x : number, y : number) : number require x > 0 message "m" = x / (2 + y)
define d "D" : number = if a then -b.c else round(e * 2, [f, g]) cite n
define s = any of { a, b in { c, d }, at least 2 of { e }, f is unknown refused, latest of h within 3 days > 2 }
define bd = bands x { below 4 weeks : early up to 6 weeks : late otherwise : never_again }
define sc = score {
  1 if a "A"
  b.score
}
table t "T" : action unique {
  a | b + 1 -> t
  not yes | 1 to 5 -> x
  any | < 5 -> y
  otherwise -> z
}
differential r : root among { L4, L5 } {
  argument for L4 weight 2 when a "A" { cite n }
  confirms L4 when b
  decide strong 3, ahead by 1
}
action m "M" : imaging { note "n" }
action_class c "C" at most one { m, n }
rule ru { when a unless b recommend m, n strong within 2 days overrides q because "x" certainty low cite n refs 1 }
caution ca when a { "t" cite n }
pathway p {
  start s
  at any stage except q, s when a go to q
  stage s "S" { after 4 weeks within 2 days when b go to q { cite n } when c repeat s at most 3 }
  stage q "Q" final
}
property pr { whenever a then recommended m strong even when data are missing
  stage q only after s never conflict m when b }
case "c" { at day 0 given a, no flags, x = 5 kg, y unknown at 2026-11-22 expect not applies, missing a, refused k }
)aceso";

struct Formatted {
  bool parses = false;
  std::string text;
};

Formatted format(const std::string& text) {
  source::SourceSet sources;
  diagnostics::Sink parsing;
  const auto file = sources.add("test.aceso", text);
  (void)parse::parse_file(sources, file, parsing);
  if (parsing.has_errors()) return {false, diagnostics::render(parsing.all().front(), sources)};
  diagnostics::Sink sink;
  const auto result = format::format_file(sources, file, sink);
  for (const auto& diagnostic : sink.all())
    EXPECT_NE(diagnostic.kind, diagnostics::Kind::format_not_safe) << text;
  return {true, result.value_or("")};
}

/// The declarations of a text in which whatever begins at the left edge with a letter is one, but for its cites.
std::vector<std::string> declarations_of(const std::string& text) {
  std::vector<std::string> declarations;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    if (line.empty() || line.starts_with("/")) continue;
    if (line[0] >= 'a' && line[0] <= 'z' && !line.starts_with("cite ")) declarations.emplace_back();
    if (!declarations.empty()) declarations.back() += line + '\n';
  }
  return declarations;
}

struct Count {
  std::size_t tried = 0;
  std::size_t unparsable = 0; ///< a line break between a number and its unit, or within a row of a table
};

void expect_nothing_lost(const std::string& text, Count& count) {
  const Formatted once = format(text);
  ++count.tried;
  if (!once.parses) {
    ++count.unparsable;
    return;
  }
  const auto before = format::read_tokens(text);
  const auto after = format::read_tokens(once.text);
  ASSERT_EQ(format::comment_record(before), format::comment_record(after)) << text;
  ASSERT_EQ(format::word_record(before), format::word_record(after)) << text;
  ASSERT_EQ(format(once.text).text, once.text) << text;
}

/// At every place, or at every so many of them.
void insert_everywhere(const std::string& text, Count& count, std::size_t every = 1) {
  ASSERT_TRUE(format(text).parses) << format(text).text;
  std::size_t place = 0;
  for (const format::Token& token : format::read_tokens(text)) {
    if (place++ % every != 0) continue;
    const bool is_end = token.kind == format::TokenKind::end;
    const auto offset = is_end ? text.size() : static_cast<std::size_t>(token.text.data() - text.data());
    for (const std::string_view gap : {" /* one */ ", " // one\n", "\n// one\n", "\n/* one\n   two */\n", "\n/// one\n",
                                       " /* one */ // two\n", "\n\n\t\n\n", "\r\n"}) {
      std::string with_gap = text;
      with_gap.insert(offset, gap);
      expect_nothing_lost(with_gap, count);
      if (::testing::Test::HasFatalFailure()) return;
    }
  }
}

TEST(FormatComments, StayBetweenAnyTwoWords) {
  Count count;
  for (const std::string& declaration : declarations_of(std::string(sample)))
    insert_everywhere(declaration, count);
  EXPECT_GT(count.tried, 4000u);
  EXPECT_LT(count.unparsable * 10, count.tried);
}

// Under the sanitizers a part of the places will do: all of them take minutes there, and are tried without.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ACESO_SOME_PLACES 1
#endif
#endif
#ifdef ACESO_SOME_PLACES
constexpr std::size_t every_golden = 7;
#else
constexpr std::size_t every_golden = 1;
#endif

TEST(FormatComments, StayBetweenAnyTwoWordsOfTheGoldenFiles) {
  Count count;
  for (const std::string name : {"every_declaration", "expressions", "blocks"}) {
    std::ifstream stream(ACESO_SOURCE_FOLDER "/tests/golden/format/" + name + ".out.aceso");
    const std::string text(std::istreambuf_iterator<char>(stream), {});
    for (const std::string& declaration : declarations_of(text))
      insert_everywhere(declaration, count, every_golden);
  }
  EXPECT_GT(count.tried, 10000u / every_golden);
  EXPECT_LT(count.unparsable * 10, count.tried);
}

} // namespace
} // namespace aceso::test
