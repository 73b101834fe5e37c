#include "engines.h"

#include "codegen/codegen.h"
#include "interpret/engine.h"
#include "module/module.h"

namespace aceso::command {

std::unique_ptr<Engine> make_machine(const graph::Graph& graph) {
  const auto built = codegen::build(graph, nullptr);
  const auto* bytes = std::get_if<std::string>(&built);
  if (!bytes) return nullptr;
  ModuleLoad loaded = load_module(*bytes);
  return loaded.ok() ? interpret::make_engine(std::move(loaded.module)) : nullptr;
}

} // namespace aceso::command
