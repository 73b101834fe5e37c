#include "parse/error_strategy.h"

#include <AcesoParser.h>

#include "parse/syntax_messages.h"
#include "parse/token_classes.h"

namespace aceso::parse {

using antlr4::misc::IntervalSet;
using grammar::AcesoParser;

namespace {

constexpr std::size_t no_rule = static_cast<std::size_t>(-1);

/// The rule of the clauses in a rule that has a block of them.
std::size_t item_rule_of(std::size_t block_rule) {
  switch (block_rule) {
  case AcesoParser::RuleGuidelineDeclaration: return AcesoParser::RuleGuidelineItem;
  case AcesoParser::RuleModuleDeclaration: return AcesoParser::RuleModuleItem;
  case AcesoParser::RuleSourceDeclaration: return AcesoParser::RuleSourceItem;
  case AcesoParser::RuleInterpretationDeclaration: return AcesoParser::RuleInterpretationItem;
  case AcesoParser::RuleInputsDeclaration: return AcesoParser::RuleInputsItem;
  case AcesoParser::RuleInputItem: return AcesoParser::RuleInputDetail;
  case AcesoParser::RuleCodesDeclaration: return AcesoParser::RuleCodesItem;
  case AcesoParser::RuleConstraintDeclaration: return AcesoParser::RuleConstraintItem;
  case AcesoParser::RuleBands: return AcesoParser::RuleBand;
  case AcesoParser::RuleScore: return AcesoParser::RuleScoreItem;
  case AcesoParser::RuleFirstOf: return AcesoParser::RuleFirstItem;
  case AcesoParser::RuleTableDeclaration: return AcesoParser::RuleTableItem;
  case AcesoParser::RuleDifferentialDeclaration: return AcesoParser::RuleDifferentialItem;
  case AcesoParser::RuleActionDeclaration: return AcesoParser::RuleActionItem;
  case AcesoParser::RuleRuleDeclaration: return AcesoParser::RuleRuleItem;
  case AcesoParser::RuleCautionDeclaration: return AcesoParser::RuleCautionItem;
  case AcesoParser::RulePathwayDeclaration: return AcesoParser::RulePathwayItem;
  case AcesoParser::RuleStageItem: return AcesoParser::RuleStageDetail;
  case AcesoParser::RulePropertyDeclaration: return AcesoParser::RulePropertyItem;
  case AcesoParser::RuleCaseDeclaration: return AcesoParser::RuleCaseItem;
  default: return no_rule;
  }
}

bool is_item_rule(std::size_t rule, std::size_t parent_rule) { return item_rule_of(parent_rule) == rule; }

/// Scores and tables separate their items by NEW_LINE.
bool has_separators(std::size_t block_rule) {
  return block_rule == AcesoParser::RuleScore || block_rule == AcesoParser::RuleTableDeclaration;
}

const IntervalSet& first_of(antlr4::Parser* parser, std::size_t rule) {
  const antlr4::atn::ATN& atn = parser->getATN();
  return atn.nextTokens(atn.ruleToStartState[rule]);
}

bool contains(const IntervalSet& set, std::size_t type) { return set.contains(type); }

/// The depth of the clauses in the block of `context`, whose `{` has been read.
std::size_t depth_inside(const antlr4::ParserRuleContext& context, const TokenList& tokens) {
  for (auto child = context.children.rbegin(); child != context.children.rend(); ++child) {
    auto* leaf = dynamic_cast<antlr4::tree::TerminalNode*>(*child);
    if (leaf && leaf->getSymbol()->getType() == AcesoParser::LEFT_BRACE) {
      return std::size_t{tokens[leaf->getSymbol()->getTokenIndex()].depth} + 1;
    }
  }
  return 0;
}

} // namespace

antlr4::Token* ClauseErrorStrategy::recoverInline(antlr4::Parser* parser) {
  throw antlr4::InputMismatchException(parser);
}

void ClauseErrorStrategy::sync(antlr4::Parser* parser) {
  const std::size_t rule = parser->getContext()->getRuleIndex();
  const std::size_t item = item_rule_of(rule);
  if (item == no_rule) return;
  const antlr4::atn::ATN& atn = parser->getATN();
  antlr4::atn::ATNState* state = atn.states[parser->getState()];
  const auto kind = state->getStateType();
  if (kind != antlr4::atn::ATNState::STAR_LOOP_ENTRY && kind != antlr4::atn::ATNState::STAR_LOOP_BACK) return;
  const IntervalSet& expected = atn.nextTokens(state);
  const std::size_t marker = has_separators(rule) ? static_cast<std::size_t>(AcesoParser::NEW_LINE)
                                                  : static_cast<std::size_t>(first_of(parser, item).getMinElement());
  if (!contains(expected, AcesoParser::RIGHT_BRACE) || !contains(expected, marker)) return; // a loop before the block
  // `rule x` at the start of a line is no clause, even where clauses begin with any name: the block was not closed.
  const auto fits = [&] {
    const SourceToken& token = tokens_[parser->getTokenStream()->index()];
    return contains(expected, token.getType()) && !token.starts_declaration;
  };
  if (fits()) return;
  const antlr4::InputMismatchException error(parser);
  reportError(parser, error);
  if (sink_.has_overflowed()) throw error;
  skip_to_clause(parser, item, depth_inside(*parser->getContext(), tokens_));
  if (!fits()) throw antlr4::InputMismatchException(parser);
}

void ClauseErrorStrategy::recover(antlr4::Parser* parser, std::exception_ptr error) {
  antlr4::ParserRuleContext* context = parser->getContext();
  const auto* parent = dynamic_cast<antlr4::ParserRuleContext*>(context->parent);
  const bool is_clause = parent && is_item_rule(context->getRuleIndex(), parent->getRuleIndex());
  if (!is_clause || sink_.has_overflowed()) std::rethrow_exception(error);
  skip_to_clause(parser, context->getRuleIndex(), tokens_[context->start->getTokenIndex()].depth);
}

void ClauseErrorStrategy::skip_to_clause(antlr4::Parser* parser, std::size_t item_rule, std::size_t depth) {
  const IntervalSet& first = first_of(parser, item_rule);
  // Where clauses begin with names, any word could begin one; then only the start of a line counts.
  const bool by_lines = contains(first, AcesoParser::NAME);
  const bool separated = item_rule == AcesoParser::RuleScoreItem || item_rule == AcesoParser::RuleTableItem;
  antlr4::TokenStream* stream = parser->getTokenStream();
  for (std::size_t skipped = 0;; ++skipped) {
    const SourceToken& token = tokens_[stream->index()];
    const std::size_t type = token.getType();
    if (type == antlr4::Token::EOF || token.starts_declaration || token.depth < depth) return;
    if (token.depth == depth) {
      if (type == AcesoParser::RIGHT_BRACE) return;
      if (separated && type == AcesoParser::NEW_LINE) return;
      const bool certain = token.starts_line || (!by_lines && can_be_name(type));
      if (!separated && certain && contains(first, type)) return;
    }
    stream->consume();
  }
}

void ClauseErrorStrategy::reportError(antlr4::Parser* parser, const antlr4::RecognitionException& error) {
  if (inErrorRecoveryMode(parser)) return;
  beginErrorCondition(parser);
  failed_ = true;
  report_syntax_error(*parser, tokens_, file_, error, sink_);
}

} // namespace aceso::parse
