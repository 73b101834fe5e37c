/// Explanations across the border.
#include "api/handles.h"
#include "explain/explanation.h"

struct aceso_explanation {
  aceso_explanation(const aceso::api::Memory& with, std::shared_ptr<const aceso::api::Loaded> of)
      : memory(with), loaded(std::move(of)), text(with), line(with), json(with) {}

  aceso::api::Memory memory;
  std::shared_ptr<const aceso::api::Loaded> loaded;
  aceso::Explanation content;
  aceso::api::OwnedText text, line, json;
  std::size_t position = 0; ///< of the next line
};

namespace aceso::api {
namespace {

ExplainOptions to_options(const aceso_explain_options* from, const Dictionary& dictionary) {
  ExplainOptions options;
  if (options_of(from) == nullptr) return options;
  if (from->action != ACESO_NONE) {
    (void)row(dictionary.actions, from->action);
    options.action = ActionId(from->action);
  }
  options.why_not = from->why_not != 0;
  constexpr std::uint32_t most = 6;
  if (from->largest_set > most) fail(ACESO_BAD_ARGUMENT, Fault::bad_option, "largest_set is at most 6");
  if (options.why_not && !options.action) fail(ACESO_BAD_ARGUMENT, Fault::bad_option, "why_not needs an action");
  if (from->largest_set != 0) options.largest_set = from->largest_set;
  if (from->most_sets != 0) options.most_sets = from->most_sets;
  if (from->evaluations != 0) options.evaluations = from->evaluations;
  return options;
}

void explain(aceso_evaluator& evaluator, const aceso_explain_options* from, aceso_explanation& result) {
  const Dictionary& dictionary = evaluator.dictionary();
  const ExplainOptions options = to_options(from, dictionary);
  if (!evaluator.explainer) evaluator.explainer = interpret::make_engine(evaluator.loaded->module);
  const PatientCase patient_case = evaluator.patient_case();
  ExplainResult found = aceso::explain(*evaluator.explainer, patient_case, options);
  if (!found.faults.empty()) throw Failure{ACESO_BROKEN_CONSTRAINT, std::move(found.faults)};
  result.content = std::move(found.explanation);
  ExplanationTextOptions how;
  if (from != nullptr && from->width != 0) how.width = from->width;
  result.text.assign(explanation_to_text(dictionary, patient_case, result.content, how));
}

struct Destroy {
  void operator()(aceso_explanation* explanation) const { aceso_explanation_destroy(explanation); }
};

} // namespace
} // namespace aceso::api

using namespace aceso::api;

extern "C" {

aceso_status aceso_explain(aceso_evaluator* evaluator, const aceso_explain_options* options,
                           aceso_explanation** explanation) {
  return guard(evaluator, [&] {
    need(explanation);
    evaluator->need_results();
    if (!evaluator->loaded->module->can_explain) fail(ACESO_NOT_AVAILABLE, Fault::not_available);
    std::unique_ptr<aceso_explanation, Destroy> made(
        evaluator->memory.make<aceso_explanation>(evaluator->memory, evaluator->loaded));
    explain(*evaluator, options, *made);
    *explanation = made.release();
  });
}

void aceso_explanation_destroy(aceso_explanation* explanation) {
  if (explanation == nullptr) return;
  const Memory memory = explanation->memory;
  memory.destroy(explanation);
}

aceso_status aceso_explanation_next(aceso_explanation* explanation, aceso_text* line) {
  return guard([&] {
    need(explanation);
    need(line);
    const std::string_view text = explanation->text.view();
    if (explanation->position >= text.size()) return ACESO_END;
    const std::size_t end = std::min(text.find('\n', explanation->position), text.size());
    *line = explanation->line.assign(text.substr(explanation->position, end - explanation->position));
    explanation->position = end + 1;
    return ACESO_OK;
  });
}

aceso_status aceso_explanation_rewind(aceso_explanation* explanation) {
  if (explanation == nullptr) return ACESO_BAD_ARGUMENT;
  explanation->position = 0;
  return ACESO_OK;
}

aceso_status aceso_explanation_text(aceso_explanation* explanation, aceso_text* text) {
  return guard([&] {
    need(explanation);
    need(text);
    const std::string_view all = explanation->text.view();
    *text = {all.data(), all.size()};
    return ACESO_OK;
  });
}

aceso_status aceso_explanation_json(aceso_explanation* explanation, aceso_text* json) {
  return guard([&] {
    need(explanation);
    need(json);
    const aceso::Dictionary& dictionary = explanation->loaded->module->dictionary;
    *json = explanation->json.assign(explanation_to_json(dictionary, explanation->content));
    return ACESO_OK;
  });
}

} // extern "C"
