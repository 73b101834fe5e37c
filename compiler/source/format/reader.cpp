#include "format/reader.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <utility>

namespace aceso::format {
namespace {

/// Words that are never names.
constexpr std::array hard_words{std::string_view{"and"},       std::string_view{"else"}, std::string_view{"if"},
                                std::string_view{"in"},        std::string_view{"is"},   std::string_view{"no"},
                                std::string_view{"not"},       std::string_view{"now"},  std::string_view{"or"},
                                std::string_view{"otherwise"}, std::string_view{"then"}, std::string_view{"unknown"},
                                std::string_view{"unless"},    std::string_view{"when"}, std::string_view{"yes"}};

/// Words that begin a clause or a declaration, sorted: those of the rule `name` of the grammar that are not in
/// `plainName`.
constexpr std::string_view clause_words[] = {"accepts",        "action",     "action_class", "after",
                                             "applies",        "argument",   "as",           "ask",
                                             "assume",         "at",         "audience",     "avoid",
                                             "because",        "before",     "below",        "case",
                                             "caution",        "certainty",  "cite",         "codes",
                                             "concept",        "confirms",   "constraint",   "contraindicate",
                                             "decide",         "decided_by", "define",       "developer",
                                             "differential",   "document",   "doi",          "during",
                                             "edition",        "ends",       "even",         "excludes",
                                             "expect",         "fresh",      "function",     "funding",
                                             "given",          "go",         "guideline",    "hierarchy",
                                             "improving",      "includes",   "inputs",       "interacts",
                                             "interpretation", "languages",  "license",      "meets",
                                             "message",        "module",     "molar_mass",   "never",
                                             "note",           "numbered",   "of",           "over",
                                             "overlaps",       "overrides",  "pathway",      "property",
                                             "published",      "reading",    "recommend",    "reference",
                                             "repeat",         "require",    "review_by",    "rule",
                                             "scope",          "series",     "source",       "stage",
                                             "start",          "starts",     "status",       "step",
                                             "suggest",        "system",     "table",        "text",
                                             "title",          "to",         "type",         "typical",
                                             "unit",           "up",         "url",          "use",
                                             "value_set",      "version",    "whenever",     "within",
                                             "worsening"};

bool has(const auto& sorted, std::string_view word) {
  return std::binary_search(std::begin(sorted), std::end(sorted), word);
}

/// The width of a row's first line, without columns.
std::size_t plain_width(const Row& row) {
  std::size_t width = 0;
  for (const Doc& cell : row.cells)
    width += cell->width + 1;
  if (row.tail) width += row.tail->is_broken ? std::string_view(" {").size() : row.tail->width + 1;
  return width == 0 ? 0 : width - 1;
}

bool is_broken(const Doc& part) { return part && part->is_broken; }

bool is_single_line(const Row& row, std::size_t indent) {
  const bool broken =
      !row.below.empty() || is_broken(row.tail) || std::any_of(row.cells.begin(), row.cells.end(), is_broken);
  return !broken && indent + plain_width(row) <= line_limit;
}

/// A block that may stand on one line.
bool has_short_tail(const Row& row) { return row.tail && row.tail->kind == DocumentKind::group; }

bool is_after_blank(const Token& token) {
  return token.blank_before || std::any_of(token.before.begin(), token.before.end(),
                                           [](const Comment& comment) { return comment.blank_before; });
}

/// A cell can be padded if another one follows and it stands on one line.
bool can_pad(const Row& row, std::size_t column) {
  if (column + 1 >= row.cells.size() || (row.hugs && row.cells[row.fills_from - 1]->is_broken)) return false;
  for (std::size_t i = 0; i <= column; ++i)
    if (row.cells[i]->is_broken || row.cells[i]->ends_comment || row.cells[i + 1]->starts_comment) return false;
  return true;
}

/// True where an expression cannot end.
bool leaves_open(const Token& token) {
  static constexpr std::string_view words[] = {"and", "else", "if", "in", "is", "not", "or", "then"};
  if (token.kind == TokenKind::word) return has(words, token.text);
  return token.kind == TokenKind::sign && token.text != "}" && token.text != ")" && token.text != "]" &&
         token.text != ":";
}

/// True where nothing new can begin.
bool goes_on(const Token& token, bool in_table) {
  static constexpr std::string_view words[] = {"and", "else", "or", "then"};
  static constexpr std::string_view signs[] = {")", "*", "+", ",", "->", ".", "/", "]", "|", "}"};
  static constexpr std::string_view of_scores[] = {"!=", "<", "<=", "=", ">", ">=", "if", "in", "is"};
  if (token.kind == TokenKind::text) return !in_table;
  if (token.kind == TokenKind::word ? has(words, token.text) : token.kind == TokenKind::sign && has(signs, token.text))
    return true;
  return !in_table && has(of_scores, token.text);
}

} // namespace

std::size_t column_width(std::vector<std::size_t> widths, std::size_t reach) {
  if (widths.empty()) return 0;
  std::sort(widths.begin(), widths.end());
  const auto limit = widths[(widths.size() - 1) / 2] + reach;
  return *std::prev(std::upper_bound(widths.begin(), widths.end(), limit));
}

// ---------------------------------------------------------------- stepping

bool Reader::is_one_of(std::initializer_list<std::string_view> texts, std::size_t ahead) const {
  return std::any_of(texts.begin(), texts.end(), [&](std::string_view text) { return is(text, ahead); });
}

bool Reader::is_name(const Token& token) { return token.kind == TokenKind::word && !has(hard_words, token.text); }

bool Reader::is_name(std::size_t ahead) const { return is_name(peek(ahead)); }

bool Reader::is_plain_name(std::size_t ahead) const { return is_name(ahead) && !has(clause_words, peek(ahead).text); }

Doc Reader::take() {
  if (is_kind(TokenKind::end)) fail();
  return build_.token(at_++);
}

Doc Reader::take(std::string_view text) {
  if (!is(text)) fail();
  return take();
}

Doc Reader::take(TokenKind kind) {
  if (!is_kind(kind)) fail();
  return take();
}

Doc Reader::take_name() {
  if (!is_name()) fail();
  return take();
}

Row Reader::read_line_item(LineBlock kind, const std::function<Row()>& read) {
  std::size_t depth = 0;
  auto end = at_ + 1;
  for (; end + 1 < tokens_.size(); ++end) {
    const Token& before = tokens_[end - 1];
    if (before.kind == TokenKind::sign && (before.text == "{" || before.text == "(" || before.text == "[")) ++depth;
    const Token& token = tokens_[end];
    const bool closes = token.kind == TokenKind::sign && (token.text == "}" || token.text == ")" || token.text == "]");
    if (closes && depth-- == 0) break;
    if (depth != 0 || token.line == before.line) continue;
    if (!goes_on(token, kind == LineBlock::table) && !leaves_open(before)) break;
  }
  const auto outer = std::exchange(limit_, end);
  Row row = read();
  limit_ = outer;
  return row;
}

// ---------------------------------------------------------------- putting together

Doc Reader::words(const std::vector<Doc>& parts) const {
  std::vector<Doc> all;
  for (const Doc& part : parts) {
    if (!all.empty()) all.push_back(space());
    all.push_back(part);
  }
  return build_.concat(std::move(all));
}

Doc Reader::separated(const std::vector<Doc>& parts) const {
  std::vector<Doc> all;
  for (const Doc& part : parts) {
    if (!all.empty()) all.push_back(build_.line());
    all.push_back(part);
  }
  return build_.concat(std::move(all));
}

Doc Reader::lines(const std::vector<Doc>& parts) const { return build_.group(build_.nest(4, separated(parts))); }

std::vector<Doc> Reader::comma_list(const std::function<Doc()>& read) {
  std::vector<Doc> parts{read()};
  while (is(",")) {
    parts.back() = build_.concat({parts.back(), take()});
    parts.push_back(read());
  }
  return parts;
}

std::vector<Doc> Reader::elements(std::string_view closing, const std::function<Doc()>& read) {
  std::vector<Doc> parts;
  while (!is(closing)) {
    parts.push_back(read());
    if (is(closing)) break;
    if (!is(",")) fail();
    const bool is_last = is(closing, 1);
    if (is_last && peek().before.empty() && peek().after.empty())
      ++at_;
    else
      parts.back() = build_.concat({parts.back(), take()});
  }
  return parts;
}

Doc Reader::brace_list(const std::function<Doc()>& read, ListStyle style) {
  const Doc open = take("{");
  const auto parts = elements("}", read);
  const auto closing = at_++;
  std::vector<Doc> inner{build_.line()};
  if (style == ListStyle::fill) {
    inner.push_back(build_.fill(parts));
  } else {
    for (const Doc& part : parts) {
      if (inner.size() > 1) inner.push_back(build_.line());
      inner.push_back(part);
    }
  }
  inner.push_back(build_.dangling(closing));
  return build_.group(build_.concat(
      {open, build_.nest(2, build_.concat(std::move(inner))), build_.line(), build_.token(closing, false)}));
}

std::vector<Row> Reader::rows_until(std::string_view closing, const std::function<Row()>& read) {
  std::vector<Row> rows;
  while (!is(closing)) {
    const auto first = at_;
    rows.push_back(read());
    rows.back().first = first;
    tokens_[first].starts_row = true;
    tokens_[first].starts_block = rows.size() == 1;
  }
  return rows;
}

Doc Reader::close_block(Doc rows, std::size_t closing) {
  tokens_[closing].starts_block = rows->is_empty;
  std::vector<Doc> inner{std::move(rows), build_.dangling(closing)};
  const bool is_empty = inner[0]->is_empty && inner[1]->is_empty;
  std::vector<Doc> parts{build_.nest(2, build_.concat(std::move(inner)))};
  if (!is_empty) parts.push_back(build_.hardline());
  parts.push_back(build_.token(closing, false));
  return build_.concat(std::move(parts));
}

Doc Reader::block(std::size_t indent, const Columns& columns, const std::function<Row()>& read) {
  const Doc open = take("{");
  const auto rows = rows_until("}", read);
  const auto closing = at_++;
  return build_.concat({open, close_block(lay_rows(rows, indent, columns), closing)});
}

Doc Reader::small_block(std::size_t indent, const std::function<Row()>& read) {
  const Doc open = take("{");
  const auto rows = rows_until("}", read);
  const auto closing = at_++;
  if (rows.size() != 1) return build_.concat({open, close_block(lay_rows(rows, indent, {}), closing)});
  tokens_[closing].starts_block = false;
  return build_.group(build_.concat(
      {open, build_.nest(2, build_.concat({build_.line(), lay_row(rows[0], {}, indent), build_.dangling(closing)})),
       build_.line(), build_.token(closing, false)}));
}

std::size_t Reader::padding_of(const Row& row, std::size_t column, const std::vector<std::size_t>& widths) {
  if (column >= widths.size() || !can_pad(row, column)) return 0;
  return widths[column] > row.cells[column]->width ? widths[column] - row.cells[column]->width : 0;
}

std::size_t Reader::padded_width(const Row& row, const std::vector<std::size_t>& widths) {
  std::size_t width = plain_width(row);
  for (std::size_t i = 0; i < widths.size(); ++i)
    width += padding_of(row, i, widths);
  return width;
}

Doc Reader::lay_filled(const Row& row, const std::vector<std::size_t>& widths) const {
  std::vector<Doc> head;
  std::vector<Doc> rest;
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const Doc padded = build_.concat({row.cells[i], build_.blanks(padding_of(row, i, widths))});
    if (i >= row.fills_from)
      rest.push_back(padded);
    else
      head.insert(head.end(), {padded, space()});
  }
  head.pop_back();
  Doc first = build_.concat(std::move(head));
  if (rest.empty()) return first;
  if (row.hugs) return words({first, build_.nest(4, build_.fill(std::move(rest)))});
  rest.insert(rest.begin(), first);
  return build_.nest(4, build_.fill(std::move(rest)));
}

