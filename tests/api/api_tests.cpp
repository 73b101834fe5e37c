/// The C interface as an application in another language uses it: through the shared library and nothing else.
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <new>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "aceso/aceso.h"

namespace {

std::atomic<std::size_t> allocations{0};

} // namespace

// The library uses these as well.
void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

const std::string sample_path = ACESO_TEST_MODULES "/sample.acb";
const std::string stripped_path = ACESO_TEST_MODULES "/stripped.acb";
const std::string flagship_path = ACESO_TEST_MODULES "/lumbar_radiculopathy.acb";

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// What the program prints for a module and a case.
std::string output_of(const std::string& arguments) {
  const std::string command = std::string(ACESO_TEST_PROGRAM) + " " + arguments + " 2>&1";
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return "the program does not start";
  std::string text;
  std::array<char, 4096> part;
  while (const std::size_t count = std::fread(part.data(), 1, part.size(), pipe))
    text.append(part.data(), count);
  pclose(pipe);
  return text;
}

std::string str(aceso_text text) {
  EXPECT_EQ(text.data[text.size], '\0');
  return {text.data, text.size};
}

template <class T>
T sized() {
  T value{};
  value.struct_size = sizeof(T);
  return value;
}

aceso_instant at(const char* text) {
  aceso_instant instant{};
  EXPECT_EQ(aceso_instant_parse(text, ACESO_NUL, &instant), ACESO_OK) << text;
  return instant;
}
const aceso_instant now = at("2026-11-22T10:00:00Z");

class Api : public ::testing::Test {
protected:
  void SetUp() override { open(sample_path); }
  void TearDown() override {
    aceso_evaluator_destroy(patient);
    aceso_module_destroy(module);
  }
  void open(const std::string& path) {
    TearDown();
    patient = nullptr;
    module = nullptr;
    auto error = sized<aceso_load_error>();
    ASSERT_EQ(aceso_module_load_file(path.c_str(), nullptr, &module, &error), ACESO_OK) << error.message;
    ASSERT_EQ(aceso_evaluator_create(module, nullptr, &patient), ACESO_OK);
  }
  std::uint32_t find(std::int32_t kind, const char* name) const {
    std::uint32_t index = ACESO_NONE;
    EXPECT_EQ(aceso_module_find(module, kind, name, ACESO_NUL, &index), ACESO_OK) << name;
    return index;
  }
  aceso_status set(const char* name, aceso_value value) { return aceso_set_named(patient, name, ACESO_NUL, &value); }
  std::string fault(std::uint32_t i = 0) const {
    auto found = sized<aceso_fault>();
    if (aceso_fault_at(patient, i, &found) != ACESO_OK) return "none";
    return str(found.id) + " " + str(found.path) + ": " + str(found.message);
  }
  /// Sets a value that is not taken: the fault must be that of a case file with this JSON.
  void expect_refused(const char* name, aceso_value value, const std::string& json) {
    EXPECT_EQ(set(name, value), ACESO_BAD_FACT) << name << " " << json;
    const std::string told = fault();
    const std::string file =
        R"({"now": "2026-11-22T10:00:00Z", "inputs": {")" + std::string(name) + "\": " + json + "}}";
    EXPECT_EQ(aceso_read_case(patient, file.data(), file.size(), nullptr), ACESO_BAD_FACT) << json;
    const auto strip_path = [](const std::string& text) { return text.substr(0, 5) + text.substr(text.find(": ")); };
    EXPECT_EQ(strip_path(told), strip_path(fault())) << json;
    EXPECT_NE(told.find("$.inputs." + std::string(name)), std::string::npos) << told;
  }
  aceso_value input(const char* name, std::int32_t* assumed = nullptr) {
    aceso_value value{};
    EXPECT_EQ(aceso_result_input(patient, find(ACESO_INPUTS, name), &value, assumed), ACESO_OK) << name;
    return value;
  }
  aceso_action action(const char* name) {
    auto result = sized<aceso_action>();
    EXPECT_EQ(aceso_result_action(patient, find(ACESO_ACTIONS, name), &result), ACESO_OK) << name;
    return result;
  }

  aceso_module* module = nullptr;
  aceso_evaluator* patient = nullptr;
};

TEST_F(Api, SaysItsVersion) {
  EXPECT_EQ(aceso_abi_version(), std::uint32_t{ACESO_ABI_VERSION});
  EXPECT_EQ(output_of("version").find(aceso_version()) != std::string::npos, true);
  EXPECT_STREQ(aceso_status_name(ACESO_BAD_FACT), "bad_fact");
  EXPECT_STREQ(aceso_status_name(ACESO_INTERNAL), "internal");
  EXPECT_STREQ(aceso_status_name(-1), "?");
  EXPECT_STREQ(aceso_status_name(ACESO_INTERNAL + 1), "?");
}

TEST_F(Api, RefusesWhatIsNoModule) {
  auto error = sized<aceso_load_error>();
  aceso_module* none = nullptr;
  EXPECT_EQ(aceso_module_load("no module", 9, nullptr, &none, &error), ACESO_BAD_MODULE);
  EXPECT_STREQ(error.id, "A0881");
  EXPECT_EQ(aceso_module_load(nullptr, 0, nullptr, &none, &error), ACESO_BAD_MODULE);
  std::string bytes = contents(sample_path);
  bytes[bytes.size() / 2] ^= 1;
  EXPECT_EQ(aceso_module_load(bytes.data(), bytes.size(), nullptr, &none, &error), ACESO_BAD_MODULE);
  EXPECT_STREQ(error.id, "A0884");
  EXPECT_EQ(aceso_module_load(bytes.data(), bytes.size(), nullptr, &none, nullptr), ACESO_BAD_MODULE);
  EXPECT_EQ(aceso_module_load_file("/nowhere/at.acb", nullptr, &none, &error), ACESO_BAD_FILE);
  EXPECT_STREQ(error.id, "A0858");
  EXPECT_EQ(aceso_module_load(nullptr, 5, nullptr, &none, &error), ACESO_BAD_ARGUMENT);
  EXPECT_STREQ(error.id, "A0851");
  auto options = sized<aceso_load_options>();
  options.most_bytes = 100;
  EXPECT_EQ(aceso_module_load_file(sample_path.c_str(), &options, &none, &error), ACESO_BAD_FILE);
  options.struct_size = 4;
  EXPECT_EQ(aceso_module_load_file(sample_path.c_str(), &options, &none, &error), ACESO_BAD_ARGUMENT);
  EXPECT_STREQ(error.id, "A0852");
  EXPECT_EQ(none, nullptr);
}

