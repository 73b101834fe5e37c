#include "parse/tree_builder.h"

namespace aceso::parse {

using ast::ExpressionKind;
using ast::ExpressionPtr;
using ast::OutcomeKind;
using diagnostics::Kind;

ExpressionPtr TreeBuilder::constant(const Token* token) const {
  ExpressionKind kind = ExpressionKind::yes_no;
  switch (token->getType()) {
  case AcesoParser::DATE: kind = ExpressionKind::date; break;
  case AcesoParser::TIME: kind = ExpressionKind::time; break;
  case AcesoParser::INSTANT: kind = ExpressionKind::instant; break;
  case AcesoParser::KW_NOW: kind = ExpressionKind::now; break;
  default: break;
  }
  ExpressionPtr result = make(kind, span(token));
  result->text = word(token);
  return result;
}

ExpressionPtr TreeBuilder::number(const Token* number, const Token* unit) const {
  ExpressionPtr result = make(unit ? ExpressionKind::quantity : ExpressionKind::number, join(span(number), span(unit)));
  result->text = word(number);
  result->text_span = span(number);
  if (unit) {
    result->unit = without_quotes(written(unit));
    result->unit_span = span(unit);
  }
  return result;
}

ExpressionPtr TreeBuilder::numeral(const Token* sign, const Token* digits) const {
  ExpressionPtr result = number(digits, nullptr);
  if (!sign) return result;
  ExpressionPtr negative = make(ExpressionKind::negate, join(span(sign), result->span));
  negative->children.push_back(std::move(result));
  return negative;
}

ExpressionPtr TreeBuilder::literal(AcesoParser::LiteralContext* context) const {
  if (!context) return nullptr;
  ExpressionPtr result = number(context->number, context->unit);
  if (!context->sign) return result;
  ExpressionPtr negative = make(ExpressionKind::negate, span(context));
  negative->children.push_back(std::move(result));
  return negative;
}

ExpressionPtr TreeBuilder::primary(AcesoParser::PrimaryContext& context) {
  if (context.id) return reference(context);
  if (context.number) return number(context.number, context.unit);
  if (context.group) return expression(context.group);
  if (context.constant) return constant(context.constant);
  if (context.unitAlone) return unit_alone(context.unitAlone);
  if (context.quantifier) return quantified(context);
  if (context.series) return series(context);
  const Span whole = span(&context);
  if (context.stage) {
    ExpressionPtr result = make(ExpressionKind::in_stage, whole);
    const ast::Name stage = name(context.stage);
    result->text = stage.text;
    result->text_span = stage.span;
    return result;
  }
  ExpressionPtr result = make(ExpressionKind::list, whole);
  append(*result, context.elements);
  return result;
}

ExpressionPtr TreeBuilder::reference(AcesoParser::PrimaryContext& context) {
  const ast::Name id = name(context.id);
  ExpressionPtr result = make(context.call ? ExpressionKind::call : ExpressionKind::name, span(&context));
  result->text = id.text;
  result->text_span = id.span;
  const bool ends_in_unit = id.text == "convert" && context.arguments.size() == 2 &&
                            context.arguments[1]->start == context.arguments[1]->stop &&
                            (context.arguments[1]->start->getType() == AcesoParser::UNIT ||
                             context.arguments[1]->start->getType() == AcesoParser::QUOTED_UNIT);
  if (!ends_in_unit) {
    append(*result, context.arguments);
    return result;
  }
  result->children.push_back(expression(context.arguments[0]));
  const Token* unit = context.arguments[1]->start;
  result->children.push_back(make(ExpressionKind::unit, span(unit)));
  result->children.back()->text = without_quotes(written(unit));
  return result;
}

/// A unit without a number: [x] is a list of one name, a/b was meant as a division.
ExpressionPtr TreeBuilder::unit_alone(const Token* token) {
  const std::string_view unit = written(token);
  const Span whole = span(token);
  if (unit.front() == '[' && unit.find('/') == std::string_view::npos && unit.find('\'') == std::string_view::npos) {
    ExpressionPtr result = make(ExpressionKind::list, whole);
    ExpressionPtr element = make(ExpressionKind::name, {whole.file, whole.begin + 1, whole.end - 1});
    element->text = unit.substr(1, unit.size() - 2);
    element->text_span = element->span;
    result->children.push_back(std::move(element));
    return result;
  }
  if (unit.find('/') != std::string_view::npos && unit.find('[') == std::string_view::npos && unit.front() != '%') {
    std::string spaced;
    for (const char c : unit)
      spaced += c == '/' ? std::string(" / ") : std::string(1, c);
    sink_.report(Kind::spaces_around_division, whole, fmt::format("`{}`", unit)).mend =
        fmt::format("write `{}`", spaced);
  } else {
    sink_.report(Kind::syntax_error, whole, fmt::format("the unit `{}` has no number before it", unit));
  }
  return make(ExpressionKind::name, whole);
}

ExpressionPtr TreeBuilder::quantified(AcesoParser::PrimaryContext& context) {
  if (context.each) {
    ExpressionPtr result = make(ExpressionKind::each_of, span(&context));
    result->text = word(context.quantifier);
    result->text_span = span(context.quantifier);
    const ast::Name list = name(context.each);
    ExpressionPtr of = make(ExpressionKind::name, list.span);
    of->text = list.text;
    of->text_span = list.span;
    result->children.push_back(std::move(of));
    return result;
  }
  ExpressionKind kind = ExpressionKind::any_of;
  switch (context.quantifier->getType()) {
  case AcesoParser::KW_ALL: kind = ExpressionKind::all_of; break;
  case AcesoParser::KW_NONE: kind = ExpressionKind::none_of; break;
  case AcesoParser::KW_NUMBER: kind = ExpressionKind::number_of; break;
  case AcesoParser::KW_LEAST: kind = ExpressionKind::at_least; break;
  case AcesoParser::KW_MOST: kind = ExpressionKind::at_most; break;
  case AcesoParser::KW_EXACTLY: kind = ExpressionKind::exactly; break;
  default: break;
  }
  ExpressionPtr result = make(kind, span(&context));
  if (context.bound) {
    result->text = word(context.bound);
    result->text_span = span(context.bound);
  }
  if (context.choices) append(*result, context.choices->items);
  return result;
}

ExpressionPtr TreeBuilder::series(AcesoParser::PrimaryContext& context) {
  ExpressionPtr result = make(ExpressionKind::series, span(&context));
  result->text = word(context.series);
  result->text_span = span(context.series);
  const ast::Name subject = name(context.subject);
  ExpressionPtr of = make(ExpressionKind::name, subject.span);
  of->text = subject.text;
  of->text_span = subject.span;
  result->children.push_back(std::move(of));
  if (context.period) result->children.push_back(literal(context.period));
  return as_of(context.past, std::move(result));
}

/// "x worsening over 2 weeks"
ExpressionPtr TreeBuilder::worsening(AcesoParser::ComparisonTailContext& tail, ExpressionPtr left, Span whole) {
  ExpressionPtr result = make(ExpressionKind::series, whole);
  result->text = word(tail.op);
  result->text_span = span(tail.op);
  result->children.push_back(std::move(left));
  result->children.push_back(literal(tail.period));
  return as_of(tail.past, std::move(result));
}

ExpressionPtr TreeBuilder::as_of(AcesoParser::AsOfContext* moment, ExpressionPtr series) {
  if (!moment) return series;
  ExpressionPtr then;
  if (moment->constant) {
    then = constant(moment->constant);
  } else {
    const ast::Name id = name(moment->id);
    then = make(ExpressionKind::name, id.span);
    then->text = id.text;
    then->text_span = id.span;
  }
  const Span whole = series->span;
  return pair(ExpressionKind::as_of, whole, std::move(series), std::move(then));
}

ExpressionPtr TreeBuilder::outcome(AcesoParser::OutcomeContext& context) {
  ExpressionPtr result = make(ExpressionKind::outcome, span(&context));
  switch (context.verb->getType()) {
  case AcesoParser::KW_RECOMMENDED: result->outcome = OutcomeKind::recommended; break;
  case AcesoParser::KW_SUGGESTED: result->outcome = OutcomeKind::suggested; break;
  case AcesoParser::KW_ADVISED: result->outcome = OutcomeKind::advised; break;
  case AcesoParser::KW_AVOIDED: result->outcome = OutcomeKind::avoided; break;
  case AcesoParser::KW_CONTRAINDICATED: result->outcome = OutcomeKind::contraindicated; break;
  case AcesoParser::KW_OVERRIDDEN: result->outcome = OutcomeKind::overridden; break;
  case AcesoParser::KW_CONFLICT: result->outcome = OutcomeKind::conflict; break;
  case AcesoParser::KW_UNDETERMINED: result->outcome = OutcomeKind::undetermined; break;
  case AcesoParser::KW_CAUTION: result->outcome = OutcomeKind::caution; break;
  default: result->outcome = OutcomeKind::stage; break;
  }
  const ast::Name target = name(context.target);
  result->text = target.text;
  result->text_span = target.span;
  if (context.strength) result->outcome_words.edit().strength = word(context.strength);
  if (context.urgency) result->outcome_words.edit().urgency = word(context.urgency);
  if (context.missing) result->outcome_words.edit().missing.push_back(name(context.missing));
  return result;
}

} // namespace aceso::parse
