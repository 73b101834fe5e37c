#include "diagnostics/machine_formats.h"

namespace aceso::diagnostics {

namespace {

/// Appends `text` as a JSON string (RFC 8259, section 7). Bytes that are not valid UTF-8 become U+FFFD, because a file
/// with such bytes is itself one of the things that are reported.
void append_string(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80) {
      switch (text[i]) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (byte < 0x20 || byte == 0x7F)
          out += fmt::format("\\u{:04x}", byte);
        else
          out += text[i];
      }
      ++i;
      continue;
    }
    const std::size_t length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;
    const auto follows = [&](std::size_t k) { return (static_cast<unsigned char>(text[k]) & 0xC0u) == 0x80u; };
    bool valid = byte >= 0xC2 && byte <= 0xF4 && i + length <= text.size();
    for (std::size_t k = 1; valid && k < length; ++k)
      valid = follows(i + k);
    if (valid && length > 2) { // no overlong forms, no surrogates, nothing above U+10FFFF
      const auto second = static_cast<unsigned char>(text[i + 1]);
      valid = !((byte == 0xE0 && second < 0xA0) || (byte == 0xED && second > 0x9F) || (byte == 0xF0 && second < 0x90) ||
                (byte == 0xF4 && second > 0x8F));
    }
    out += valid ? text.substr(i, length) : std::string_view("\\ufffd");
    i += valid ? length : 1;
  }
  out += '"';
}

void append_member(std::string& out, std::string_view name, std::string_view value) {
  out += fmt::format("\"{}\":", name);
  append_string(out, value);
  out += ',';
}

/// Null where the diagnostic has no place in a file.
void append_place(std::string& out, source::Span span, const source::SourceSet& sources) {
  if (!span.is_valid() || span.file >= sources.size()) {
    out += R"("file":null,"line":null,"column":null,"end_line":null,"end_column":null)";
    return;
  }
  const source::SourceFile& file = sources[span.file];
  const source::Place begin = file.place(span.begin), end = file.place(span.end);
  append_member(out, "file", file.path());
  out += fmt::format(R"("line":{},"column":{},"end_line":{},"end_column":{})", begin.line, begin.column, end.line,
                     end.column);
}

} // namespace

std::string json_string(std::string_view text) {
  std::string out;
  append_string(out, text);
  return out;
}

std::string json_object(const Diagnostic& diagnostic, const source::SourceSet& sources, std::string_view more) {
  const KindInfo& kind = info(diagnostic.kind);
  std::string out = "{";
  append_member(out, "id", kind.id);
  append_member(out, "name", kind.name);
  append_member(out, "severity", to_text(kind.severity));
  append_member(out, "message", diagnostic.message);
  append_member(out, "mend", diagnostic.mend);
  append_place(out, diagnostic.span, sources);
  out += ",\"notes\":[";
  for (const Note& note : diagnostic.notes) {
    if (&note != &diagnostic.notes.front()) out += ',';
    out += '{';
    append_member(out, "message", note.message);
    append_place(out, note.span, sources);
    out += '}';
  }
  out += ']';
  if (!more.empty()) out += fmt::format(",{}", more);
  return out + '}';
}

std::string render_json(const std::vector<Diagnostic>& diagnostics, const source::SourceSet& sources) {
  std::string out = "[";
  for (const Diagnostic& diagnostic : diagnostics)
    out += (out.size() > 1 ? ",\n" : "\n") + json_object(diagnostic, sources);
  out += out.size() > 1 ? "\n]\n" : "]\n";
  return out;
}

} // namespace aceso::diagnostics
