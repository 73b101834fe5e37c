#include "decision_tables/table_sheet.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "parse/parser.h"

namespace aceso::decision_tables {

namespace {

using diagnostics::Kind;

constexpr std::array policies{"unique",      "first",       "any",           "collect sum",
                              "collect min", "collect max", "collect count", "collect list"}; // as ast::HitPolicy

/// The text of a part on one line, without comments.
std::string one_line(std::string_view text) {
  std::string result;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!quoted && text.substr(i, 2) == "//") {
      i = std::min(text.find('\n', i), text.size()) - 1;
      continue;
    }
    if (!quoted && text.substr(i, 2) == "/*") {
      const std::size_t end = text.find("*/", i);
      i = end == std::string_view::npos ? text.size() : end + 1;
      continue;
    }
    if (quoted && text[i] == '\\' && i + 1 < text.size()) {
      result += text[i++];
    } else if (text[i] == '"') {
      quoted = !quoted;
    }
    const bool is_space = !quoted && (text[i] == ' ' || text[i] == '\n' || text[i] == '\t' || text[i] == '\r');
    if (!is_space)
      result += text[i];
    else if (!result.empty() && result.back() != ' ')
      result += ' ';
  }
  while (!result.empty() && result.back() == ' ')
    result.pop_back();
  return result;
}

/// A sign that would end the cell, outside of texts and quoted units; empty for none.
std::string_view foreign_sign(std::string_view text) {
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quote != 0) {
      if (text[i] == '\\')
        ++i;
      else if (text[i] == quote)
        quote = 0;
    } else if (text[i] == '"' || text[i] == '\'') {
      quote = text[i];
    } else {
      for (const std::string_view sign : {"->", "|", "//", "/*"})
        if (text.substr(i, sign.size()) == sign) return sign;
    }
  }
  return {};
}

class SheetReader {
public:
  SheetReader(const Sheet& sheet, std::uint32_t file, diagnostics::Sink& sink)
      : sheet_(sheet), file_(file), sink_(sink) {}

  std::optional<SheetTable> read() {
    std::size_t head = 0;
    while (head < sheet_.size() && is_empty(sheet_[head]))
      ++head;
    if (head == sheet_.size()) return fail(0, 0, "the sheet is empty");
    if (!read_head(head)) return std::nullopt;
    std::string notes, cites;
    for (std::size_t row = head + 1; row < sheet_.size(); ++row)
      if (word(row) == "note") put_note(row);
    put_head(head);
    for (std::size_t row = head + 1; row < sheet_.size(); ++row)
      if (!is_empty(sheet_[row]) && word(row) != "note" && word(row) != "cite" && !put_rule(row)) return std::nullopt;
    table_.text += "}\n";
    for (std::size_t row = head + 1; row < sheet_.size(); ++row)
      if (word(row) == "cite") put_cite(row);
    return std::move(table_);
  }

private:
  std::optional<SheetTable> fail(std::size_t row, std::size_t column, const std::string& message,
                                 const std::string& mend = {}) {
    const bool is_there = row < sheet_.size() && column < sheet_[row].size();
    const std::size_t offset = is_there ? sheet_[row][column].offset : 0;
    const SheetTable::Part part{0, 0, row, column, offset};
    sink_.report(Kind::bad_sheet, span(offset), fmt::format("{}: {}", place_text(part), message)).mend = mend;
    return std::nullopt;
  }
  [[nodiscard]] source::Span span(std::size_t offset) const {
    return {file_, static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(offset)};
  }
  static bool is_empty(const std::vector<SheetCell>& row) {
    return std::all_of(row.begin(), row.end(), [](const SheetCell& cell) { return cell.text.empty(); });
  }
  [[nodiscard]] std::string_view word(std::size_t row) const {
    return sheet_[row].empty() ? std::string_view{} : std::string_view(sheet_[row].front().text);
  }

  void put(std::size_t row, std::size_t column, std::string_view text) {
    const std::size_t begin = table_.text.size();
    table_.text += text;
    table_.parts.push_back({begin, table_.text.size(), row, column, sheet_[row][column].offset});
  }

