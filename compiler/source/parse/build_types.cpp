#include "parse/tree_builder.h"

namespace aceso::parse {

using ast::TypeExpressionKind;

ast::Member TreeBuilder::member(AcesoParser::MemberContext& context) {
  ast::Member result;
  result.name = context.id ? name(context.id) : name(context.numeral);
  result.title = text(context.title);
  if (context.points) result.score = numeral(context.sign, context.points);
  for (AcesoParser::MemberAttributeContext* attribute : context.attributes) {
    result.attributes.push_back({name(attribute->id), expression(attribute->value)});
  }
  return result;
}

ast::TypeExpression TreeBuilder::type(AcesoParser::TypeExpressionContext* context) {
  ast::TypeExpression result;
  if (!context) return result;
  result.span = span(context);
  if (context->named) {
    result.kind = TypeExpressionKind::named;
    result.name = name(context->named);
    return result;
  }
  switch (context->kind->getType()) {
  case AcesoParser::KW_ONE: result.kind = TypeExpressionKind::one_of; break;
  case AcesoParser::KW_SCALE: result.kind = TypeExpressionKind::scale; break;
  case AcesoParser::KW_NUMBER: result.kind = TypeExpressionKind::number; break;
  case AcesoParser::KW_QUANTITY: result.kind = TypeExpressionKind::quantity; break;
  case AcesoParser::KW_DURATION: result.kind = TypeExpressionKind::duration; break;
  case AcesoParser::KW_DATE: result.kind = TypeExpressionKind::date; break;
  case AcesoParser::KW_INSTANT: result.kind = TypeExpressionKind::instant; break;
  case AcesoParser::KW_ACTION: result.kind = TypeExpressionKind::action; break;
  case AcesoParser::KW_TIME: result.kind = TypeExpressionKind::time; break;
  case AcesoParser::KW_INTERVAL: result.kind = TypeExpressionKind::interval; break;
  case AcesoParser::KW_CODE: result.kind = TypeExpressionKind::code; break;
  case AcesoParser::KW_LIST: result.kind = TypeExpressionKind::list; break;
  default: result.kind = TypeExpressionKind::yes_no; break;
  }
  if (AcesoParser::MembersContext* members = context->members()) {
    result.members.reserve(members->items.size());
    for (AcesoParser::MemberContext* item : members->items)
      result.members.push_back(member(*item));
  }
  if (context->limits) {
    result.from = literal(context->limits->low);
    result.to = literal(context->limits->high);
    result.step = literal(context->limits->by);
  }
  result.systems = names(context->systems);
  if (context->element) result.element = std::make_unique<ast::TypeExpression>(type(context->element));
  return result;
}

ast::TypeDecl TreeBuilder::type_declaration(AcesoParser::TypeDeclarationContext& context) {
  ast::TypeDecl result;
  head(result, context, context.id, context.title);
  for (AcesoParser::ParameterContext* has : context.has) {
    result.attributes.push_back({name(has->id), type(has->value)});
  }
  if (context.worse) result.worse_when = name(context.worse->direction);
  result.type = type(context.value);
  return result;
}

std::string TreeBuilder::without_quotes(std::string_view unit) {
  if (unit.size() > 2 && unit.front() == '\'') unit = unit.substr(1, unit.size() - 2);
  return std::string(unit);
}

ast::Name TreeBuilder::unit_code(AcesoParser::UnitCodeContext* context) const {
  ast::Name result = name(context);
  result.text = without_quotes(result.text);
  return result;
}

ast::UnitDecl TreeBuilder::unit_declaration(AcesoParser::UnitDeclarationContext& context) {
  ast::UnitDecl result;
  head(result, context, context.ids.empty() ? nullptr : context.ids.front(), context.title);
  for (std::size_t i = 1; i < context.ids.size(); ++i)
    result.more_names.push_back(name(context.ids[i]));
  result.code = unit_code(context.code);
  return result;
}

ast::FunctionDecl TreeBuilder::function(AcesoParser::FunctionDeclarationContext& context) {
  ast::FunctionDecl result;
  head(result, context, context.id, nullptr);
  for (AcesoParser::ParameterContext* parameter : context.parameters) {
    result.parameters.push_back({name(parameter->id), type(parameter->value)});
  }
  if (context.result) result.result = type(context.result);
  result.require = expression(context.condition);
  result.message = text(context.message);
  result.body = expression(context.body);
  return result;
}

} // namespace aceso::parse
