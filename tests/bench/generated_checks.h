#pragma once
/// Guidelines of any size for the benchmarks of the deep checks, and the same tables in SMT-LIB. The same arguments
/// give the same text on every machine.

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace aceso::bench {

/// A column of a table: a number from 0 to `most`, or one of `most + 1` members.
struct Column {
  bool is_number = true;
  int most = 0;
};
struct Cell {
  int low = 0, high = 0; ///< inclusive; for a member both are its position
  bool is_any = false;
};
struct Row {
  std::vector<Cell> cells;
  int output = 0;
};
struct Table {
  std::string policy = "first";
  std::vector<Column> columns;
  std::vector<Row> rows;
};
constexpr int outputs = 8;

/// Numbers of its own, because the distributions of the standard library differ between implementations.
class Dice {
public:
  explicit Dice(unsigned seed) : random_(seed) {}
  int below(int size) { return static_cast<int>(random_() % static_cast<unsigned>(size)); }

private:
  std::mt19937 random_;
};

/// A first-hit table each of whose rows asks for `asked` columns, an interval of about `tenths` tenths of the range in
/// each; every hundredth row is a narrower copy of an earlier one, which nobody reaches.
[[nodiscard]] inline Table random_table(int rows, std::vector<Column> columns, int asked, int tenths, unsigned seed) {
  Dice dice(seed);
  Table table{"first", std::move(columns), {}};
  const int count = static_cast<int>(table.columns.size());
  for (int r = 0; r < rows; ++r) {
    Row row;
    row.output = dice.below(outputs);
    row.cells.assign(table.columns.size(), Cell{0, 0, true});
    if (r % 100 == 99) {
      row.cells = table.rows[static_cast<std::size_t>(dice.below(r))].cells;
      for (std::size_t c = 0; c < row.cells.size(); ++c) {
        Cell& cell = row.cells[c];
        if (!table.columns[c].is_number) continue;
        if (cell.is_any) cell = {0, table.columns[c].most, false};
        cell.low += (cell.high - cell.low) / 4;
        cell.high -= (cell.high - cell.low) / 4;
      }
    } else {
      for (int left = asked; left > 0;) {
        const int c = dice.below(count);
        Cell& cell = row.cells[static_cast<std::size_t>(c)];
        if (!cell.is_any) continue;
        --left;
        const Column& column = table.columns[static_cast<std::size_t>(c)];
        if (!column.is_number) {
          const int member = dice.below(column.most + 1);
          cell = {member, member, false};
          continue;
        }
        const int width = (column.most + 1) * (tenths * 50 + dice.below(tenths * 100)) / 1000;
        const int low = dice.below(column.most + 1 - width);
        cell = {low, low + width, false};
      }
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

/// Seven columns, all asked for and narrow: few rows meet.
[[nodiscard]] inline Table sparse_table(int rows) {
  return random_table(rows, {{true, 999}, {true, 999}, {true, 999}, {true, 999}, {true, 999}, {false, 5}, {false, 1}},
                      7, 1, 1);
}

/// Twelve columns, nine of them asked for, wide: each row meets hundreds of others.
[[nodiscard]] inline Table dense_table(int rows) {
  std::vector<Column> columns(10, Column{true, 999});
  columns.push_back({false, 2});
  columns.push_back({false, 1});
  return random_table(rows, std::move(columns), 9, 4, 2);
}

/// A `unique` table whose rows tile the whole space: ten bands in each of four columns at most. Where `is_flawed`, one
/// row is a step too short and another a step too long.
[[nodiscard]] inline Table unique_table(int rows, bool is_flawed) {
  Table table{"unique", {{true, 999}, {true, 999}, {true, 999}, {true, 999}}, {}};
  const int bands = rows >= 10'000 ? 10 : rows >= 1'000 ? 6 : 3;
  const auto band = [&](int position) {
    return Cell{1000 * position / bands, 1000 * (position + 1) / bands - 1, false};
  };
  Dice dice(3);
  for (int r = 0; r < bands * bands * bands * bands; ++r) {
    Row row{
        {band(r % bands), band(r / bands % bands), band(r / bands / bands % bands), band(r / bands / bands / bands)},
        dice.below(outputs)};
    table.rows.push_back(std::move(row));
  }
  if (is_flawed) {
    --table.rows[table.rows.size() / 3].cells[0].high;
    ++table.rows[table.rows.size() / 2].cells[1].high;
  }
  return table;
}

/// The table as a guideline: an action for each output, and a rule that advises it.
[[nodiscard]] inline std::string guideline_of(const Table& table) {
  std::string text = "guideline generated { title \"Generated\" version 0.1.0 published 2026-01-01 }\nsource s \"S\"\n"
                     "inputs i \"I\" {\n";
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    text += fmt::format("  x{} : ", c);
    if (table.columns[c].is_number) {
      text += fmt::format("number from 0 to {} step 1 typical 500\n", table.columns[c].most);
      continue;
    }
    for (int m = 0; m <= table.columns[c].most; ++m)
      text += fmt::format("{}m{}_{}", m == 0 ? "one of { " : ", ", c, m);
    text += " }\n";
  }
  text += "}\n";
  std::string names, rules;
  for (int o = 0; o < outputs; ++o) {
    names += fmt::format("{}o{}", o == 0 ? "" : ", ", o);
    rules += fmt::format("action a{0} \"A {0}\" : test\nrule r{0} {{ when t = o{0} recommend a{0} cite s }}\n", o);
  }
  text += fmt::format("table t : one of {{ {} }} {} {{\n ", names, table.policy);
  for (std::size_t c = 0; c < table.columns.size(); ++c)
    text += fmt::format("{}x{}", c == 0 ? " " : " | ", c);
  text += " -> t\n";
  for (const Row& row : table.rows) {
    for (std::size_t c = 0; c < row.cells.size(); ++c) {
      const Cell& cell = row.cells[c];
      text += c == 0 ? "  " : " | ";
      text += cell.is_any                  ? "-"
              : table.columns[c].is_number ? fmt::format("{} to {}", cell.low, cell.high)
                                           : fmt::format("m{}_{}", c, cell.low);
    }
    text += fmt::format(" -> o{}\n", row.output);
  }
  if (table.policy == "first") text += "  otherwise -> o0\n";
  return text + "}\n" + rules;
}

/// Rules that meet in common actions: each asks for three or four of `inputs` facts.
[[nodiscard]] inline std::string guideline_of_rules(int rules, int inputs, int changed = 0) {
  Dice dice(4), edits(5); // an edit leaves the other rules as they are
  std::string text = "guideline generated { title \"Generated\" version 0.1.0 published 2026-01-01 }\nsource s \"S\"\n"
                     "inputs i \"I\" {\n";
  for (int i = 0; i < inputs; ++i)
    text += i % 3 == 0 ? fmt::format("  x{} : number from 0 to 100 step 1 typical 50\n", i)
                       : fmt::format("  x{} : yes/no\n", i);
  text += "}\n";
  const int actions = rules / 10 + 1;
  for (int a = 0; a < actions; ++a)
    text += fmt::format("action a{0} \"A {0}\" : test\n", a);
  for (int a = 0; a + 9 < actions; a += 10)
    text += fmt::format("action_class c{} at most one {{ a{}, a{} }}\n", a, a, a + 5);
  const char* verbs[] = {"recommend", "recommend", "suggest", "recommend", "avoid"};
  for (int r = 0; r < rules; ++r) {
    std::string condition;
    const int size = 3 + dice.below(2);
    for (int k = 0; k < size; ++k) {
      const int x = dice.below(inputs), limit = 10 + dice.below(80);
      condition += k == 0 ? "" : k == 3 ? " or " : " and ";
      condition += k == 0 && size == 4 ? "(" : "";
      condition += x % 3 == 0       ? fmt::format("x{} {} {}", x, limit % 2 == 0 ? ">=" : "<", limit)
                   : limit % 2 == 0 ? fmt::format("x{}", x)
                                    : fmt::format("not x{}", x);
      condition += k == 2 && size == 4 ? ")" : "";
    }
    // An edit: the rule asks for one fact more.
    const int step = changed == 0 ? 0 : rules / changed;
    if (step != 0 && r % step == step / 2)
      condition = fmt::format("({}) and x{}", condition, 3 * edits.below(inputs / 3) + 1);
    const int verb = dice.below(5);
    text += fmt::format("rule r{} {{ when {} {} a{} cite s }}\n", r, condition, verbs[verb], dice.below(actions));
  }
  return text;
}

/// One query a row in SMT-LIB over integers: "this row is the first that matches", or for `unique` "another row matches
/// as well", and then whether a row matches at all.
[[nodiscard]] inline std::string smt_of(const Table& table) {
  std::string text = "(set-logic QF_LIA)\n";
  for (std::size_t c = 0; c < table.columns.size(); ++c)
    text +=
        fmt::format("(declare-const x{0} Int)\n(assert (and (>= x{0} 0) (<= x{0} {1})))\n", c, table.columns[c].most);
  const bool is_first = table.policy == "first";
  std::string all = "false", count = "0", queries;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    std::string hit = "true";
    for (std::size_t c = 0; c < table.columns.size(); ++c)
      if (const Cell& cell = table.rows[r].cells[c]; !cell.is_any)
        hit += fmt::format(" (>= x{0} {1}) (<= x{0} {2})", c, cell.low, cell.high);
    text += fmt::format("(define-fun h{} () Bool (and {}))\n", r, hit);
    if (is_first) {
      text += fmt::format("(push)\n(assert h{0})\n(check-sat)\n(pop)\n(assert (not h{0}))\n", r);
    } else {
      queries += fmt::format("(push)\n(assert h{})\n(assert (>= matching 2))\n(check-sat)\n(pop)\n", r);
      all += fmt::format(" h{}", r);
      count += fmt::format(" (ite h{} 1 0)", r);
    }
  }
  if (!is_first)
    text += fmt::format("(define-fun matching () Int (+ {}))\n{}(assert (not (or {})))\n(check-sat)\n", count, queries,
                        all);
  return text;
}

} // namespace aceso::bench
