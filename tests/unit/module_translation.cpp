#include "module/translation.h"

#include <set>

#include <gmock/gmock.h>

#include "explain_fixture.h"
#include "guideline_fixture.h"
#include "module/phrases.h"

namespace aceso {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size()))
    ++count;
  return count;
}

TEST(Phrases, EveryLanguageHasEveryPhraseWithTheSamePlaceholders) {
  for (const Phrase one : all_phrases()) {
    const std::string_view english = phrase(Language::english, one), german = phrase(Language::german, one);
    EXPECT_FALSE(english.empty());
    EXPECT_FALSE(german.empty()) << english;
    EXPECT_EQ(count_of(english, "{}"), count_of(german, "{}")) << english;
    // A heading begins with a capital in both, a part of a sentence need not.
    EXPECT_EQ(english.front() == ' ' || english.front() == ',', german.front() == ' ' || german.front() == ',');
  }
}

TEST(Phrases, WhatOpensALineBeginsWithAnAsciiLetter) {
  for (const Phrase one : {Phrase::is_recommended, Phrase::is_suggested, Phrase::is_avoided, Phrase::is_contraindicated,
                           Phrase::would_be, Phrase::would_be_but})
    for (const Language language : {Language::english, Language::german}) {
      const char first = phrase(language, one).front();
      EXPECT_TRUE(first >= 'a' && first <= 'z') << phrase(language, one);
    }
}

TEST(Phrases, LengthsOfTime) {
  constexpr std::int64_t day = 86'400;
  EXPECT_EQ(phrase(Language::english, Period{0, 14 * day}), to_text(Period{0, 14 * day}));
  EXPECT_EQ(phrase(Language::german, Period{0, 14 * day}), "2 Wochen");
  EXPECT_EQ(phrase(Language::german, Period{0, day}), "1 Tag");
  EXPECT_EQ(phrase(Language::german, Period{3, 0}), "3 Monaten");
  for (const Period period : {Period{0, 3600}, Period{0, 7200}, Period{0, 60}, Period{0, 120}, Period{0, 1},
                              Period{0, 2}, Period{12, 0}, Period{24, 0}, Period{1, day}})
    for (const char* english : {"hour", "minute", "second", "year", "month", "day", "week", "and"})
      EXPECT_THAT(phrase(Language::german, period), Not(HasSubstr(english)));
}

TEST(Phrases, RegionsSpeakTheirLanguageAndOthersEnglish) {
  EXPECT_EQ(spoken_language("de"), Language::german);
  EXPECT_EQ(spoken_language("de_CH"), Language::german);
  EXPECT_EQ(spoken_language("den"), Language::english);
  EXPECT_EQ(spoken_language("fr"), Language::english);
}

TEST(Translation, LanguageCodes) {
  for (const char* good : {"en", "gsw", "pt_BR"})
    EXPECT_TRUE(is_language_code(good)) << good;
  for (const char* bad : {"", "e", "german", "De", "pt_br", "pt-BR", "pt_", "pt_BRA", "d1"})
    EXPECT_FALSE(is_language_code(bad)) << bad;
}

constexpr const char* everything = R"(
source s "Source"
inputs g "Group" {
  level : one of { low "Low", high "High" } "Which level?"
  asked : yes/no "Asked?"
  quiet : yes/no "Quiet?" { unknown assume no because "nobody says so" }
}
constraint c { require not (level = low and asked) message "{level} was asked: {asked}" }
define d "Defined" = level = high
differential cause "Cause" : level2 among { x, y } {
  argument for x strong when asked "it was asked"
  argument against y weak when asked "not with this"
  decide strong 2, weak 1, needs 1, ahead by 1
}
type level2 = one of { x "The x", y "The y" }
action a "Do a" : test { note "Mind a" interacts with b "never both" }
action b "Do b" : test
action_class both "Both" { a, b }
rule r { when asked recommend a strong because "it was asked" }
rule q { when asked avoid a strong overrides r because "q is newer" because "better not" }
caution w when asked { "Look out" }
pathway p "Path" { start one stage one "Stage one" { when asked go to two } stage two "Stage two" final }
)";

TEST(Translation, FindsEveryTextThatAnAuthorWrites) {
  const testing::Guideline guideline(everything);
  std::set<std::string> safety, other;
  for (const TranslatableText& text : translatable_texts(guideline.graph().dictionary))
    if (!text.text.empty()) (text.is_safety ? safety : other).insert(text.key + ": " + text.text);
  EXPECT_EQ(safety, (std::set<std::string>{"action a interacts with b: never both", "action a note: Mind a",
                                           "action a title: Do a", "action b title: Do b", "caution w: Look out",
                                           "constraint c message: {level} was asked: {asked}",
                                           "input quiet assumed because: nobody says so", "rule q because: better not",
                                           "rule q overrides r: q is newer", "rule r because: it was asked"}));
  EXPECT_EQ(other,
            (std::set<std::string>{
                "action_class both title: Both", "define d title: Defined", "differential cause argument: it was asked",
                "differential cause argument: not with this", "differential cause title: Cause",
                "guideline title: Trial", "input asked question: Asked?", "input level choice high: High",
                "input level choice low: Low", "input level question: Which level?", "input quiet question: Quiet?",
                "inputs g title: Group", "pathway p title: Path", "stage one title: Stage one",
                "stage two title: Stage two", "type level2 choice x: The x", "type level2 choice y: The y"}));
}

