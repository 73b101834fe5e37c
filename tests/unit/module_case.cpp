/// Reading and writing of well-formed cases.

#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "module/input_units.h"
#include "module/patient_case.h"
#include "module_fixture.h"

namespace aceso::test {
namespace {

CaseReadResult read(const std::string& json, const CaseReadOptions& options = {}) {
  CaseReadResult result = read_case(make_dictionary(), json, options);
  for (const CaseFault& fault : result.faults) {
    ADD_FAILURE() << fault.id << " " << fault.path << ": " << fault.message;
  }
  return result;
}

Value read_input(const std::string& name, const std::string& value) {
  const CaseReadResult result =
      read(R"({"now": "2026-11-22T10:00:00+01:00", "inputs": {")" + name + "\": " + value + "}}");
  return result.patient_case.facts.empty() ? Value() : result.patient_case.facts.front().value;
}

/// Paths tell where in a file a fact stood; they are no part of what the case says.
void expect_same_case(const PatientCase& a, const PatientCase& b) {
  const auto expect_same_facts = [](const std::vector<Fact>& x, const std::vector<Fact>& y) {
    ASSERT_EQ(x.size(), y.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      EXPECT_EQ(x[i].input, y[i].input);
      EXPECT_EQ(x[i].value, y[i].value);
    }
  };
  EXPECT_EQ(a.now, b.now);
  expect_same_facts(a.facts, b.facts);
  ASSERT_EQ(a.events.size(), b.events.size());
  for (std::size_t i = 0; i < a.events.size(); ++i) {
    EXPECT_EQ(a.events[i].at, b.events[i].at);
    expect_same_facts(a.events[i].facts, b.events[i].facts);
  }
}

const std::string full_case = R"({
  "$schema": "case.schema.json", "title": "Everything", "guideline": "back_pain",
  "now": "2026-11-22T10:00:00+01:00",
  "inputs": {
    "earlier_courses": ["resolved", "persistent"],
    "planned": "nsaids", "admitted_at": "2026-11-20T08:30:00Z", "birth": "1970-02-28",
    "conservative_care_duration": "3 wk", "weight": "1 mg", "ratio": 0.1,
    "temperature": {"value": 101.3, "unit": "[degF]"},
    "age": 56, "knee_extension": 4, "symptom_course": "persistent",
    "saddle_anesthesia": {"unknown": "refused"}, "fever": true
  },
  "events": [
    {"at": "2026-11-21", "inputs": {"temperature": "38 Cel", "fever": false}},
    {"at": "2026-10-01T09:00:00Z", "inputs": {"knee_extension": "5", "ratio": "1/3"}},
    {"at": "2026-11-20T23:00:00Z", "inputs": {"age": 56}}
  ],
  "expect": ["recommended lumbar_mri", "refused"]
})";

TEST(CaseReader, LengthsOfTimeConvertAsUcumSays) {
  for (const std::string_view from : {"s", "min", "h", "d", "wk"})
    for (const std::string_view to : {"s", "min", "h", "d", "wk"}) {
      const auto quick = conversion_for({}, from, to), exact = units::conversion(from, to);
      ASSERT_TRUE(quick && exact);
      EXPECT_EQ(quick->factor, exact->factor) << from << " to " << to;
      EXPECT_EQ(quick->offset, exact->offset);
    }
}

