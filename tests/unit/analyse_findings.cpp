/// Single findings of the deep checks, and what is made of them: unused declarations, case files, case blocks, SARIF.
#include <algorithm>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "aceso/compiler.h"
#include "analyse/deep.h"
#include "diagnostics/machine_formats.h"
#include "driver/test_runner.h"
#include "driver/unused.h"
#include "driver/witness_cases.h"
#include "graph/graph.h"
#include "module/patient_case.h"
#include "reference/engine.h"

namespace aceso {
namespace {

using analyse::DeepReport;
using analyse::Finding;
using analyse::Verdict;
using diagnostics::Kind;

const std::string head = "guideline g { title \"G\" version 0.1.0 published 2026-01-01 }\nsource s \"S\"\n";

struct Checked {
  Compilation compilation;
  DeepReport report;
  explicit Checked(const std::string& body, const analyse::DeepOptions& options = {}, const std::string& begin = head)
      : compilation(compile_text(begin + body, "g.aceso")) {
    EXPECT_TRUE(compilation.ok()) << compilation.render_diagnostics();
    if (compilation.ok()) report = analyse::deep_check(*compilation.graph(), options);
  }
  [[nodiscard]] std::vector<const Finding*> all(Kind kind) const {
    std::vector<const Finding*> found;
    for (const Finding& finding : report.findings)
      if (finding.diagnostic.kind == kind) found.push_back(&finding);
    return found;
  }
  [[nodiscard]] Verdict verdict(Kind kind, const std::string& subject) const {
    for (const analyse::Question& question : report.questions)
      if (question.check == kind && question.subject == subject) return question.verdict;
    ADD_FAILURE() << "nobody asked about " << subject;
    return Verdict::undecided;
  }
  [[nodiscard]] std::string text() const {
    std::string out;
    for (const Finding& finding : report.findings)
      out += diagnostics::render(finding.diagnostic, compilation.sources());
    return out;
  }
};

const std::string two_facts = "inputs i { fever : yes/no cough : yes/no }\naction rest \"Rest\" : self_care\n";

TEST(AnalyseFindings, ConflictProposesAnOverrideThatHelps) {
  const std::string rules = "rule gives { when fever recommend rest cite s }\n"
                            "rule holds { when cough avoid rest %cite s }\n";
  const auto with = [&](const std::string& more) {
    std::string text = rules;
    return two_facts + text.replace(text.find('%'), 1, more);
  };
  const Checked broken(with(""));
  const auto found = broken.all(Kind::conflict);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0]->witness->facts, (std::vector<std::string>{"fever", "cough"}));
  EXPECT_NE(found[0]->diagnostic.mend.find("let rule `holds` say: overrides gives because"), std::string::npos)
      << found[0]->diagnostic.mend;
  // What is proposed does help.
  EXPECT_TRUE(Checked(with("overrides gives because \"b\" ")).all(Kind::conflict).empty());
}

/// Whoever is given `rest` by `gives` is given `sleep` too, which must not go with it: that pair is always there.
TEST(AnalyseFindings, OneConflictDoesNotHideAnother) {
  const Checked c(two_facts + "action sleep \"Sleep\" : self_care { interacts with rest \"both\" }\n"
                              "rule gives { when fever recommend rest cite s }\n"
                              "rule also { when fever recommend sleep cite s }\n"
                              "rule holds { when cough avoid rest cite s }\n");
  const auto found = c.all(Kind::conflict);
  ASSERT_EQ(found.size(), 2u) << c.text();
  EXPECT_EQ(found[0]->witness->facts, (std::vector<std::string>{"fever"}));
  EXPECT_EQ(found[1]->witness->facts, (std::vector<std::string>{"fever", "cough"}));
  EXPECT_NE(found[0]->diagnostic.message.find("together with"), std::string::npos);
  EXPECT_NE(found[1]->diagnostic.message.find("advised against"), std::string::npos);
}

TEST(AnalyseFindings, AHistoryIsShownWithItsFacts) {
  const Checked c(two_facts + "rule gives { when in stage done recommend rest cite s }\n"
                              "property order { stage done only after ill }\n"
                              "pathway care {\n  start first\n"
                              "  stage first { when fever go to ill  after 2 weeks when cough go to done }\n"
                              "  stage ill { when cough go to done }\n  stage done final\n}\n");
  const auto found = c.all(Kind::property_refuted);
  ASSERT_EQ(found.size(), 1u) << c.text();
  const auto& facts = found[0]->witness->facts;
  ASSERT_EQ(facts.size(), 3u);
  EXPECT_EQ(facts[0].substr(0, 17), "stage first from ");
  EXPECT_EQ(facts[1].substr(0, 11), "cough from ");
  EXPECT_EQ(facts[2].substr(0, 16), "stage done from ");
}

