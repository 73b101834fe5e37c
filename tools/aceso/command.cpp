#include "command.h"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "diagnostics/diagnostic.h"

namespace aceso::command {

CLI::App* add_command(CLI::App& program, std::string name, std::string description, std::string footer) {
  CLI::App* command = program.add_subcommand(std::move(name), std::move(description));
  command->footer(std::move(footer));
  return command;
}

void add_color_option(CLI::App& command, ColorMode& mode) {
  const std::map<std::string, ColorMode> names{
      {"auto", ColorMode::automatic}, {"always", ColorMode::always}, {"never", ColorMode::never}};
  command.add_option("--color", mode, "colour: auto is on a terminal only, and not where NO_COLOR is set")
      ->transform(CLI::Transformer(names))
      ->check([](const std::string& value) {
        return value == "0" || value == "1" || value == "2" ? std::string{} : value + " is none of auto, always, never";
      })
      ->option_text("auto|always|never");
}

void add_format_option(CLI::App& command, std::string& format, std::initializer_list<const char*> choices) {
  std::vector<std::string> names(choices.begin(), choices.end());
  format = names.front();
  const std::string text = CLI::detail::join(names, "|");
  const std::string listed = CLI::detail::join(names, ", ");
  command.add_option("--format", format, "the form of the output; " + names.front() + " unless said otherwise")
      ->check([names, listed](const std::string& value) {
        const bool known = std::find(names.begin(), names.end(), value) != names.end();
        return known ? std::string{} : value + " is none of " + listed;
      })
      ->option_text(text);
}

std::string above_zero(const std::string& value) {
  double number = 0;
  return CLI::detail::lexical_cast(value, number) && number > 0 ? "" : value + " is no number above 0";
}

std::string not_below_zero(const std::string& value) {
  double number = 0;
  return CLI::detail::lexical_cast(value, number) && number >= 0 ? "" : value + " is no number from 0 on";
}

void add_jobs_option(CLI::App& command, unsigned& jobs, std::string description) {
  command.add_option("--jobs", jobs, std::move(description))->option_text("N")->check(CLI::Range(1, 256));
}

void add_language_option(CLI::App& command, std::string& language) {
  command.add_option("--lang", language, "the language of the texts, such as de; the original unless said otherwise")
      ->option_text("LANGUAGE");
}

bool is_unreadable(const Compilation& compilation) {
  const auto& all = compilation.diagnostics();
  return std::any_of(all.begin(), all.end(), [](const diagnostics::Diagnostic& one) {
    return one.kind == diagnostics::Kind::cannot_read_file || one.kind == diagnostics::Kind::file_too_large;
  });
}

std::string missing_language(const Compilation& compilation, const std::string& language) {
  const std::vector<std::string>& known = compilation.languages();
  if (language.empty() || std::find(known.begin(), known.end(), language) != known.end()) return {};
  return fmt::format("there are no texts in `{}`; there are {}", printable(language), fmt::join(known, ", "));
}

std::unique_ptr<Compilation> compile_sound(const std::string& path, ColorMode color, int& exit_code,
                                           const CompileOptions& options) {
  return if_sound(compile_file(path, options), path, color, exit_code, options);
}

std::unique_ptr<Compilation> if_sound(Compilation compiled, const std::string& path, ColorMode color, int& exit_code,
                                      const CompileOptions& options) {
  auto compilation = std::make_unique<Compilation>(std::move(compiled));
  if (!compilation->ok() || !compilation->graph()) {
    write_error(compilation->render_diagnostics(use_color(stderr, color)));
    exit_code = is_unreadable(*compilation) ? bad_input : findings;
    return nullptr;
  }
  const std::string complaint = missing_language(*compilation, options.language);
  if (complaint.empty()) return compilation;
  write_error(fmt::format("aceso: --lang: {}: {}\n", printable(path), complaint));
  exit_code = bad_use;
  return nullptr;
}

std::string count(std::size_t number, std::string_view noun) {
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

std::string json_text(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

} // namespace aceso::command