TEST(CaseReader, ReadsEveryKindOfValue) {
  EXPECT_EQ(read_input("fever", "true"), Value(true));
  EXPECT_EQ(read_input("symptom_course", "\"persistent\""), choice(2));
  EXPECT_EQ(read_input("knee_extension", "\"4\""), choice(4));
  EXPECT_EQ(read_input("knee_extension", "4"), choice(4));
  EXPECT_EQ(read_input("knee_extension", "4.0"), choice(4));
  EXPECT_EQ(read_input("age", "56"), Value(Rational(56)));
  EXPECT_EQ(read_input("age", R"({"value": 5.6e1})"), Value(Rational(56)));
  EXPECT_EQ(read_input("temperature", R"({"value": 38.6, "unit": "Cel"})"), Value(decimal("38.6")));
  EXPECT_EQ(read_input("temperature", R"("38.6 Cel")"), Value(decimal("38.6")));
  EXPECT_EQ(read_input("temperature", R"("101.3 [degF]")"), Value(decimal("38.5")));
  EXPECT_EQ(read_input("conservative_care_duration", R"("3 wk")"), Value(Rational(21)));
  EXPECT_EQ(read_input("conservative_care_duration", R"({"value": 48, "unit": "h"})"), Value(Rational(2)));
  EXPECT_EQ(read_input("birth", R"("1970-01-02")"), Value(Date{1}));
  EXPECT_EQ(read_input("admitted_at", R"("1970-01-01T00:00:05Z")"), Value(Instant{5}));
  EXPECT_EQ(read_input("planned", R"("nsaids")"), choice(1));
  EXPECT_EQ(read_input("earlier_courses", R"(["resolved", "improving"])"), Value(ValueList{choice(0), choice(1)}));
  EXPECT_EQ(read_input("earlier_courses", "[]"), Value(ValueList{}));
  EXPECT_EQ(read_input("fever", R"({"unknown": "stale"})"), Value(UnknownReason::stale));
  EXPECT_EQ(read_input("temperature", R"({"unknown": "not_done"})"), Value(UnknownReason::not_done));
}

