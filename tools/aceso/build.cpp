#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "codegen/codegen.h"
#include "command.h"
#include "driver/files.h"
#include "graph/graph.h"
#include "jit/jit.h"

namespace aceso::command {
namespace {

struct Options {
  std::string guideline, output;
  std::vector<std::string> strip;
  bool native = false, for_this_cpu = false;
  ColorMode color = ColorMode::automatic;
};

StripOptions strip_options(const std::vector<std::string>& words) {
  const auto has = [&](std::string_view word) { return std::find(words.begin(), words.end(), word) != words.end(); };
  return {has("explanation"), has("source-map"), has("citations")};
}

bool write(const std::string& path, std::string_view bytes) {
  const std::string reason = driver::write_file(path, std::string(bytes));
  if (!reason.empty()) write_error(fmt::format("aceso: {} cannot be written: {}\n", printable(path), reason));
  return reason.empty();
}

/// The name of a file as a word of C.
std::string identifier(const std::string& path) {
  std::string name = std::filesystem::path(path).filename().string();
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name.empty() || std::isdigit(static_cast<unsigned char>(name[0])) ? "g_" + name : name;
}

std::string quoted(const std::string& path) {
  std::string text = "'";
  for (const char c : path)
    text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

/// NAME.acb, NAME.o, NAME.h, and NAME.so where there is a linker.
int build_native(const Options& options, const std::string& bytes) {
  const ModuleLoad load = load_module(bytes);
  if (!load.ok()) { // what we have just built
    write_error(fmt::format("aceso: {}: {}\n", load.fault->id, load.fault->message));
    return internal_error;
  }
  const std::string prefix = identifier(options.output);
  const jit::Object made = jit::compile_object(*load.module, prefix, options.for_this_cpu);
  if (made.fault) {
    write_error(fmt::format("aceso: {}: {}\n", made.fault->id, printable(made.fault->message)));
    return made.fault->kind == jit::FaultKind::jit_unavailable ? bad_input : internal_error;
  }
  const std::string header = jit::c_header(*load.module, prefix, made.why_no_decide.empty());
  if (!write(options.output + ".acb", bytes) || !write(options.output + ".o", made.bytes) ||
      !write(options.output + ".h", header))
    return bad_input;
  if (!made.why_no_decide.empty())
    write_error(fmt::format("aceso: A0904: there is no {}_decide: {}; evaluators can use the rest\n", prefix,
                            printable(made.why_no_decide)));
  const char* named = std::getenv("CC");
  const std::string linker = fmt::format("{} -shared -o {} {}", named && *named ? named : "cc",
                                         quoted(options.output + ".so"), quoted(options.output + ".o"));
  if (std::system((linker + " 2>/dev/null").c_str()) != 0) // NOLINT(cert-env33-c, concurrency-mt-unsafe)
    write_error(fmt::format("aceso: there is no C compiler to make {}.so; on a machine with one: {}\n",
                            printable(options.output), printable(linker)));
  return fine;
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
  if (options.native) return build_native(options, bytes);
  for (std::uint32_t file = 0; file < compilation->sources().size(); ++file) {
    std::error_code unknown;
    const std::string& path = compilation->sources()[file].path();
    if (!std::filesystem::equivalent(path, options.output, unknown) || unknown) continue;
    write_error(
        fmt::format("aceso: -o {}: that is a text of the guideline; name another file\n", printable(options.output)));
    return bad_use;
  }
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
  aceso build back_pain.aceso --native -o back_pain

With --native, -o names several files: the module NAME.acb, machine code NAME.o, a C header NAME.h, and the
shared library NAME.so where there is a C compiler. It needs LLVM (A0900 says where it is missing).

Exit codes: 0 fine; 1 the guideline has errors; 2 bad use; 3 a file cannot be read or written; 4 internal error.)");
  auto options = std::make_shared<Options>();
  command->add_option("GUIDELINE", options->guideline, "the .aceso file of the guideline")
      ->required()
      ->option_text(" ");
  command->add_option("-o,--output", options->output, "the file to write")->required()->option_text("FILE");
  CLI::Option* native =
      command->add_flag("--native", options->native, "machine code as well: NAME.acb, NAME.o, NAME.h, NAME.so");
  command
      ->add_flag("--this-cpu", options->for_this_cpu,
                 "with --native: code for the CPU of this machine alone, which may be quicker")
      ->needs(native);
  command
      ->add_option("--strip", options->strip,
                   "leave out what no decision needs: explanation (titles, questions, reasons), source-map, citations")
      ->delimiter(',')
      ->allow_extra_args(false) // the guideline may come next
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
