/// Conditions that are read without ANTLR are the same as with it, places included: in every text of the project, and
/// in random ones.

#include "parse_support.h"

#include <random>
#include <type_traits>

namespace aceso::test {
namespace {

/// Everything that the tree says, with byte offsets.
std::string show_all(const ast::ExpressionPtr& e) {
  if (!e) return "none";
  const auto place = [](source::Span span) {
    return span.is_valid() ? std::to_string(span.begin) + "-" + std::to_string(span.end) : std::string("-");
  };
  std::string text = std::to_string(static_cast<int>(e->kind)) + " " + e->text + "@" + place(e->span) + "@" +
                     place(e->text_span) + " " + e->unit + "@" + place(e->unit_span) + "(";
  for (const ast::ExpressionPtr& child : e->children)
    text += show_all(child) + ",";
  return text + ")";
}

/// The conditions and values of a declaration, one a line.
std::string show_declaration(const ast::AnyDeclaration& any) {
  std::string text;
  const auto add = [&](const ast::ExpressionPtr& e) { text += show_all(e) + "\n"; };
  const auto add_transition = [&](const ast::Transition& t) { add(t.when); };
  std::visit(
      [&](const auto& d) {
        using D = std::decay_t<decltype(d)>;
        if constexpr (std::is_same_v<D, ast::RuleDecl>) {
          add(d.when), add(d.unless);
        } else if constexpr (std::is_same_v<D, ast::CautionDecl>) {
          add(d.when);
        } else if constexpr (std::is_same_v<D, ast::ConstraintDecl>) {
          add(d.require);
        } else if constexpr (std::is_same_v<D, ast::FunctionDecl>) {
          add(d.body);
        } else if constexpr (std::is_same_v<D, ast::GuidelineDecl>) {
          add(d.applies);
        } else if constexpr (std::is_same_v<D, ast::TableDecl>) {
          for (const ast::ExpressionPtr& column : d.columns)
            add(column);
          text += std::to_string(d.rows.size());
        } else if constexpr (std::is_same_v<D, ast::DefineDecl>) {
          if (const auto* value = std::get_if<ast::ExpressionPtr>(&d.body)) add(*value);
          if (const auto* score = std::get_if<ast::Score>(&d.body))
            for (const auto& item : score->items)
              add(item.condition);
          if (const auto* first = std::get_if<ast::FirstOf>(&d.body))
            for (const auto& item : first->items)
              add(item.condition), add(item.value);
        } else if constexpr (std::is_same_v<D, ast::DifferentialDecl>) {
          for (const auto& argument : d.arguments)
            add(argument.condition);
        } else if constexpr (std::is_same_v<D, ast::PropertyDecl>) {
          for (const auto& statement : d.statements)
            add(statement.condition), add(statement.outcome);
        } else if constexpr (std::is_same_v<D, ast::PathwayDecl>) {
          for (const ast::Interrupt& interrupt : d.interrupts)
            add_transition(interrupt.transition);
          for (const ast::StageDecl& stage : d.stages)
            for (const ast::Transition& transition : stage.transitions)
              add_transition(transition);
        }
      },
      any);
  return text;
}

/// How many expressions were read by hand. The messages have to be the same as well.
std::size_t compare(const std::string& text) {
  parse::ParseOptions by_grammar;
  by_grammar.reads_by_hand = false;
  const Parsed quick(text), slow(text, by_grammar);
  EXPECT_EQ(slow.statistics.plain_expressions, 0U);
  EXPECT_EQ(quick.messages(), slow.messages()) << text;
  EXPECT_EQ(quick.file.declarations.size(), slow.file.declarations.size()) << text;
  for (std::size_t i = 0; i < quick.file.declarations.size() && i < slow.file.declarations.size(); ++i)
    EXPECT_EQ(show_declaration(quick.file.declarations[i]), show_declaration(slow.file.declarations[i])) << text;
  return quick.statistics.plain_expressions;
}

TEST(PlainExpressions, AreThoseOfTheGrammarInEveryTextOfTheProject) {
  std::size_t by_hand = 0;
  const std::size_t files = for_each_text_of_the_project([&](const auto& path, const std::string& text) {
    by_hand += compare(text);
    ASSERT_FALSE(HasFailure()) << path;
  });
  EXPECT_GT(files, 40U);
  EXPECT_GT(by_hand, 1'400U);
}

TEST(PlainExpressions, AreThoseOfTheGrammarWhereWordsAreThrownTogether) {
  const std::vector<std::string> words{"a",        "b",
                                       "weight",   "1",
                                       "2.5 mg/L", "30 years",
                                       "4 weeks",  "yes",
                                       "no",       "2026-01-01",
                                       "and",      "or",
                                       "not",      "(",
                                       ")",        "=",
                                       "!=",       "<",
                                       "<=",       ">",
                                       ">=",       "-",
                                       "+",        "*",
                                       ".x",       "in",
                                       "{",        "}",
                                       ",",        "is known",
                                       "is",       "unknown",
                                       "if",       "then",
                                       "else",     "f(",
                                       "any of",   "'10*3/uL'",
                                       "now",      "recommended x",
                                       "when",     "because",
                                       "cite s",   "unless",
                                       "\"t\"",    "for at least 3 days",
                                       "within",   "[",
                                       "rule"};
  const std::vector<std::string> patterns{
      "a",   "and", "b", "or", "(",   "a",          "<",           "2.5 mg/L",       ")",
      "not", "yes", "=", "1",  "and", "is unknown", "in { a, 2 }", "in { (b or c) }"};
  std::mt19937 random(11);
  std::size_t by_hand = 0;
  for (int i = 0; i < 3'000; ++i) {
    std::string condition;
    const bool mostly_sound = random() % 2 == 0;
    for (std::size_t left = 1 + random() % 9; left > 0; --left)
      condition += " " + (mostly_sound && random() % 12 != 0 ? patterns[random() % patterns.size()]
                                                             : words[random() % words.size()]);
    by_hand += compare("rule r { when" + condition + " recommend x cite s }\ndefine d =" + condition + "\n");
    if (HasFailure()) break;
  }
  EXPECT_GT(by_hand, 300U);
}

TEST(PlainExpressions, NestAsDeepAsTheOthers) {
  for (const std::size_t depth : {199U, 200U, 201U, 300U})
    compare("define d = " + std::string(depth, '(') + "a" + std::string(depth, ')') + "\n");
  const std::string deep = "if " + std::string(150, '(') + "a" + std::string(150, ')') + " then b else c";
  compare("define d = " + std::string(60, '(') + deep + std::string(60, ')') + "\n");
}

TEST(PlainExpressions, OfAColumnBeforePlainRows) {
  EXPECT_EQ(compare("table t : one of { zero, one } first {\n  a | b > 1 -> t\n  1 | 2 -> one\n}\n"), 2U);
  EXPECT_EQ(compare("table t : number first {\n  a\n  1 -> 2\n}\n"), 0U); // there is no `->`
}

} // namespace
} // namespace aceso::test
