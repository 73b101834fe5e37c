/// What a guideline of GDL2 says stands in the Aceso text, in the file for translators, or in the list of omissions.
#include <algorithm>

#include <gmock/gmock.h>

#include "gdl2_fixture.h"

namespace aceso::gdl2 {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// Two questions with the same three answers, whose codes differ, and their sum.
Source two_questions(const std::string& titles) {
  Source source;
  int code = 10;
  for (const char* const element : {"gt4", "gt5"}) {
    source.input(element, element == std::string("gt4") ? "Little interest" : "Feeling down");
    json values = json::array();
    for (const char* const score : {"0", "1", "2"}) {
      const std::string title = titles.empty() ? std::string() : fmt::format("{} {}|", titles, score);
      values.push_back(fmt::format("{}|local::at{}|{}", score, code++, title));
    }
    source.elements[element]["allowed_values"] = values;
  }
  return source.term("gt20", "Total")
      .rule("gt1", 1, {"$gt4!=null", "$gt5!=null"}, {"$gt20.magnitude=$gt4.value+$gt5.value"});
}

TEST(Gdl2NothingLost, QuestionsThatShareTheirAnswersKeepTheirCodes) {
  const std::string text = text_of(two_questions("Grade"));
  EXPECT_THAT(text, HasSubstr("type answer \"Answer\" = scale {\n  grade_0 \"Grade 0\" = 0,"));
  EXPECT_THAT(text, HasSubstr("little_interest : answer \"Little interest\""));
  EXPECT_THAT(text, HasSubstr("feeling_down    : answer \"Feeling down\""));
  // Each question is followed by the codes of its answers.
  const std::size_t first = text.find("little_interest = gdl2"), second = text.find("feeling_down    = gdl2");
  ASSERT_NE(first, std::string::npos);
  ASSERT_NE(second, std::string::npos);
  for (const auto& [code, member] : {std::pair("at10", "grade_0"), std::pair("at12", "grade_2"),
                                     std::pair("at13", "grade_0"), std::pair("at15", "grade_2")}) {
    const std::size_t at = text.find(fmt::format("= archetype_1 \"{}\"", code));
    ASSERT_NE(at, std::string::npos) << code << text;
    EXPECT_EQ(at > second, code > std::string("at12")) << code;
    EXPECT_EQ(text.substr(text.rfind('\n', at) + 1).find("  answer." + std::string(member)), 0U) << code;
  }
}

TEST(Gdl2NothingLost, AnswersWithoutTitlesAreNotShared) {
  const std::string text = text_of(two_questions(""));
  EXPECT_THAT(text, HasSubstr("type little_interest \"Little interest\" = scale {\n  at10 = 0,"));
  EXPECT_THAT(text, HasSubstr("type feeling_down \"Feeling down\" = scale {\n  at13 = 0,"));
  for (const char* const code : {"at10", "at11", "at12", "at13", "at14", "at15"})
    EXPECT_THAT(text, HasSubstr(fmt::format("= archetype_1 \"{}\"", code)));
}

TEST(Gdl2NothingLost, DecidedChoicesAndAnswersOfAYesNoKeepTheirCodes) {
  Source source = Source().input("gt4", "Fever").term("gt21", "Plan");
  source.rule("gt1", 2, {"$gt4==1|local::at1|Present|"}, {"$gt21=1|local::at8|Treat|"});
  source.rule("gt2", 1, {"$gt4==0|local::at2|Absent|"}, {"$gt21=0|local::at7|Wait|"});
  const std::string text = text_of(source);
  EXPECT_THAT(text, HasSubstr("plan.wait  = gdl2        \"at7\" \"Wait\"")); // in no record: a code of the guideline
  EXPECT_THAT(text, HasSubstr("plan.treat = gdl2        \"at8\" \"Treat\""));
  EXPECT_THAT(text, HasSubstr("fever      = archetype_1 \"/gt4\"")); // its place in the record
  EXPECT_THAT(
      text, HasSubstr("// fever: no is 0, archetype_1 \"at2\" \"Absent\", yes is 1, archetype_1 \"at1\" \"Present\""));
}

TEST(Gdl2NothingLost, ElementsThatNothingUsesAreListed) {
  Source source = two_findings().rule("gt1", 1, {"$gt4==true"}, {"$gt21='Treat'"});
  source.elements["gt5"]["units"] = {"d"};
  const Import import = source.import();
  ASSERT_EQ(import.omissions.size(), 1U);
  EXPECT_EQ(import.omissions[0].place, "data binding gt9 (openEHR-EHR-OBSERVATION.pain.v1)");
  EXPECT_EQ(import.omissions[0].what, "gt5 Cough /gt5; units d");
  EXPECT_EQ(import.omissions[0].why, "nothing that is carried over reads it");
}

TEST(Gdl2NothingLost, UnitsThatAnInputDoesNotTakeAreListed) {
  Source source = Source().input("gt4", "Age").term("gt21", "Plan").rule("gt1", 1, {"$gt4>=18,a"}, {"$gt21='Treat'"});
  source.elements["gt4"]["units"] = {"a", "mo", "wk"};
  const Import import = source.import();
  EXPECT_THAT(import.text, HasSubstr("// age: given in a, mo, wk"));
  EXPECT_THAT(import.omissions, ElementsAre(Field(&Omission::what, "unit wk")));
}

TEST(Gdl2NothingLost, RulesWithoutAnEffectAreListed) {
  Source source = two_findings().rule("gt1", 3, {"$gt4==true"}, {"$gt21='Treat'"}).rule("gt2", 2, {"$gt5==true"}, {});
  source.rule("gt3", 1, {}, {"$gt21='Wait'"});
  const Import import = source.import();
  EXPECT_THAT(import.omissions, ElementsAre(Field(&Omission::why, "the rule sets nothing; it is left out"),
                                            Field(&Omission::why, "a later rule always sets another value")));
}

TEST(Gdl2NothingLost, RulesAndTermsStandAtTheEndByName) {
  Source source = two_findings().term("gt1", "Treat the feverish").term("gt2", "Set default");
  source.rule("gt1", 1, {"$gt4==true", "$gt5==true"}, {"$gt21='Treat'"});
  EXPECT_THAT(text_of(source), HasSubstr("// Rules of the source, in the order in which they run\n"
                                         "//   gt1 Treat the feverish\n\n"
                                         "// Terms of the source that belong to no rule and no element\n"
                                         "//   gt2 Set default\n"));
}

TEST(Gdl2NothingLost, VariablesWithoutATermHaveTheNameThatRulesWrite) {
  Source source = Source().rule("gt1", 1, {"$gt4|Cough|==true"}, {"$gt21|Advice|='Rest'"});
  source.elements["gt4"] = {{"id", "gt4"}, {"path", "/gt4"}};
  const std::string text = text_of(source);
  EXPECT_THAT(text, HasSubstr("cough : yes/no \"Cough\""));
  EXPECT_THAT(text, HasSubstr("define advice \"Advice\""));
}

TEST(Gdl2NothingLost, TheDescriptionComesAlongInEachLanguage) {
  Source source = two_findings().rule("gt1", 1, {"$gt4==true", "$gt5==true"}, {"$gt21='Treat'"});
  source.terms["gt21"]["description"] = "What is to be done.";
  source.description["original_author"] = {
      {"name", "A. Author"}, {"organisation", "A House"}, {"email", "a@example.org"}, {"date", "2020-08-31"}};
  source.description["details"]["en"] = {{"purpose", "To plan."}, {"use", "In the ward."}};
  source.description["details"]["sv"] = {
      {"purpose", "Att planera."}, {"copyright", "A House 2020"}, {"keywords", {"feber"}}};
  source.swedish["gt4"] = {{"id", "gt4"}, {"text", "Feber"}, {"description", "Temperatur."}};
  source.swedish["gt5"] = {{"id", "gt5"}, {"text", "*(en) Cough"}, {"description", "*(en) *"}};
  source.swedish["gt1"] = {{"id", "gt1"}, {"text", "Behandla"}};
  const Import import = source.import();
  for (const char* const part :
       {"developer \"A. Author, A House (a@example.org)\"", "published 2020-08-31", "scope     \"To plan.\"",
        "//   In the ward.", "license   \"A House 2020\"", "/// What is to be done."})
    EXPECT_THAT(import.text, HasSubstr(part));
  ASSERT_EQ(import.translations.size(), 1U);
  const std::string& po = import.translations[0].text;
  EXPECT_THAT(
      po, HasSubstr("# purpose: Att planera.\n# copyright: A House 2020\n# keywords: feber\n# gt1 Behandla\nmsgid"));
  EXPECT_THAT(po, HasSubstr("# Temperatur.\nmsgctxt \"input fever question\"\nmsgid \"Fever\"\nmsgstr \"Feber\"\n"));
  EXPECT_THAT(po, Not(HasSubstr("Cough"))); // it is not translated
  EXPECT_THAT(import.omissions, IsEmpty());
}

TEST(Gdl2Ranges, AScaleThatEndsIsTheRange) {
  Source source = Source().input("gt4", "Coma").input("gt5", "Lesions").term("gt20", "Points").term("gt21", "Grade");
  source.rule("gt1", 6, {"$gt4>=13", "$gt4<=15"}, {"$gt20='Mild'"})
      .rule("gt2", 5, {"$gt4<=12", "$gt4>=9"}, {"$gt20='Middle'"});
  source.rule("gt3", 4, {"$gt4==3||$gt4==4"}, {"$gt20='Severe'"});
  source.rule("gt6", 3, {"$gt5<=3"}, {"$gt21='Few'"}).rule("gt7", 2, {"$gt5>3"}, {"$gt21='Many'"});
  const std::string text = text_of(source);
  EXPECT_THAT(text, HasSubstr("/// It goes from 3 to 15: the rules of the source know no other number.\n"
                              "  coma    : number from 3 to 15 step 1 "));
  EXPECT_THAT(text, HasSubstr("lesions : number from 0 to 10000 step 1")); // it has no end in the source
}

TEST(Gdl2Ranges, PointsThatAddUpToAScaleThatEnds) {
  Source source =
      Source().input("gt4", "Confusion").input("gt5", "Pressure").term("gt20", "Total").term("gt21", "Risk");
  source.rule("gt1", 3, {"$gt4!=null", "$gt5!=null"}, {"$gt20=$gt4.value+$gt5.value"});
  source.rule("gt2", 2, {"$gt20==0"}, {"$gt21='Low'"}).rule("gt3", 1, {"$gt20>=1", "$gt20<=2"}, {"$gt21='High'"});
  const std::string text = text_of(source);
  EXPECT_THAT(text, HasSubstr("confusion : number from 0 to 2 step 1"));
  EXPECT_THAT(text, HasSubstr("constraint total_ends {\n  require total <= 2\n"
                              "  message \"Total: the rules of the source end at 2\"\n}"));
}

} // namespace
} // namespace aceso::gdl2