/// Every text in capitals, or none where `omitted` is in it.
Translation shouted(const Dictionary& dictionary, const std::string& omitted = "?none?") {
  Translation translation{"de", {}};
  for (const TranslatableText& text : translatable_texts(dictionary))
    translation.texts.push_back(text.text.empty() || text.text.find(omitted) != std::string::npos ? ""
                                                                                                  : "DE " + text.text);
  return translation;
}

TEST(Translation, ReplacesEveryTextAndMarksWhatIsMissing) {
  const testing::Guideline guideline(everything);
  Dictionary dictionary = guideline.graph().dictionary;
  ASSERT_TRUE(apply_translation(dictionary, shouted(dictionary, "Look out")));
  EXPECT_EQ(dictionary.guideline.language, "de");
  EXPECT_EQ(dictionary.cautions[0].text, "[en] Look out");
  std::size_t translated = 0;
  for (const TranslatableText& text : translatable_texts(dictionary))
    translated += text.text.starts_with("DE ");
  std::size_t texts = 0;
  for (const TranslatableText& text : translatable_texts(guideline.graph().dictionary))
    texts += !text.text.empty();
  EXPECT_EQ(translated, texts - 1);
}

TEST(Translation, OfAnotherDictionaryIsRefused) {
  const testing::Guideline guideline(everything);
  Dictionary dictionary = guideline.graph().dictionary;
  Translation short_one = shouted(dictionary);
  short_one.texts.pop_back();
  EXPECT_FALSE(apply_translation(dictionary, short_one));
  EXPECT_EQ(dictionary.guideline.language, "en");
  EXPECT_EQ(dictionary.cautions[0].text, "Look out");
  ASSERT_TRUE(apply_translation(dictionary, shouted(dictionary)));
  EXPECT_FALSE(apply_translation(dictionary, shouted(dictionary))); // not a second time
}

TEST(Translation, ChangesNeitherDecisionNorTraceNorHash) {
  const testing::Guideline guideline(everything);
  graph::Graph german = guideline.graph();
  ASSERT_TRUE(apply_translation(german.dictionary, shouted(german.dictionary)));
  for (const char* inputs : {"", "\"asked\": true, \"level\": \"high\"", "\"asked\": false, \"level\": \"low\""}) {
    const CaseReadResult read =
        read_case(german.dictionary, std::string("{\"now\": \"2026-11-22T10:00:00Z\", \"inputs\": {") + inputs + "}}");
    ASSERT_TRUE(read.ok());
    const Decision one = reference::evaluate(guideline.graph(), read.patient_case).decision;
    const Decision other = reference::evaluate(german, read.patient_case).decision;
    EXPECT_EQ(one.trace, other.trace);
    EXPECT_EQ(german.dictionary.guideline.hash, guideline.graph().dictionary.guideline.hash);
    const std::string english = decision_to_json(guideline.graph().dictionary, one);
    std::string json = decision_to_json(german.dictionary, other);
    if (inputs[0] != '\0') {
      EXPECT_NE(json, english);
    }
    for (std::size_t at = json.find("DE "); at != std::string::npos; at = json.find("DE "))
      json.erase(at, 3);
    EXPECT_EQ(json, english); // the texts, and nothing else
  }
}

TEST(Translation, MessagesAreFilledInTheLanguageOfTheReader) {
  const testing::Guideline guideline(everything);
  graph::Graph german = guideline.graph();
  Translation translation = shouted(german.dictionary);
  ASSERT_TRUE(apply_translation(german.dictionary, translation));
  const CaseReadResult read =
      read_case(german.dictionary, R"({"now": "2026-11-22T10:00:00Z", "inputs": {"level": "low", "asked": true}})");
  const auto broken = reference::evaluate(german, read.patient_case).broken;
  ASSERT_EQ(broken.size(), 1u);
  EXPECT_EQ(broken[0].message, "DE DE Low was asked: ja");
  EXPECT_EQ(reference::evaluate(guideline.graph(), read.patient_case).broken[0].message, "low was asked: yes");
}

TEST(Translation, NoEnglishWordIsLeftInTheGermanText) {
  Dictionary dictionary = test::make_dictionary();
  const Decision decision = test::full_decision(dictionary);
  const std::string english = decision_to_text(dictionary, decision, {.verbose = true});
  dictionary.guideline.language = "de";
  const std::string german = decision_to_text(dictionary, decision, {.verbose = true});
  for (const char* word : {"Advised", "Not decided", "Questions", "depends on", "because", "Cautions", "Pathway",
                           "since", "Derived", "recommended", "may apply", "score", "overrides"})
    EXPECT_THAT(german, Not(HasSubstr(word)));
  EXPECT_THAT(german, HasSubstr("Offene Fragen"));
  EXPECT_THAT(german, HasSubstr("hängt ab von Frage"));
  EXPECT_NE(german, english);
}

} // namespace
} // namespace aceso
