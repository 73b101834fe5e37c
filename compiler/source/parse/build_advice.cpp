#include "parse/tree_builder.h"

namespace aceso::parse {

ast::ActionDecl TreeBuilder::action(AcesoParser::ActionDeclarationContext& context) {
  ast::ActionDecl result;
  head(result, context, context.id, context.title);
  result.category = name(context.category);
  Span note;
  for (AcesoParser::ActionItemContext* item : context.items) {
    if (item->note) {
      once(note, span(item->key), "`note`");
      result.note = text(item->note);
    } else if (item->other) {
      result.interactions.emplace_back(name(item->other), text(item->reason));
    } else {
      add_cite(result, item->cite());
    }
  }
  return result;
}

ast::ActionClassDecl TreeBuilder::action_class(AcesoParser::ActionClassDeclarationContext& context) {
  ast::ActionClassDecl result;
  head(result, context, context.id, context.title);
  result.at_most_one = context.limit != nullptr;
  result.members = names(context.targets);
  return result;
}

ast::Advice TreeBuilder::advice(AcesoParser::AdviceContext& context) {
  ast::Advice result;
  result.verb = name(context.verb);
  result.targets = names(context.targets);
  result.span = span(&context);
  Span strength, urgency, within;
  for (AcesoParser::AdviceModifierContext* modifier : context.modifiers) {
    if (modifier->strength) {
      once(strength, span(modifier->strength), "the strength of this advice");
      result.strength = word(modifier->strength);
    } else if (modifier->urgency) {
      once(urgency, span(modifier->urgency), "the urgency of this advice");
      result.urgency = word(modifier->urgency);
    } else {
      once(within, span(modifier), "`within`");
      result.within = literal(modifier->period);
    }
  }
  return result;
}

ast::RuleDecl TreeBuilder::rule(AcesoParser::RuleDeclarationContext& context) {
  ast::RuleDecl result;
  head(result, context, context.id, context.title);
  Span when, unless, because, certainty;
  for (AcesoParser::RuleItemContext* item : context.items) {
    if (AcesoParser::AdviceContext* inner = item->advice()) {
      result.advice.push_back(advice(*inner));
      continue;
    }
    if (!item->key) {
      add_cite(result, item->cite());
      continue;
    }
    const Span place = span(item->key);
    switch (item->key->getType()) {
    case AcesoParser::KW_WHEN:
      once(when, place, "`when`");
      result.when = expression(item->condition);
      break;
    case AcesoParser::KW_UNLESS:
      once(unless, place, "`unless`");
      result.unless = expression(item->condition);
      break;
    case AcesoParser::KW_OVERRIDES: result.overrides.push_back({name(item->target), text(item->reason)}); break;
    case AcesoParser::KW_BECAUSE:
      once(because, place, "`because`");
      result.because = text(item->reason);
      break;
    default: once(certainty, place, "`certainty`"); result.certainty = word(item->level);
    }
  }
  if (!when.is_valid()) missing(result, "rule", "`when`", "add `when` and a condition");
  if (result.advice.empty()) {
    missing(result, "rule", "advice", "add `recommend`, `suggest`, `avoid` or `contraindicate` and an action");
  }
  return result;
}

ast::CautionDecl TreeBuilder::caution(AcesoParser::CautionDeclarationContext& context) {
  ast::CautionDecl result;
  head(result, context, context.id, nullptr);
  result.when = expression(context.condition);
  for (AcesoParser::CautionItemContext* item : context.items) {
    if (item->text)
      result.texts.push_back(text(item->text));
    else
      add_cite(result, item->cite());
  }
  if (result.texts.empty())
    missing(result, "caution", "a text", "add what the clinician should read, in quotation marks");
  return result;
}

} // namespace aceso::parse
