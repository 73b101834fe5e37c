/// What cells and JSON values mean, read fast and by the reader of cases; CSV taken apart in blocks and byte by byte.
#include <random>
#include <utility>

#include <gtest/gtest.h>

#include "codegen/codegen.h"
#include "guideline_fixture.h"
#include "population/cells.h"
#include "population/csv_split.h"
#include "population/line_scanner.h"

namespace aceso::testing {
namespace {

using namespace population;

std::shared_ptr<const Module> every_kind() {
  const Compilation compilation = compile_body(R"(
source s "S"
inputs i "I" {
  flag  : yes/no
  pick  : one of { none, mild, severe }
  plain : number from -10 to 1000 step 1
  fine  : number from 0 to 10 step 0.05
  heat  : quantity from 30 Cel to 45 Cel step 0.1 Cel
  mass  : quantity from 0.5 kg to 300 kg step 0.1 kg
  wait  : duration from 0 d to 700 d step 1 d
  born  : date
  seen  : instant
}
define any_of = flag or pick = mild or plain > 5 or fine > 1 or heat > 38 Cel or mass > 80 kg or wait > 3 d
                or born > 1990-01-01 or seen is known
action a "A" : test
rule r { when any_of recommend a cite s at "1" }
)");
  if (!compilation.ok()) throw std::runtime_error(compilation.render_diagnostics());
  return load_module(std::get<std::string>(codegen::build(*compilation.graph(), nullptr))).module;
}

/// Words that are values of some input, and words that are nearly so.
std::string some_word(std::mt19937& random) {
  static const std::vector<std::string> words = {"yes",
                                                 "YES",
                                                 "no",
                                                 "true",
                                                 "1",
                                                 "0",
                                                 "y",
                                                 "mild",
                                                 "Mild",
                                                 "severe ",
                                                 "unknown:refused",
                                                 "unknown:not_asked",
                                                 "unknown:x",
                                                 "unknown",
                                                 "38.6",
                                                 "38.65",
                                                 "38.60",
                                                 "0.05",
                                                 "007",
                                                 "-3",
                                                 "-0",
                                                 "+3",
                                                 "1e2",
                                                 "1.",
                                                 ".5",
                                                 "1/3",
                                                 "70 kg",
                                                 "70000 g",
                                                 "154.3 [lb_av]",
                                                 "38.6 Cel",
                                                 "101.3 [degF]",
                                                 "38,6",
                                                 "3 wk",
                                                 "3 weeks",
                                                 "21 d",
                                                 "2026-11-22",
                                                 "2026-11",
                                                 "1990-02-30",
                                                 "2026-11-22T10:00:00Z",
                                                 "2026-11-22T10:00",
                                                 "{\"value\": 38.6, \"unit\": \"Cel\"}",
                                                 "{\"value\": 70, \"unit\": \"kg\"}",
                                                 "{\"value\": 1, \"value\": 2}",
                                                 "{\"unknown\": \"pending\"}",
                                                 "[1]",
                                                 "{",
                                                 "null",
                                                 "\"38.6 Cel\"",
                                                 "\"mild\"",
                                                 "false",
                                                 "999999999999999999999",
                                                 "99999999999999",
                                                 "1000",
                                                 "1001",
                                                 "0.5",
                                                 "\"2026-11-22\""};
  std::string word = words[random() % words.size()];
  if (random() % 4 == 0) word = std::to_string(static_cast<int>(random() % 1200) - 20);
  if (random() % 4 == 0) word += "." + std::to_string(random() % 100);
  switch (random() % 12) {
  case 0:
  case 1: return "\"" + word + " Cel\"";
  case 2: return "{\"value\": " + word + ", \"unit\": \"Cel\"}";
  case 3: return "{\"value\":" + word + ",\"unit\":\"Cel\"}";
  default: return word;
  }
}

void compare(const std::shared_ptr<const Module>& module, InputId input, Spelling spelling, const std::string& unit) {
  std::mt19937 random(static_cast<unsigned>(input.index()) * 7 + 1);
  InputReader fast(*module, input, spelling, unit);
  const InputReader slow(*module, input, spelling, unit);
  Patients patients(*module), by_hand(*module);
  Column& column = patients.columns()[input.index()];
  for (int i = 0; i < 3000; ++i) {
    std::string word = some_word(random);
    const std::size_t size = word.size();
    word.append(8, '\0');
    const std::string_view text = std::string_view(word).substr(0, size);
    if (trimmed(text) != text || text.empty()) continue;
    column.states[0] = absent;
    const bool is_read = fast.read(text, column, 0);
    const std::optional<Value> value = slow.read_slowly(text);
    // What depends on the zone of the case is left to the reader of cases; all else has to be read where it can be.
    const bool is_left = module->dictionary.inputs[input.index()].name == "seen" && value;
    ASSERT_TRUE(is_read == value.has_value() || (is_left && !is_read)) << text;
    if (!is_read) continue;
    InputReader fresh(*module, input, spelling, unit); // remembers nothing
    Column& other = by_hand.columns()[input.index()];
    ASSERT_TRUE(fresh.read(text, other, 0)) << text;
    EXPECT_EQ(column.states[0], other.states[0]) << text;
    if (column.space == bytecode::Space::truth) {
      EXPECT_EQ(column.states[0] >= bytecode::no, value->is_known()) << text;
      if (value->is_known()) {
        EXPECT_EQ(column.states[0] == bytecode::yes, value->as<bool>()) << text;
      }
    } else if (column.space == bytecode::Space::value) {
      EXPECT_EQ(column.values[0], *value) << text;
    } else if (value->is<Rational>()) {
      const auto stated =
          Rational::multiply(Rational(column.number(0)), module->inputs[input.index()].representation.step);
      EXPECT_EQ(*stated, value->as<Rational>()) << text;
    } else if (value->is<Choice>()) {
      EXPECT_EQ(column.number(0), value->as<Choice>().index) << text;
    } else if (value->is<Date>()) {
      EXPECT_EQ(column.number(0), value->as<Date>().days) << text;
    } else if (value->is<Unknown>()) {
      EXPECT_EQ(column.states[0], static_cast<std::uint8_t>(value->reason())) << text;
    }
  }
}

TEST(PopulationCells, FastAndSlowReadersAgree) {
  const auto module = every_kind();
  for (std::size_t i = 0; i < module->inputs.size(); ++i) {
    const std::string& unit = module->dictionary[module->dictionary.inputs[i].type].unit;
    compare(module, InputId(i), Spelling::cell, {});
    compare(module, InputId(i), Spelling::cell, unit);
    compare(module, InputId(i), Spelling::json, {});
  }
  compare(module, InputId(std::size_t{5}), Spelling::cell, "g");
}

/// RFC 4180 byte by byte.
std::vector<std::vector<std::string>> split_plainly(const std::string& text) {
  std::vector<std::vector<std::string>> records(1, std::vector<std::string>(1));
  bool inside = false;
  for (const char c : text) {
    if (c == '"') inside = !inside;
    if (!inside && c == ',') {
      records.back().emplace_back();
    } else if (!inside && c == '\n') {
      records.emplace_back(1);
    } else {
      records.back().back() += c;
    }
  }
  records.pop_back(); // behind the last line end
  for (auto& record : records) {
    if (record.back().ends_with('\r')) record.back().pop_back();
    for (std::string& cell : record) {
      if (!cell.starts_with('"')) continue;
      std::string plain;
      for (std::size_t i = 1; i + 1 < cell.size(); ++i) {
        plain += cell[i];
        if (cell[i] == '"') ++i;
      }
      cell = plain;
    }
  }
  std::erase_if(records, [](const auto& record) { return record.size() == 1 && record[0].empty(); });
  return records;
}

TEST(PopulationCells, SplitsAsByteByByte) {
  std::mt19937 random(3);
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    const std::size_t cells = 1 + random() % 60;
    for (std::size_t i = 0; i < cells; ++i) {
      std::string cell(random() % 20 == 0 ? random() % 150 : random() % 6, static_cast<char>('a' + i % 26));
      if (random() % 5 == 0) cell = "\"" + cell + (random() % 2 ? ",\n" : "\"\"") + cell + "\"";
      text += cell + (i + 1 == cells ? "\n" : random() % 7 == 0 ? (random() % 2 ? "\r\n" : "\n") : ",");
    }
    const auto wanted = split_plainly(text);
    ASSERT_EQ(end_of_records(text, ','), text.size());
    const std::string padded = text + std::string(block_bytes, '\0');
    CsvSplitter splitter(std::string_view(padded).substr(0, text.size()), ',', 1);
    CsvRecord record;
    std::vector<std::vector<std::string>> found;
    while (splitter.next(record)) {
      found.emplace_back(record.cells.begin(), record.cells.end());
      EXPECT_LT(record.stray_quote, 0);
      EXPECT_EQ(record.line, 1 + static_cast<std::uint64_t>(
                                     std::count(text.begin(), text.begin() + static_cast<long>(record.begin), '\n')));
    }
    ASSERT_EQ(found, wanted) << text;
  }
}

TEST(PopulationCells, QuotationMarksThatAreAstray) {
  struct Row {
    std::string text;
    std::ptrdiff_t stray; ///< the cell; -1 for none
  };
  for (const Row& row : {Row{"a\"b\"c,d\n", 0}, Row{"x,\"a\"b\n", 1}, Row{"x,\"b\" \n", 1}, Row{"\"a\"\"b\",c\n", -1},
                         Row{"\"a\"b\"\",c\n", 0}, Row{"\"\",\"\"\n", -1}}) {
    const std::string padded = row.text + std::string(block_bytes, '\0');
    CsvSplitter splitter(std::string_view(padded).substr(0, row.text.size()), ',', 1);
    CsvRecord record;
    ASSERT_TRUE(splitter.next(record)) << row.text;
    EXPECT_EQ(record.stray_quote, row.stray) << row.text;
    EXPECT_EQ(record.cells.size(), 2u) << row.text;
  }
  EXPECT_EQ(end_of_records("a,\"b\nc", ','), 0u);
  EXPECT_EQ(end_of_records("a\n\"b\nc", ','), 2u);
  EXPECT_EQ(end_of_records("a,b\"\nc", ','), 5u); // it begins no cell, and opens nothing
}

/// Marks anywhere: what a machine does that looks at one byte after the other.
TEST(PopulationCells, MarksThatBeginNoCellOpenNothing) {
  const auto split = [](const std::string& text) {
    std::vector<std::vector<std::string>> records(1);
    std::string cell;
    bool inside = false, after_mark = false, begins = true;
    for (const char c : text) {
      if (!inside && (c == ',' || c == '\n')) {
        records.back().push_back(std::exchange(cell, {}));
        if (c == '\n') records.emplace_back();
        begins = true, after_mark = false;
        continue;
      }
      if (c == '"') {
        const bool opens = !inside && (begins || after_mark);
        after_mark = inside || opens; // a mark that is astray does not count
        inside = opens;
      } else {
        after_mark = false;
      }
      cell += c, begins = false;
    }
    records.pop_back();
    return records;
  };
  std::mt19937 random(8);
  std::size_t strays = 0, cells = 0;
  for (int round = 0; round < 5000; ++round) {
    std::string text;
    for (std::size_t i = 0, count = 1 + random() % 200; i < count; ++i)
      text += "a,\"\nbc,\"d"[random() % 9];
    text += "z\n";
    const auto wanted = split(text);
    std::string whole;
    for (const auto& record : wanted) {
      for (const std::string& cell : record)
        whole += cell + (&cell == &record.back() ? "\n" : ",");
    }
    ASSERT_EQ(end_of_records(text, ','), whole.size()) << text;
    ASSERT_EQ(whole, text.substr(0, whole.size()));
    const std::string padded = whole + std::string(block_bytes, '\0');
    CsvSplitter splitter(std::string_view(padded).substr(0, whole.size()), ',', 1);
    CsvRecord record;
    for (const auto& each : wanted) {
      if (each.size() == 1 && each.front().empty()) continue;
      ASSERT_TRUE(splitter.next(record)) << text;
      ASSERT_EQ(record.cells.size(), each.size()) << text;
      strays += record.stray_quote >= 0 ? 1 : 0;
      cells += each.size();
    }
    ASSERT_FALSE(splitter.next(record)) << text;
  }
  EXPECT_GT(strays, 10'000u);
  EXPECT_GT(cells, 100'000u);
}

TEST(PopulationCells, ScannerStopsAtTheEndOfTheLine) {
  const auto value_of = [](std::string line) {
    line += '\n' + std::string(64, '\0');
    LineScanner scanner(line.data());
    std::string_view text;
    return scanner.value(text) ? std::string(text) : std::string("refused");
  };
  EXPECT_EQ(value_of(R"( "a\"b" )"), R"("a\"b")");
  EXPECT_EQ(value_of(R"({"a": "}", "b": [1, {}]}, 3)"), R"({"a": "}", "b": [1, {}]})");
  EXPECT_EQ(value_of("38.6 ,"), "38.6");
  for (const char* open : {"\"", "\"abcdefghijklmnop", "\"a\\", "{", "{\"a\": [", "", ",", "\"a\tb\""})
    EXPECT_EQ(value_of(open), "refused") << open;
}

TEST(PopulationCells, bytes_are_counted_as_one_by_one) {
  std::mt19937 random(3);
  for (const std::size_t size : {0u, 1u, 15u, 16u, 17u, 100u, 4079u, 4080u, 4081u, 9000u}) {
    std::string text(size, '"');
    EXPECT_EQ(count_of(text, '"'), size);
    for (char& c : text)
      c = random() % 3 == 0 ? '"' : static_cast<char>(random());
    EXPECT_EQ(count_of(text, '"'), static_cast<std::size_t>(std::count(text.begin(), text.end(), '"')));
  }
}

} // namespace
} // namespace aceso::testing
