#pragma once
/// From ANTLR's contexts to the syntax tree. One member function a kind of node, in files by topic (build_*.cpp).
///
/// The builder also refuses what the grammar lets through because words explain it better: chained comparisons (A0105),
/// clauses given twice (A0106) or left out (A0107), units that were meant as divisions (A0108).

#include <string>
#include <string_view>
#include <vector>

#include <AcesoParser.h>

#include "ast/ast.h"
#include "diagnostics/diagnostic.h"
#include "parse/parser.h"
#include "parse/token_list.h"

namespace aceso::parse {

using grammar::AcesoParser;

class TreeBuilder {
public:
  TreeBuilder(const TokenList& tokens, const std::vector<ast::Comment>& comments, std::uint32_t file,
              const ParseOptions& options, diagnostics::Sink& sink)
      : tokens_(tokens), comments_(comments), file_(file), options_(options), sink_(sink) {}

  [[nodiscard]] ast::AnyDeclaration declaration(AcesoParser::DeclarationContext& context);
  [[nodiscard]] std::optional<ast::Expectation> expectation_alone(AcesoParser::ExpectationAloneContext& context);

  /// Tokens from `begin` up to, not including, `end`.
  struct Stretch {
    std::size_t begin = 0, end = 0;
  };
  /// Reads the first rows of the table whose keyword stands at `table`, as many as are plain, and keeps them for
  /// `declaration`. Gives the tokens that the parser can then leave out: it sees a table without these rows.
  [[nodiscard]] Stretch read_plain_rows(std::size_t table);
  /// Reads the expression that begins with the token `begin`, if it is plain and has no more than `most_groups`
  /// parentheses inside of each other, and keeps it for `context`. Gives the token behind it; `begin`: it is not plain.
  [[nodiscard]] std::size_t read_plain_expression(std::size_t begin, std::size_t most_groups,
                                                  AcesoParser::ExprContext& context);
  /// How many such expressions wait for `declaration`.
  [[nodiscard]] std::size_t plain_expressions() const { return plain_expressions_.size(); }
  /// Drops what was read and waits for `declaration`.
  void forget_plain() {
    plain_rows_.clear();
    plain_expressions_.clear();
  }

private:
  using Span = source::Span;
  using Token = antlr4::Token;
  using Context = antlr4::ParserRuleContext;

  // build_common.cpp: places, names, texts, citations, complaints
  [[nodiscard]] Span span(const Token* token) const;
  [[nodiscard]] Span span(const Context* context) const;
  [[nodiscard]] Span span(const Token* first, const Token* last) const { return join(span(first), span(last)); }
  [[nodiscard]] std::string_view text_at(Span span) const;
  [[nodiscard]] std::string_view written(const Token* token) const { return text_at(span(token)); }
  [[nodiscard]] std::string word(const Token* token) const { return std::string(written(token)); }
  [[nodiscard]] ast::Name name(const Token* token) const;
  [[nodiscard]] ast::Name name(const Context* context) const;
  [[nodiscard]] ast::Name dotted_name(AcesoParser::DottedNameContext& context) const;
  template <class Contexts>
  [[nodiscard]] std::vector<ast::Name> names(const Contexts& contexts) const {
    std::vector<ast::Name> result;
    result.reserve(contexts.size());
    for (const auto* context : contexts)
      result.push_back(name(context));
    return result;
  }
  [[nodiscard]] ast::Text text(const Token* token) const;
  [[nodiscard]] std::string unescape(std::string_view quoted) const;
  [[nodiscard]] ast::Cite cite(AcesoParser::CiteContext& context) const;
  void add_cite(ast::Declaration& to, AcesoParser::CiteContext* context) const;
  void add_cites(std::vector<ast::Cite>& to, const std::vector<AcesoParser::CiteContext*>& contexts) const;
  [[nodiscard]] std::vector<std::string> doc_before(const Token* token) const;
  /// Name, title, place and doc comment; `keyword` is how the author calls it ("rule").
  void head(ast::Declaration& to, const Context& context, const Context* id, const Token* title) const;
  /// Reports A0106 where `seen` is valid already, and notes the place.
  void once(Span& seen, Span now, std::string_view what);
  void missing(const ast::Declaration& declaration, std::string_view kind, std::string_view what,
               std::string_view mend);

