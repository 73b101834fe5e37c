#include "decision_tables/cell_text.h"

#include <vector>

#include <fmt/format.h>

#include "decision_tables/feel.h"
#include "values/units.h"

namespace aceso::decision_tables {

namespace {

using E = ast::ExpressionKind;

std::string with_seconds(const std::string& instant) {
  // 2026-11-22T10:00Z: FEEL wants seconds.
  return instant.size() > 16 && instant[16] != ':' ? instant.substr(0, 16) + ":00" + instant.substr(16) : instant;
}
std::string_view sign_of(E comparison) {
  switch (comparison) {
  case E::less: return "<";
  case E::less_or_equal: return "<=";
  case E::greater: return ">";
  case E::greater_or_equal: return ">=";
  case E::not_equal: return "!=";
  default: return "=";
  }
}

std::optional<std::size_t> member_of(const ast::Expression& e, const TypeInfo& type) {
  if (e.kind != E::name && e.kind != E::number) return std::nullopt;
  for (std::size_t i = 0; i < type.members.size(); ++i)
    if (type.members[i].name == e.text) return i;
  return std::nullopt;
}

/// The members of a scale that lie on that side; an empty text for none.
std::optional<std::string> members_beside(const ast::CellTest& test, const TypeInfo& type, std::string& why) {
  std::vector<std::size_t> limits;
  for (const auto& value : test.values) {
    const auto member = member_of(*value, type);
    if (!member) {
      why = "the order of a scale is carried for its own members only";
      return std::nullopt;
    }
    limits.push_back(*member);
  }
  const auto holds = [&](std::size_t member) {
    if (test.kind == ast::CellTest::Kind::range) return limits[0] <= member && member <= limits[1];
    for (std::size_t i = 0; i < limits.size(); ++i) {
      const bool fits = test.comparisons[i] == E::less               ? member < limits[i]
                        : test.comparisons[i] == E::less_or_equal    ? member <= limits[i]
                        : test.comparisons[i] == E::greater          ? member > limits[i]
                        : test.comparisons[i] == E::greater_or_equal ? member >= limits[i]
                        : test.comparisons[i] == E::not_equal        ? member != limits[i]
                                                                     : member == limits[i];
      if (!fits) return false;
    }
    return true;
  };
  std::string text;
  for (std::size_t i = 0; i < type.members.size(); ++i)
    if (holds(i)) text += (text.empty() ? "" : ", ") + feel_string(type.members[i].name);
  return text;
}

} // namespace

NodeId CellText::node_at(ast::Span span) const {
  // The last one, because operands stand before what uses them.
  for (std::size_t i = graph_.nodes.size(); i-- > 0;)
    if (graph_.nodes[i].span == span) return NodeId(static_cast<std::uint32_t>(i));
  return {};
}

/// What a number of the text is in the unit of the column.
std::optional<Rational> CellText::number(const ast::Expression& e, const TypeInfo& type, std::string& why) const {
  if (e.kind == E::negate) {
    const auto value = number(*e.children.front(), type, why);
    return value ? Rational::subtract(Rational(0), *value) : std::nullopt;
  }
  auto value = Rational::from_decimal(e.text);
  if (!value || e.kind == E::number || e.unit.empty()) return value;
  std::string code = e.unit;
  for (const UnitName& unit : dictionary_.units)
    if (unit.name == code) code = unit.code;
  if (code == type.unit) return value;
  const auto conversion = units::conversion(code, type.unit);
  if (!conversion) {
    why = fmt::format("`{}` is not converted into `{}` by a plain factor", code, type.unit);
    return std::nullopt;
  }
  const auto product = Rational::multiply(*value, conversion->factor);
  return product ? Rational::add(*product, conversion->offset) : std::nullopt;
}

std::optional<std::string> CellText::value(const ast::Expression& e, TypeId id, std::string& why) {
  if (e.kind == E::yes_no) return e.text == "yes" ? "true" : "false";
  if (!id.is_valid()) {
    if (e.kind == E::number) return e.text;
    return feel_string(e.text);
  }
  const TypeInfo& type = dictionary_[id];
  if (const auto member = member_of(e, type)) return feel_string(e.text);
  const bool is_sign = e.kind == E::negate && e.children.front()->kind != E::name;
  if (e.kind == E::number || e.kind == E::quantity || is_sign) {
    const auto number = this->number(e, type, why);
    auto text = number ? feel_number(*number) : std::nullopt;
    if (!text && why.empty()) why = "the number has no finite decimal";
    return text;
  }
  if (e.kind == E::date) {
    if (e.text.size() == 10) return fmt::format("date(\"{}\")", e.text);
    why = "a partial date has no counterpart";
    return std::nullopt;
  }
  if (e.kind == E::time) return fmt::format("time(\"{}:00\")", e.text);
  if (e.kind == E::instant) return fmt::format("date and time(\"{}\")", with_seconds(e.text));
  if (e.kind == E::name && type.kind == TypeKind::action) return feel_string(e.text);
  if (e.kind == E::name)
    if (auto name = feel_.need(e.text)) return name;
  const NodeId node = node_at(e.span);
  if (!node.is_valid()) {
    why = "this value has no counterpart";
    return std::nullopt;
  }
  return feel_.write(node, {}, why);
}
std::optional<std::string> CellText::test(const ast::CellTest& test, TypeId id, bool is_alone, std::string& why) {
  using T = ast::CellTest::Kind;
  const TypeInfo& type = dictionary_[id];
  if (test.kind == T::unknown) return "null";
  if (test.kind == T::value) return value(*test.values.front(), id, why);
  if (type.kind == TypeKind::scale) return members_beside(test, type, why);
  std::vector<std::string> limits;
  for (const auto& limit : test.values) {
    const auto text = value(*limit, id, why);
    if (!text) return std::nullopt;
    limits.push_back(*text);
  }
  if (test.kind == T::range) return fmt::format("[{}..{}]", limits[0], limits[1]);
  const auto is_one_of = [&](std::size_t i, E strict, E other) {
    return test.comparisons[i] == strict || test.comparisons[i] == other;
  };
  if (limits.size() == 1) {
    const E sign = test.comparisons.front();
    if (sign == E::equal) return limits.front();
    if (sign == E::not_equal)
      return is_alone ? fmt::format("not({})", limits.front()) : fmt::format("? != {}", limits.front());
    return fmt::format("{} {}", sign_of(sign), limits.front());
  }
  if (limits.size() == 2) {
    for (const std::size_t low : {std::size_t{0}, std::size_t{1}}) {
      const std::size_t high = 1 - low;
      if (is_one_of(low, E::greater, E::greater_or_equal) && is_one_of(high, E::less, E::less_or_equal))
        return fmt::format("{}{}..{}{}", test.comparisons[low] == E::greater ? '(' : '[', limits[low], limits[high],
                           test.comparisons[high] == E::less ? ')' : ']');
    }
  }
  std::string text;
  for (std::size_t i = 0; i < limits.size(); ++i)
    text += fmt::format("{}? {} {}", i == 0 ? "" : " and ", sign_of(test.comparisons[i]), limits[i]);
  return text;
}

std::optional<std::string> CellText::cell(const ast::Cell& cell, TypeId type, std::string& why) {
  if (cell.is_any()) return "-";
  std::string text;
  for (const ast::CellTest& test : cell.tests) {
    const auto part = this->test(test, type, cell.tests.size() == 1 && !cell.negated, why);
    if (!part) return std::nullopt;
    if (!part->empty()) text += (text.empty() ? "" : ", ") + *part;
  }
  if (text.empty() && cell.negated) return "-";
  return cell.negated ? fmt::format("not({})", text) : text;
}

} // namespace aceso::decision_tables
