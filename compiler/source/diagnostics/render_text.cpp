#include <algorithm>

#include "diagnostics/diagnostic.h"

namespace aceso::diagnostics {

namespace {

constexpr unsigned narrowest = 40;

struct Paint {
  bool on;
  [[nodiscard]] std::string operator()(std::string_view code, std::string_view text) const {
    return on ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
  }
};

std::string_view color_of(Severity severity) {
  switch (severity) {
  case Severity::error: return "1;31";
  case Severity::warning: return "1;35";
  case Severity::note: return "1;36";
  }
  return "1";
}

constexpr bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0u) == 0x80u; }

/// The bytes of a line as columns: what is shown for each code point. Tabs become one space, so that the caret stands
/// below its character in every terminal; what cannot be shown safely becomes U+FFFD or "?".
std::vector<std::string> columns_of(std::string_view line, bool from_start) {
  std::vector<std::string> columns;
  columns.reserve(line.size());
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (continues(line[i]) && !columns.empty()) {
      columns.back() += line[i];
    } else {
      columns.emplace_back(1, line[i]);
    }
  }
  for (std::string& column : columns) {
    const auto first = static_cast<unsigned char>(column[0]);
    const std::size_t length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    const bool hides = column.starts_with("\xE2\x80") && column.size() == 3 &&
                       ((column[2] >= '\x8B' && column[2] <= '\x8F') || (column[2] >= '\xA8' && column[2] <= '\xAE'));
    const bool isolates = column.starts_with("\xE2\x81") && column.size() == 3 && column[2] >= '\xA6';
    if (column == "\t")
      column = " ";
    else if (first < 0x20 || first == 0x7F)
      column = "?";
    else if (column.size() != length || (first & 0xC0u) == 0x80u || hides || isolates)
      column = "\xEF\xBF\xBD";
  }
  if (from_start && !columns.empty() && columns[0] == "\xEF\xBB\xBF") columns.erase(columns.begin()); // no width
  return columns;
}

/// Two lines: the source line, cut around the place where it is long, and the carets below it.
std::string excerpt(const source::SourceFile& file, source::Span span, const RenderOptions& options,
                    std::string_view color) {
  const std::uint32_t number = file.place(span.begin).line;
  const std::string gutter = fmt::format("{:>5} | ", number);
  const std::size_t room = std::max<std::size_t>(options.width, narrowest) - gutter.size();

  // A line may have millions of bytes: only a window around the place is looked at. A code point has at most four.
  const std::string_view line = file.line(number);
  const auto line_begin = static_cast<std::size_t>(line.data() - file.text().data());
  const std::size_t at = std::min(span.begin - std::min<std::size_t>(span.begin, line_begin), line.size());
  const std::size_t after = std::clamp(std::max(span.end, span.begin) - line_begin, at, line.size());
  std::size_t window_begin = at - std::min(at, 4 * room), window_end = std::min(line.size(), at + 4 * room);
  while (window_begin > 0 && continues(line[window_begin]))
    --window_begin;
  while (window_end < line.size() && continues(line[window_end]))
    ++window_end;
  const auto columns_between = [&](std::size_t begin, std::size_t end) {
    return columns_of(line.substr(begin, std::min(end, window_end) - begin), begin == 0);
  };
  const std::vector<std::string> columns = columns_between(window_begin, window_end);
  const std::size_t from = columns_between(window_begin, at).size();
  const std::size_t to = columns_between(window_begin, std::min(after, window_end)).size();
  std::size_t first = 0, last = columns.size();
  if (columns.size() > room) {
    const std::size_t inner = room - 6; // "..." on either side
    const std::size_t shown = std::min(to > from ? to - from : 1, inner);
    const std::size_t before = (inner - shown) / 2;
    first = std::min(from > before ? from - before : 0, columns.size() - inner);
    last = first + inner;
  }
  std::string text, carets;
  const auto blank = [&](std::string_view what) {
    text += what;
    carets.append(what.size(), ' ');
  };
  if (first > 0 || window_begin > 0) blank("...");
  for (std::size_t i = first; i < last; ++i) {
    text += columns[i];
    carets += i >= from && i < std::max(to, from + 1) ? '^' : ' ';
  }
  if (last < columns.size() || window_end < line.size()) text += "...";
  if (from >= last) carets += '^'; // the place is the end of the line
  carets.erase(carets.find_last_not_of(' ') + 1);
  while (!text.empty() && text.back() == ' ')
    text.pop_back();
  return fmt::format("{}{}\n{:>5} | {}\n", gutter, text, "", Paint{options.color}(color, carets));
}

void append(std::string& out, source::Span span, std::string_view title, std::string_view color,
            std::string_view message, const source::SourceSet& sources, const RenderOptions& options) {
  const Paint paint{options.color};
  const bool placed = span.is_valid() && span.file < sources.size();
  if (placed) {
    const source::SourceFile& file = sources[span.file];
    const source::Place place = file.place(span.begin);
    out += paint("1", fmt::format("{}:{}:{}:", file.path(), place.line, place.column)) + ' ';
  }
  out += fmt::format("{} {}\n", paint(color, fmt::format("{}:", title)), message);
  if (placed) out += excerpt(sources[span.file], span, options, color);
}

} // namespace

std::string render(const Diagnostic& diagnostic, const source::SourceSet& sources, const RenderOptions& options) {
  const KindInfo& kind = info(diagnostic.kind);
  const std::string title = fmt::format("{} {}", to_text(kind.severity), kind.id);
  std::string out;
  append(out, diagnostic.span, title, color_of(kind.severity), diagnostic.message, sources, options);
  if (!diagnostic.mend.empty()) {
    out += fmt::format("{:>5} = {} {}\n", "", Paint{options.color}("1;32", "help:"), diagnostic.mend);
  }
  for (const Note& note : diagnostic.notes) {
    append(out, note.span, "note", color_of(Severity::note), note.message, sources, options);
  }
  return out;
}

} // namespace aceso::diagnostics
