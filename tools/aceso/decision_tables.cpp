#include <filesystem>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "command.h"
#include "diagnostics/diagnostic.h"
#include "driver/decision_tables.h"
#include "driver/files.h"
#include "driver/load.h"

namespace aceso::command {
namespace {

constexpr std::size_t max_bytes = 16u << 20;

struct Options {
  std::string path, output, table, into;
  bool force = false;
  ColorMode color = ColorMode::automatic;
};

/// 1 where there is something to tell, but for notes.
int tell(const driver::Exchange& exchange, ColorMode color) {
  std::string text;
  int exit_code = fine;
  for (const diagnostics::Diagnostic& one : exchange.diagnostics) {
    text += diagnostics::render(one, exchange.sources, {.color = use_color(stderr, color)});
    if (diagnostics::info(one.kind).severity != diagnostics::Severity::note) exit_code = findings;
  }
  write_error(text);
  return exit_code;
}

/// The text of a file, or nothing with a message.
std::optional<std::string> read(const std::string& path) {
  driver::ReadResult result = path == "-" ? driver::read_standard_input(max_bytes) : driver::read_file(path, max_bytes);
  if (result.ok()) return std::move(result.text);
  write_error(fmt::format("aceso: {} cannot be read: {}\n", printable(path), result.reason));
  return std::nullopt;
}

/// Writes a new file; one that is there is left alone without --force.
bool write_new(const std::string& path, const std::string& text, bool force) {
  if (path == "-") {
    write_out(text);
    return true;
  }
  std::error_code ignored;
  if (!force && std::filesystem::is_regular_file(path, ignored)) {
    write_error(fmt::format("aceso: {} is there already; --force writes over it\n", printable(path)));
    return false;
  }
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  if (!folder.empty()) std::filesystem::create_directories(folder, ignored);
  const std::string reason = driver::write_file(path, text);
  if (reason.empty()) return true;
  write_error(fmt::format("aceso: {}: {}\n", printable(path), reason));
  return false;
}

int import_dmn(const Options& options) {
  auto text = read(options.path);
  if (!text) return bad_input;
  const driver::Exchange exchange = driver::import_dmn(options.path, std::move(*text));
  const int exit_code = tell(exchange, options.color);
  if (!exchange.text) return bad_input;
  const bool is_shown = options.output.empty() || options.output == "-";
  const std::string path = is_shown ? "-" : driver::join_path(options.output, exchange.name + ".aceso");
  if (!write_new(path, *exchange.text, options.force)) return bad_use;
  if (!is_shown) {
    write_out(printable(path) + '\n');
    const Compilation compilation = compile_file(path);
    if (!compilation.diagnostics().empty()) {
      write_error(compilation.render_diagnostics(use_color(stderr, options.color)));
      return findings;
    }
  }
  return exit_code;
}

int export_dmn(const Options& options) {
  int exit_code = fine;
  const auto compilation = compile_sound(options.path, options.color, exit_code);
  if (!compilation) return exit_code;
  const driver::Exchange exchange = driver::export_dmn(*compilation);
  exit_code = tell(exchange, options.color);
  return write_new(options.output.empty() ? "-" : options.output, *exchange.text, true) ? exit_code : bad_use;
}

int export_csv(const Options& options) {
  int exit_code = fine;
  const auto compilation = compile_sound(options.path, options.color, exit_code);
  if (!compilation) return exit_code;
  const std::vector<std::string> all = driver::tables_of(*compilation);
  std::vector<std::string> wanted = all;
  if (!options.table.empty()) wanted = {options.table};
  const bool is_shown = options.output.empty() || options.output == "-";
  if (wanted.empty() || (is_shown && wanted.size() > 1)) {
    write_error(wanted.empty()
                    ? fmt::format("aceso: {} has no table\n", printable(options.path))
                    : fmt::format("aceso: there are {} tables, {}; name one with --table, or a folder with -o\n",
                                  all.size(), fmt::join(all, ", ")));
    return bad_use;
  }
  for (const std::string& name : wanted) {
    const driver::Exchange exchange = driver::export_sheet(*compilation, name);
    if (!exchange.text) {
      write_error(fmt::format("aceso: --table {}: there is no such table; there are {}\n", printable(name),
                              fmt::join(all, ", ")));
      return bad_use;
    }
    exit_code = graver(exit_code, tell(exchange, options.color));
    const std::string path = is_shown ? "-" : driver::join_path(options.output, name + ".csv");
    if (!write_new(path, *exchange.text, options.force)) return bad_use;
    if (!is_shown) write_out(printable(path) + '\n');
  }
  return exit_code;
}

int import_csv(const Options& options) {
  auto text = read(options.path);
  if (!text) return bad_input;
  if (options.into.empty()) {
    const driver::Exchange exchange = driver::import_sheet(options.path, std::move(*text));
    const int exit_code = tell(exchange, options.color);
    if (!exchange.text) return bad_input;
    write_out(*exchange.text);
    return exit_code;
  }
  const driver::ReadResult guideline = driver::read_text(options.into, {});
  if (!guideline.ok()) {
    write_error(fmt::format("aceso: {} cannot be read: {}\n", printable(options.into), guideline.reason));
    return bad_input;
  }
  const driver::Exchange exchange =
      driver::import_sheet_into(options.path, std::move(*text), options.into, guideline.text);
  const int exit_code = tell(exchange, options.color);
  if (!exchange.text) return findings;
  if (const std::string reason = driver::replace_file(options.into, *exchange.text); !reason.empty()) {
    write_error(fmt::format("aceso: {} cannot be written: {}\n", printable(options.into), reason));
    return bad_use;
  }
  write_out(fmt::format("{}: table {}\n", printable(options.into), exchange.name));
  return exit_code;
}

std::shared_ptr<Options> add_common(CLI::App& command, const char* what, const char* meaning) {
  auto options = std::make_shared<Options>();
  command.add_option(what, options->path, meaning)->required()->option_text(" ");
  add_color_option(command, options->color);
  return options;
}

constexpr const char* exit_codes = R"(
Exit codes: 0 fine; 1 something could not be carried over or was assumed; 2 bad use, or the file cannot be written;
            3 a file cannot be read or is faulty; 4 internal error.)";

} // namespace

