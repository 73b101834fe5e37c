#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "command.h"

namespace aceso::command {

std::string version_text() { return fmt::format("aceso {}\n", version()); }

void add_version(CLI::App& program, Action& action) {
  CLI::App* command = add_command(program, "version", "print the version of this program", R"(Example:
  aceso version

Exit codes: 0 always.)");
  command->callback([&action] {
    action = [] {
      write_out(version_text());
      return fine;
    };
  });
}

} // namespace aceso::command
