#pragma once
/// One place where the parser could not go on, and the questions that its explanation asks.

#include <string>
#include <string_view>
#include <vector>

#include <AcesoParser.h>

#include "diagnostics/diagnostic.h"
#include "parse/token_classes.h"
#include "parse/token_list.h"

namespace aceso::parse {

using grammar::AcesoParser;

[[nodiscard]] bool is_keyword(std::size_t token_type);
[[nodiscard]] bool is_reserved(std::size_t token_type);
/// Signs and words that stand between the parts of an expression.
[[nodiscard]] bool is_operator(std::size_t token_type);
/// The bracket that closes this one, or 0.
[[nodiscard]] std::size_t closer_of(std::size_t opener);
/// "a, b or c"
[[nodiscard]] std::string join_words(const std::vector<std::string>& words);

class Mistake {
public:
  /// `at` is the index of the token that does not fit.
  Mistake(antlr4::Parser& parser, const TokenList& tokens, std::uint32_t file, std::size_t at, diagnostics::Sink& sink);

protected:
  [[nodiscard]] std::string_view text(std::size_t index) const { return tokens_.text(tokens_[index]); }
  [[nodiscard]] source::Span span(std::size_t index) const;
  [[nodiscard]] bool expects(std::size_t type) const { return expected_ && expected_->contains(type); }
  [[nodiscard]] bool expects_value() const { return expects(AcesoParser::NAME) && expects(AcesoParser::NUMBER); }
  [[nodiscard]] std::string here() const;
  [[nodiscard]] std::string literal(std::size_t type) const;
  template <class Wanted>
  [[nodiscard]] std::vector<std::string> words(Wanted wanted) const {
    std::vector<std::string> result;
    for (std::size_t type = AcesoParser::KW_AND; type <= AcesoParser::KW_REFS; ++type) {
      if (wanted(type)) result.push_back(literal(type));
    }
    return result;
  }
  diagnostics::Diagnostic& report(std::string message) {
    return sink_.add(diagnostics::Kind::syntax_error, span(at_), std::move(message));
  }
  void report_misspelt(const std::string& near);
  /// The token where the current declaration begins.
  [[nodiscard]] std::size_t declaration_begin() const;
  /// The bracket that is open at the place of the mistake, or the place itself.
  [[nodiscard]] std::size_t open_bracket(std::size_t begin) const;
  /// "rule image_red_flags" or "any of {": what a bracket belongs to.
  [[nodiscard]] std::string opened(std::size_t bracket) const;
  [[nodiscard]] std::size_t line_of(std::size_t index) const;

  antlr4::Parser& parser_;
  const TokenList& tokens_;
  std::uint32_t file_;
  std::size_t at_;
  std::size_t type_ = 0;
  diagnostics::Sink& sink_;
  const antlr4::misc::IntervalSet* expected_ = nullptr;
  bool line_ended_ = false;
};

} // namespace aceso::parse
