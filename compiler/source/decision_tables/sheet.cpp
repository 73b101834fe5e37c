#include "decision_tables/sheet.h"

#include <fmt/format.h>

namespace aceso::decision_tables {

namespace {

char separator_of(std::string_view text) {
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == ',' || c == ';' || c == '\t') return c;
    if (c == '\n') break;
  }
  return ',';
}

void trim(SheetCell& cell) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!cell.text.empty() && is_blank(cell.text.back()))
    cell.text.pop_back();
  std::size_t blanks = 0;
  while (blanks < cell.text.size() && is_blank(cell.text[blanks]))
    ++blanks;
  cell.text.erase(0, blanks);
}

} // namespace

std::optional<Sheet> read_sheet(std::string_view text, const SheetOptions& options, SheetFault& fault) {
  if (text.size() > options.max_bytes) {
    fault = {0, fmt::format("the file is larger than {} bytes", options.max_bytes)};
    return std::nullopt;
  }
  std::size_t at = text.starts_with("\xef\xbb\xbf") ? 3 : 0;
  const char separator = separator_of(text.substr(at));
  Sheet sheet;
  while (at < text.size()) {
    if (sheet.size() == options.max_rows) {
      fault = {at, fmt::format("there are more than {} rows", options.max_rows)};
      return std::nullopt;
    }
    auto& row = sheet.emplace_back();
    for (bool ends = false; !ends;) {
      if (row.size() == options.max_columns) {
        fault = {at, fmt::format("there are more than {} columns", options.max_columns)};
        return std::nullopt;
      }
      SheetCell& cell = row.emplace_back();
      cell.offset = at;
      if (at < text.size() && text[at] == '"') {
        ++at;
        while (at < text.size() && (text[at] != '"' || text.substr(at, 2) == "\"\"")) {
          if (text[at] == '"') ++at;
          cell.text += text[at++];
        }
        if (at == text.size()) {
          fault = {cell.offset, "a quotation mark is not closed"};
          return std::nullopt;
        }
        ++at;
      }
      while (at < text.size() && text[at] != separator && text[at] != '\n')
        cell.text += text[at++];
      ends = at == text.size() || text[at] == '\n';
      if (at < text.size()) ++at;
      trim(cell);
    }
  }
  return sheet;
}

std::string write_sheet(const std::vector<std::vector<std::string>>& rows) {
  std::string out;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) out += ',';
      if (row[i].find_first_of(",;\t\"\n\r") == std::string::npos) {
        out += row[i];
        continue;
      }
      out += '"';
      for (const char c : row[i])
        out += c == '"' ? std::string("\"\"") : std::string(1, c);
      out += '"';
    }
    out += '\n';
  }
  return out;
}

std::string column_letters(std::size_t column) {
  std::string letters;
  for (std::size_t left = column + 1; left > 0; left = (left - 1) / 26)
    letters.insert(0, 1, static_cast<char>('A' + (left - 1) % 26));
  return letters;
}

} // namespace aceso::decision_tables
