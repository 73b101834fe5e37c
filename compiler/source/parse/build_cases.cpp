#include <algorithm>

#include "parse/tree_builder.h"

namespace aceso::parse {

using ast::ExpressionKind;
using ast::ExpressionPtr;
using diagnostics::Kind;

ExpressionPtr TreeBuilder::moment(AcesoParser::MomentContext& context) {
  if (context.constant) return constant(context.constant);
  ExpressionPtr result = number(context.number, nullptr);
  result->kind = ExpressionKind::quantity;
  result->span = span(&context);
  result->unit = context.word->getType() == AcesoParser::KW_DAY ? "d" : "wk";
  result->unit_span = span(context.word);
  return result;
}

ast::Given TreeBuilder::given(AcesoParser::GivenContext& context) {
  using GivenKind = ast::Given::Kind;
  ast::Given result;
  result.name = name(context.id);
  result.span = span(&context);
  if (context.sign) {
    const bool absent = context.sign->getType() == AcesoParser::KW_NO;
    result.kind = absent ? GivenKind::group_absent : GivenKind::does_not_hold;
  } else if (context.value) {
    result.kind = GivenKind::equals;
    result.value = operand(context.value);
  } else if (context.missing) {
    result.kind = GivenKind::unknown;
    if (context.reason) result.reason = name(context.reason).text;
  }
  return result;
}

ast::Expectation TreeBuilder::expectation(AcesoParser::ExpectationContext& context) {
  using ExpectationKind = ast::Expectation::Kind;
  ast::Expectation result;
  result.span = span(&context);
  if (context.missing) {
    result.kind = ExpectationKind::missing;
    result.names.push_back(name(context.missing));
    return result;
  }
  if (context.undecided) {
    result.kind = ExpectationKind::applies;
    result.value = "unknown";
    return result;
  }
  if (context.constraint) {
    result.kind = ExpectationKind::refused;
    result.names.push_back(name(context.constraint));
    return result;
  }
  result.expression = expression(context.value);
  const ast::Expression* inner = result.expression.get();
  const bool negated = inner->kind == ExpressionKind::logical_not;
  if (negated) inner = inner->children.at(0).get();
  if (inner->kind == ExpressionKind::name && inner->text == "applies") {
    result.kind = ExpectationKind::applies;
    result.value = negated ? "no" : "yes";
    result.expression.reset();
  }
  return result;
}

/// "missing a, b" reads as two expectations; the plain names after `missing` belong to it.
void TreeBuilder::add_expectation(std::vector<ast::Expectation>& to, ast::Expectation expectation) const {
  using ExpectationKind = ast::Expectation::Kind;
  const bool plain_name =
      expectation.kind == ExpectationKind::expression && expectation.expression->kind == ExpressionKind::name;
  if (!to.empty() && plain_name) {
    ast::Expectation& last = to.back();
    const ast::Name more{expectation.expression->text, expectation.expression->span};
    if (last.kind == ExpectationKind::missing) {
      last.names.push_back(more);
      last.span = join(last.span, more.span);
      return;
    }
    if (last.kind == ExpectationKind::expression && !last.expression->outcome_words->missing.empty()) {
      last.expression->outcome_words.edit().missing.push_back(more);
      last.expression->span = join(last.expression->span, more.span);
      last.span = join(last.span, more.span);
      return;
    }
  }
  to.push_back(std::move(expectation));
}

ast::CaseDecl TreeBuilder::case_declaration(AcesoParser::CaseDeclarationContext& context) {
  ast::CaseDecl result;
  head(result, context, nullptr, context.title);
  for (AcesoParser::CaseItemContext* item : context.items) {
    const std::size_t key = item->key->getType();
    if (key == AcesoParser::KW_AT || result.steps.empty()) result.steps.emplace_back();
    ast::CaseStep& step = result.steps.back();
    step.span = join(step.span, span(item));
    if (key == AcesoParser::KW_AT) step.at = moment(*item->moment());
    for (AcesoParser::GivenContext* inner : item->givens)
      step.given.push_back(given(*inner));
    std::vector<ast::Expectation> expects; // a list of names never goes on in the next `expect`
    for (AcesoParser::ExpectationContext* inner : item->expects)
      add_expectation(expects, expectation(*inner));
    std::move(expects.begin(), expects.end(), std::back_inserter(step.expect));
  }
  if (result.steps.empty()) missing(result, "case", "`given` and `expect`", "add `given ...` and `expect ...`");
  return result;
}

std::optional<ast::Expectation> TreeBuilder::expectation_alone(AcesoParser::ExpectationAloneContext& context) {
  std::vector<ast::Expectation> expects;
  add_expectation(expects, expectation(*context.expectation()));
  for (const auto* more : context.missing) {
    const ast::Name plain = name(more);
    ast::Expectation next;
    next.span = plain.span;
    next.expression = make(ExpressionKind::name, plain.span);
    next.expression->text = plain.text;
    add_expectation(expects, std::move(next));
  }
  if (expects.size() != 1) {
    sink_.report(Kind::syntax_error, expects[1].span, "one expectation at a time");
    return std::nullopt;
  }
  return std::move(expects.front());
}

} // namespace aceso::parse
