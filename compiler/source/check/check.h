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

/// The file to check comes last; the modules it uses come before it, each after those that it uses itself.
struct Program {
  const source::SourceSet* sources = nullptr;
  std::span<const ast::File> files;
  /// Expectations of case files; they come back, in this order, as Graph::extra_expectations.
  std::vector<const ast::Expectation*> extra_expectations;
};

/// Nothing where there were errors. The graph is verified and finished (hash filled in).
[[nodiscard]] std::optional<graph::Graph> check(const Program& program, diagnostics::Sink& sink);

} // namespace aceso::check
