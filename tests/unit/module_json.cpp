/// The JSON reader against another that is kept well: what is accepted, what it says, where a mistake is seen.
#include <random>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "module/json_tree.h"
#include "module/json_writer.h"

namespace aceso {
namespace {

nlohmann::json to_common(const JsonNode& node) {
  switch (node.kind) {
  case JsonKind::null: return nullptr;
  case JsonKind::boolean: return node.boolean;
  case JsonKind::number: return nlohmann::json::parse(node.text);
  case JsonKind::string: return std::string(node.text);
  case JsonKind::array: {
    auto array = nlohmann::json::array();
    for (const JsonNode& each : node.items())
      array.push_back(to_common(each));
    return array;
  }
  case JsonKind::object: break;
  }
  auto object = nlohmann::json::object();
  for (const JsonNode& each : node.items())
    object[std::string(each.name)] = to_common(each);
  return object;
}

/// Bytes before the one at which the other reader stops.
struct ErrorPlace : nlohmann::json_sax<nlohmann::json> {
  std::size_t position = 0;
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(std::int64_t) override { return true; }
  bool number_unsigned(std::uint64_t) override { return true; }
  bool number_float(double, const std::string&) override { return true; }
  bool string(std::string&) override { return true; }
  bool binary(nlohmann::json::binary_t&) override { return true; }
  bool start_object(std::size_t) override { return true; }
  bool key(std::string&) override { return true; }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(std::size_t at, const std::string&, const nlohmann::json::exception&) override {
    position = at;
    return false;
  }
};

void expect_same(const std::string& text) {
  const JsonParse parse = parse_json(text, {});
  ErrorPlace place;
  const bool accepted = nlohmann::json::sax_parse(text, &place);
  ASSERT_EQ(parse.problem == JsonProblem::none, accepted) << text << "\n" << parse.reason;
  if (accepted) {
    ASSERT_EQ(to_common(parse.root()), nlohmann::json::parse(text)) << text;
    return;
  }
  std::size_t line = 1, column = 1;
  for (std::size_t i = 0; i + 1 < place.position && i < text.size(); ++i) {
    if (text[i] == '\n') {
      ++line;
      column = 1;
    } else if ((static_cast<unsigned char>(text[i]) & 0xC0u) != 0x80u) {
      ++column;
    }
  }
  ASSERT_EQ(std::pair(parse.line, parse.column), std::pair(line, column)) << text << "\n" << parse.reason;
}

const std::string sample =
    R"({"now": "2026-11-22T10:00:00Z", "a\n\u00e9\ud83d\ude00": [1, -0, 2.50, 1e-7, 12E+3, true, false, null],
 "b": {"c": {}, "d": [], "quantity": {"value": 38.6, "unit": "Cel"}}, "Größe": "größer \\ als \"das\" 😀", "": 0})";

TEST(JsonTree, ReadsWhatAnotherReaderReads) {
  for (const char* text : {"null", " true ", "\"\"", "[]", "{}", "-1.5e3", "[1,2,3]", "{\"a\":1,\"a\":2}", "1e308",
                           "123456789012345678901234567890", "0.000", "1e-999", "[0e5]"})
    expect_same(text);
  expect_same(sample);
}

TEST(JsonTree, RefusesWhatAnotherReaderRefusesAtTheSamePlace) {
  for (const char* text : {"",
                           "[",
                           "{",
                           "]",
                           "[1,]",
                           "{\"a\":1,}",
                           "{\"a\" 12}",
                           "{\"a\":}",
                           "{a:1}",
                           "[1 22]",
                           "01",
                           "1.",
                           "1e",
                           "-",
                           "+1",
                           "tru",
                           "nul1",
                           "NaN",
                           "\"abc",
                           "\"a\nb\"",
                           "\"\\x\"",
                           "\"\\u12g4\"",
                           "\"\\ud800\"",
                           "\"\\ud800\\u0041\"",
                           "\"\\udc00\"",
                           "\"\xC0\x80\"",
                           "\"\xED\xA0\x80\"",
                           "\"\xF4\x90\x80\x80\"",
                           "\"\xE2\x82\"",
                           "[1] x",
                           "1e309",
                           "-1e999",
                           "'a'",
                           "/* */ 1",
                           "{\"a\":1 \"b\":2}",
                           "[\"a\" \"b\"]",
                           "{1:2}"})
    expect_same(text);
}

TEST(JsonTree, AgreesOnSpoiltTexts) {
  constexpr std::string_view letters = "{}[],:\"\\ntu01.-e \n\x01\xC3\xA9\xF0\x9F";
  std::mt19937 random(1);
  for (int round = 0; round < 20'000; ++round) {
    std::string text = sample;
    for (auto changes = 1 + random() % 3; changes > 0; --changes) {
      const std::size_t at = random() % text.size();
      switch (random() % 3) {
      case 0: text.erase(at, 1 + random() % 4); break;
      case 1: text.insert(at, 1, letters[random() % letters.size()]); break;
      default: text[at] = letters[random() % letters.size()];
      }
    }
    ASSERT_NO_FATAL_FAILURE(expect_same(text));
  }
}

TEST(JsonTree, IsBounded) {
  EXPECT_EQ(parse_json(std::string(33, '['), {}).problem, JsonProblem::too_deep);
  EXPECT_EQ(parse_json("[1,2,3]", {.max_values = 3}).problem, JsonProblem::too_many_values);
}

TEST(JsonTree, NamesRepeatedKeys) {
  for (const int count : {2, 3, 40}) {
    std::string text = "{";
    for (int i = 0; i < count; ++i)
      text += "\"k" + std::to_string(i % (count - 1)) + "\":0" + (i + 1 < count ? "," : "}");
    const JsonParse parse = parse_json(text, {});
    ASSERT_EQ(parse.root().count, static_cast<std::uint32_t>(count));
    EXPECT_TRUE(parse.has_repeated);
    int i = 0;
    for (const JsonNode& each : parse.root().items())
      EXPECT_EQ(each.is_repeated, i++ == count - 1);
    EXPECT_EQ(i, count);
  }
}

TEST(JsonWriter, WritesEveryByteSoThatItIsReadBack) {
  for (std::size_t before = 0; before < 10; ++before)
    for (unsigned byte = 0; byte < 0x80; ++byte) {
      const std::string text = std::string(before, 'x') + static_cast<char>(byte) + "é tail of some length";
      EXPECT_EQ(nlohmann::json::parse(json_quoted(text)), nlohmann::json(text)) << byte;
    }
}

} // namespace
} // namespace aceso