  bool read_head(std::size_t row) {
    const auto& cells = sheet_[row];
    std::size_t last = cells.size();
    while (last > 0 && cells[last - 1].text.empty())
      --last;
    columns_ = last - 1;
    if (std::find(policies.begin(), policies.end(), word(row)) == policies.end())
      return fail(row, 0, fmt::format("`{}` is no hit policy", word(row)),
                  "write unique, first, any, or collect with sum, min, max, count or list")
          .has_value();
    const std::string& output = cells[last - 1].text;
    if (last < 3 || !output.starts_with("->"))
      return fail(row, last - 1, "the last column must say what the table gives", "write `-> NAME : TYPE`").has_value();
    for (std::size_t column = 1; column + 1 < last; ++column) {
      if (cells[column].text.empty()) return fail(row, column, "this column has no name").has_value();
      if (!check_signs(row, column)) return false;
    }
    const std::size_t colon = name_end(output);
    table_.name = one_line(output.substr(2, colon - 2));
    if (table_.name.empty() || output.find(':', colon) == std::string::npos)
      return fail(row, last - 1, "a name and a type are missing", "write `-> NAME : TYPE`").has_value();
    return true;
  }
  /// Where the name behind the arrow ends: at a title or at the colon.
  static std::size_t name_end(const std::string& output) {
    return std::min(output.find_first_of(":\"", 2), output.size());
  }

  bool check_signs(std::size_t row, std::size_t column) {
    const std::string_view sign = foreign_sign(sheet_[row][column].text);
    if (!sign.empty()) (void)fail(row, column, fmt::format("a cell cannot have `{}` in it", sign));
    return sign.empty();
  }

  void put_note(std::size_t row) {
    if (sheet_[row].size() < 2) return;
    table_.text += "/// ";
    put(row, 1, one_line(sheet_[row][1].text));
    table_.text += '\n';
  }
  void put_cite(std::size_t row) {
    table_.text += "cite ";
    if (sheet_[row].size() > 1) put(row, 1, one_line(sheet_[row][1].text));
    table_.text += '\n';
  }

  void put_head(std::size_t row) {
    table_.text += "table ";
    put(row, columns_, one_line(sheet_[row][columns_].text.substr(2)));
    table_.text += ' ';
    put(row, 0, sheet_[row][0].text);
    table_.text += " {\n  ";
    for (std::size_t column = 1; column < columns_; ++column) {
      if (column > 1) table_.text += " | ";
      put(row, column, one_line(sheet_[row][column].text));
    }
    table_.text += fmt::format(" -> {}\n", table_.name);
  }

  bool put_rule(std::size_t row) {
    const auto& cells = sheet_[row];
    const std::string_view first = word(row);
    const bool is_otherwise = first == "otherwise";
    if (!is_otherwise && !std::all_of(first.begin(), first.end(), [](char c) { return c >= '0' && c <= '9'; }))
      return fail(row, 0, fmt::format("`{}` is not expected here", first),
                  "the first cell of a row is its number, `otherwise`, `cite` or `note`")
          .has_value();
    for (std::size_t column = columns_ + 1; column < cells.size(); ++column)
      if (!cells[column].text.empty()) return fail(row, column, "the table has no such column").has_value();
    if (cells.size() <= columns_ || cells[columns_].text.empty())
      return fail(row, std::min(columns_, cells.size() - 1), "this row does not say what the table gives").has_value();
    table_.text += "  ";
    for (std::size_t column = 1; column < columns_; ++column) {
      if (!check_signs(row, column)) return false;
      if (is_otherwise) {
        if (!cells[column].text.empty() && cells[column].text != "-")
          return fail(row, column, "a row that begins with `otherwise` has no other condition").has_value();
        continue;
      }
      if (column > 1) table_.text += " | ";
      put(row, column, cells[column].text.empty() ? "-" : one_line(cells[column].text));
    }
    if (is_otherwise) put(row, 0, "otherwise");
    table_.text += " -> ";
    if (!check_signs(row, columns_)) return false;
    put(row, columns_, one_line(cells[columns_].text));
    table_.text += '\n';
    return true;
  }

