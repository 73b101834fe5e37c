#pragma once
/// The compiler's public face: text in, checked guideline or diagnostics out.
///
///   aceso::Compilation c = aceso::compile_file("guideline.aceso");
///   if (!c.ok()) std::fputs(c.render_diagnostics().c_str(), stderr);
///
/// A Compilation is immutable and may be shared between threads; several threads may compile at once, and take turns
/// while they parse. No exception crosses this header except std::bad_alloc.

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aceso {

/// "0.1.0".
[[nodiscard]] std::string_view version();

struct CompileOptions {
  std::size_t max_file_bytes = 64u << 20; ///< a larger file is refused (A0002)
  unsigned max_depth = 200;               ///< nesting of expressions and blocks (A0005)
  std::size_t max_errors = 200;           ///< later errors are counted, not shown (A0007)
  std::size_t max_modules = 1000;         ///< files of one compilation
  /// Where `use std.*` is looked up before the built-in standard library; empty: only the built-in one.
  std::string standard_library;
  /// The language of the texts in the graph; empty: the original. It has no effect where the guideline does not declare
  /// it: see Compilation::languages.
  std::string language;
  /// False leaves the translations unread, so that a guideline without them compiles: for those who are to write them.
  bool translations = true;
  /// False leaves out the hash of the guideline and what explanations need to know of its logic (a fifth of the work
  /// for a large table): for those who check it and neither decide with it nor build it.
  bool describes = true;
  /// How the text of a file is had; the default reads the file system. Nothing: the file cannot be read.
  std::function<std::optional<std::string>(const std::string& path)> read_file;
};

namespace graph {
struct Graph;
}
namespace source {
class SourceSet;
}
namespace diagnostics {
struct Diagnostic;
}

class Compilation {
public:
  /// True when there is no error; warnings may remain.
  [[nodiscard]] bool ok() const;
  /// Errors and warnings in the order of the text.
  [[nodiscard]] const std::vector<diagnostics::Diagnostic>& diagnostics() const;
  [[nodiscard]] std::size_t error_count() const;
  [[nodiscard]] std::size_t warning_count() const;
  [[nodiscard]] const source::SourceSet& sources() const;
  /// The checked decision graph; null for a file with errors. A module gives a graph as well, with an empty guideline
  /// id, so that its cases can be run.
  [[nodiscard]] const std::shared_ptr<const graph::Graph>& graph() const;
  /// The languages in which there are texts, the original first; empty for a file with errors.
  [[nodiscard]] const std::vector<std::string>& languages() const;
  /// For people, with lines and carets.
  [[nodiscard]] std::string render_diagnostics(bool color = false) const;
  /// For machines: see diagnostics/diagnostic.h.
  [[nodiscard]] std::string render_diagnostics_json() const;
  /// How often the parser's fast strategy did not suffice, over all files; 0 for every well-formed text.
  [[nodiscard]] std::size_t ll_fallbacks() const;

  struct State; ///< internal
  explicit Compilation(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  [[nodiscard]] const State& state() const { return *state_; } ///< internal

private:
  std::shared_ptr<const State> state_;
};

/// Reads the file and what it uses. `path` is also the name that diagnostics show.
[[nodiscard]] Compilation compile_file(const std::string& path, const CompileOptions& options = {});
/// The same for a text in memory; `use` of project modules is looked up beside `path`.
[[nodiscard]] Compilation compile_text(std::string text, const std::string& path, const CompileOptions& options = {});

} // namespace aceso
