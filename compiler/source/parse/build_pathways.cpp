#include "parse/tree_builder.h"

namespace aceso::parse {

using diagnostics::Kind;

ast::Transition TreeBuilder::transition(AcesoParser::TransitionContext& context) {
  ast::Transition result;
  result.after = literal(context.after);
  result.within = literal(context.period);
  result.when = expression(context.condition);
  result.target = name(context.target);
  result.repeat = context.repeat != nullptr;
  result.at_most = name(context.limit);
  result.span = span(&context);
  if (AcesoParser::CiteBlockContext* block = context.citeBlock()) add_cites(result.cites, block->cites);
  if (!result.after && !result.when) {
    sink_.report(Kind::missing_clause, span(context.start), "a transition", "`when` or `after`").mend =
        fmt::format("write `when CONDITION {}`", text_at(result.span));
  }
  return result;
}

ast::StageDecl TreeBuilder::stage(AcesoParser::StageItemContext& context) {
  ast::StageDecl result;
  head(result, context, context.id, context.title);
  result.is_final = context.final != nullptr;
  for (AcesoParser::StageDetailContext* item : context.items) {
    if (AcesoParser::TransitionContext* inner = item->transition())
      result.transitions.push_back(transition(*inner));
    else
      add_cite(result, item->cite());
  }
  return result;
}

ast::PathwayDecl TreeBuilder::pathway(AcesoParser::PathwayDeclarationContext& context) {
  ast::PathwayDecl result;
  head(result, context, context.id, context.title);
  Span start;
  for (AcesoParser::PathwayItemContext* item : context.items) {
    if (item->first) {
      once(start, span(item), "`start`");
      result.start = name(item->first);
    } else if (AcesoParser::InterruptContext* interrupt = item->interrupt()) {
      result.interrupts.push_back({names(interrupt->stages), transition(*interrupt->transition())});
    } else if (AcesoParser::StageItemContext* inner = item->stageItem()) {
      result.stages.push_back(stage(*inner));
    } else {
      add_cite(result, item->cite());
    }
  }
  if (!start.is_valid()) missing(result, "pathway", "`start`", "add `start` and the name of its first stage");
  if (result.stages.empty()) missing(result, "pathway", "a stage", "add `stage NAME \"title\" { ... }`");
  return result;
}

ast::PropertyDecl TreeBuilder::property(AcesoParser::PropertyDeclarationContext& context) {
  ast::PropertyDecl result;
  head(result, context, context.id, nullptr);
  for (AcesoParser::PropertyItemContext* item : context.items) {
    if (!item->key) {
      add_cite(result, item->cite());
      continue;
    }
    ast::PropertyDecl::Statement statement;
    using StatementKind = ast::PropertyDecl::Statement::Kind;
    statement.span = span(item);
    statement.even_when_missing = item->even() != nullptr;
    if (item->key->getType() == AcesoParser::KW_STAGE) {
      statement.kind = StatementKind::stage_only_after;
      statement.stage = name(item->subject);
      statement.after = name(item->earlier);
    } else {
      const bool whenever = item->key->getType() == AcesoParser::KW_WHENEVER;
      statement.kind = whenever ? StatementKind::whenever_then : StatementKind::never_when;
      statement.condition = expression(item->condition);
      statement.outcome = expression(item->outcomes);
    }
    // "then undetermined x missing a, b": the names after the first stand in the property's own list.
    if (!item->missing.empty()) {
      ast::Expression* last = statement.outcome.get();
      while (last && !last->children.empty())
        last = last->children.back().get();
      if (last && !last->outcome_words->missing.empty()) {
        for (const auto* more : item->missing)
          last->outcome_words.edit().missing.push_back(name(more));
        last->span = join(last->span, last->outcome_words->missing.back().span);
      } else {
        sink_.report(Kind::syntax_error, span(item->missing[0]), "a list of names stands after `missing` only").mend =
            "join conditions with `and` or `or`";
      }
    }
    result.statements.push_back(std::move(statement));
  }
  if (result.statements.empty()) {
    missing(result, "property", "a statement",
            "add `whenever ... then ...`, `never ... when ...` or `stage ... only after ...`");
  }
  return result;
}

} // namespace aceso::parse
