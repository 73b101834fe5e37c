/// Comparisons, sets, counts and arithmetic.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "check/checker.h"
#include "values/units.h"

namespace aceso::check {

using E = ast::ExpressionKind;

std::pair<NodeId, NodeId> Checker::lower_pair(const ast::Expression& a, const ast::Expression& b, bool allow_real) {
  const auto lower_one = [&](const ast::Expression& e, TypeId expected) {
    return allow_real ? lower(e, expected) : lower_exact(e, expected);
  };
  // A bare word or numeral takes its meaning from the other side.
  if (is_member_like(a) && !is_member_like(b)) {
    const NodeId right = lower_one(b, {});
    return {right.is_valid() ? lower_one(a, at(right).type) : NodeId{}, right};
  }
  const NodeId left = lower_one(a, {});
  return {left, left.is_valid() ? lower_one(b, at(left).type) : NodeId{}};
}

bool Checker::unify(NodeId& a, NodeId& b, Span span, bool comparing) {
  const TypeId left = at(a).type, right = at(b).type;
  if (is_numeric(left) && is_numeric(right)) {
    const std::string from = info(right).unit, to = info(left).unit;
    if (from == to) return true;
    if (from.empty() != to.empty() && (is_constant(a) || is_constant(b))) {
      const bool right_is_bare = from.empty();
      const NodeId bare = right_is_bare ? b : a, other = right_is_bare ? a : b;
      if (!is_constant(bare)) {
        sink_
            .add(Kind::units_differ, at(other).span,
                 fmt::format("`{}` has a unit, but `{}` is a number without one", text_of(at(other).span),
                             text_of(at(bare).span)))
            .mend = fmt::format("take the unit away: {}", at(other).constant.as<Rational>().to_text());
        return false;
      }
      const std::string place = comparing ? "is compared with " : "stands beside ";
      const NodeId example = constant(at(bare).constant, number_type(info(at(other).type).unit), at(bare).span);
      sink_.report(Kind::unit_missing, at(bare).span, place + in_words(at(other).type)).mend =
          fmt::format("write the unit, for example: {}", value_text(example));
      return false;
    }
    // The constant side is converted, so that what is stored is compared as it is.
    if (is_constant(a))
      a = convert_unit(a, from, span, molar_mass_of(b));
    else
      b = convert_unit(b, to, span, is_constant(b) ? molar_mass_of(a) : std::nullopt);
    return a.is_valid() && b.is_valid();
  }
  if (left == right) return true;
  const TypeId left_point = point_type(left), right_point = point_type(right);
  if (info(left).kind == info(right).kind && is_numeric(left_point) && is_numeric(right_point) &&
      info(left_point).unit == info(right_point).unit)
    return true;
  a = as_code(a, right);
  b = as_code(b, left);
  if (at(a).type == at(b).type) return true;
  if (comparing) {
    Diagnostic& d = sink_.report(Kind::cannot_compare, span, in_words(left), in_words(right));
    d.notes.push_back({at(a).span, "this is " + in_words(left)});
    d.notes.push_back({at(b).span, "this is " + in_words(right)});
    // A literal yes or no beside something else: what it may be compared with instead.
    const NodeId literal = left == yes_no_ && is_constant(a) ? a : right == yes_no_ && is_constant(b) ? b : NodeId{};
    if (literal.is_valid()) {
      const NodeId other = literal == a ? b : a;
      const TypeInfo& type = info(at(other).type);
      if (is_enumeration(at(other).type) && !type.members.empty())
        d.mend = fmt::format("compare with one of its values, for example: {} = {}", text_of(at(other).span),
                             type.members.front().name);
      else
        d.mend = fmt::format("compare with {} instead", in_words(at(other).type));
    }
  } else {
    sink_.report(Kind::type_mismatch, at(b).span, text_of(at(b).span), in_words(right), in_words(left));
  }
  return false;
}

NodeId Checker::compare(ast::ExpressionKind kind, NodeId a, NodeId b, Span span) {
  if (!a.is_valid() || !b.is_valid() || !unify(a, b, span, true)) return {};
  const bool ordered = kind != E::equal && kind != E::not_equal;
  const TypeKind type = info(at(a).type).kind;
  if (ordered && (type == TypeKind::yes_no || type == TypeKind::choice || type == TypeKind::action ||
                  type == TypeKind::list || type == TypeKind::interval || type == TypeKind::code)) {
    sink_.report(Kind::no_order, span, in_words(at(a).type), "`<` and `>` mean nothing for it").mend =
        "compare with = or !=, or list the values: in { ... }";
    return {};
  }
  const bool fixed = is_constant(a) && is_constant(b);
  if (const auto settled = fixed ? std::nullopt : compare_sum(kind, a, b, span)) return *settled;
  NodeId result;
  switch (kind) {
  case E::equal: result = node(Op::equal, yes_no_, span, {a, b}); break;
  case E::not_equal: result = negation(node(Op::equal, yes_no_, span, {a, b}), span); break;
  case E::less: result = node(Op::less, yes_no_, span, {a, b}); break;
  case E::less_or_equal: result = node(Op::less_or_equal, yes_no_, span, {a, b}); break;
  case E::greater: result = node(Op::less, yes_no_, span, {b, a}); break;
  default: result = node(Op::less_or_equal, yes_no_, span, {b, a}); break;
  }
  // Inside a function that is called with fixed values, a fixed result is no slip.
  if (fixed && result.is_valid() && is_constant(result) && parameters_.empty()) {
    const bool holds = at(result).constant.as<bool>();
    const bool same = kind == E::equal || kind == E::not_equal;
    sink_.report(Kind::always_the_same, span, holds ? "yes" : "no",
                 same && !(holds == (kind == E::equal))
                     ? fmt::format("the value is {}, not {}", value_text(a), value_text(b))
                     : fmt::format("the values are {} and {}", value_text(a), value_text(b)));
  }
  if (!fixed && result.is_valid() && !check_threshold(kind, a, b, span)) return {};
  return result;
}

/// A comparison that the range of an input decides alone is a slip of the pen.
bool Checker::check_threshold(ast::ExpressionKind kind, NodeId a, NodeId b, Span span) {
  const bool swapped = is_constant(a);
  const NodeId subject = swapped ? b : a, limit = swapped ? a : b;
  if (at(subject).op != Op::input || !is_constant(limit) || !at(limit).constant.is<Rational>()) return true;
  const TypeInfo& type = info(at(subject).type);
  if (!type.minimum || !type.maximum) return true;
  const std::string& name = graph_.dictionary.inputs[at(subject).reference].name;
  if (kind == E::equal || kind == E::not_equal)
    return check_value_fits(at(limit).constant, at(subject).type, name, span);
  const Rational value = at(limit).constant.as<Rational>();
  if (value >= *type.minimum && value <= *type.maximum) return true;
  const std::string low = type.minimum->to_text();
  const std::string high = value_text(constant(*type.maximum, at(subject).type, span));
  graph_.nodes.pop_back(); // it served the message only
  sink_.report(Kind::threshold_outside_range, span, value_text(limit), name, fmt::format("{} to {}", low, high)).mend =
      "mend the number, or widen the range of the input";
  return true;
}

NodeId Checker::lower_comparison(const ast::Expression& e) {
  const auto [a, b] = lower_pair(*e.children[0], *e.children[1]);
  return compare(e.kind, a, b, e.span);
}

NodeId Checker::lower_set(const ast::Expression& e) {
  if (is_code_question(e)) return lower_code_question(e);
  NodeId subject = lower_exact(*e.children[0]);
  if (!subject.is_valid()) return {};
  if (e.children.size() == 2) {
    // `x in LIST`, `x in INTERVAL`: a derived one rather than one that is written with braces.
    const auto& second = *e.children[1];
    const bool is_parameter = !parameters_.empty() && parameters_.back().count(second.text) != 0;
    const bool is_value = second.kind == E::name && (is_parameter || values_.find(second.text) != values_.end());
    if (is_value || second.kind == E::call) {
      const NodeId list = lower(second, at(subject).type);
      if (list.is_valid() && info(at(list).type).kind == TypeKind::interval) {
        const NodeId result = relate(Relation::during, subject, list, e.span);
        return e.kind == E::not_in_set && result.is_valid() ? negation(result, e.span) : result;
      }
      if (list.is_valid() && info(at(list).type).kind == TypeKind::list) {
        const TypeId element = info(at(list).type).element;
        subject = as_code(subject, element);
        const bool both_numbers =
            is_numeric(element) && is_numeric(at(subject).type) && info(element).unit == info(at(subject).type).unit;
        if (element != at(subject).type && !both_numbers) {
          sink_.report(Kind::cannot_compare, e.span, in_words(at(subject).type), in_words(at(list).type));
          return {};
        }
        const NodeId result = node(Op::contains, yes_no_, e.span, {list, subject});
        return e.kind == E::not_in_set ? negation(result, e.span) : result;
      }
    }
  }
  std::vector<NodeId> hits;
  for (std::size_t i = 1; i < e.children.size(); ++i) {
    const NodeId member = lower_exact(*e.children[i], at(subject).type);
    hits.push_back(compare(E::equal, subject, member, e.children[i]->span));
    if (!hits.back().is_valid()) return {};
  }
  const NodeId result = any_of(std::move(hits), e.span);
  return e.kind == E::not_in_set ? negation(result, e.span) : result;
}

bool Checker::refuse_empty_range(NodeId low, NodeId high, Span span) {
  if (!low.is_valid() || !high.is_valid() || !is_constant(low) || !is_constant(high)) return false;
  const Value &from = at(low).constant, &to = at(high).constant;
  if (!from.is<Rational>() || !to.is<Rational>() || info(at(low).type).unit != info(at(high).type).unit) return false;
  if (from.as<Rational>() <= to.as<Rational>()) return false;
  sink_
      .add(Kind::bad_range, span,
           fmt::format("the range is empty: {} is more than {}", value_text(low), value_text(high)))
      .mend = "write the smaller value first";
  return true;
}

NodeId Checker::lower_range(const ast::Expression& e) {
  const NodeId subject = lower_exact(*e.children[0]);
  if (!subject.is_valid()) return {};
  const NodeId low = lower_exact(*e.children[1], at(subject).type),
               high = lower_exact(*e.children[2], at(subject).type);
  if (refuse_empty_range(low, high, e.span)) return {};
  const NodeId from = compare(E::greater_or_equal, subject, low, e.children[1]->span);
  const NodeId to = compare(E::less_or_equal, subject, high, e.children[2]->span);
  const NodeId result = node(Op::logical_and, yes_no_, e.span, {from, to});
  return e.kind == E::not_in_range ? negation(result, e.span) : result;
}

NodeId Checker::lower_count(const ast::Expression& e) {
  std::vector<NodeId> operands;
  for (const auto& child : e.children) {
    operands.push_back(lower_condition(*child));
    if (!operands.back().is_valid()) return {};
  }
  if (e.kind == E::any_of) return any_of(std::move(operands), e.span);
  if (e.kind == E::all_of) return all_of(std::move(operands), e.span);
  if (e.kind == E::none_of) return negation(any_of(std::move(operands), e.span), e.span);
  if (e.kind == E::number_of) return node(Op::number_of, number_, e.span, std::move(operands));
  const auto number = Rational::from_decimal(e.text);
  const auto size = static_cast<std::int64_t>(operands.size());
  if (!number || !number->is_integer() || number->numerator() > size) {
    sink_
        .report(Kind::bad_range, e.text_span.is_valid() ? e.text_span : e.span,
                fmt::format("{} cannot be reached: the list has {} conditions", e.text, size))
        .mend = "name a whole number up to the length of the list";
    return {};
  }
  const auto at_least = [&](std::int64_t count) {
    Node n;
    n.op = Op::at_least;
    n.type = yes_no_;
    n.span = e.span;
    n.operands = operands;
    n.reference = static_cast<std::uint32_t>(count);
    return add(std::move(n));
  };
  if (e.kind == E::at_least) return at_least(number->numerator());
  const NodeId at_most = negation(at_least(number->numerator() + 1), e.span);
  return e.kind == E::at_most ? at_most
                              : node(Op::logical_and, yes_no_, e.span, {at_least(number->numerator()), at_most});
}

bool Checker::is_point(NodeId id) const {
  if (!is_numeric(at(id).type)) return false;
  const auto to_kelvin = units::conversion(info(at(id).type).unit, "K");
  return to_kelvin && to_kelvin->offset != Rational(0);
}

/// 38 Cel is not twice 19 Cel, and 38 Cel - 37 Cel is not 1 Cel but 1 K: only comparing and rounding keep the meaning.
bool Checker::refuse_point(NodeId id, Span span, std::string_view what) {
  if (!is_point(id)) return false;
  sink_.report(Kind::point_on_a_scale, span, fmt::format("`{}`", text_of(at(id).span)), what).mend =
      "compare it with a fixed value, for example: " + text_of(at(id).span) + " >= 38 Cel";
  return true;
}

NodeId Checker::lower_arithmetic(const ast::Expression& e) {
  if (e.kind == E::negate) {
    const NodeId operand = lower(*e.children[0]);
    if (!operand.is_valid()) return {};
    if (refuse_point(operand, e.span, "negated")) return {};
    if (is_numeric(at(operand).type))
      return node(Op::negate, number_type(info(at(operand).type).unit), e.span, {operand});
    sink_.report(Kind::type_mismatch, e.span, text_of(e.children[0]->span), in_words(at(operand).type), "a number");
    return {};
  }
  NodeId a = lower(*e.children[0]), b = lower(*e.children[1]);
  if (!a.is_valid() || !b.is_valid()) return {};
  const bool sums = e.kind == E::add || e.kind == E::subtract;
  if (sums && (!is_numeric(at(a).type) || !is_numeric(at(b).type)) && has_line(at(a).type) && has_line(at(b).type))
    return lower_time_arithmetic(e, a, b);
  for (const NodeId side : {a, b}) {
    if (is_numeric(at(side).type)) continue;
    Diagnostic& d =
        sink_.report(Kind::type_mismatch, at(side).span, text_of(at(side).span), in_words(at(side).type), "a number");
    if (info(at(side).type).kind == TypeKind::scale)
      d.mend = fmt::format("take its score: `{}.score`", text_of(at(side).span));
    if (at(side).type == yes_no_) d.mend = fmt::format("count it: number of {{ {} }}", text_of(at(side).span));
    return {};
  }
  for (const NodeId side : {a, b})
    if (refuse_point(side, at(side).span,
                     e.kind == E::add        ? "added"
                     : e.kind == E::subtract ? "subtracted"
                                             : "multiplied or divided"))
      return {};
  if (e.kind == E::add || e.kind == E::subtract) {
    if (!unify(a, b, e.span, false)) return {};
    return node(e.kind == E::add ? Op::add : Op::subtract, number_type(info(at(a).type).unit), e.span, {a, b});
  }
  const std::string left = info(at(a).type).unit, right = info(at(b).type).unit;
  const bool multiplies = e.kind == E::multiply;
  if (!multiplies && left == right) return node(Op::divide, number_, e.span, {a, b});
  std::optional<std::string> unit = left;
  if (!right.empty())
    unit = multiplies ? units::multiply(left.empty() ? "1" : left, right)
                      : units::divide(left.empty() ? "1" : left, right);
  if (unit && *unit == "1") unit = "";
  if (!unit) {
    sink_.report(Kind::units_differ, e.span, fmt::format("`{}`", left), fmt::format("`{}`", right)).mend =
        "units with a zero point of their own, such as Cel, cannot be multiplied or divided";
    return {};
  }
  return node(multiplies ? Op::multiply : Op::divide, number_type(*unit), e.span, {a, b});
}

} // namespace aceso::check
