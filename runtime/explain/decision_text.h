#pragma once
/// Decisions for machines (JSON, docs/schemas/decision.schema.json) and for people.

#include <string>

#include "module/decision.h"

namespace aceso {

struct DecisionJsonOptions {
  bool compact = false; ///< one line instead of two-space indentation
};
/// Keys and arrays in the fixed order of docs/schemas/decision.schema.json: equal decisions give equal bytes.
[[nodiscard]] std::string decision_to_json(const Dictionary& dictionary, const Decision& decision,
                                           const DecisionJsonOptions& options = {});

struct DecisionTextOptions {
  bool color = false;
  unsigned width = 100; ///< columns
  bool verbose = false; ///< also what is not advised, and all derived values
};
/// For a reader at a terminal: what is advised and why, what is in conflict, what is missing, cautions, stage.
[[nodiscard]] std::string decision_to_text(const Dictionary& dictionary, const Decision& decision,
                                           const DecisionTextOptions& options = {});

} // namespace aceso
