#include "parse_support.h"

namespace aceso::test {
namespace {

struct Mistake {
  std::string text;
  std::string id;
  std::string at;      ///< what the span covers
  std::string message; ///< a part of it
  std::string mend;    ///< a part of it
};

TEST(ParseErrors, EachMistakeHasItsMessage) {
  const Mistake mistakes[] = {
      {"gudeline x { }", "A0104", "gudeline", "did you mean `guideline`", "guideline"},
      {"rule a {\n when b\n recomend c\n}", "A0104", "recomend", "`recommend`", "write `recommend`"},
      {"rule a {\n when b\n recommend c strng\n}", "A0104", "strng", "`strong`", ""},
      {"rule a {\n when b\n recommend c\n certainty hihg\n}", "A0104", "hihg", "`high`", ""},
      {"inputs g {\n a : nmber from 1 to 2\n}", "A0104", "nmber", "`number`", ""},
      {"pathway p {\n start a\n stage a finall\n}", "A0104", "finall", "`final`", ""},
      {"action a \"x : imaging\n", "A0103", "\"x : imaging", "closing quotation mark", "\""},
      {"define x = a < b < c", "A0105", "< c", "chained", "a < b and b < c"},
      {"define x = a = b = c", "A0105", "= c", "chained", "a = b and b = c"},
      {"rule a { when b when c recommend d }", "A0106", "when", "given twice", ""},
      {"constraint a { require b require c message \"m\" }", "A0106", "require", "", ""},
      {"guideline a { version 0.1.0 version 0.1.0 }", "A0106", "version", "", ""},
      {"rule a { recommend b }", "A0107", "a", "rule `a` needs `when`", "when"},
      {"rule a { when b }", "A0107", "a", "needs advice", "recommend"},
      {"constraint a { require b }", "A0107", "a", "needs `message`", ""},
      {"constraint a { message \"m\" }", "A0107", "a", "needs `require`", ""},
      {"define a = bands b { below 3 : 1 }", "A0107", "bands", "needs `otherwise`", ""},
      {"define a = first { }", "A0107", "first", "needs at least one line", "when CONDITION : VALUE"},
      {"case \"x\" { }", "A0107", "\"x\"", "needs `given` and `expect`", ""},
      {"differential a : b among { c, d } { argument for c strong when e }", "A0107", "a", "needs `decide`",
       "decide strong"},
      {"pathway p { start a stage a { go to a } }", "A0107", "go", "needs `when` or `after`", ""},
      {"table t : action {\n a -> t\n yes -> b\n}", "A0107", "t", "needs a hit policy", "unique"},
      {"define x = a/b", "A0108", "a/b", "reads as a unit", "a / b"},
      {"case \"c\" { given a expect recomended b }", "A0101", "b", "in this case", "did you mean `recommended`?"},
      {"case \"c\" { given a b expect c }", "A0101", "b", "in this case", "a value reads `a = b`"},
      {"rule a { when b contra-indicate c }", "A0101", "contra", "does not fit", "write `contraindicate`"},
      {"rule a { when b recommend c very strong }", "A0101", "very", "does not fit", "delete `very`"},
      {"rule a { when b recommend c and d }", "A0101", "d", "after `and`", "between actions stands a comma: `c, d`"},
      {"rule a { when b recommend c overrides d }", "A0101", "}", "expected `because`", "overrides d because \"...\""},
      {"rule a: { when b recommend c }", "A0101", ":", "expected `{` after `a`", "delete `:`"},
      {"rule no-a { when b recommend c }", "A0111", "no", "cannot be a name", "`no_a`"},
      {"rule my-a { when b recommend c }", "A0101", "a", "expected a value after `-`", "a name has no `-`: `my_a`"},
      {"define x = a > 01.01.2026", "A0101", "01.01.2026", "expected a value", "a date reads year, month, day"},
      {"define x = score { 2 when a }", "A0101", "when", "expected `if` after `2`", "reads `2 if CONDITION`"},
      {"table t : action first {\n a -> t\n yes -> b\nrule r { when a recommend b }", "A0109", "",
       "expected `}` to close", "add `}` before `rule`"},
      {"rule a { when fever AND cough recommend b }", "A0101", "AND", "does not fit", "write `and`"},
      {"inputs i { fever : yes/no\n cough : yes/no }\nrule a { when fever cough recommend b }", "A0101", "cough",
       "does not fit", "`fever and cough`, or `fever or cough`"},
      {"define x = a > 100,000", "A0112", "100,000", "", "write `100000` if these are thousands, or `100.000`"},
      {"define x = a > 1,000,000", "A0112", "1,000,000", "", "write `1000000`"},
      {"define x = a > 12,345.6", "A0112", "12,345.6", "", "write `12345.6`"},
      {"define x = a > 0,125", "A0112", "0,125", "", "write `0.125`"},
      {"define x = a > 38,5", "A0112", "38,5", "", "write `38.5`"},
      {"table t : action first {\n a -> t\n > 1,000 -> b\n}", "A0112", "1,000", "",
       "write `1000` if these are thousands"},
      {"type m = one of { mild moderate severe }", "A0101", "moderate", "expected `,` or `}` after `mild`",
       "`mild, moderate`"},
      {"define x = score {\n 1 if a\n b >= 65\n}", "A0101", "b", "expected points", "reads `1 if b >= ...`"},
      {"define x = bands a {\n < 18 : lo\n otherwise : hi\n}", "A0101", "<", "expected `below`",
       "write `below 18 : ...`"},
      {"define x = (a)/b", "A0108", "/b", "reads as a unit", "/ b"},
      {"rule a {\n when b\n recommend c\n", "A0109", "", "expected `}` to close `rule a` opened on line 1", "}"},
      {"rule a {\n when any of { b, c\n recommend d\n}", "A0109", "recommend", "to close `any of {` opened on line 2",
       ""},
      {"define x = (a or b\ndefine y = c", "A0109", "", "expected `)`", ""},
      {"define x = a == b", "A0102", "==", "`==` has no meaning", "write `=`"},
      {"define x = a && b", "A0102", "&&", "", "write `and`"},
      {"define x = a || b", "A0102", "||", "", "write `or`"},
      {"define x = !b", "A0102", "!", "", "write `not`"},
      {"define x = a <> b", "A0102", "<>", "", "write `!=`"},
      {"define x = a => b", "A0102", "=>", "", "`>=`"},
      {"define x = a \u2265 b", "A0102", "\u2265", "", "write `>=`"},
      {"define x = a \u2264 b", "A0102", "\u2264", "", "write `<=`"},
      {"define x = a \u2260 b", "A0102", "\u2260", "", "write `!=`"},
      {"define x = a\u00A0or b", "A0102", "\u00A0", "", "ordinary space"},
      {"action a \u201Cx\u201D : imaging", "A0102", "\u201C", "curly quotation mark", "straight"},
      {"define x = a;", "A0102", ";", "", "delete it"},
      {"action a \"x\\d\" : imaging", "A0102", "\\d", "in a text", "\\\\"},
      {"define fi\u00E8vre = a", "A0102", "\u00E8", "", "a to z"},
      {"define x = a > 38,5", "A0112", "38,5", "point", "38.5"},
      {"table t : number first {\n  n -> t\n  > 4,5 -> 2\n}", "A0112", "4,5", "point", "4.5"},
      {"table t : number first {\n  n -> t\n  2,5 % -> 2\n}", "A0112", "2,5 %", "point", "`2, 5`"},
      {"define x = a and/or b", "A0108", "and/or", "", "write `or`"},
      {"define x = a and\nrule r { when x recommend y }", "A0101", "and", "end of the line", "go on behind `and`"},
      {"rule r { when either a or b recommend y }", "A0101", "a", "", "leave `either` out"},
      {"define x = t between 3 and 4", "A0101", "between", "", "`t in LOW to HIGH`"},
      {"define when = 3", "A0111", "when", "`when` is a word of the language", ""},
      {"/* comment", "A0110", "/*", "no end", "*/"},
      {"pathway p { start a stage a { when b to c } }", "A0101", "to", "expected `go to`", ""},
      {"define x = if a then b", "A0101", "", "expected `else`", "if CONDITION then"},
      {"define x = a + if b then c else d", "A0101", "if", "parentheses", "(if"},
      {"define x = a is yes", "A0101", "yes", "`known` or `unknown` after `is`", "="},
      {"define x = a = ", "A0101", "", "expected a value after `=`", ""},
      {"define x = a or or b", "A0101", "or", "expected a value after `or`, found `or`", ""},
      {"define x = a + * b", "A0101", "*", "expected a value after `+`, found `*`", ""},
      {"rule { when a }", "A0101", "{", "expected a name after `rule`", ""},
      {"rule a {\n when\n recommend b\n}", "A0101", "b", "", ""},
      {"define any red flag = a", "A0101", "red", "expected `=`", ""},
      {"define red flag = a", "A0101", "flag", "expected", "red_flag"},
      {"rule a {\n when b\n recommend c\n cite note at 5\n}", "A0101", "5", "the section, a text in quotation marks",
       ""},
      {"table t : action unique {\n a | b -> t\n no | yes\n}", "A0101", "", "the end of the line", ""},
      {"inputs a {\n b : yes/no typical\n c : yes/no\n}", "A0101", "c", "a value after `typical`", ""},
      {"guideline a { version 0.1 }", "A0101", "0.1", "three numbers", "0.1.0"},
      {"}", "A0101", "}", "expected a declaration", ""},
  };
  for (const Mistake& mistake : mistakes) {
    const Parsed p(mistake.text);
    ASSERT_FALSE(p.sink.all().empty()) << mistake.text;
    const auto& said = p.sink.all().front();
    EXPECT_EQ(p.ids(), mistake.id) << mistake.text << '\n' << p.messages();
    EXPECT_EQ(p.at(said.span), mistake.at) << mistake.text;
    EXPECT_NE(said.message.find(mistake.message), std::string::npos) << mistake.text << '\n' << said.message;
    EXPECT_NE(said.mend.find(mistake.mend), std::string::npos) << mistake.text << '\n' << said.mend;
    EXPECT_EQ(p.statistics.ll_fallbacks, 0u) << mistake.text;
  }
}

TEST(ParseErrors, OneRunShowsTheMistakesOfAllClauses) {
  const Parsed p(R"(rule a {
  when b
  recomend c
  because 3
  certainty hihg
}
define good = a
rule d {
  when e
  recommend f urgntly
}
pathway care {
  start triage
  stage triage {
    when x to y
    after 4 weeks when z go c
  }
  stage last finall
}
define also_good = b
)");
  EXPECT_EQ(p.ids(), "A0104 A0101 A0104 A0104 A0101 A0101 A0104") << p.messages();
  EXPECT_EQ(p.file.declarations.size(), 2u);
}

TEST(ParseErrors, AnUnclosedBlockDoesNotSpoilTheNextDeclaration) {
  const Parsed p("inputs a {\n b : one of { c, d\nrule e {\n when (f\n "
                 "recommend g\n}\ndefine h = i\n");
  EXPECT_EQ(p.ids(), "A0109 A0109") << p.messages();
  ASSERT_EQ(p.file.declarations.size(), 1u);
  EXPECT_EQ(p.sink.all()[0].notes.size(), 1u);
  EXPECT_EQ(p.at(p.sink.all()[0].notes[0].span), "{");
}

TEST(ParseErrors, ForeignSignsDoNotHideTheRest) {
  const Parsed p("define x = a == b && !c\ndefine y = \u201Ctext\u201D\ndefine "
                 "z = a \u2265 3 \u00D7 b\n");
  ASSERT_EQ(p.file.declarations.size(), 2u) << p.messages();
  EXPECT_EQ(show(std::get<ast::ExpressionPtr>(p.get<ast::DefineDecl>(0).body)), "(and (= a b) (not c))");
  EXPECT_EQ(show(std::get<ast::ExpressionPtr>(p.get<ast::DefineDecl>(1).body)), "(>= a (* 3 b))");
}

TEST(ParseErrors, ErrorsAreCapped) {
  std::string text;
  for (int i = 0; i < 1000; ++i)
    text += "define x = a b\n";
  const Parsed p(text);
  EXPECT_EQ(p.sink.all().size(), 201u);
  EXPECT_EQ(p.sink.all().back().kind, diagnostics::Kind::too_many_errors);
}

TEST(ParseErrors, ManyErrorsInOneBlockTakeLinearTime) {
  std::string text = "rule a {\n";
  for (int i = 0; i < 50000; ++i)
    text += "when when\n";
  EXPECT_GE(Parsed(text + "}").sink.error_count(), 200u);
}

} // namespace
} // namespace aceso::test
