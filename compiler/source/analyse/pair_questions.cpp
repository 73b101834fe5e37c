#include "analyse/pair_questions.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

namespace aceso::analyse {

using graph::Advice;
using graph::Node;
using graph::Op;
using reference::Evaluation;
using Status = RecommendationStatus;

namespace {

/// For comparison only: a month counts as 30 days, as in the engines.
std::int64_t length(Period period) { return period.months * 30 * 86'400 + period.seconds; }

} // namespace

bool operator==(const Said& a, const Said& b) {
  const bool same_term =
      a.within.has_value() == b.within.has_value() && (!a.within || length(*a.within) == length(*b.within));
  return a.status == b.status && a.verb == b.verb && a.strength == b.strength && a.urgency == b.urgency && same_term;
}

std::string to_text(const Said& said) {
  switch (said.status) {
  case Status::not_advised: return "not advised";
  case Status::conflict: return "conflict";
  case Status::overridden: return "overridden";
  case Status::undetermined: return "not decided: something is missing";
  case Status::advised: break;
  }
  std::string text(to_text(*said.verb));
  for (const std::string_view word : {to_text(said.strength), to_text(said.urgency)})
    if (!word.empty()) text += fmt::format(" {}", word);
  if (said.within) text += fmt::format(" within {}", to_text(*said.within));
  return text;
}

Said said_about(const Evaluation& evaluation, ActionId action) {
  for (const Recommendation& r : evaluation.decision.recommendations) {
    if (r.action != action) continue;
    if (r.status != Status::advised) return {r.status, {}, Strength::none, Urgency::none, {}};
    return {r.status, r.verb, r.strength, r.urgency, r.within};
  }
  return {};
}

PairQuestions::PairQuestions(const JointGraph& joint, Budget budget, std::size_t most_rules)
    : joint_(joint), sat_(budget), encoding_(joint.graph(), sat_), witnesses_(joint.graph()) {
  make_excerpts(most_rules);
  know_stages();
}

void PairQuestions::make_excerpts(std::size_t most_rules) {
  for (const Side side : both_sides) {
    const graph::Graph& whole = joint_.source(side);
    if (whole.rules.size() <= most_rules) continue;
    std::vector<RuleId> rules;
    for (std::size_t r = 0; r < joint_.graph().rules.size(); ++r)
      if (joint_.origin(RuleId(r)).side == side) rules.push_back(joint_.origin(RuleId(r)).rule);
    excerpts_[at(side)] = excerpt_of(whole, rules);
  }
}

Evaluation PairQuestions::evaluate(Side side, const PatientCase& patient) const {
  const std::optional<Excerpt>& excerpt = excerpts_[at(side)];
  if (!excerpt) return reference::evaluate(joint_.source(side), patient);
  Evaluation evaluation = reference::evaluate(excerpt->graph, patient);
  for (Recommendation& one : evaluation.decision.recommendations)
    for (RuleId& rule : one.rules)
      rule = excerpt->rules[rule.index()];
  return evaluation;
}

std::vector<Lit> PairQuestions::stages(Side side) {
  std::vector<Lit> result(joint_.source(side).dictionary.stages.size(), -encoding_.always());
  for (const GuardedLeaf& one : encoding_.value(joint_.standing(side).stage))
    result[std::get<Value>(one.leaf).as<Choice>().index] = one.guard;
  return result;
}

void PairQuestions::know_stages() {
  for (const Side side : both_sides) {
    const JointGraph::Standing& standing = joint_.standing(side);
    if (!standing.stage.is_valid()) continue;
    // A patient to whom the guideline applies stands somewhere.
    const std::vector<Lit> here = stages(side);
    std::vector<Lit> somewhere = here;
    somewhere.push_back(-encoding_.truth(standing.applies).yes);
    sat_.add(somewhere);
    for (std::size_t s = 0; s < here.size(); ++s)
      at_rest_.push_back(joint_.has_history(side, s) ? encoding_.either(-here[s], encoding_.truth(standing.applies).yes)
                                                     : -here[s]);
    const auto& transitions = joint_.source(side).pathway->transitions;
    for (std::size_t t = 0; t < transitions.size(); ++t) {
      if (transitions[t].at_most != 0 || (transitions[t].after && !(*transitions[t].after == Period{}))) continue;
      for (std::size_t s = 0; s < here.size(); ++s) {
        const StageId stage(s);
        const bool leads = transitions[t].is_interrupt()
                               ? transitions[t].to != stage &&
                                     !std::count(transitions[t].except.begin(), transitions[t].except.end(), stage)
                               : transitions[t].from == stage;
        if (leads) at_rest_.push_back(encoding_.either(-here[s], -encoding_.truth(standing.ways[t]).yes));
      }
    }
  }
  const NodeId a = joint_.standing(Side::first).stage, b = joint_.standing(Side::second).stage;
  if (!a.is_valid() || !b.is_valid() || a == b) return;
  const std::vector<Lit> before = stages(Side::first), after = stages(Side::second);
  std::map<std::string, Lit> named;
  for (std::size_t s = 0; s < before.size(); ++s)
    named.emplace(joint_.source(Side::first).dictionary.stages[s].name, before[s]);
  for (std::size_t s = 0; s < after.size(); ++s) {
    const auto same = named.find(joint_.source(Side::second).dictionary.stages[s].name);
    if (same == named.end()) continue;
    same_stage_.push_back(encoding_.either(-after[s], same->second));
    same_stage_.push_back(encoding_.either(after[s], -same->second));
  }
  at_rest_.insert(at_rest_.end(), same_stage_.begin(), same_stage_.end());
}

bool PairQuestions::is_impossible_in_same_stage(std::vector<Lit> wanted) {
  if (same_stage_.empty()) return false;
  wanted.insert(wanted.end(), same_stage_.begin(), same_stage_.end());
  const auto& switches = encoding_.constraint_switches();
  wanted.insert(wanted.end(), switches.begin(), switches.end());
  return sat_.solve(wanted) == Answer::unsatisfiable;
}

PairQuestions::Reply PairQuestions::ask(std::vector<Lit> wanted, const Shows& shows) {
  if (!at_rest_.empty()) {
    std::vector<Lit> plain = wanted;
    plain.insert(plain.end(), at_rest_.begin(), at_rest_.end());
    Reply reply = ask_once(std::move(plain), shows);
    if (reply.witness) return reply;
  }
  return ask_once(std::move(wanted), shows);
}

Heard PairQuestions::hear_joint(const Evaluation& evaluation) const {
  return {[&](Side side, std::size_t action) { return said_about(evaluation, joint_.action(side, action)); },
          [&](Side side, std::size_t caution) {
            return evaluation.node_values[joint_.caution(side, caution).index()].truth();
          },
          nullptr};
}

std::optional<Heard> PairQuestions::hear(const reference::Snapshot& snapshot, PatientCase* cases) const {
  auto evaluations = std::make_shared<std::vector<Evaluation>>();
  for (const Side side : both_sides) {
    PatientCase patient = joint_.case_for(side, snapshot);
    evaluations->push_back(evaluate(side, patient));
    if (!evaluations->back().broken.empty()) return std::nullopt;
    if (cases) cases[at(side)] = std::move(patient);
  }
  return Heard{[this, evaluations](Side side, std::size_t action) {
                 const ActionId id = joint_.matching().actions[action].on(side);
                 return id.is_valid() ? said_about((*evaluations)[at(side)], id) : Said{};
               },
               [this, evaluations](Side side, std::size_t caution) {
                 const CautionId id = joint_.matching().cautions[caution].on(side);
                 for (const CautionResult& one : (*evaluations)[at(side)].decision.cautions)
                   if (one.caution == id) return one.fires;
                 return Truth::no;
               },
               evaluations};
}

std::vector<Lit> PairQuestions::found_stage_literals() {
  std::vector<Lit> literals;
  for (std::size_t i = 0; i < joint_.graph().nodes.size(); ++i) {
    const Node& node = joint_.graph().nodes[i];
    if (node.op != Op::input || !joint_.is_stage(InputId(node.reference))) continue;
    for (const GuardedLeaf& one : encoding_.value(NodeId(i)))
      literals.push_back(sat_.is_true(one.guard) ? one.guard : -one.guard);
  }
  return literals;
}

PairQuestions::Reply PairQuestions::ask_once(std::vector<Lit> wanted, const Shows& shows) {
  constexpr int most_models = 25;
  const auto& switches = encoding_.constraint_switches();
  wanted.insert(wanted.end(), switches.begin(), switches.end());
  const bool uses_stage = joint_.uses_stage();
  const auto is_shown = [&](const Evaluation& evaluation) {
    if (!shows(hear_joint(evaluation))) return false;
    if (!uses_stage) return true;
    const auto heard = hear(evaluation.snapshot, nullptr);
    return heard && shows(*heard);
  };
  std::optional<Lit> ruled_out;
  for (int i = 0; i < most_models; ++i) {
    const Answer answer = sat_.solve(wanted);
    if (answer == Answer::gave_up) return {};
    if (answer == Answer::unsatisfiable) return {ruled_out ? Verdict::undecided : Verdict::proved, {}};
    std::vector<Lit> clause;
    for (const Lit literal : encoding_.found_free_literals())
      clause.push_back(-literal);
    for (const Lit literal : found_stage_literals())
      clause.push_back(-literal);
    if (auto witness = witnesses_.from_model(encoding_, is_shown)) {
      PairWitness found{std::move(*witness), {}, nullptr};
      const Evaluation evaluation = reference::evaluate(joint_.graph(), found.joint.patient);
      const auto heard = hear(evaluation.snapshot, found.cases);
      if (heard && shows(*heard)) {
        found.evaluations = heard->evaluations;
        return {Verdict::refuted, std::move(found)};
      }
    }
    if (clause.empty()) return {}; // nothing was free, and still the engines do not show it
    if (!ruled_out) {
      ruled_out = sat_.fresh();
      wanted.push_back(*ruled_out);
    }
    clause.push_back(-*ruled_out);
    sat_.add(clause);
  }
  return {};
}

/// Each step is a threshold: "at least this strong", "at most this term".
struct PairQuestions::Step {
  enum class Kind : std::uint8_t {
    conflict,
    overridden,
    undetermined,
    not_advised,
    in_favour,
    strong_verb,
    strength,
    urgency,
    within
  };
  Kind kind = Kind::conflict;
  std::int64_t level = 0;

