#pragma once
/// Syntax trees to decision graph: names, types, units, structure. Reports every error it can find.

#include <optional>
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
  std::vector<ast::File> files;
};

/// Nothing where there were errors. The graph is verified and finished (hash filled in).
[[nodiscard]] std::optional<graph::Graph> check(const Program& program, diagnostics::Sink& sink);

/// Adds the nodes of one more expectation (of a case file) to a copy-on-demand graph. Nothing where it has errors.
/// `file` is the file in program.sources that holds the expectation's text.
[[nodiscard]] std::optional<graph::Expectation> check_expectation(graph::Graph& graph, const source::SourceSet& sources,
                                                                  const ast::Expectation& expectation,
                                                                  diagnostics::Sink& sink);

} // namespace aceso::check
