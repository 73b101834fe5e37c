#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "command.h"
#include "driver/files.h"
#include "driver/translations.h"
#include "module/translation.h"

namespace aceso::command {
namespace {

struct Options {
  std::string guideline, language, output;
  ColorMode color = ColorMode::automatic;
};

std::string summary(const Options& options, const Compilation& compilation, const std::string& path,
                    const driver::UpdatedTranslation& updated) {
  std::string out = fmt::format("{}: {}, {} to translate, {} to look over", printable(path),
                                count(updated.texts, "text"), updated.missing, updated.changed);
  if (updated.obsolete != 0) out += fmt::format(", {} obsolete", updated.obsolete);
  out += '\n';
  const std::vector<std::string>& known = compilation.languages();
  const bool is_guideline = !compilation.graph()->dictionary.guideline.id.empty();
  if (is_guideline && std::find(known.begin(), known.end(), options.language) == known.end())
    out += fmt::format("Write languages {}, {} in the guideline, so that it is used.\n", fmt::join(known, ", "),
                       options.language);
  return out;
}

int translate(const Options& options) {
  if (!is_language_code(options.language)) {
    write_error(fmt::format("aceso: --lang {}: write the code of a language, for example de or pt_BR\n",
                            printable(options.language)));
    return bad_use;
  }
  CompileOptions compile;
  compile.translations = false; // what it would complain of is mended here
  int exit_code = fine;
  const auto compilation = compile_sound(options.guideline, options.color, exit_code, compile);
  if (!compilation) return exit_code;
  if (compilation->languages().front() == options.language) {
    write_error(fmt::format("aceso: --lang {}: this is the language of the original\n", options.language));
    return bad_use;
  }
  const bool is_shown = options.output == "-";
  const std::string beside = driver::translation_path(options.guideline, options.language);
  const std::string path = options.output.empty() || is_shown ? beside : options.output;
  const driver::ReadResult present = driver::read_file(path, compile.max_file_bytes);
  if (!present.ok() && present.status != driver::ReadStatus::absent) {
    write_error(fmt::format("aceso: {}: {}\n", printable(path), present.reason));
    return bad_input;
  }
  const driver::UpdatedTranslation updated = driver::update_translation(*compilation, options.language, present.text);
  if (!updated.diagnostics.empty()) {
    write_error(updated.diagnostics + fmt::format("aceso: {} is left as it is\n", printable(path)));
    return findings;
  }
  if (is_shown) {
    write_out(updated.text);
    return fine;
  }
  const std::string reason =
      present.ok() ? driver::replace_file(path, updated.text) : driver::write_file(path, updated.text);
  if (!reason.empty()) {
    write_error(fmt::format("aceso: {}: {}\n", printable(path), reason));
    return bad_use;
  }
  write_out(summary(options, *compilation, path, updated));
  return fine;
}

} // namespace

void add_translate(CLI::App& program, Action& action) {
  CLI::App* command =
      add_command(program, "translate",
                  "write or renew the file for a translator\n\n"
                  "Beside back_pain.aceso it writes back_pain.de.po: every text of the guideline with a place for\n"
                  "its translation, in the form that translators' programs read (PO). What is translated already\n"
                  "stays; where the original has changed since, it is marked fuzzy, to be looked over.",
                  R"(Examples:
  aceso translate back_pain.aceso --lang de
  aceso translate back_pain.aceso --lang de -o -

Exit codes: 0 fine; 1 the guideline or the present translation has errors; 2 bad use, or the file cannot be written;
            3 a file cannot be read; 4 internal error.)");
  auto options = std::make_shared<Options>();
  command->add_option("GUIDELINE", options->guideline, "the .aceso file of the guideline or module")
      ->required()
      ->option_text(" ");
  command->add_option("--lang", options->language, "the language to translate into, such as de or pt_BR")
      ->required()
      ->option_text("LANGUAGE");
  command->add_option("-o,--output", options->output, "write to this file; - is the standard output")
      ->option_text("FILE");
  add_color_option(*command, options->color);
  command->callback([options, &action] { action = [options] { return translate(*options); }; });
}

} // namespace aceso::command
