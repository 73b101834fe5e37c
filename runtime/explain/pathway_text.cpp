#include "explain/pathway_text.h"

namespace aceso {
namespace {

std::string title_of(const StageInfo& stage) { return stage.title.empty() ? stage.name : stage.title; }

void write_next(TextPage& page, const Dictionary& dictionary, const NextStage& next, const OpenQuestions& questions,
                ZonedInstant now) {
  page.paragraph(4, title_of(dictionary[next.to]), TextStyle::bold, "> ");
  if (!next.when.empty()) page.paragraph(8, "when " + next.when);
  const bool waits = next.not_before && next.not_before->instant > now.instant;
  if (waits) page.paragraph(8, "not before " + to_text(*next.not_before));
  if (next.due && next.overdue) {
    page.paragraph(8, "OVERDUE since " + to_text(*next.due), TextStyle::alarm);
  } else if (next.due && next.due != next.not_before) {
    page.paragraph(8, "due by " + to_text(*next.due));
  }
  const std::string open = questions.refer_to(next.missing);
  if (!open.empty()) {
    page.paragraph(8, "depends on " + open, TextStyle::doubt);
  } else if (next.condition == Truth::no) {
    page.paragraph(8, "does not hold now", TextStyle::faint);
  }
}

} // namespace

void write_pathway(TextPage& page, const Dictionary& dictionary, const Decision& decision,
                   const OpenQuestions& questions) {
  if (!decision.stage) return;
  const StageResult& result = *decision.stage;
  const StageInfo& stage = dictionary[result.stage];
  page.heading(dictionary.pathway.empty() ? std::string("Pathway") : "Pathway " + dictionary.pathway);
  page.paragraph(2,
                 "now: " + title_of(stage) + ", since " + to_text(result.entered_at) +
                     (stage.is_final ? " (the pathway ends here)" : ""),
                 TextStyle::bold);
  if (result.path.size() > 1) {
    page.paragraph(2, "so far:");
    for (const StageVisit& visit : result.path) {
      page.paragraph(4, title_of(dictionary[visit.stage]), TextStyle::plain, to_text(visit.entered_at) + "  ");
    }
  }
  if (!result.conflict.empty()) {
    std::string stages;
    for (StageId id : result.conflict)
      stages += (stages.empty() ? "" : "; ") + title_of(dictionary[id]);
    page.paragraph(2, "CONFLICT: several ways out hold at once, and none was taken: " + stages, TextStyle::alarm);
  }
  if (!result.next.empty()) page.paragraph(2, "next:");
  for (const NextStage& next : result.next)
    write_next(page, dictionary, next, questions, decision.at);
}

} // namespace aceso
