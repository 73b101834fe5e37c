/// The edits that the deep checks propose: what is told as proved does mend, and what would not is not told.
#include <gtest/gtest.h>

#include "aceso/compiler.h"
#include "analyse/deep.h"
#include "graph/graph.h"

namespace aceso {
namespace {

using diagnostics::Kind;

/// The mends of all findings of this kind.
std::vector<std::string> mends(Kind kind, const std::string& body) {
  const Compilation compilation = compile_text(
      "guideline g { title \"G\" version 0.1.0 published 2026-01-01 }\nsource s \"S\"\n" + body, "g.aceso");
  EXPECT_TRUE(compilation.ok()) << compilation.render_diagnostics();
  std::vector<std::string> found;
  for (const analyse::Finding& finding : analyse::deep_check(*compilation.graph()).findings)
    if (finding.diagnostic.kind == kind) found.push_back(finding.diagnostic.mend);
  return found;
}
using Mends = std::vector<std::string>;

std::string table_of_age(const std::string& policy, const std::string& rows) {
  return "inputs i { age : number from 0 to 20 step 1  fever : yes/no }\ntable t : one of { a, b } " + policy +
         " {\n  age | fever -> t\n" + rows + "}\n";
}

TEST(AnalyseMends, ThresholdsThatLeaveOutAStepAreMadeToMeet) {
  EXPECT_EQ(mends(Kind::boundary, table_of_age("unique", "  < 10 | any -> a\n  > 10 | any -> b\n")),
            Mends{"let row 1 include 10, or row 2 include 10 (proved: then every patient finds a row)"});
  EXPECT_EQ(mends(Kind::boundary, table_of_age("unique", "  <= 10 | any -> a\n  > 10 | any -> b\n")), Mends{});
  EXPECT_EQ(mends(Kind::boundary, table_of_age("unique", "  < 10 | any -> a\n  >= 10 | any -> b\n")), Mends{});
}

TEST(AnalyseMends, AStepIsNotTakenFromAnotherRow) {
  // Without fever, 10 belongs to the last row: the first may not take it.
  const Mends found = mends(Kind::boundary, table_of_age("first", "  < 10 | any -> a\n  > 10 | yes -> b\n"
                                                                  "  >= 10 | no -> a\n"));
  EXPECT_EQ(found, Mends{"let row 2 include 10 (proved: then every patient finds a row)"});
}

TEST(AnalyseMends, AnotherHoleIsNotForgotten) {
  const Mends found =
      mends(Kind::boundary, table_of_age("unique", "  < 10 | any -> a\n  > 10 | yes -> b\n  11 to 18 | no -> a\n"));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_NE(found[0].find("(tried: this patient then finds a row)"), std::string::npos) << found[0];
}

TEST(AnalyseMends, RowsThatShareAStepAreParted) {
  EXPECT_EQ(
      mends(Kind::overlap, table_of_age("unique", "  <= 10 | any -> a\n  >= 10 | any -> b\n")),
      Mends{"let row 1 end at 9, or row 2 begin at 11 (proved: then no patient matches both, and none is left out "
            "by it)"});
  EXPECT_EQ(mends(Kind::overlap, table_of_age("unique", "  <= 9 | any -> a\n  >= 10 | any -> b\n")), Mends{});
  EXPECT_EQ(mends(Kind::overlap, table_of_age("unique", "  <= 10 | any -> a\n  >= 11 | any -> b\n")), Mends{});
}

TEST(AnalyseMends, FirstIsProposedWhereTheLaterRowStillCounts) {
  EXPECT_EQ(mends(Kind::overlap, table_of_age("unique", "  any | yes -> a\n  >= 10 | any -> b\n  < 10 | no -> a\n")),
            Mends{"narrow one of the rows, or say `first` where the order of rows decides"});
  EXPECT_EQ(mends(Kind::overlap, table_of_age("unique", "  any | any -> a\n  >= 10 | any -> b\n")),
            Mends{"take row 2 out, or narrow row 1"});
}

const std::string rest = "inputs i { fever : yes/no  cough : yes/no }\naction rest \"Rest\" : self_care\n";

TEST(AnalyseMends, AnOverrideMendsForEverybody) {
  const Mends found = mends(Kind::conflict, rest + "rule gives { when fever recommend rest cite s }\n"
                                                   "rule holds { when cough avoid rest cite s }\n");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_NE(found[0].find("gives because \"...\" (proved: then no patient has this conflict)"), std::string::npos)
      << found[0];
}

TEST(AnalyseMends, WhatAnOverrideCostsIsTold) {
  const Mends found = mends(
      Kind::conflict, "inputs i { n : number from 0 to 20 step 1 a : yes/no  b : yes/no }\naction x \"X\" : drug\n"
                      "action y \"Y\" : drug\ntable t : action first {\n  n -> t\n  < 10 -> x\n  otherwise -> y\n}\n"
                      "rule treat { when a recommend t cite s }\n"
                      "rule never { when b contraindicate x cite s }\n");
  EXPECT_EQ(found, Mends{"narrow a condition with `unless`; or let rule `never` say: overrides treat because \"...\" "
                         "(what `treat` advises about `y` is lost with it), or let rule `treat` say: overrides never "
                         "because \"...\" (which sets a contraindication aside) (proved: then no patient has this "
                         "conflict)"});
}

TEST(AnalyseMends, AnOverrideOfWhatInteractsIsNoMistake) {
  const Compilation compilation =
      compile_text("guideline g { title \"G\" version 0.1.0 published 2026-01-01 }\nsource s \"S\"\n"
                   "inputs i { a : yes/no  b : yes/no }\naction x \"X\" : drug { interacts with y \"Both bleed.\" }\n"
                   "action y \"Y\" : drug\nrule one { when a recommend x cite s }\n"
                   "rule two { when b recommend y overrides one because \"B.\" cite s }\n",
                   "g.aceso");
  EXPECT_TRUE(compilation.diagnostics().empty()) << compilation.render_diagnostics();
  EXPECT_TRUE(analyse::deep_check(*compilation.graph()).findings.empty());
}

TEST(AnalyseMends, ARuleIsNotSilencedForGood) {
  const Mends found = mends(Kind::conflict, rest + "rule gives { when fever recommend rest cite s }\n"
                                                   "rule holds { when fever and cough avoid rest cite s }\n");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_NE(found[0].find("let rule `holds` say: overrides gives"), std::string::npos) << found[0];
  EXPECT_EQ(found[0].find("let rule `gives`"), std::string::npos) << found[0];
}

TEST(AnalyseMends, OneOfTwoConflictsIsLeft) {
  const Mends found = mends(Kind::conflict, rest + "rule gives { when fever recommend rest cite s }\n"
                                                   "rule more { when cough recommend rest cite s }\n"
                                                   "rule holds { when fever and cough avoid rest cite s }\n"
                                                   "rule never { when not fever avoid rest cite s }\n");
  ASSERT_FALSE(found.empty());
  for (const std::string& mend : found)
    EXPECT_EQ(mend.find("proved"), std::string::npos) << mend;
}

/// A date moves to the day on which the finding ends, and not beyond the calendar.
TEST(AnalyseMends, HowFarADateMayMove) {
  const Compilation compilation = compile_text(
      "guideline g { title \"G\" version 0.1.0 published 2026-01-01 }\nsource s \"S\"\n"
      "inputs i { born : date }\naction x \"X\" : drug\nrule one { when born < 1961-03-02 recommend x cite s }\n"
      "rule two { when born < 1990-01-01 avoid x cite s }\n",
      "g.aceso");
  const auto findings = analyse::deep_check(*compilation.graph()).findings;
  ASSERT_EQ(findings.size(), 1u);
  const auto& facts = findings.front().witness->facts;
  ASSERT_EQ(facts.size(), 1u);
  EXPECT_NE(facts.front().find("(the same up to 1961-03-01)"), std::string::npos) << facts.front();
}

TEST(AnalyseMends, AskingMendsAnAssumption) {
  const auto with = [](const std::string& policy) {
    return "inputs i { fever : yes/no  allergy : yes/no " + policy +
           " }\naction pen \"P\" : medication\n"
           "rule gives { when fever and not allergy recommend pen cite s }\n";
  };
  EXPECT_EQ(
      mends(Kind::unsafe_assumption, with("{ unknown assume no because \"rare\" }")),
      Mends{"let `allergy` be asked for: unknown ask (proved: then nothing that is learned takes this advice back)"});
  EXPECT_EQ(mends(Kind::unsafe_assumption, with("{ unknown ask }")), Mends{});
}

TEST(AnalyseMends, WaitingMendsACircle) {
  const Mends found =
      mends(Kind::timeless_cycle, "inputs i { a : number from 0 to 1000 step 1 }\ndefine sum = a * 2 + 1\n"
                                  "pathway p { start one\n  stage one { when sum > 10 go to two }\n"
                                  "  stage two { when sum < 12 go to one }\n}\n");
  EXPECT_EQ(found, Mends{"let the way from `one` to `two`, or the way from `two` to `one` wait, for example `after 1 "
                         "day` (proved: then nobody goes round without time passing)"});
}

} // namespace
} // namespace aceso
