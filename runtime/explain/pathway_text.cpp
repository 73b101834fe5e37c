#include "explain/pathway_text.h"

#include "module/phrases.h"

namespace aceso {
namespace {

std::string title_of(const StageInfo& stage) { return stage.title.empty() ? stage.name : stage.title; }

void write_next(TextPage& page, const Dictionary& dictionary, const NextStage& next, const OpenQuestions& questions,
                ZonedInstant now) {
  const Language language = spoken_language(dictionary);
  page.paragraph(4, title_of(dictionary[next.to]), TextStyle::bold, "> ");
  if (!next.when.empty()) page.paragraph(8, say(language, Phrase::when_condition, next.when));
  const bool waits = next.not_before && next.not_before->instant > now.instant;
  if (waits) page.paragraph(8, say(language, Phrase::not_before, to_text(*next.not_before)));
  if (next.due && next.overdue) {
    page.paragraph(8, say(language, Phrase::overdue, to_text(*next.due)), TextStyle::alarm);
  } else if (next.due && next.due != next.not_before) {
    page.paragraph(8, say(language, Phrase::due, to_text(*next.due)));
  }
  const std::string open = questions.refer_to(next.missing);
  if (!open.empty()) {
    page.paragraph(8, say(language, Phrase::depends_on, open), TextStyle::doubt);
  } else if (next.condition == Truth::no) {
    page.paragraph(8, phrase(language, Phrase::does_not_hold), TextStyle::faint);
  }
}

} // namespace

void write_pathway(TextPage& page, const Dictionary& dictionary, const Decision& decision,
                   const OpenQuestions& questions) {
  if (!decision.stage) return;
  const StageResult& result = *decision.stage;
  const StageInfo& stage = dictionary[result.stage];
  const Language language = spoken_language(dictionary);
  page.heading(dictionary.pathway.empty()
                   ? std::string(phrase(language, Phrase::pathway))
                   : say(language, Phrase::named_pathway,
                         dictionary.pathway_title.empty() ? dictionary.pathway : dictionary.pathway_title));
  page.paragraph(2,
                 say(language, Phrase::present_stage, title_of(stage), to_text(result.entered_at)) +
                     std::string(stage.is_final ? phrase(language, Phrase::pathway_ends) : std::string_view()),
                 TextStyle::bold);
  if (result.path.size() > 1) {
    page.paragraph(2, phrase(language, Phrase::so_far));
    for (const StageVisit& visit : result.path) {
      page.paragraph(4, title_of(dictionary[visit.stage]), TextStyle::plain, to_text(visit.entered_at) + "  ");
    }
  }
  if (!result.conflict.empty()) {
    std::string stages;
    for (StageId id : result.conflict)
      stages += (stages.empty() ? "" : "; ") + title_of(dictionary[id]);
    page.paragraph(2, say(language, Phrase::several_ways, stages), TextStyle::alarm);
  }
  if (!result.next.empty()) page.paragraph(2, phrase(language, Phrase::next_stages));
  for (const NextStage& next : result.next)
    write_next(page, dictionary, next, questions, decision.at);
}

} // namespace aceso
