#pragma once
/// How the parser goes on after a mistake, and what it says about it.
///
/// ANTLR's own strategy guesses token by token. Here a mistake ends the clause it stands in; the parser goes on at the
/// next clause of the same block, so that one run shows the mistakes of all clauses. Where the block itself was never
/// closed, the declaration is given up and the driver goes on at the next one.

#include <antlr4-runtime.h>

#include "diagnostics/diagnostic.h"
#include "parse/token_list.h"

namespace aceso::parse {

class ClauseErrorStrategy final : public antlr4::DefaultErrorStrategy {
public:
  ClauseErrorStrategy(const TokenList& tokens, std::uint32_t file, diagnostics::Sink& sink)
      : tokens_(tokens), file_(file), sink_(sink) {}

  /// Whether anything was reported since the last start().
  [[nodiscard]] bool has_failed() const { return failed_; }
  void start() { failed_ = false; }

  void sync(antlr4::Parser* parser) override;
  antlr4::Token* recoverInline(antlr4::Parser* parser) override;
  void reportError(antlr4::Parser* parser, const antlr4::RecognitionException& error) override;
  /// Skips to the next clause where the current rule is one; else passes the error on to the enclosing rule.
  void recover(antlr4::Parser* parser, std::exception_ptr error) override;

private:
  void skip_to_clause(antlr4::Parser* parser, std::size_t item_rule, std::size_t depth);

  const TokenList& tokens_;
  std::uint32_t file_;
  diagnostics::Sink& sink_;
  bool failed_ = false;
};

} // namespace aceso::parse
