/// Files of patients read by columns: the same as record by record, whatever the records look like.
#include <random>

#include <gtest/gtest.h>

#include "codegen/codegen.h"
#include "guideline_fixture.h"
#include "module/value_writer.h"
#include "population/cell_index.h"
#include "population/csv_reader.h"
#include "population/ndjson_reader.h"
#include "population/text_memory.h"

namespace aceso::testing {
namespace {

using namespace population;

std::shared_ptr<const Module> some_kinds() {
  const Compilation compilation = compile_body(R"(
source s "S"
inputs i "I" {
  flag  : yes/no
  other : yes/no
  pick  : one of { none, mild, severe, far_too_long_for_two_words_of_eight, far_too_long_for_two_words_of_nine }
  plain : number from -10 to 1000 step 1
  small : number from 3 to 90 step 1
  heat  : quantity from 30 Cel to 45 Cel step 0.1 Cel
  born  : date
}
define any_of = flag or other or pick = mild or plain > 5 or small > 9 or heat > 38 Cel or born > 1990-01-01
action a "A" : test
rule r { when any_of recommend a cite s at "1" }
)");
  if (!compilation.ok()) throw std::runtime_error(compilation.render_diagnostics());
  return load_module(std::get<std::string>(codegen::build(*compilation.graph(), nullptr))).module;
}

std::string some_cell(std::mt19937& random, std::size_t column) {
  static const std::vector<std::vector<std::string>> words = {
      {"yes", "no", "", " yes", "unknown:refused", "\"no\"", "YES"},
      {"yes", "no", "no", "", "true", "unknown:pending"},
      {"none", "mild", "severe", "", "far_too_long_for_two_words_of_eight", "far_too_long_for_two_words_of_nine"},
      {"1", "-3", "999", "", "0", "1000"},
      {"3", "90", "", "12", "unknown:stale"},
      {"38.6", "30", "45.0", "\"38,6\"", "", "101.3 [degF]"},
      {"1990-01-01", "", "2001-12-31"}};
  // Few records are faulty, so that many stand together.
  if (random() % 300 == 0) return random() % 2 == 0 ? "perhaps" : "\"a\"\"b\"";
  return words[column][random() % words[column].size()];
}

std::string some_rows(std::mt19937& random, std::size_t rows) {
  std::string text;
  for (std::size_t r = 0; r < rows; ++r) {
    switch (random() % 60) {
    case 0: text += "\n"; continue;
    case 1: text += "p,2026-11-22T10:00:00Z,yes\n"; continue;
    case 2: text += "\"two\nlines\""; break;
    case 3: break;
    case 4: text += "a\"b"; break;
    default: text += "p" + std::to_string(r);
    }
    text += random() % 20 == 0 ? ",2026-11-22T12:00:00+02:00" : ",2026-11-22T10:00:00Z";
    for (std::size_t c = 0; c < 7; ++c)
      text += "," + some_cell(random, c);
    text += random() % 4 == 0 ? "\r\n" : "\n";
  }
  return text;
}

struct Padded {
  explicit Padded(const std::string& from) : bytes(from + std::string(block_bytes, '\0')), text(bytes) {
    text.remove_suffix(block_bytes);
  }
  std::string bytes;
  std::string_view text;
};

/// All that is known about a row.
std::string told(const Module& module, const Patients& patients, std::size_t row) {
  std::string text = std::string(patients.id(row)) + " line " + std::to_string(patients.line(row)) + " at " +
                     to_text(patients.now(row));
  for (std::size_t i = 0; i < module.inputs.size(); ++i) {
    const Column& column = patients.columns()[i];
    text += " " + std::to_string(column.states[row]);
    if (column.states[row] == absent || column.space == bytecode::Space::truth) continue;
    EXPECT_TRUE(column.is_used);
    if (column.space == bytecode::Space::value) {
      const TypeId type = module.dictionary.inputs[i].type;
      text += "=" + to_text(module.dictionary, type, column.values[row]);
      continue;
    }
    if (column.states[row] == bytecode::known) text += "=" + std::to_string(column.number(row));
  }
  return text;
}

TEST(PopulationReading, ByColumnsAsOneByOne) {
  const auto module = some_kinds();
  const CsvOptions options;
  const CsvHeader header =
      read_header(module->dictionary, "id,now,flag,other,pick,plain,small,heat [Cel],born\n", options);
  ASSERT_TRUE(header.faults.empty());
  std::mt19937 random(11);
  std::size_t patients_read = 0, rejects = 0;
  for (int round = 0; round < 30; ++round) {
    const Padded text(some_rows(random, 1 + random() % 400));
    CsvReader reader(*module, header, options);
    Patients patients(*module);
    reader.read(text.text, 2, patients);
    Patients alone(*module); // each record in a text of its own
    std::vector<std::unique_ptr<Padded>> records;
    CsvSplitter splitter(text.text, ',', 2);
    CsvRecord record;
    while (splitter.next(record)) {
      records.push_back(
          std::make_unique<Padded>(std::string(text.text.substr(record.begin, record.end - record.begin)) + "\n"));
      CsvReader fresh(*module, header, options);
      fresh.read(records.back()->text, record.line, alone);
    }
    ASSERT_EQ(patients.count(), alone.count());
    for (std::size_t row = 0; row < patients.count(); ++row)
      ASSERT_EQ(told(*module, patients, row), told(*module, alone, row));
    ASSERT_EQ(patients.rejects.size(), alone.rejects.size());
    for (std::size_t i = 0; i < patients.rejects.size(); ++i) {
      EXPECT_EQ(patients.rejects[i].line, alone.rejects[i].line);
      EXPECT_EQ(patients.rejects[i].id, alone.rejects[i].id);
      EXPECT_EQ(patients.rejects[i].faults.front().message, alone.rejects[i].faults.front().message);
    }
    patients_read += patients.count();
    rejects += patients.rejects.size();
  }
  EXPECT_GT(patients_read, 2000u);
  EXPECT_GT(rejects, 100u);
}

TEST(PopulationReading, IndexFindsTheCellsOfTheSplitter) {
  std::mt19937 random(5);
  for (int round = 0; round < 300; ++round) {
    const Padded text(some_rows(random, random() % 200));
    CsvSplitter splitter(text.text, ',', 1);
    CsvRecord wanted;
    CellIndex index(text.text, ',');
    while (index.next())
      for (const CellIndex::Record& record : index.records()) {
        const auto cell = [&](std::size_t i) {
          const std::uint32_t begin = index.begins()[record.first_cell + i];
          return text.text.substr(begin, index.ends()[record.first_cell + i] - begin);
        };
        if (record.cells == 1 && cell(0).empty()) continue;
        ASSERT_TRUE(splitter.next(wanted));
        ASSERT_EQ(wanted.cells.size(), record.cells);
        const std::string_view whole = text.text.substr(wanted.begin, wanted.end - wanted.begin);
        ASSERT_EQ(record.quotes, count_of(whole, '"'));
        ASSERT_EQ(cell(0).data(), whole.data());
        ASSERT_EQ(cell(record.cells - 1).data() + cell(record.cells - 1).size(), whole.data() + whole.size());
      }
    ASSERT_FALSE(splitter.next(wanted));
  }
}

TEST(PopulationReading, TextsAreKnownAgain) {
  for (const std::size_t count : {1u, 40u, 300u, 5000u}) {
    TextMemory memory(absent);
    const auto text_of = [](std::size_t i) { return std::to_string(i * 7919) + std::string(i % 40, 'x'); };
    for (std::size_t i = 0; i < count; ++i)
      memory.learn(text_of(i), {static_cast<std::int64_t>(i), bytecode::known});
    std::size_t known = 0, at_one_look = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const Padded text(text_of(i));
      const TextEnds ends(text.text);
      const TextMemory::Known& place = memory.place(text.text.size(), ends);
      const TextMemory::Meaning* const found = memory.find(text.text);
      if (found != nullptr) {
        EXPECT_EQ(found->number, static_cast<std::int64_t>(i));
      }
      known += found != nullptr ? 1u : 0u;
      if (!place.is(text.text, ends)) continue;
      EXPECT_EQ(place.number, static_cast<std::int64_t>(i));
      ++at_one_look;
      std::string other(text.text);
      other[other.size() / 2] = '?';
      const Padded padded(other);
      const TextEnds its(padded.text);
      EXPECT_FALSE(memory.place(other.size(), its).is(padded.text, its)) << other;
    }
    EXPECT_GT(known, 0u);
    if (count <= 4000) {
      EXPECT_EQ(known, count);
    }
    if (count <= 40) {
      EXPECT_EQ(at_one_look, count);
    }
  }
}

TEST(PopulationReading, JsonOfAllSpellings) {
  const auto module = some_kinds();
  const std::string line =
      R"({"id":"a","now":"2026-11-22T10:00:00Z","inputs":{"flag":true,"other": false ,"pick":"mild","small":7}})";
  const std::string spaced =
      R"( { "now" : "2026-11-22T10:00:00Z" , "inputs" : { "pick" : "mild" , "small" : 7 , "other":false,"flag":true } , "id":"a" } )";
  for (const std::string& bad :
       {std::string(R"({"id":"b","now":"2026-11-22T10:00:00Z","inputs":{"flag":truex}})"),
        std::string(R"({"id":"b","now":"2026-11-22T10:00:00Z","inputs":{"flag":true,"flag":true}})"),
        std::string(R"({"id":"b","now":"2026-11-22T10:00:00Z","inputs":{"flagg":true}})")}) {
    const Padded text(line + "\n" + spaced + "\n" + bad + "\n");
    NdjsonReader reader(*module, std::nullopt);
    Patients patients(*module);
    reader.read(text.text, 1, patients);
    ASSERT_EQ(patients.count(), 2u);
    EXPECT_EQ(patients.rejects.size(), 1u);
    std::string first = told(*module, patients, 0), second = told(*module, patients, 1);
    EXPECT_EQ(first.replace(first.find("line 1"), 6, "line 2"), second);
  }
}

} // namespace
} // namespace aceso::testing