TEST(AnalyseFindings, WhereThePatientStandsIsTold) {
  const Checked c(two_facts + "rule gives { when in stage ill recommend rest cite s }\n"
                              "property no_rest { never recommended rest when cough }\n"
                              "pathway care {\n  start first\n  stage first { after 2 weeks when fever go to ill }\n"
                              "  stage ill { when not fever go to done }\n  stage done final\n}\n");
  const auto found = c.all(Kind::property_refuted);
  ASSERT_EQ(found.size(), 1u) << c.text();
  const auto& facts = found[0]->witness->facts;
  ASSERT_GE(facts.size(), 4u); // that there is fever may be taken back in the end
  EXPECT_EQ(facts[0], "cough");
  EXPECT_EQ(facts[1].substr(0, 17), "stage first from ");
  EXPECT_EQ(facts[2].substr(0, 11), "fever from ");
  EXPECT_EQ(facts[3].substr(0, 15), "stage ill from ");
}

TEST(AnalyseFindings, NoCircleOfOverridesIsProposed) {
  const Checked c(two_facts + "action walk \"Walk\" : self_care\n"
                              "rule gives { when fever recommend rest cite s }\n"
                              "rule mid { when fever and cough avoid walk overrides up because \"b\" cite s }\n"
                              "rule up { when cough recommend walk cite s }\n"
                              "rule holds { when cough avoid rest cite s }\n");
  ASSERT_EQ(c.all(Kind::conflict).size(), 1u);
}

TEST(AnalyseFindings, ManyOverlapsAreToldAsAClass) {
  std::string table = "inputs i { n : number from 0 to 20 step 1 }\ntable t : one of { a, b } unique {\n  n -> t\n";
  for (int row = 0; row < 8; ++row)
    table += "  <= " + std::to_string(row + 9) + " -> " + (row % 2 == 0 ? "a" : "b") + "\n";
  const Checked c(table + "  >= 18 -> a\n  17 -> b\n}\n");
  const auto overlaps = c.all(Kind::overlap);
  ASSERT_EQ(overlaps.size(), 5u);
  std::vector<std::string> subjects;
  for (const Finding* finding : overlaps)
    subjects.push_back(finding->subject);
  std::sort(subjects.begin(), subjects.end());
  EXPECT_EQ(std::unique(subjects.begin(), subjects.end()), subjects.end()) << "a pair is told once";
  EXPECT_NE(c.text().find("there are more; rows that overlap with another: 1 to 8\n"), std::string::npos) << c.text();
}

TEST(AnalyseFindings, OneStepBetweenThresholdsIsABoundary) {
  const std::string table =
      "inputs i { n : number from 0 to 20 step 1 }\ntable t : one of { a, b } unique {\n  n -> t\n"
      "  < 10 -> a\n  >= %  -> b\n}\n";
  const auto with = [&](const std::string& limit) {
    std::string text = table;
    return text.replace(text.find('%'), 1, limit);
  };
  EXPECT_EQ(Checked(with("11")).all(Kind::boundary).size(), 1u);
  EXPECT_EQ(Checked(with("12")).all(Kind::gap).size(), 1u);
  EXPECT_EQ(Checked(with("10")).verdict(Kind::gap, "table t"), Verdict::proved);
}

TEST(AnalyseFindings, AGapIsShownByAPatientWhoHasAnswered) {
  const auto with = [](const std::string& limit) {
    return "inputs i { kg : number from 0 to 20 step 1 lb : number from 0 to 40 step 1 }\n"
           "define w : one of { light, heavy } = first {\n  when kg is known and kg < 10 : light\n"
           "  when kg is known and kg >= " +
           limit + " : heavy\n}\n";
  };
  const Checked real(with("15"));
  ASSERT_EQ(real.all(Kind::gap).size(), 1u);
  EXPECT_EQ(real.all(Kind::gap)[0]->diagnostic.message, "`w` has no row for this patient, although nothing is missing");
  ASSERT_EQ(real.all(Kind::gap)[0]->witness->facts.size(), 1u);
  EXPECT_NE(real.all(Kind::gap)[0]->witness->facts[0].find("kg = 1"), std::string::npos) << real.text();
  const Checked unanswered(with("10"));
  ASSERT_EQ(unanswered.all(Kind::gap).size(), 1u);
  EXPECT_EQ(unanswered.all(Kind::gap)[0]->diagnostic.message, "`w` has no row for a patient of whom `kg` is not known");
  EXPECT_NE(unanswered.text().find("(proved: every patient who has answered one of these questions finds a row)"),
            std::string::npos);
}