TEST(CaseReader, NumbersAreExact) {
  const auto ratio = [](const std::string& text) { return read_input("ratio", text).as<Rational>(); };
  EXPECT_EQ(Rational::add(ratio("0.1"), ratio("0.2")), ratio("0.3"));
  EXPECT_EQ(ratio("0.30000000000000004"), decimal("0.30000000000000004"));
  EXPECT_NE(ratio("0.30000000000000004"), ratio("0.3"));
  EXPECT_EQ(ratio("9223372036854775807").numerator(), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(ratio("-9223372036854775808").numerator(), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(ratio("9007199254740993").numerator(), 9007199254740993); // 2^53 + 1 is no double
  EXPECT_EQ(ratio("9007199254740993.0").numerator(), 9007199254740993);
  EXPECT_EQ(ratio("9.223372036854775807e18").numerator(), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(ratio("-0.0"), Rational(0));
  EXPECT_EQ(ratio("0.000000000000000001").denominator(), 1'000'000'000'000'000'000);
  EXPECT_EQ(ratio("\"1/3\""), Rational::make(1, 3).value());
}

TEST(CaseReader, PutsEventsInTimeOrderAndReadsDatesAtTheOffsetOfNow) {
  const PatientCase patient_case = read(full_case).patient_case;
  ASSERT_EQ(patient_case.events.size(), 3u);
  EXPECT_EQ(to_text(patient_case.events[0].at), "2026-10-01T09:00:00Z");
  EXPECT_EQ(to_text(patient_case.events[1].at), "2026-11-21T00:00:00+01:00"); // stands first in the file
  EXPECT_EQ(to_text(patient_case.events[2].at), "2026-11-20T23:00:00Z");      // the same instant
  EXPECT_EQ(path_of(make_dictionary(), patient_case.events[1].facts.back()), "$.events[0].inputs.temperature");
}

TEST(CaseReader, PassesTitleAndExpectationsOn) {
  const CaseReadResult result = read(full_case);
  EXPECT_EQ(result.title, "Everything");
  EXPECT_EQ(result.expectations, (std::vector<std::string>{"recommended lumbar_mri", "refused"}));
  const CaseReadResult faulty = read_case(make_dictionary(), R"({"expect": ["refused"]})");
  EXPECT_FALSE(faulty.ok());
  EXPECT_EQ(faulty.expectations.size(), 1u);
}

TEST(CaseReader, SeriesBecomeEventsAndJoinThoseOfTheirInstant) {
  const PatientCase patient_case = read(R"({"now": "2026-11-22T10:00:00Z",
    "inputs": {"temperature": [
      {"at": "2026-11-22T08:00:00Z", "value": 38.6, "unit": "Cel"},
      {"at": "2026-11-20", "value": "38 Cel"},
      {"at": "2026-11-21", "unknown": "refused"},
      {"at": "2026-11-19", "value": {"value": 37, "unit": "Cel"}}]},
    "events": [{"at": "2026-11-20T00:00:00Z", "inputs": {"fever": true}},
               {"at": "2026-11-19", "inputs": {"temperature": "37 Cel"}}]})")
                                       .patient_case;
  EXPECT_TRUE(patient_case.facts.empty());
  ASSERT_EQ(patient_case.events.size(), 4u);
  EXPECT_EQ(patient_case.events[0].facts.size(), 1u); // the same measurement told twice
  ASSERT_EQ(patient_case.events[1].facts.size(), 2u);
  EXPECT_EQ(patient_case.events[1].facts[1].value, Value(Rational(38)));
  EXPECT_EQ(patient_case.events[2].facts[0].value, Value(UnknownReason::refused));
  EXPECT_EQ(patient_case.events[3].facts[0].value, Value(decimal("38.6")));
  const Dictionary dictionary = make_dictionary();
  EXPECT_EQ(path_of(dictionary, patient_case.events[3].facts[0]), "$.inputs.temperature[0]");
  EXPECT_EQ(path_of(dictionary, patient_case.events[1].facts[1]), "$.inputs.temperature[1].value");
  EXPECT_EQ(path_of(dictionary, read(full_case).patient_case.facts[0]),
            "$.inputs." + dictionary[read(full_case).patient_case.facts[0].input].name);
  EXPECT_EQ(path_of(dictionary, {InputId(std::size_t{0}), Value(true), {}}), "$");
}

TEST(CaseReader, AnInputMayBeRepeatedWithTheSameValue) {
  read(R"({"now": "2026-11-22T10:00:00Z", "inputs": {"fever": true},
           "events": [{"at": "2026-11-22T11:00:00+01:00", "inputs": {"fever": true}}]})");
}

TEST(CaseReader, AnInstantCanReplaceNow) {
  CaseReadOptions options;
  options.at_override = "2026-12-01T00:00:00Z";
  EXPECT_EQ(to_text(read("{}", options).patient_case.now), "2026-12-01T00:00:00Z");
  const std::string january = R"({"now": "2026-01-02T00:00:00+01:00", "events": [{"at": "2026-11-22", "inputs": {}}]})";
  EXPECT_EQ(to_text(read(january, options).patient_case.events[0].at), "2026-11-22T00:00:00+01:00");
  options.at_override = "2026-12-01";
  EXPECT_EQ(to_text(read(january, options).patient_case.now), "2026-12-01T00:00:00+01:00");
  const CaseReadResult without_zone = read_case(make_dictionary(), "{}", options);
  ASSERT_EQ(without_zone.faults.size(), 1u);
  EXPECT_EQ(without_zone.faults[0].id, "A0713");
  options.at_override = "2025-01-01T00:00:00Z"; // before the event
  EXPECT_EQ(read_case(make_dictionary(), january, options).faults.at(0).id, "A0714");
}

TEST(CaseReader, SkipsAByteOrderMark) { read("\xEF\xBB\xBF{\"now\": \"2026-11-22T10:00:00Z\"}"); }

TEST(CaseWriter, RoundTripsExactly) {
  const Dictionary dictionary = make_dictionary();
  const PatientCase first = read(full_case).patient_case;
  const std::string written = write_case(dictionary, first);
  const PatientCase second = read(written).patient_case;
  expect_same_case(first, second);
  EXPECT_EQ(write_case(dictionary, second), written);
}

TEST(CaseWriter, HasAFixedForm) {
  const Dictionary dictionary = make_dictionary();
  const PatientCase patient_case = read(R"({"events": [{"inputs": {"fever": true}, "at": "2026-11-01"}], "inputs":
    {"temperature": "38.6 Cel", "weight": "1/3 kg", "fever": {"unknown": "refused"}, "earlier_courses": []},
    "now": "2026-11-22T10:00:00+01:00"})")
                                       .patient_case;
  EXPECT_EQ(write_case(dictionary, patient_case), R"({
  "now": "2026-11-22T10:00:00+01:00",
  "inputs": {
    "fever": {"unknown": "refused"},
    "temperature": {"value": 38.6, "unit": "Cel"},
    "weight": {"value": "1/3", "unit": "kg"},
    "earlier_courses": []
  },
  "events": [
    {
      "at": "2026-11-01T00:00:00+01:00",
      "inputs": {
        "fever": true
      }
    }
  ]
}
)");
}

