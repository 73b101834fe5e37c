/// What declarations leave in the dictionary: codes, interpretations, citations, units, typical values, hashes.
#include "guideline_fixture.h"

namespace aceso::testing {
namespace {

TEST(CheckDeclarations, CodesAreBoundApartFromTheLogic) {
  const Guideline g(R"(
    type side = one of { left, right }
    inputs f {
      t : quantity from 30 Cel to 45 Cel step 0.1 Cel
      s : side
    }
    action rest "Rest" : self_care
    rule r { when t > 38 Cel and s = left recommend rest }
    codes "Bindings" {
      system LOCAL "urn:example:local" version "1"
      t          = LOCAL "T1" "Temperature"
      side.right = LOCAL "S2" "Right"
      rest       = LOCAL "A3"
    })");
  const Dictionary& d = g.graph().dictionary;
  ASSERT_EQ(d.inputs[0].codes.size(), 1u);
  EXPECT_EQ(d.inputs[0].codes[0].code, "T1");
  EXPECT_EQ(d.inputs[0].codes[0].version, "1");
  EXPECT_EQ(d[d.inputs[1].type].members[1].codes.at(0).display, "Right");
  EXPECT_EQ(d.actions[0].codes.at(0).system, "urn:example:local");
  EXPECT_EQ(complaints_of("inputs f { a : yes/no } codes { a = NOWHERE \"1\" }"), "A0201");
}

TEST(CheckDeclarations, ACitationMayNameAnInterpretation) {
  const Guideline g(R"(
    source note "A note" { numbered 1 to 3 }
    interpretation early { text "soon" reading "within a week" decided_by "editors" on 2026-11-22 }
    inputs f { a : yes/no }
    action x "X" : test
    rule r { when a recommend x cite note at "Place" refs 1, 3 cite early })");
  const auto& cites = g.graph().dictionary.rules[0].citations;
  ASSERT_EQ(cites.size(), 2u);
  EXPECT_EQ(cites[0].references, (std::vector<std::string>{"1", "3"}));
  EXPECT_EQ(cites[1].source, "early");
  EXPECT_EQ(complaints_of("source n \"N\" { numbered 1 to 3 } define a = yes cite n refs 4"), "A0208");
  EXPECT_EQ(complaints_of("interpretation e { text \"t\" }"), "A0107");
}

TEST(CheckDeclarations, ModulesShareTypesFunctionsAndInputs) {
  const Guideline g(R"(use std.vital_signs
    use std.spine
    inputs f { level : spinal_level }
    define lumbar_level = region_of(level) = lumbar
    define fast = respiratory_rate >= 22 /min)");
  EXPECT_EQ(g.value(R"("level": "L4", "respiratory_rate": "22 /min")", "lumbar_level"), "yes");
  EXPECT_EQ(g.value(R"("level": "L4", "respiratory_rate": "22 /min")", "fast"), "yes");
}

TEST(CheckDeclarations, TheHashFollowsMeaningAndTextButNotLayoutOrCases) {
  const std::string body = "inputs f { a : yes/no }\naction x \"X\" : test\nrule r { when a recommend x }\n";
  const auto hash = [](const std::string& text) { return Guideline(text).graph().dictionary.guideline.hash; };
  EXPECT_EQ(hash(body), hash("\n\n" + body + "case \"c\" { given a expect recommended x }"));
  EXPECT_NE(hash(body), hash("inputs f { a : yes/no }\naction x \"Y\" : test\nrule r { when a recommend x }\n"));
  EXPECT_NE(hash(body), hash("inputs f { a : yes/no }\naction x \"X\" : test\nrule r { when not a recommend x }\n"));
}

} // namespace
} // namespace aceso::testing
