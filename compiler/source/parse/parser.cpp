#include "parse/parser.h"

#include "parse/error_strategy.h"
#include "parse/hygiene.h"
#include "parse/parser_tables.h"
#include "parse/syntax_messages.h"
#include "parse/token_classes.h"
#include "parse/token_list.h"
#include "parse/tree_builder.h"

namespace aceso::parse {

using antlr4::atn::ParserATNSimulator;
using antlr4::atn::PredictionMode;
using diagnostics::Kind;
using diagnostics::Sink;
using source::Span;

namespace {

struct NestedTooDeeply {
  std::size_t token;
};

/// Stops before the recursion of expressions and types goes beyond a bound.
class BoundedParser final : public AcesoParser {
public:
  BoundedParser(TokenList& tokens, unsigned max_depth) : AcesoParser(&tokens), max_depth_(max_depth) {
    tables_.install(*this);
  }
  [[nodiscard]] const antlr4::atn::ATN& getATN() const override { return tables_.atn(); }

  /// Who reads plain expressions; null: the grammar reads all.
  void set_plain_reader(TreeBuilder* reader) { plain_reader_ = reader; }

  /// Ready for a new declaration at `index`; frees the tree of the last one.
  void restart(std::size_t index) {
    reset();
    getTokenStream()->seek(index);
  }

  bool readPlainly(ExprContext& context) override {
    if (!plain_reader_) return false;
    const std::size_t begin = getTokenStream()->index();
    const std::size_t end = plain_reader_->read_plain_expression(begin, max_depth_ - context.depth, context);
    if (end == begin) return false;
    getTokenStream()->seek(end);
    return true;
  }

  void enterRule(antlr4::ParserRuleContext* context, std::size_t state, std::size_t rule) override {
    if (rule == RuleExpr || rule == RuleTypeExpression) check_depth(*context, rule);
    AcesoParser::enterRule(context, state, rule);
  }

private:
  /// The next expression (type) outside is a few contexts away, and knows its own depth.
  void check_depth(antlr4::ParserRuleContext& context, std::size_t rule) {
    auto* outer = dynamic_cast<antlr4::ParserRuleContext*>(context.parent);
    while (outer && outer->getRuleIndex() != rule)
      outer = dynamic_cast<antlr4::ParserRuleContext*>(outer->parent);
    std::size_t depth = 0;
    if (rule == RuleExpr) {
      depth = outer ? static_cast<ExprContext*>(outer)->depth + 1 : 0;
      static_cast<ExprContext&>(context).depth = depth;
    } else {
      depth = outer ? static_cast<TypeExpressionContext*>(outer)->depth + 1 : 0;
      static_cast<TypeExpressionContext&>(context).depth = depth;
    }
    if (depth > max_depth_) throw NestedTooDeeply{getTokenStream()->index()};
  }

  ParserTables tables_;
  unsigned max_depth_;
  TreeBuilder* plain_reader_ = nullptr;
};

/// Parses the declarations of one file, one after the other.
class FileParser {
public:
  FileParser(TokenList& tokens, const std::vector<ast::Comment>& comments, std::uint32_t file,
             const ParseOptions& options, Sink& sink, ParseStatistics& statistics)
      : tokens_(tokens), file_(file), options_(options), sink_(sink), statistics_(statistics),
        parser_(tokens, options.max_depth), builder_(tokens, comments, file, options, sink),
        fast_(std::make_shared<antlr4::BailErrorStrategy>()),
        careful_(std::make_shared<ClauseErrorStrategy>(tokens, file, sink)) {
    parser_.removeErrorListeners();
  }

  void parse_all(std::vector<ast::AnyDeclaration>& declarations) {
    std::size_t previous = 0;
    bool previous_kept = false;
    while (tokens_.index() < tokens_.last() && !sink_.has_overflowed()) {
      const std::size_t begin = tokens_.index();
      if (!begins_declaration(tokens_.LA(1))) {
        report_stray_token(parser_, tokens_, file_, begin, declarations.empty() && !previous_kept ? begin : previous,
                           sink_);
        const bool same_line = !tokens_[begin].starts_line;
        if (previous_kept && same_line) declarations.pop_back(); // its end was not what its author meant
        previous_kept = false;
        skip_to_declaration(begin + 1);
        continue;
      }
      previous = begin;
      previous_kept = false;
      try {
        if (auto* context = run([&] { return parser_.declaration(); })) {
          const std::size_t errors = sink_.error_count();
          statistics_.plain_expressions += builder_.plain_expressions();
          ast::AnyDeclaration built = builder_.declaration(*context);
          previous_kept = errors == sink_.error_count();
          if (previous_kept) declarations.push_back(std::move(built));
        } else {
          skip_to_declaration(std::max(tokens_.index(), begin + 1));
        }
      } catch (const NestedTooDeeply& place) {
        too_deep(place);
        skip_to_declaration(std::max(place.token, begin + 1));
      }
    }
  }

