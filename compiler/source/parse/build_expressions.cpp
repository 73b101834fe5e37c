#include "parse/tree_builder.h"

namespace aceso::parse {

using ast::ExpressionKind;
using ast::ExpressionPtr;
using diagnostics::Kind;

ExpressionPtr TreeBuilder::make(ExpressionKind kind, Span span) const {
  auto result = std::make_unique<ast::Expression>();
  result->kind = kind;
  result->span = span;
  return result;
}

void TreeBuilder::append(ast::Expression& to, const std::vector<AcesoParser::ExprContext*>& contexts) {
  to.children.reserve(to.children.size() + contexts.size());
  for (AcesoParser::ExprContext* context : contexts)
    to.children.push_back(expression(context));
}

ExpressionKind TreeBuilder::comparison_kind(std::size_t type) {
  switch (type) {
  case AcesoParser::EQUAL: return ExpressionKind::equal;
  case AcesoParser::NOT_EQUAL: return ExpressionKind::not_equal;
  case AcesoParser::LESS: return ExpressionKind::less;
  case AcesoParser::LESS_OR_EQUAL: return ExpressionKind::less_or_equal;
  case AcesoParser::GREATER: return ExpressionKind::greater;
  default: return ExpressionKind::greater_or_equal;
  }
}

ExpressionPtr TreeBuilder::expression(AcesoParser::ExprContext* context) {
  if (!context) return nullptr;
  if (context->plain != 0) return std::move(plain_expressions_[context->plain - 1]);
  if (AcesoParser::ChoiceContext* branches = context->choice()) return choice(*branches);
  if (context->parts.size() == 1) return conjunction(*context->parts[0]);
  ExpressionPtr result = make(ExpressionKind::logical_or, span(context));
  for (AcesoParser::ConjunctionContext* part : context->parts)
    result->children.push_back(conjunction(*part));
  return result;
}

ExpressionPtr TreeBuilder::choice(AcesoParser::ChoiceContext& context) {
  ExpressionPtr result = make(ExpressionKind::conditional, span(&context));
  result->children.push_back(expression(context.condition));
  result->children.push_back(expression(context.yes));
  result->children.push_back(expression(context.otherwise));
  return result;
}

ExpressionPtr TreeBuilder::conjunction(AcesoParser::ConjunctionContext& context) {
  if (context.parts.size() == 1) return negation(*context.parts[0]);
  ExpressionPtr result = make(ExpressionKind::logical_and, span(&context));
  for (AcesoParser::ComparisonContext* part : context.parts)
    result->children.push_back(negation(*part));
  return result;
}

ExpressionPtr TreeBuilder::negation(AcesoParser::ComparisonContext& context) {
  ExpressionPtr result = comparison(context);
  if (too_many(context.nots.size(), options_.max_depth, span(&context))) return result;
  for (auto sign = context.nots.rbegin(); sign != context.nots.rend(); ++sign) {
    ExpressionPtr outer = make(ExpressionKind::logical_not, join(span(*sign), span(&context)));
    outer->children.push_back(std::move(result));
    result = std::move(outer);
  }
  return result;
}

/// Reports A0005: `not not not ...`, `a + b + c + ...` nest in the tree, and later stages follow them.
bool TreeBuilder::too_many(std::size_t count, unsigned bound, Span place) {
  if (count <= bound) return false;
  sink_.report(Kind::nested_too_deeply, place, bound).mend = "give the inner parts names of their own with `define`";
  return true;
}

void TreeBuilder::chained(AcesoParser::ComparisonContext& context) {
  const auto& tails = context.tails;
  auto& complaint = sink_.report(Kind::chained_comparison, join(span(tails[1]->op), span(tails[1])));
  if (tails[0]->right && tails[1]->right && tails.size() == 2) {
    const std::string_view middle = text_at(span(tails[0]->right));
    complaint.mend = fmt::format("write `{} and {} {} {}`", text_at(join(span(context.left), span(tails[0]->right))),
                                 middle, written(tails[1]->op), text_at(span(tails[1]->right)));
  } else {
    complaint.mend = "write two comparisons with `and` between them";
  }
}

ExpressionPtr TreeBuilder::comparison(AcesoParser::ComparisonContext& context) {
  if (AcesoParser::OutcomeContext* outcome_context = context.outcome()) return outcome(*outcome_context);
  ExpressionPtr condition = compared(context);
  if (!context.lasting()) return condition;
  ExpressionPtr result = make(ExpressionKind::lasting, join(span(context.left), span(context.lasting())));
  result->children.push_back(std::move(condition));
  result->children.push_back(literal(context.lasting()->period));
  return result;
}

ExpressionPtr TreeBuilder::compared(AcesoParser::ComparisonContext& context) {
  ExpressionPtr left = operand(context.left);
  if (context.tails.empty()) return left;
  if (context.tails.size() > 1) chained(context);
  AcesoParser::ComparisonTailContext& tail = *context.tails[0];
  const Span whole = join(span(context.left), span(&tail));
  if (tail.op->getType() == AcesoParser::KW_IN) return membership(tail, std::move(left), whole);
  if (tail.article) return being_a(tail, std::move(left), whole);
  if (tail.op->getType() == AcesoParser::KW_IS) return being_known(tail, std::move(left), whole);
  if (tail.period && !tail.side) return worsening(tail, std::move(left), whole);
  const std::string_view word = written(tail.op);
  const bool is_sign = word.empty() || word.front() < 'a';
  const ExpressionKind kind = tail.period ? ExpressionKind::near
                              : is_sign   ? comparison_kind(tail.op->getType())
                                          : ExpressionKind::relation;
  ExpressionPtr result = pair(kind, whole, std::move(left), operand(tail.right));
  if (!is_sign) {
    const Token* named = tail.period ? tail.side : tail.op;
    result->text = written(named);
    result->text_span = span(named);
  }
  if (tail.period) result->children.push_back(literal(tail.period));
  return result;
}

ExpressionPtr TreeBuilder::membership(AcesoParser::ComparisonTailContext& tail, ExpressionPtr left, Span whole) {
  const bool negated = tail.negated != nullptr;
  refuse_negated(*left, tail.negated, whole);
  ExpressionPtr result;
  if (tail.choices || !tail.high) {
    result = make(negated ? ExpressionKind::not_in_set : ExpressionKind::in_set, whole);
    result->children.push_back(std::move(left));
    if (tail.choices)
      append(*result, tail.choices->items);
    else
      result->children.push_back(operand(tail.low)); // a in LIST
  } else {
    result = make(negated ? ExpressionKind::not_in_range : ExpressionKind::in_range, whole);
    result->children.push_back(std::move(left));
    result->children.push_back(operand(tail.low));
    result->children.push_back(operand(tail.high));
  }
  return result;
}

/// "any of x not in y" may mean that one of them is not, or that none is.
void TreeBuilder::refuse_negated(const ast::Expression& left, const Token* negated, Span whole) {
  if (!negated || left.kind != ExpressionKind::each_of) return;
  const std::string& list = left.children[0]->text;
  sink_.report(Kind::syntax_error, whole, "`not` can be read in two ways here").mend =
      fmt::format("write `none of {0} ...`, or `not (all of {0} ...)`", list);
}

ExpressionPtr TreeBuilder::being_a(AcesoParser::ComparisonTailContext& tail, ExpressionPtr left, Span whole) {
  refuse_negated(*left, tail.negated, whole);
  ExpressionPtr result = make(ExpressionKind::is_a, whole);
  const ast::Name general = name(tail.general);
  result->text = general.text;
  result->text_span = general.span;
  result->children.push_back(std::move(left));
  if (!tail.negated) return result;
  ExpressionPtr outer = make(ExpressionKind::logical_not, whole);
  outer->children.push_back(std::move(result));
  return outer;
}

ExpressionPtr TreeBuilder::being_known(AcesoParser::ComparisonTailContext& tail, ExpressionPtr left, Span whole) {
  const bool known = tail.known != nullptr && tail.negated == nullptr;
  ExpressionPtr result = make(known ? ExpressionKind::is_known : ExpressionKind::is_unknown, whole);
  if (tail.reason) {
    const ast::Name reason = name(tail.reason);
    result->text = reason.text;
    result->text_span = reason.span;
  }
  result->children.push_back(std::move(left));
  return result;
}

ExpressionPtr TreeBuilder::operand(AcesoParser::OperandContext* context) {
  if (!context) return nullptr;
  ExpressionPtr result = product(*context->parts[0]);
  if (too_many(context->ops.size(), options_.max_terms, span(context))) return result;
  for (std::size_t i = 0; i < context->ops.size(); ++i) {
    const bool plus = context->ops[i]->getType() == AcesoParser::PLUS;
    const Span whole = join(span(context->parts[0]), span(context->parts[i + 1]));
    result = pair(plus ? ExpressionKind::add : ExpressionKind::subtract, whole, std::move(result),
                  product(*context->parts[i + 1]));
  }
  return result;
}

ExpressionPtr TreeBuilder::product(AcesoParser::ProductContext& context) {
  ExpressionPtr result = factor(*context.parts[0]);
  if (too_many(context.ops.size(), options_.max_terms, span(&context))) return result;
  for (std::size_t i = 0; i < context.ops.size(); ++i) {
    const bool times = context.ops[i]->getType() == AcesoParser::STAR;
    const Span whole = join(span(context.parts[0]), span(context.parts[i + 1]));
    result = pair(times ? ExpressionKind::multiply : ExpressionKind::divide, whole, std::move(result),
                  factor(*context.parts[i + 1]));
  }
  return result;
}

ExpressionPtr TreeBuilder::pair(ExpressionKind kind, Span whole, ExpressionPtr left, ExpressionPtr right) const {
  ExpressionPtr result = make(kind, whole);
  result->children.push_back(std::move(left));
  result->children.push_back(std::move(right));
  return result;
}

ExpressionPtr TreeBuilder::factor(AcesoParser::FactorContext& context) {
  ExpressionPtr result = primary(*context.value);
  if (too_many(context.attributes.size(), options_.max_depth, span(&context))) return result;
  if (too_many(context.signs.size(), options_.max_depth, span(&context))) return result;
  for (AcesoParser::NameContext* attribute : context.attributes) {
    const ast::Name word = name(attribute);
    ExpressionPtr outer = make(ExpressionKind::attribute, join(span(context.value->start), word.span));
    outer->text = word.text;
    outer->text_span = word.span;
    outer->children.push_back(std::move(result));
    result = std::move(outer);
  }
  for (auto sign = context.signs.rbegin(); sign != context.signs.rend(); ++sign) {
    ExpressionPtr outer = make(ExpressionKind::negate, join(span(*sign), span(&context)));
    outer->children.push_back(std::move(result));
    result = std::move(outer);
  }
  return result;
}

} // namespace aceso::parse