TEST(AnalyseFindings, ATableWhoseRowsAskNothingHasNoGap) {
  const Checked checked("inputs i { a : yes/no }\n"
                        "table t : one of { low, high } unique {\n  a -> t\n  - -> low\n  - -> high\n}\n");
  EXPECT_EQ(checked.verdict(Kind::gap, "table t"), Verdict::proved);
  EXPECT_EQ(checked.all(Kind::overlap).size(), 1u);
}

TEST(AnalyseFindings, WhatCannotBeAnsweredBesideAnotherIsNotMissing) {
  const auto with = [](const std::string& limit) {
    return "inputs i { kg : number from 0 to 20 step 1 lb : number from 0 to 40 step 1 }\n"
           "constraint once { require at most 1 of { kg is known, lb is known } message \"Twice\" }\n"
           "define w : one of { light, heavy } = first {\n  when kg is known and kg < 10 : light\n"
           "  when kg is known and kg >= 10 : heavy\n  when lb is known and lb < 20 : light\n  when lb is known and lb "
           ">= " +
           limit + " : heavy\n}\n";
  };
  const Checked real(with("25"));
  ASSERT_EQ(real.all(Kind::gap).size(), 1u);
  EXPECT_EQ(real.all(Kind::gap)[0]->diagnostic.message, "`w` has no row for this patient, although nothing is missing");
  ASSERT_EQ(real.all(Kind::gap)[0]->witness->facts.size(), 1u);
  EXPECT_NE(real.all(Kind::gap)[0]->witness->facts[0].find("lb = 2"), std::string::npos) << real.text();
  const Checked unanswered(with("20"));
  ASSERT_EQ(unanswered.all(Kind::gap).size(), 1u);
  EXPECT_EQ(unanswered.all(Kind::gap)[0]->diagnostic.message,
            "`w` has no row for a patient of whom `kg`, `lb` are not known");
  EXPECT_NE(unanswered.text().find("(proved: every patient who has answered one of these"), std::string::npos);
}

// A circle that the quick search of `aceso check` does not find: a number that no comparison names.
TEST(AnalyseFindings, TimelessCircleIsFoundOrExcluded) {
  const std::string inputs = "inputs i { a : number from 0 to 1000 step 1 }\n";
  const auto with = [&](const std::string& there, const std::string& back) {
    return inputs + "define sum = a * 2 + 1\npathway p { start one\n  stage one { when " + there +
           " go to two }\n  stage two { when " + back + " go to one }\n}\n";
  };
  // The sum is odd, so it may be 11, but never 12.
  EXPECT_EQ(Checked(with("sum > 11", "sum < 13")).verdict(Kind::timeless_cycle, "pathway p"), Verdict::proved);
  const Checked circle(with("sum > 10", "sum < 12"));
  ASSERT_EQ(circle.all(Kind::timeless_cycle).size(), 1u);
  EXPECT_EQ(circle.all(Kind::timeless_cycle)[0]->witness->facts, std::vector<std::string>{"a = 5 (only this value)"});
}

TEST(AnalyseFindings, WhoHasAWayOutIsNotSeenInTheStage) {
  const Checked c(two_facts + "pathway p { start one\n  stage one { when fever go to two }\n  stage two final\n}\n"
                              "rule never { when in stage one and fever recommend rest cite s }\n"
                              "rule often { when in stage one and cough recommend rest cite s }\n");
  EXPECT_EQ(c.verdict(Kind::unreachable, "rule never"), Verdict::refuted);
  EXPECT_EQ(c.verdict(Kind::unreachable, "rule often"), Verdict::proved);
}

TEST(AnalyseFindings, AStageThatWaitsForWhatNobodyAsksIsTold) {
  const auto with = [](const std::string& ways) {
    return two_facts +
           "rule gives { when in stage tested recommend rest cite s }\n"
           "pathway p { start first\n  stage first { when cough go to tested }\n  stage tested { " +
           ways + " }\n  stage last final\n}\n";
  };
  const Checked silent(with("when fever is known and fever go to last"));
  const auto found = silent.all(Kind::unasked_wait);
  ASSERT_EQ(found.size(), 1u) << silent.text();
  EXPECT_EQ(found[0]->subject, "stage tested");
  EXPECT_EQ(found[0]->diagnostic.message, "stage `tested` waits for `fever`, and nothing asks for it");
  ASSERT_EQ(found[0]->witness->facts.size(), 3u); // that there is a cough still holds
  EXPECT_EQ(found[0]->witness->facts[2].substr(0, 18), "stage tested from ");
  // It is asked for, by this way or by another one of the stage.
  EXPECT_TRUE(Checked(with("when fever go to last")).all(Kind::unasked_wait).empty());
  const std::string other = "when not fever go to first";
  EXPECT_EQ(Checked(with("when fever is known and fever go to last after 1 day " + other))
                .verdict(Kind::unasked_wait, "stage tested"),
            Verdict::proved);
  // Somebody gets out without it.
  EXPECT_EQ(Checked(with("when fever is known and fever go to last when fever is unknown refused go to last"))
                .verdict(Kind::unasked_wait, "stage tested"),
            Verdict::proved);
  // Either answer would do.
  const Checked both(with("when fever is known and fever go to last when cough is known and not cough go to last"));
  ASSERT_EQ(both.all(Kind::unasked_wait).size(), 1u) << both.text();
  EXPECT_EQ(both.all(Kind::unasked_wait)[0]->diagnostic.message,
            "stage `tested` waits for one of `fever`, `cough`, and nothing asks for it");
}

