/// Rows that are read without ANTLR are the same as with it. A table is read that way up to its first row that is not
/// plain, so the same rows behind such a row take the other way.

#include "parse_support.h"

#include <random>

namespace aceso::test {
namespace {

/// Everything the tree says about a row, with the texts of its places.
std::string show(const Parsed& parsed, const ast::TableRow& row) {
  const auto value = [&](const ast::ExpressionPtr& e) {
    if (!e) return std::string("none");
    return test::show(e) + "@" + std::string(parsed.at(e->span)) + "@" + std::string(parsed.at(e->text_span)) + "@" +
           std::string(parsed.at(e->unit_span));
  };
  std::string text = std::string(parsed.at(row.span)) + (row.is_otherwise ? " otherwise" : "");
  for (const ast::Cell& cell : row.cells) {
    text += "\n cell " + std::string(parsed.at(cell.span)) + (cell.negated ? " not" : "");
    for (const ast::CellTest& one : cell.tests) {
      text += "\n  test " + std::to_string(static_cast<int>(one.kind)) + " " + std::string(parsed.at(one.span));
      for (const ast::ExpressionKind comparison : one.comparisons)
        text += " " + std::to_string(static_cast<int>(comparison));
      for (const ast::ExpressionPtr& each : one.values)
        text += " " + value(each);
    }
  }
  return text + "\n -> " + value(row.output);
}

constexpr const char* odd_row = "  not 1 | - -> zero\n";

std::string table_of(const std::string& rows, const std::string& first = {}) {
  return "table t : one of { zero, one } first {\n  a | b -> t\n" + first + rows + "}\nsource s \"S\"\n";
}

void expect_same(const std::string& rows) {
  const Parsed quick(table_of(rows)), slow(table_of(rows, odd_row));
  EXPECT_EQ(quick.messages(), "") << rows;
  ASSERT_EQ(quick.file.declarations.size(), 2U) << rows;
  ASSERT_EQ(slow.file.declarations.size(), 2U) << rows;
  const auto& a = quick.get<ast::TableDecl>(0);
  const auto& b = slow.get<ast::TableDecl>(0);
  ASSERT_EQ(a.rows.size() + 1, b.rows.size()) << rows;
  for (std::size_t i = 0; i < a.rows.size(); ++i)
    EXPECT_EQ(show(quick, a.rows[i]), show(slow, b.rows[i + 1]));
  EXPECT_EQ(quick.at(a.span), table_of(rows).substr(0, a.span.end));
  EXPECT_EQ(a.columns.size(), b.columns.size());
  EXPECT_EQ(quick.at(a.output.span), "t");
  EXPECT_EQ(a.cites.size(), b.cites.size());
}

TEST(PlainRows, AreReadAsByTheGrammar) {
  expect_same("  1 | 2 to 4 weeks -> one\n  > 5 | <= 0.5 mg/L -> zero\n");
  expect_same("  - | yes -> one // why\n  no | - -> zero\n");
  expect_same("  1 | 2 -> 5 3 | 4 -> 6\n"); // two rows on one line
  expect_same("  1 | 2 '10*3/uL' -> one\n  otherwise -> zero\n");
  expect_same("  1 | 2 ->\n    one\n  1\n | 3 -> zero\n");
  expect_same("");
}

TEST(PlainRows, StandBeforeTheOthers) {
  expect_same("  1 | 2 -> one\n  1, 2 | 3 -> zero\n  2 | 3 -> one\n");
  expect_same("  1 | - 2 -> one\n  2 | 3 -> zero\n");
  expect_same("  1 | any -> one\n  unknown | 3 -> zero\n");
  expect_same("  1 | >= 2 and < 4 -> one\n  2 | (3) -> zero\n");
  expect_same("  1 | 2 -> one\n  cite s at \"1\"\n  2 | 3 -> zero\n");
  expect_same("  1 | 2 -> if yes then one else zero\n  2 | f(3) -> one\n  1 | 2 + 3 -> zero\n");
}

TEST(PlainRows, OfRandomCellsAreReadAsByTheGrammar) {
  const std::string cells[] = {"-",     "1",   "2.5",    "yes",     "no",         "name",         "1 to 3",
                               "< 4",   ">=5", "= 2",    "!= name", "1 mg",       "1 to 2 weeks", "any",
                               "<= 30", "> x", "a to b", "1, 2",    "2026-01-01", "-3",           "not 4"};
  std::mt19937 random(7);
  const auto cell = [&] { return cells[random() % std::size(cells)]; };
  for (int i = 0; i < 200; ++i) {
    std::string rows;
    for (std::size_t left = random() % 6; left > 0; --left)
      rows += "  " + cell() + " | " + cell() + " -> " + (random() % 3 == 0 ? "zero" : "one") + "\n";
    expect_same(rows);
  }
}

TEST(PlainRows, DoNotHideWhatIsWrongBehindThem) {
  const std::string good = "  1 | 2 -> one\n  2 | 3 -> zero\n";
  for (const std::string wrong : {"  1 | -> one\n", "  1 | 2 one\n", "  1 | 2 -> one | 3\n", "  ) -> one\n"}) {
    const Parsed behind(table_of(good + wrong)), alone(table_of(wrong));
    EXPECT_NE(alone.ids(), "");
    EXPECT_EQ(behind.ids(), alone.ids()) << behind.messages();
    EXPECT_EQ(behind.file.declarations.size(), alone.file.declarations.size());
  }
  const Parsed unclosed("table t : one of { zero, one } first {\n  a | b -> t\n" + good + "source s \"S\"\n");
  EXPECT_NE(unclosed.ids(), "");
}

} // namespace
} // namespace aceso::test
