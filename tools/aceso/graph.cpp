#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "command.h"
#include "driver/files.h"
#include "graph/draw.h"
#include "graph/graph.h"

namespace aceso::command {
namespace {

struct Options {
  std::string guideline, format, output, language;
  ColorMode color = ColorMode::automatic;
};

std::string draw(const graph::Graph& graph, const std::string& format) {
  if (format == "dot") return graph::draw_dot(graph);
  if (format == "mermaid") return graph::draw_mermaid(graph);
  if (format == "svg") return graph::draw_svg(graph);
  return graph::print(graph);
}

int show_graph(const Options& options) {
  int exit_code = fine;
  CompileOptions compile;
  compile.language = options.language;
  const auto compilation = compile_sound(options.guideline, options.color, exit_code, compile);
  if (!compilation) return exit_code;
  std::string drawing = draw(*compilation->graph(), options.format);
  if (!drawing.ends_with('\n')) drawing += '\n';
  if (options.output.empty() || options.output == "-") {
    write_out(drawing);
    return fine;
  }
  const std::string reason = driver::write_file(options.output, drawing);
  if (reason.empty()) return fine;
  write_error(fmt::format("aceso: -o {}: {}\n", printable(options.output), reason));
  return bad_use;
}

} // namespace

void add_graph(CLI::App& program, Action& action) {
  CLI::App* command =
      add_command(program, "graph",
                  "show the decision graph of a guideline\n\n"
                  "text is the whole graph, one line a node: what later stages read, and what its hash is over.\n"
                  "dot (Graphviz), mermaid and svg are pictures of the pathway and of what leads to which advice.",
                  R"(Examples:
  aceso graph back_pain.aceso
  aceso graph back_pain.aceso --format svg -o back_pain.svg

Exit codes: 0 fine; 1 the guideline has errors; 2 bad use, or the file cannot be written;
            3 the guideline cannot be read; 4 internal error.)");
  auto options = std::make_shared<Options>();
  command->add_option("GUIDELINE", options->guideline, "the .aceso file of the guideline")
      ->required()
      ->option_text(" ");
  add_language_option(*command, options->language);
  add_format_option(*command, options->format, {"text", "dot", "mermaid", "svg"});
  command->add_option("-o,--output", options->output, "write to this file instead of the standard output")
      ->option_text("FILE");
  add_color_option(*command, options->color);
  command->callback([options, &action] { action = [options] { return show_graph(*options); }; });
}

} // namespace aceso::command
