#pragma once
/// Text to syntax tree. The only place that sees ANTLR.

#include <cstddef>
#include <cstdint>
#include <optional>

#include "ast/ast.h"
#include "diagnostics/diagnostic.h"
#include "source/source_file.h"

namespace aceso::parse {

struct ParseOptions {
  std::size_t max_bytes = 64u << 20; ///< larger files are refused (A0002)
  unsigned max_depth = 200;          ///< nesting of brackets, calls, conditionals (A0005)
  unsigned max_terms = 1000;         ///< of one sum, product or chain of attributes, which nest in the tree (A0005)
  bool reads_by_hand = true;         ///< false: tests ask the grammar alone what an expression is
};

struct ParseStatistics {
  std::size_t ll_fallbacks = 0;      ///< how often SLL did not suffice
  std::size_t plain_expressions = 0; ///< how many were read by hand
};

/// Parses one file of `sources`. Reports every error it can find and returns what could be read;
/// declarations with errors are left out. Thread-safe.
[[nodiscard]] ast::File parse_file(const source::SourceSet& sources, std::uint32_t file, diagnostics::Sink& sink,
                                   const ParseOptions& options = {}, ParseStatistics* statistics = nullptr);

/// One expectation as in `expect ...` of a case ("recommended lumbar_mri immediately"); spans point into `file`.
/// Nothing where the text has errors.
[[nodiscard]] std::optional<ast::Expectation> parse_expectation(const source::SourceSet& sources, std::uint32_t file,
                                                                diagnostics::Sink& sink);

} // namespace aceso::parse
