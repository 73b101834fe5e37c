#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "command.h"
#include "driver/files.h"
#include "lookup/decide_plan.h"
#include "module/module.h"

namespace aceso::command {
namespace {

int run(const std::string& path) {
  const driver::ReadResult file = driver::read_file(path, most_module_bytes);
  if (!file.ok()) {
    write_error(fmt::format("aceso: {} cannot be read: {}\n", printable(path), file.reason));
    return bad_input;
  }
  const ModuleLoad loaded = load_module(file.text);
  if (!loaded.ok()) {
    write_error(fmt::format("{}: {}: {}\n", printable(path), loaded.fault->id, printable(loaded.fault->message)));
    return bad_input;
  }
  write_out(dump_module(*loaded.module, file.text));
  const std::string obstacle = lookup::DecidePlan(*loaded.module).obstacle;
  write_out(obstacle.empty() ? std::string("\noutcomes alone: looked up in tables\n")
                             : fmt::format("\noutcomes alone: by a whole evaluation, because {}\n", obstacle));
  return fine;
}

} // namespace

void add_dump(CLI::App& program, Action& action) {
  CLI::App* command =
      add_command(program, "dump",
                  "show what is in a compiled guideline\n\n"
                  "Prints the sections of the file, its constants and tables, and its instructions, and whether\n"
                  "aceso_evaluate_outcomes looks up its answers or evaluates the whole.",
                  R"(Example:
  aceso dump back_pain.acb

Exit codes: 0 fine; 2 bad use; 3 the file cannot be read or is no sound module; 4 internal error.)");
  auto path = std::make_shared<std::string>();
  command->add_option("MODULE", *path, "a file written by `aceso build`")->required()->option_text(" ");
  command->callback([path, &action] { action = [path] { return run(*path); }; });
}

} // namespace aceso::command
