/// Stages in which a patient waits for a fact that nothing asks for.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "analyse/analysis.h"

namespace aceso::analyse {

using diagnostics::Kind;
using graph::Transition;
using reference::Evaluation;

namespace {

/// The case with these facts in place of what it says about their inputs.
PatientCase with_answers(PatientCase patient, const std::vector<Fact>& answers) {
  std::erase_if(patient.facts, [&](const Fact& fact) {
    return std::any_of(answers.begin(), answers.end(), [&](const Fact& one) { return one.input == fact.input; });
  });
  patient.facts.insert(patient.facts.end(), answers.begin(), answers.end());
  std::sort(patient.facts.begin(), patient.facts.end(), [](const Fact& a, const Fact& b) { return a.input < b.input; });
  return patient;
}

bool is_unknown(const Evaluation& e, NodeId input) { return !e.node_values[input.index()].is_known(); }

} // namespace

void Analysis::find_unasked_waits() {
  if (!graph_.pathway) return;
  for (std::size_t s = 0; s < graph_.dictionary.stages.size(); ++s)
    if (!stage_excluded_[s] && !graph_.dictionary.stages[s].is_final) check_waits(StageId(s));
}

/// A way that is *unknown* asks for what it lacks. One that asks whether something `is known` is *no* without it.
void Analysis::check_waits(StageId stage) {
  std::vector<const Transition*> own; // an unknown condition of any of them asks
  std::vector<NodeId> conditions;
  for (const Transition& t : graph_.pathway->transitions)
    if (!t.is_interrupt() && t.from == stage) {
      own.push_back(&t);
      conditions.push_back(t.condition);
    }
  std::vector<NodeId> asked; // one node for each input
  for (const NodeId node : asked_if_known(conditions))
    if (std::none_of(asked.begin(), asked.end(),
                     [&](NodeId other) { return graph_[other].reference == graph_[node].reference; }))
      asked.push_back(node);
  if (own.empty() || asked.empty()) return;
  const std::string subject = fmt::format("stage {}", graph_.dictionary[stage].name);
  const graph::Span span = graph_.pathway->stage_spans[stage.index()];

  /// No way into another stage opens while all of these are unknown.
  const auto keep_closed = [&](const std::vector<NodeId>& inputs) {
    std::vector<Lit> opens;
    for (const Transition* t : own)
      if (t->to != stage) opens.push_back(encoding_.truth(t->condition).yes);
    std::vector<Lit> wanted{encoding_.any_of(std::move(opens))};
    for (const NodeId input : inputs)
      wanted.push_back(-encoding_.known(input));
    wanted.insert(wanted.end(), switches().begin(), switches().end());
    return sat_.solve(wanted);
  };
  // Each of them alone, and where none of them is enough, all of them.
  std::vector<std::vector<NodeId>> missing;
  bool is_spent = false;
  const auto try_inputs = [&](const std::vector<NodeId>& inputs) {
    const Answer answer = keep_closed(inputs);
    is_spent |= answer == Answer::gave_up;
    if (answer == Answer::unsatisfiable) missing.push_back(inputs);
  };
  for (const NodeId input : asked)
    try_inputs({input});
  if (missing.empty() && asked.size() > 1) try_inputs(asked);
  bool is_told = false;
  for (const std::vector<NodeId>& inputs : missing) {
    const Verdict verdict = check_wait(stage, own, asked, inputs);
    is_told |= verdict == Verdict::refuted;
    is_spent |= verdict == Verdict::undecided;
  }
  is_budget_spent_ = is_spent;
  note(Kind::unasked_wait, subject, span, is_told ? Verdict::refuted : is_spent ? Verdict::undecided : Verdict::proved);
}

Verdict Analysis::check_wait(StageId stage, const std::vector<const Transition*>& own, const std::vector<NodeId>& asked,
                             const std::vector<NodeId>& inputs) {
  // The patient now, and the same patient with these answers.
  Encoding later(graph_, sat_);
  std::vector<Lit> wanted{encoding_.stage(stage)}, opens;
  for (const NodeId input : asked) {
    const Lit now = encoding_.known(input), then = later.known(input);
    const bool is_missing = std::find(inputs.begin(), inputs.end(), input) != inputs.end();
    wanted.push_back(is_missing ? -now : encoding_.either(now, -then));
  }
  for (const Transition* t : own) {
    wanted.push_back(encoding_.truth(t->condition).no);
    if (t->to != stage) opens.push_back(-later.truth(t->condition).no);
  }
  encoding_.refined_by(later);
  wanted.push_back(later.any_of(std::move(opens)));
  wanted.insert(wanted.end(), switches().begin(), switches().end());
  wanted.insert(wanted.end(), later.constraint_switches().begin(), later.constraint_switches().end());
  std::vector<Lit> settled = wanted; // first one who stays, whatever else leads away
  if (settled_) settled.push_back(*settled_);
  Answer answer = sat_.solve(settled);
  if (answer == Answer::unsatisfiable && settled_) answer = sat_.solve(wanted);
  if (answer == Answer::unsatisfiable) return Verdict::proved;
  if (answer == Answer::gave_up) return Verdict::undecided;

  /// A way is open, or asks for what else it needs.
  const auto opens_at = [&](const Evaluation& e) {
    return std::any_of(own.begin(), own.end(), [&](const Transition* t) {
      return t->to != stage && e.node_values[t->condition.index()].truth() != Truth::no;
    });
  };
  const auto answered = witnesses_.from_model(later, opens_at);
  if (!answered) return Verdict::undecided;
  std::vector<Fact> answers;
  const Evaluation with_all = reference::evaluate(graph_, answered->patient);
  for (const NodeId input : inputs)
    if (const Value& value = with_all.snapshot.values[graph_[input].reference]; value.is_known())
      answers.push_back({InputId(graph_[input].reference), value, {}});
  const auto shows = [&](const Evaluation& e) {
    if (!e.decision.stage || e.decision.stage->stage != stage) return false;
    if (!std::all_of(inputs.begin(), inputs.end(), [&](NodeId input) { return is_unknown(e, input); })) return false;
    for (const Transition* t : own)
      if (e.node_values[t->condition.index()].truth() != Truth::no) return false;
    const Evaluation then = reference::evaluate(graph_, with_answers(case_of(e), answers));
    return then.broken.empty() && opens_at(then);
  };
  auto witness = witnesses_.from_model(encoding_, shows);
  if (!witness) return Verdict::undecided;

  std::vector<std::string> names;
  for (const NodeId input : inputs)
    names.push_back(fmt::format("`{}`", graph_.dictionary[InputId(graph_[input].reference)].name));
  const std::string all = fmt::format("{}", fmt::join(names, ", "));
  auto complaint = this->complaint(Kind::unasked_wait, graph_.pathway->stage_spans[stage.index()],
                                   graph_.dictionary[stage].name, names.size() == 1 ? all : "one of " + all);
  constexpr std::size_t most_ways = 3;
  for (std::size_t i = 0; i < std::min(own.size(), most_ways); ++i)
    complaint.notes.push_back(
        {own[i]->span, fmt::format("this way is closed while {} {} not known: its condition is no, where an unknown "
                                   "one would ask",
                                   all, names.size() == 1 ? "is" : "are")});
  complaint.mend = fmt::format("let a way ask for the fact without `is known`, or say where a patient goes `when {} "
                               "is unknown`",
                               graph_.dictionary[InputId(graph_[inputs.front()].reference)].name);
  find(fmt::format("stage {}", graph_.dictionary[stage].name), std::move(complaint), std::move(witness));
  return Verdict::refuted;
}

} // namespace aceso::analyse