TEST(AnalyseFindings, TwoOpenWaysKeepThePatientInTheStage) {
  const Checked c(two_facts + "pathway p { start one\n  stage one { when fever go to two when cough go to three }\n"
                              "  stage two final\n  stage three final\n}\n"
                              "rule held { when in stage one and fever recommend rest cite s }\n");
  EXPECT_EQ(c.verdict(Kind::unreachable, "rule held"), Verdict::proved);
  const auto found = c.all(Kind::ambiguous_ways);
  ASSERT_EQ(found.size(), 1u) << c.text();
  EXPECT_EQ(found[0]->subject, "stage one");
  EXPECT_TRUE(found[0]->witness);
}

/// Whoever is shown, after the wait as well, stands in the stage and is held there by both ways.
TEST(AnalyseFindings, ThePatientOfTwoOpenWaysIsHeld) {
  for (const std::string ways : {"after 3 days when fever go to two when cough go to three",
                                 "when fever go to two after 2 weeks when cough go to three",
                                 "after 1 week when fever go to two after 3 months when cough go to three"}) {
    const Checked c(
        "inputs i { sick : yes/no  fever : yes/no  cough : yes/no }\naction rest \"Rest\" : self_care\n"
        "pathway p { start one\n  stage one { " +
            ways + " }\n  stage two final\n  stage three final\n}\n" +
            "rule held { when in stage two recommend rest cite s }\n",
        {}, "guideline g { title \"G\" version 0.1.0 published 2026-01-01 applies when sick }\nsource s \"S\"\n");
    const auto found = c.all(Kind::ambiguous_ways);
    ASSERT_EQ(found.size(), 1u) << c.text();
    ASSERT_TRUE(found[0]->witness);
    const auto& lines = found[0]->witness->facts;
    for (const char* fact : {"fever", "cough"})
      EXPECT_TRUE(std::count(lines.begin(), lines.end(), fact)) << ways << " does not tell " << fact;
    const auto shown = reference::evaluate(*c.compilation.graph(), found[0]->witness->patient);
    ASSERT_TRUE(shown.decision.stage);
    EXPECT_EQ(shown.decision.stage->conflict.size(), 2u) << ways;
  }
}

TEST(AnalyseFindings, OneWayOutAtATimeIsProved) {
  const auto verdict = [](const std::string& ways) {
    return Checked(two_facts + "pathway p { start one\n  " + ways +
                   "  stage two final\n  stage three final\n}\nrule r { when in stage two recommend rest cite s }\n")
        .verdict(Kind::ambiguous_ways, "stage one");
  };
  EXPECT_EQ(verdict("stage one { when fever and not cough go to two when cough go to three }\n"), Verdict::proved);
  EXPECT_EQ(verdict("stage one { when fever go to two when cough go to two }\n"), Verdict::proved);
  // An interrupt goes first, so the way of the stage never stands beside it.
  EXPECT_EQ(verdict("at any stage except two, three when fever go to two\n  stage one { when cough go to three }\n"),
            Verdict::proved);
  // One of them after a wait.
  EXPECT_EQ(verdict("stage one { after 2 weeks when fever go to two when cough go to three }\n"), Verdict::refuted);
}

TEST(AnalyseFindings, SeriesAreMeasuredOftenEnough) {
  const Checked c("inputs i { p : number from 0 to 300 step 1 series  q : number from 0 to 300 step 1 series }\n"
                  "action rest \"Rest\" : self_care\n"
                  "define days = min(count p within 1 week, count q within 1 week)\n"
                  "rule high { when days >= 3 and round(mean p within 1 week, 1) >= 140 recommend rest cite s }\n");
  EXPECT_EQ(c.verdict(Kind::unreachable, "rule high"), Verdict::proved);
}

TEST(AnalyseFindings, HowOftenItWasMeasuredIsNeverUnknown) {
  const Checked c("inputs i { p : number from 0 to 300 step 1 series  day : date }\n"
                  "action rest \"Rest\" : self_care\n"
                  "rule never { when (count p within 1 week) is unknown recommend rest cite s }\n"
                  "rule without_day { when (count p as of day) is unknown recommend rest cite s }\n");
  EXPECT_EQ(c.verdict(Kind::unreachable, "rule never"), Verdict::refuted);
  EXPECT_NE(c.verdict(Kind::unreachable, "rule without_day"), Verdict::refuted); // the day is open
}

