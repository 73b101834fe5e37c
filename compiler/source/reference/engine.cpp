#include "reference/engine.h"

#include <algorithm>

#include <fmt/format.h>

#include "reference/pathway.h"
#include "reference/resolve.h"
#include "reference/snapshot.h"
#include "values/sha256.h"

namespace aceso::reference {

using graph::Graph;

namespace {

std::vector<InputId> to_vector(const Evaluator::InputSet& set) { return {set.begin(), set.end()}; }

/// "{name}" stands for the value of that input.
std::string fill_in(const Graph& graph, const Snapshot& snapshot, std::string text) {
  for (std::size_t i = 0; i < graph.dictionary.inputs.size(); ++i) {
    const InputInfo& input = graph.dictionary.inputs[i];
    const std::string mark = "{" + input.name + "}";
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at)) {
      const std::string value = shown_text(graph.dictionary, input.type, snapshot.values[i]);
      text.replace(at, mark.size(), value);
      at += value.size();
    }
  }
  return text;
}

std::vector<MissingInput> gather_missing(const Graph& graph, const Decision& decision, const Snapshot& snapshot) {
  const Dictionary& names = graph.dictionary;
  std::vector<MissingInput> all(names.inputs.size());
  const auto note = [&](const std::vector<InputId>& missing, std::string_view settles) {
    for (const InputId input : missing) {
      auto& list = all[input.index()].settles;
      if (!std::count(list.begin(), list.end(), settles)) list.push_back(settles);
    }
  };
  for (const auto& r : decision.recommendations)
    note(r.missing, names[r.action].name);
  for (const auto& d : decision.differentials)
    note(d.missing, names.differentials[d.differential.index()].name);
  for (const auto& c : decision.cautions)
    note(c.missing, names.cautions[c.caution.index()].name);
  if (decision.stage)
    for (const auto& n : decision.stage->next)
      note(n.missing, names[n.to].name);
  for (std::size_t i = 0; i < all.size(); ++i)
    all[i].input = InputId(i), all[i].is_known_now = snapshot.values[i].is_known();
  std::erase_if(all, [](const MissingInput& m) { return m.settles.empty(); });
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.settles.size() > b.settles.size(); });
  return all;
}

/// The same for every engine: docs/decisions/0010. A word stands there by its first letter.
std::string trace_of(const Graph& graph, const Decision& decision) {
  const Dictionary& names = graph.dictionary;
  std::string text =
      fmt::format("aceso trace 2\n{}\n{} {}\n", names.guideline.hash, to_text(decision.at), to_text(decision.applies));
  const auto add_letter = [&](std::string_view word) { text += word.front(); };
  text += "rules ";
  for (const RuleState& rule : decision.rules) {
    add_letter(to_text(rule.fires));
    add_letter(to_text(rule.effective));
  }
  text += "\nactions ";
  for (const auto& r : decision.recommendations) {
    add_letter(r.verb ? to_text(*r.verb) : "-");
    add_letter(to_text(r.status));
  }
  text += "\ncautions ";
  std::string cautions(names.cautions.size(), 'n');
  for (const auto& c : decision.cautions)
    cautions[c.caution.index()] = to_text(c.fires).front();
  text += cautions + "\n";
  for (const auto& v : decision.values)
    text += fmt::format("= {}\n", to_text(names, names.definitions[v.definition.index()].type, v.value));
  for (const auto& d : decision.differentials) {
    text += fmt::format("? {}", to_text(d.status));
    for (const auto& c : d.candidates)
      text += fmt::format(" {}..{}", c.lowest.to_text(), c.highest.to_text());
    text += '\n';
  }
  if (decision.stage)
    for (const auto& visit : decision.stage->path)
      text += fmt::format("> {} {}\n", names[visit.stage].name, to_text(visit.entered_at));
  return text;
}

std::vector<ViolatedProperty> violated_properties(const Graph& graph, Evaluator& evaluator, const Decision& decision) {
  using Kind = graph::PropertyStatement::Kind;
  std::vector<ViolatedProperty> violated;
  for (std::uint32_t p = 0; p < graph.properties.size(); ++p) {
    const auto& statements = graph.properties[p].statements;
    for (std::uint32_t s = 0; s < statements.size(); ++s) {
      const auto& statement = statements[s];
      bool holds = true;
      if (statement.kind == Kind::stage_only_after) {
        bool seen = false;
        for (const StageVisit& visit : decision.stage ? decision.stage->path : std::vector<StageVisit>{}) {
          seen |= visit.stage == statement.after;
          holds &= seen || visit.stage != statement.stage;
        }
      } else if (decision.applies == Truth::yes) {
        const Truth condition = evaluator.truth(statement.condition), outcome = evaluator.truth(statement.outcome);
        const bool strict = statement.even_when_missing;
        if (statement.kind == Kind::whenever_then)
          holds = condition != Truth::yes || outcome == Truth::yes || (outcome == Truth::unknown && !strict);
        else // never: strict also forbids what is advised before the condition is known not to hold
          holds = outcome != Truth::yes || condition == Truth::no || (condition == Truth::unknown && !strict);
      }
      if (!holds) violated.push_back({p, s});
    }
  }
  return violated;
}

} // namespace

