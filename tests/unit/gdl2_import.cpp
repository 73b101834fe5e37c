/// Small guidelines of GDL2, and the Aceso text that becomes of them.
#include <map>

#include <gmock/gmock.h>

#include "gdl2_fixture.h"

namespace aceso::gdl2 {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

TEST(Gdl2Import, TheLastWriterWinsAndItIsOneDecision) {
  const std::string text = text_of(two_findings()
                                       .rule("gt1", 3, {"$gt4==true"}, {"$gt21=0|local::at1|Wait|"})
                                       .rule("gt2", 2, {"$gt5==true"}, {"$gt21=1|local::at2|Treat|"}));
  // Both may hold: the one that runs last is asked first.
  EXPECT_THAT(text, HasSubstr("define plan \"Plan\" : plan = first {\n"
                              "  when cough : treat\n"
                              "  when fever : wait\n"));
  EXPECT_THAT(text, HasSubstr("/// gt21; rules gt1, gt2"));
}

TEST(Gdl2Import, HigherPrioritiesRunFirst) {
  const std::string text = text_of(two_findings()
                                       .rule("gt1", 1, {"$gt5==true"}, {"$gt21='Treat'"})
                                       .rule("gt2", 9, {"$gt4==true"}, {"$gt21='Wait'"}));
  EXPECT_THAT(text, HasSubstr("  when cough : treat\n  when fever : wait\n"));
}

TEST(Gdl2Import, DefaultActionsAreTheRest) {
  Source source = two_findings().rule("gt1", 3, {"$gt4==true"}, {"$gt21=1|local::at2|Treat|"});
  source.rule("gt2", 2, {"$gt5==true"}, {"$gt21=1|local::at2|Treat|"});
  source.more["default_actions"] = {"$gt21=0|local::at1|Wait|"};
  EXPECT_THAT(text_of(source), HasSubstr("  otherwise  : wait\n"));
}

TEST(Gdl2Import, PreconditionsSayWhomItIsFor) {
  Source source = two_findings().input("gt6", "Age").rule("gt1", 3, {"$gt4==true"}, {"$gt21='Treat'"});
  source.more["pre_conditions"] = {"$gt6>=18,a"};
  EXPECT_THAT(text_of(source), HasSubstr("applies when age >= 18 years"));
}

TEST(Gdl2Import, LinesThatAskForTheSameFewThingsAreATable) {
  const std::string text = text_of(two_findings()
                                       .input("gt6", "Age")
                                       .rule("gt1", 3, {"$gt4==true", "$gt6<18,a"}, {"$gt21='Wait'"})
                                       .rule("gt2", 2, {"$gt4==true", "$gt6>=18,a", "$gt5==false"}, {"$gt21='Treat'"})
                                       .rule("gt3", 1, {"$gt4==true", "$gt6>=18,a", "$gt5==true"}, {"$gt21='Ask'"}));
  EXPECT_THAT(text, HasSubstr("table plan \"Plan\" : plan unique {\n"
                              "  age         | fever | cough -> plan\n"
                              "  < 18 years  | yes   | -     -> wait\n"
                              "  >= 18 years | yes   | no    -> treat\n"
                              "  >= 18 years | yes   | yes   -> ask\n}"));
}

TEST(Gdl2Import, FiredIsTheConditionUnderItsName) {
  const std::string text = text_of(two_findings()
                                       .term("gt1", "Feverish")
                                       .rule("gt1", 3, {"$gt4==true", "$gt5==true"}, {"$gt20='x'"})
                                       .rule("gt2", 2, {"!fired($gt1)"}, {"$gt21='Wait'"}));
  EXPECT_THAT(text, HasSubstr("define feverish \"Feverish\" = fever and cough"));
  EXPECT_THAT(text, HasSubstr("when not feverish : wait"));
}

TEST(Gdl2Import, NumbersWithoutAGapAreBands) {
  const std::string text = text_of(Source()
                                       .input("gt4", "Age")
                                       .term("gt21", "Group")
                                       .rule("gt1", 3, {"$gt4<18,a"}, {"$gt21='Child'"})
                                       .rule("gt2", 2, {"$gt4>=18,a", "$gt4<65,a"}, {"$gt21='Adult'"})
                                       .rule("gt3", 1, {"$gt4>=65,a"}, {"$gt21='Old'"}));
  EXPECT_THAT(text, HasSubstr("define group \"Group\" : group = bands age {\n"
                              "  below 18 years : child\n"
                              "  below 65 years : adult\n"
                              "  otherwise      : old\n}"));
}

TEST(Gdl2Import, AGapStaysAGap) {
  const std::string text = text_of(Source()
                                       .input("gt4", "Age")
                                       .term("gt21", "Group")
                                       .rule("gt1", 3, {"$gt4<18,a"}, {"$gt21='Child'"})
                                       .rule("gt2", 2, {"$gt4>18,a"}, {"$gt21='Adult'"}));
  EXPECT_THAT(text, HasSubstr("  < 18 years -> child\n  > 18 years -> adult\n"));
}

TEST(Gdl2Import, AddedPointsAreAScore) {
  Source source = two_findings()
                      .rule("gt1", 3, {"$gt4==true"}, {"$gt20.magnitude=$gt20.magnitude+2"})
                      .rule("gt2", 2, {"$gt5==true"}, {"$gt20.magnitude=$gt20.magnitude+1"});
  source.more["default_actions"] = {"$gt20.magnitude=0"};
  EXPECT_THAT(text_of(source), HasSubstr("define points \"Points\" = score {\n  2 if fever\n  1 if cough\n}"));
}

TEST(Gdl2Import, OrdinalsAreScalesAndTheirSumIsAScore) {
  const std::string text =
      text_of(Source()
                  .input("gt4", "Eyes")
                  .input("gt5", "Voice")
                  .term("gt20", "Points")
                  .rule("gt1", 2, {"$gt4==1|local::at1|Closed|"}, {"$gt21='x'"})
                  .rule("gt2", 2, {"$gt4==2|local::at2|Open|"}, {"$gt21='y'"})
                  .rule("gt3", 2, {"$gt5==1|local::at3|None|"}, {"$gt22='x'"})
                  .rule("gt4r", 2, {"$gt5==5|local::at4|Clear|"}, {"$gt22='y'"})
                  .rule("gt5r", 1, {"$gt4!=null", "$gt5!=null"}, {"$gt20.magnitude=$gt4.value+$gt5.value"}));
  EXPECT_THAT(text, HasSubstr("type eyes \"Eyes\" = scale {\n  closed \"Closed\" = 1,\n  open   \"Open\"   = 2\n}"));
  EXPECT_THAT(text, HasSubstr("score {\n  eyes.score\n  voice.score\n}"));
  EXPECT_THAT(text, HasSubstr("eyes.closed")); // the codes of the choices
}

TEST(Gdl2Import, ListsOfChoicesMayLeaveOutTitlesAndBars) {
  Source source;
  source.term("gt20", "Total");
  for (const char* const code : {"gt4", "gt5"}) {
    source.input(code, code);
    source.elements[code]["data_type"] = "DV_ORDINAL";
    source.elements[code]["allowed_values"] = {"0|local::at1", "1|local::at2|", "2|local::at3|Loud|"};
  }
  source.rule("gt1", 1, {"$gt4!=null", "$gt5!=null"}, {"$gt20.magnitude=$gt4.value+$gt5.value"});
  EXPECT_THAT(source.import().omissions, IsEmpty());
  EXPECT_THAT(text_of(source), HasSubstr(" = scale {\n  at1  = 0,\n  at2  = 1,\n  loud \"Loud\" = 2\n}"));
}

TEST(Gdl2Import, YesAndNoAreNoChoices) {
  const std::string text = text_of(two_findings()
                                       .rule("gt1", 3, {"$gt4==1|local::at1|Yes|"}, {"$gt21='Treat'"})
                                       .rule("gt2", 2, {"$gt4==0|local::at2|No|"}, {"$gt21='Wait'"}));
  EXPECT_THAT(text, HasSubstr("fever : yes/no \"Fever\""));
}

TEST(Gdl2Import, WhatNoRuleAsksForIsAssumedAbsentAndSaysSo) {
  const Source source = two_findings().rule("gt1", 3, {"$gt4==1|local::at1|Yes|"}, {"$gt21='Treat'"});
  EXPECT_THAT(text_of(source), HasSubstr("unknown assume no because"));
  Source guarded = two_findings().rule("gt1", 3, {"$gt4!=null", "$gt4==1|local::at1|Yes|"}, {"$gt21='Treat'"});
  EXPECT_THAT(text_of(guarded), Not(HasSubstr("assume")));
}

TEST(Gdl2Import, NullTests) {
  const std::string text = text_of(two_findings()
                                       .rule("gt1", 3, {"$gt4==null"}, {"$gt21='Ask'"})
                                       .rule("gt2", 2, {"$gt4!=null", "$gt5==true"}, {"$gt21='Treat'"}));
  EXPECT_THAT(text, HasSubstr("fever "));
  EXPECT_THAT(text, HasSubstr("not unknown"));
}

TEST(Gdl2Import, UnitsThatDoNotConvertAreAskedForApart) {
  const std::string text = text_of(Source()
                                       .input("gt4", "Bilirubin")
                                       .term("gt20", "Points")
                                       .rule("gt1", 3, {"$gt4>2,mg/dl"}, {"$gt20=1"})
                                       .rule("gt2", 2, {"$gt4>34,umol/l"}, {"$gt20=1"}));
  EXPECT_THAT(text, HasSubstr("bilirubin_in_mg_dl  : quantity"));
  EXPECT_THAT(text, HasSubstr("bilirubin_in_umol_l : quantity"));
}

TEST(Gdl2Import, FormulasAreRoundedAsTheSourceSays) {
  const std::string text = text_of(
      Source()
          .input("gt4", "Weight")
          .input("gt5", "Height")
          .term("gt20", "Index")
          .rule("gt1", 3, {"$gt4>0,kg", "$gt5>0,m"},
                {"$gt20.magnitude=$gt4.magnitude/($gt5.magnitude^2)", "$gt20.precision=1", "$gt20.unit='kg/m2'"}));
  EXPECT_THAT(text, HasSubstr("0.1"));
  EXPECT_THAT(text, HasSubstr("half_even"));
  EXPECT_THAT(text, HasSubstr("1 kg/m2"));
}

TEST(Gdl2Import, ReferencesAreOneByOneAndCited) {
  Source source = two_findings().rule("gt1", 3, {"$gt4==true"}, {"$gt21='Treat'"});
  source.references = "Ref. 1: First, A. A title. 2001.\n\nRef. 2: Second, B. Another title. 2002.";
  const std::string text = text_of(source);
  EXPECT_THAT(text, HasSubstr("cite references refs 1, 2"));
  EXPECT_THAT(text, HasSubstr("reference 2 \"Second, B. Another title. 2002.\""));
}

TEST(Gdl2Import, NothingIsDroppedInSilence) {
  Source source = two_findings()
                      .rule("gt1", 4, {"$gt4==true"}, {"$gt21='Since '+$gt5.magnitude+' days'"})
                      .rule("gt2", 3, {"$gt4>'"}, {"$gt20=1"})
                      .rule("gt3", 2, {"$gt5>2"}, {"$gt20=strange($gt5)"});
  const Import import = source.import();
  std::map<std::string, std::string> why;
  for (const Omission& one : import.omissions)
    why[one.place] = one.why;
  EXPECT_THAT(why["rule gt1 \"gt1\", assignment 1"], HasSubstr("texts that are put together"));
  EXPECT_THAT(why["rule gt2"], HasSubstr("malformed"));
  EXPECT_THAT(why["rule gt3 \"gt3\", assignment 1"], HasSubstr("function strange is not known"));
  for (const auto& [place, reason] : why) // and at the head of the text
    EXPECT_THAT(import.text, HasSubstr("//   " + place.substr(0, 8)));
}

TEST(Gdl2Import, ARuleThatCanNeverFireIsTold) {
  const Import import = Source().term("gt20", "Points").rule("gt1", 3, {"$gt20>2"}, {"$gt20=1"}).import();
  ASSERT_THAT(import.omissions, SizeIs(1));
  EXPECT_THAT(import.omissions[0].why, HasSubstr("can never fire"));
}

TEST(Gdl2Import, CasesComeAlong) {
  Source source = two_findings().rule("gt1", 3, {"$gt4!=null", "$gt4>=38,Cel"}, {"$gt20.magnitude=2"});
  source.cases = "current_datetime: 2020-01-02T00:00:00+01:00\ntest_cases:\n- id: warm\n  input:\n    1:\n"
                 "      gt4|Fever: 38.5,Cel\n      gt5|Cough: true\n  expected_output:\n    1:\n      gt20|Points: 2\n";
  const Import import = source.import();
  ASSERT_THAT(import.cases, SizeIs(1));
  EXPECT_EQ(import.cases[0].id, "warm");
  const json one = json::parse(import.cases[0].json);
  EXPECT_EQ(one["now"], "2020-01-02T00:00:00+01:00");
  EXPECT_EQ(one["inputs"]["fever"]["value"].get<double>(), 38.5);
  EXPECT_EQ(one["expect"][0], "round(points, 1, half_even) = 2");
  ASSERT_THAT(import.case_omissions, SizeIs(1)); // no rule reads the cough
  EXPECT_EQ(import.case_omissions[0].place, "case warm, gt5");
}

TEST(Gdl2Import, FurtherLanguagesAreFilesForTranslators) {
  Source source = two_findings().term("gt1", "Feverish").rule("gt1", 3, {"$gt4==true"}, {"$gt20=1"});
  source.rule("gt2", 2, {"!fired($gt1)", "$gt5==true"}, {"$gt21='Wait'"});
  for (const auto& [code, text] :
       {std::pair("gt4", "Feber"), std::pair("gt1", "Febril"), std::pair("gt21", "\u00c5tg\u00e4rd")})
    source.swedish[code] = {{"id", code}, {"text", text}};
  const Import import = source.import();
  ASSERT_THAT(import.translations, SizeIs(1));
  EXPECT_EQ(import.translations[0].language, "sv");
  const std::string& po = import.translations[0].text;
  EXPECT_THAT(po, HasSubstr("msgctxt \"input fever question\"\nmsgid \"Fever\"\nmsgstr \"Feber\"\n"));
  EXPECT_THAT(po, HasSubstr("msgctxt \"define feverish title\"\nmsgid \"Feverish\"\nmsgstr \"Febril\"\n"));
  EXPECT_THAT(po, HasSubstr("msgctxt \"define plan title\"\nmsgid \"Plan\"\nmsgstr \"\u00c5tg\u00e4rd\"\n"));
  EXPECT_THAT(import.omissions, IsEmpty());
}

TEST(Gdl2Import, TheVersionIsThatOfTheName) {
  EXPECT_THAT(text_of(two_findings().rule("gt1", 1, {"$gt4==true"}, {"$gt21='x'"})), HasSubstr("version 1.0.0"));
}

} // namespace
} // namespace aceso::gdl2