  const Sheet& sheet_;
  std::uint32_t file_;
  diagnostics::Sink& sink_;
  std::size_t columns_ = 0; ///< the position of the output
  SheetTable table_;
};

} // namespace

Carried sheet_of(const ast::TableDecl& table, const source::SourceSet& sources) {
  Carried result;
  const auto text = [&](source::Span span) { return one_line(sources.text(span)); };
  std::vector<std::vector<std::string>> rows;
  auto& head = rows.emplace_back();
  head.emplace_back(policies[static_cast<std::size_t>(table.policy)]);
  for (const auto& column : table.columns)
    head.push_back(text(column->span));
  head.push_back(fmt::format("-> {}{} : {}", table.name.text, table.title.empty() ? "" : " " + text(table.title.span),
                             text(table.type.span)));
  std::size_t number = 0;
  for (const ast::TableRow& row : table.rows) {
    auto& cells = rows.emplace_back();
    cells.push_back(row.is_otherwise ? "otherwise" : fmt::format("{}", ++number));
    for (const ast::Cell& cell : row.cells)
      cells.push_back(text(cell.span));
    if (row.is_otherwise) cells.resize(table.columns.size() + 1);
    cells.push_back(text(row.output->span));
  }
  for (const ast::Cite& cite : table.cites)
    rows.push_back({"cite", text(cite.span).substr(std::string_view("cite ").size())});
  for (const std::string& line : table.doc)
    rows.push_back({"note", one_line(line)});
  result.text = write_sheet(rows);
  return result;
}

const SheetTable::Part& SheetTable::part_at(std::size_t place) const {
  const auto after = std::upper_bound(parts.begin(), parts.end(), place,
                                      [](std::size_t at, const Part& part) { return at < part.begin; });
  return after == parts.begin() ? parts.front() : *(after - 1);
}

std::optional<SheetTable> table_of(const source::SourceSet& sources, std::uint32_t file, diagnostics::Sink& sink,
                                   const SheetOptions& options) {
  SheetFault fault;
  const auto sheet = read_sheet(sources[file].text(), options, fault);
  if (!sheet) {
    const auto at = static_cast<std::uint32_t>(fault.offset);
    sink.report(Kind::bad_sheet, {file, at, at}, fault.message);
    return std::nullopt;
  }
  auto table = SheetReader(*sheet, file, sink).read();
  if (!table) return std::nullopt;
  // What it says must be one table with these rows; complaints are shown at the cells they come from.
  source::SourceSet made;
  diagnostics::Sink complaints;
  const std::uint32_t text = made.add("sheet", table->text);
  const ast::File parsed = parse::parse_file(made, text, complaints);
  for (const diagnostics::Diagnostic& one : complaints.all()) {
    const SheetTable::Part& part = table->part_at(one.span.begin);
    const auto at = static_cast<std::uint32_t>(part.offset);
    sink.add(one.kind, {file, at, at}, fmt::format("{}: {}", place_text(part), one.message)).mend = one.mend;
  }
  if (complaints.has_errors()) return std::nullopt;
  std::size_t rules = 0;
  for (const auto& row : *sheet)
    rules +=
        !row.empty() && (row.front().text == "otherwise" ||
                         (row.size() > 1 &&
                          std::any_of(row.begin(), row.end(), [](const SheetCell& c) { return !c.text.empty(); }) &&
                          std::all_of(row.front().text.begin(), row.front().text.end(),
                                      [](char c) { return c >= '0' && c <= '9'; })))
            ? 1
            : 0;
  const auto* declaration =
      parsed.declarations.size() == 1 ? std::get_if<ast::TableDecl>(&parsed.declarations.front()) : nullptr;
  if (!declaration || declaration->rows.size() != rules) {
    sink.report(Kind::bad_sheet, {file, 0, 0}, "a cell holds more than one cell can say");
    return std::nullopt;
  }
  return table;
}

std::string place_text(const SheetTable::Part& part) {
  return fmt::format("row {}, column {}", part.row + 1, column_letters(part.column));
}

} // namespace aceso::decision_tables
