/// Bands, scores and decision tables.
#include <fmt/format.h>

#include "check/checker.h"

namespace aceso::check {

using E = ast::ExpressionKind;

namespace {
graph::HitPolicy policy_of(ast::HitPolicy policy) { return static_cast<graph::HitPolicy>(policy); } // same order
} // namespace

NodeId Checker::lower_bands(const ast::Bands& bands, const ast::DefineDecl& declaration, TypeId type) {
  const NodeId subject = lower_exact(*bands.subject);
  if (!subject.is_valid()) return {};
  TypeId result = type;
  std::vector<NodeId> operands;
  const Value* last = nullptr;
  std::string last_text;
  std::vector<Value> limits;
  limits.reserve(bands.bands.size());
  const auto output = [&](const ast::Expression& e) {
    const NodeId id = result.is_valid() ? lower_as(e, result) : lower_exact(e);
    if (id.is_valid() && !result.is_valid())
      result = is_numeric(at(id).type) ? number_type(info(at(id).type).unit) : at(id).type;
    return id;
  };
  for (const auto& band : bands.bands) {
    NodeId limit = lower_exact(*band.limit, at(subject).type);
    NodeId left = subject;
    if (!limit.is_valid() || !unify(left, limit, band.limit->span, true)) return {};
    if (!is_constant(limit)) {
      sink_.report(Kind::not_a_constant, band.limit->span, "the limit of a band").mend =
          "write the number itself, or use `if ... then ... else`";
      return {};
    }
    if (at(limit).range() && last && !(last->as<Rational>() < at(limit).constant.as<Rational>())) {
      sink_.report(Kind::bands_not_rising, band.limit->span, text_of(band.limit->span), last_text).mend =
          "write the bands from the lowest limit to the highest";
      return {};
    }
    if (at(limit).range()) {
      limits.push_back(at(limit).constant);
      last = &limits.back();
      last_text = text_of(band.limit->span);
    }
    const NodeId condition = compare(band.inclusive ? E::less_or_equal : E::less, left, limit, band.span);
    const NodeId value = output(*band.value);
    if (!condition.is_valid() || !value.is_valid()) return {};
    operands.insert(operands.end(), {condition, value});
  }
  const NodeId otherwise = output(*bands.otherwise);
  if (!otherwise.is_valid()) return {};
  operands.insert(operands.end(), {constant(true, yes_no_, bands.otherwise->span), otherwise});
  Node n;
  n.op = Op::table;
  n.type = result;
  n.span = declaration.span;
  n.operands = std::move(operands);
  n.reference = static_cast<std::uint32_t>(graph::HitPolicy::first);
  return add(std::move(n));
}

NodeId Checker::lower_first_of(const ast::FirstOf& first, const ast::DefineDecl& declaration, TypeId type) {
  std::vector<NodeId> operands;
  TypeId result = type;
  bool ok = true;
  for (const auto& item : first.items) {
    const NodeId condition = item.condition ? lower_condition(*item.condition) : constant(true, yes_no_, item.span);
    const NodeId value = result.is_valid() ? lower_as(*item.value, result) : lower_exact(*item.value);
    if (!condition.is_valid() || !value.is_valid()) {
      ok = false;
      continue;
    }
    if (!result.is_valid())
      result = is_numeric(at(value).type) ? number_type(info(at(value).type).unit) : at(value).type;
    operands.insert(operands.end(), {condition, value});
  }
  if (!ok || operands.empty()) return {};
  Node n;
  n.op = Op::table;
  n.type = result;
  n.span = declaration.span;
  n.operands = std::move(operands);
  n.reference = static_cast<std::uint32_t>(graph::HitPolicy::first);
  return add(std::move(n));
}

NodeId Checker::lower_score(const ast::Score& score, Span span) {
  std::vector<NodeId> terms;
  const NodeId nothing = constant(Rational(0), number_, span);
  for (const auto& item : score.items) {
    const NodeId points = lower_exact(*item.points);
    if (!points.is_valid()) return {};
    if (!is_numeric(at(points).type) || !info(at(points).type).unit.empty()) {
      Diagnostic& d = sink_.report(Kind::type_mismatch, item.points->span, text_of(item.points->span),
                                   in_words(at(points).type), "a number of points");
      if (info(at(points).type).kind == TypeKind::scale)
        d.mend = fmt::format("take its score: {}.score", text_of(item.points->span));
      return {};
    }
    if (!item.condition) {
      terms.push_back(points);
      continue;
    }
    const NodeId condition = lower_condition(*item.condition);
    terms.push_back(node(Op::conditional, number_, item.span, {condition, points, nothing}));
    if (!terms.back().is_valid()) return {};
  }
  if (terms.size() < 2) terms.push_back(nothing);
  return node(Op::add, number_, span, std::move(terms));
}

/// "3-5": two amounts as written, with a sign between them.
static bool is_difference_of_amounts(const ast::Expression& value) {
  const auto is_amount = [](const ast::Expression& e) {
    const ast::Expression& amount = e.kind == E::negate ? *e.children.front() : e;
    return amount.kind == E::number || amount.kind == E::quantity;
  };
  return value.kind == E::subtract && is_amount(*value.children[0]) && is_amount(*value.children[1]);
}

NodeId Checker::lower_cell_test(const ast::CellTest& test, NodeId column) {
  using K = ast::CellTest::Kind;
  const TypeId type = at(column).type;
  switch (test.kind) {
  case K::unknown: return negation(node(Op::is_known, yes_no_, test.span, {column}), test.span);
  case K::value: {
    const ast::Expression& value = *test.values.front();
    if (type == yes_no_ && value.kind == E::yes_no) return value.text == "yes" ? column : negation(column, value.span);
    if (is_difference_of_amounts(value)) { // most authors mean a range
      sink_
          .report(Kind::bad_field, value.span,
                  fmt::format("in a cell `{}` would be a subtraction", text_of(value.span)))
          .mend = fmt::format("for a range write `{} to {}`", text_of(value.children[0]->span),
                              text_of(value.children[1]->span));
      return {};
    }
    return compare(E::equal, column, lower_exact(value, type), value.span);
  }
  case K::range: {
    const NodeId from = lower_exact(*test.values[0], type), to = lower_exact(*test.values[1], type);
    if (refuse_empty_range(from, to, test.span)) return {};
    const NodeId low = compare(E::greater_or_equal, column, from, test.span);
    const NodeId high = compare(E::less_or_equal, column, to, test.span);
    return node(Op::logical_and, yes_no_, test.span, {low, high});
  }
  case K::compare: break;
  }
  std::vector<NodeId> limits, holds;
  for (std::size_t i = 0; i < test.values.size(); ++i) {
    limits.push_back(lower_exact(*test.values[i], type));
    holds.push_back(compare(test.comparisons[i], column, limits.back(), test.span));
    if (!holds.back().is_valid()) return {};
  }
  const auto is_one_of = [&](std::size_t i, E strict, E other) {
    return test.comparisons[i] == strict || test.comparisons[i] == other;
  };
  if (limits.size() == 2 && is_one_of(0, E::greater, E::greater_or_equal) && is_one_of(1, E::less, E::less_or_equal) &&
      refuse_empty_range(limits[0], limits[1], test.span))
    return {};
  return all_of(std::move(holds), test.span);
}

NodeId Checker::lower_cell(const ast::Cell& cell, NodeId column) {
  if (cell.is_any()) return constant(true, yes_no_, cell.span);
  std::vector<NodeId> hits;
  for (const ast::CellTest& test : cell.tests) {
    hits.push_back(lower_cell_test(test, column));
    if (!hits.back().is_valid()) return {};
  }
  const NodeId hit = any_of(std::move(hits), cell.span);
  return cell.negated ? negation(hit, cell.span) : hit;
}

NodeId Checker::lower_table(const std::string& name, const ast::TableDecl& declaration) {
  const TypeId type = type_of(declaration.type, name);
  if (!type.is_valid()) return {};
  if (declaration.output.text != name)
    sink_.report(Kind::table_output_name, declaration.output.span, name, name).mend =
        fmt::format("write `-> {}`", name);
  const graph::HitPolicy policy = policy_of(declaration.policy);
  const bool lists = policy == graph::HitPolicy::collect_list && info(type).kind == TypeKind::list;
  const TypeId output_type = lists ? info(type).element : type;
  std::vector<NodeId> columns;
  bool ok = true;
  for (const auto& column : declaration.columns) {
    columns.push_back(lower_exact(*column));
    ok &= columns.back().is_valid();
  }
  std::vector<NodeId> operands, matches;
  for (const auto& row : declaration.rows) {
    if (row.is_otherwise && &row != &declaration.rows.back()) {
      sink_.report(Kind::row_after_otherwise, row.span).mend = "move it to the end";
      ok = false;
    }
    if (!row.is_otherwise && row.cells.size() != declaration.columns.size()) {
      sink_
          .add(Kind::wrong_cell_count, row.span,
               fmt::format("this row has {} cell{}, but the table has {} column{}", row.cells.size(),
                           row.cells.size() == 1 ? "" : "s", declaration.columns.size(),
                           declaration.columns.size() == 1 ? "" : "s"))
          .mend = "write one cell for each column, and `-` where any value will do";
      ok = false;
      continue;
    }
    std::vector<NodeId> cells;
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      if (row.cells[i].is_any() || !columns[i].is_valid()) continue;
      cells.push_back(lower_cell(row.cells[i], columns[i]));
      ok &= cells.back().is_valid();
    }
    // "otherwise" is what no other row matches; in a first-hit table its place at the end says that already.
    NodeId hit;
    if (row.is_otherwise && policy != graph::HitPolicy::first && !matches.empty())
      hit = negation(any_of(matches, row.span), row.span);
    else
      hit = cells.empty() ? constant(true, yes_no_, row.span) : all_of(std::move(cells), row.span);
    const NodeId output = lower_as(*row.output, output_type);
    if (!hit.is_valid() || !output.is_valid()) {
      ok = false;
      continue;
    }
    matches.push_back(hit);
    operands.insert(operands.end(), {hit, output});
  }
  if (!ok || operands.empty()) return {};
  Node n;
  n.op = Op::table;
  n.type = policy == graph::HitPolicy::collect_list && !lists ? list_of(type)
           : policy == graph::HitPolicy::collect_count        ? number_
                                                              : type;
  n.span = declaration.span;
  n.operands = std::move(operands);
  n.reference = static_cast<std::uint32_t>(policy);
  const NodeId id = add(std::move(n));
  return add_definition(name, declaration, id);
}

} // namespace aceso::check