  // build_expressions.cpp and build_primaries.cpp
  [[nodiscard]] ast::ExpressionPtr make(ast::ExpressionKind kind, Span span) const;
  [[nodiscard]] ast::ExpressionPtr expression(AcesoParser::ExprContext* context);
  [[nodiscard]] ast::ExpressionPtr choice(AcesoParser::ChoiceContext& context);
  [[nodiscard]] ast::ExpressionPtr conjunction(AcesoParser::ConjunctionContext& context);
  [[nodiscard]] ast::ExpressionPtr negation(AcesoParser::ComparisonContext& context);
  [[nodiscard]] ast::ExpressionPtr comparison(AcesoParser::ComparisonContext& context);
  [[nodiscard]] ast::ExpressionPtr compared(AcesoParser::ComparisonContext& context);
  [[nodiscard]] ast::ExpressionPtr membership(AcesoParser::ComparisonTailContext& tail, ast::ExpressionPtr left,
                                              Span whole);
  [[nodiscard]] ast::ExpressionPtr being_known(AcesoParser::ComparisonTailContext& tail, ast::ExpressionPtr left,
                                               Span whole);
  [[nodiscard]] ast::ExpressionPtr being_a(AcesoParser::ComparisonTailContext& tail, ast::ExpressionPtr left,
                                           Span whole);
  void refuse_negated(const ast::Expression& left, const Token* negated, Span whole);
  void chained(AcesoParser::ComparisonContext& context);
  [[nodiscard]] ast::ExpressionPtr operand(AcesoParser::OperandContext* context);
  [[nodiscard]] ast::ExpressionPtr product(AcesoParser::ProductContext& context);
  [[nodiscard]] ast::ExpressionPtr factor(AcesoParser::FactorContext& context);
  [[nodiscard]] ast::ExpressionPtr pair(ast::ExpressionKind kind, Span whole, ast::ExpressionPtr left,
                                        ast::ExpressionPtr right) const;
  [[nodiscard]] bool too_many(std::size_t count, unsigned bound, Span place);
  [[nodiscard]] ast::ExpressionPtr primary(AcesoParser::PrimaryContext& context);
  [[nodiscard]] ast::ExpressionPtr constant(const Token* token) const;
  [[nodiscard]] ast::ExpressionPtr number(const Token* number, const Token* unit) const;
  [[nodiscard]] ast::ExpressionPtr numeral(const Token* sign, const Token* number) const;
  [[nodiscard]] ast::ExpressionPtr literal(AcesoParser::LiteralContext* context) const;
  [[nodiscard]] ast::ExpressionPtr reference(AcesoParser::PrimaryContext& context);
  [[nodiscard]] ast::ExpressionPtr unit_alone(const Token* token);
  [[nodiscard]] ast::ExpressionPtr quantified(AcesoParser::PrimaryContext& context);
  [[nodiscard]] ast::ExpressionPtr series(AcesoParser::PrimaryContext& context);
  [[nodiscard]] ast::ExpressionPtr worsening(AcesoParser::ComparisonTailContext& tail, ast::ExpressionPtr left,
                                             Span whole);
  [[nodiscard]] ast::ExpressionPtr as_of(AcesoParser::AsOfContext* moment, ast::ExpressionPtr series);
  [[nodiscard]] ast::ExpressionPtr outcome(AcesoParser::OutcomeContext& context);
  void append(ast::Expression& to, const std::vector<AcesoParser::ExprContext*>& contexts);
  [[nodiscard]] static ast::ExpressionKind comparison_kind(std::size_t token_type);

  // build_types.cpp
  [[nodiscard]] ast::TypeExpression type(AcesoParser::TypeExpressionContext* context);
  [[nodiscard]] ast::Member member(AcesoParser::MemberContext& context);
  [[nodiscard]] static std::string without_quotes(std::string_view unit);
  [[nodiscard]] ast::UnitDecl unit_declaration(AcesoParser::UnitDeclarationContext& context);
  [[nodiscard]] ast::Name unit_code(AcesoParser::UnitCodeContext* context) const;
  [[nodiscard]] ast::TypeDecl type_declaration(AcesoParser::TypeDeclarationContext& context);
  [[nodiscard]] ast::FunctionDecl function(AcesoParser::FunctionDeclarationContext& context);

  // build_documents.cpp: guideline, module, use, source, interpretation, codes
  [[nodiscard]] ast::GuidelineDecl guideline(AcesoParser::GuidelineDeclarationContext& context);
  [[nodiscard]] ast::ModuleDecl module(AcesoParser::ModuleDeclarationContext& context);
  [[nodiscard]] ast::UseDecl use(AcesoParser::UseDeclarationContext& context);
  [[nodiscard]] ast::SourceDecl source(AcesoParser::SourceDeclarationContext& context);
  [[nodiscard]] ast::InterpretationDecl interpretation(AcesoParser::InterpretationDeclarationContext& context);
  [[nodiscard]] ast::CodesDecl codes(AcesoParser::CodesDeclarationContext& context);
  [[nodiscard]] ast::CodesDecl::PinnedFile pinned(AcesoParser::PinnedFileContext& context);
  void coded(ast::CodesDecl& to, AcesoParser::CodesItemContext& item);
  void add_field(std::vector<ast::Field>& fields, const Token* key, const Token* value, const Context* word);

