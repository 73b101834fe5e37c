/// Expressions, values, names, units and conditions of GDL2, as the importer reads them.
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gdl2/logic.h"
#include "gdl2/names.h"
#include "gdl2/read_expression.h"
#include "gdl2/read_guideline.h"
#include "gdl2/units.h"

namespace aceso::gdl2 {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;
using K = Expression::Kind;

/// In brackets, so that it shows what binds to what.
std::string shape(const Expression& e) {
  switch (e.kind) {
  case K::null: return "null";
  case K::variable: return e.code + (e.attribute.empty() ? "" : "." + e.attribute);
  case K::now: return "now" + (e.attribute.empty() ? "" : "." + e.attribute);
  case K::fired: return "fired " + e.code;
  case K::quantity: return e.text + "," + e.unit;
  case K::ordinal: return e.text + "|" + e.code + "|" + e.label;
  case K::coded: return e.code + "|" + e.label;
  case K::text: return "'" + e.text + "'";
  case K::minus: return "-" + shape(e.children[0]);
  case K::logical_not: return "!" + shape(e.children[0]);
  case K::binary: return "(" + shape(e.children[0]) + e.text + shape(e.children[1]) + ")";
  case K::call: {
    std::string inside;
    for (const Expression& child : e.children)
      inside += (inside.empty() ? "" : ";") + shape(child);
    return e.text + "(" + inside + ")";
  }
  default: return e.text;
  }
}

std::string read(std::string_view text) {
  ExpressionFault fault;
  const auto e = read_expression(text, fault);
  return e ? shape(*e) : "at " + std::to_string(fault.at) + ": " + fault.reason;
}

TEST(Gdl2Expression, SignsBindAsInTheSource) {
  EXPECT_EQ(read("$gt1|A|==true||$gt2!=null&&!($gt3>=5)"), "((gt1==true)||((gt2!=null)&&!(gt3>=5)))");
  EXPECT_EQ(read("1+2*3-4/5"), "((1+(2*3))-(4/5))");
  EXPECT_EQ(read("2*3^2"), "(2*(3^2))");
  EXPECT_EQ(read("(1+2)*3"), "((1+2)*3)");
  EXPECT_EQ(read("0-($gt1.magnitude)"), "(0-gt1.magnitude)");
  EXPECT_EQ(read("-$gt1"), "-gt1");
  EXPECT_EQ(read("-2.5"), "-2.5");
}

TEST(Gdl2Expression, Values) {
  EXPECT_EQ(read("$gt4|Age|>=65,a"), "(gt4>=65,a)");
  EXPECT_EQ(read("$gt4.1|Age|<7.35,10*9/l"), "(gt4.1<7.35,10*9/l)");
  EXPECT_EQ(read("$gt4|Pain|==2|local::at0014|Severe|"), "(gt4==2|at0014|Severe)");
  EXPECT_EQ(read("$gt4|Sex|==local::at0002|Female|"), "(gt4==at0002|Female)");
  EXPECT_EQ(read("$gt4.unit=='lb'"), "(gt4.unit=='lb')");
  EXPECT_EQ(read("$gt4=='it's so'"), "(gt4=='it's so')");
  EXPECT_EQ(read("2.72399E-4"), "0.000272399");
  EXPECT_EQ(read("15E2"), "1500");
  EXPECT_EQ(read("$currentDateTime.year-$gt4.year"), "(now.year-gt4.year)");
  EXPECT_EQ(read("fired($gt7|Rule|)"), "fired gt7");
  EXPECT_EQ(read("log10(100)+e^2"), "(log10(100)+(e()^2))");
}

TEST(Gdl2Expression, FaultsAreToldWithTheirPlace) {
  EXPECT_THAT(read("$gt4>"), HasSubstr("at 5: something is missing"));
  EXPECT_THAT(read("$gt4|Age>5"), HasSubstr("the second `|`"));
  EXPECT_THAT(read("'open"), HasSubstr("quotation mark"));
  EXPECT_THAT(read("($gt4>5"), HasSubstr("`)` is missing"));
  EXPECT_THAT(read("$gt4>5 6"), HasSubstr("cannot follow"));
  EXPECT_THAT(read("what>5"), HasSubstr("`what` is not known"));
  EXPECT_THAT(read("fired(5)"), HasSubstr("takes a rule"));
  EXPECT_THAT(read(std::string(1000, '(')), HasSubstr("nested too deeply"));
}

TEST(Gdl2Expression, Assignments) {
  ExpressionFault fault;
  const auto a = read_assignment("$gt8|Score|.magnitude=$gt4.value+1", fault);
  ASSERT_TRUE(a);
  EXPECT_EQ(a->variable, "gt8");
  EXPECT_EQ(a->attribute, "magnitude");
  EXPECT_EQ(shape(a->value), "(gt4.value+1)");
  EXPECT_FALSE(read_assignment("$gt8==1", fault));
  EXPECT_THAT(fault.reason, HasSubstr("an assignment"));
}

TEST(Gdl2Expression, ValuesOfCases) {
  EXPECT_EQ(shape(read_value("61,a")), "61,a");
  EXPECT_EQ(shape(read_value("1|local::at0014|Yes|")), "1|at0014|Yes");
  EXPECT_EQ(shape(read_value("true")), "true");
  EXPECT_EQ(shape(read_value("-0.5")), "-0.5");
  EXPECT_EQ(shape(read_value("20,mL CO/min/mmHg")), "20,mL CO/min/mmHg");
  EXPECT_EQ(shape(read_value("Any text at all")), "'Any text at all'");
}

TEST(Gdl2Names, AreWordsOfTheTerms) {
  EXPECT_EQ(name_from("Age >=65 (years)"), "age_at_least_65_years");
  EXPECT_EQ(name_from("Ödem & Fièvre"), "odem_and_fievre");
  EXPECT_EQ(name_from("SpO₂ <92%"), "spo2_below_92_percent");
  EXPECT_EQ(name_from("2 points"), "from_2_points");
  EXPECT_EQ(name_from("Yes"), "yes_value");
  EXPECT_EQ(name_from("..."), "unnamed");
  EXPECT_EQ(name_from("One two three four five", 12), "one_two");
  std::set<std::string> taken;
  EXPECT_EQ(take_name("age", taken), "age");
  EXPECT_EQ(take_name("age", taken), "age_2");
  EXPECT_EQ(take_name("age", taken), "age_3");
}

TEST(Gdl2Names, TextsFitOneLine) {
  EXPECT_EQ(one_line("  a\n\tb  "), "a b");
  EXPECT_EQ(quoted("say \"a\\b\""), R"("say \"a\\b\"")");
}

TEST(Gdl2Units, SpellingsBecomeUcum) {
  EXPECT_EQ(ucum_code("mg/dl"), "mg/dL");
  EXPECT_EQ(ucum_code("gm/dl"), "g/dL");
  EXPECT_EQ(ucum_code("mmHg"), "mm[Hg]");
  EXPECT_EQ(ucum_code("10^9/l"), "10*9/L");
  EXPECT_EQ(ucum_code("lb"), "[lb_av]");
  EXPECT_EQ(ucum_code("no such unit"), "");
  EXPECT_TRUE(converts("mg/dL", "g/L"));
  EXPECT_FALSE(converts("mg/dL", "mmol/L"));
  EXPECT_FALSE(converts("a", "d")); // a year is no fixed number of days
  EXPECT_EQ(unit_suffix("a", true), " year");
  EXPECT_EQ(unit_suffix("1"), "");
}

Logic number(const std::string& subject, const std::string& sign, std::int64_t limit) {
  return comparison(subject, sign, std::to_string(limit), Rational(limit));
}

TEST(Gdl2Logic, IsSimplified) {
  EXPECT_TRUE(all_of({constant(true), constant(false)}).is(Logic::Kind::no));
  EXPECT_TRUE(any_of({atom("a"), constant(true)}).is(Logic::Kind::yes));
  EXPECT_EQ(print(all_of({atom("a"), constant(true), atom("a")})), "a");
  EXPECT_EQ(print(all_of({any_of({atom("a"), atom("b")}), negation(atom("c"))})), "(a or b) and not c");
  EXPECT_EQ(print(negation(number("x", "<", 3))), "x >= 3");
  EXPECT_EQ(print(negation(negation(atom("a")))), "a");
}

TEST(Gdl2Logic, WhatExcludesEachOtherIsSeen) {
  EXPECT_TRUE(exclude(number("x", "<", 3), number("x", ">=", 3)));
  EXPECT_FALSE(exclude(number("x", "<=", 3), number("x", ">=", 3)));
  EXPECT_FALSE(exclude(number("x", "<", 3), number("y", ">=", 3)));
  EXPECT_TRUE(exclude(atom("a"), negation(atom("a"))));
  EXPECT_TRUE(exclude(comparison("sex", "=", "male"), comparison("sex", "=", "female")));
  EXPECT_FALSE(exclude(comparison("sex", "!=", "male"), comparison("sex", "=", "female")));
  EXPECT_TRUE(exclude(any_of({number("x", "<", 1), number("x", ">", 9)}),
                      all_of({number("x", ">=", 1), number("x", "<=", 9)})));
  EXPECT_TRUE(exclude(all_of({number("x", ">", 2), atom("a")}), all_of({number("x", "<", 2), atom("b")})));
}

TEST(Gdl2Logic, StretchesOfOneNumber) {
  std::string subject;
  bool whole = false;
  const auto stretch = stretch_of(all_of({number("x", ">", 2), number("x", "<=", 5)}), subject, whole);
  ASSERT_TRUE(stretch);
  EXPECT_EQ(subject, "x");
  EXPECT_TRUE(stretch->low_open);
  EXPECT_FALSE(stretch->high_open);
  EXPECT_FALSE(stretch_of(number("y", "<", 2), subject, whole)); // another subject
  subject.clear();
  EXPECT_FALSE(stretch_of(any_of({number("x", "<", 2), number("x", ">", 5)}), subject, whole));
}

TEST(Gdl2Reading, RulesRunByPriorityThenAsInTheFile) {
  std::vector<Omission> omissions;
  ReadFault fault;
  const auto guideline = read_guideline(R"({"id": "x.v1", "gdl_version": "2.0", "definition": {"rules": {
    "gt1": {"priority": 1, "when": [], "then": []}, "gt2": {"priority": 5}, "gt3": {"priority": 1}}}})",
                                        omissions, fault);
  ASSERT_TRUE(guideline);
  ASSERT_THAT(guideline->rules, SizeIs(3));
  EXPECT_EQ(guideline->rules[0].id, "gt2");
  EXPECT_EQ(guideline->rules[1].id, "gt1");
  EXPECT_EQ(guideline->rules[2].id, "gt3");
}

