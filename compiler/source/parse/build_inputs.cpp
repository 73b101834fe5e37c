#include "parse/tree_builder.h"

namespace aceso::parse {

ast::UnknownClause TreeBuilder::unknown(AcesoParser::UnknownClauseContext& context) {
  ast::UnknownClause result;
  result.span = span(&context);
  result.assume = context.ask == nullptr;
  result.value = expression(context.value);
  result.because = text(context.reason);
  return result;
}

void TreeBuilder::set_unknown(std::optional<ast::UnknownClause>& to, AcesoParser::UnknownClauseContext& context) {
  Span seen = to ? to->span : Span{};
  once(seen, span(&context), "`unknown`");
  to = unknown(context);
}

ast::InputItem TreeBuilder::input(AcesoParser::InputItemContext& context) {
  ast::InputItem result;
  head(result, context, context.id, context.title);
  result.type = type(context.value);
  Span typical, series, fresh, accepts, mass, worse;
  const auto attribute = [&](AcesoParser::InputAttributeContext& item) {
    if (item.worse) {
      once(worse, span(item.worse->start), "`worse when`");
      result.worse_when = name(item.worse->direction);
      return;
    }
    if (!item.key) return;
    const Span place = span(item.key);
    switch (item.key->getType()) {
    case AcesoParser::KW_TYPICAL:
      once(typical, place, "`typical`");
      if (item.value->literal()) {
        result.typical = literal(item.value->literal());
      } else if (item.value->constant) {
        result.typical = constant(item.value->constant);
      } else {
        const ast::Name value = name(item.value->id);
        result.typical = make(ast::ExpressionKind::name, value.span);
        result.typical->text = value.text;
        result.typical->text_span = value.span;
      }
      break;
    case AcesoParser::KW_SERIES:
      once(series, place, "`series`");
      result.is_series = true;
      break;
    case AcesoParser::KW_FRESH:
      once(fresh, place, "`fresh for`");
      result.fresh_for = literal(item.period);
      break;
    case AcesoParser::KW_MOLAR_MASS:
      once(mass, place, "`molar_mass`");
      result.molar_mass = literal(item.mass);
      break;
    default:
      once(accepts, place, "`accepts`");
      for (const auto* unit : item.units)
        result.accepts.push_back({unit_code(unit->code), literal(unit->by)});
    }
  };
  for (AcesoParser::InputAttributeContext* item : context.attributes)
    attribute(*item);
  for (AcesoParser::InputDetailContext* item : context.details) {
    if (AcesoParser::InputAttributeContext* inner = item->inputAttribute())
      attribute(*inner);
    else if (AcesoParser::UnknownClauseContext* clause = item->unknownClause())
      set_unknown(result.unknown, *clause);
    else
      add_cite(result, item->cite());
  }
  return result;
}

ast::InputsDecl TreeBuilder::inputs(AcesoParser::InputsDeclarationContext& context) {
  ast::InputsDecl result;
  head(result, context, context.id, context.title);
  add_cites(result.cites, context.cites);
  for (AcesoParser::InputsItemContext* item : context.items) {
    if (AcesoParser::InputItemContext* inner = item->inputItem())
      result.items.push_back(input(*inner));
    else if (AcesoParser::UnknownClauseContext* clause = item->unknownClause())
      set_unknown(result.unknown, *clause);
    else
      add_cite(result, item->cite());
  }
  return result;
}

ast::ConstraintDecl TreeBuilder::constraint(AcesoParser::ConstraintDeclarationContext& context) {
  ast::ConstraintDecl result;
  head(result, context, context.id, nullptr);
  Span require, message;
  for (AcesoParser::ConstraintItemContext* item : context.items) {
    if (item->condition) {
      once(require, span(item->start), "`require`");
      result.require = expression(item->condition);
    } else if (item->message) {
      once(message, span(item->start), "`message`");
      result.message = text(item->message);
    } else {
      add_cite(result, item->cite());
    }
  }
  if (!require.is_valid()) missing(result, "constraint", "`require`", "add `require` and what must hold");
  if (!message.is_valid())
    missing(result, "constraint", "`message`", "add `message \"what is wrong with such a case\"`");
  return result;
}

} // namespace aceso::parse