/// 1.2 mg/dL are 106.08 umol/L, which no step of the input has.
TEST(AnalyseFindings, AGapBetweenTheStepsIsFoundInAnotherUnit) {
  const Checked c("inputs i { cr : quantity from 0 umol/L to 2000 umol/L step 1 umol/L\n"
                  "  accepts mg/dL step 0.01 molar_mass 113.12 g/mol }\n"
                  "action rest \"Rest\" : self_care\n"
                  "table t : one of { lo, hi } unique { cr -> t\n <= 106 umol/L -> lo\n >= 107 umol/L -> hi\n}\n"
                  "rule high { when t = hi recommend rest cite s }\n"
                  "rule between { when cr > 1.49 mg/dL and cr < 1.5 mg/dL recommend rest cite s }\n");
  const auto found = c.all(Kind::boundary);
  ASSERT_EQ(found.size(), 1u) << c.text();
  EXPECT_EQ(found[0]->witness->facts, (std::vector<std::string>{"cr = 1.2 mg/dL (only this value)"}));
  EXPECT_EQ(c.verdict(Kind::unreachable, "rule between"), Verdict::proved); // 132 umol/L
}

TEST(AnalyseFindings, WhyADifferentialIsUnknownIsProved) {
  const auto verdict = [](const std::string& argument, const std::string& reason) {
    return Checked(two_facts +
                   "differential cause : one of { flu, cold } among { flu, cold } {\n"
                   "  argument for flu strong when fever\n  argument for cold strong when " +
                   argument + "\n  decide strong 3, weak 1, needs 1, ahead by 1\n}\n" +
                   "rule r { when cause is unknown " + reason + " recommend rest cite s }\n")
        .verdict(Kind::unreachable, "rule r");
  };
  // One of them wins, unless it is open.
  EXPECT_EQ(verdict("not fever", "not_applicable"), Verdict::refuted);
  EXPECT_EQ(verdict("not fever", "not_asked"), Verdict::proved);
  EXPECT_EQ(verdict("not fever", "refused"), Verdict::refuted);
  // With both there is a tie, with neither there is none.
  EXPECT_EQ(verdict("cough", "not_applicable"), Verdict::proved);
}

/// The fact that is learned was known on the way: it is what the patient says now all the same.
TEST(AnalyseFindings, AdviceIsWithdrawnBehindAWait) {
  const Checked c(two_facts + "rule r3 { when in stage five and cough is unknown recommend rest cite s }\n"
                              "pathway p { start one\n  stage one { when fever go to two }\n"
                              "  stage two { after 1 week when cough go to three }\n"
                              "  stage three { when cough go to five }\n  stage five final\n}\n");
  const auto found = c.all(Kind::advice_withdrawn);
  ASSERT_EQ(found.size(), 1u) << c.text();
  ASSERT_FALSE(found[0]->witness->inputs.empty());
}

TEST(AnalyseFindings, WhyAConditionIsUnknownIsProved) {
  const auto verdict = [](const std::string& condition) {
    return Checked(two_facts +
                   "inputs k { age : number from 0 to 110 step 1 }\n"
                   "define both = fever and (not cough or age >= 65)\n"
                   "rule r { when " +
                   condition + " recommend rest cite s }\n")
        .verdict(Kind::unreachable, "rule r");
  };
  EXPECT_EQ(verdict("both is unknown refused"), Verdict::proved);
  EXPECT_EQ(verdict("both is unknown refused and age is unknown refused and fever"), Verdict::proved);
  // The first in the order of the reasons is the one that is told.
  EXPECT_EQ(verdict("both is unknown refused and fever is unknown not_asked"), Verdict::refuted);
  EXPECT_EQ(verdict("both is unknown refused and not fever"), Verdict::refuted);
  EXPECT_EQ(verdict("fever is unknown and not (fever is unknown not_asked)"), Verdict::proved);
  EXPECT_EQ(verdict("both is unknown and not (both is unknown not_asked or both is unknown not_done)"),
            Verdict::proved);
  EXPECT_EQ(verdict("fever is unknown and not (fever is unknown not_asked or fever is unknown not_done or fever is "
                    "unknown refused or fever is unknown pending or fever is unknown stale or fever is unknown invalid "
                    "or fever is unknown not_applicable)"),
            Verdict::refuted);
  EXPECT_EQ(verdict("both is unknown refused and fever is known and age is known and cough is known"),
            Verdict::refuted);
}

