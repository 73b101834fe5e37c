#include "explain/decision_text.h"

#include <algorithm>

#include "explain/advice_text.h"
#include "explain/pathway_text.h"
#include "module/phrases.h"

namespace aceso {
namespace {

void write_title(TextPage& page, const Dictionary& dictionary, const Decision& decision) {
  const GuidelineInfo& guideline = dictionary.guideline;
  const Language language = spoken_language(dictionary);
  page.heading(guideline.title.empty() ? guideline.id : guideline.title);
  std::string version = guideline.version;
  if (!guideline.status.empty()) version += " (" + guideline.status + ")";
  page.paragraph(0, say(language, Phrase::answered_for, guideline.id, version, to_text(decision.at)), TextStyle::faint);
  if (decision.applies == Truth::yes) return;
  page.empty_line();
  if (decision.applies == Truth::no) {
    page.paragraph(0, phrase(language, Phrase::does_not_apply), TextStyle::alarm);
  } else {
    page.paragraph(0, phrase(language, Phrase::unknown_whether_applies), TextStyle::doubt);
  }
}

/// Rules that hold and advise nothing, because their tables have no row for this patient: nobody meant that.
void write_gaps(TextPage& page, const Dictionary& dictionary, const Decision& decision) {
  for (std::size_t r = 0; r < decision.rules.size(); ++r) {
    const auto& advice = dictionary.rules[r].advice;
    const auto is_chosen = [&](ActionId action) {
      return std::any_of(advice.begin(), advice.end(),
                         [&](const RuleAdvice& a) { return a.chosen_by_table && a.action == action; });
    };
    const auto speaks = [&](const Recommendation& each) {
      return is_chosen(each.action) && std::find(each.rules.begin(), each.rules.end(), RuleId(r)) != each.rules.end();
    };
    const bool has_table =
        std::any_of(advice.begin(), advice.end(), [](const RuleAdvice& a) { return a.chosen_by_table; });
    if (!has_table || decision.rules[r].effective != Truth::yes) continue;
    if (std::any_of(decision.recommendations.begin(), decision.recommendations.end(), speaks)) continue;
    page.empty_line();
    page.paragraph(0, say(spoken_language(dictionary), Phrase::no_row, dictionary.rules[r].name), TextStyle::doubt);
  }
}

void write_questions(TextPage& page, const Dictionary& dictionary, const Decision& decision,
                     const OpenQuestions& questions) {
  if (questions.all().empty()) return;
  page.heading(phrase(spoken_language(dictionary), Phrase::open_questions), TextStyle::doubt);
  const std::size_t widest = std::to_string(questions.all().size()).size();
  for (std::size_t i = 0; i < questions.all().size(); ++i) {
    const InputInfo& input = dictionary[questions.all()[i]];
    const std::string number = std::to_string(i + 1);
    const std::string mark = std::string(widest - number.size(), ' ') + number + "  ";
    std::string text = input.question + " (" + input.name + ")";
    if (i < decision.missing.size() && decision.missing[i].is_known_now)
      text += phrase(spoken_language(dictionary), Phrase::earlier_value);
    page.paragraph(2, text, TextStyle::plain, mark);
  }
}

void write_assumed(TextPage& page, const Dictionary& dictionary, const Decision& decision) {
  if (decision.assumed.empty()) return;
  const Language language = spoken_language(dictionary);
  page.heading(phrase(language, Phrase::assumed));
  for (const AssumedInput& assumed : decision.assumed) {
    const InputInfo& input = dictionary[assumed.input];
    std::string text = input.name + ": " + shown_text(dictionary, input.type, assumed.value);
    if (!input.assumed_because.empty()) text += say(language, Phrase::assumed_because, input.assumed_because);
    page.paragraph(2, text, TextStyle::plain, "* ");
  }
}

void write_values(TextPage& page, const Dictionary& dictionary, const Decision& decision) {
  if (decision.values.empty()) return;
  page.heading(phrase(spoken_language(dictionary), Phrase::derived_values));
  for (const DefinitionValue& result : decision.values) {
    const DefinitionInfo& definition = dictionary.definitions[result.definition.index()];
    std::string text = definition.name + " = " + shown_text(dictionary, definition.type, result.value);
    if (!definition.title.empty()) text += " (" + definition.title + ")";
    page.paragraph(2, text);
  }
}

} // namespace

std::string decision_to_text(const Dictionary& dictionary, const Decision& decision,
                             const DecisionTextOptions& options) {
  TextPage page(options.width, options.color);
  const Language language = spoken_language(dictionary);
  const OpenQuestions questions(decision, language);
  write_title(page, dictionary, decision);
  write_advice(page, dictionary, decision, questions, options.verbose);
  write_gaps(page, dictionary, decision);
  write_cautions(page, dictionary, decision, questions);
  write_differentials(page, dictionary, decision, questions);
  write_pathway(page, dictionary, decision, questions);
  write_questions(page, dictionary, decision, questions);
  write_assumed(page, dictionary, decision);
  if (options.verbose) {
    write_values(page, dictionary, decision);
    page.empty_line();
    page.paragraph(0, say(language, Phrase::guideline_hash, dictionary.guideline.hash), TextStyle::faint);
    page.paragraph(0, say(language, Phrase::trace, decision.trace), TextStyle::faint);
  }
  return page.take();
}

} // namespace aceso
