#pragma once
/// The tables and derived values of a guideline as a DMN model.

#include <vector>

#include "ast/ast.h"
#include "decision_tables/carried.h"
#include "decision_tables/dmn_model.h"
#include "graph/graph.h"

namespace aceso::decision_tables {

struct ExportedModel {
  DmnModel model;
  std::vector<Remark> remarks;
};

/// Carries every table and derived value of the last of `files`, and what they need of the others. What DMN has no
/// words for becomes an input data where a table needs it, and is told.
[[nodiscard]] ExportedModel from_guideline(const graph::Graph& graph, const std::vector<ast::File>& files);

} // namespace aceso::decision_tables