/// A row that its columns would make too long leaves the last of them first; a clause stays in its column.
Doc Reader::lay_row(const Row& row, std::vector<std::size_t> widths, std::size_t indent) const {
  const bool has_broken_cell = std::any_of(row.cells.begin(), row.cells.end(), is_broken);
  if (!has_broken_cell && indent + plain_width(row) <= line_limit && row.kind != "clause")
    while (indent + padded_width(row, widths) > line_limit)
      widths.pop_back();
  else if (row.fills_from != 0 && widths.size() > 1)
    widths.resize(1);
  Doc whole;
  if (row.fills_from != 0) {
    whole = lay_filled(row, widths);
  } else {
    std::vector<Doc> parts;
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      if (i > 0) {
        const auto blanks = 1 + padding_of(row, i - 1, widths);
        const bool breaks = row.breaks_at_last && i + 1 == row.cells.size();
        parts.push_back(breaks ? build_.line(blanks) : build_.blanks(blanks));
      }
      parts.push_back(row.cells[i]);
    }
    whole = build_.concat(std::move(parts));
    if (row.breaks_at_last) whole = build_.group(build_.nest(4, whole));
  }
  if (row.tail) whole = words({whole, row.tail});
  return build_.row(whole);
}

/// The last column becomes narrower until the rows fit that fit with the columns before it; wider cells stick out.
void Reader::narrow_last(std::span<const Row> rows, std::vector<std::size_t>& widths, std::size_t indent) {
  std::vector<std::size_t> before = widths;
  before.pop_back();
  const auto is_aligned = [&](const Row& row) {
    const bool has_broken_cell = std::any_of(row.cells.begin(), row.cells.end(), is_broken);
    return !has_broken_cell && indent + padded_width(row, before) <= line_limit;
  };
  const auto is_too_long = [&](const Row& row) {
    return is_aligned(row) && indent + padded_width(row, widths) > line_limit;
  };
  while (widths.back() != 0 && std::any_of(rows.begin(), rows.end(), is_too_long)) {
    std::size_t next = 0;
    for (const Row& row : rows)
      if (is_aligned(row) && row.cells.size() > before.size() && row.cells[before.size()]->width < widths.back())
        next = std::max(next, row.cells[before.size()]->width);
    widths.back() = next;
  }
}

