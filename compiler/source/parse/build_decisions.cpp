#include "parse/token_classes.h"
#include "parse/tree_builder.h"

#include <utility>

namespace aceso::parse {

using diagnostics::Kind;

ast::DefineDecl TreeBuilder::define(AcesoParser::DefineDeclarationContext& context) {
  ast::DefineDecl result;
  head(result, context, context.id, context.title);
  if (context.value) result.type = type(context.value);
  if (AcesoParser::BandsContext* inner = context.bands())
    result.body = bands(*inner);
  else if (AcesoParser::ScoreContext* items = context.score())
    result.body = score(*items);
  else if (AcesoParser::FirstOfContext* choices = context.firstOf())
    result.body = first_of(*choices);
  else
    result.body = expression(context.body);
  return result;
}

ast::Bands TreeBuilder::bands(AcesoParser::BandsContext& context) {
  ast::Bands result;
  result.subject = expression(context.subject);
  Span otherwise;
  for (AcesoParser::BandContext* item : context.items) {
    if (item->rest) {
      once(otherwise, span(item->rest), "`otherwise`");
      result.otherwise = expression(item->value);
      continue;
    }
    if (otherwise.is_valid()) {
      sink_.report(Kind::syntax_error, span(item), "nothing can follow `otherwise`").mend =
          "put `otherwise` after all other bands";
    }
    result.bands.push_back({item->below == nullptr, expression(item->limit), expression(item->value), span(item)});
  }
  if (!otherwise.is_valid()) {
    sink_.report(Kind::missing_clause, span(context.start), "`bands`", "`otherwise`").mend =
        "add `otherwise : VALUE` as its last line";
  }
  return result;
}

ast::Score TreeBuilder::score(AcesoParser::ScoreContext& context) {
  ast::Score result;
  for (AcesoParser::ScoreItemContext* item : context.items) {
    result.items.push_back({operand(item->points), expression(item->condition), text(item->label), span(item)});
  }
  if (result.items.empty()) {
    sink_.report(Kind::missing_clause, span(context.start), "`score`", "at least one item").mend =
        "add a line such as `1 if CONDITION \"label\"`";
  }
  return result;
}

ast::CellTest TreeBuilder::cell_test(AcesoParser::CellTestContext& context) {
  ast::CellTest result;
  result.span = span(&context);
  if (context.missing) {
    result.kind = ast::CellTest::Kind::unknown;
  } else if (context.low) {
    result.kind = context.high ? ast::CellTest::Kind::range : ast::CellTest::Kind::value;
    result.values.push_back(operand(context.low));
    if (context.high) result.values.push_back(operand(context.high));
  } else {
    result.kind = ast::CellTest::Kind::compare;
    for (AcesoParser::ComparisonSignContext* sign : context.ops)
      result.comparisons.push_back(comparison_kind(sign->getStart()->getType()));
    for (AcesoParser::OperandContext* limit : context.limits)
      result.values.push_back(operand(limit));
  }
  return result;
}

ast::FirstOf TreeBuilder::first_of(AcesoParser::FirstOfContext& context) {
  ast::FirstOf result;
  Span otherwise;
  for (AcesoParser::FirstItemContext* item : context.items) {
    if (otherwise.is_valid()) {
      sink_.report(Kind::syntax_error, span(item), "nothing can follow `otherwise`").mend =
          "put `otherwise` after all other lines";
    }
    if (item->rest) otherwise = span(item->rest);
    result.items.push_back({expression(item->condition), expression(item->value), span(item)});
  }
  if (result.items.empty()) {
    sink_.report(Kind::missing_clause, span(context.start), "`first`", "at least one line").mend =
        "add a line such as `when CONDITION : VALUE`";
  }
  return result;
}

/// `> 4,5` would be "above 4, or 5"; whoever means two entries writes a space between them.
void TreeBuilder::refuse_decimal_comma(const ast::CellTest& before, const ast::CellTest& after) {
  if (before.values.empty() || after.values.empty()) return;
  const ast::Expression &whole = *before.values.back(), &rest = *after.values.front();
  if (whole.kind != ast::ExpressionKind::number || after.span.begin != rest.span.begin) return;
  if (rest.kind != ast::ExpressionKind::number && rest.kind != ast::ExpressionKind::quantity) return;
  if (rest.span.begin != whole.span.end + 1) return;
  sink_.report(Kind::decimal_comma, join(whole.span, rest.span)).mend =
      (is_thousands(whole.text, rest.text) ? thousands_mend(whole.text, rest.text)
                                           : fmt::format("write `{}.{}`", whole.text, rest.text)) +
      fmt::format(", or `{}, {}` where two entries are meant", whole.text, rest.text);
}

ast::Cell TreeBuilder::cell(AcesoParser::CellContext& context) {
  ast::Cell result;
  result.span = span(&context);
  result.negated = context.negated != nullptr;
  for (AcesoParser::CellTestContext* test : context.tests)
    result.tests.push_back(cell_test(*test));
  for (std::size_t i = 1; i < result.tests.size(); ++i)
    refuse_decimal_comma(result.tests[i - 1], result.tests[i]);
  return result;
}

ast::TableRow TreeBuilder::row(AcesoParser::TableRowContext& context) {
  ast::TableRow result;
  result.span = span(&context);
  result.is_otherwise = context.rest != nullptr;
  for (AcesoParser::CellContext* inner : context.cells)
    result.cells.push_back(cell(*inner));
  result.output = expression(context.output);
  return result;
}

namespace {

ast::HitPolicy policy_of(const AcesoParser::PolicyContext& context) {
  if (context.kind) {
    switch (context.kind->getType()) {
    case AcesoParser::KW_UNIQUE: return ast::HitPolicy::unique;
    case AcesoParser::KW_FIRST: return ast::HitPolicy::first;
    default: return ast::HitPolicy::any;
    }
  }
  switch (context.collect->getType()) {
  case AcesoParser::KW_SUM: return ast::HitPolicy::collect_sum;
  case AcesoParser::KW_MIN: return ast::HitPolicy::collect_min;
  case AcesoParser::KW_MAX: return ast::HitPolicy::collect_max;
  case AcesoParser::KW_COUNT: return ast::HitPolicy::collect_count;
  default: return ast::HitPolicy::collect_list;
  }
}

} // namespace

ast::TableDecl TreeBuilder::table(AcesoParser::TableDeclarationContext& context) {
  ast::TableDecl result;
  head(result, context, context.id, context.title);
  result.type = type(context.value);
  if (AcesoParser::PolicyContext* policy = context.policy()) {
    result.policy = policy_of(*policy);
  } else {
    missing(result, "table", "a hit policy",
            "write `unique`, `first`, `any` or `collect sum` (`min`, `max`, `count`, `list`) before `{`");
  }
  AcesoParser::HeaderContext& header = *context.header();
  for (AcesoParser::ExprContext* column : header.columns)
    result.columns.push_back(expression(column));
  result.output = name(header.output);
  result.rows = std::exchange(plain_rows_, {}); // they stand before all others
  for (AcesoParser::TableItemContext* item : context.items) {
    if (AcesoParser::TableRowContext* inner = item->tableRow())
      result.rows.push_back(row(*inner));
    else
      add_cite(result, item->cite());
  }
  return result;
}

ast::DifferentialDecl::Argument TreeBuilder::argument(AcesoParser::ArgumentContext& context) {
  ast::DifferentialDecl::Argument result;
  result.is_for = context.side->getType() == AcesoParser::KW_FOR;
  result.candidate = name(context.candidate);
  if (context.word) result.weight_word = word(context.word);
  result.weight = literal(context.weight);
  result.condition = expression(context.condition);
  result.label = text(context.label);
  if (AcesoParser::CiteBlockContext* block = context.citeBlock()) add_cites(result.cites, block->cites);
  result.span = span(&context);
  return result;
}

void TreeBuilder::decide(ast::DifferentialDecl& to, AcesoParser::DecideContext& context) {
  once(to.decide_span, span(&context), "`decide`");
  Span strong, weak, needs, ahead;
  for (AcesoParser::DecidePartContext* part : context.parts) {
    const Span place = span(part->key);
    switch (part->key->getType()) {
    case AcesoParser::KW_STRONG:
      once(strong, place, "`strong`");
      to.strong = literal(part->value);
      break;
    case AcesoParser::KW_WEAK:
      once(weak, place, "`weak`");
      to.weak = literal(part->value);
      break;
    case AcesoParser::KW_NEEDS:
      once(needs, place, "`needs`");
      to.needs = literal(part->value);
      break;
    default: once(ahead, place, "`ahead by`"); to.ahead_by = literal(part->value);
    }
  }
}

ast::DifferentialDecl TreeBuilder::differential(AcesoParser::DifferentialDeclarationContext& context) {
  ast::DifferentialDecl result;
  head(result, context, context.id, context.title);
  result.type = type(context.value);
  result.candidates = names(context.candidates);
  for (AcesoParser::DifferentialItemContext* item : context.items) {
    if (AcesoParser::ArgumentContext* inner = item->argument()) {
      result.arguments.push_back(argument(*inner));
    } else if (AcesoParser::VerdictContext* verdict = item->verdict()) {
      result.verdicts.push_back({verdict->kind->getType() == AcesoParser::KW_CONFIRMS, name(verdict->candidate),
                                 expression(verdict->condition), span(verdict)});
    } else if (AcesoParser::DecideContext* parts = item->decide()) {
      decide(result, *parts);
    } else {
      add_cite(result, item->cite());
    }
  }
  if (!result.decide_span.is_valid()) {
    missing(result, "differential", "`decide`", "add a line such as `decide strong 3, weak 1, needs 3, ahead by 1`");
  }
  return result;
}

} // namespace aceso::parse
