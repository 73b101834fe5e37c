#include "engines.h"

#include <fmt/format.h>

#include "case_input.h"
#include "codegen/codegen.h"
#include "driver/files.h"
#include "interpret/engine.h"

namespace aceso::command {

std::unique_ptr<Engine> make_machine(const graph::Graph& graph) {
  const auto built = codegen::build(graph, nullptr);
  const auto* bytes = std::get_if<std::string>(&built);
  if (!bytes) return nullptr;
  ModuleLoad loaded = load_module(*bytes);
  return loaded.ok() ? interpret::make_engine(std::move(loaded.module)) : nullptr;
}

std::shared_ptr<const Module> load_guideline(const std::string& path, ColorMode color, int& exit_code) {
  const auto loaded_from = [&](std::string_view bytes) -> std::shared_ptr<const Module> {
    ModuleLoad loaded = load_module(bytes);
    if (loaded.ok()) return std::move(loaded.module);
    write_error(fmt::format("{}: {}: {}\n", printable(path), loaded.fault->id, printable(loaded.fault->message)));
    exit_code = bad_input;
    return nullptr;
  };
  const driver::ReadResult file = driver::read_file(path, most_module_bytes);
  if (file.ok() && is_module_file(path, file.text)) return loaded_from(file.text);
  const auto compilation = compile_sound(path, color, exit_code);
  if (!compilation) return nullptr;
  if (!decides_something(compilation->graph()->dictionary, path)) {
    exit_code = bad_input;
    return nullptr;
  }
  const auto built = codegen::build(*compilation->graph(), nullptr);
  if (const auto* bytes = std::get_if<std::string>(&built)) return loaded_from(*bytes);
  const ModuleFault& fault = std::get<ModuleFault>(built);
  write_error(fmt::format("{}: {}: {}\n", printable(path), fault.id, printable(fault.message)));
  exit_code = findings;
  return nullptr;
}

std::shared_ptr<const Module> load_explainable(const std::string& path, ColorMode color, int& exit_code) {
  std::shared_ptr<const Module> module = load_guideline(path, color, exit_code);
  if (!module || module->can_explain) return module;
  write_error(fmt::format("{}: A0857: the module was built without what explanations need; build it without "
                          "`--strip explanation`\n",
                          printable(path)));
  exit_code = bad_input;
  return nullptr;
}

} // namespace aceso::command
