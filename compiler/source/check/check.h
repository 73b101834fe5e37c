#pragma once
/// Syntax trees to decision graph: names, types, units, structure. Reports every error it can find.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ast/ast.h"
#include "diagnostics/diagnostic.h"
#include "graph/graph.h"
#include "source/source_file.h"

namespace aceso::check {

using source::Span;

/// The content of a file that a value set or a hierarchy names. The driver reads it; the checker only looks at it.
struct TermFile {
  Span path_span;   ///< of the path where it is written
  std::string text; ///< the bytes of the file
};

/// The file to check comes last; the modules it uses come before it, each after those that it uses itself.
struct Program {
  const source::SourceSet* sources = nullptr;
  std::span<const ast::File> files;
  /// Expectations of case files; they come back, in this order, as Graph::extra_expectations.
  std::vector<const ast::Expectation*> extra_expectations;
  std::span<const TermFile> term_files = {};
  bool describes = true; ///< False leaves out the hash and what explanations need to know
};

/// Nothing where there were errors. The graph is verified, and finished where `describes` asks for it.
[[nodiscard]] std::optional<graph::Graph> check(const Program& program, diagnostics::Sink& sink);

} // namespace aceso::check
