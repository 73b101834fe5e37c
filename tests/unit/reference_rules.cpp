/// What rules come to: Kleene logic, overrides, conflicts, classes, tables that choose actions.
#include "guideline_fixture.h"

namespace aceso::testing {
namespace {

const std::string facts = R"(
inputs f "Facts" { a : yes/no  b : yes/no  c : yes/no  d : yes/no }
action x "X" : test
action y "Y" : test
action z "Z" : test
)";

TEST(ReferenceRules, AnUnknownFactIsNeverNo) {
  const Guideline g(facts + "rule r { when a recommend x }");
  EXPECT_EQ(g.status(R"("a": true)", "x"), "advised recommend");
  EXPECT_EQ(g.status(R"("a": false)", "x"), "not_advised");
  EXPECT_EQ(g.status("", "x"), "undetermined recommend [a]");
  EXPECT_EQ(g.status(R"("a": {"unknown": "refused"})", "x"), "undetermined recommend [a]");
  EXPECT_EQ(g.status("", "y"), "-");
}

TEST(ReferenceRules, OnlyWhatCanStillDecideIsMissing) {
  const Guideline g(facts + "rule r { when a and b or c recommend x }");
  EXPECT_EQ(g.status(R"("a": false)", "x"), "undetermined recommend [c]");
  EXPECT_EQ(g.status(R"("a": true, "c": false)", "x"), "undetermined recommend [b]");
  EXPECT_EQ(g.status(R"("c": true)", "x"), "advised recommend");
}

TEST(ReferenceRules, UnlessTakesBack) {
  const Guideline g(facts + "rule r { when a unless b recommend x }");
  EXPECT_EQ(g.status(R"("a": true, "b": false)", "x"), "advised recommend");
  EXPECT_EQ(g.status(R"("a": true, "b": true)", "x"), "not_advised");
  EXPECT_EQ(g.status(R"("a": true)", "x"), "undetermined recommend [b]");
}

TEST(ReferenceRules, ForAndAgainstIsAConflict) {
  const Guideline g(facts + "rule r { when a recommend x } rule s { when b avoid x }");
  EXPECT_EQ(g.status(R"("a": true, "b": true)", "x"), "conflict recommend");
  EXPECT_EQ(g.status(R"("a": true, "b": false)", "x"), "advised recommend");
  EXPECT_EQ(g.status(R"("a": false, "b": true)", "x"), "advised avoid");
  EXPECT_EQ(g.status(R"("a": true)", "x"), "undetermined recommend [b]");
  EXPECT_EQ(g.status(R"("b": true)", "x"), "undetermined avoid [a]");
}

TEST(ReferenceRules, AnOverrideSettlesTheConflictAndSaysSo) {
  const Guideline g(facts + R"(rule r { when a recommend x } rule s { when b avoid y }
    rule t { when c contraindicate x overrides r because "safer" })");
  EXPECT_EQ(g.status(R"("a": true, "c": true, "b": false)", "x"), "advised contraindicate");
  EXPECT_EQ(g.status(R"("a": true, "c": false)", "x"), "advised recommend");
  EXPECT_EQ(g.status(R"("a": true)", "x"), "undetermined recommend [c]");
}

TEST(ReferenceRules, AnOverriddenActionThatNothingElseAdvisesIsOverridden) {
  const Guideline g(facts + R"(
    action_class either at most one { x, y }
    rule r { when a recommend x } rule s { when b recommend y overrides r because "better" })");
  EXPECT_EQ(g.status(R"("a": true, "b": true)", "x"), "overridden recommend");
  EXPECT_EQ(g.status(R"("a": true, "b": true)", "y"), "advised recommend");
  const auto e = g.run(R"("a": true, "b": true)");
  EXPECT_NE(decision_to_json(g.graph().dictionary, e.decision).find("better"), std::string::npos);
  EXPECT_NE(decision_to_text(g.graph().dictionary, e.decision).find("s overrides r: better"), std::string::npos);
  EXPECT_EQ(g.status(R"("a": true, "b": false)", "x"), "advised recommend");
}

TEST(ReferenceRules, AnOverrideThatIsItselfOverriddenDoesNothing) {
  const Guideline g(facts + R"(rule r { when a recommend x }
    rule s { when b avoid x overrides r because "1" }
    rule t { when c recommend x overrides s because "2" })");
  EXPECT_EQ(g.status(R"("a": true, "b": true, "c": true)", "x"), "advised recommend");
  EXPECT_EQ(g.status(R"("a": true, "b": true, "c": false)", "x"), "advised avoid");
}

TEST(ReferenceRules, AdviceAboutAClassIsAdviceAboutEveryMember) {
  const Guideline g(facts + "action_class both { x, y } rule r { when a avoid both } rule s { when b recommend y }");
  const auto e = g.run(R"("a": true, "b": true)");
  EXPECT_EQ(g.status(e, "x"), "advised avoid");
  EXPECT_EQ(g.status(e, "y"), "conflict recommend");
}

TEST(ReferenceRules, ClassesFormAHierarchy) {
  const Guideline g(facts +
                    "action_class outer { inner, z } action_class inner { x, y } rule r { when a avoid outer }");
  const auto e = g.run(R"("a": true)");
  for (const auto* action : {"x", "y", "z"})
    EXPECT_EQ(g.status(e, action), "advised avoid");
}

TEST(ReferenceRules, AtMostOneOfAClass) {
  const Guideline g(
      facts + "action_class one at most one { x, y } rule r { when a recommend x } rule s { when b recommend y }");
  auto e = g.run(R"("a": true, "b": true)");
  EXPECT_EQ(g.status(e, "x"), "conflict recommend");
  EXPECT_EQ(g.status(e, "y"), "conflict recommend");
  e = g.run(R"("a": true)");
  EXPECT_EQ(g.status(e, "x"), "undetermined recommend [b]");
  EXPECT_EQ(g.status(e, "y"), "undetermined recommend [b]");
  e = g.run(R"("a": true, "b": false)");
  EXPECT_EQ(g.status(e, "x"), "advised recommend");
}

TEST(ReferenceRules, DeclaredInteractionsConflict) {
  const Guideline g(R"(inputs f { a : yes/no b : yes/no }
    action p "P" : medication { interacts with q "bleeding" }
    action q "Q" : medication
    rule r { when a recommend p } rule s { when b suggest q })");
  EXPECT_EQ(g.status(R"("a": true, "b": true)", "q"), "conflict suggest");
  EXPECT_EQ(g.status(R"("a": true, "b": false)", "p"), "advised recommend");
}

TEST(ReferenceRules, ATableChoosesTheActionRowByRow) {
  const Guideline g(facts + R"(
    table choice : action unique {
      b   | c   -> choice
      no  | no  -> x
      no  | yes -> y
      yes | any -> z
    }
    rule r { when a recommend choice strong immediately })");
  auto e = g.run(R"("a": true, "b": true)");
  EXPECT_EQ(g.status(e, "z"), "advised recommend");
  EXPECT_EQ(g.status(e, "x"), "not_advised");
  e = g.run(R"("a": true, "b": false)"); // one unknown column does not blur the third action
  EXPECT_EQ(g.status(e, "x"), "undetermined recommend [c]");
  EXPECT_EQ(g.status(e, "y"), "undetermined recommend [c]");
  EXPECT_EQ(g.status(e, "z"), "not_advised");
  e = g.run(R"("a": true)");
  EXPECT_EQ(g.status(e, "z"), "undetermined recommend [b, c]");
}

/// What is certain stays so when more is learned: x was out of the question before b was known.
TEST(ReferenceRules, AGapInTheTableChoosesNothing) {
  const Guideline g(facts + R"(
    table t : action unique {
      b   | c   -> t
      yes | any -> x
      no  | yes -> y
    }
    rule r { when a recommend t })");
  EXPECT_EQ(g.status(R"("a": true, "b": false)", "x"), "not_advised");
  EXPECT_EQ(g.status(R"("a": true, "b": false)", "y"), "undetermined recommend [c]");
  EXPECT_EQ(g.status(R"("a": true, "b": false, "c": false)", "x"), "not_advised");
  EXPECT_EQ(g.status(R"("a": true, "b": false, "c": false)", "y"), "not_advised");
}

TEST(ReferenceRules, StrongestStrengthAndUrgencyWin) {
  const Guideline g(facts + "rule r { when a suggest x weak routinely } rule s { when b recommend x strong urgently }");
  const auto e = g.run(R"("a": true, "b": true)");
  ASSERT_EQ(e.decision.recommendations.size(), 1u);
  EXPECT_EQ(e.decision.recommendations[0].verb, Verb::recommend);
  EXPECT_EQ(e.decision.recommendations[0].strength, Strength::strong);
  EXPECT_EQ(e.decision.recommendations[0].urgency, Urgency::urgently);
  EXPECT_EQ(e.decision.recommendations[0].rules.size(), 2u);
}

TEST(ReferenceRules, NothingIsAdvisedToWhomTheGuidelineDoesNotApply) {
  const Guideline g(facts + "rule r { when a recommend x } caution k when a { \"Mind.\" }", "d");
  auto e = g.run(R"("a": true, "d": false)");
  EXPECT_EQ(g.status(e, "x"), "not_advised");
  EXPECT_TRUE(e.decision.cautions.empty());
  e = g.run(R"("a": true)");
  EXPECT_EQ(e.decision.applies, Truth::unknown);
  EXPECT_EQ(g.status(e, "x"), "undetermined recommend [d]");
  ASSERT_EQ(e.decision.cautions.size(), 1u);
  EXPECT_EQ(e.decision.cautions[0].fires, Truth::unknown);
}

TEST(ReferenceRules, TheOrderOfTheTextNeverMatters) {
  const Guideline g(facts + "rule r { when a recommend x } rule s { when b avoid x overrides r because \"s\" }");
  const Guideline h("rule s { when b avoid x overrides r because \"s\" } rule r { when a recommend x }" + facts);
  for (const auto* inputs : {"", R"("a": true)", R"("b": true)", R"("a": true, "b": true)", R"("a": false, "b": true)"})
    EXPECT_EQ(g.status(inputs, "x"), h.status(inputs, "x")) << inputs;
}

TEST(ReferenceRules, MissingIsAskedMostUsefulFirst) {
  const Guideline g(facts + "rule r { when a and b recommend x } rule s { when b recommend y }");
  const auto e = g.run("");
  ASSERT_EQ(e.decision.missing.size(), 2u);
  EXPECT_EQ(g.graph().dictionary[e.decision.missing[0].input].name, "b");
  EXPECT_EQ(e.decision.missing[0].settles, (std::vector<std::string_view>{"x", "y"}));
}

/// No status that is given is taken back by learning more: every completion of a partial case keeps it.
TEST(ReferenceRules, LearningMoreNeverTakesBack) {
  const Guideline g(facts + R"(
    action_class one at most one { x, y }
    table t : action first { c | d -> t
yes | any -> x
any | yes -> y
otherwise -> z }
    rule r { when a recommend t } rule s { when b and not d suggest y overrides r because "s" }
    rule q { when at least 2 of { a, c, d } contraindicate z }
    rule p { when exactly 1 of { a, b } avoid x })");
  const char* names[] = {"a", "b", "c", "d"};
  const auto inputs = [&](int code) { // base 3: 0 unknown, 1 no, 2 yes
    std::string text;
    for (int i = 0; i < 4; ++i, code /= 3)
      if (code % 3 != 0)
        text +=
            (text.empty() ? "" : ", ") + ("\"" + std::string(names[i]) + "\": " + (code % 3 == 2 ? "true" : "false"));
    return text;
  };
  const auto refines = [](int less, int more) {
    for (int i = 0; i < 4; ++i, less /= 3, more /= 3)
      if (less % 3 != 0 && less % 3 != more % 3) return false;
    return true;
  };
  std::vector<reference::Evaluation> all;
  for (int code = 0; code < 81; ++code)
    all.push_back(g.run(inputs(code)));
  for (int less = 0; less < 81; ++less)
    for (int more = 0; more < 81; ++more) {
      if (!refines(less, more)) continue;
      for (const auto* action : {"x", "y", "z"}) {
        // What is not advised may turn out to have been overridden: it stays what it is, not advised.
        const auto status = [&](int code) {
          const std::string text = g.status(all[static_cast<std::size_t>(code)], action);
          return text.starts_with("overridden") ? "not_advised" : text;
        };
        const std::string before = status(less);
        if (before.starts_with("undetermined")) continue;
        EXPECT_EQ(before, status(more)) << action << ": " << inputs(less) << " -> " << inputs(more);
      }
    }
}

} // namespace
} // namespace aceso::testing