TEST_F(Api, TellsWhatTheGuidelineDeclares) {
  auto about = sized<aceso_guideline>();
  ASSERT_EQ(aceso_module_about(module, &about), ACESO_OK);
  EXPECT_EQ(str(about.id), "sample");
  EXPECT_EQ(str(about.hash).substr(0, 7), "sha256:");
  EXPECT_EQ(about.can_explain, 1);
  EXPECT_EQ(aceso_module_count(module, ACESO_INPUTS), 12u);
  EXPECT_EQ(aceso_module_count(module, ACESO_ACTIONS), 3u);
  EXPECT_EQ(aceso_module_count(module, 99), 0u);
  auto info = sized<aceso_input>();
  const auto temperature = find(ACESO_INPUTS, "temperature");
  ASSERT_EQ(aceso_module_input(module, temperature, &info), ACESO_OK);
  EXPECT_EQ(str(info.question), "Temperature?");
  EXPECT_EQ(str(info.unit), "Cel");
  EXPECT_EQ(info.type, ACESO_TYPE_NUMBER);
  EXPECT_EQ(info.minimum.numerator, 30);
  EXPECT_EQ(info.step.numerator, 1);
  EXPECT_EQ(info.step.denominator, 10);
  EXPECT_EQ(info.fresh_seconds, 2 * 86'400);
  ASSERT_EQ(aceso_module_input(module, find(ACESO_INPUTS, "smoker"), &info), ACESO_OK);
  EXPECT_EQ(info.assumed.kind, ACESO_VALUE_BOOL);
  EXPECT_EQ(info.assumed.numerator, 0);
  EXPECT_EQ(str(info.assumed_because), "rare here");
  auto member = sized<aceso_member>();
  ASSERT_EQ(aceso_module_member(module, ACESO_INPUTS, find(ACESO_INPUTS, "side"), 0, &member), ACESO_OK);
  EXPECT_EQ(str(member.name), "left");
  EXPECT_EQ(str(member.title), "On the left");
  ASSERT_EQ(aceso_module_member(module, ACESO_INPUTS, find(ACESO_INPUTS, "severity"), 2, &member), ACESO_OK);
  EXPECT_EQ(member.score.numerator, 3);
  EXPECT_EQ(aceso_module_member(module, ACESO_INPUTS, find(ACESO_INPUTS, "severity"), 3, &member), ACESO_BAD_ARGUMENT);
  EXPECT_EQ(aceso_module_input(module, 12, &info), ACESO_BAD_ARGUMENT);
  std::uint32_t index = 7;
  EXPECT_EQ(aceso_module_find(module, ACESO_INPUTS, "nobody", ACESO_NUL, &index), ACESO_NOT_FOUND);
  EXPECT_EQ(index, 7u);
  EXPECT_EQ(aceso_module_find(module, ACESO_INPUTS, "cough-not", 5, &index), ACESO_OK); // by size
  auto entry = sized<aceso_entry>();
  for (std::int32_t kind = ACESO_INPUTS; kind <= ACESO_CONSTRAINTS; ++kind)
    for (std::uint32_t i = 0; i <= aceso_module_count(module, kind); ++i) {
      const bool is_there = i < aceso_module_count(module, kind);
      EXPECT_EQ(aceso_module_entry(module, kind, i, &entry), is_there ? ACESO_OK : ACESO_BAD_ARGUMENT);
      if (is_there) {
        EXPECT_EQ(find(kind, entry.name.data), i);
      }
    }
  entry.struct_size -= 1;
  EXPECT_EQ(aceso_module_entry(module, ACESO_ACTIONS, 0, &entry), ACESO_BAD_ARGUMENT);
}

TEST_F(Api, TakesEveryKindOfValue) {
  ASSERT_EQ(set("cough", aceso_bool(1)), ACESO_OK);
  ASSERT_EQ(set("side", aceso_choice_named("right")), ACESO_OK);
  ASSERT_EQ(set("severity", aceso_choice(2)), ACESO_OK);
  ASSERT_EQ(set("temperature", aceso_number("100.4", "[degF]")), ACESO_OK);
  ASSERT_EQ(set("rooms", aceso_rational(6, 1, nullptr)), ACESO_OK);
  ASSERT_EQ(set("duration", aceso_decimal(30, 1, "wk")), ACESO_OK); // 3.0
  ASSERT_EQ(set("born", aceso_date("1960-02-29")), ACESO_OK);
  ASSERT_EQ(set("seen_at", aceso_date("2026-11-22T09:00:00+01:00")), ACESO_OK);
  ASSERT_EQ(set("weight", aceso_unknown(ACESO_PENDING)), ACESO_OK);
  ASSERT_EQ(set("drugs", aceso_json("[\"aspirin\"]")), ACESO_OK);
  ASSERT_EQ(aceso_evaluate(patient, now), ACESO_OK);
  EXPECT_EQ(input("cough").numerator, 1);
  EXPECT_STREQ(input("side").text, "right");
  EXPECT_EQ(input("severity").numerator, 2);
  EXPECT_EQ(input("temperature").numerator, 38);
  EXPECT_STREQ(input("temperature").unit, "Cel");
  EXPECT_EQ(input("rooms").unit, nullptr);
  EXPECT_EQ(input("duration").numerator, 21);
  EXPECT_EQ(input("born").kind, ACESO_VALUE_DATE);
  EXPECT_EQ(input("born").numerator, -3594);
  EXPECT_EQ(input("seen_at").numerator, at("2026-11-22T08:00:00Z").seconds);
  EXPECT_EQ(input("weight").kind, ACESO_VALUE_UNKNOWN);
  EXPECT_EQ(input("weight").reason, ACESO_PENDING);
  EXPECT_STREQ(input("drugs").text, "[\"aspirin\"]");
  std::int32_t assumed = 0;
  EXPECT_EQ(input("smoker", &assumed).numerator, 0);
  EXPECT_EQ(assumed, 1);
}

TEST_F(Api, RefusesFactsInTheWordsOfCaseFiles) {
  expect_refused("cough", aceso_choice_named("yes"), "\"yes\"");
  expect_refused("cough", aceso_number("1", nullptr), "1");
  expect_refused("side", aceso_bool(1), "true");
  expect_refused("side", aceso_choice_named("rigth"), "\"rigth\"");
  expect_refused("temperature", aceso_number("38.6", nullptr), "38.6");
  expect_refused("temperature", aceso_rational(386, 10, nullptr), "38.6");
  expect_refused("temperature", aceso_number("38.6", "celsius"), R"({"value": 38.6, "unit": "celsius"})");
  expect_refused("temperature", aceso_number("38.6", "kg"), R"({"value": 38.6, "unit": "kg"})");
  expect_refused("temperature", aceso_rational(3865, 100, "Cel"), R"({"value": 38.65, "unit": "Cel"})");
  expect_refused("temperature", aceso_decimal(46, 0, "Cel"), R"({"value": 46, "unit": "Cel"})");
  expect_refused("temperature", aceso_rational(1, 3, "Cel"), R"({"value": "1/3", "unit": "Cel"})");
  expect_refused("temperature", aceso_number("warm", "Cel"), R"({"value": "warm", "unit": "Cel"})");
  expect_refused("temperature", aceso_bool(0), "false");
  expect_refused("temperature", aceso_date("2026-11-22"), "\"2026-11-22\"");
  expect_refused("rooms", aceso_number("3", "m"), R"({"value": 3, "unit": "m"})");
  expect_refused("rooms", aceso_number("1/2", nullptr), "\"1/2\"");
  expect_refused("rooms", aceso_number("1e40", nullptr), "1e40");
  expect_refused("duration", aceso_number("3", "months"), R"({"value": 3, "unit": "months"})");
  expect_refused("born", aceso_date("2026-02-30"), "\"2026-02-30\"");
  expect_refused("born", aceso_value_of(ACESO_VALUE_INSTANT, 0, 1, nullptr, nullptr), "\"1970-01-01T00:00:00Z\"");
  expect_refused("seen_at", aceso_date("soon"), "\"soon\"");
  expect_refused("drugs", aceso_json("[\"aspirin\", \"sugar\"]"), "[\"aspirin\", \"sugar\"]");
  expect_refused("drugs", aceso_json("null"), "null");
  expect_refused("cough", aceso_json(R"({"unknown": "perhaps"})"), R"({"unknown": "perhaps"})");
  expect_refused("temperature", aceso_json(R"({"value": 38.6, "unit": "Cel", "site": "ear"})"),
                 R"({"value": 38.6, "unit": "Cel", "site": "ear"})");
  expect_refused("cough", aceso_json(R"({"unknown": "refused", "by": "x"})"), R"({"unknown": "refused", "by": "x"})");
  EXPECT_EQ(set("cough", aceso_json("tru")), ACESO_BAD_FACT);
  EXPECT_EQ(fault().substr(0, 5), "A0703");
  EXPECT_EQ(set("drugs", aceso_json("true, \"fever\": true")), ACESO_BAD_FACT);
  EXPECT_EQ(set("side", aceso_choice(2)), ACESO_BAD_FACT);
  EXPECT_EQ(fault().substr(0, 5), "A0720");
  EXPECT_EQ(set("severity", aceso_choice(3)), ACESO_BAD_FACT);
  EXPECT_EQ(set("side", aceso_value_of(ACESO_VALUE_CHOICE, -1, 1, nullptr, nullptr)), ACESO_BAD_FACT);
  EXPECT_EQ(set("couhg", aceso_bool(1)), ACESO_NOT_FOUND);
  EXPECT_EQ(fault(), "A0708 $.inputs: \"couhg\" is not an input of guideline sample; did you mean \"cough\"?");
  // Nothing of all this was taken.
  ASSERT_EQ(aceso_evaluate(patient, now), ACESO_OK);
  for (std::uint32_t i = 0; i < aceso_module_count(module, ACESO_INPUTS); ++i) {
    aceso_value value{};
    std::int32_t assumed = 0;
    ASSERT_EQ(aceso_result_input(patient, i, &value, &assumed), ACESO_OK);
    EXPECT_TRUE(assumed == 1 || value.kind == ACESO_VALUE_UNKNOWN) << i;
  }
}

TEST_F(Api, RefusesWhatIsNoValue) {
  EXPECT_EQ(set("cough", aceso_unknown(7)), ACESO_BAD_FACT);
  EXPECT_EQ(fault().substr(0, 5), "A0855");
  EXPECT_EQ(set("cough", aceso_unknown(-1)), ACESO_BAD_FACT);
  EXPECT_EQ(set("cough", aceso_value_of(99, 0, 1, nullptr, nullptr)), ACESO_BAD_FACT);
  EXPECT_EQ(set("cough", aceso_value_of(ACESO_VALUE_BOOL, 2, 1, nullptr, nullptr)), ACESO_BAD_FACT);
  EXPECT_EQ(set("rooms", aceso_choice(2)), ACESO_BAD_FACT);
  EXPECT_EQ(set("rooms", aceso_rational(1, 0, nullptr)), ACESO_BAD_FACT);
  EXPECT_EQ(set("rooms", aceso_rational(1, -1, nullptr)), ACESO_BAD_FACT);
  EXPECT_EQ(set("rooms", aceso_rational(INT64_MIN, INT64_MAX, nullptr)), ACESO_BAD_FACT);
  EXPECT_EQ(set("rooms", aceso_decimal(1, 19, nullptr)), ACESO_BAD_FACT);
  EXPECT_EQ(set("born", aceso_value_of(ACESO_VALUE_DATE, INT64_MAX, 1, nullptr, nullptr)), ACESO_BAD_FACT);
  EXPECT_EQ(set("side", aceso_choice_named("\xff")), ACESO_BAD_FACT);
  EXPECT_EQ(set("temperature", aceso_number("38", "\xff")), ACESO_BAD_FACT);
  EXPECT_EQ(set("side", aceso_choice_named(nullptr)), ACESO_BAD_ARGUMENT);
  EXPECT_EQ(fault().substr(0, 5), "A0851");
  EXPECT_EQ(aceso_set(patient, 12, nullptr), ACESO_BAD_ARGUMENT);
  const aceso_value yes = aceso_bool(1);
  EXPECT_EQ(aceso_set(patient, 12, &yes), ACESO_BAD_ARGUMENT);
  EXPECT_EQ(fault().substr(0, 5), "A0853");
  EXPECT_EQ(aceso_set(nullptr, 0, &yes), ACESO_BAD_ARGUMENT);
  for (const aceso_instant bad : {aceso_instant{INT64_MAX, 0}, aceso_instant{INT64_MIN, 0}, aceso_instant{0, 50'401},
                                  aceso_instant{0, -50'401}, aceso_instant{253'402'300'800, 0}}) {
    EXPECT_EQ(aceso_evaluate(patient, bad), ACESO_BAD_ARGUMENT);
    EXPECT_EQ(fault().substr(0, 5), "A0854");
    EXPECT_EQ(aceso_add_visit(patient, bad), ACESO_BAD_ARGUMENT);
  }
  EXPECT_EQ(aceso_evaluate(patient, {253'402'300'799, 0}), ACESO_OK);
  EXPECT_EQ(aceso_fault_count(patient), 0u);
  aceso_instant instant{};
  EXPECT_EQ(aceso_instant_parse("2026-11-22T10:00", ACESO_NUL, &instant), ACESO_BAD_ARGUMENT);
  EXPECT_EQ(aceso_instant_parse("soon", ACESO_NUL, &instant), ACESO_BAD_ARGUMENT);
}

TEST_F(Api, HasResultsOnlyAfterAnEvaluation) {
  std::int32_t truth = 0;
  aceso_text text{};
  const aceso_value yes = aceso_bool(1);
  EXPECT_EQ(aceso_result_applies(patient, &truth), ACESO_NOT_EVALUATED);
  EXPECT_EQ(fault().substr(0, 5), "A0856");
  ASSERT_EQ(aceso_evaluate(patient, now), ACESO_OK);
  EXPECT_EQ(aceso_decision_json(patient, 0, &text), ACESO_OK);
  ASSERT_EQ(aceso_set(patient, 0, &yes), ACESO_OK);
  EXPECT_EQ(aceso_decision_json(patient, 0, &text), ACESO_NOT_EVALUATED);
  ASSERT_EQ(aceso_evaluate(patient, now), ACESO_OK);
  EXPECT_EQ(aceso_result_action(patient, 3, nullptr), ACESO_BAD_ARGUMENT);
  EXPECT_EQ(aceso_decision_trace(patient, &text), ACESO_OK);
  EXPECT_EQ(str(text).substr(0, 7), "sha256:");
  ASSERT_EQ(set("temperature", aceso_number("34", "Cel")), ACESO_OK);
  EXPECT_EQ(aceso_evaluate(patient, now), ACESO_BROKEN_CONSTRAINT);
  EXPECT_EQ(fault(), "A0790 $.inputs.temperature: 34 Cel with yes (cold_coughs_not)");
  EXPECT_EQ(aceso_decision_trace(patient, &text), ACESO_NOT_EVALUATED);
  // Whom one wants to look at is just that patient.
  EXPECT_EQ(aceso_write_case(patient, &text), ACESO_OK);
  EXPECT_NE(str(text).find("\"value\": 34"), std::string::npos) << str(text);
  EXPECT_EQ(aceso_decision_trace(patient, &text), ACESO_NOT_EVALUATED);
  EXPECT_EQ(aceso_forget(patient, find(ACESO_INPUTS, "temperature")), ACESO_OK);
  EXPECT_EQ(aceso_evaluate(patient, now), ACESO_OK);
}

TEST_F(Api, WalksTheDecision) {
  ASSERT_EQ(set("temperature", aceso_number("39", "Cel")), ACESO_OK);
  ASSERT_EQ(set("side", aceso_choice_named("left")), ACESO_OK);
  ASSERT_EQ(set("rooms", aceso_number("6", nullptr)), ACESO_OK);
  ASSERT_EQ(set("severity", aceso_choice_named("high")), ACESO_OK);
  ASSERT_EQ(aceso_evaluate(patient, now), ACESO_OK);
  EXPECT_EQ(action("rest").status, ACESO_ADVISED);
  EXPECT_EQ(action("rest").verb, ACESO_RECOMMEND);
  EXPECT_EQ(action("rest").strength, ACESO_STRONG);
  EXPECT_EQ(action("rest").urgency, ACESO_SOON);
  EXPECT_EQ(action("rest").within_seconds, 2 * 86'400);
  EXPECT_EQ(action("rest").against, ACESO_NO);
  EXPECT_EQ(action("test").status, ACESO_UNDETERMINED);
  EXPECT_EQ(action("test").within_seconds, -1);
  const std::uint32_t* ids = nullptr;
  std::size_t count = 0;
  ASSERT_EQ(aceso_result_missing(patient, find(ACESO_ACTIONS, "test"), &ids, &count), ACESO_OK);
  ASSERT_EQ(count, 1u);
  EXPECT_EQ(ids[0], find(ACESO_INPUTS, "cough"));
  ASSERT_EQ(aceso_result_missing(patient, find(ACESO_ACTIONS, "rest"), &ids, &count), ACESO_OK);
  EXPECT_EQ(count, 0u);
  ASSERT_EQ(aceso_result_missing(patient, ACESO_NONE, &ids, &count), ACESO_OK);
  EXPECT_GE(count, 2u);
  ASSERT_EQ(aceso_result_rules(patient, find(ACESO_ACTIONS, "rest"), &ids, &count), ACESO_OK);
  ASSERT_EQ(count, 1u);
  EXPECT_EQ(ids[0], find(ACESO_RULES, "rest_when_hot"));
  std::int32_t fires = 0, effective = 0;
  ASSERT_EQ(aceso_result_rule(patient, ids[0], &fires, &effective), ACESO_OK);
  EXPECT_EQ(fires, ACESO_YES);
  EXPECT_EQ(effective, ACESO_YES);
  ASSERT_EQ(aceso_result_caution(patient, 0, &fires), ACESO_OK);
  EXPECT_EQ(fires, ACESO_YES);
  EXPECT_EQ(aceso_result_caution(patient, 1, &fires), ACESO_BAD_ARGUMENT);
  aceso_value value{};
  ASSERT_EQ(aceso_result_definition(patient, find(ACESO_DEFINITIONS, "hot"), &value), ACESO_OK);
  EXPECT_EQ(value.kind, ACESO_VALUE_BOOL);
  auto stage = sized<aceso_stage>();
  ASSERT_EQ(aceso_result_stage(patient, &stage), ACESO_OK);
  EXPECT_EQ(stage.stage, ACESO_NONE);
  std::uint32_t visited = 0;
  aceso_instant entered{};
  EXPECT_EQ(aceso_result_visit(patient, 0, &visited, &entered), ACESO_BAD_ARGUMENT);
}

TEST_F(Api, CountsDatedFacts) {
  aceso_value value{};
  const auto temperature = aceso_number("39", "Cel");
  ASSERT_EQ(aceso_add_fact_named(patient, at("2026-11-21T10:00:00Z"), "temperature", ACESO_NUL, &temperature),
            ACESO_OK);
  const auto heavy = aceso_number("120", "kg"), light = aceso_number("80", "kg");
  const auto weight = find(ACESO_INPUTS, "weight");
  ASSERT_EQ(aceso_add_fact(patient, at("2026-10-01T00:00:00Z"), weight, &heavy), ACESO_OK);
  ASSERT_EQ(aceso_add_fact(patient, at("2026-11-01T00:00:00Z"), weight, &light), ACESO_OK);
  ASSERT_EQ(aceso_add_visit(patient, at("2026-11-02T00:00:00Z")), ACESO_OK);
  ASSERT_EQ(aceso_evaluate(patient, now), ACESO_OK);
  EXPECT_EQ(input("temperature").numerator, 39);
  ASSERT_EQ(aceso_result_definition(patient, find(ACESO_DEFINITIONS, "heaviest"), &value), ACESO_OK);
  EXPECT_EQ(value.numerator, 120);
  aceso_text json{};
  ASSERT_EQ(aceso_write_case(patient, &json), ACESO_OK);
  const std::string written = str(json);
  aceso_text trace{};
  ASSERT_EQ(aceso_decision_trace(patient, &trace), ACESO_OK);
  const std::string first = str(trace);
  // Later it is stale; earlier it is not there yet.
  ASSERT_EQ(aceso_evaluate(patient, at("2026-11-25T10:00:00Z")), ACESO_OK);
  EXPECT_EQ(input("temperature").reason, ACESO_STALE);
  ASSERT_EQ(aceso_evaluate(patient, at("2026-11-20T10:00:00Z")), ACESO_OK);
  EXPECT_EQ(input("temperature").reason, ACESO_NOT_ASKED);
  // What was written is the same patient.
  ASSERT_EQ(aceso_clear(patient), ACESO_OK);
  aceso_instant read{};
  ASSERT_EQ(aceso_read_case(patient, written.data(), written.size(), &read), ACESO_OK) << fault();
  EXPECT_EQ(read.seconds, now.seconds);
  ASSERT_EQ(aceso_evaluate(patient, read), ACESO_OK);
  ASSERT_EQ(aceso_decision_trace(patient, &trace), ACESO_OK);
  EXPECT_EQ(str(trace), first);
}

/// Of what is said twice about one instant the later counts, and a case says the same.
TEST_F(Api, WhatIsSaidAnewReplacesWhatWasSaid) {
  const auto weight = find(ACESO_INPUTS, "weight");
  const auto earlier = at("2026-11-01T00:00:00Z");
  const auto heavy = aceso_number("120", "kg"), light = aceso_number("80", "kg");
  const auto heaviest = [&] {
    aceso_value value{};
    EXPECT_EQ(aceso_evaluate(patient, now), ACESO_OK);
    EXPECT_EQ(aceso_result_definition(patient, find(ACESO_DEFINITIONS, "heaviest"), &value), ACESO_OK);
    return value.numerator;
  };
  ASSERT_EQ(aceso_add_fact(patient, earlier, weight, &heavy), ACESO_OK);
  ASSERT_EQ(aceso_add_fact(patient, earlier, weight, &light), ACESO_OK);
  EXPECT_EQ(heaviest(), 80);
  ASSERT_EQ(aceso_add_fact(patient, now, weight, &heavy), ACESO_OK);
  EXPECT_EQ(heaviest(), 120);
  ASSERT_EQ(aceso_set(patient, weight, &light), ACESO_OK);
  EXPECT_EQ(heaviest(), 80);
  aceso_text json{};
  ASSERT_EQ(aceso_write_case(patient, &json), ACESO_OK);
  const std::string written = str(json);
  ASSERT_EQ(aceso_clear(patient), ACESO_OK);
  aceso_instant read{};
  ASSERT_EQ(aceso_read_case(patient, written.data(), written.size(), &read), ACESO_OK) << fault();
  EXPECT_EQ(heaviest(), 80);
}

/// Every case of the flagship: the same bytes as the program prints.
TEST_F(Api, DecidesAsTheProgramDoes) {
  open(flagship_path);
  for (const char* name : {"two-weeks-in", "fever-in-week-three", "stale-duration", "after-surgery", "l5-root"}) {
    const std::string path = ACESO_TEST_CASES + std::string("/") + name + ".json";
    const std::string json = contents(path);
    aceso_instant when{};
    ASSERT_EQ(aceso_read_case(patient, json.data(), json.size(), &when), ACESO_OK) << path << fault();
    ASSERT_EQ(aceso_evaluate(patient, when), ACESO_OK) << path;
    aceso_text text{};
    ASSERT_EQ(aceso_decision_json(patient, 0, &text), ACESO_OK);
    EXPECT_EQ(str(text), output_of("run --format json " + flagship_path + " " + path)) << path;
    ASSERT_EQ(aceso_decision_text(patient, 100, &text), ACESO_OK);
    EXPECT_NE(str(text).find('\n'), std::string::npos);
    ASSERT_EQ(aceso_decision_json(patient, 1, &text), ACESO_OK);
    EXPECT_EQ(str(text).find('\n'), std::string::npos);
    auto stage = sized<aceso_stage>();
    ASSERT_EQ(aceso_result_stage(patient, &stage), ACESO_OK);
    if (stage.stage == ACESO_NONE) continue;
    std::uint32_t visited = ACESO_NONE;
    aceso_instant entered{};
    ASSERT_EQ(aceso_result_visit(patient, stage.visit_count - 1, &visited, &entered), ACESO_OK);
    EXPECT_EQ(visited, stage.stage);
    EXPECT_EQ(entered.seconds, stage.entered_at.seconds);
    auto next = sized<aceso_next_stage>();
    for (std::uint32_t i = 0; i < stage.next_count; ++i) {
      ASSERT_EQ(aceso_result_next_stage(patient, i, &next), ACESO_OK);
      EXPECT_LT(next.stage, aceso_module_count(module, ACESO_STAGES));
    }
    EXPECT_EQ(aceso_result_next_stage(patient, stage.next_count, &next), ACESO_BAD_ARGUMENT);
    for (std::uint32_t d = 0; d < aceso_module_count(module, ACESO_DIFFERENTIALS); ++d) {
      auto differential = sized<aceso_differential>();
      ASSERT_EQ(aceso_result_differential(patient, d, &differential), ACESO_OK);
      for (std::uint32_t i = 0; i < differential.candidate_count; ++i) {
        auto candidate = sized<aceso_candidate>();
        auto member = sized<aceso_member>();
        ASSERT_EQ(aceso_result_candidate(patient, d, i, &candidate), ACESO_OK);
        EXPECT_EQ(aceso_module_member(module, ACESO_DIFFERENTIALS, d, candidate.member, &member), ACESO_OK);
      }
    }
  }
}

TEST_F(Api, TellsAllFaultsOfACase) {
  const char* json = R"({"now": "2026-11-22T10:00:00Z", "inputs": {"couhg": true, "side": 3, "rooms": 3}})";
  EXPECT_EQ(aceso_read_case(patient, json, ACESO_NUL, nullptr), ACESO_BAD_FACT);
  EXPECT_EQ(aceso_fault_count(patient), 2u);
  EXPECT_EQ(fault(1).substr(0, 14), "A0719 $.inputs");
  auto found = sized<aceso_fault>();
  EXPECT_EQ(aceso_fault_at(patient, 2, &found), ACESO_BAD_ARGUMENT);
  ASSERT_EQ(aceso_evaluate(patient, now), ACESO_OK);
  EXPECT_EQ(input("rooms").kind, ACESO_VALUE_UNKNOWN); // nothing was taken
  EXPECT_EQ(aceso_fault_count(patient), 0u);
}

TEST_F(Api, ExplainsAsTheProgramDoes) {
  open(flagship_path);
  const std::string path = ACESO_TEST_CASES "/fever-in-week-three.json";
  const std::string json = contents(path);
  aceso_instant when{};
  aceso_explanation* why = nullptr;
  EXPECT_EQ(aceso_explain(patient, nullptr, &why), ACESO_NOT_EVALUATED);
  ASSERT_EQ(aceso_read_case(patient, json.data(), json.size(), &when), ACESO_OK);
  ASSERT_EQ(aceso_evaluate(patient, when), ACESO_OK);
  auto options = sized<aceso_explain_options>();
  options.action = find(ACESO_ACTIONS, "lumbar_mri");
  options.why_not = 1;
  options.width = 80;
  ASSERT_EQ(aceso_explain(patient, &options, &why), ACESO_OK) << fault();
  aceso_text text{};
  ASSERT_EQ(aceso_explanation_json(why, &text), ACESO_OK);
  EXPECT_EQ(str(text), output_of("why --not --format json " ACESO_TEST_GUIDELINE " " + path + " lumbar_mri"));
  for (int round = 0; round < 2; ++round) {
    std::string lines;
    while (aceso_explanation_next(why, &text) == ACESO_OK)
      lines += str(text) + "\n";
    ASSERT_EQ(aceso_explanation_text(why, &text), ACESO_OK);
    EXPECT_EQ(lines, str(text));
    EXPECT_NE(lines.find("Fever"), std::string::npos);
    ASSERT_EQ(aceso_explanation_rewind(why), ACESO_OK);
  }
  // It does not need its evaluator any longer.
  aceso_explanation* brief = nullptr;
  ASSERT_EQ(aceso_explain(patient, nullptr, &brief), ACESO_OK);
  options.action = 999;
  aceso_explanation* none = nullptr;
  EXPECT_EQ(aceso_explain(patient, &options, &none), ACESO_BAD_ARGUMENT);
  options.action = ACESO_NONE;
  EXPECT_EQ(aceso_explain(patient, &options, &none), ACESO_BAD_ARGUMENT);
  EXPECT_EQ(fault().substr(0, 5), "A0861");
  options.why_not = 0;
  options.largest_set = 7;
  EXPECT_EQ(aceso_explain(patient, &options, &none), ACESO_BAD_ARGUMENT);
  aceso_evaluator_destroy(patient);
  aceso_module_destroy(module);
  patient = nullptr;
  module = nullptr;
  ASSERT_EQ(aceso_explanation_json(brief, &text), ACESO_OK);
  EXPECT_NE(str(text).find("lumbar_mri"), std::string::npos);
  aceso_explanation_destroy(brief);
  aceso_explanation_destroy(why);
}

TEST_F(Api, DoesNotExplainWhatWasStripped) {
  open(stripped_path);
  auto about = sized<aceso_guideline>();
  ASSERT_EQ(aceso_module_about(module, &about), ACESO_OK);
  EXPECT_EQ(about.can_explain, 0);
  ASSERT_EQ(aceso_evaluate(patient, now), ACESO_OK);
  aceso_explanation* why = nullptr;
  EXPECT_EQ(aceso_explain(patient, nullptr, &why), ACESO_NOT_AVAILABLE);
  EXPECT_EQ(fault().substr(0, 5), "A0857");
}

TEST_F(Api, AllocatesNothingOnceWarm) {
  open(flagship_path);
  const auto fever = find(ACESO_INPUTS, "fever"), suspected = find(ACESO_INPUTS, "suspected_radiculopathy"),
             level = find(ACESO_INPUTS, "reported_level"), care = find(ACESO_INPUTS, "conservative_care_duration");
  const auto actions = aceso_module_count(module, ACESO_ACTIONS);
  const auto round = [&](int i) {
    const aceso_value truth = aceso_bool(i % 2), choice = aceso_choice(static_cast<std::uint32_t>(i % 3)),
                      days = aceso_rational(i % 100, 1, "d"), refused = aceso_unknown(ACESO_REFUSED);
    bool ok = aceso_clear(patient) == ACESO_OK;
    ok = ok && aceso_set(patient, suspected, &truth) == ACESO_OK && aceso_set(patient, level, &choice) == ACESO_OK;
    ok = ok && aceso_set(patient, care, &days) == ACESO_OK;
    ok = ok && aceso_set_named(patient, "saddle_anesthesia", ACESO_NUL, &refused) == ACESO_OK;
    ok = ok && aceso_add_fact(patient, {now.seconds - 86'400, 0}, fever, &truth) == ACESO_OK;
    ok = ok && aceso_evaluate(patient, now) == ACESO_OK;
    for (std::uint32_t a = 0; a < actions; ++a) {
      auto result = sized<aceso_action>();
      const std::uint32_t* missing = nullptr;
      std::size_t count = 0;
      ok = ok && aceso_result_action(patient, a, &result) == ACESO_OK;
      ok = ok && aceso_result_missing(patient, a, &missing, &count) == ACESO_OK;
    }
    return ok;
  };
  for (int i = 0; i < 300; ++i)
    ASSERT_TRUE(round(i)) << fault();
  const std::size_t before = allocations;
  bool ok = true;
  for (int i = 0; i < 300; ++i)
    ok = ok && round(i);
  EXPECT_EQ(allocations, before);
  EXPECT_TRUE(ok);
}

// ---------------------------------------------------------------------------------------------------- outcomes alone

/// What is found alone must be what the whole evaluation says.
struct Outcomes : Api {
  void expect_same(bool is_looked_up) {
    auto outcomes = sized<aceso_outcomes>();
    const aceso_status alone = aceso_evaluate_outcomes(patient, now, &outcomes);
    std::int32_t applies = ACESO_NO;
    ASSERT_EQ(outcomes.is_looked_up, is_looked_up && alone == ACESO_OK ? 1 : 0);
    const std::vector<aceso_outcome> actions(outcomes.actions, outcomes.actions + count(alone, ACESO_ACTIONS));
    const std::vector<std::uint8_t> cautions(outcomes.cautions, outcomes.cautions + count(alone, ACESO_CAUTIONS));
    const std::vector<std::uint32_t> differentials(outcomes.differentials,
                                                   outcomes.differentials + count(alone, ACESO_DIFFERENTIALS));
    // What was not looked up is there for all that, and is what the whole evaluation says.
    aceso_text text{};
    EXPECT_EQ(aceso_decision_json(patient, 1, &text), alone == ACESO_OK ? ACESO_OK : ACESO_NOT_EVALUATED);
    const std::string worked_out = alone == ACESO_OK ? text.data : "";
    ASSERT_EQ(aceso_evaluate(patient, now), alone);
    if (alone != ACESO_OK) return;
    EXPECT_EQ(aceso_decision_json(patient, 1, &text), ACESO_OK);
    EXPECT_EQ(worked_out, text.data);
    EXPECT_EQ(aceso_result_applies(patient, &applies), ACESO_OK);
    EXPECT_EQ(outcomes.applies, applies);
    auto stage = sized<aceso_stage>();
    if (aceso_result_stage(patient, &stage) == ACESO_OK)
      EXPECT_EQ(outcomes.stage, stage.stage);
    else
      EXPECT_EQ(outcomes.stage, ACESO_NONE);
    for (std::uint32_t i = 0; i < actions.size(); ++i) {
      auto whole = sized<aceso_action>();
      EXPECT_EQ(aceso_result_action(patient, i, &whole), ACESO_OK);
      EXPECT_EQ(actions[i].status, whole.status) << i;
      EXPECT_EQ(actions[i].verb, whole.verb + 1) << i;
      EXPECT_EQ(actions[i].strength, whole.strength) << i;
      EXPECT_EQ(actions[i].urgency, whole.urgency) << i;
      std::int64_t months = -1, seconds = -1;
      if (actions[i].within != 0) {
        EXPECT_EQ(aceso_module_term(module, i, actions[i].within - 1u, &months, &seconds), ACESO_OK);
      }
      EXPECT_EQ(months, whole.within_months) << i;
      EXPECT_EQ(seconds, whole.within_seconds) << i;
      seen |= 1u << whole.status;
    }
    for (std::uint32_t i = 0; i < cautions.size(); ++i) {
      std::int32_t fires = ACESO_NO;
      EXPECT_EQ(aceso_result_caution(patient, i, &fires), ACESO_OK);
      EXPECT_EQ(cautions[i], fires) << i;
    }
    for (std::uint32_t i = 0; i < differentials.size(); ++i) {
      auto whole = sized<aceso_differential>();
      EXPECT_EQ(aceso_result_differential(patient, i, &whole), ACESO_OK);
      EXPECT_EQ(differentials[i],
                static_cast<std::uint32_t>(whole.status) + (whole.status == ACESO_DECIDED ? 256 * whole.decided : 0))
          << i;
    }
  }
  [[nodiscard]] std::uint32_t count(aceso_status status, std::int32_t kind) const {
    return status == ACESO_OK ? aceso_module_count(module, kind) : 0;
  }
  /// Facts of all inputs of few values, some of them unknown.
  void set_at_random(std::uint32_t seed, std::uint32_t percent_unknown) {
    const auto random = [&](std::uint32_t below) {
      seed = seed * 1'664'525 + 1'013'904'223;
      return (seed >> 8) % below;
    };
    ASSERT_EQ(aceso_clear(patient), ACESO_OK);
    for (std::uint32_t i = 0; i < aceso_module_count(module, ACESO_INPUTS); ++i) {
      auto info = sized<aceso_input>();
      ASSERT_EQ(aceso_module_input(module, i, &info), ACESO_OK);
      aceso_value value = aceso_unknown(static_cast<std::int32_t>(random(6)));
      if (random(100) >= percent_unknown) {
        if (info.member_count > 0)
          value = aceso_choice(random(info.member_count));
        else if (info.type == ACESO_TYPE_YES_NO)
          value = aceso_bool(random(3) == 0);
        else
          value = aceso_rational(random(90), 1, "d");
      }
      ASSERT_EQ(aceso_set(patient, i, &value), ACESO_OK) << fault();
    }
  }
  std::uint32_t seen = 0; ///< statuses
};

TEST_F(Outcomes, AreThoseOfTheWholeEvaluation) {
  open(flagship_path);
  for (std::uint32_t seed = 0; seed < 600; ++seed) {
    set_at_random(seed, seed % 3 == 0 ? 0 : seed % 3 == 1 ? 5 : 60);
    expect_same(true);
    if (HasFailure()) FAIL() << "seed " << seed;
  }
  EXPECT_EQ(seen, 1u << ACESO_ADVISED | 1u << ACESO_NOT_ADVISED | 1u << ACESO_UNDETERMINED); // it has no conflicts
}

TEST_F(Outcomes, HaveTermsAndConstraints) {
  set("cough", aceso_bool(1));
  set("severity", aceso_choice_named("high"));
  expect_same(true);
  set("temperature", aceso_number("39.5", "Cel"));
  expect_same(true); // with a term
  set("temperature", aceso_number("34", "Cel"));
  expect_same(true); // against a constraint
  auto outcomes = sized<aceso_outcomes>();
  EXPECT_EQ(aceso_evaluate_outcomes(patient, now, &outcomes), ACESO_BROKEN_CONSTRAINT);
  EXPECT_NE(fault().find("34"), std::string::npos) << fault();
}

TEST_F(Outcomes, AreEvaluatedWhereThePastCounts) {
  set("cough", aceso_bool(1));
  const aceso_value heavy = aceso_number("120", "kg");
  ASSERT_EQ(aceso_add_fact_named(patient, {now.seconds - 86'400, 0}, "weight", ACESO_NUL, &heavy), ACESO_OK);
  expect_same(false);
  open(flagship_path);
  set_at_random(1, 0);
  const aceso_value yes = aceso_bool(1);
  ASSERT_EQ(aceso_add_fact_named(patient, {now.seconds - 86'400, 0}, "fever", ACESO_NUL, &yes), ACESO_OK);
  expect_same(false);
}

TEST_F(Outcomes, AllocateNothingOnceWarm) {
  open(flagship_path);
  auto outcomes = sized<aceso_outcomes>();
  const aceso_value refused = aceso_unknown(ACESO_REFUSED), yes = aceso_bool(1);
  const auto fever = find(ACESO_INPUTS, "fever");
  ASSERT_EQ(aceso_evaluate_outcomes(patient, now, &outcomes), ACESO_OK);
  const std::size_t before = allocations;
  bool ok = true;
  for (int i = 0; i < 100; ++i) {
    ok = ok && aceso_set(patient, fever, i % 2 == 0 ? &refused : &yes) == ACESO_OK;
    ok = ok && aceso_evaluate_outcomes(patient, now, &outcomes) == ACESO_OK && outcomes.is_looked_up == 1;
  }
  EXPECT_EQ(allocations, before);
  EXPECT_TRUE(ok);
}

TEST_F(Outcomes, AreAllOfAnEvaluationThatIsReadLater) {
  open(flagship_path);
  auto outcomes = sized<aceso_outcomes>();
  auto action = sized<aceso_action>();
  const auto saddle = find(ACESO_INPUTS, "saddle_anesthesia"), mri = find(ACESO_ACTIONS, "lumbar_mri");
  const aceso_value yes = aceso_bool(1);
  set("suspected_radiculopathy", yes);
  set("saddle_anesthesia", yes);
  EXPECT_EQ(aceso_result_action(patient, mri, &action), ACESO_NOT_EVALUATED);
  ASSERT_EQ(aceso_evaluate_outcomes(patient, now, &outcomes), ACESO_OK);
  ASSERT_EQ(outcomes.is_looked_up, 1);
  const std::uint8_t status = outcomes.actions[mri].status;
  ASSERT_EQ(aceso_result_action(patient, mri, &action), ACESO_OK);
  EXPECT_EQ(action.status, status);
  EXPECT_EQ(outcomes.actions[mri].status, status); // the lists hold
  aceso_explanation* why = nullptr;
  EXPECT_EQ(aceso_explain(patient, nullptr, &why), ACESO_OK) << fault();
  aceso_explanation_destroy(why);
  ASSERT_EQ(aceso_set(patient, saddle, &yes), ACESO_OK); // facts change, as far as anybody knows
  EXPECT_EQ(aceso_result_action(patient, mri, &action), ACESO_NOT_EVALUATED);
}

TEST_F(Outcomes, RefuseWhatIsNotThere) {
  auto outcomes = sized<aceso_outcomes>();
  EXPECT_EQ(aceso_evaluate_outcomes(patient, now, nullptr), ACESO_BAD_ARGUMENT);
  EXPECT_EQ(aceso_evaluate_outcomes(nullptr, now, &outcomes), ACESO_BAD_ARGUMENT);
  outcomes.struct_size = 8;
  EXPECT_EQ(aceso_evaluate_outcomes(patient, now, &outcomes), ACESO_BAD_ARGUMENT);
  std::int64_t months = 0, seconds = 0;
  const std::uint32_t rest = find(ACESO_ACTIONS, "rest");
  EXPECT_EQ(aceso_module_term(module, rest, 0, &months, &seconds), ACESO_OK);
  EXPECT_EQ(months, 0);
  EXPECT_EQ(seconds, 2 * 86'400);
  EXPECT_EQ(aceso_module_term(module, rest, 1, &months, &seconds), ACESO_BAD_ARGUMENT);
  EXPECT_EQ(aceso_module_term(module, 99, 0, &months, &seconds), ACESO_BAD_ARGUMENT);
  EXPECT_EQ(aceso_module_term(module, rest, 0, nullptr, &seconds), ACESO_BAD_ARGUMENT);
  EXPECT_EQ(aceso_module_term(nullptr, rest, 0, &months, &seconds), ACESO_BAD_ARGUMENT);
}

/// An allocator that counts, and gives nothing after a while.
struct Counting {
  std::map<void*, std::size_t> live;
  std::size_t left = SIZE_MAX, given = 0;
  bool was_right = true;

  aceso_allocator allocator() {
    return {sizeof(aceso_allocator), this,
            [](void* context, std::size_t size, std::size_t alignment) -> void* {
              auto& self = *static_cast<Counting*>(context);
              self.was_right = self.was_right && size > 0 && alignment > 0 && alignment <= alignof(std::max_align_t);
              if (self.left == 0) return nullptr;
              --self.left;
              ++self.given;
              void* memory = std::malloc(size);
              self.live[memory] = size;
              return memory;
            },
            [](void* context, void* memory, std::size_t size, std::size_t) {
              auto& self = *static_cast<Counting*>(context);
              self.was_right = self.was_right && self.live.count(memory) == 1 && self.live[memory] == size;
              self.live.erase(memory);
              std::free(memory);
            }};
  }
};

TEST_F(Api, UsesTheMemoryOfItsCaller) {
  Counting counting;
  const aceso_allocator allocator = counting.allocator();
  auto load = sized<aceso_load_options>();
  load.allocator = &allocator;
  aceso_module* own = nullptr;
  ASSERT_EQ(aceso_module_load_file(sample_path.c_str(), &load, &own, nullptr), ACESO_OK);
  EXPECT_EQ(counting.live.size(), 1u);
  aceso_evaluator* evaluator = nullptr;
  ASSERT_EQ(aceso_evaluator_create(own, nullptr, &evaluator), ACESO_OK); // inherits it
  EXPECT_EQ(counting.live.size(), 2u);
  aceso_module_destroy(own);
  ASSERT_EQ(aceso_evaluate(evaluator, now), ACESO_OK);
  aceso_text text{};
  ASSERT_EQ(aceso_decision_json(evaluator, 0, &text), ACESO_OK);
  EXPECT_GE(counting.live.count(const_cast<char*>(text.data)), 1u);
  aceso_explanation* why = nullptr;
  ASSERT_EQ(aceso_explain(evaluator, nullptr, &why), ACESO_OK);
  ASSERT_EQ(aceso_explanation_json(why, &text), ACESO_OK);
  EXPECT_GE(counting.live.count(const_cast<char*>(text.data)), 1u);
  aceso_explanation_destroy(why);
  aceso_evaluator_destroy(evaluator);
  EXPECT_TRUE(counting.live.empty());
  EXPECT_TRUE(counting.was_right);
}

/// At whatever point memory runs out: the call says so, nothing leaks, and the handle can be used on.
TEST_F(Api, SurvivesTheEndOfMemory) {
  bool got_through = false;
  for (std::size_t enough = 0; enough < 30 && !got_through; ++enough) {
    Counting counting;
    counting.left = enough;
    const aceso_allocator allocator = counting.allocator();
    auto options = sized<aceso_evaluator_options>();
    options.allocator = &allocator;
    aceso_evaluator* evaluator = nullptr;
    aceso_explanation* why = nullptr;
    aceso_text text{};
    aceso_status status = aceso_evaluator_create(module, &options, &evaluator);
    if (status == ACESO_OK) status = aceso_evaluate(evaluator, now);
    if (status == ACESO_OK) status = aceso_decision_json(evaluator, 0, &text);
    if (status == ACESO_OK) status = aceso_explain(evaluator, nullptr, &why);
    if (status == ACESO_OK) status = aceso_explanation_json(why, &text);
    got_through = status == ACESO_OK;
    EXPECT_TRUE(got_through || status == ACESO_OUT_OF_MEMORY) << aceso_status_name(status);
    if (evaluator != nullptr && why == nullptr) {
      EXPECT_EQ(aceso_fault_count(evaluator), 1u);
      auto found = sized<aceso_fault>();
      EXPECT_EQ(aceso_fault_at(evaluator, 0, &found), ACESO_OK);
      EXPECT_EQ(str(found.id), "A0859");
      counting.left = SIZE_MAX;
      EXPECT_EQ(aceso_decision_json(evaluator, 0, &text), ACESO_OK);
    }
    aceso_explanation_destroy(why);
    aceso_evaluator_destroy(evaluator);
    EXPECT_TRUE(counting.live.empty());
    EXPECT_TRUE(counting.was_right);
  }
  EXPECT_TRUE(got_through);
  auto load = sized<aceso_load_options>();
  const aceso_allocator incomplete = {sizeof(aceso_allocator), nullptr, nullptr, nullptr};
  load.allocator = &incomplete;
  aceso_module* none = nullptr;
  EXPECT_EQ(aceso_module_load_file(sample_path.c_str(), &load, &none, nullptr), ACESO_BAD_ARGUMENT);
}

TEST(ApiNulls, DestroyNothing) {
  aceso_module_destroy(nullptr);
  aceso_evaluator_destroy(nullptr);
  aceso_explanation_destroy(nullptr);
  EXPECT_EQ(aceso_module_count(nullptr, ACESO_INPUTS), 0u);
  EXPECT_EQ(aceso_fault_count(nullptr), 0u);
  EXPECT_EQ(aceso_explanation_rewind(nullptr), ACESO_BAD_ARGUMENT);
  aceso_text text{};
  EXPECT_EQ(aceso_explanation_next(nullptr, &text), ACESO_BAD_ARGUMENT);
}

} // namespace
