#pragma once
/// Texts of guidelines with places in them. A `SourceSet` owns every file of one compilation.

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace aceso::source {

/// A stretch of one file, in bytes. `file` indexes the SourceSet; an invalid span has file == none.
struct Span {
  static constexpr std::uint32_t none = 0xffffffff;
  std::uint32_t file = none;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  [[nodiscard]] constexpr bool is_valid() const { return file != none; }
  friend constexpr bool operator==(Span, Span) = default;
};

/// From the start of `a` to the end of `b` (both in one file).
[[nodiscard]] constexpr Span join(Span a, Span b) {
  if (!a.is_valid()) return b;
  if (!b.is_valid()) return a;
  return {a.file, a.begin < b.begin ? a.begin : b.begin, a.end > b.end ? a.end : b.end};
}

/// 1-based line and 1-based column; a column counts Unicode code points, a tab counts one.
struct Place {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

class SourceFile {
public:
  SourceFile(std::string path, std::string text);
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] Place place(std::uint32_t offset) const;
  /// The line (1-based) without its line end.
  [[nodiscard]] std::string_view line(std::uint32_t number) const;
  [[nodiscard]] std::uint32_t line_count() const { return static_cast<std::uint32_t>(line_starts_.size()); }

private:
  std::string path_;
  std::string text_;
  std::vector<std::uint32_t> line_starts_;
};

class SourceSet {
public:
  /// Returns the index of the file.
  std::uint32_t add(std::string path, std::string text);
  [[nodiscard]] const SourceFile& operator[](std::uint32_t file) const { return files_[file]; }
  [[nodiscard]] std::size_t size() const { return files_.size(); }
  [[nodiscard]] std::string_view text(Span span) const;

private:
  std::deque<SourceFile> files_;
};

} // namespace aceso::source
