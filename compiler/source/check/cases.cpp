/// Cases: facts and expectations.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "check/checker.h"

namespace aceso::check {

namespace {
constexpr Date default_base{10'957}; // 2000-01-01, where the guideline has no date of publication
} // namespace

void Checker::lower_cases() {
  for_each_main<ast::CaseDecl>([&](const ast::CaseDecl& d) { lower_case(d); });
}

void Checker::lower_case(const ast::CaseDecl& d) {
  graph::TestCase out;
  out.title = d.title.text;
  out.span = d.span;
  const Date base_date = parse_date(graph_.dictionary.guideline.published).value_or(default_base);
  const ZonedInstant base{{base_date.days * 86'400}, 0};
  bool expects = false;
  for (const ast::CaseStep& step : d.steps) {
    graph::CaseStep entry;
    entry.span = step.span;
    if (!lower_moment(step.at.get(), base, entry.at)) continue;
    if (!out.steps.empty() && entry.at.instant < out.steps.back().at.instant)
      sink_.report(Kind::steps_out_of_order, step.span).mend = "put the earlier step first";
    for (const ast::Given& given : step.given)
      lower_given(given, entry);
    for (const ast::Expectation& expectation : step.expect)
      lower_expectation(expectation, entry.expectations);
    expects |= !step.expect.empty();
    out.steps.push_back(std::move(entry));
  }
  if (!expects) sink_.report(Kind::case_without_expectation, d.title.span, d.title.text).mend = "add `expect ...`";
  graph_.cases.push_back(std::move(out));
}

bool Checker::lower_moment(const ast::Expression* at, ZonedInstant base, ZonedInstant& moment) {
  moment = base;
  if (!at) return true;
  if (at->kind == ast::ExpressionKind::date || at->kind == ast::ExpressionKind::instant) {
    const auto instant = parse_instant(at->text);
    if (instant)
      moment = *instant;
    else
      sink_.report(Kind::bad_date, at->span, at->text).mend = "write year, month and day, for example 2026-11-22";
    return instant.has_value();
  }
  const auto wait = period(*at);
  if (!wait) return false;
  moment.instant = aceso::add(base.instant, *wait, base.offset_seconds);
  return true;
}

void Checker::lower_given(const ast::Given& given, graph::CaseStep& step) {
  using K = ast::Given::Kind;
  const auto give = [&](InputId id, Value value, Span span) {
    for (const Fact& fact : step.facts) {
      if (fact.input != id) continue;
      if (fact.value == value) return;
      Diagnostic& d = sink_.report(Kind::given_twice, span, graph_.dictionary[id].name);
      d.mend = "keep one of the two";
      for_each_main<ast::CaseDecl>([&](const ast::CaseDecl& test) {
        for (const ast::CaseStep& s : test.steps)
          for (const ast::Given& g : s.given)
            if (s.span == step.span && g.name.text == graph_.dictionary[id].name && g.span != span && d.notes.empty())
              d.notes.push_back({g.span, "first given here"});
      });
      return;
    }
    step.facts.push_back({id, std::move(value), {}});
  };
  if (given.kind == K::group_absent) {
    const Symbol* group = find(groups_, given.name, "a group of inputs");
    if (!group) return;
    bool any = false;
    for (const ast::InputItem& item : static_cast<const ast::InputsDecl&>(*group->declaration).items) {
      if (item.type.kind != ast::TypeExpressionKind::yes_no) continue;
      any = true;
      const auto found = values_.find(item.name.text);
      if (found->second.declaration == &item) give(input(item.name.text, found->second), false, given.span);
    }
    if (!any)
      sink_.report(Kind::type_mismatch, given.name.span, given.name.text, "a group without yes/no inputs",
                   "a group of yes/no inputs");
    return;
  }
  const Symbol* symbol = find(values_, given.name, "an input");
  if (!symbol) return;
  if (symbol->kind != Symbol::Kind::input) {
    Diagnostic& d = sink_.report(Kind::given_is_derived, given.name.span, given.name.text);
    d.notes.push_back({symbol->declaration->name.span, "derived here"});
    const auto value = value_nodes_.find(given.name.text);
    std::vector<std::string> names;
    std::vector<NodeId> open;
    if (value != value_nodes_.end() && value->second.is_valid()) open.push_back(value->second);
    for (std::set<std::uint32_t> seen; !open.empty();) {
      const NodeId next = open.back();
      open.pop_back();
      if (!seen.insert(static_cast<std::uint32_t>(next.index())).second) continue;
      if (at(next).op == Op::input || at(next).op == Op::series) {
        const std::string& name = graph_.dictionary.inputs[at(next).reference].name;
        if (!std::count(names.begin(), names.end(), name)) names.push_back(name);
      }
      open.insert(open.end(), at(next).operands.begin(), at(next).operands.end());
    }
    std::sort(names.begin(), names.end());
    if (names.size() > 6) {
      names.resize(6);
      names.emplace_back("...");
    }
    if (!names.empty()) d.mend = fmt::format("it follows from: {}", fmt::join(names, ", "));
    return;
  }
  const InputId id = input(given.name.text, *symbol);
  const TypeId type = graph_.dictionary[id].type;
  if (!type.is_valid()) return;
  if (given.kind == K::unknown) {
    UnknownReason reason = UnknownReason::not_asked;
    bool known = given.reason.empty();
    for (std::uint8_t r = 0; r <= static_cast<std::uint8_t>(UnknownReason::not_applicable); ++r)
      if (to_text(static_cast<UnknownReason>(r)) == given.reason) {
        reason = static_cast<UnknownReason>(r);
        known = true;
      }
    if (!known)
      sink_.report(Kind::unknown_member, given.span, given.reason,
                   "not_asked, not_done, refused, pending, stale, invalid, not_applicable");
    give(id, reason, given.span);
    return;
  }
  if (given.kind != K::equals) {
    if (type == yes_no_)
      give(id, given.kind == K::holds, given.span);
    else
      sink_.report(Kind::type_mismatch, given.name.span, given.name.text, in_words(type), "a yes/no").mend =
          fmt::format("give its value: {} = ...", given.name.text);
    return;
  }
  if (const auto value =
          constant_value(*given.value, type, "the value of an input in a case", graph_.dictionary[id].molar_mass))
    if (check_value_fits(*value, type, given.name.text, given.value->span)) give(id, *value, given.span);
}

void Checker::lower_expectation(const ast::Expectation& e, std::vector<graph::Expectation>& result) {
  graph::Expectation out;
  out.span = e.span;
  out.text = text_of(e.span);
  const auto inputs = [&](const std::vector<ast::Name>& names) {
    for (const ast::Name& name : names) {
      const Symbol* symbol = find(values_, name, "an input");
      if (!symbol) return false;
      if (symbol->kind != Symbol::Kind::input) {
        sink_.report(Kind::wrong_kind_of_name, name.span, name.text, check::in_words(symbol->kind), "an input");
        return false;
      }
      out.missing.push_back(input(name.text, *symbol));
    }
    return true;
  };
  using K = ast::Expectation::Kind;
  switch (e.kind) {
  case K::refused:
    out.kind = graph::Expectation::Kind::refused;
    if (e.names.empty() || !find(constraints_, e.names.front(), "a constraint")) return;
    for (std::size_t i = 0; i < graph_.dictionary.constraints.size(); ++i)
      if (graph_.dictionary.constraints[i].name == e.names.front().text) out.constraint = ConstraintId(i);
    if (!out.constraint.is_valid()) return; // it has an error of its own
    break;
  case K::missing:
    out.kind = graph::Expectation::Kind::is_missing;
    if (!inputs(e.names)) return;
    break;
  case K::applies: {
    const NodeId applies = node(Op::applies, yes_no_, e.span, {});
    if (e.value == "unknown")
      out.condition = negation(node(Op::is_known, yes_no_, e.span, {applies}), e.span);
    else
      out.condition = e.value == "no" ? negation(applies, e.span) : applies;
    break;
  }
  case K::expression:
    allow_outcomes_ = true;
    out.condition = lower_condition(*e.expression);
    allow_outcomes_ = false;
    if (!out.condition.is_valid()) return;
    if (e.expression->kind == ast::ExpressionKind::outcome && !e.expression->outcome_words->missing.empty()) {
      graph::Expectation asked = out;
      asked.kind = graph::Expectation::Kind::is_missing;
      asked.condition = {};
      asked.undetermined = actions_of({e.expression->text, e.expression->text_span});
      if (!inputs(e.expression->outcome_words->missing)) return;
      asked.missing = std::move(out.missing);
      out.missing.clear();
      result.push_back(std::move(out));
      result.push_back(std::move(asked));
      return;
    }
    break;
  }
  result.push_back(std::move(out));
}

} // namespace aceso::check
