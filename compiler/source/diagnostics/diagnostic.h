#pragma once
/// Complaints to the author. Kinds stand in diagnostic_kinds.def, one row each, and are stable: an id is never reused.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "source/source_file.h"

namespace aceso::diagnostics {

enum class Severity : std::uint8_t { error, warning, note };
[[nodiscard]] std::string_view to_text(Severity severity);

enum class Kind : std::uint16_t {
#define ACESO_DIAGNOSTIC(id, name, severity, message) name,
#include "diagnostics/diagnostic_kinds.def"
#undef ACESO_DIAGNOSTIC
};

struct KindInfo {
  Kind kind;
  std::string_view id;   ///< "A0201"
  std::string_view name; ///< "unknown_name"
  Severity severity;
  std::string_view message; ///< fmt template
};
[[nodiscard]] const KindInfo& info(Kind kind);
[[nodiscard]] const std::vector<KindInfo>& all_kinds();

struct Note {
  source::Span span;
  std::string message;
};

struct Diagnostic {
  Kind kind{};
  source::Span span;
  std::string message;
  std::string mend; ///< what to write instead, in the author's words; may be empty
  std::vector<Note> notes;
};

/// Collects diagnostics of one compilation. Not thread-safe.
class Sink {
public:
  explicit Sink(std::size_t max_errors = 200) : max_errors_(max_errors) {}

  /// The message is the kind's template filled with `args`.
  template <class... Args>
  Diagnostic& report(Kind kind, source::Span span, const Args&... args) {
    return add(kind, span, fmt::format(fmt::runtime(info(kind).message), args...));
  }
  Diagnostic& add(Kind kind, source::Span span, std::string message);

  [[nodiscard]] const std::vector<Diagnostic>& all() const { return diagnostics_; }
  [[nodiscard]] std::size_t error_count() const { return errors_; }
  [[nodiscard]] bool has_errors() const { return errors_ != 0; }
  /// True once max_errors is reached; later reports are counted but not kept.
  [[nodiscard]] bool is_full() const { return errors_ >= max_errors_; }
  /// True once one more than max_errors was reported, and the notice of it (A0007) stands: time to stop looking.
  [[nodiscard]] bool has_overflowed() const { return errors_ > max_errors_; }
  /// Sorts by file and place and drops exact repetitions.
  void finish();

private:
  std::vector<Diagnostic> diagnostics_;
  Diagnostic overflow_;
  std::size_t errors_ = 0;
  std::size_t max_errors_;
};

/// The candidate nearest to `word` (Damerau-Levenshtein distance at most a third of its length, at least 1), or empty.
[[nodiscard]] std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

struct RenderOptions {
  bool color = false;
  unsigned width = 100;
};
/// "path:line:column: error A0201: ..." with the line, a caret line, mend and notes.
[[nodiscard]] std::string render(const Diagnostic& diagnostic, const source::SourceSet& sources,
                                 const RenderOptions& options = {});
/// One JSON array of objects {id, name, severity, message, mend, file, line, column, end_line, end_column, notes}.
[[nodiscard]] std::string render_json(const std::vector<Diagnostic>& diagnostics, const source::SourceSet& sources);

} // namespace aceso::diagnostics
