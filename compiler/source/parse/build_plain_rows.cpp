/// The rows of large tables without ANTLR: where each cell is a value, a range or a comparison, reading them takes a
/// tenth of the time, and no tree of contexts has to be built and freed.

#include "parse/tree_builder.h"

namespace aceso::parse {

using ast::ExpressionPtr;

namespace {

bool ends_row(const SourceToken& token) {
  return token.getType() == AcesoParser::NEW_LINE || token.getType() == AcesoParser::RIGHT_BRACE;
}

} // namespace

/// A name, a number, a quantity, yes or no; null for anything else.
ExpressionPtr TreeBuilder::plain_value(std::size_t& at) const {
  const SourceToken& token = tokens_[at];
  switch (token.getType()) {
  case AcesoParser::NUMBER: {
    const SourceToken& next = tokens_[++at];
    const bool has_unit = next.getType() == AcesoParser::UNIT_WORD || next.getType() == AcesoParser::UNIT ||
                          next.getType() == AcesoParser::QUOTED_UNIT;
    if (has_unit) ++at;
    return number(&token, has_unit ? &next : nullptr);
  }
  case AcesoParser::NAME: {
    ++at;
    ExpressionPtr result = make(ast::ExpressionKind::name, span(&token));
    result->text = word(&token);
    result->text_span = result->span;
    return result;
  }
  case AcesoParser::KW_YES:
  case AcesoParser::KW_NO: ++at; return constant(&token);
  default: return nullptr;
  }
}

bool TreeBuilder::plain_cell(std::size_t& at, ast::Cell& cell) const {
  const std::size_t first = at;
  if (tokens_[at].getType() == AcesoParser::MINUS && tokens_[at + 1].getType() != AcesoParser::NUMBER) {
    ++at;
  } else {
    ast::CellTest test;
    switch (tokens_[at].getType()) {
    case AcesoParser::LESS:
    case AcesoParser::LESS_OR_EQUAL:
    case AcesoParser::GREATER:
    case AcesoParser::GREATER_OR_EQUAL:
      test.kind = ast::CellTest::Kind::compare;
      test.comparisons.push_back(comparison_kind(tokens_[at++].getType()));
      break;
    default: break;
    }
    test.values.push_back(plain_value(at));
    if (!test.values.back()) return false;
    if (test.kind == ast::CellTest::Kind::value && tokens_[at].getType() == AcesoParser::KW_TO) {
      test.kind = ast::CellTest::Kind::range;
      test.values.push_back(plain_value(++at));
      if (!test.values.back()) return false;
    }
    test.span = span(&tokens_[first], &tokens_[at - 1]);
    cell.tests.push_back(std::move(test));
  }
  cell.span = span(&tokens_[first], &tokens_[at - 1]);
  return true;
}

/// Reads the row that begins at `at` and moves behind it; nothing where the row is not plain.
std::optional<ast::TableRow> TreeBuilder::plain_row(std::size_t& at) const {
  ast::TableRow row;
  const std::size_t first = at;
  if (!plain_rows_.empty()) row.cells.reserve(plain_rows_.back().cells.size());
  while (true) {
    if (!plain_cell(at, row.cells.emplace_back())) return std::nullopt;
    const std::size_t sign = tokens_[at++].getType();
    if (sign == AcesoParser::ARROW) break;
    if (sign != AcesoParser::PIPE) return std::nullopt;
  }
  row.output = plain_value(at);
  if (!row.output || !ends_row(tokens_[at])) return std::nullopt;
  row.span = span(&tokens_[first], &tokens_[at - 1]);
  return row;
}

TreeBuilder::Stretch TreeBuilder::read_plain_rows(std::size_t table) {
  plain_rows_.clear();
  std::size_t at = table + 1;
  while (tokens_[at].getType() != AcesoParser::NEW_LINE) {
    if (at >= tokens_.last() || tokens_[at].starts_declaration) return {};
    ++at;
  }
  const std::size_t begin = at;
  while (tokens_[at].getType() == AcesoParser::NEW_LINE) {
    std::size_t end = at + 1;
    auto row = plain_row(end);
    if (!row) break;
    plain_rows_.push_back(std::move(*row));
    at = end;
  }
  return {begin, at};
}

} // namespace aceso::parse
