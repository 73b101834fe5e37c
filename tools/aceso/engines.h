#pragma once
/// The engines of this build for a guideline that is at hand as a graph.

#include <memory>

#include "command.h"
#include "graph/graph.h"
#include "module/engine.h"
#include "module/module.h"

namespace aceso::command {

/// The row machine on the module that `graph` compiles to; null where it cannot be compiled.
[[nodiscard]] std::unique_ptr<Engine> make_machine(const graph::Graph& graph);

/// The compiled guideline: of a file of `aceso build`, or of the text of a guideline. Null, with a message on standard
/// error and `exit_code` set, where that cannot be had.
[[nodiscard]] std::shared_ptr<const Module> load_guideline(const std::string& path, ColorMode color, int& exit_code);

/// The same, for what explains and asks: a module from which that was stripped is refused.
[[nodiscard]] std::shared_ptr<const Module> load_explainable(const std::string& path, ColorMode color, int& exit_code);

} // namespace aceso::command
