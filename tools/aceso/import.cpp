#include <CLI/CLI.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "command.h"

namespace aceso::command {
namespace {

/// What happens where no format follows; called when all formats are added.
void ask_for_format(CLI::App& command, Action& action) {
  std::vector<std::string> names;
  for (CLI::App* format : command.get_subcommands({})) {
    format->group("Formats");
    names.push_back(format->get_name());
  }
  command.callback([&command, &action, names] {
    if (!command.get_subcommands().empty()) return;
    action = [name = command.get_name(), names] {
      write_error(
          fmt::format("aceso: {0} what? Name a format: {1}\nTry: aceso {0} --help\n", name, fmt::join(names, ", ")));
      return static_cast<int>(bad_use);
    };
  });
}

} // namespace

void add_import(CLI::App& program, Action& action) {
  CLI::App* command =
      add_command(program, "import",
                  "make a guideline or a table from what another program wrote\n\n"
                  "What cannot be carried over is listed with its place and the reason; nothing is left out\n"
                  "in silence.",
                  R"(Examples:
  aceso import gdl2 CPOT.v1.gdl2.json -o guidelines
  aceso import dmn loans.dmn -o guidelines
  aceso import csv plan.csv --into back_pain.aceso

`aceso import FORMAT --help` tells the rest.

Exit codes: 0 fine; 1 something could not be carried over or was assumed; 2 bad use, or the file cannot be written;
            3 a file cannot be read or is faulty; 4 internal error.)");
  add_import_gdl2(*command, action);
  add_import_dmn(*command, action);
  add_import_csv(*command, action);
  ask_for_format(*command, action);
}

void add_export(CLI::App& program, Action& action) {
  CLI::App* command =
      add_command(program, "export",
                  "write the tables of a guideline for another program\n\n"
                  "What cannot be carried over is listed with its place and the reason; nothing is left out\n"
                  "in silence.",
                  R"(Examples:
  aceso export dmn back_pain.aceso -o back_pain.dmn
  aceso export csv back_pain.aceso -o tables

`aceso export FORMAT --help` tells the rest.

Exit codes: 0 fine; 1 something could not be carried over; 2 bad use, or the file cannot be written;
            3 the guideline cannot be read; 4 internal error.)");
  add_export_dmn(*command, action);
  add_export_csv(*command, action);
  ask_for_format(*command, action);
}

} // namespace aceso::command
