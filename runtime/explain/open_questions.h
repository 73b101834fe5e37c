#pragma once
/// The questions of a decision, numbered once, so that what depends on them can name them shortly.
/// Internal to runtime/explain.

#include <map>
#include <string>
#include <vector>

#include "module/decision.h"
#include "module/phrases.h"

namespace aceso {

class OpenQuestions {
public:
  /// Those of `decision.missing` first, in its order, then any that only a part of the decision names.
  explicit OpenQuestions(const Decision& decision, Language language = Language::english);
  /// "question 3", "questions 1-4, 7" in the language; empty for none.
  [[nodiscard]] std::string refer_to(const std::vector<InputId>& inputs) const;
  [[nodiscard]] const std::vector<InputId>& all() const { return inputs_; }

private:
  void add(const std::vector<InputId>& inputs);

  std::vector<InputId> inputs_;
  std::map<InputId, std::size_t> numbers_; ///< from 1
  Language language_;
};

} // namespace aceso
