#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "command.h"
#include "driver/files.h"
#include "driver/load.h"
#include "format/format.h"

namespace aceso::command {
namespace {

struct Options {
  std::vector<std::string> paths;
  bool check = false;
  ColorMode color = ColorMode::automatic;
};

constexpr std::size_t max_bytes = 64u << 20;

/// The canonical text, or nothing after the syntax errors have been told.
std::optional<std::string> format_text(const std::string& name, std::string text, ColorMode color) {
  source::SourceSet sources;
  diagnostics::Sink sink;
  const std::uint32_t file = sources.add(name, std::move(text));
  std::optional<std::string> formatted = format::format_file(sources, file, sink);
  sink.finish();
  for (const diagnostics::Diagnostic& one : sink.all())
    write_error(diagnostics::render(one, sources, {.color = use_color(stderr, color)}));
  if (formatted && !sink.has_errors()) return formatted;
  write_error(fmt::format("aceso: {} is left as it is, because it has errors\n", printable(name)));
  return std::nullopt;
}

int format_standard_input(const Options& options) {
  driver::ReadResult read = driver::read_standard_input(max_bytes);
  if (!read.ok()) {
    write_error(fmt::format("aceso: the standard input cannot be read: {}\n", read.reason));
    return bad_input;
  }
  const auto formatted = format_text("standard input", read.text, options.color);
  if (!formatted) return findings;
  if (!options.check)
    write_out(*formatted);
  else if (*formatted != read.text)
    write_out("standard input\n");
  return options.check && *formatted != read.text ? findings : fine;
}

int format_one(const Options& options, const std::string& path) {
  driver::ReadResult read = driver::read_text(path, {});
  if (!read.ok()) {
    write_error(fmt::format("aceso: {} cannot be read: {}\n", printable(path), read.reason));
    return bad_input;
  }
  const auto formatted = format_text(path, read.text, options.color);
  if (!formatted) return findings;
  if (*formatted == read.text) return fine;
  if (options.check) {
    write_out(printable(path) + '\n');
    return findings;
  }
  if (const std::string reason = driver::replace_file(path, *formatted); !reason.empty()) {
    write_error(fmt::format("aceso: {} cannot be written: {}\n", printable(path), reason));
    return bad_input;
  }
  return fine;
}

int format_files(const Options& options) {
  if (options.paths.size() == 1 && options.paths.front() == "-") return format_standard_input(options);
  const driver::FoundFiles found = driver::find_guideline_files(options.paths);
  int exit_code = found.faults.empty() ? fine : bad_input;
  for (const auto& fault : found.faults)
    write_error(fmt::format("aceso: {}: {}\n", printable(fault.path), fault.reason));
  Progress progress("formatting", found.paths.size());
  for (const std::string& path : found.paths) {
    progress.step(path);
    exit_code = graver(exit_code, format_one(options, path));
  }
  return exit_code;
}

} // namespace

void add_fmt(CLI::App& program, Action& action) {
  CLI::App* command =
      add_command(program, "fmt",
                  "write guidelines in the one canonical layout\n\n"
                  "Changes layout only: tables are aligned, comments stay where they belong, the meaning is the same.\n"
                  "Files are changed in place; a file with syntax errors is left as it is.",
                  R"(Examples:
  aceso fmt guidelines
  aceso fmt --check guidelines stdlib
  aceso fmt - < draft.aceso > tidy.aceso

Exit codes: 0 fine; 1 a file has syntax errors or, with --check, would change; 2 bad use;
            3 a file cannot be read or written; 4 internal error.)");
  auto options = std::make_shared<Options>();
  command
      ->add_option("PATH", options->paths,
                   "a file, or a folder with .aceso files in or below it; - alone reads\n"
                   "the standard input and writes to the standard output")
      ->required()
      ->option_text(" ");
  command->add_flag("--check", options->check, "change nothing, list the files that would change");
  add_color_option(*command, options->color);
  command->callback([options, &action] { action = [options] { return format_files(*options); }; });
}

} // namespace aceso::command