std::vector<BrokenConstraint> broken_constraints(const Graph& graph, const PatientCase& patient_case) {
  std::vector<BrokenConstraint> broken;
  if (graph.constraints.empty()) return broken;
  std::vector<bool> seen(graph.constraints.size());
  for (const Instant at : instants_of_change(graph, patient_case)) {
    const Snapshot snapshot = snapshot_at(graph, patient_case, at);
    Evaluator evaluator(graph, snapshot);
    for (std::size_t i = 0; i < graph.constraints.size(); ++i) {
      if (seen[i] || evaluator.truth(graph.constraints[i].require) != Truth::no) continue;
      seen[i] = true;
      broken.push_back({ConstraintId(i), snapshot.zone.at(snapshot.at),
                        fill_in(graph, snapshot, graph.dictionary.constraints[i].message)});
    }
  }
  return broken;
}

namespace {

/// `is_whole`: with what is missing, and the trace.
Evaluation evaluate(const Graph& graph, const PatientCase& patient_case, bool is_whole) {
  Evaluation result;
  result.snapshot = snapshot_at(graph, patient_case, patient_case.now.instant);
  result.broken = broken_constraints(graph, patient_case);
  if (!result.broken.empty()) return result;

  Decision& decision = result.decision;
  Evaluator evaluator(graph, result.snapshot);
  decision.at = patient_case.now;
  decision.zone = patient_case.zone();
  decision.stage = follow_pathway(graph, patient_case);
  if (decision.stage) evaluator.set_stage(decision.stage->stage);
  decision.applies = evaluator.truth(graph.applies);

  for (std::size_t i = 0; i < graph.definitions.size(); ++i) {
    Evaluator::InputSet missing;
    if (is_whole) evaluator.add_missing(graph.definitions[i].node, missing);
    decision.values.push_back({DefinitionId(i), evaluator.value(graph.definitions[i].node), to_vector(missing)});
  }
  for (std::size_t i = 0; i < graph.differentials.size(); ++i)
    decision.differentials.push_back(evaluator.differential(DifferentialId(i)));
  decision.rules = rule_states(graph, evaluator, decision.applies);
  decision.recommendations = resolve(graph, evaluator, decision.rules, is_whole);
  for (std::size_t i = 0; i < graph.cautions.size(); ++i) {
    CautionResult caution{CautionId(i), decision.applies & evaluator.truth(graph.cautions[i].condition), {}};
    if (caution.fires == Truth::no) continue;
    if (caution.fires == Truth::unknown && is_whole) {
      Evaluator::InputSet missing;
      evaluator.add_missing(graph.applies, missing);
      evaluator.add_missing(graph.cautions[i].condition, missing);
      caution.missing = to_vector(missing);
    }
    decision.cautions.push_back(std::move(caution));
  }
  for (std::size_t i = 0; i < graph.dictionary.inputs.size(); ++i)
    if (result.snapshot.assumed[i]) decision.assumed.push_back({InputId(i), result.snapshot.values[i]});
  if (is_whole) {
    decision.missing = gather_missing(graph, decision, result.snapshot);
    decision.trace = "sha256:" + sha256(trace_of(graph, decision));
  }

  evaluator.set_decision(&decision);
  result.violated = violated_properties(graph, evaluator, decision);
  result.node_values = evaluator.take_values();
  return result;
}

} // namespace

Evaluation evaluate(const Graph& graph, const PatientCase& patient_case) { return evaluate(graph, patient_case, true); }

Evaluation evaluate_outcome(const Graph& graph, const PatientCase& patient_case) {
  return evaluate(graph, patient_case, false);
}

std::vector<InputId> missing_inputs(const Graph& graph, const Evaluation& evaluation, NodeId node) {
  Evaluator evaluator(graph, evaluation.snapshot);
  if (evaluation.decision.stage) evaluator.set_stage(evaluation.decision.stage->stage);
  evaluator.set_decision(&evaluation.decision);
  Evaluator::InputSet missing;
  evaluator.add_missing(node, missing);
  return to_vector(missing);
}

std::vector<CaseFault> to_faults(const Graph& graph, const PatientCase& patient_case,
                                 const std::vector<BrokenConstraint>& broken) {
  std::vector<CaseFault> faults;
  for (const BrokenConstraint& b : broken) {
    const ConstraintInfo& info = graph.dictionary.constraints[b.constraint.index()];
    const Fact* broken_by = nullptr;
    const auto look = [&](Instant at, const Fact& fact) {
      if (at <= b.at.instant && std::count(info.inputs.begin(), info.inputs.end(), fact.input)) broken_by = &fact;
    };
    for (const Event& event : patient_case.events)
      for (const Fact& fact : event.facts)
        look(event.at.instant, fact);
    for (const Fact& fact : patient_case.facts)
      look(patient_case.now.instant, fact);
    faults.push_back({"A0790", broken_by == nullptr ? "$" : path_of(graph.dictionary, *broken_by),
                      fmt::format("{} ({})", b.message, info.name)});
  }
  return faults;
}

namespace {

class ReferenceEngine final : public Engine {
public:
  explicit ReferenceEngine(const Graph& graph) : graph_(graph) {}
  [[nodiscard]] const Dictionary& dictionary() const override { return graph_.dictionary; }
  [[nodiscard]] EngineAnswer evaluate(const PatientCase& patient_case) override {
    Evaluation evaluation = reference::evaluate(graph_, patient_case);
    return {to_faults(graph_, patient_case, evaluation.broken), std::move(evaluation.decision)};
  }

private:
  const Graph& graph_;
};

} // namespace

std::unique_ptr<Engine> make_engine(const Graph& graph) { return std::make_unique<ReferenceEngine>(graph); }

} // namespace aceso::reference
