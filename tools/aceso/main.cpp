/// aceso: checks, runs, tests and formats guidelines. What it does stands in the libraries; each command has its file.

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <new>
#include <string>
#include <vector>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "command.h"
#include "diagnostics/diagnostic.h"

namespace aceso::command {
namespace {

constexpr const char* program_description =
    "aceso checks, runs and tests clinical guidelines written in the Aceso language.";

constexpr const char* program_footer =
    R"(Start:
  aceso new back_pain                            make a guideline with a case that passes
  aceso check back_pain                          look for mistakes
  aceso run back_pain/back_pain.aceso case.json  ask it about a patient
  aceso test back_pain                           run its cases

`aceso COMMAND --help` tells the rest.

Exit codes: 0 fine; 1 the guideline has findings or a case fails; 2 bad use of the command line;
            3 an input file cannot be read or is faulty; 4 a mistake in aceso itself.)";

/// Help as it should read: the whole description on top, only its first line in a list of commands.
class HelpFormatter : public CLI::Formatter {
public:
  HelpFormatter() {
    column_width(30);
    label("Positionals", "Arguments");
    label("SUBCOMMAND", "COMMAND");
    label("SUBCOMMANDS", "COMMAND");
    label("Subcommands", "Commands");
    label("REQUIRED", "");
  }
  std::string make_description(const CLI::App* app) const override { return app->get_description() + "\n\n"; }
  std::string make_subcommand(const CLI::App* command) const override {
    const std::string description = command->get_description();
    std::stringstream out;
    CLI::detail::format_help(out, command->get_name(), description.substr(0, description.find('\n')), 12);
    return out.str();
  }
};

std::vector<std::string> names_of(const CLI::App& program) {
  std::vector<std::string> names;
  for (const CLI::App* command : program.get_subcommands({}))
    names.push_back(command->get_name());
  return names;
}

/// The words of the command line, for a parser that would read "[a]" as a list of values. `help X` is `X --help`.
std::vector<std::string> words_for_parser(int count, char** words) {
  std::vector<std::string> result(words + 1, words + count);
  for (std::string& word : result)
    if (word.starts_with('[')) word.insert(0, "./");
  if (result.front() == "help") {
    result.resize(std::min<std::size_t>(result.size(), 3)); // "help import dmn"
    result.erase(result.begin());
    result.emplace_back("--help");
  }
  std::reverse(result.begin(), result.end()); // CLI11 wants them from the last to the first
  return result;
}

/// The command that was chosen, down to "import dmn", with the words before its name; null for none.
const CLI::App* chosen_command(const CLI::App& program, std::string& before) {
  const CLI::App* chosen = &program;
  before.clear();
  while (!chosen->get_subcommands().empty()) {
    before += (before.empty() ? "" : " ") + chosen->get_name();
    chosen = chosen->get_subcommands().front();
  }
  return chosen == &program ? nullptr : chosen;
}

int complain(std::string_view sentence, std::string_view command) {
  write_error(
      fmt::format("aceso: {}\nTry: aceso {}{}--help\n", printable(sentence), command, command.empty() ? "" : " "));
  return bad_use;
}

int run_program(int argument_count, char** arguments) {
  CLI::App program(program_description, "aceso");
  program.formatter(std::make_shared<HelpFormatter>());
  program.footer(program_footer);
  program.set_help_flag("-h,--help", "print this help");
  bool wants_version = false;
  program.add_flag("--version", wants_version, "print the version");

  Action action;
  add_check(program, action);
  add_run(program, action);
  add_batch(program, action);
  add_why(program, action);
  add_ask(program, action);
  add_test(program, action);
  add_cases(program, action);
  add_coverage(program, action);
  add_mutate(program, action);
  add_prove(program, action);
  add_diff(program, action);
  add_compare(program, action);
  add_fmt(program, action);
  add_graph(program, action);
  add_build(program, action);
  add_dump(program, action);
  add_new(program, action);
  add_translate(program, action);
  add_import(program, action);
  add_export(program, action);
  add_explain(program, action);
  add_version(program, action);
  for (CLI::App* command : program.get_subcommands({}))
    command->group("Commands");

  if (argument_count < 2) {
    write_error(program.help());
    return bad_use;
  }
  const std::vector<std::string> words = words_for_parser(argument_count, arguments);
  const std::string& first = words.back();
  const std::vector<std::string> names = names_of(program);
  if (!first.starts_with('-') && std::find(names.begin(), names.end(), first) == names.end()) {
    const std::string near = diagnostics::nearest(first, names);
    return complain(fmt::format("there is no command {}{}", first, near.empty() ? "" : "; did you mean " + near + "?"),
                    {});
  }
  try {
    program.parse(std::vector<std::string>(words));
  } catch (const CLI::CallForHelp&) {
    std::string before;
    const CLI::App* chosen = chosen_command(program, before);
    write_out(chosen ? chosen->help(before) : program.help());
    return fine;
  } catch (const CLI::ParseError& error) {
    std::string before;
    const CLI::App* chosen = chosen_command(program, before);
    const std::string outer = before == "aceso" ? "" : before.substr(std::min(before.size(), std::size_t{6})) + " ";
    return complain(error.what(), chosen ? outer + chosen->get_name() : std::string{});
  }
  if (wants_version) {
    write_out(version_text());
    return fine;
  }
  if (!action) return complain("a command is missing", {});
  return action();
}

int finish(int exit_code) {
  if (finish_output()) return exit_code;
  write_error("aceso: the output could not be written in full; is the disk full?\n");
  return bad_input;
}

/// A large guideline grows large vectors and lets them go: what was had from the system once is used again.
void keep_memory() {
#ifdef __GLIBC__
  constexpr int as_large_as_can_be = 1 << 30;
  mallopt(M_MMAP_THRESHOLD, as_large_as_can_be);
  mallopt(M_TRIM_THRESHOLD, as_large_as_can_be);
  mallopt(M_TOP_PAD, 1 << 24);
#endif
}

} // namespace
} // namespace aceso::command

int main(int argument_count, char** arguments) {
  using namespace aceso::command;
  std::signal(SIGPIPE, SIG_IGN);
  keep_memory();
  try {
    return finish(run_program(argument_count, arguments));
  } catch (const std::bad_alloc&) {
    write_error("aceso: there is not enough memory for this\n");
  } catch (const std::exception& error) {
    write_error(fmt::format("aceso: internal error: {}\nThis is a mistake in aceso, not in your file. Please report it "
                            "together with the command and the file that led here.\n",
                            error.what()));
  } catch (...) {
    write_error("aceso: internal error of an unknown kind. Please report the command and the file that led here.\n");
  }
  return internal_error;
}