TEST(AnalyseFindings, AnInterpretationIsCitedByItsName) {
  const Checked c(two_facts + "interpretation old { text \"old\" reading \"a long reading\" decided_by \"us\" }\n"
                              "rule gives { when fever recommend rest cite s at \"1\" cite old }\n"
                              "rule holds { when cough avoid rest cite s }\n");
  ASSERT_EQ(c.all(Kind::conflict).size(), 1u) << c.text();
  EXPECT_NE(c.text().find("recommend rest (S, 1; interpretation `old`)"), std::string::npos) << c.text();
}

TEST(AnalyseFindings, WhatCannotBeCalculatedStaysUndecided) {
  const Checked c("inputs i { w : number from 1 to 300 step 1  h : number from 50 to 250 step 1 }\n"
                  "action rest \"Rest\" : self_care\n"
                  "rule r { when w > 100 and w * h < 1000 recommend rest cite s }\n");
  EXPECT_EQ(c.verdict(Kind::unreachable, "rule r"), Verdict::undecided);
  ASSERT_EQ(c.all(Kind::undecided).size(), 1u);
  EXPECT_NE(c.all(Kind::undecided)[0]->diagnostic.message.find("rule r (does any patient get there?)"),
            std::string::npos);
}

TEST(AnalyseFindings, WhatLearningBringsTogetherIsShown) {
  const std::string start = "inputs i { x : number from 0 to 9 step 1 y : number from 0 to 9 step 1 }\n"
                            "action rest \"Rest\" : self_care\naction run \"Run\" : self_care\n"
                            "table t : one of { a, b } unique {\n  x | y -> t\n";
  const std::string rules =
      "}\nrule r { when t = a recommend rest cite s }\nrule q { when t = b recommend run cite s }\n";
  // Each of the first two rows matches without what the other asks for.
  const Checked open(start + "  0 to 4 | - -> a\n  - | 0 to 4 -> b\n  5 to 9 | 5 to 9 -> a\n" + rules);
  const auto found = open.all(Kind::advice_withdrawn);
  ASSERT_EQ(found.size(), 2u) << open.text();
  for (const Finding* finding : found)
    EXPECT_EQ(finding->witness->patient.facts.size(), 2u) << open.text();
  EXPECT_NE(open.text().find("`rest` is advised while `y` is unknown"), std::string::npos) << open.text();
  // Rows that ask for the same inputs match at once, or never: the overlap is told, and nothing is withdrawn.
  const Checked closed(start + "  0 to 4 | 0 to 9 -> a\n  4 to 9 | 0 to 9 -> b\n" + rules);
  EXPECT_EQ(closed.all(Kind::overlap).size(), 1u) << closed.text();
  EXPECT_TRUE(closed.all(Kind::advice_withdrawn).empty()) << closed.text();
  EXPECT_EQ(closed.verdict(Kind::advice_withdrawn, "action rest"), Verdict::proved);
}

TEST(AnalyseFindings, StepsStopTheSearchForValues) {
  const std::string body = "inputs i { x : number from 1 to 900 step 0.1 y : number from 1 to 900 step 0.1 }\n"
                           "action rest \"Rest\" : self_care\n"
                           "define z = round(ln(x) * ln(y) + ln(x), 0.01)\n"
                           "rule r { when z = 17.77 and z > x recommend rest cite s }\n";
  analyse::DeepOptions few;
  few.budget.steps_per_question = 300;
  const Checked c(body, few);
  ASSERT_EQ(c.all(Kind::undecided).size(), 1u) << c.text();
  EXPECT_EQ(c.all(Kind::undecided)[0]->diagnostic.mend, "the budget of 300 steps is spent; allow more with --steps");
  EXPECT_EQ(c.text(), Checked(body, few).text());
}

TEST(AnalyseFindings, NoStepsLeaveNoWrongAnswer) {
  analyse::DeepOptions options;
  options.budget.steps_per_question = 0;
  const std::string body = two_facts + "rule gives { when fever recommend rest cite s }\n"
                                       "rule holds { when cough avoid rest cite s }\n";
  const Checked hurried(body, options), patient(body);
  for (const analyse::Question& question : hurried.report.questions)
    if (question.verdict != Verdict::undecided) {
      EXPECT_EQ(question.verdict, patient.verdict(question.check, question.subject)) << question.subject;
    }
}

// A date of which the year is known counts as unknown, and still comes before another.
TEST(AnalyseFindings, PartialDatesAreNotForgotten) {
  const Checked c(
      "inputs i { born : date }\naction rest \"Rest\" : self_care\n"
      "rule part { when born is unknown and born < 2000-01-01 recommend rest cite s }\n"
      "rule never { when born < 2000-01-01 and born is known and born > 2001-01-01 recommend rest cite s }\n");
  EXPECT_NE(c.verdict(Kind::unreachable, "rule part"), Verdict::refuted);
  EXPECT_EQ(c.verdict(Kind::unreachable, "rule never"), Verdict::refuted);
}

