#include "parse_support.h"

namespace aceso::test {

namespace {

std::string_view word_of(ast::ExpressionKind kind) {
  using K = ast::ExpressionKind;
  switch (kind) {
  case K::negate: return "neg";
  case K::logical_not: return "not";
  case K::logical_and: return "and";
  case K::logical_or: return "or";
  case K::equal: return "=";
  case K::not_equal: return "!=";
  case K::less: return "<";
  case K::less_or_equal: return "<=";
  case K::greater: return ">";
  case K::greater_or_equal: return ">=";
  case K::in_set: return "in";
  case K::not_in_set: return "not-in";
  case K::in_range: return "in-range";
  case K::not_in_range: return "not-in-range";
  case K::relation: return "relation";
  case K::near: return "within";
  case K::lasting: return "for";
  case K::is_known: return "known";
  case K::is_unknown: return "unknown";
  case K::add: return "+";
  case K::subtract: return "-";
  case K::multiply: return "*";
  case K::divide: return "/";
  case K::any_of: return "any";
  case K::all_of: return "all";
  case K::none_of: return "none";
  case K::at_least: return "at-least";
  case K::at_most: return "at-most";
  case K::exactly: return "exactly";
  case K::number_of: return "number";
  case K::conditional: return "if";
  case K::call: return "call";
  case K::attribute: return ".";
  case K::series: return "series";
  case K::as_of: return "as-of";
  case K::unit: return "unit";
  case K::in_stage: return "in-stage";
  case K::list: return "list";
  default: return "?";
  }
}

std::string_view word_of(ast::OutcomeKind kind) {
  constexpr std::string_view words[] = {"recommended", "suggested",    "advised",    "avoided", "contraindicated",
                                        "conflict",    "undetermined", "overridden", "caution", "stage"};
  return words[static_cast<std::size_t>(kind)];
}

} // namespace

std::string show(const ast::Expression& e) {
  using K = ast::ExpressionKind;
  switch (e.kind) {
  case K::name:
  case K::yes_no:
  case K::number:
  case K::date:
  case K::instant:
  case K::time:
  case K::now: return e.text;
  case K::quantity: return e.text + "'" + e.unit + "'";
  case K::outcome: {
    std::string result = "(" + std::string(word_of(e.outcome)) + " " + e.text;
    for (const std::string& part : {e.outcome_words->strength, e.outcome_words->urgency}) {
      if (!part.empty()) result += " " + part;
    }
    for (const ast::Name& name : e.outcome_words->missing)
      result += " ?" + name.text;
    return result + ")";
  }
  default: break;
  }
  std::string result = "(" + std::string(word_of(e.kind));
  if (!e.text.empty()) result += " :" + e.text;
  for (const auto& child : e.children)
    result += " " + show(*child);
  return result + ")";
}

namespace {

std::string parsed(std::string_view expression) {
  const Parsed p("define x = " + std::string(expression) + "\n");
  if (p.sink.has_errors() || p.file.declarations.empty()) return p.messages();
  EXPECT_EQ(p.statistics.ll_fallbacks, 0u) << expression;
  const auto& body = std::get<ast::ExpressionPtr>(p.get<ast::DefineDecl>(0).body);
  EXPECT_EQ(p.at(body->span), expression.starts_with('(') ? p.at(body->span) : expression);
  return show(body);
}

TEST(ParseExpressions, Precedence) {
  EXPECT_EQ(parsed("a or b and not c = d + e * -f.g"), "(or a (and b (not (= c (+ d (* e (neg (. :g f))))))))");
  EXPECT_EQ(parsed("a - b - c"), "(- (- a b) c)");
  EXPECT_EQ(parsed("a / b * c"), "(* (/ a b) c)");
  EXPECT_EQ(parsed("a and b and c or d"), "(or (and a b c) d)");
  EXPECT_EQ(parsed("a and (b and c)"), "(and a (and b c))");
  EXPECT_EQ(parsed("not not a"), "(not (not a))");
  EXPECT_EQ(parsed("not a and b"), "(and (not a) b)");
  EXPECT_EQ(parsed("- - 3"), "(neg (neg 3))");
  EXPECT_EQ(parsed("(a + b) * c"), "(* (+ a b) c)");
}

TEST(ParseExpressions, Comparisons) {
  EXPECT_EQ(parsed("a != b"), "(!= a b)");
  EXPECT_EQ(parsed("a <= 3 and b >= 4 and c < 5 and d > 6"), "(and (<= a 3) (>= b 4) (< c 5) (> d 6))");
  EXPECT_EQ(parsed("a in { b, c, }"), "(in a b c)");
  EXPECT_EQ(parsed("a not in { b }"), "(not-in a b)");
  EXPECT_EQ(parsed("2 not in all_hits or b"), "(or (not-in 2 all_hits) b)");
  EXPECT_EQ(parsed("a in 1 to 5"), "(in-range a 1 5)");
  EXPECT_EQ(parsed("a not in 1 + 2 to 5"), "(not-in-range a (+ 1 2) 5)");
  EXPECT_EQ(parsed("a is known"), "(known a)");
  EXPECT_EQ(parsed("a is not known"), "(unknown a)");
  EXPECT_EQ(parsed("a is unknown or b is unknown refused"), "(or (unknown a) (unknown :refused b))");
}

TEST(ParseExpressions, RelationsInTime) {
  EXPECT_EQ(parsed("a during b"), "(relation :during a b)");
  EXPECT_EQ(parsed("a + 1 day before b and c after d"),
            "(and (relation :before (+ a 1'day') b) (relation :after c d))");
  EXPECT_EQ(parsed("not a overlaps b"), "(not (relation :overlaps a b))");
  EXPECT_EQ(parsed("a within 2 weeks of b"), "(within :of a b 2'weeks')");
  EXPECT_EQ(parsed("a within 30 days before b or c"), "(or (within :before a b 30'days') c)");
  EXPECT_EQ(parsed("latest a within 2 weeks of b"), "(within :of (series :latest a) b 2'weeks')");
  EXPECT_EQ(parsed("latest a within 2 weeks > b"), "(> (series :latest a 2'weeks') b)");
  EXPECT_EQ(parsed("latest a within 2 weeks after b"), "(relation :after (series :latest a 2'weeks') b)");
  EXPECT_EQ(parsed("a for at least 3 days"), "(for a 3'days')");
  EXPECT_EQ(parsed("not a > 5 for at least 3 days and b"), "(and (not (for (> a 5) 3'days')) b)");
  EXPECT_EQ(parsed("a is unknown for at least 3 days"), "(for (unknown a) 3'days')");
  EXPECT_EQ(parsed("a is unknown refused for at least 3 days"), "(for (unknown :refused a) 3'days')");
  EXPECT_EQ(parsed("a >= 22:30"), "(>= a 22:30)");
  EXPECT_EQ(parsed("a meets interval(b, 12:00:30)"), "(relation :meets a (call :interval b 12:00:30))");
  const Parsed p("inputs g {\n a : interval of date\n b : time typical 22:30\n}\n"
                 "define s = score {\n  1 if a during b\n  2 if c for at least 3 days\n  before\n}\n"
                 "case \"x\" { at day 1 expect a during b at day 3 expect c is unknown at day 4 expect d }\n");
  ASSERT_EQ(p.messages(), "");
  EXPECT_EQ(std::get<ast::Score>(p.get<ast::DefineDecl>(1).body).items.size(), 3u);
  EXPECT_EQ(p.get<ast::CaseDecl>(2).steps.size(), 3u);
  EXPECT_EQ(p.statistics.ll_fallbacks, 0u);
}

TEST(ParseExpressions, Literals) {
  EXPECT_EQ(parsed("4 weeks"), "4'weeks'");
  EXPECT_EQ(parsed("1 day"), "1'day'");
  EXPECT_EQ(parsed("5 min"), "5'min'");
  EXPECT_EQ(parsed("38.6 Cel"), "38.6'Cel'");
  EXPECT_EQ(parsed("5.5 mmol/L"), "5.5'mmol/L'");
  EXPECT_EQ(parsed("120 mm[Hg]"), "120'mm[Hg]'");
  EXPECT_EQ(parsed("20 /min"), "20'/min'");
  EXPECT_EQ(parsed("5 %"), "5'%'");
  EXPECT_EQ(parsed("98.6 [degF]"), "98.6'[degF]'");
  EXPECT_EQ(parsed("10 '10*3/uL'"), "10'10*3/uL'");
  EXPECT_EQ(parsed("2026-11-22"), "2026-11-22");
  EXPECT_EQ(parsed("2026-11"), "2026-11");
  EXPECT_EQ(parsed("2026-11-22T10:00Z"), "2026-11-22T10:00Z");
  EXPECT_EQ(parsed("2026-11-22T10:00:30+01:00"), "2026-11-22T10:00:30+01:00");
  EXPECT_EQ(parsed("yes"), "yes");
  EXPECT_EQ(parsed("now"), "now");
  EXPECT_EQ(parsed("[]"), "(list)");
  EXPECT_EQ(parsed("[a]"), "(list a)");
  EXPECT_EQ(parsed("[a, 2]"), "(list a 2)");
}

TEST(ParseExpressions, Counting) {
  EXPECT_EQ(parsed("any of { a, b }"), "(any a b)");
  EXPECT_EQ(parsed("all of { a, b, }"), "(all a b)");
  EXPECT_EQ(parsed("none of { a }"), "(none a)");
  EXPECT_EQ(parsed("at least 2 of { a, b, c }"), "(at-least :2 a b c)");
  EXPECT_EQ(parsed("at most 1 of { a, b }"), "(at-most :1 a b)");
  EXPECT_EQ(parsed("exactly 1 of { a, b }"), "(exactly :1 a b)");
  EXPECT_EQ(parsed("number of { a, b } > 1"), "(> (number a b) 1)");
}

TEST(ParseExpressions, ChoicesCallsSeries) {
  EXPECT_EQ(parsed("if a then b else if c then d else e or f"), "(if a b (if c d (or e f)))");
  EXPECT_EQ(parsed("1 + (if a then 1 else 2)"), "(+ 1 (if a 1 2))");
  EXPECT_EQ(parsed("f(a, b + 1, g())"), "(call :f a (+ b 1) (call :g))");
  EXPECT_EQ(parsed("min(a, b) + count(c)"), "(+ (call :min a b) (call :count c))");
  EXPECT_EQ(parsed("latest crp > 5 mg/L"), "(> (series :latest crp) 5'mg/L')");
  EXPECT_EQ(parsed("mean of crp within 3 months"), "(series :mean crp 3'months')");
  EXPECT_EQ(parsed("trend of crp within 3 months"), "(series :trend crp 3'months')");
  EXPECT_EQ(parsed("crp worsening over 2 weeks and a"), "(and (series :worsening crp 2'weeks') a)");
  EXPECT_EQ(parsed("not crp improving over 2 weeks"), "(not (series :improving crp 2'weeks'))");
  EXPECT_EQ(parsed("latest crp within 1 week as of 2026-01-02 > 5 mg/L"),
            "(> (as-of (series :latest crp 1'week') 2026-01-02) 5'mg/L')");
  EXPECT_EQ(parsed("crp worsening over 1 week as of operation"), "(as-of (series :worsening crp 1'week') operation)");
  EXPECT_EQ(parsed("course = improving"), "(= course improving)"); // its words stay names
  EXPECT_EQ(parsed("worse = over"), "(= worse over)");
  EXPECT_EQ(parsed("count of crp within 1 week >= 2"), "(>= (series :count crp 1'week') 2)");
  EXPECT_EQ(parsed("in stage conservative and a"), "(and (in-stage :conservative) a)");
}

TEST(ParseExpressions, Outcomes) {
  EXPECT_EQ(parsed("recommended mri strong immediately or not avoided x"),
            "(or (recommended mri strong immediately) (not (avoided x)))");
  EXPECT_EQ(parsed("undetermined mri missing fever"), "(undetermined mri ?fever)");
  EXPECT_EQ(parsed("caution pain and stage triage and overridden r"),
            "(and (caution pain) (stage triage) (overridden r))");
  EXPECT_EQ(parsed("conflict mri"), "(conflict mri)");
}

/// Keywords that are no reserved words can name anything.
TEST(ParseExpressions, SoftKeywordsAreNames) {
  for (const std::string word :
       {"note",        "day",      "strong",   "stage",    "action",  "first",   "count", "latest",
        "caution",     "rule",     "source",   "at",       "exactly", "number",  "any",   "none",
        "recommended", "conflict", "missing",  "score",    "bands",   "missing", "low",   "high",
        "title",       "text",     "of",       "to",       "go",      "final",   "time",  "interval",
        "before",      "during",   "includes", "overlaps", "meets",   "starts",  "ends"}) {
    EXPECT_EQ(parsed(word), word);
    EXPECT_EQ(parsed(word + " = 3 and " + word), "(and (= " + word + " 3) " + word + ")");
    const Parsed p("inputs " + word + " {\n " + word + " : yes/no typical " + word + "\n other : yes/no\n}\nrule " +
                   word + " {\n when " + word + "\n recommend " + word + " strong\n}\ncase \"x\" { given " + word +
                   ", " + word + " = 3 expect " + word + " = 3 }\n");
    EXPECT_EQ(p.messages(), "") << word;
    EXPECT_EQ(p.file.declarations.size(), 3u) << word;
    EXPECT_EQ(p.statistics.ll_fallbacks, 0u) << word;
  }
}

/// A number at the end of a line never takes the first word of the next line as
/// its unit.
TEST(ParseExpressions, UnitsStandOnTheLineOfTheirNumber) {
  const Parsed p("define s = score {\n  1 if age >= 65\n  eye.score\n  -1 if b "
                 "\"label\"\n  2\n  (a + b) if c\n}\n");
  ASSERT_EQ(p.messages(), "");
  const auto& score = std::get<ast::Score>(p.get<ast::DefineDecl>(0).body);
  ASSERT_EQ(score.items.size(), 5u);
  EXPECT_EQ(show(score.items[0].condition), "(>= age 65)");
  EXPECT_EQ(show(score.items[1].points), "(. :score eye)");
  EXPECT_EQ(show(score.items[2].points), "(neg 1)");
  EXPECT_EQ(score.items[2].label.text, "label");
  EXPECT_EQ(show(score.items[3].points), "2");
  EXPECT_EQ(show(score.items[4].points), "(+ a b)");
}

TEST(ParseExpressions, RowsAndItemsOnOneLine) {
  const Parsed p("table t : action unique { a | b -> t  yes | no -> x  no, yes | < 3 -> (y)  otherwise -> z }\n"
                 "define s = score { 1 if a 2 if b c.score \"C\" 3 }\n");
  ASSERT_EQ(p.messages(), "");
  EXPECT_EQ(p.get<ast::TableDecl>(0).rows.size(), 3u);
  EXPECT_EQ(std::get<ast::Score>(p.get<ast::DefineDecl>(1).body).items.size(), 4u);
  EXPECT_EQ(p.statistics.ll_fallbacks, 0u);
}

TEST(ParseExpressions, CellsListTests) {
  const Parsed p("table t : action unique {\n a | b -> t\n > 1 and <= 5, 7 to 8, unknown | not < 1, 3 -> x\n}\n");
  ASSERT_EQ(p.messages(), "");
  EXPECT_EQ(p.statistics.ll_fallbacks, 0u);
  const auto& cells = p.get<ast::TableDecl>(0).rows.at(0).cells;
  ASSERT_EQ(cells.at(0).tests.size(), 3u);
  EXPECT_EQ(cells[0].tests[0].comparisons,
            (std::vector{ast::ExpressionKind::greater, ast::ExpressionKind::less_or_equal}));
  EXPECT_EQ(cells[0].tests[1].kind, ast::CellTest::Kind::range);
  EXPECT_EQ(cells[0].tests[2].kind, ast::CellTest::Kind::unknown);
  EXPECT_TRUE(cells[1].negated);
  EXPECT_EQ(p.at(cells[1].tests.at(0).span), "< 1");
}

TEST(ParseExpressions, FirstLines) {
  const Parsed p("define x = first { when a and b : c when not a : 4 weeks otherwise : d }\n"
                 "define y = first {\n  when a : b\n}\n"
                 "define first = first { when first : first }\n");
  ASSERT_EQ(p.messages(), "");
  const auto& items = std::get<ast::FirstOf>(p.get<ast::DefineDecl>(0).body).items;
  ASSERT_EQ(items.size(), 3u);
  EXPECT_EQ(show(items[0].condition), "(and a b)");
  EXPECT_EQ(p.at(items[1].span), "when not a : 4 weeks");
  EXPECT_EQ(items[2].condition, nullptr);
  EXPECT_EQ(show(items[2].value), "d");
  EXPECT_EQ(std::get<ast::FirstOf>(p.get<ast::DefineDecl>(1).body).items.size(), 1u);
  EXPECT_EQ(std::get<ast::FirstOf>(p.get<ast::DefineDecl>(2).body).items.size(), 1u) << "`first` stays a name";
}

TEST(ParseExpressions, InputsOnOneLine) {
  const Parsed p("inputs i { a : number from 0 to 9 b : number from -5 to -1 step 0.1 day : yes/no c : number typical "
                 "5 d : date }\n"
                 "define x = bands c { below 4 weeks : 1 up to 5 days : 2 otherwise : 3 }\n");
  ASSERT_EQ(p.messages(), "");
  EXPECT_EQ(p.get<ast::InputsDecl>(0).items.size(), 5u);
}

TEST(ParseExpressions, SpansOfParts) {
  const Parsed p("define x = alpha.beta = 4 weeks and f(é_no) in { b }\n");
  EXPECT_TRUE(p.sink.has_errors()); // the letter outside ASCII, in one complaint
  EXPECT_EQ(p.ids(), "A0102");
  const Parsed q("/* é */ define x = alpha.beta = 4 weeks and not f(c) in { b } // ü\n");
  const auto& body = std::get<ast::ExpressionPtr>(q.get<ast::DefineDecl>(0).body);
  EXPECT_EQ(q.at(body->children[0]->span), "alpha.beta = 4 weeks");
  EXPECT_EQ(q.at(body->children[0]->children[0]->text_span), "beta");
  EXPECT_EQ(q.at(body->children[0]->children[1]->unit_span), "weeks");
  EXPECT_EQ(q.at(body->children[1]->span), "not f(c) in { b }");
  EXPECT_EQ(q.at(body->children[1]->children[0]->children[0]->text_span), "f");
}

TEST(ParseExpressions, AUnitAloneBelongsToConvert) {
  EXPECT_EQ(parsed("convert(a, mg/dL)"), "(call :convert a (unit :mg/dL))");
  EXPECT_EQ(parsed("convert(a, [degF])"), "(call :convert a (unit :[degF]))");
  EXPECT_EQ(parsed("convert(a, '10*3/uL')"), "(call :convert a (unit :10*3/uL))");
  EXPECT_EQ(parsed("convert(a, mmol)"), "(call :convert a mmol)"); // the checker reads a word as a unit
}

} // namespace
} // namespace aceso::test
