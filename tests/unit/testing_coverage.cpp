/// What counts as a decision and a condition, and what cases are said to have seen of them.
#include <gtest/gtest.h>

#include "aceso/compiler.h"
#include "driver/case_set.h"
#include "reference/engine.h"
#include "testing/coverage.h"
#include "testing/coverage_report.h"

namespace aceso {
namespace {

using testing::Coverage;
using testing::Point;
using testing::PointKind;

struct Measured {
  Compilation compilation;
  std::unique_ptr<Coverage> coverage;
  explicit Measured(const std::string& body, const std::string& applies = {})
      : compilation(compile_text("guideline g { title \"G\" version 0.1.0 published 2026-01-01 " + applies +
                                     " }\nsource s \"S\"\n" + body,
                                 "g.aceso")) {
    EXPECT_TRUE(compilation.ok()) << compilation.render_diagnostics();
    coverage = std::make_unique<Coverage>(*compilation.graph(), compilation.sources(), 0);
    for (const auto& kept : driver::read_cases(compilation, "g.aceso").cases)
      for (const PatientCase& patient : kept.patients)
        coverage->record(patient, reference::evaluate(*compilation.graph(), patient));
    coverage->exclude_impossible();
  }
  /// "1 0 x" for a point: patients by direction, x for what is impossible.
  [[nodiscard]] std::string seen(const std::string& subject) const {
    for (const Point& point : coverage->points()) {
      if (point.subject != subject) continue;
      std::string text;
      for (std::size_t d = 0; d < 3; ++d)
        if (!info(point.kind).directions[d].empty())
          text += (text.empty() ? "" : " ") + (point.impossible[d] ? "x" : std::to_string(point.seen[d]));
      return text;
    }
    return "-";
  }
};

const std::string facts = "inputs i { fever : yes/no cough : yes/no  age : number from 0 to 110 step 1 }\n"
                          "action rest \"Rest\" : self_care\n";

TEST(Coverage, RulesAndConditionsInEveryDirection) {
  const Measured m(facts + "define old = age >= 65\n"
                           "rule r { when fever and old unless cough recommend rest cite s }\n"
                           "case \"a\" { given fever, age = 65, not cough expect recommended rest }\n"
                           "case \"b\" { given fever, age = 64 expect not recommended rest }\n");
  EXPECT_EQ(m.seen("rule r"), "1 1 0");
  EXPECT_EQ(m.seen("fever"), "2 0 0");
  EXPECT_EQ(m.seen("age >= 65"), "1 1 0");
  EXPECT_EQ(m.seen("cough"), "0 1 1");
}

TEST(Coverage, ComparisonsOfScoresAndWhatIsUnknownAreConditionsAsTheyAreWritten) {
  const Measured m(facts + "type look = scale { none = 1, pain = 2, voice = 3 }\n"
                           "inputs k { eyes : look \"Eyes?\" speech : look \"Speech?\" }\n"
                           "define risk = score {\n 1 if fever\n 2 if cough\n eyes.score\n}\n"
                           "rule r { when risk >= 3 and fever is unknown recommend rest cite s }\n"
                           "rule q { when risk < 3 or eyes.score + speech.score > 4 recommend rest cite s }\n"
                           "case \"a\" { given cough, eyes = none expect recommended rest }\n"
                           "case \"b\" { given fever, not cough, eyes = none, speech = none expect not risk >= 3 }\n");
  EXPECT_EQ(m.seen("risk >= 3"), "1 1 0");
  EXPECT_EQ(m.seen("fever is unknown"), "1 1 x");
  EXPECT_EQ(m.seen("risk < 3"), "1 1 0");
  EXPECT_EQ(m.seen("eyes.score + speech.score > 4"), "0 2 0") << "with any speech it is 4 at most";
}

TEST(Coverage, RowsOfAFirstHitTableCountWhereTheyDecide) {
  const Measured m(facts + "define phase : one of { low, mid, high } = bands age { below 10 : low below 20 : mid "
                           "otherwise : high }\n"
                           "case \"a\" { given age = 5 expect phase = low }\n"
                           "case \"b\" { given fever expect phase is unknown }\n");
  EXPECT_EQ(m.seen("row 1 of phase"), "1");
  EXPECT_EQ(m.seen("row 2 of phase"), "0");
  EXPECT_EQ(m.seen("row 3 of phase"), "0");
}

TEST(Coverage, WhatNobodyCanShowIsNoGoal) {
  const Measured m("inputs i { fever : yes/no unknown assume no because \"it is rare\" }\n"
                   "inputs k { cough : yes/no }\n"
                   "action rest \"Rest\" : self_care\n"
                   "rule r { when fever or cough is known recommend rest cite s }\n"
                   "case \"a\" { given cough expect recommended rest }\n");
  EXPECT_EQ(m.seen("fever"), "0 1 x");
  EXPECT_EQ(m.seen("cough is known"), "1 0 x");
  EXPECT_EQ(m.seen("rule r"), "1 0 x");
}

TEST(Coverage, WhereTheGuidelineDoesNotApplyNothingIsSeen) {
  const Measured m(facts + "rule r { when cough recommend rest cite s }\n"
                           "case \"a\" { given not fever, cough expect not applies }\n",
                   "applies when fever");
  EXPECT_EQ(m.seen("fever"), "0 1 0");
  EXPECT_EQ(m.seen("cough"), "0 0 0");
  EXPECT_EQ(m.seen("rule r"), "0 1 0");
}

TEST(Coverage, PathwayTransitionsStagesAndTheirConditions) {
  const Measured m(facts + "pathway p { start one\n"
                           "  stage one { when fever go to two  after 2 days when cough go to three }\n"
                           "  stage two { after 1 day go to three }\n"
                           "  stage three final }\n"
                           "case \"a\" { at day 0 given not fever expect stage one\n"
                           "  at day 1 given fever expect stage two\n"
                           "  at day 2 expect stage three }\n");
  EXPECT_EQ(m.seen("transition one -> two"), "2 1 0");
  EXPECT_EQ(m.seen("transition one -> three"), "0 0 1");
  EXPECT_EQ(m.seen("transition two -> three"), "1 1 x");
  EXPECT_EQ(m.seen("stage two"), "2");
  EXPECT_EQ(m.seen("fever"), "1 1 0");
  EXPECT_EQ(m.seen("cough"), "0 0 2");
}

TEST(Coverage, AConstraintAsksEverybody) {
  const Measured m(facts + "constraint c { require not (fever and cough) message \"no\" cite s }\n"
                           "rule r { when fever recommend rest cite s }\n"
                           "case \"refused\" { given fever, cough expect refused c }\n"
                           "case \"not about him\" { given age = 3, not cough expect not applies }\n",
                   "applies when age >= 18");
  EXPECT_EQ(m.seen("fever"), "1 0 1");
  EXPECT_EQ(m.seen("cough"), "1 1 0");
  EXPECT_EQ(m.seen("age >= 18"), "0 1 0");
}

TEST(Coverage, WhoIsRefusedCanShowTheConditionOfTheConstraint) {
  const Measured m("inputs i { fever : yes/no }\naction rest \"Rest\" : self_care\n"
                   "constraint c { require fever message \"no\" cite s }\nrule r { when fever recommend rest cite s }\n"
                   "case \"a\" { given fever expect recommended rest }\n");
  EXPECT_EQ(m.seen("fever"), "1 0 0");
}

TEST(Coverage, InAStageIsOneCondition) {
  const Measured m(facts + "rule r { when in stage two and not (in stage one or cough) recommend rest cite s }\n"
                           "pathway p { start one\n  stage one { when cough go to two }\n  stage two final }\n",
                   "applies when fever");
  for (const testing::Decision& decision : testing::decisions_of(*m.compilation.graph(), m.compilation.sources(), 0)) {
    if (decision.subject != "rule r") continue;
    std::vector<std::string> texts;
    for (const testing::Condition& condition : decision.conditions)
      texts.push_back(condition.text);
    EXPECT_EQ(texts, (std::vector<std::string>{"in stage two", "in stage one", "cough"}));
    return;
  }
  FAIL() << "there is no rule";
}

TEST(Coverage, ARefusedCaseShowsOnlyTheConstraintThatItBreaks) {
  const Measured m(facts + "constraint c { require not (fever and cough) message \"no\" cite s }\n"
                           "rule r { when fever recommend rest cite s }\n"
                           "case \"a\" { given fever, cough expect refused c }\n");
  EXPECT_EQ(m.seen("constraint c"), "0 1");
  EXPECT_EQ(m.seen("rule r"), "0 0 0");
}

TEST(Coverage, AllIsOnlyAHundredWhereNothingLacks) {
  testing::CoverageSums sums;
  EXPECT_EQ(sums.percent(), 100);
  sums.goals = 10000;
  sums.covered = 9999;
  EXPECT_EQ(testing::percent_text(sums.percent()), "99.9");
}

} // namespace
} // namespace aceso
