#pragma once
/// Decisions for machines (JSON, docs/schemas/decision.schema.json) and for people.

#include <memory>
#include <string>
#include <string_view>

#include "module/decision.h"

namespace aceso {

struct DecisionJsonOptions {
  bool compact = false; ///< one line instead of two-space indentation
};
/// Keys and arrays in the fixed order of docs/schemas/decision.schema.json: equal decisions give equal bytes.
[[nodiscard]] std::string decision_to_json(const Dictionary& dictionary, const Decision& decision,
                                           const DecisionJsonOptions& options = {});

/// Writes many decisions of one guideline. What they may have in common, such as texts and citations, is written when
/// it is first needed and then copied. The dictionary must outlive it. Not thread-safe: one for each thread.
class DecisionJson {
public:
  explicit DecisionJson(const Dictionary& dictionary, const DecisionJsonOptions& options = {});
  ~DecisionJson();
  DecisionJson(const DecisionJson&) = delete;
  DecisionJson& operator=(const DecisionJson&) = delete;
  /// The bytes of `decision_to_json`; valid until the next call.
  [[nodiscard]] std::string_view write(const Decision& decision);

private:
  class Writer;
  std::unique_ptr<Writer> writer_;
};

struct DecisionTextOptions {
  bool color = false;
  unsigned width = 100; ///< columns
  bool verbose = false; ///< also what is not advised, and all derived values
};
/// For a reader at a terminal: what is advised and why, what is in conflict, what is missing, cautions, stage.
[[nodiscard]] std::string decision_to_text(const Dictionary& dictionary, const Decision& decision,
                                           const DecisionTextOptions& options = {});

} // namespace aceso
