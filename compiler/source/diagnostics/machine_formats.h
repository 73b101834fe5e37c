#pragma once
/// Findings for programs: JSON objects, and a log in SARIF 2.1.0 (the format in which code hosts and editors read
/// findings; OASIS Standard, 27 March 2020).

#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/diagnostic.h"

namespace aceso::diagnostics {

/// `text` as a JSON string with its quotation marks; bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string json_string(std::string_view text);

/// One object as `render_json` writes it; `more` is put behind its last member ("\"patient\":null", or empty).
[[nodiscard]] std::string json_object(const Diagnostic& diagnostic, const source::SourceSet& sources,
                                      std::string_view more = {});

/// Collects findings of several compilations into one log. Not thread-safe.
class SarifLog {
public:
  explicit SarifLog(std::string_view tool_version) : version_(tool_version) {}

  /// `subject` identifies the finding across changes of the text elsewhere; empty where nothing does. `more` is said
  /// after the message (the patient that shows it). `accepted_because`: the reason why it is suppressed, or null.
  void add(const Diagnostic& diagnostic, const source::SourceSet& sources, std::string_view subject = {},
           std::string_view more = {}, const std::string* accepted_because = nullptr);
  /// The whole log. `successful`: everything that was asked for could be read.
  [[nodiscard]] std::string text(bool successful) const;

private:
  std::string version_;
  std::string results_;
};

} // namespace aceso::diagnostics
