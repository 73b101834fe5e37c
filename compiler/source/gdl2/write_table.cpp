#include "gdl2/write_table.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "gdl2/names.h"

namespace aceso::gdl2 {
namespace {

using LogicKind = Logic::Kind;

constexpr std::size_t most_columns = 5, longest_row = 118, longest_column = 40;

bool is_name(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; });
}

struct Cell {
  std::string column, text;
  bool is_limit = false; ///< "< 5": others can be joined with `and`
  bool negated = false;
};

std::optional<Cell> cell_of(const Logic& part) {
  constexpr std::string_view known = " is known", unknown = " is unknown";
  if (part.is(LogicKind::negation) && part.children[0].is(LogicKind::atom) && part.children[0].subject.empty() &&
      is_name(part.children[0].text))
    return Cell{part.children[0].text, "no"};
  if (part.is(LogicKind::any)) { // "a or b" of one column
    Cell all;
    for (const Logic& child : part.children) {
      const auto one = cell_of(child);
      if (!one || one->negated || (!all.column.empty() && all.column != one->column)) return std::nullopt;
      all.column = one->column;
      all.text += (all.text.empty() ? "" : ", ") + one->text;
    }
    return all;
  }
  if (!part.is(LogicKind::atom)) return std::nullopt;
  if (part.subject.empty()) {
    if (is_name(part.text)) return Cell{part.text, "yes"};
    for (const auto& [ending, text] : {std::pair(known, "not unknown"), std::pair(unknown, "unknown")})
      if (part.text.ends_with(ending))
        if (std::string column = part.text.substr(0, part.text.size() - ending.size()); is_name(column))
          return Cell{.column = std::move(column), .text = text, .negated = part.text.ends_with(known)};
    return std::nullopt;
  }
  if (!part.literal) return std::nullopt;
  if (part.sign == "=") return Cell{part.subject, part.value};
  if (part.sign == "!=") return Cell{.column = part.subject, .text = "not " + part.value, .negated = true};
  return Cell{.column = part.subject, .text = part.sign + ' ' + part.value, .is_limit = true};
}

using Row = std::map<std::string, Cell>;

std::optional<Row> row_of(const Logic& condition) {
  Row row;
  std::vector<const Logic*> parts;
  if (condition.is(LogicKind::all))
    for (const Logic& child : condition.children)
      parts.push_back(&child);
  else
    parts.push_back(&condition);
  for (const Logic* part : parts) {
    auto cell = cell_of(*part);
    if (!cell) return std::nullopt;
    const auto [had, is_new] = row.emplace(cell->column, *cell);
    if (is_new) continue;
    if (!had->second.is_limit || !cell->is_limit) return std::nullopt;
    // The lower limit first, as one says it.
    const bool lower = cell->text.starts_with('>') && !had->second.text.starts_with('>');
    had->second.text = lower ? cell->text + " and " + had->second.text : had->second.text + " and " + cell->text;
  }
  return row;
}

/// "yes/no", the type of a choice, or bounds for plain numbers.
std::string type_of(const Definition& d) {
  if (!d.type.empty()) return d.type;
  std::optional<Rational> low, high;
  std::size_t decimals = 0, words = 0;
  for (const Line& line : d.lines) {
    if (line.value == "yes" || line.value == "no") {
      ++words;
      continue;
    }
    const auto number = Rational::from_decimal(line.value);
    if (!number) return {};
    if (!low || *number < *low) low = number;
    if (!high || *number > *high) high = number;
    if (const std::size_t point = line.value.find('.'); point != std::string::npos)
      decimals = std::max(decimals, line.value.size() - point - 1);
  }
  if (words == d.lines.size()) return "yes/no";
  if (words != 0 || !low || !high || *low == *high) return {};
  return fmt::format("number from {} to {} step {}", low->to_text(), high->to_text(),
                     decimals == 0 ? "1" : "0." + std::string(decimals - 1, '0') + "1");
}

bool exclude_each_other(const std::vector<Line>& lines) {
  for (std::size_t i = 0; i < lines.size(); ++i)
    for (std::size_t k = i + 1; k < lines.size(); ++k)
      if (!exclude(lines[i].condition, lines[k].condition)) return false;
  return true;
}

} // namespace

std::string as_table(const Definition& d) {
  if (!d.score.empty()) return {};
  std::vector<Line> lines = d.lines;
  std::string rest;
  if (!lines.empty() && lines.back().condition.is(LogicKind::yes)) {
    rest = lines.back().value;
    lines.pop_back();
  }
  if (lines.size() < 2) return {};
  const std::string type = type_of(d);
  if (type.empty() || (!d.type.empty() && !std::all_of(d.lines.begin(), d.lines.end(),
                                                       [](const Line& line) { return is_name(line.value); })))
    return {};
  std::vector<Row> rows;
  std::vector<std::string> columns;
  std::size_t filled = 0;
  std::map<std::string, std::size_t> widths;
  for (const Line& line : lines) {
    auto row = row_of(line.condition);
    if (!row) return {};
    for (const auto& [column, cell] : *row) {
      if (std::find(columns.begin(), columns.end(), column) == columns.end()) columns.push_back(column);
      widths[column] = std::max({widths[column], column.size(), cell.text.size()});
    }
    filled += row->size();
    rows.push_back(std::move(*row));
  }
  std::size_t width = d.name.size() + 6;
  for (const std::string& column : columns)
    width += widths[column] + 3;
  const bool reads_well =
      columns.size() <= most_columns && width <= longest_row && filled * 2 > rows.size() * columns.size() &&
      std::all_of(columns.begin(), columns.end(), [](const std::string& one) { return one.size() <= longest_column; });
  if (!reads_well) return {};

  std::string text = "table " + d.name;
  if (!d.title.empty()) text += ' ' + quoted(d.title);
  text += fmt::format(" : {} {} {{\n  ", type, exclude_each_other(lines) ? "unique" : "first");
  for (std::size_t i = 0; i < columns.size(); ++i)
    text += (i == 0 ? "" : " | ") + columns[i];
  text += fmt::format(" -> {}\n", d.name);
  for (std::size_t k = 0; k < rows.size(); ++k) {
    text += "  ";
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const auto cell = rows[k].find(columns[i]);
      text += (i == 0 ? "" : " | ") + (cell == rows[k].end() ? "-" : cell->second.text);
    }
    text += fmt::format(" -> {}\n", lines[k].value);
  }
  if (!rest.empty()) text += fmt::format("  otherwise -> {}\n", rest);
  return text + "}\n";
}

} // namespace aceso::gdl2
