#pragma once
/// The engines of this build for a guideline that is at hand as a graph.

#include <memory>

#include "graph/graph.h"
#include "module/engine.h"

namespace aceso::command {

/// The row machine on the module that `graph` compiles to; null where it cannot be compiled.
[[nodiscard]] std::unique_ptr<Engine> make_machine(const graph::Graph& graph);

} // namespace aceso::command
