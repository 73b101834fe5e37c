#include "explain/open_questions.h"

#include "values/stable_order.h"

#include <algorithm>

namespace aceso {

OpenQuestions::OpenQuestions(const Decision& decision, Language language) : language_(language) {
  for (const MissingInput& missing : decision.missing)
    add({missing.input});
  for (const Recommendation& recommendation : decision.recommendations)
    add(recommendation.missing);
  for (const CautionResult& caution : decision.cautions)
    add(caution.missing);
  for (const DifferentialResult& differential : decision.differentials)
    add(differential.missing);
  if (!decision.stage) return;
  for (const NextStage& next : decision.stage->next)
    add(next.missing);
}

void OpenQuestions::add(const std::vector<InputId>& inputs) {
  for (InputId input : inputs) {
    if (numbers_.emplace(input, inputs_.size() + 1).second) inputs_.push_back(input);
  }
}

std::string OpenQuestions::refer_to(const std::vector<InputId>& inputs) const {
  std::vector<std::size_t> numbers;
  for (InputId input : inputs) {
    const auto found = numbers_.find(input);
    if (found != numbers_.end()) numbers.push_back(found->second);
  }
  sort_stably(numbers, [](std::size_t a, std::size_t b) { return a < b; });
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  if (numbers.empty()) return {};
  std::string text;
  for (std::size_t i = 0; i < numbers.size();) {
    std::size_t end = i + 1;
    while (end < numbers.size() && numbers[end] == numbers[end - 1] + 1)
      ++end;
    if (i > 0) text += ", ";
    text += std::to_string(numbers[i]);
    if (end - i > 1) text += (end - i > 2 ? "-" : ", ") + std::to_string(numbers[end - 1]);
    i = end;
  }
  return say(language_, numbers.size() == 1 ? Phrase::question : Phrase::questions, text);
}

} // namespace aceso
