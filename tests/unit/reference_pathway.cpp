/// The pathway as a fold over dated events.
#include "guideline_fixture.h"

namespace aceso::testing {
namespace {

const std::string body = R"(
inputs f { sick : yes/no flag : yes/no better : yes/no }
action x "X" : test
pathway care {
  start waiting
  at any stage except urgent, done when flag go to urgent
  stage waiting "Waiting" {
    when better go to done
    after 4 weeks when not better go to imaging
  }
  stage imaging {
    after 1 week within 2 weeks when better go to done
    when not better repeat imaging_again at most 2
  }
  stage imaging_again { after 2 days go to imaging }
  stage urgent final
  stage done final
}
rule r { when in stage imaging recommend x }
property p { stage imaging only after waiting }
)";

std::string event(const std::string& at, const std::string& inputs) {
  return "{\"at\": \"" + at + "\", \"inputs\": {" + inputs + "}}";
}

TEST(ReferencePathway, StartsWhenTheGuidelineApplies) {
  const Guideline g(body, "sick");
  EXPECT_EQ(g.path(g.run("")), "");
  EXPECT_EQ(g.path(g.run("", event("2026-10-01", "\"better\": false") + "," + event("2026-11-01", "\"sick\": true"))),
            "waiting@11-01");
}

TEST(ReferencePathway, WaitsEndBetweenEvents) {
  const Guideline g(body);
  const auto e = g.run("", event("2026-10-01", "\"better\": false, \"flag\": false"), "2026-10-29T00:00:00Z");
  EXPECT_EQ(g.path(e), "waiting@10-01 imaging@10-29 imaging_again@10-29");
  EXPECT_EQ(g.path(g.run("", event("2026-10-01", "\"better\": false"), "2026-10-28T23:59:59Z")), "waiting@10-01");
}

TEST(ReferencePathway, RepeatsAreBounded) {
  const Guideline g(body);
  EXPECT_EQ(g.path(g.run("", event("2026-10-01", "\"better\": false"))),
            "waiting@10-01 imaging@10-29 imaging_again@10-29 imaging@10-31 imaging_again@10-31 imaging@11-02");
}

TEST(ReferencePathway, InterruptsGoFirst) {
  const Guideline g(body);
  const auto e = g.run("", event("2026-10-01", "\"better\": true, \"flag\": true"));
  EXPECT_EQ(g.path(e), "waiting@10-01 urgent@10-01");
}

/// Who the guideline may apply to may stand in any stage, and what would tell is asked for.
TEST(ReferencePathway, TheStageIsOpenAsLongAsItIsNotKnownWhetherTheGuidelineApplies) {
  const Guideline g(R"(
    inputs i { ill : yes/no  better : yes/no }
    action x "X" : test
    rule r { when in stage home recommend x }
    pathway p { start home  stage home { when better go to done }  stage done final })",
                    "ill");
  EXPECT_EQ(g.status("", "x"), "undetermined recommend [ill]");
  EXPECT_EQ(g.status(R"("ill": true)", "x"), "advised recommend");
  EXPECT_EQ(g.status(R"("ill": false)", "x"), "not_advised");
  EXPECT_EQ(g.status(R"("ill": true, "better": true)", "x"), "not_advised");
}

TEST(ReferencePathway, AnUnknownConditionMovesNobody) {
  const Guideline g(body);
  const auto e = g.run("", event("2026-11-01", ""));
  EXPECT_EQ(g.stage(e), "waiting");
  ASSERT_EQ(e.decision.stage->next.size(), 3u);
  EXPECT_EQ(g.names(e.decision.stage->next[0].missing), "flag");
  EXPECT_EQ(to_text(*e.decision.stage->next[2].not_before), "2026-11-29T00:00:00Z");
}

TEST(ReferencePathway, TermsAndDelays) {
  const Guideline g(body);
  const auto e = g.run("", event("2026-10-01", "\"better\": false") + "," +
                               event("2026-11-03", "\"better\": {\"unknown\": \"pending\"}"));
  EXPECT_EQ(g.stage(e), "imaging");
  const NextStage& next = e.decision.stage->next[1];
  EXPECT_TRUE(next.overdue);
  EXPECT_EQ(to_text(*next.due), "2026-11-16T00:00:00Z");
  EXPECT_EQ(g.status(e, "x"), "advised recommend");
}

TEST(ReferencePathway, TwoWaysOutAtOnceAreAConflict) {
  const Guideline g(R"(inputs f { a : yes/no b : yes/no }
    pathway p { start s  stage s { when a go to t when b go to u }  stage t final  stage u final })");
  const auto e = g.run(R"("a": true, "b": true)");
  EXPECT_EQ(g.stage(e), "s");
  EXPECT_EQ(e.decision.stage->conflict.size(), 2u);
  EXPECT_EQ(g.stage(g.run(R"("a": true, "b": false)")), "t");
}

TEST(ReferencePathway, SameEventsSameAnswer) {
  const Guideline g(body);
  const std::string one = event("2026-10-01", "\"better\": false"), two = event("2026-10-05", "\"flag\": true");
  EXPECT_EQ(g.run("", one + "," + two).decision.trace, g.run("", two + "," + one).decision.trace);
}

TEST(ReferencePathway, TimelessCirclesAreFoundWithAPatient) {
  EXPECT_EQ(complaints_of(R"(inputs f { a : yes/no b : yes/no }
    pathway p { start s  stage s { when a go to t }  stage t { when b go to s } })"),
            "A0512");
  EXPECT_EQ(complaints_of(R"(inputs f { a : yes/no }
    pathway p { start s  stage s { when a go to t }  stage t { when not a go to s } })"),
            "");
  EXPECT_EQ(complaints_of(R"(inputs f { a : yes/no b : yes/no }
    pathway p { start s  stage s { when a go to t }  stage t { after 1 day when b go to s } })"),
            "");
  EXPECT_EQ(complaints_of(R"(inputs f { n : number from 0 to 200 step 1 }
    pathway p { start s  stage s { when n >= 140 go to t }  stage t { when n <= 140 go to s } })"),
            "A0512");
}

TEST(ReferencePathway, PropertiesAreCheckedOnEveryDecision) {
  const Guideline g(R"(inputs f { a : yes/no b : yes/no }
    action x "X" : test
    rule r { when a and b recommend x }
    property weak { whenever a then recommended x }
    property strict { whenever a then recommended x even when data are missing }
    property never_b { never recommended x when b })");
  const auto violated = [&](const std::string& inputs) {
    std::string text;
    for (const auto& v : g.run(inputs).violated)
      text += g.graph().properties[v.property].name + " ";
    return text;
  };
  EXPECT_EQ(violated(R"("a": true, "b": false)"), "weak strict ");
  EXPECT_EQ(violated(R"("a": true)"), "strict ");
  EXPECT_EQ(violated(R"("a": true, "b": true)"), "never_b ");
  EXPECT_EQ(violated(R"("a": false)"), "");
}

} // namespace
} // namespace aceso::testing
