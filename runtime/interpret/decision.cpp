/// The decision as every engine gives it, from the results of an evaluation.
#include <algorithm>

#include "interpret/evaluator_state.h"
#include "values/sha256.h"

namespace aceso::interpret {

using namespace std::string_view_literals;

namespace {

Rational score(const DifferentialWeights& weights, std::int64_t value) {
  // Whole weights fit 62 bits and so does their sum (verified), hence the fraction fits as well.
  return Rational::make(static_cast<Int128>(value) * weights.unit.numerator(), weights.unit.denominator()).value_or(0);
}

} // namespace

DifferentialResult Evaluator::State::differential_result(DifferentialId id) {
  const ModuleDifferential& differential = module.differentials[id.index()];
  const auto& candidates = names.differentials[id.index()].candidates;
  const DifferentialState& state = machine.differential(id);
  const auto standing = machine.candidates(id);
  DifferentialResult result;
  result.differential = id;
  result.status = state.status;
  if (state.decided) result.decided = candidates[*state.decided];
  for (std::size_t i = 0; i < candidates.size(); ++i)
    result.candidates.push_back({candidates[i],
                                 score(plan.weights[id.index()], standing[i].lowest),
                                 score(plan.weights[id.index()], standing[i].highest),
                                 standing[i].confirmed == Truth::yes,
                                 standing[i].excluded == Truth::yes,
                                 {},
                                 {}});
  const auto& texts = names.differentials[id.index()].arguments; // may have been left out of the module
  for (std::size_t i = 0; i < differential.arguments.size(); ++i) {
    const ModuleArgument& argument = differential.arguments[i];
    if (machine.truth(argument.condition) != bytecode::yes) continue;
    CandidateResult& candidate = result.candidates[argument.candidate];
    (argument.is_for ? candidate.arguments_for : candidate.arguments_against)
        .push_back(i < texts.size() ? texts[i] : std::string{});
  }
  if (state.status == DifferentialStatus::undetermined) {
    machine.begin_missing();
    for (const ModuleArgument& argument : differential.arguments)
      machine.add_missing_truth(argument.condition);
    for (const ModuleVerdict& verdict : differential.verdicts)
      machine.add_missing_truth(verdict.condition);
    result.missing = machine.missing();
  }
  return result;
}

StageResult Evaluator::State::stage_result() const {
  const auto zoned = [&](Instant at) { return now.zone.at(at); };
  StageResult result;
  result.stage = path.back().first;
  result.entered_at = zoned(path.back().second);
  for (const auto& [stage, at] : path)
    result.path.push_back({stage, zoned(at)});
  for (const NextWay& way : next) {
    const ModuleTransition& transition = module.pathway->transitions[way.transition];
    NextStage each;
    each.to = transition.to;
    each.when = transition.condition_text;
    each.condition = way.condition;
    if (transition.after) each.not_before = zoned(after(*transition.after));
    if (transition.within) each.due = zoned(after(*transition.within));
    each.overdue = each.due && each.due->instant < now.instant;
    if (!each.due) each.due = each.not_before;
    each.missing.assign(next_missing.begin() + way.missing_begin, next_missing.begin() + way.missing_end);
    result.next.push_back(std::move(each));
  }
  result.conflict = conflict;
  return result;
}

std::vector<MissingInput> Evaluator::State::gather_missing(const Decision& decision) const {
  constexpr std::size_t usual = 8; // an input settles so many things
  std::vector<MissingInput> all(names.inputs.size());
  const auto note = [&](const std::vector<InputId>& missing, const std::string& settles) {
    for (const InputId input : missing) {
      auto& list = all[input.index()].settles;
      if (list.empty()) list.reserve(usual);
      if (std::find(list.begin(), list.end(), settles) == list.end()) list.push_back(settles);
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
    all[i].input = InputId(i);
  std::erase_if(all, [](const MissingInput& m) { return m.settles.empty(); });
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.settles.size() > b.settles.size(); });
  return all;
}

/// One line for each thing that was decided, in the order of declaration; the same for every engine.
const std::string& Evaluator::State::trace_of(const Decision& decision) {
  std::string& text = trace_;
  text.clear();
  const auto add = [&](std::initializer_list<std::string_view> parts) {
    for (const std::string_view part : parts)
      text.append(part);
  };
  add({names.guideline.hash, "\nat "sv, to_text(decision.at), "\napplies "sv, to_text(decision.applies), "\n"sv});
  for (const auto& v : decision.values) {
    const DefinitionInfo& info = names.definitions[v.definition.index()];
    add({"value "sv, info.name, " = "sv, to_text(names, info.type, v.value), "\n"sv});
  }
  for (const auto& d : decision.differentials) {
    add({"differential "sv, names.differentials[d.differential.index()].name, " "sv, to_text(d.status)});
    for (const auto& c : d.candidates)
      add({" "sv, std::to_string(c.candidate.index), ":"sv, c.lowest.to_text(), ".."sv, c.highest.to_text()});
    add({"\n"sv});
  }
  for (std::size_t r = 0; r < rules.size(); ++r)
    add({"rule "sv, names.rules[r].name, " "sv, to_text(rules[r].fires), " "sv, to_text(rules[r].effective), "\n"sv});
  for (const auto& r : decision.recommendations)
    add({"action "sv, names[r.action].name, " "sv, r.verb ? to_text(*r.verb) : "-"sv, " "sv, to_text(r.status),
         "\n"sv});
  for (const auto& c : decision.cautions)
    add({"caution "sv, names.cautions[c.caution.index()].name, " "sv, to_text(c.fires), "\n"sv});
  if (decision.stage)
    for (const auto& visit : decision.stage->path)
      add({"stage "sv, names[visit.stage].name, " "sv, to_text(visit.entered_at), "\n"sv});
  return text;
}

Decision Evaluator::State::decision() {
  Decision result;
  result.at = stated_now;
  result.zone = now.zone;
  result.applies = applies;
  result.rules = rules;
  if (!path.empty()) result.stage = stage_result();
  for (std::size_t i = 0; i < module.definitions.size(); ++i) {
    const Place& place = module.definitions[i];
    DefinitionValue each{DefinitionId(i), read(machine.registers(), place), {}};
    if (!fits(names, names.definitions[i].type, each.value)) each.value = UnknownReason::invalid;
    if (!each.value.is_known()) {
      machine.begin_missing();
      machine.add_missing(place.space(), place.index);
      each.missing = machine.missing();
    }
    result.values.push_back(std::move(each));
  }
  for (std::size_t i = 0; i < module.differentials.size(); ++i)
    result.differentials.push_back(differential_result(DifferentialId(i)));
  for (const ActionId id : voiced) {
    const ActionState& state = actions[id.index()];
    Recommendation each;
    each.action = id;
    each.verb = state.verb;
    each.status = state.status;
    each.strength = state.strength;
    each.urgency = state.urgency;
    each.within = state.within;
    each.rules = rules_behind(id);
    if (state.status == RecommendationStatus::undetermined) each.missing = missing(id);
    result.recommendations.push_back(std::move(each));
  }
  for (std::size_t i = 0; i < cautions.size(); ++i) {
    if (cautions[i] == Truth::no) continue;
    CautionResult each{CautionId(i), cautions[i], {}};
    if (each.fires == Truth::unknown) {
      machine.begin_missing();
      machine.add_missing_truth(module.applies);
      machine.add_missing_truth(module.cautions[i]);
      each.missing = machine.missing();
    }
    result.cautions.push_back(std::move(each));
  }
  for (std::size_t i = 0; i < names.inputs.size(); ++i)
    if (facts.is_assumed(InputId(i)))
      result.assumed.push_back({InputId(i), read(machine.registers(), module.inputs[i])});
  result.missing = gather_missing(result);
  result.trace = "sha256:" + sha256(trace_of(result));
  return result;
}

} // namespace aceso::interpret
