/// The pathway and the properties.
#include <algorithm>

#include <fmt/format.h>

#include "check/checker.h"

namespace aceso::check {

void Checker::lower_pathway() {
  const ast::PathwayDecl* pathway = nullptr;
  for_each_main<ast::PathwayDecl>([&](const ast::PathwayDecl& d) {
    if (pathway) {
      Diagnostic& complaint = sink_.report(Kind::second_pathway, d.name.span);
      complaint.notes.push_back({pathway->name.span, "the first is here"});
      complaint.mend = fmt::format("write the stages of both into `{}`, or make this one a guideline of its own",
                                   pathway->name.text);
    } else {
      pathway = &d;
    }
  });
  if (!pathway) return;
  graph_.dictionary.pathway = pathway->name.text;
  graph_.dictionary.pathway_title = pathway->title.text;
  (void)citations(pathway->cites);
  graph::Pathway out;
  for (const ast::StageDecl& stage : pathway->stages) {
    (void)citations(stage.cites);
    stage_ids_.emplace(stage.name.text, StageId(graph_.dictionary.stages.size()));
    graph_.dictionary.stages.push_back({stage.name.text, stage.title.text, stage.is_final});
    out.stage_spans.push_back(stage.span);
    if (stage.is_final && !stage.transitions.empty())
      sink_.report(Kind::final_stage_has_way_out, stage.transitions.front().span, stage.name.text).mend =
          "remove the word `final`, or the transition";
  }
  graph_.pathway = std::move(out);
  if (find(stages_, pathway->start, "a stage")) graph_.pathway->start = stage_ids_.at(pathway->start.text);
  for (const ast::Interrupt& interrupt : pathway->interrupts)
    lower_transition(interrupt.transition, {}, interrupt.except);
  for (const ast::StageDecl& stage : pathway->stages)
    for (const ast::Transition& transition : stage.transitions)
      lower_transition(transition, stage_ids_.at(stage.name.text), {});
}

void Checker::lower_transition(const ast::Transition& t, StageId from, const std::vector<ast::Name>& except) {
  graph::Transition out;
  out.from = from;
  out.span = t.span;
  (void)citations(t.cites);
  for (const ast::Name& name : except)
    if (find(stages_, name, "a stage")) out.except.push_back(stage_ids_.at(name.text));
  if (find(stages_, t.target, "a stage")) out.to = stage_ids_.at(t.target.text);
  if (t.after) out.after = period(*t.after);
  if (t.within) out.within = period(*t.within);
  if (t.repeat) {
    const auto limit = Rational::from_decimal(t.at_most.text);
    if (limit && limit->is_integer() && limit->numerator() > 0 && limit->numerator() < 1'000'000)
      out.at_most = static_cast<std::uint32_t>(limit->numerator());
    else
      sink_.report(Kind::bad_range, t.at_most.span, fmt::format("`{}` is not a number of times", t.at_most.text)).mend =
          "write a whole number from 1";
  }
  if (t.when) {
    out.condition = lower_condition(*t.when);
    out.condition_text = text_of(t.when->span);
    if (depends_on(out.condition, {Op::in_stage}))
      sink_.report(Kind::stage_not_allowed, t.when->span).mend =
          "a transition already stands in its stage; ask for facts only";
  }
  graph_.pathway->transitions.push_back(std::move(out));
}

void Checker::lower_properties() {
  for_each_main<ast::PropertyDecl>([&](const ast::PropertyDecl& d) {
    graph::Property out;
    out.name = d.name.text;
    out.span = d.span;
    out.citations = citations(d.cites);
    for (const auto& s : d.statements) {
      graph::PropertyStatement statement;
      statement.even_when_missing = s.even_when_missing;
      statement.span = s.span;
      statement.text = text_of(s.span);
      using K = graph::PropertyStatement::Kind;
      statement.kind = static_cast<K>(s.kind); // same order
      if (statement.kind == K::stage_only_after) {
        if (!find(stages_, s.stage, "a stage") || !find(stages_, s.after, "a stage")) continue;
        statement.stage = stage_ids_.at(s.stage.text);
        statement.after = stage_ids_.at(s.after.text);
      } else {
        allow_outcomes_ = true;
        statement.condition = lower_condition(*s.condition);
        statement.outcome = lower_condition(*s.outcome);
        allow_outcomes_ = false;
      }
      out.statements.push_back(std::move(statement));
    }
    graph_.properties.push_back(std::move(out));
  });
}

} // namespace aceso::check