// In the other unit, a value may lie between two steps of the first.
TEST(AnalyseFindings, StepsOfOtherUnitsCount) {
  const std::string rule = "action rest \"Rest\" : self_care\n"
                           "rule between { when t > 37 kg and t < 38 kg recommend rest cite s }\n";
  EXPECT_EQ(Checked("inputs i { t : quantity from 1 kg to 300 kg step 1 kg }\n" + rule)
                .verdict(Kind::unreachable, "rule between"),
            Verdict::refuted);
  EXPECT_NE(Checked("inputs i { t : quantity from 1 kg to 300 kg step 1 kg accepts g step 1 g }\n" + rule)
                .verdict(Kind::unreachable, "rule between"),
            Verdict::refuted);
}

/// Says that nothing applies, whoever is asked about.
class WrongEngine final : public Engine {
public:
  explicit WrongEngine(const Dictionary& dictionary) : dictionary_(dictionary) {}
  [[nodiscard]] const Dictionary& dictionary() const override { return dictionary_; }
  [[nodiscard]] EngineAnswer evaluate(const PatientCase&) override { return {}; }

private:
  const Dictionary& dictionary_;
};

TEST(AnalyseFindings, AnEngineThatDiffersIsAnInternalError) {
  const std::string body = two_facts + "rule gives { when fever recommend rest cite s }\n"
                                       "rule holds { when cough avoid rest cite s }\n";
  const Checked c(body);
  EXPECT_TRUE(c.all(Kind::internal_error).empty());
  WrongEngine wrong(c.compilation.graph()->dictionary);
  const auto right = reference::make_engine(*c.compilation.graph());
  analyse::DeepOptions options;
  options.engines = {right.get(), &wrong};
  const DeepReport report = analyse::deep_check(*c.compilation.graph(), options);
  EXPECT_EQ(std::count_if(report.findings.begin(), report.findings.end(),
                          [](const Finding& f) { return f.diagnostic.kind == Kind::internal_error; }),
            1);
}

// ---------------------------------------------------------------------------------------------------------------------
// Every witness comes back from its case file, and its case block holds.

const std::string many_defects = R"(
inputs i {
  fever : yes/no
  cough : yes/no
  age : quantity from 0 years to 120 years step 1 year typical 50 years
  pressure : quantity from 40 mm[Hg] to 300 mm[Hg] step 1 mm[Hg]
  level : scale { none = 0, some = 1, much = 2 }
  born : date
}
action rest "Rest" : self_care
action walk "Walk" : self_care
action_class moves at most one { rest, walk }
table t : one of { low, high } unique {
  pressure         -> t
  < 120 mm[Hg]     -> low
  > 120 mm[Hg]     -> high
  > 200 mm[Hg]     -> low
}
rule r1 { when fever and level >= some and pressure > 150 mm[Hg] recommend rest cite s }
rule r2 { when cough and age > 60 years and born > 1950-01-01 recommend walk cite s }
rule r3 { when cough is unknown refused and fever recommend walk cite s }
property p { never recommended rest when t = low }
pathway care { start one
  stage one { when fever go to two }
  stage two { after 2 weeks when cough go to three }
  stage three final
}
rule r4 { when in stage three and fever avoid rest cite s }
)";

TEST(AnalyseFindings, WitnessesReplayFromCaseFilesAndCaseBlocks) {
  const std::string body = many_defects;
  const Checked c(body);
  const graph::Graph& graph = *c.compilation.graph();
  std::size_t files = 0, blocks = 0;
  std::string pasted = head + body;
  const auto names = driver::case_names(c.report.findings);
  for (std::size_t i = 0; i < c.report.findings.size(); ++i) {
    const Finding& finding = c.report.findings[i];
    EXPECT_EQ(names[i].empty(), !finding.witness.has_value());
    if (!finding.witness) continue;
    EXPECT_EQ(std::count(names.begin(), names.end(), names[i]), 1);
    const CaseReadResult read = read_case(graph.dictionary, driver::case_file(graph, finding));
    ASSERT_TRUE(read.ok()) << read.faults.front().message;
    EXPECT_EQ(read.title, finding.diagnostic.message);
    EXPECT_EQ(reference::evaluate(graph, read.patient_case).decision.trace,
              reference::evaluate(graph, finding.witness->patient).decision.trace);
    ++files;
    const std::string block = driver::case_block(graph, finding);
    if (block.empty() || finding.diagnostic.kind == Kind::property_refuted) continue; // it fails until it is mended
    pasted += block;
    ++blocks;
  }
  EXPECT_GE(files, 5u);
  EXPECT_GE(blocks, 4u);
  const Compilation with_cases = compile_text(pasted, "g.aceso");
  ASSERT_TRUE(with_cases.ok()) << with_cases.render_diagnostics();
  for (const driver::CaseResult& result : driver::run_case_blocks(with_cases))
    for (const driver::CaseFailure& failure : result.failures)
      ADD_FAILURE() << result.name << ": " << failure.expected << ", got " << failure.got;
}

