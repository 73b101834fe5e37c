/// Expressions: names, members, and the dispatch over kinds.
#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "check/checker.h"

namespace aceso::check {

using E = ast::ExpressionKind;

NodeId Checker::lower(const ast::Expression& e, TypeId expected) {
  switch (e.kind) {
  case E::name: return lower_name(e, expected);
  case E::yes_no: return constant(e.text == "yes", yes_no_, e.span);
  case E::number:
    if (expected.is_valid() && is_enumeration(expected)) return lower_member(e, expected);
    if (expected.is_valid() && point_type(expected) == date_) // a year: some day of it
      if (const auto year = parse_partial_date(e.text)) return constant(*year, date_, e.span);
    [[fallthrough]];
  case E::quantity: {
    const auto quantity = literal_number(e);
    return quantity ? constant(quantity->number, number_type(quantity->unit), e.span) : NodeId{};
  }
  case E::date: {
    const auto date = parse_date(e.text);
    if (date) return constant(*date, date_, e.span);
    if (const auto month = parse_partial_date(e.text)) return constant(*month, date_, e.span);
    sink_.report(Kind::bad_date, e.span, e.text).mend =
        "write year, month and day, for example 2026-11-22, or year and month where no more is known: 2026-11";
    return {};
  }
  case E::instant: {
    const auto instant = parse_instant(e.text);
    if (instant) return constant(instant->instant, instant_, e.span);
    sink_.report(Kind::bad_date, e.span, e.text).mend = "for example 2026-11-22T10:00Z";
    return {};
  }
  case E::time: {
    const auto time = parse_time_of_day(e.text);
    if (time) return constant(*time, time_type(), e.span);
    sink_.report(Kind::bad_date, e.span, e.text).mend = "a time of day lies between 00:00 and 23:59:59";
    return {};
  }
  case E::relation: return lower_relation(e);
  case E::near: return lower_near(e);
  case E::lasting: return lower_lasting(e);
  case E::logical_not: return negation(lower_condition(*e.children[0]), e.span);
  case E::logical_and:
  case E::logical_or: {
    std::vector<NodeId> operands;
    for (const auto& child : e.children)
      operands.push_back(lower_condition(*child));
    return node(e.kind == E::logical_and ? Op::logical_and : Op::logical_or, yes_no_, e.span, std::move(operands));
  }
  case E::equal:
  case E::not_equal:
  case E::less:
  case E::less_or_equal:
  case E::greater:
  case E::greater_or_equal: return lower_comparison(e);
  case E::in_set:
  case E::not_in_set: return lower_set(e);
  case E::in_range:
  case E::not_in_range: return lower_range(e);
  case E::is_known:
  case E::is_unknown: {
    const NodeId subject = lower(*e.children[0]);
    if (!subject.is_valid()) return {};
    if (e.kind == E::is_known) return node(Op::is_known, yes_no_, e.span, {subject});
    if (e.text.empty()) return negation(node(Op::is_known, yes_no_, e.span, {subject}), e.span);
    std::vector<std::string> reasons;
    for (std::uint32_t r = 0; r <= static_cast<std::uint32_t>(UnknownReason::not_applicable); ++r) {
      reasons.emplace_back(to_text(static_cast<UnknownReason>(r)));
      if (reasons.back() != e.text) continue;
      Node n;
      n.op = Op::unknown_because;
      n.type = yes_no_;
      n.span = e.span;
      n.operands = {subject};
      n.reference = r;
      return add(std::move(n));
    }
    sink_.report(Kind::unknown_member, e.span, e.text, fmt::format("{}", fmt::join(reasons, ", ")));
    return {};
  }
  case E::negate:
  case E::add:
  case E::subtract:
  case E::multiply:
  case E::divide: return lower_arithmetic(e);
  case E::any_of:
  case E::all_of:
  case E::none_of:
  case E::at_least:
  case E::at_most:
  case E::exactly:
  case E::number_of: return lower_count(e);
  case E::conditional: return lower_conditional(e, expected);
  case E::call: return lower_call(e);
  case E::attribute: return lower_attribute(e);
  case E::series: return lower_series(e);
  case E::as_of: return lower_as_of(e);
  case E::unit: // only where a function of that name takes the place of the one that converts
    sink_.report(Kind::unknown_name, e.span, e.text).mend = "write a number before the unit";
    return {};
  case E::in_stage:
  case E::outcome: return lower_outcome(e);
  case E::now: return node(Op::now, instant_, e.span, {});
  case E::list: return lower_list(e, expected);
  case E::is_a: return lower_is_a(e);
  case E::each_of:
    sink_.add(Kind::syntax_error, e.span, fmt::format("`{}` asks nothing yet", text_of(e.span))).mend =
        fmt::format("say what is asked of its codes, for example: {} in VALUE_SET", text_of(e.span));
    return {};
  }
  return {};
}

NodeId Checker::lower_condition(const ast::Expression& e) {
  const NodeId id = lower(e, yes_no_);
  return id.is_valid() && require_type(id, yes_no_, e.span) ? id : NodeId{};
}

bool Checker::refuse_real(NodeId id, Span span) {
  const auto& range = at(id).range();
  if (!range || range->step != Rational(0)) return true;
  sink_.report(Kind::real_needs_round, span).mend =
      fmt::format("write `round({}, 0.1)` or another step", text_of(span));
  return false;
}

NodeId Checker::lower_exact(const ast::Expression& e, TypeId expected) {
  const NodeId id = lower(e, expected);
  return id.is_valid() && refuse_real(id, e.span) ? id : NodeId{};
}

NodeId Checker::lower_as(const ast::Expression& e, TypeId type, std::optional<Rational> molar_mass) {
  NodeId id = as_code(lower_exact(e, type), type);
  if (!id.is_valid()) return {};
  if (is_numeric(type) && is_numeric(at(id).type)) {
    id = convert_unit(id, info(type).unit, e.span, molar_mass);
    return id;
  }
  return require_type(id, type, e.span) ? id : NodeId{};
}

bool Checker::require_type(NodeId id, TypeId type, Span span) {
  const TypeId have = at(id).type;
  if (have == type) return true;
  if (is_numeric(have) && is_numeric(type) && info(have).unit == info(type).unit) return true;
  if (info(have).kind == TypeKind::interval && info(type).kind == TypeKind::interval && is_numeric(point_type(have)) &&
      is_numeric(point_type(type)) && info(point_type(have)).unit == info(point_type(type)).unit)
    return true;
  if (info(have).kind == TypeKind::code && info(type).kind == TypeKind::code &&
      std::includes(info(type).systems.begin(), info(type).systems.end(), info(have).systems.begin(),
                    info(have).systems.end()))
    return true;
  Diagnostic& d = sink_.report(Kind::type_mismatch, span, text_of(span), in_words(have), in_words(type));
  if (type == yes_no_ && is_enumeration(have) && !info(have).members.empty())
    d.mend = fmt::format("compare it, for example: {} = {}", text_of(span), info(have).members.front().name);
  else if (type == yes_no_ && is_numeric(have))
    d.mend = fmt::format("compare it, for example: {} > 0{}", text_of(span),
                         info(have).unit.empty() ? "" : " " + info(have).unit);
  else if (is_enumeration(type) && have == yes_no_)
    d.mend = fmt::format("write one of its values, for example: {}", info(type).members.front().name);
  else if (type == date_ && have == instant_)
    d.mend = fmt::format("take its date: `date_of({})`", text_of(span));
  return false;
}

/// A word or numeral that may be a member of a list of choices rather than a value of its own.
bool Checker::is_member_like(const ast::Expression& e) const {
  if (e.kind == E::number) return true;
  if (e.kind != E::name) return false;
  if (!parameters_.empty() && parameters_.back().count(e.text)) return false;
  return values_.find(e.text) == values_.end();
}

NodeId Checker::lower_name(const ast::Expression& e, TypeId expected) {
  if (!parameters_.empty()) {
    const auto found = parameters_.back().find(e.text);
    if (found != parameters_.back().end()) return found->second;
  }
  const bool wants_member = expected.is_valid() && is_enumeration(expected);
  bool is_member = false;
  if (wants_member)
    for (const MemberInfo& m : info(expected).members)
      is_member |= m.name == e.text;
  if (expected == action_type_ && actions_.count(e.text)) {
    const Symbol& symbol = actions_.find(e.text)->second;
    if (symbol.kind == Symbol::Kind::action)
      return constant(Choice{action(e.text, symbol).index()}, action_type_, e.span);
    sink_.report(Kind::wrong_kind_of_name, e.span, e.text, check::in_words(symbol.kind), "an action");
    return {};
  }
  const auto found = values_.find(e.text);
  if (found == values_.end()) {
    if (wants_member || is_member) return lower_member(e, expected);
    if (e.text == "today") return today(e.span);
    std::vector<std::string> lists; // a member without a place that says which list it belongs to
    for (const TypeInfo& t : graph_.dictionary.types)
      for (const MemberInfo& m : t.members)
        if (m.name == e.text) lists.push_back(t.name.empty() ? "a list of choices" : t.name);
    if (!lists.empty()) {
      sink_.report(Kind::cannot_decide_member_type, e.span, fmt::format("`{}`", e.text)).mend = fmt::format(
          "compare it with a value, for example: NAME = {}; or say the type: define NAME : TYPE = ...", e.text);
      return {};
    }
    const ast::Name name{e.text, e.span};
    (void)find(values_, name, "a value");
    return {};
  }
  if (is_member && found->second.kind != Symbol::Kind::function) {
    const NodeId value = lower_value(e.text, found->second, e.span);
    if (!value.is_valid() || at(value).type != expected) return lower_member(e, expected);
    std::vector<std::string> names;
    for (const MemberInfo& m : info(expected).members)
      names.push_back(m.name);
    if (names.size() > 12) {
      names.resize(12);
      names.emplace_back("...");
    }
    Diagnostic& d = sink_.report(Kind::ambiguous_name, e.span, e.text, fmt::format("{}", fmt::join(names, ", ")));
    d.notes.push_back({found->second.declaration->name.span, "the value is declared here"});
    d.mend = "give the value another name";
    return {};
  }
  return lower_value(e.text, found->second, e.span);
}

NodeId Checker::lower_member(const ast::Expression& e, TypeId expected) {
  const auto& members = info(expected).members;
  for (std::size_t i = 0; i < members.size(); ++i)
    if (members[i].name == e.text) return constant(Choice{static_cast<std::uint32_t>(i)}, expected, e.span);
  std::vector<std::string> names;
  for (const MemberInfo& m : members)
    names.push_back(m.name);
  const std::string near = e.kind == E::name ? diagnostics::nearest(e.text, names) : std::string();
  const std::string near_value = e.kind == E::name && near.empty() ? nearest_name(e.text, {&values_}) : std::string();
  if (names.size() > 12) {
    names.resize(12);
    names.emplace_back("...");
  }
  Diagnostic& d = sink_.report(Kind::unknown_member, e.span, e.text, fmt::format("{}", fmt::join(names, ", ")));
  if (!near.empty())
    d.mend = fmt::format("did you mean `{}`?", near);
  else if (!near_value.empty())
    d.mend = fmt::format("did you mean `{}`?", near_value);
  return {};
}

NodeId Checker::lower_value(const std::string& name, const Symbol& symbol, Span span) {
  if (symbol.kind == Symbol::Kind::function) {
    Diagnostic& d = sink_.report(Kind::wrong_kind_of_name, span, name, check::in_words(symbol.kind), "a value");
    d.mend = fmt::format("call it: `{}(...)`", name);
    return {};
  }
  if (symbol.kind == Symbol::Kind::coded_concept)
    return lower_concept(static_cast<const ast::CodesDecl::Concept&>(*symbol.declaration), span);
  if (symbol.kind == Symbol::Kind::value_set || symbol.kind == Symbol::Kind::hierarchy) {
    Diagnostic& d = sink_.report(Kind::wrong_kind_of_name, span, name, check::in_words(symbol.kind), "a value");
    d.mend = symbol.kind == Symbol::Kind::value_set ? fmt::format("ask whether a code is in it: NAME in {}", name)
                                                    : "ask whether a code is a kind of another: NAME is a CONCEPT";
    return {};
  }
  if (symbol.kind == Symbol::Kind::input) {
    const InputId id = input(name, symbol);
    const InputInfo& declared = graph_.dictionary.inputs[id.index()];
    if (!declared.type.is_valid()) return {};
    if (declared.is_series) {
      sink_.report(Kind::series_used_directly, span, name).mend =
          fmt::format("say which: latest {0}, first {0}, highest {0}, lowest {0}, count {0}", name);
      return {};
    }
    Node n;
    n.op = Op::input;
    n.type = declared.type;
    n.span = span;
    n.reference = id.index();
    return add(std::move(n));
  }
  if (const auto found = value_nodes_.find(name); found != value_nodes_.end()) return found->second;
  const auto again = std::find(in_progress_.begin(), in_progress_.end(), name);
  if (again != in_progress_.end()) {
    std::vector<std::string> circle(again, in_progress_.end());
    circle.push_back(name);
    Diagnostic& d = sink_.report(Kind::defined_by_itself, symbol.declaration->name.span, name,
                                 fmt::format("{}", fmt::join(circle, " -> ")));
    for (std::size_t i = 0; i + 1 < circle.size(); ++i)
      if (const auto place = values_.find(circle[i]); place != values_.end())
        d.notes.push_back(
            {place->second.declaration->name.span, fmt::format("`{}` needs `{}`", circle[i], circle[i + 1])});
    d.mend = "let one of them do without the others";
    return {};
  }
  if (is_too_deep(span)) return {};
  in_progress_.push_back(name);
  // A definition sees neither the parameters nor the liberties of the place that mentions it.
  auto scopes = std::exchange(parameters_, {});
  const bool outcomes = std::exchange(allow_outcomes_, false), stage = std::exchange(allow_stage_, false);
  NodeId id;
  if (symbol.kind == Symbol::Kind::define)
    id = lower_define(name, static_cast<const ast::DefineDecl&>(*symbol.declaration));
  else if (symbol.kind == Symbol::Kind::table)
    id = lower_table(name, static_cast<const ast::TableDecl&>(*symbol.declaration));
  else
    id = lower_differential(name, static_cast<const ast::DifferentialDecl&>(*symbol.declaration));
  parameters_ = std::move(scopes);
  allow_outcomes_ = outcomes;
  allow_stage_ = stage;
  in_progress_.pop_back();
  return value_nodes_[name] = id;
}

bool Checker::is_too_deep(Span span) {
  if (in_progress_.size() < most_levels) return false;
  sink_.report(Kind::nested_too_deeply, span, most_levels);
  return true;
}

NodeId Checker::lower_conditional(const ast::Expression& e, TypeId expected) {
  const NodeId condition = lower_condition(*e.children[0]);
  NodeId a, b;
  if (expected.is_valid()) {
    a = lower(*e.children[1], expected);
    b = lower(*e.children[2], expected);
  } else {
    std::tie(a, b) = lower_pair(*e.children[1], *e.children[2], true);
  }
  if (!condition.is_valid() || !a.is_valid() || !b.is_valid() || !unify(a, b, e.span, false)) return {};
  return node(Op::conditional, at(a).type, e.span, {condition, a, b});
}

NodeId Checker::lower_list(const ast::Expression& e, TypeId expected) {
  TypeId element = expected.is_valid() && info(expected).kind == TypeKind::list ? info(expected).element : TypeId{};
  std::vector<NodeId> elements;
  for (const auto& child : e.children) {
    elements.push_back(element.is_valid() ? lower_as(*child, element) : lower_exact(*child));
    if (!elements.back().is_valid()) return {};
    if (!element.is_valid()) element = at(elements.back()).type;
  }
  if (!element.is_valid()) {
    sink_.report(Kind::cannot_decide_member_type, e.span, "an empty list").mend =
        "say the type: define NAME : list of TYPE = ...";
    return {};
  }
  return node(Op::list, list_of(element), e.span, std::move(elements));
}

} // namespace aceso::check