  // build_inputs.cpp: inputs, constraint
  [[nodiscard]] ast::InputsDecl inputs(AcesoParser::InputsDeclarationContext& context);
  [[nodiscard]] ast::InputItem input(AcesoParser::InputItemContext& context);
  [[nodiscard]] ast::UnknownClause unknown(AcesoParser::UnknownClauseContext& context);
  void set_unknown(std::optional<ast::UnknownClause>& to, AcesoParser::UnknownClauseContext& context);
  [[nodiscard]] ast::ConstraintDecl constraint(AcesoParser::ConstraintDeclarationContext& context);

  // build_decisions.cpp: define, bands, score, first, table, differential
  [[nodiscard]] ast::DefineDecl define(AcesoParser::DefineDeclarationContext& context);
  [[nodiscard]] ast::Bands bands(AcesoParser::BandsContext& context);
  [[nodiscard]] ast::Score score(AcesoParser::ScoreContext& context);
  [[nodiscard]] ast::FirstOf first_of(AcesoParser::FirstOfContext& context);
  [[nodiscard]] ast::TableDecl table(AcesoParser::TableDeclarationContext& context);
  [[nodiscard]] ast::TableRow row(AcesoParser::TableRowContext& context);
  [[nodiscard]] ast::CellTest cell_test(AcesoParser::CellTestContext& context);
  [[nodiscard]] ast::Cell cell(AcesoParser::CellContext& context);
  void refuse_decimal_comma(const ast::CellTest& before, const ast::CellTest& after);
  [[nodiscard]] ast::DifferentialDecl differential(AcesoParser::DifferentialDeclarationContext& context);
  [[nodiscard]] ast::DifferentialDecl::Argument argument(AcesoParser::ArgumentContext& context);
  void decide(ast::DifferentialDecl& to, AcesoParser::DecideContext& context);

  // build_plain_expressions.cpp and build_plain_rows.cpp
  class PlainReader;
  [[nodiscard]] ast::ExpressionPtr plain_value(std::size_t& at) const;
  [[nodiscard]] bool plain_cell(std::size_t& at, ast::Cell& cell) const;
  [[nodiscard]] std::optional<ast::TableRow> plain_row(std::size_t& at) const;

  // build_advice.cpp: action, action_class, rule, caution
  [[nodiscard]] ast::ActionDecl action(AcesoParser::ActionDeclarationContext& context);
  [[nodiscard]] ast::ActionClassDecl action_class(AcesoParser::ActionClassDeclarationContext& context);
  [[nodiscard]] ast::RuleDecl rule(AcesoParser::RuleDeclarationContext& context);
  [[nodiscard]] ast::Advice advice(AcesoParser::AdviceContext& context);
  [[nodiscard]] ast::CautionDecl caution(AcesoParser::CautionDeclarationContext& context);

  // build_pathways.cpp: pathway, property
  [[nodiscard]] ast::PathwayDecl pathway(AcesoParser::PathwayDeclarationContext& context);
  [[nodiscard]] ast::StageDecl stage(AcesoParser::StageItemContext& context);
  [[nodiscard]] ast::Transition transition(AcesoParser::TransitionContext& context);
  [[nodiscard]] ast::PropertyDecl property(AcesoParser::PropertyDeclarationContext& context);

  // build_cases.cpp
  [[nodiscard]] ast::CaseDecl case_declaration(AcesoParser::CaseDeclarationContext& context);
  [[nodiscard]] ast::ExpressionPtr moment(AcesoParser::MomentContext& context);
  [[nodiscard]] ast::Given given(AcesoParser::GivenContext& context);
  [[nodiscard]] ast::Expectation expectation(AcesoParser::ExpectationContext& context);
  void add_expectation(std::vector<ast::Expectation>& to, ast::Expectation expectation) const;

  const TokenList& tokens_;
  const std::vector<ast::Comment>& comments_;
  std::uint32_t file_;
  const ParseOptions& options_;
  diagnostics::Sink& sink_;
  std::vector<ast::TableRow> plain_rows_;             ///< of the table that `declaration` builds next
  std::vector<ast::ExpressionPtr> plain_expressions_; ///< of what it builds next, by ExprContext::plain - 1
};

} // namespace aceso::parse
