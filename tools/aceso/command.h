#pragma once
/// What the commands share. Each command is one file: its options and help (add_*), and what it does.

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "aceso/compiler.h"
#include "terminal.h"

namespace CLI {
class App;
}

namespace aceso::command {

enum ExitCode : int {
  fine = 0,
  findings = 1,       ///< the guideline has findings, or a case fails
  bad_use = 2,        ///< of the command line
  bad_input = 3,      ///< a file cannot be read, or a case file is faulty
  internal_error = 4, ///< a mistake in aceso
};

/// The later of two results counts when it is graver; 2 and above outrank findings.
[[nodiscard]] inline int graver(int a, int b) { return a > b ? a : b; }

/// What was asked for; filled by the parser of the command line, called by main.
using Action = std::function<int()>;

/// Adds one command to the program. When it is chosen, `action` becomes what it does.
void add_check(CLI::App& program, Action& action);
void add_run(CLI::App& program, Action& action);
void add_batch(CLI::App& program, Action& action);
void add_why(CLI::App& program, Action& action);
void add_ask(CLI::App& program, Action& action);
void add_test(CLI::App& program, Action& action);
void add_cases(CLI::App& program, Action& action);
void add_coverage(CLI::App& program, Action& action);
void add_mutate(CLI::App& program, Action& action);
void add_prove(CLI::App& program, Action& action);
void add_diff(CLI::App& program, Action& action);
void add_compare(CLI::App& program, Action& action);
void add_fmt(CLI::App& program, Action& action);
void add_graph(CLI::App& program, Action& action);
void add_new(CLI::App& program, Action& action);
void add_build(CLI::App& program, Action& action);
void add_dump(CLI::App& program, Action& action);
void add_translate(CLI::App& program, Action& action);
void add_import(CLI::App& program, Action& action);
void add_export(CLI::App& program, Action& action);
void add_explain(CLI::App& program, Action& action);
void add_version(CLI::App& program, Action& action);

/// The formats that `import` and `export` know, each a command below theirs.
void add_import_gdl2(CLI::App& import, Action& action);
void add_import_dmn(CLI::App& import, Action& action);
void add_import_csv(CLI::App& import, Action& action);
void add_export_dmn(CLI::App& export_, Action& action);
void add_export_csv(CLI::App& export_, Action& action);

/// A new command with its help: the first line of `description` stands in the list of commands.
[[nodiscard]] CLI::App* add_command(CLI::App& program, std::string name, std::string description, std::string footer);
/// --color auto|always|never.
void add_color_option(CLI::App& command, ColorMode& mode);
/// --format with its choices, the first of which is the default.
void add_format_option(CLI::App& command, std::string& format, std::initializer_list<const char*> choices);

/// --jobs, from 1 to 256; what is left at 0 means one for each core.
void add_jobs_option(CLI::App& command, unsigned& jobs, std::string description);

/// For options with a number: empty, or why the value is refused.
[[nodiscard]] std::string above_zero(const std::string& value);
[[nodiscard]] std::string not_below_zero(const std::string& value);

/// --lang.
void add_language_option(CLI::App& command, std::string& language);

/// The text and version that `aceso version` shows.
[[nodiscard]] std::string version_text();

/// True when the compiled file itself could not be read.
[[nodiscard]] bool is_unreadable(const Compilation& compilation);
/// Compiles a guideline for a command that needs it sound. Its errors go to stderr; `exit_code` is set then.
/// So it is where the guideline has no texts in the language that is asked for.
[[nodiscard]] std::unique_ptr<Compilation> compile_sound(const std::string& path, ColorMode color, int& exit_code,
                                                         const CompileOptions& options = {});
/// The same for what is compiled already.
[[nodiscard]] std::unique_ptr<Compilation> if_sound(Compilation compiled, const std::string& path, ColorMode color,
                                                    int& exit_code, const CompileOptions& options = {});
/// "there are no texts in `fr`; there are en, de", or nothing where there are.
[[nodiscard]] std::string missing_language(const Compilation& compilation, const std::string& language);

/// "1 error", "2 errors".
[[nodiscard]] std::string count(std::size_t number, std::string_view noun);
/// A JSON text in quotation marks; bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string json_text(std::string_view text);

} // namespace aceso::command