TEST(AnalyseFindings, SameBytesInEachRun) {
  const Checked a(many_defects), b(many_defects);
  EXPECT_EQ(a.text(), b.text());
  ASSERT_EQ(a.report.findings.size(), b.report.findings.size());
  for (std::size_t i = 0; i < a.report.findings.size(); ++i) {
    const auto facts = [&](const Checked& c) {
      const auto& witness = c.report.findings[i].witness;
      return witness ? witness->facts : std::vector<std::string>{};
    };
    EXPECT_EQ(facts(a), facts(b));
  }
}

// ---------------------------------------------------------------------------------------------------------------------

std::vector<std::string> unused(const std::string& text) {
  const Compilation compilation = compile_text(text, "g.aceso");
  EXPECT_TRUE(compilation.ok()) << compilation.render_diagnostics();
  std::vector<std::string> messages;
  for (const auto& one : driver::find_unused(compilation))
    messages.push_back(one.message);
  return messages;
}

TEST(Unused, EachKindOfDeclaration) {
  using Messages = std::vector<std::string>;
  EXPECT_EQ(unused(head + two_facts + "rule r { when fever recommend rest cite s }"),
            Messages{"nothing uses input `cough`"});
  EXPECT_EQ(unused(head + two_facts + "rule r { when fever and cough recommend rest }"),
            Messages{"nothing uses source `s`"});
  EXPECT_EQ(unused(head + two_facts + "define ill = fever or cough\nrule r { when fever recommend rest cite s }"),
            Messages{"nothing uses derived value `ill`"});
  EXPECT_EQ(unused(head + two_facts +
                   "type side = one of { left, right }\nrule r { when fever and cough recommend rest cite s }"),
            Messages{"nothing uses type `side`"});
  EXPECT_EQ(unused(head + two_facts + "interpretation old { text \"old\" reading \"from 70\" decided_by \"us\" }\n" +
                   "rule r { when fever and cough recommend rest cite s }"),
            Messages{"nothing uses interpretation `old`"});
}

TEST(Unused, MentionsThatCountAndThoseThatDoNot) {
  using Messages = std::vector<std::string>;
  const std::string rule = "rule r { when fever recommend rest cite s }\n";
  EXPECT_EQ(unused(head + two_facts + rule + "case \"c\" { given fever, cough expect recommended rest }"),
            Messages{"nothing uses input `cough`"})
      << "a case is no use of an input";
  EXPECT_EQ(unused(head + two_facts + rule + "// cough matters\n"), Messages{"nothing uses input `cough`"});
  EXPECT_EQ(unused(head + two_facts + "define ill = fever or cough\n" + rule + "case \"c\" { given fever expect ill }"),
            Messages{})
      << "a case is a use of a derived value";
  EXPECT_EQ(unused(head + two_facts + "define ill = fever or cough\naction x \"X\" : test\n"),
            Messages{"nothing uses source `s`"})
      << "without rules, the values are what is asked for";
  EXPECT_EQ(unused("module m\ninputs i { fever : yes/no }\nsource s \"S\"\n"), Messages{"nothing uses source `s`"});
}

TEST(Sarif, NamesPlaceRuleAndSubject) {
  const Compilation compilation = compile_text(head + two_facts +
                                                   "rule r { when fever recommend rest cite s }\n"
                                                   "rule \"",
                                               "a folder/ä%.aceso");
  ASSERT_FALSE(compilation.ok());
  diagnostics::SarifLog log("9.9.9");
  log.add(compilation.diagnostics().front(), compilation.sources(), "rule r", "  patient:\n    fever");
  const auto json = nlohmann::json::parse(log.text(true));
  const auto& run = json["runs"][0];
  const auto& result = run["results"][0];
  EXPECT_EQ(run["tool"]["driver"]["rules"][result["ruleIndex"].get<std::size_t>()]["id"], result["ruleId"]);
  const auto& place = result["locations"][0]["physicalLocation"];
  EXPECT_EQ(place["artifactLocation"]["uri"], "a%20folder/%C3%A4%25.aceso");
  EXPECT_EQ(place["region"]["startLine"], 6);
  EXPECT_EQ(result["level"], "error");
  EXPECT_TRUE(result["message"]["text"].get<std::string>().ends_with("patient:\n    fever"));
  EXPECT_TRUE(run["invocations"][0]["executionSuccessful"]);
}

} // namespace
} // namespace aceso
