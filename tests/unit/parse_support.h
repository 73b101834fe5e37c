#pragma once
/// What the tests of the parser share.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "diagnostics/diagnostic.h"
#include "parse/parser.h"

namespace aceso::test {

/// One text, parsed; it and what the parser said stay alive together.
struct Parsed {
  source::SourceSet sources;
  diagnostics::Sink sink;
  parse::ParseStatistics statistics;
  ast::File file;

  explicit Parsed(std::string text, const parse::ParseOptions& options = {}) {
    const std::uint32_t index = sources.add("test.aceso", std::move(text));
    file = parse::parse_file(sources, index, sink, options, &statistics);
    sink.finish();
  }
  [[nodiscard]] std::string_view at(source::Span span) const { return sources.text(span); }
  [[nodiscard]] std::string messages() const {
    std::string result;
    for (const auto& diagnostic : sink.all())
      result += diagnostics::render(diagnostic, sources);
    return result;
  }
  /// The ids in order: "A0104 A0107".
  [[nodiscard]] std::string ids() const {
    std::string result;
    for (const auto& diagnostic : sink.all()) {
      if (!result.empty()) result += ' ';
      result += diagnostics::info(diagnostic.kind).id;
    }
    return result;
  }
  template <class Declaration>
  [[nodiscard]] const Declaration& get(std::size_t index) const {
    return std::get<Declaration>(file.declarations.at(index));
  }
};

/// Calls `use(path, text)` for each text of the project; how many there are.
template <class Use>
std::size_t for_each_text_of_the_project(Use use) {
  std::size_t files = 0;
  for (const char* folder : {"guidelines", "stdlib", "tests/golden"})
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(std::string(ACESO_SOURCE_FOLDER "/") + folder)) {
      if (entry.path().extension() != ".aceso") continue;
      std::ifstream in(entry.path(), std::ios::binary);
      use(entry.path(), std::string(std::istreambuf_iterator<char>(in), {}));
      ++files;
    }
  return files;
}

/// A compact form of an expression, to compare with: (and a (= b 3)).
std::string show(const ast::Expression& expression);

inline std::string show(const ast::ExpressionPtr& expression) { return expression ? show(*expression) : "none"; }

} // namespace aceso::test
