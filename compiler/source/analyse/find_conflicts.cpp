/// Rules against each other: conflicts, rules and conditions that change nothing.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "analyse/analysis.h"

namespace aceso::analyse {

using diagnostics::Kind;
using graph::Advice;
using graph::Node;
using graph::Op;
using reference::Evaluation;

namespace {

constexpr int most_conflicts_of_one_action = 5;

bool has_status(const Evaluation& e, ActionId action, RecommendationStatus status) {
  const Recommendation* r = recommendation(e, action);
  return r && r->status == status;
}

/// Two rules that cannot both have their way.
struct OpposedPair {
  RuleId speaker, opponent;
  Lit both = 0;
};

/// Each rule in favour of the action with each rule against it, or in favour of what must not go with it.
std::vector<OpposedPair> opposed_pairs(Encoding& encoding, ActionId action) {
  std::vector<OpposedPair> result;
  const auto add = [&](ActionId other, bool in_favour) {
    for (const auto& [speaker, advice] : encoding.voices(action)) {
      if (!is_for(advice->verb)) continue;
      const Lit speaks = encoding.voice(speaker, *advice).yes;
      for (const auto& [opponent, opposed] : encoding.voices(other))
        if (is_for(opposed->verb) == in_favour)
          result.push_back({speaker, opponent, encoding.both(speaks, encoding.voice(opponent, *opposed).yes)});
    }
  };
  add(action, false);
  const Dictionary& names = encoding.graph().dictionary;
  for (const ActionClassInfo& group : names.classes)
    if (group.at_most_one && std::count(group.actions.begin(), group.actions.end(), action))
      for (const ActionId other : group.actions)
        if (other != action) add(other, true);
  for (const InteractionInfo& pair : names.interactions)
    if (pair.first != pair.second && (pair.first == action || pair.second == action))
      add(pair.first == action ? pair.second : pair.first, true);
  return result;
}

/// Do both rules of the pair take part?
bool speaks(const std::vector<RuleId>& rules, const OpposedPair& pair) {
  return std::count(rules.begin(), rules.end(), pair.speaker) && std::count(rules.begin(), rules.end(), pair.opponent);
}

bool can_fire(Encoding& encoding, RuleId rule) {
  std::vector<Lit> reachable{encoding.fires(rule).yes};
  reachable.insert(reachable.end(), encoding.constraint_switches().begin(), encoding.constraint_switches().end());
  return encoding.sat().solve(reachable) != Answer::unsatisfiable;
}

/// Of a question whether something makes a difference, where `unsatisfiable` says that it makes none.
Verdict verdict_of(Answer answer, bool is_told) {
  if (answer == Answer::gave_up) return Verdict::undecided;
  return is_told ? Verdict::refuted : Verdict::proved;
}

bool says_at_least(const Advice& a, const Advice& b) {
  return a.verb == b.verb && a.strength >= b.strength && a.urgency >= b.urgency && a.within == b.within;
}

} // namespace

void Analysis::find_conflicts() {
  std::set<std::vector<RuleId>> told;
  for (std::size_t a = 0; a < graph_.dictionary.actions.size(); ++a) {
    const ActionId action(a);
    const ActionInfo& info = graph_.dictionary[action];
    if (!encoding_.may_conflict(action)) continue;
    const Lit conflict = encoding_.action(action).conflict;
    if (conflict == -encoding_.always()) continue;
    const std::string subject = fmt::format("action {}", info.name);
    std::vector<Lit> wanted{conflict};
    // One pair of rules may hide another: it goes on until no pair that was not told is left.
    std::optional<std::vector<OpposedPair>> open;
    const auto is_shown = [&](const Evaluation& e) {
      if (!has_status(e, action, RecommendationStatus::conflict)) return false;
      const std::vector<RuleId>& rules = recommendation(e, action)->rules;
      return !open || std::any_of(open->begin(), open->end(), [&](const auto& pair) { return speaks(rules, pair); });
    };
    for (int found = 0; found < most_conflicts_of_one_action; ++found) {
      Reply reply = ask(wanted, is_shown);
      if (found == 0) note(Kind::conflict, subject, graph_.action_spans[a], reply.verdict);
      if (!reply.witness) break;
      const Evaluation evaluation = reference::evaluate(graph_, reply.witness->patient);
      const Recommendation* shown = recommendation(evaluation, action);
      if (!open) open = opposed_pairs(encoding_, action);
      std::erase_if(*open, [&](const auto& pair) { return speaks(shown->rules, pair); });
      std::vector<Lit> untold;
      for (const OpposedPair& pair : *open)
        untold.push_back(pair.both);
      wanted = {conflict, encoding_.any_of(std::move(untold))};
      if (!told.insert(shown->rules).second) continue; // the same rules, told for the other action
      auto complaint = this->complaint(Kind::conflict, graph_.rules[shown->rules.front().index()].span,
                                       fmt::format("`{}`", info.name));
      bool is_opposed = false;
      for (const RuleId rule : shown->rules) {
        for (const Advice& advice : graph_.rules[rule.index()].advice)
          is_opposed |= advice.action == action && !is_for(advice.verb);
        complaint.notes.push_back({graph_.rules[rule.index()].span, rule_words(rule)});
      }
      if (!is_opposed)
        complaint.message = fmt::format("`{}` is advised together with what must not be advised with it", info.name);
      complaint.mend = mend_by_override(action, shown->rules, reply.witness->patient);
      if (complaint.mend.empty())
        complaint.mend =
            "say with `overrides ... because` which rule gives way, or narrow one of the conditions with `unless`";
      find(subject, std::move(complaint), std::move(reply.witness));
      const bool is_last = found + 1 == most_conflicts_of_one_action;
      if (!is_last || open->empty()) continue;
      wanted.insert(wanted.end(), switches().begin(), switches().end());
      if (sat_.solve(wanted) != Answer::unsatisfiable)
        note(Kind::conflict, fmt::format("further conflicts of action {}", info.name), graph_.action_spans[a],
             Verdict::undecided);
    }
  }
}

void Analysis::find_redundant() {
  for (std::size_t r = 0; r < graph_.rules.size(); ++r) {
    const RuleId rule(r);
    check_redundant_conditions(rule);
    const graph::Rule& statement = graph_.rules[r];
    if (!statement.overrides.empty() || statement.advice.empty()) continue;
    // A rule is superfluous where each of its advice is given anyway: when it fires another says the same, and while
    // it is open another is open too.
    const std::string subject = fmt::format("rule {}", graph_.dictionary[rule].name);
    std::set<RuleId> others;
    Answer answer = Answer::unsatisfiable;
    std::vector<std::vector<std::pair<RuleId, const Advice*>>> same(statement.advice.size());
    for (std::size_t i = 0; i < same.size(); ++i)
      for (const auto& [other, says] : encoding_.voices(statement.advice[i].action))
        if (other != rule && says_at_least(*says, statement.advice[i])) same[i].emplace_back(other, says);
    if (std::any_of(same.begin(), same.end(), [](const auto& list) { return list.empty(); })) {
      note(Kind::redundant_rule, subject, statement.span, Verdict::proved); // no other says it at all
      continue;
    }
    for (std::size_t i = 0; i < same.size(); ++i) {
      const Advice& advice = statement.advice[i];
      std::vector<std::pair<RuleId, TruthLits>> rivals;
      for (const auto& [other, says] : same[i])
        rivals.emplace_back(other, encoding_.voice(other, *says));
      const TruthLits mine = encoding_.voice(rule, advice);
      for (const bool fires : {true, false}) {
        std::vector<Lit> wanted{fires ? mine.yes : -mine.no};
        for (const auto& [other, voice] : rivals)
          wanted.push_back(fires ? -voice.yes : voice.no);
        wanted.insert(wanted.end(), switches().begin(), switches().end());
        answer = sat_.solve(wanted);
        if (answer != Answer::unsatisfiable) break;
        for (const Lit blamed : sat_.minimal_core(wanted))
          for (const auto& [other, voice] : rivals)
            if (blamed == (fires ? -voice.yes : voice.no)) others.insert(other);
      }
      if (answer != Answer::unsatisfiable) break;
    }
    // Unreachable rules are told as such.
    const bool is_told = answer == Answer::unsatisfiable && !others.empty() && can_fire(encoding_, rule);
    note(Kind::redundant_rule, subject, statement.span, verdict_of(answer, is_told));
    if (!is_told) continue;
    auto complaint = this->complaint(Kind::redundant_rule, statement.span, graph_.dictionary[rule].name);
    std::string kept; // two rules that say the same are told of one by one
    for (const RuleId other : others) {
      complaint.notes.push_back({graph_.rules[other.index()].span, "the same is said by " + rule_words(other)});
      kept += fmt::format("{}`{}`", kept.empty() ? "" : " and ", graph_.dictionary[other].name);
    }
    complaint.mend = fmt::format("take it out and keep {}, or give it the condition that was meant", kept);
    find(subject, std::move(complaint), {});
  }
}

void Analysis::check_redundant_conditions(RuleId rule) {
  const NodeId condition = graph_.rules[rule.index()].condition;
  if (!condition.is_valid()) return;
  const Node& node = graph_[condition];
  if (node.op != Op::logical_and && node.op != Op::logical_or) return;
  const bool is_and = node.op == Op::logical_and;
  for (std::size_t i = 0; i < node.operands.size(); ++i) {
    if (graph_[node.operands[i]].span == node.span) continue; // no part that the author wrote: `in stage`
    TruthLits rest = is_and ? TruthLits{encoding_.always(), -encoding_.always()}
                            : TruthLits{-encoding_.always(), encoding_.always()};
    for (std::size_t k = 0; k < node.operands.size(); ++k)
      if (k != i)
        rest = is_and ? encoding_.conjunction(rest, encoding_.truth(node.operands[k]))
                      : encoding_.disjunction(rest, encoding_.truth(node.operands[k]));
    const TruthLits whole = encoding_.truth(condition);
    const Lit differs =
        encoding_.either(encoding_.either(encoding_.both(whole.yes, -rest.yes), encoding_.both(rest.yes, -whole.yes)),
                         encoding_.either(encoding_.both(whole.no, -rest.no), encoding_.both(rest.no, -whole.no)));
    std::vector<Lit> wanted{differs, encoding_.truth(graph_.applies).yes};
    wanted.insert(wanted.end(), switches().begin(), switches().end());
    const std::string subject = fmt::format("condition {} of rule {}", i + 1, graph_.dictionary[rule].name);
    const Answer answer = sat_.solve(wanted);
    const bool is_told = answer == Answer::unsatisfiable && can_fire(encoding_, rule);
    note(Kind::redundant_condition, subject, graph_[node.operands[i]].span, verdict_of(answer, is_told));
    if (!is_told) continue;
    auto complaint = this->complaint(Kind::redundant_condition, graph_[node.operands[i]].span,
                                     fmt::format("rule `{}`", graph_.dictionary[rule].name));
    complaint.mend = is_and ? "take it out: whenever the rest holds, it holds too"
                            : "take it out: it holds only where the rest holds";
    find(subject, std::move(complaint), {});
  }
}

} // namespace aceso::analyse