void Reader::break_tails(std::vector<Row>& rows, std::size_t begin, std::size_t end) const {
  for (auto i = begin; i < end; ++i)
    if (has_short_tail(rows[i])) rows[i].tail = build_.broken(rows[i].tail);
}

void Reader::break_tails(std::vector<Row>& rows, std::size_t indent, const Columns& columns) const {
  for (std::size_t begin = 0; begin < rows.size();) {
    bool breaks = false;
    auto end = begin;
    for (; end < rows.size() && rows[end].kind == rows[begin].kind; ++end) {
      if (!columns.across_blanks && end != begin && is_after_blank(tokens_[rows[end].first])) break;
      breaks = breaks || (has_short_tail(rows[end]) && !is_single_line(rows[end], indent));
    }
    if (breaks) break_tails(rows, begin, end);
    begin = end;
  }
}

Doc Reader::lay_rows(std::vector<Row> rows, std::size_t indent, const Columns& columns) {
  break_tails(rows, indent, columns);
  std::vector<Doc> parts;
  for (std::size_t begin = 0; begin < rows.size();) {
    const auto belongs = [&](std::size_t i) {
      return rows[i].kind == rows[begin].kind && (!columns.single_lines || is_single_line(rows[i], indent)) &&
             (columns.across_blanks || i == begin || !is_after_blank(tokens_[rows[i].first]));
    };
    std::size_t end = begin;
    while (end < rows.size() && belongs(end))
      ++end;
    const bool is_run = end > begin;
    end = std::max(end, begin + 1);
    std::vector<std::size_t> widths;
    for (std::size_t column = 0; is_run; ++column) {
      std::vector<std::size_t> found;
      for (std::size_t i = begin; i < end; ++i)
        if (can_pad(rows[i], column) && (rows[i].kind != "first" || is_single_line(rows[i], indent)))
          found.push_back(rows[i].cells[column]->width);
      if (found.empty()) break;
      widths.push_back(column_width(std::move(found), columns.reach));
    }
    if (!widths.empty() && columns.first_width != 0) widths[0] = columns.first_width;
    const auto run = std::span(rows).subspan(begin, end - begin);
    const auto is_too_long = [&](const Row& row) {
      return has_short_tail(row) && indent + padded_width(row, widths) > line_limit;
    };
    if (!columns.single_lines && std::any_of(run.begin(), run.end(), is_too_long)) break_tails(rows, begin, end);
    if (rows[begin].kind == "item" && widths.size() > 1) narrow_last(run, widths, indent);
    for (std::size_t i = begin; i < end; ++i) {
      const Doc row = build_.concat({build_.hardline(), lay_row(rows[i], widths, indent + rows[i].extra_indent)});
      parts.push_back(rows[i].extra_indent == 0 ? row : build_.nest(rows[i].extra_indent, row));
      for (const Doc& line : rows[i].below)
        parts.insert(parts.end(), {build_.hardline(), build_.row(line)});
    }
    begin = end;
  }
  return build_.concat(std::move(parts));
}

} // namespace aceso::format