void add_import_dmn(CLI::App& import, Action& action) {
  CLI::App* command =
      add_command(import, "dmn",
                  "make a guideline from the decisions of a DMN file\n\n"
                  "Reads DMN 1.1 to 1.5. Input data become inputs, decision tables become tables, expressions become\n"
                  "derived values. Every hit policy is read; PRIORITY and OUTPUT ORDER become the order of the rows.",
                  std::string(R"(Examples:
  aceso import dmn loans.dmn
  aceso import dmn loans.dmn -o guidelines
)") + exit_codes);
  auto options = add_common(*command, "FILE", "the DMN file; - is the standard input");
  command->add_option("-o,--output", options->output, "write NAME.aceso into this folder; otherwise it is shown")
      ->option_text("FOLDER");
  command->add_flag("--force", options->force, "write over a file that is there");
  command->callback([options, &action] { action = [options] { return import_dmn(*options); }; });
}

void add_export_dmn(CLI::App& export_, Action& action) {
  CLI::App* command = add_command(
      export_, "dmn",
      "write the tables and derived values as a DMN file\n\n"
      "Writes DMN 1.3 with a diagram. Units become numbers in the declared unit; rules, pathways and cases\n"
      "have no place in DMN and are listed.",
      std::string(R"(Examples:
  aceso export dmn back_pain.aceso -o back_pain.dmn
)") + exit_codes);
  auto options = add_common(*command, "GUIDELINE", "the .aceso file of the guideline or module");
  command->add_option("-o,--output", options->output, "write to this file; otherwise it is shown")->option_text("FILE");
  command->callback([options, &action] { action = [options] { return export_dmn(*options); }; });
}

void add_import_csv(CLI::App& import, Action& action) {
  CLI::App* command = add_command(
      import, "csv",
      "read a table from a sheet\n\n"
      "The sheet is one that `aceso export csv` wrote and somebody changed. Commas, semicolons and tabs are\n"
      "read. What is wrong is told with its row and column.",
      std::string(R"(Examples:
  aceso import csv plan.csv
  aceso import csv plan.csv --into back_pain.aceso
)") + exit_codes);
  auto options = add_common(*command, "FILE", "the sheet; - is the standard input");
  command->add_option("--into", options->into, "put the table into this guideline; otherwise it is shown")
      ->option_text("GUIDELINE");
  command->callback([options, &action] { action = [options] { return import_csv(*options); }; });
}

void add_export_csv(CLI::App& export_, Action& action) {
  CLI::App* command = add_command(
      export_, "csv",
      "write tables as sheets for a spreadsheet program\n\n"
      "One file a table: the first row has the hit policy, the columns and what the table gives; then one row\n"
      "a rule. Reading it back gives the same table.",
      std::string(R"(Examples:
  aceso export csv back_pain.aceso --table plan
  aceso export csv back_pain.aceso -o tables
)") + exit_codes);
  auto options = add_common(*command, "GUIDELINE", "the .aceso file of the guideline or module");
  command->add_option("--table", options->table, "only this table")->option_text("NAME");
  command->add_option("-o,--output", options->output, "write TABLE.csv into this folder; otherwise it is shown")
      ->option_text("FOLDER");
  command->add_flag("--force", options->force, "write over files that are there");
  command->callback([options, &action] { action = [options] { return export_csv(*options); }; });
}

} // namespace aceso::command
