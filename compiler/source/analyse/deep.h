#pragma once
/// The deep checks: each question about all patients is answered with "proved", with a patient, or with "undecided".
/// The same guideline and the same budget in steps give the same report, byte for byte.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "analyse/excerpts.h"
#include "analyse/witness.h"
#include "diagnostics/diagnostic.h"

namespace aceso::analyse {

enum class Verdict : std::uint8_t { proved, refuted, undecided };
[[nodiscard]] std::string_view to_text(Verdict verdict);

/// One question that was asked: "unreachable: rule urgent_mri".
struct Question {
  diagnostics::Kind check;
  std::string subject;
  Verdict verdict = Verdict::undecided;
  graph::Span span;             ///< of what was asked about
  bool is_budget_spent = false; ///< undecided, and more steps might decide it
};

struct Finding {
  diagnostics::Diagnostic diagnostic;
  std::optional<Witness> witness; ///< absent where the finding is that no patient exists, or is about the text
  std::string subject;            ///< "rule urgent_mri": stable across changes of the text elsewhere
};

struct DeepOptions {
  Budget budget;
  ExcerptLimits excerpts;
  /// Only these properties and nothing else; empty: everything.
  std::vector<std::string> only_properties;
  /// Further engines (beside the reference engine) that have to give the same decision for every patient shown. They
  /// must run this guideline and outlive the call.
  std::vector<Engine*> engines;
  /// Makes one more such engine when the first patient is shown; it may give nothing.
  std::function<std::unique_ptr<Engine>()> make_engine;
  /// Where to write a certificate for each question, "folder/stem"; empty: nowhere. Then every question is asked of the
  /// solver. Files: stem-1.cnf, stem-1.drat, ... and stem-index.tsv, which says what each is about.
  std::string certificates;
};

/// "A handbook, Fever"; of an interpretation its name, "interpretation `contrast_question`", for its text is long.
[[nodiscard]] std::string to_words(const Citation& citation);

struct DeepReport {
  std::vector<Finding> findings;   ///< in the order of the text; what stayed undecided is among them (A1015)
  std::vector<Question> questions; ///< in the order in which they were asked
  std::uint64_t solver_questions = 0, patients_tried = 0;
  std::string not_certified; ///< the first file that could not be written
  [[nodiscard]] std::size_t count(Verdict verdict) const;
};

/// `graph` has to be sound (graph::verify).
[[nodiscard]] DeepReport deep_check(const graph::Graph& graph, const DeepOptions& options = {});

} // namespace aceso::analyse