  [[nodiscard]] bool holds(const Said& said) const {
    const bool advised = said.status == Status::advised;
    switch (kind) {
    case Kind::conflict: return said.status == Status::conflict;
    case Kind::overridden: return said.status == Status::overridden;
    case Kind::undetermined: return said.status == Status::undetermined;
    case Kind::not_advised: return said.status == Status::not_advised;
    case Kind::in_favour: return advised && is_for(*said.verb);
    case Kind::strong_verb: return advised && (said.verb == Verb::recommend || said.verb == Verb::contraindicate);
    case Kind::strength: return advised && static_cast<std::int64_t>(said.strength) >= level;
    case Kind::urgency: return advised && static_cast<std::int64_t>(said.urgency) >= level;
    case Kind::within: return advised && said.within && length(*said.within) <= level;
    }
    return false;
  }
  /// A voice that holds takes the step.
  [[nodiscard]] bool holds(const Advice& advice) const {
    return holds(Said{Status::advised, advice.verb, advice.strength, advice.urgency, advice.within});
  }
};

std::vector<PairQuestions::Step> PairQuestions::steps(std::size_t action) const {
  using Kind = Step::Kind;
  std::vector<Step> result{{Kind::conflict, 0},    {Kind::overridden, 0}, {Kind::undetermined, 0},
                           {Kind::not_advised, 0}, {Kind::in_favour, 0},  {Kind::strong_verb, 0}};
  std::set<std::int64_t> strengths, urgencies, terms;
  for (const graph::Rule& rule : joint_.graph().rules)
    for (const Advice& advice : rule.advice) {
      if (advice.action != joint_.action(Side::first, action) && advice.action != joint_.action(Side::second, action))
        continue;
      strengths.insert(static_cast<std::int64_t>(advice.strength));
      urgencies.insert(static_cast<std::int64_t>(advice.urgency));
      if (advice.within) terms.insert(length(*advice.within));
    }
  for (const std::int64_t level : strengths)
    if (level > 0) result.push_back({Kind::strength, level});
  for (const std::int64_t level : urgencies)
    if (level > 0) result.push_back({Kind::urgency, level});
  for (const std::int64_t level : terms)
    result.push_back({Kind::within, level});
  return result;
}

Lit PairQuestions::advises(Side side, std::size_t action, bool in_favour) {
  const ActionLits lits = encoding_.action(joint_.action(side, action));
  return encoding_.both(lits.advised, in_favour ? lits.in_favour.yes : -lits.in_favour.yes);
}

Lit PairQuestions::takes(Side side, std::size_t action, const Step& step) {
  const ActionId id = joint_.action(side, action);
  const ActionLits lits = encoding_.action(id);
  switch (step.kind) {
  case Step::Kind::conflict: return lits.conflict;
  case Step::Kind::overridden: return lits.overridden;
  case Step::Kind::undetermined: return lits.undetermined;
  case Step::Kind::not_advised: return lits.not_advised;
  case Step::Kind::in_favour: return advises(side, action, true);
  default: break;
  }
  std::vector<Lit> voices[2];
  for (std::size_t r = 0; r < joint_.graph().rules.size(); ++r)
    for (const Advice& advice : joint_.graph().rules[r].advice)
      if (advice.action == id && step.holds(advice))
        voices[is_for(advice.verb)].push_back(encoding_.voice(RuleId(r), advice).yes);
  return encoding_.either(encoding_.both(advises(side, action, true), encoding_.any_of(std::move(voices[1]))),
                          encoding_.both(advises(side, action, false), encoding_.any_of(std::move(voices[0]))));
}

Lit PairQuestions::differs(std::size_t action) {
  std::vector<Lit> differences;
  for (const Step& step : steps(action)) {
    const Lit a = takes(Side::first, action, step), b = takes(Side::second, action, step);
    differences.push_back(encoding_.both(a, -b));
    differences.push_back(encoding_.both(-a, b));
  }
  const Lit result = encoding_.any_of(std::move(differences));
  // It takes a rule that is not the same on both sides, and that may fire: this follows, but the solver sees it late.
  std::vector<Lit> clause{-result};
  for (const RuleId rule : joint_.changed_rules(action)) {
    std::vector<Lit> silent{encoding_.fires(rule).no};
    for (const Advice& advice : joint_.graph().rules[rule.index()].advice)
      if (advice.selected.is_valid() && joint_.graph().rules[rule.index()].advice.size() == 1)
        silent.push_back(encoding_.truth(advice.selected).no);
    clause.push_back(-encoding_.any_of(std::move(silent)));
  }
  sat_.add(clause);
  return result;
}

Lit PairQuestions::says(Side side, std::size_t action, const Said& said) {
  std::vector<Lit> all;
  for (const Step& step : steps(action)) {
    const Lit taken = takes(side, action, step);
    all.push_back(step.holds(said) ? taken : -taken);
  }
  return encoding_.all_of(std::move(all));
}

TruthLits PairQuestions::caution(Side side, std::size_t caution) {
  return encoding_.truth(joint_.caution(side, caution));
}

} // namespace aceso::analyse