  std::optional<ast::Expectation> parse_expectation() {
    try {
      auto* context = run([&] { return parser_.expectationAlone(); });
      if (!context) return std::nullopt;
      const std::size_t errors = sink_.error_count();
      auto result = builder_.expectation_alone(*context);
      if (errors == sink_.error_count()) return result;
    } catch (const NestedTooDeeply& place) {
      too_deep(place);
    }
    return std::nullopt;
  }

private:
  /// SLL prediction is fast and enough for this grammar. Where it fails, the text is wrong, and the same stretch is
  /// read again, with full LL prediction and a strategy that explains. Null where it was wrong indeed.
  template <class Rule>
  auto run(Rule rule) -> decltype(rule()) {
    const std::size_t begin = tokens_.index();
    auto* simulator = parser_.getInterpreter<ParserATNSimulator>();
    parser_.setErrorHandler(fast_);
    parser_.restart(begin);
    simulator->setPredictionMode(PredictionMode::SLL);
    show_all();
    parser_.set_plain_reader(options_.reads_by_hand ? &builder_ : nullptr);
    if (tokens_.LA(1) == AcesoParser::KW_TABLE) {
      const TreeBuilder::Stretch plain = builder_.read_plain_rows(begin);
      tokens_.leave_out(plain.begin, plain.end);
    }
    try {
      auto* context = rule();
      tokens_.leave_out(0, 0); // the rows wait for the builder
      return context;
    } catch (const antlr4::ParseCancellationException&) {
    } catch (const antlr4::RecognitionException&) {
    }
    show_all();
    parser_.set_plain_reader(nullptr);
    parser_.setErrorHandler(careful_);
    parser_.restart(begin);
    simulator->setPredictionMode(PredictionMode::LL);
    careful_->start();
    try {
      auto* context = rule();
      if (careful_->has_failed()) return nullptr;
      const bool ends_well = tokens_.index() == tokens_.last() || begins_declaration(tokens_.LA(1));
      if (ends_well) ++statistics_.ll_fallbacks; // else the text is wrong, behind what was read
      return context;
    } catch (const antlr4::RecognitionException&) {
      return nullptr; // reported by the strategy
    }
  }

  void show_all() {
    tokens_.leave_out(0, 0);
    builder_.forget_plain();
  }

  void too_deep(const NestedTooDeeply& place) {
    const SourceToken& token = tokens_[place.token];
    sink_.report(Kind::nested_too_deeply, Span{file_, token.begin(), token.end()}, options_.max_depth).mend =
        "give the inner parts names of their own with `define`";
  }

  void skip_to_declaration(std::size_t from) {
    std::size_t index = from;
    while (index < tokens_.last() && !tokens_[index].starts_declaration)
      ++index;
    tokens_.seek(index);
  }

  TokenList& tokens_;
  std::uint32_t file_;
  const ParseOptions& options_;
  Sink& sink_;
  ParseStatistics& statistics_;
  BoundedParser parser_;
  TreeBuilder builder_;
  std::shared_ptr<antlr4::ANTLRErrorStrategy> fast_;
  std::shared_ptr<ClauseErrorStrategy> careful_;
};

} // namespace

ast::File parse_file(const source::SourceSet& sources, std::uint32_t file, Sink& sink, const ParseOptions& options,
                     ParseStatistics* statistics) {
  ast::File result;
  result.file = file;
  const std::string_view text = sources[file].text();
  if (!check_hygiene(text, file, options.max_bytes, sink)) return result;
  TokenizedFile tokenized = tokenize(text, file, options.max_depth, sink);
  result.comments = std::move(tokenized.comments);
  if (tokenized.too_deep) return result;
  TokenList tokens(std::move(tokenized.tokens), text);
  ParseStatistics unused;
  FileParser(tokens, result.comments, file, options, sink, statistics ? *statistics : unused)
      .parse_all(result.declarations);
  return result;
}

std::optional<ast::Expectation> parse_expectation(const source::SourceSet& sources, std::uint32_t file, Sink& sink) {
  const ParseOptions options;
  const std::string_view text = sources[file].text();
  if (!check_hygiene(text, file, options.max_bytes, sink)) return std::nullopt;
  const std::size_t errors = sink.error_count();
  TokenizedFile tokenized = tokenize(text, file, options.max_depth, sink);
  if (tokenized.too_deep) return std::nullopt;
  TokenList tokens(std::move(tokenized.tokens), text);
  ParseStatistics unused;
  auto result = FileParser(tokens, tokenized.comments, file, options, sink, unused).parse_expectation();
  if (errors != sink.error_count()) return std::nullopt;
  return result;
}

} // namespace aceso::parse
