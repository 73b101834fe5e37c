#include <algorithm>

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
  for (AcesoParser::ExprContext* context : contexts) to.children.push_back(expression(context));
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
  if (context->op) return junction(*context);
  if (context->negated) {
    ExpressionPtr result = make(ExpressionKind::logical_not, span(context));
    result->children.push_back(expression(context->inner));
    return result;
  }
  return comparison(*context->comparison());
}

/// a and b and c: the grammar nests to the left, the tree is flat. A loop, because there may be many.
ExpressionPtr TreeBuilder::junction(AcesoParser::ExprContext& context) {
  const std::size_t op = context.op->getType();
  std::vector<AcesoParser::ExprContext*> parts;
  AcesoParser::ExprContext* left = &context;
  for (; left->op && left->op->getType() == op; left = left->left) parts.push_back(left->right);
  parts.push_back(left);
  std::reverse(parts.begin(), parts.end());
  ExpressionPtr result =
      make(op == AcesoParser::KW_AND ? ExpressionKind::logical_and : ExpressionKind::logical_or, span(&context));
  append(*result, parts);
  return result;
}

void TreeBuilder::chained(AcesoParser::ComparisonContext& context) {
  const auto& tails = context.tails;
  auto& complaint = sink_.report(Kind::chained_comparison, join(span(tails[1]->op), span(tails[1])));
  if (tails[0]->right && tails[1]->right && tails.size() == 2) {
    const std::string_view middle = text_at(span(tails[0]->right));
    complaint.mend = fmt::format("write `{} and {} {} {}`", text_at(join(span(context.left), span(tails[0]->right))), middle,
                                 written(tails[1]->op), text_at(span(tails[1]->right)));
  } else {
    complaint.mend = "write two comparisons with `and` between them";
  }
}

ExpressionPtr TreeBuilder::comparison(AcesoParser::ComparisonContext& context) {
  if (AcesoParser::OutcomeContext* outcome_context = context.outcome()) return outcome(*outcome_context);
  ExpressionPtr left = operand(context.left);
  if (context.tails.empty()) return left;
  if (context.tails.size() > 1) chained(context);
  AcesoParser::ComparisonTailContext& tail = *context.tails[0];
  const Span whole = join(left->span, span(&tail));
  if (tail.op->getType() == AcesoParser::KW_IN) return membership(tail, std::move(left), whole);
  if (tail.op->getType() == AcesoParser::KW_IS) return being_known(tail, std::move(left), whole);
  ExpressionPtr result = make(comparison_kind(tail.op->getType()), whole);
  result->children.push_back(std::move(left));
  result->children.push_back(operand(tail.right));
  return result;
}

ExpressionPtr TreeBuilder::membership(AcesoParser::ComparisonTailContext& tail, ExpressionPtr left, Span whole) {
  const bool negated = tail.negated != nullptr;
  ExpressionPtr result;
  if (tail.choices) {
    result = make(negated ? ExpressionKind::not_in_set : ExpressionKind::in_set, whole);
    result->children.push_back(std::move(left));
    append(*result, tail.choices->items);
  } else {
    result = make(negated ? ExpressionKind::not_in_range : ExpressionKind::in_range, whole);
    result->children.push_back(std::move(left));
    result->children.push_back(operand(tail.low));
    result->children.push_back(operand(tail.high));
  }
  return result;
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

/// Sums, products and attributes nest to the left without end: a + b + c. A loop again, and a bound, because the tree
/// does nest and later stages follow it.
ExpressionPtr TreeBuilder::operand(AcesoParser::OperandContext* context) {
  if (!context) return nullptr;
  std::vector<AcesoParser::OperandContext*> steps;
  AcesoParser::OperandContext* start = context;
  while (true) {
    AcesoParser::OperandContext* next = start->left ? start->left : start->inner;
    if (!next) break;
    steps.push_back(start);
    start = next;
  }
  ExpressionPtr result = primary(*start->primary());
  if (steps.size() > options_.max_terms) {
    sink_.report(Kind::nested_too_deeply, span(context), options_.max_terms).mend =
        "give parts of this sum names of their own with `define`";
    return result;
  }
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) result = operand_step(**step, std::move(result));
  return result;
}

ExpressionPtr TreeBuilder::operand_step(AcesoParser::OperandContext& context, ExpressionPtr inner) {
  ExpressionPtr result = make(ExpressionKind::attribute, span(&context));
  result->children.push_back(std::move(inner));
  if (context.attribute) {
    const ast::Name attribute = name(context.attribute);
    result->text = attribute.text;
    result->text_span = attribute.span;
    return result;
  }
  switch (context.op->getType()) {
  case AcesoParser::STAR: result->kind = ExpressionKind::multiply; break;
  case AcesoParser::SLASH: result->kind = ExpressionKind::divide; break;
  case AcesoParser::PLUS: result->kind = ExpressionKind::add; break;
  default: result->kind = context.right ? ExpressionKind::subtract : ExpressionKind::negate; break;
  }
  if (context.right) result->children.push_back(operand(context.right));
  return result;
}

} // namespace aceso::parse
