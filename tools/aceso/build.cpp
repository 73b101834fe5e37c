#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "codegen/codegen.h"
#include "command.h"
#include "driver/files.h"
#include "graph/graph.h"

namespace aceso::command {
namespace {

struct Options {
  std::string guideline, output;
  std::vector<std::string> strip;
  ColorMode color = ColorMode::automatic;
};

StripOptions strip_options(const std::vector<std::string>& words) {
  const auto has = [&](std::string_view word) { return std::find(words.begin(), words.end(), word) != words.end(); };
  return {has("explanation"), has("source-map"), has("citations")};
}

int run(const Options& options) {
  int exit_code = fine;
  const auto compilation = compile_sound(options.guideline, options.color, exit_code);
  if (!compilation) return exit_code;
  if (compilation->graph()->dictionary.guideline.id.empty()) {
    write_error(
        fmt::format("aceso: {} is a module of the language and decides nothing; name a guideline that uses it\n",
                    printable(options.guideline)));
    return bad_input;
  }
  const auto built = codegen::build(*compilation->graph(), &compilation->sources(), strip_options(options.strip));
  if (const auto* fault = std::get_if<ModuleFault>(&built)) {
    write_error(fmt::format("{}: {}: {}\n", printable(options.guideline), fault->id, printable(fault->message)));
    return findings;
  }
  const std::string& bytes = std::get<std::string>(built);
  if (const std::string reason = driver::write_file(options.output, bytes); !reason.empty()) {
    write_error(fmt::format("aceso: {} cannot be written: {}\n", printable(options.output), reason));
    return bad_input;
  }
  return fine;
}

} // namespace

void add_build(CLI::App& program, Action& action) {
  CLI::App* command = add_command(
      program, "build",
      "compile a guideline into a file for applications\n\n"
      "Writes one file with everything that is needed to decide. `aceso run` takes it in place of the text,\n"
      "and applications load it through the library. The same guideline gives the same bytes everywhere.",
      R"(Examples:
  aceso build back_pain.aceso -o back_pain.acb
  aceso build back_pain.aceso -o back_pain.acb --strip explanation
  aceso run back_pain.acb cases/first.json

Exit codes: 0 fine; 1 the guideline has errors; 2 bad use; 3 a file cannot be read or written; 4 internal error.)");
  auto options = std::make_shared<Options>();
  command->add_option("GUIDELINE", options->guideline, "the .aceso file of the guideline")
      ->required()
      ->option_text(" ");
  command->add_option("-o,--output", options->output, "the file to write")->required()->option_text("FILE");
  command
      ->add_option("--strip", options->strip,
                   "leave out what no decision needs: explanation (titles, questions, reasons), source-map, citations")
      ->delimiter(',')
      ->check([](const std::string& word) {
        return word == "explanation" || word == "source-map" || word == "citations"
                   ? std::string{}
                   : word + " is none of explanation, source-map, citations";
      })
      ->option_text("PART,...");
  add_color_option(*command, options->color);
  command->callback([options, &action] { action = [options] { return run(*options); }; });
}

} // namespace aceso::command