/// Not a fuzzer (tests/fuzz has those): a bounded loop that must neither crash nor accept what cannot be written back.
TEST(CaseReader, SurvivesRandomBytes) {
  const Dictionary dictionary = make_dictionary();
  std::mt19937 random(20261122);
  const std::string letters = "{}[]\",:0123456789eE.-+/ \n\\utrfnxabc\xC3\xA9\xFF";
  std::size_t accepted = 0;
  for (int round = 0; round < 4000; ++round) {
    std::string text = full_case;
    const unsigned changes = 1 + random() % 4;
    for (unsigned i = 0; i < changes; ++i) {
      const std::size_t place = random() % text.size();
      const char letter = letters[random() % letters.size()];
      if (random() % 3 == 0) {
        text.erase(place, 1 + random() % 5);
      } else if (random() % 2 == 0) {
        text.insert(place, 1, letter);
      } else {
        text[place] = letter;
      }
    }
    const CaseReadResult result = read_case(dictionary, text);
    if (!result.ok()) continue;
    ++accepted;
    expect_same_case(result.patient_case, read(write_case(dictionary, result.patient_case)).patient_case);
  }
  EXPECT_GT(accepted, 100u);
}

TEST(Dictionary, SaysValuesInWords) {
  const Dictionary dictionary = make_dictionary();
  const auto words = [&](const char* name, const Value& value) {
    for (const InputInfo& input : dictionary.inputs) {
      if (input.name == name) return to_text(dictionary, input.type, value);
    }
    return std::string();
  };
  EXPECT_EQ(words("fever", Value(true)), "yes");
  EXPECT_EQ(words("fever", Value(UnknownReason::not_asked)), "unknown (not asked)");
  EXPECT_EQ(words("symptom_course", choice(2)), "persistent");
  EXPECT_EQ(words("planned", choice(1)), "nsaids");
  EXPECT_EQ(words("temperature", Value(decimal("38.60"))), "38.6 Cel");
  EXPECT_EQ(words("ratio", Value(Rational::make(1, 3).value())), "1/3");
  EXPECT_EQ(words("birth", Value(Date{0})), "1970-01-01");
  EXPECT_EQ(words("admitted_at", Value(Instant{0})), "1970-01-01T00:00:00Z");
  EXPECT_EQ(words("earlier_courses", Value(ValueList{choice(0), choice(1)})), "[resolved, improving]");
  EXPECT_EQ(to_text(Verb::contraindicate), "contraindicate");
  EXPECT_EQ(to_text(Strength::none), "");
  EXPECT_EQ(to_text(Urgency::immediately), "immediately");
  EXPECT_EQ(to_text(Certainty::very_low), "very low");
  EXPECT_EQ(to_text(RecommendationStatus::not_advised), "not_advised");
  EXPECT_EQ(to_text(DifferentialStatus::tie), "tie");
}

} // namespace
} // namespace aceso::test
