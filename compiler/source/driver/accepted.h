#pragma once
/// Findings about all patients that somebody answers for: a file of reasons (docs/schemas/accepted.schema.json).
///
///   {"accepted": [{"finding": "A1008", "subject": "action home_treatment", "meaning": "3f2a9c1b7d20",
///                  "because": "..."}]}
///
/// What is accepted is the answer to one question about one meaning of a guideline: with the first change of its logic
/// somebody has to look again.

#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/diagnostic.h"

namespace aceso::driver {

class AcceptedFindings {
public:
  /// Nothing is accepted.
  AcceptedFindings() = default;
  /// Reads the text of a file; what is wrong with it stands in `complaints` (A1018).
  AcceptedFindings(std::string path, std::string text);

  /// All patients of the file at `path` were asked about.
  void note_file(std::string_view path);
  /// Where a finding was made.
  struct Origin {
    std::string_view checked;  ///< path of the file that was checked
    std::string_view shown_in; ///< of the file in which it is shown: a module, or the same
    std::string_view meaning;  ///< hash of the guideline, or of the module in which it is shown: "sha256:..."
  };
  /// Why this finding is accepted; null where it is not. `subject` may be empty. To be asked once for each finding.
  [[nodiscard]] const std::string* because(const Origin& origin, const diagnostics::Diagnostic& finding,
                                           std::string_view subject);
  /// To be asked when all findings have been told: what is wrong with the file, entries that accept nothing any more
  /// (A1019) although their file was checked, and such that accept several findings (A1018).
  [[nodiscard]] std::vector<diagnostics::Diagnostic> complaints() const;
  [[nodiscard]] const source::SourceSet& sources() const { return sources_; }

private:
  struct Entry {
    std::string finding, subject, message, file, meaning, because;
    std::vector<std::string> notes; ///< the messages of all notes; empty: any
    source::Span span;
    std::size_t matches = 0;
    std::string other_meaning; ///< of a finding that would be accepted, were it not for its meaning
    bool is_about_us = false;  ///< a file that it may be about was checked
  };
  source::SourceSet sources_;
  std::vector<Entry> entries_;
  std::vector<diagnostics::Diagnostic> faults_; ///< of the file
};

} // namespace aceso::driver
