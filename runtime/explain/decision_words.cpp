#include "explain/decision_words.h"

#include <algorithm>

namespace aceso {
namespace {

void add_once(std::vector<std::string_view>& all, std::string_view item) {
  if (std::find(all.begin(), all.end(), item) == all.end()) all.push_back(item);
}

} // namespace

std::string urgency_text(Urgency urgency, const std::optional<Period>& within) {
  std::string text(to_text(urgency));
  if (within) text += (text.empty() ? "within " : " within ") + to_text(*within);
  return text;
}

std::vector<std::string_view> reasons_of(const Dictionary& dictionary, const std::vector<RuleId>& rules) {
  std::vector<std::string_view> reasons;
  for (RuleId rule : rules) {
    if (!dictionary[rule].because.empty()) add_once(reasons, dictionary[rule].because);
    for (const OverrideInfo& override : dictionary[rule].overrides) {
      const bool concerns = std::find(rules.begin(), rules.end(), override.rule) != rules.end();
      if (concerns && !override.because.empty()) add_once(reasons, override.because);
    }
  }
  return reasons;
}

std::vector<const Citation*> citations_of(const Dictionary& dictionary, const std::vector<RuleId>& rules) {
  std::vector<const Citation*> citations;
  for (RuleId rule : rules) {
    for (const Citation& citation : dictionary[rule].citations) {
      const auto is_same = [&](const Citation* other) { return *other == citation; };
      if (std::none_of(citations.begin(), citations.end(), is_same)) citations.push_back(&citation);
    }
  }
  return citations;
}

std::string short_form(const Citation& citation) {
  std::string text = citation.source;
  if (!citation.section.empty()) text += ", " + citation.section;
  if (citation.references.empty()) return text;
  text += " [";
  for (std::size_t i = 0; i < citation.references.size(); ++i) {
    if (i > 0) text += ", ";
    text += citation.references[i];
  }
  return text + "]";
}

} // namespace aceso