TEST(Gdl2Reading, AConditionThatCannotBeReadTakesItsRuleAlong) {
  std::vector<Omission> omissions;
  ReadFault fault;
  const auto guideline = read_guideline(R"({"id": "x.v1", "gdl_version": "2.0", "definition": {"rules": {
    "gt1": {"when": ["$gt4>"], "then": ["$gt5=true"]}, "gt2": {"when": ["$gt4>1"], "then": ["$gt5"]}}}})",
                                        omissions, fault);
  ASSERT_TRUE(guideline);
  ASSERT_THAT(guideline->rules, SizeIs(1));
  EXPECT_EQ(guideline->rules[0].id, "gt2");
  ASSERT_THAT(omissions, SizeIs(2));
  EXPECT_EQ(omissions[0].place, "rule gt1");
  EXPECT_THAT(omissions[0].why, HasSubstr("the whole rule is left out"));
  EXPECT_EQ(omissions[1].place, "rule gt2");
  EXPECT_THAT(omissions[1].why, HasSubstr("malformed"));
}

TEST(Gdl2Reading, WhatIsNoGuidelineIsToldWithItsPlace) {
  std::vector<Omission> omissions;
  ReadFault fault;
  EXPECT_FALSE(read_guideline("{\n  \"id\": ", omissions, fault));
  EXPECT_EQ(fault.line, 2u);
  EXPECT_FALSE(read_guideline("{}", omissions, fault));
  EXPECT_THAT(fault.reason, HasSubstr("no GDL2 guideline"));
  EXPECT_FALSE(read_guideline(R"({"id": "x", "gdl_version": "0.1", "definition": {}})", omissions, fault));
  EXPECT_THAT(fault.reason, HasSubstr("GDL version 0.1"));
}

TEST(Gdl2Reading, OneSlipCostsOneCase) {
  std::optional<ReadFault> fault;
  const auto cases = read_cases("test_cases:\n- id: one\n  input:\n    1:\n      gt4|Age: 61,a\n"
                                "- id: [two\n- id: three\n  expected_output:\n    1:\n      gt5|Risk: true\n",
                                fault);
  ASSERT_THAT(cases, SizeIs(2));
  EXPECT_TRUE(fault);
  EXPECT_EQ(cases[0].inputs, (std::vector<std::pair<std::string, std::string>>{{"gt4", "61,a"}}));
  EXPECT_EQ(cases[1].id, "three");
  EXPECT_EQ(cases[1].expected, (std::vector<std::pair<std::string, std::string>>{{"gt5", "true"}}));
}

} // namespace
} // namespace aceso::gdl2
