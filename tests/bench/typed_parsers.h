#pragma once
/// The yardsticks of bench_population: parsers that do what every program has to do that reads patients from a file.
/// Each cell or member becomes a typed value in a column: a truth, the position of a word among those that are
/// declared, a number, an instant. Nothing is decided, checked against a range, or written.

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#ifdef ACESO_HAS_SIMDJSON
#include <simdjson.h>
#endif

#include "module/module.h"
#include "population/csv_split.h"

namespace aceso::bench {

struct TypedColumn {
  enum class Kind : std::uint8_t { truth, word, number } kind = Kind::truth;
  std::string name, unit;
  std::vector<std::string> words;
  std::unordered_map<std::string_view, std::int32_t> positions;
  std::vector<std::uint8_t> known, truths;
  std::vector<std::int32_t> chosen;
  std::vector<double> numbers;

  void resize(std::size_t rows) {
    known.assign(rows, 0);
    truths.resize(kind == Kind::truth ? rows : 0);
    chosen.resize(kind == Kind::word ? rows : 0);
    numbers.resize(kind == Kind::number ? rows : 0);
  }
};

struct TypedTable {
  std::vector<TypedColumn> columns;
  std::vector<std::string_view> ids;
  std::vector<std::int64_t> nows;

  TypedTable(const Dictionary& dictionary, const std::vector<std::size_t>& inputs) {
    for (const std::size_t i : inputs) {
      const TypeInfo& type = dictionary[dictionary.inputs[i].type];
      TypedColumn& column = columns.emplace_back();
      column.name = dictionary.inputs[i].name;
      column.unit = type.unit;
      column.kind = type.kind == TypeKind::yes_no ? TypedColumn::Kind::truth
                    : !type.members.empty()       ? TypedColumn::Kind::word
                                                  : TypedColumn::Kind::number;
      for (const MemberInfo& member : type.members)
        column.words.push_back(member.name);
    }
    for (TypedColumn& column : columns)
      for (std::size_t w = 0; w < column.words.size(); ++w)
        column.positions.emplace(column.words[w], static_cast<std::int32_t>(w));
  }
  void resize(std::size_t rows) {
    ids.resize(rows);
    nows.resize(rows);
    for (TypedColumn& column : columns)
      column.resize(rows);
  }
};

/// Seconds since 1970 of "2026-11-22T10:00:00Z".
inline std::optional<std::int64_t> seconds_of(std::string_view text) {
  if (text.size() != 20 || text[19] != 'Z') return std::nullopt;
  const auto part = [&](std::size_t at, std::size_t size) {
    int number = 0;
    (void)std::from_chars(text.data() + at, text.data() + at + size, number);
    return std::int64_t{number};
  };
  // H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil, for years after 0.
  const std::int64_t month = part(5, 2), year = part(0, 4) - (month <= 2 ? 1 : 0);
  const std::int64_t era = year / 400, of_era = year - era * 400;
  const std::int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + part(8, 2) - 1;
  const std::int64_t days = era * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719'468;
  return days * 86'400 + part(11, 2) * 3600 + part(14, 2) * 60 + part(17, 2);
}

/// False where a cell is none of its column.
inline bool set_cell(TypedColumn& column, std::size_t row, std::string_view cell) {
  if (cell.empty()) return true;
  column.known[row] = 1;
  switch (column.kind) {
  case TypedColumn::Kind::truth:
    column.truths[row] = cell == "yes" ? 1 : 0;
    return column.truths[row] == 1 || cell == "no";
  case TypedColumn::Kind::word: {
    const auto found = column.positions.find(cell);
    if (found == column.positions.end()) return false;
    column.chosen[row] = found->second;
    return true;
  }
  case TypedColumn::Kind::number: break;
  }
  return std::from_chars(cell.data(), cell.data() + cell.size(), column.numbers[row]).ec == std::errc{};
}

/// The columns stand as in the table, behind "id" and "now". How many records there are; 0 where one cannot be read.
inline std::size_t parse_csv(std::string_view text, TypedTable& table) {
  population::CsvSplitter splitter(text, ',', 2);
  population::CsvRecord record;
  std::size_t row = 0;
  for (; splitter.next(record); ++row) {
    table.ids[row] = record.cells[0];
    const auto seconds = seconds_of(record.cells[1]);
    if (!seconds) return 0;
    table.nows[row] = *seconds;
    for (std::size_t c = 0; c < table.columns.size(); ++c)
      if (!set_cell(table.columns[c], row, record.cells[c + 2])) return 0;
  }
  return row;
}

#ifdef ACESO_HAS_SIMDJSON
namespace on_demand = simdjson::ondemand;

inline bool set_member(TypedColumn& column, std::size_t row, on_demand::value value) {
  column.known[row] = 1;
  switch (column.kind) {
  case TypedColumn::Kind::truth: {
    bool is_yes = false;
    if (value.get_bool().get(is_yes) != simdjson::SUCCESS) return false;
    column.truths[row] = is_yes ? 1 : 0;
    return true;
  }
  case TypedColumn::Kind::word: {
    std::string_view word;
    if (value.get_string().get(word) != simdjson::SUCCESS) return false;
    const auto found = column.positions.find(word);
    if (found == column.positions.end()) return false;
    column.chosen[row] = found->second;
    return true;
  }
  case TypedColumn::Kind::number: break;
  }
  on_demand::object quantity;
  std::string_view unit;
  return value.get_object().get(quantity) == simdjson::SUCCESS &&
         quantity["value"].get_double().get(column.numbers[row]) == simdjson::SUCCESS &&
         quantity["unit"].get_string().get(unit) == simdjson::SUCCESS && unit == column.unit;
}

/// Members come in the order of the table for the most part; then no name has to be looked up.
inline std::size_t parse_ndjson(on_demand::parser& parser, std::string_view text, TypedTable& table,
                                const std::unordered_map<std::string_view, std::size_t>& by_name) {
  on_demand::document_stream stream;
  if (parser.iterate_many(text.data(), text.size(), std::size_t{1} << 20).get(stream) != simdjson::SUCCESS) return 0;
  std::size_t row = 0;
  for (auto document : stream) {
    for (auto member : document.get_object()) {
      std::string_view key;
      if (member.unescaped_key().get(key) != simdjson::SUCCESS) return 0;
      if (key == "id") {
        if (member.value().get_string().get(table.ids[row]) != simdjson::SUCCESS) return 0;
      } else if (key == "now") {
        std::string_view now;
        if (member.value().get_string().get(now) != simdjson::SUCCESS) return 0;
        const auto seconds = seconds_of(now);
        if (!seconds) return 0;
        table.nows[row] = *seconds;
      } else {
        std::size_t expected = 0;
        for (auto input : member.value().get_object()) {
          std::string_view name;
          if (input.unescaped_key().get(name) != simdjson::SUCCESS) return 0;
          std::size_t column = expected;
          if (column >= table.columns.size() || table.columns[column].name != name) {
            const auto found = by_name.find(name);
            if (found == by_name.end()) return 0;
            column = found->second;
          }
          on_demand::value value;
          if (input.value().get(value) != simdjson::SUCCESS || !set_member(table.columns[column], row, value)) return 0;
          expected = column + 1;
        }
      }
    }
    ++row;
  }
  return row;
}
#endif

} // namespace aceso::bench
