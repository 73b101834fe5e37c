#include "diagnostics/machine_formats.h"

#include <algorithm>

namespace aceso::diagnostics {

namespace {

/// A path as the address of a file: relative paths stay relative, bytes outside the unreserved ones are escaped.
std::string address(std::string_view path) {
  std::string out = path.starts_with('/') ? "file://" : "";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
                       c == '-' || c == '_' || c == '.' || c == '~';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return out;
}

/// "\"physicalLocation\":{...}"; nothing where there is no place.
std::string physical_location(source::Span span, const source::SourceSet& sources) {
  if (!span.is_valid() || span.file >= sources.size()) return {};
  const source::SourceFile& file = sources[span.file];
  const source::Place begin = file.place(span.begin), end = file.place(span.end);
  return fmt::format(
      R"("physicalLocation":{{"artifactLocation":{{"uri":{}}},"region":{{"startLine":{},"startColumn":{},)"
      R"("endLine":{},"endColumn":{}}}}})",
      json_string(address(file.path())), begin.line, begin.column, end.line, end.column);
}

std::string_view level(Severity severity) { return to_text(severity); } // the same three words

} // namespace

void SarifLog::add(const Diagnostic& diagnostic, const source::SourceSet& sources, std::string_view subject,
                   std::string_view more, const std::string* accepted_because) {
  const KindInfo& kind = info(diagnostic.kind);
  std::string message = diagnostic.message;
  if (!diagnostic.mend.empty()) message += ". " + diagnostic.mend;
  if (!more.empty()) message += fmt::format("\n{}", more);
  results_ += results_.empty() ? "\n" : ",\n";
  results_ += fmt::format(R"({{"ruleId":"{}","ruleIndex":{},"level":"{}","message":{{"text":{}}})", kind.id,
                          static_cast<int>(kind.kind), level(kind.severity), json_string(message));
  const std::string place = physical_location(diagnostic.span, sources);
  if (!place.empty()) results_ += fmt::format(R"(,"locations":[{{{}}}])", place);
  std::string related;
  for (const Note& note : diagnostic.notes) {
    const std::string where = physical_location(note.span, sources);
    related += fmt::format(R"({}{{"message":{{"text":{}}}{}{}}})", related.empty() ? "" : ",",
                           json_string(note.message), where.empty() ? "" : ",", where);
  }
  if (!related.empty()) results_ += fmt::format(R"(,"relatedLocations":[{}])", related);
  if (!subject.empty()) {
    std::string notes; // of several findings about one subject
    for (const Note& note : diagnostic.notes)
      notes += "; " + note.message;
    results_ += fmt::format(R"(,"partialFingerprints":{{"acesoSubject/v1":{},"acesoFinding/v1":{}}})",
                            json_string(fmt::format("{} {}", kind.id, subject)),
                            json_string(fmt::format("{} {}{}", kind.id, subject, notes)));
  }
  if (accepted_because != nullptr)
    results_ +=
        fmt::format(R"(,"suppressions":[{{"kind":"external","justification":{}}}])", json_string(*accepted_because));
  results_ += "}";
}

namespace {

/// What a kind of finding says, with "..." for what a finding fills in; where nothing else is left, its name.
std::string description(const KindInfo& kind) {
  std::string text;
  for (std::size_t at = 0; at < kind.message.size();) {
    const std::size_t open = std::min(kind.message.find('{', at), kind.message.size());
    text += kind.message.substr(at, open - at);
    if (open == kind.message.size()) break;
    text += "...";
    at = std::min(kind.message.find('}', open), kind.message.size() - 1) + 1;
  }
  if (text.find_first_not_of(".`\"' :") != std::string::npos) return text;
  text = kind.name;
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

} // namespace

std::string SarifLog::text(bool successful) const {
  std::string rules;
  for (const KindInfo& kind : all_kinds())
    rules += fmt::format(
        R"({}{{"id":"{}","name":{},"shortDescription":{{"text":{}}},"defaultConfiguration":{{"level":"{}"}}}})",
        rules.empty() ? "\n" : ",\n", kind.id, json_string(kind.name), json_string(description(kind)),
        level(kind.severity));
  return fmt::format(R"({{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{{)"
                     "\n"
                     R"("tool":{{"driver":{{"name":"aceso","version":{},"rules":[{}]}}}},)"
                     "\n"
                     R"("columnKind":"unicodeCodePoints","invocations":[{{"executionSuccessful":{}}}],)"
                     "\n"
                     R"("results":[{}]}}]}})"
                     "\n",
                     json_string(version_), rules, successful ? "true" : "false", results_);
}

} // namespace aceso::diagnostics
