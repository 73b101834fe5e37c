/// Decisions as JSON (exact bytes) and as text (what a reader must find).

#include <gtest/gtest.h>

#include <algorithm>

#include <nlohmann/json.hpp>

#include "explain_fixture.h"
#include "module/version.h"

namespace aceso::test {
namespace {

using OrderedJson = nlohmann::ordered_json;

std::vector<std::string> keys_of(const OrderedJson& object) {
  std::vector<std::string> keys;
  for (const auto& item : object.items())
    keys.push_back(item.key());
  return keys;
}
using Keys = std::vector<std::string>;

std::string without_spaces(const std::string& text) {
  std::string result;
  bool in_string = false;
  for (const char c : text) {
    if (c == '"') in_string = !in_string;
    if (in_string || (c != ' ' && c != '\n')) result += c;
  }
  return result;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines(1);
  for (const char c : text) {
    if (c == '\n') {
      lines.emplace_back();
    } else {
      lines.back() += c;
    }
  }
  return lines;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

TEST(DecisionJson, KeysStandInTheOrderOfTheSchema) {
  const Dictionary dictionary = make_dictionary();
  const OrderedJson json = OrderedJson::parse(decision_to_json(dictionary, full_decision(dictionary)));
  EXPECT_EQ(keys_of(json), (Keys{"guideline", "engine", "at", "applies", "recommendations", "stage", "values",
                                 "differentials", "cautions", "missing", "trace"}));
  EXPECT_EQ(keys_of(json["recommendations"][0]),
            (Keys{"action", "verb", "status", "strength", "urgency", "rules", "because", "citations", "missing"}));
  EXPECT_EQ(keys_of(json["stage"]), (Keys{"id", "entered_at", "path", "next"}));
  EXPECT_EQ(keys_of(json["stage"]["next"][0]), (Keys{"to", "when", "not_before", "due", "missing"}));
  EXPECT_EQ(keys_of(json["stage"]["next"][1]), (Keys{"to", "when", "due", "overdue", "missing"}));
  EXPECT_EQ(keys_of(json["differentials"]["affected_root"]), (Keys{"status", "decided", "candidates", "missing"}));
  EXPECT_EQ(keys_of(json["differentials"]["affected_root"]["candidates"][0]),
            (Keys{"candidate", "lowest", "highest", "confirmed", "excluded", "for", "against"}));
  EXPECT_EQ(keys_of(json["cautions"][0]), (Keys{"caution", "status", "text", "citations", "missing"}));
  EXPECT_EQ(json["engine"]["version"], engine_version);
}

TEST(DecisionJson, HasTheseBytes) {
  EXPECT_EQ(decision_to_json(make_dictionary(), empty_decision(Truth::no)), R"({
  "guideline": {
    "id": "back_pain",
    "version": "1.2.0",
    "hash": "sha256:00"
  },
  "engine": {
    "name": "aceso",
    "version": "0.1.0"
  },
  "at": "2026-11-22T10:00:00Z",
  "applies": "no",
  "recommendations": [],
  "stage": null,
  "values": {},
  "differentials": {},
  "cautions": [],
  "missing": [],
  "trace": "sha256:22"
}
)");
}

TEST(DecisionJson, CompactSaysTheSameOnOneLine) {
  const Dictionary dictionary = make_dictionary();
  const Decision decision = full_decision(dictionary);
  const std::string compact = decision_to_json(dictionary, decision, {true});
  EXPECT_EQ(compact.find('\n'), std::string::npos);
  EXPECT_EQ(without_spaces(decision_to_json(dictionary, decision)), compact);
  EXPECT_EQ(decision_to_json(dictionary, decision, {true}), compact);
}

TEST(DecisionJson, AWriterThatIsKeptGivesTheSameBytes) {
  const Dictionary dictionary = make_dictionary();
  std::vector<Decision> decisions{full_decision(dictionary), empty_decision(Truth::no), full_decision(dictionary)};
  for (Recommendation& each : decisions.back().recommendations) { // the same actions with other outcomes
    each.status = RecommendationStatus::undetermined;
    each.within.reset();
    each.urgency = Urgency::soon;
    each.rules.resize(std::min(each.rules.size(), std::size_t{1}));
    each.missing.assign(1, input(dictionary, "fever"));
  }
  for (CautionResult& each : decisions.back().cautions)
    each.fires = each.fires == Truth::yes ? Truth::unknown : Truth::yes;
  for (const bool compact : {false, true}) {
    DecisionJson writer(dictionary, {compact});
    for (int round = 0; round < 2; ++round)
      for (const Decision& each : decisions)
        EXPECT_EQ(writer.write(each), decision_to_json(dictionary, each, {compact}));
  }
}

TEST(DecisionJson, NumbersAreExact) {
  const Dictionary dictionary = make_dictionary();
  Decision decision = empty_decision(Truth::yes);
  const auto written = [&](Rational number) {
    decision.values = {{DefinitionId(1u), Value(number), {}}};
    const std::string json = decision_to_json(dictionary, decision, {true});
    const std::size_t start = json.find("\"mean_ratio\":") + 13;
    return json.substr(start, json.find('}', start) - start);
  };
  EXPECT_EQ(written(Rational::add(decimal("0.1"), decimal("0.2")).value()), "0.3");
  EXPECT_EQ(written(decimal("0.30000000000000004")), "0.30000000000000004");
  EXPECT_EQ(written(std::numeric_limits<std::int64_t>::max()), "9223372036854775807");
  EXPECT_EQ(written(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(written(Rational::make(1, 3).value()), "\"1/3\"");
}

TEST(DecisionJson, OptionalPartsAppearOnlyWhereTheyHold) {
  const Dictionary dictionary = make_dictionary();
  Decision decision = full_decision(dictionary);
  EXPECT_FALSE(has(decision_to_json(dictionary, decision), "\"assumed\""));
  decision.assumed = {{input(dictionary, "fever"), Value(false)}};
  decision.stage->conflict = {StageId(2u), StageId(3u)};
  const OrderedJson json = OrderedJson::parse(decision_to_json(dictionary, decision));
  EXPECT_EQ(json["assumed"].dump(), R"([{"input":"fever","value":false,"because":null}])");
  EXPECT_EQ(json["stage"]["conflict"].dump(), R"(["imaging","discharged"])");
  EXPECT_EQ(keys_of(json)[10], "assumed");
}

TEST(DecisionJson, CitationsOfSeveralRulesStandOnce) {
  const Dictionary dictionary = make_dictionary();
  Decision decision = empty_decision(Truth::yes);
  decision.recommendations = {
      recommendation(4, RecommendationStatus::advised, Verb::recommend, {RuleId(0u), RuleId(3u)})};
  const OrderedJson json = OrderedJson::parse(decision_to_json(dictionary, decision));
  EXPECT_EQ(json["recommendations"][0]["citations"].size(), 1u);
  EXPECT_EQ(json["recommendations"][0]["because"].size(), 1u);
}

TEST(DecisionText, TellsEveryPart) {
  const Dictionary dictionary = make_dictionary();
  const std::string text = decision_to_text(dictionary, full_decision(dictionary));
  for (const char* part :
       {"Management of back pain\nback_pain 1.2.0 (draft), answered for 2026-11-22T10:00:00+01:00\n",
        "Recommended routinely (strong)", "Recommended within 2 weeks (strong)",
        "CONFLICT: what the rules say does not go together", "image_red_flags: note, Red Flag Exclusion [1, 2]",
        "Would be recommended urgently (strong)", "depends on questions 1, 2",
        "  1  Numbness in the saddle area? (saddle_anesthesia)", "Advised against (strong)",
        "! Pain is often not dermatomal", "may apply: depends on question 3", "L4, score 1 to 4",
        "L5, score 0, excluded", "now: Conservative care, 4 to 6 weeks, since", "OVERDUE since 2026-11-01",
        "not before 2026-12-01"}) {
    EXPECT_TRUE(has(text, part)) << part << "\n" << text;
  }
  EXPECT_FALSE(has(text, "Derived values"));
  EXPECT_TRUE(has(decision_to_text(dictionary, full_decision(dictionary), {false, 100, true}), "care_left = 12 d"));
}

TEST(DecisionText, AsksEachQuestionOnce) {
  const Dictionary dictionary = make_dictionary();
  Decision decision = full_decision(dictionary);
  for (Recommendation& r : decision.recommendations) {
    r.status = RecommendationStatus::undetermined;
    r.missing = {input(dictionary, "fever"), input(dictionary, "saddle_anesthesia")};
  }
  EXPECT_EQ(count(decision_to_text(dictionary, decision), "Fever?"), 1u);
}

TEST(DecisionText, SaysFirstWhetherTheGuidelineApplies) {
  const Dictionary dictionary = make_dictionary();
  EXPECT_EQ(lines_of(decision_to_text(dictionary, empty_decision(Truth::no)))[3],
            "This guideline does not apply to this patient.");
  EXPECT_TRUE(has(decision_to_text(dictionary, empty_decision(Truth::unknown)), "It is not known yet whether"));
  EXPECT_TRUE(has(decision_to_text(dictionary, empty_decision(Truth::yes)), "Nothing, on what is known so far."));
}

TEST(DecisionText, KeepsToTheWidthAndHasNoColorUnlessAsked) {
  const Dictionary dictionary = make_dictionary();
  const std::string narrow = decision_to_text(dictionary, full_decision(dictionary), {false, 60, true});
  for (const std::string& line : lines_of(narrow))
    EXPECT_LE(line.size(), 60u) << line;
  EXPECT_FALSE(has(narrow, "\033"));
  EXPECT_TRUE(has(decision_to_text(dictionary, full_decision(dictionary), {true, 60, true}), "\033[1;31m"));
}

TEST(DecisionText, TextsCannotSteerTheTerminal) {
  Dictionary dictionary = make_dictionary();
  dictionary.actions[1].title = "NSAIDs\033[2J\nAdvised";
  EXPECT_FALSE(has(decision_to_text(dictionary, full_decision(dictionary)), "\033"));
}

} // namespace
} // namespace aceso::test
