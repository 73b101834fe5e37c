#include <gtest/gtest.h>

#include "graph_fixture.h"
#include "values/sha256.h"

namespace aceso::graph {
namespace {

constexpr const char* golden = R"golden(
guideline back_pain
  title "Back pain <in miniature> & \"quoted\""
  version "0.1.0"
type yes_no yes_no
type action action
type duration#3 duration from 0 to 728 step 1 unit "d"
type course#4 choice
  member resolved
  member persistent
type choice#5 choice
  member early
  member late
input fever : yes_no "fever?" group red_flags group_title "Red flags"
input weakness : yes_no "weakness?" group red_flags group_title "Red flags"
input care : duration#3 "care?" group course group_title "Course" fresh_for 0mo+1209600s
input course : course#4 "course?" group course group_title "Course" typical persistent
  code "http://loinc.org" version "2.77" "1-8" "Course \"x\""
definition any_red_flag : yes_no
definition phase : choice#5
definition modality : action
action mri "MRI" category imaging
action ct "CT" category imaging
action bed_rest "Bed rest" category self_care
action_class any_imaging "Imaging" at most one mri ct
interaction mri bed_rest "not at once"
rule keep_moving
rule image because "A red flag needs imaging." certainty "moderate"
  cite note document "note.txt" at "Red flags" "1" "2"
caution fever_alone "Fever alone is <seldom> a red flag."
differential cause : choice#5 among early late
pathway way
stage triage "Exclude red flags"
stage conservative "Conservative care"
stage imaging "" final
constraint care_is_recent "{care} is too long" care
n0 : yes_no = input fever
n1 : yes_no = input weakness
n2 : yes_no = logical_or n0 n1
n3 : duration#3 = input care range 0 to 728 step 1
n4 : course#4 = input course
n5 : duration#3 = constant 28 range 28 to 28 step 1
n6 : yes_no = less n3 n5
n7 : choice#5 = constant early
n8 : choice#5 = constant late
n9 : choice#5 = conditional n6 n7 n8
n10 : yes_no = equal n9 n7
n11 : course#4 = constant persistent
n12 : yes_no = equal n4 n11
n13 : action = constant mri
n14 : yes_no = logical_not n1
n15 : action = constant ct
n16 : action = table unique n1 n13 n14 n15
n17 : yes_no = selects mri n16
n18 : yes_no = selects ct n16
n19 : yes_no = logical_not n1
n20 : yes_no = logical_and n0 n19
n21 : duration#3 = constant 700 range 700 to 700 step 1
n22 : yes_no = less_or_equal n3 n21
n23 : choice#5 = differential cause
n24 : yes_no = is_known n23
n25 : yes_no = outcome recommended mri urgency immediately
applies when n24
constraint care_is_recent requires n22
definition any_red_flag = n2
definition phase = n9
definition modality = n16
rule keep_moving when n10 "phase = early"
  avoid bed_rest strength strong
rule image when n2 "any_red_flag"
  recommend mri strength strong urgency immediately if n17
  recommend ct strength strong urgency immediately if n18
  overrides keep_moving
caution fever_alone when n20
differential cause needs 3 ahead by 1
  argument for candidate 0 weight 3 when n0 "fever"
  argument against candidate 1 weight 1 when n1 "weakness"
  confirms candidate 1 when n12
pathway start triage
  at any stage except imaging to imaging when n2 text "any_red_flag"
  from triage to conservative when n10 text "phase = early"
  from conservative to imaging when n12 after 0mo+3628800s text "course = persistent"
  from conservative to triage after 0mo+604800s at most 2
property weakness_is_imaged
  whenever n1 then n25 text "whenever weakness then recommended mri"
  stage conservative only after triage
)golden";

TEST(GraphPrint, WritesEverythingThatADecisionDependsOn) {
  Graph graph = fixture::small_guideline();
  finish(graph);
  EXPECT_EQ("\n" + print(graph), golden);
}

TEST(GraphPrint, ABrokenGraphIsPrintedAsFarAsItGoes) {
  Graph graph = fixture::small_guideline();
  graph.nodes[0].reference = 99;
  graph.nodes[0].type = TypeId(77U);
  graph.nodes[1].operands = {NodeId(5'000U)};
  graph.rules[0].condition = NodeId();
  graph.rules[0].overrides = {RuleId(9U)};
  graph.cautions.emplace_back();
  graph.nodes[2].op = static_cast<Op>(200);
  graph.nodes[2].reference = 1U << 31U;
  graph.pathway->transitions[0].to = StageId(44U);
  const std::string text = print(graph);
  EXPECT_NE(text.find("n0 : #77 = input #99\n"), std::string::npos) << text;
  EXPECT_NE(text.find("n1 : yes_no = input weakness n5000\n"), std::string::npos);
  EXPECT_NE(text.find("rule keep_moving when - "), std::string::npos);
  EXPECT_NE(text.find("  overrides #9\n"), std::string::npos);
  EXPECT_NE(text.find("caution #1 when -\n"), std::string::npos);
  EXPECT_NE(text.find("n2 : yes_no = ? 2147483648 n0 n1\n"), std::string::npos);
  EXPECT_NE(text.find(" to #44 "), std::string::npos);
}

TEST(GraphPrint, NamesOfClosedSets) {
  EXPECT_EQ(info(Op::logical_and).name, "logical_and");
  EXPECT_EQ(info(Op::logical_and).fewest, 1);
  EXPECT_EQ(info(Op::logical_and).most, -1);
  EXPECT_EQ(info(Op::applies).name, "applies");
  EXPECT_EQ(info(static_cast<Op>(255)).name, "?");
  EXPECT_EQ(to_text(HitPolicy::collect_list), "collect list");
  EXPECT_EQ(to_text(SeriesFunction::change), "change");
  EXPECT_EQ(to_text(OutcomeKind::overridden), "overridden");
  EXPECT_EQ(to_text(static_cast<OutcomeKind>(8)), "?");
}

// ---------------------------------------------------------------- finish

TEST(GraphFinish, DropsWhatNothingUsesAndKeepsTheOrder) {
  Graph graph = fixture::small_guideline();
  const std::size_t before = graph.nodes.size();
  EXPECT_EQ(graph.nodes[3].op, Op::logical_not); // used by nothing
  finish(graph);
  EXPECT_EQ(graph.nodes.size(), before - 1);
  EXPECT_EQ(graph.nodes[3].op, Op::input);
  EXPECT_EQ(graph.rules[1].condition, NodeId(2U));
  EXPECT_EQ(graph.nodes.back().op, Op::applies); // of a case only
  EXPECT_EQ(graph.cases[0].steps[0].expectations[0].condition.index(), graph.nodes.size() - 1);
  EXPECT_TRUE(verify(graph).empty());
}

TEST(GraphFinish, IsStable) {
  Graph graph = fixture::small_guideline();
  finish(graph);
  const std::string text = print(graph), hash = graph.dictionary.guideline.hash;
  finish(graph);
  EXPECT_EQ(print(graph), text);
  EXPECT_EQ(graph.dictionary.guideline.hash, hash);
}

std::string hash_of(Graph graph) {
  finish(graph);
  return graph.dictionary.guideline.hash;
}

TEST(GraphFinish, HashIsOverTheCanonicalText) {
  Graph graph = fixture::small_guideline();
  finish(graph);
  EXPECT_EQ(graph.dictionary.guideline.hash, "sha256:" + sha256(print(graph)));
}

TEST(GraphFinish, HashChangesWithWhatADecisionShows) {
  const Graph plain = fixture::small_guideline();
  std::vector<Graph> changed(12, plain);
  changed[0].dictionary.rules[1].because += " Soon.";
  changed[1].dictionary.actions[0].title = "MR";
  changed[2].dictionary.inputs[0].question = "Warm?";
  changed[3].nodes[6].constant = Rational(29);
  changed[4].rules[1].advice[0].urgency = Urgency::soon;
  changed[5].pathway->transitions[2].after = fixture::days(43);
  changed[6].dictionary.rules[1].citations[0].references = {"1"};
  changed[7].dictionary.inputs[2].fresh_for = fixture::days(15);
  changed[8].differentials[0].arguments[0].weight = Rational(2);
  changed[9].dictionary.types[4].members[0].codes = {{"s", "v", "c", "d"}};
  changed[10].dictionary.inputs[2].accepted_units = {{"wk", std::nullopt}};
  changed[11].rules[1].overrides.clear();
  for (std::size_t i = 0; i < changed.size(); ++i)
    EXPECT_NE(hash_of(changed[i]), hash_of(plain)) << i;
}

TEST(GraphFinish, HashDoesNotChangeWithPlacesFilesOrCases) {
  const Graph plain = fixture::small_guideline();
  std::vector<Graph> changed(4, plain);
  for (Node& node : changed[0].nodes)
    node.span = {0, 3, 9};
  changed[0].rules[0].span = {0, 1, 2};
  changed[1].files = {"elsewhere/back_pain.aceso"};
  changed[2].cases.clear();
  // A case with a node of its own in the midst of the others.
  Node known;
  known.op = Op::is_known;
  known.type = TypeId(0U);
  known.operands = {NodeId(1U)};
  changed[3].nodes[3] = known;
  changed[3].cases[0].steps[0].expectations[0].condition = NodeId(3U);
  for (std::size_t i = 0; i < changed.size(); ++i)
    EXPECT_EQ(hash_of(changed[i]), hash_of(plain)) << i;
}

} // namespace
} // namespace aceso::graph
