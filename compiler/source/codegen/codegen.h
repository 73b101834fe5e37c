#pragma once
/// From the decision graph to a compiled module.

#include <string>
#include <variant>

#include "graph/graph.h"
#include "module/module.h"
#include "source/source_file.h"

namespace aceso::codegen {

/// The module of a sound graph of a guideline. `sources` gives the places for the source map; without it there is none.
/// Equal graphs give equal modules.
[[nodiscard]] Module generate(const graph::Graph& graph, const source::SourceSet* sources = nullptr);

/// The bytes of the module file after all passes, or why there is none: what `load_module` would say to them.
[[nodiscard]] std::variant<std::string, ModuleFault> build(const graph::Graph& graph, const source::SourceSet* sources,
                                                           const StripOptions& strip = {});

} // namespace aceso::codegen
