/// Conditions without ANTLR: names, numbers, their comparisons and sets, joined by `and`, `or`, `not` and parentheses.
/// That is what most conditions of most guidelines are, and read so they take a tenth of the time. Whatever else comes,
/// and whatever does not end before a word that can only follow an expression, is left to the grammar.

#include "parse/token_classes.h"
#include "parse/tree_builder.h"

namespace aceso::parse {

using ast::ExpressionKind;
using ast::ExpressionPtr;

namespace {

/// No expression goes on with it.
bool follows_expression(std::size_t type) {
  switch (type) {
  case static_cast<std::size_t>(antlr4::Token::EOF):
  case AcesoParser::NEW_LINE:
  case AcesoParser::RIGHT_PAREN:
  case AcesoParser::RIGHT_BRACE:
  case AcesoParser::LEFT_BRACE:
  case AcesoParser::COMMA:
  case AcesoParser::PIPE:
  case AcesoParser::ARROW:
  case AcesoParser::KW_THEN:
  case AcesoParser::KW_ELSE:
  case AcesoParser::KW_WHEN:
  case AcesoParser::KW_UNLESS:
  case AcesoParser::KW_RECOMMEND:
  case AcesoParser::KW_SUGGEST:
  case AcesoParser::KW_AVOID:
  case AcesoParser::KW_CONTRAINDICATE:
  case AcesoParser::KW_BECAUSE:
  case AcesoParser::KW_CITE: return true;
  default: return begins_declaration(type);
  }
}

bool is_comparison(std::size_t type) {
  switch (type) {
  case AcesoParser::EQUAL:
  case AcesoParser::NOT_EQUAL:
  case AcesoParser::LESS:
  case AcesoParser::LESS_OR_EQUAL:
  case AcesoParser::GREATER:
  case AcesoParser::GREATER_OR_EQUAL: return true;
  default: return false;
  }
}

} // namespace

/// Each of these reads what begins at `at` and moves behind it; null where it is not plain.
class TreeBuilder::PlainReader {
public:
  PlainReader(const TreeBuilder& builder, std::size_t at, std::size_t most_groups)
      : builder_(builder), at_(at), groups_left_(most_groups) {}

  [[nodiscard]] std::size_t at() const { return at_; }

  ExpressionPtr disjunction() {
    return joined(AcesoParser::KW_OR, ExpressionKind::logical_or, &PlainReader::conjunction);
  }

private:
  [[nodiscard]] std::size_t type() const { return builder_.tokens_[at_].getType(); }
  /// From the token at `first` to the one before this.
  [[nodiscard]] Span span_from(std::size_t first) const {
    return builder_.span(&builder_.tokens_[first], &builder_.tokens_[at_ - 1]);
  }

  ExpressionPtr conjunction() {
    return joined(AcesoParser::KW_AND, ExpressionKind::logical_and, &PlainReader::negation);
  }

  ExpressionPtr joined(std::size_t word, ExpressionKind kind, ExpressionPtr (PlainReader::*part)()) {
    const std::size_t first = at_;
    ExpressionPtr result = (this->*part)();
    if (!result || type() != word) return result;
    std::vector<ExpressionPtr> parts;
    parts.push_back(std::move(result));
    while (type() == word) {
      ++at_;
      parts.push_back((this->*part)());
      if (!parts.back()) return nullptr;
    }
    result = builder_.make(kind, span_from(first));
    result->children = std::move(parts);
    return result;
  }

  ExpressionPtr negation() {
    if (type() != AcesoParser::KW_NOT) return comparison();
    const std::size_t first = at_++;
    ExpressionPtr inner = comparison();
    if (!inner) return nullptr;
    ExpressionPtr result = builder_.make(ExpressionKind::logical_not, span_from(first));
    result->children.push_back(std::move(inner));
    return result;
  }

  ExpressionPtr comparison() {
    const std::size_t first = at_;
    ExpressionPtr left = operand();
    if (!left) return nullptr;
    if (type() == AcesoParser::KW_IN) return membership(first, std::move(left));
    if (type() == AcesoParser::KW_IS) return being_known(first, std::move(left));
    if (!is_comparison(type())) return left;
    const ExpressionKind kind = comparison_kind(type());
    ++at_;
    ExpressionPtr right = operand();
    if (!right || is_comparison(type())) return nullptr; // a chain, which the builder refuses in words
    return builder_.pair(kind, span_from(first), std::move(left), std::move(right));
  }

  ExpressionPtr membership(std::size_t first, ExpressionPtr left) {
    if (builder_.tokens_[++at_].getType() != AcesoParser::LEFT_BRACE) return nullptr;
    std::vector<ExpressionPtr> children;
    children.push_back(std::move(left));
    do {
      ++at_;
      children.push_back(disjunction());
      if (!children.back()) return nullptr;
    } while (type() == AcesoParser::COMMA);
    if (type() != AcesoParser::RIGHT_BRACE) return nullptr;
    ++at_;
    ExpressionPtr result = builder_.make(ExpressionKind::in_set, span_from(first));
    result->children = std::move(children);
    return result;
  }

  ExpressionPtr being_known(std::size_t first, ExpressionPtr left) {
    const std::size_t word = builder_.tokens_[++at_].getType();
    if (word != AcesoParser::KW_KNOWN && word != AcesoParser::KW_UNKNOWN) return nullptr;
    ++at_;
    const ExpressionKind kind = word == AcesoParser::KW_KNOWN ? ExpressionKind::is_known : ExpressionKind::is_unknown;
    ExpressionPtr result = builder_.make(kind, span_from(first));
    result->children.push_back(std::move(left));
    return result;
  }

  ExpressionPtr operand() {
    if (type() != AcesoParser::LEFT_PAREN) return builder_.plain_value(at_);
    if (groups_left_ == 0) return nullptr; // as deep as expressions may nest
    --groups_left_;
    ++at_;
    ExpressionPtr result = disjunction();
    ++groups_left_;
    if (!result || type() != AcesoParser::RIGHT_PAREN) return nullptr;
    ++at_;
    return result;
  }

  const TreeBuilder& builder_;
  std::size_t at_;
  std::size_t groups_left_;
};

std::size_t TreeBuilder::read_plain_expression(std::size_t begin, std::size_t most_groups,
                                               AcesoParser::ExprContext& context) {
  PlainReader reader(*this, begin, most_groups);
  ExpressionPtr result = reader.disjunction();
  if (!result || !follows_expression(tokens_[reader.at()].getType())) return begin;
  plain_expressions_.push_back(std::move(result));
  context.plain = plain_expressions_.size();
  return reader.at();
}

} // namespace aceso::parse
