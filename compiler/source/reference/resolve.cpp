#include "reference/resolve.h"

#include <algorithm>
#include <map>
#include <set>

namespace aceso::reference {

using graph::Advice;
using graph::Graph;

namespace {

/// One piece of advice about one action on this patient.
struct Voice {
  RuleId rule;
  const Advice* advice;
  Truth fires;     ///< before overrides
  Truth effective; ///< after overrides
};

struct ActionState {
  std::vector<Voice> voices;
  std::set<ActionId> rivals; ///< that must not be advised together with this one, of those of which a rule speaks
  Truth in_favour = Truth::no;
  Truth against = Truth::no;
};

class Resolver {
public:
  Resolver(const Graph& graph, Evaluator& evaluator, const std::vector<RuleState>& rules, bool with_missing)
      : graph_(graph), evaluator_(evaluator), rules_(rules), with_missing_(with_missing),
        overriders_(graph.rules.size()) {
    for (std::size_t r = 0; r < graph.rules.size(); ++r)
      for (const RuleId loser : graph.rules[r].overrides)
        overriders_[loser.index()].emplace_back(r);
  }

  std::vector<Recommendation> run() {
    collect_voices();
    collect_rivals();
    std::vector<Recommendation> result;
    for (const auto& [id, state] : actions_)
      result.push_back(recommendation(id, state));
    return result;
  }

private:
  void collect_voices() {
    for (std::size_t r = 0; r < graph_.rules.size(); ++r) {
      for (const Advice& advice : graph_.rules[r].advice) {
        const Truth selected = advice.selected.is_valid() ? evaluator_.truth(advice.selected) : Truth::yes;
        ActionState& state = actions_[advice.action];
        const Voice voice{RuleId(r), &advice, rules_[r].fires & selected, rules_[r].effective & selected};
        Truth& side = is_for(advice.verb) ? state.in_favour : state.against;
        side = side | voice.effective;
        state.voices.push_back(voice);
      }
    }
  }

  /// Actions that must not be advised together: members of one `at most one` class, and declared interactions.
  void collect_rivals() {
    for (const ActionClassInfo& group : graph_.dictionary.classes)
      if (group.at_most_one)
        for (const ActionId a : group.actions)
          for (const ActionId b : group.actions)
            if (a != b) add_rival(a, b);
    for (const InteractionInfo& pair : graph_.dictionary.interactions) {
      add_rival(pair.first, pair.second);
      add_rival(pair.second, pair.first);
    }
  }
  /// Of actions about which nobody speaks there is nothing to tell.
  void add_rival(ActionId of, ActionId rival) {
    const auto state = actions_.find(of);
    if (state != actions_.end() && actions_.contains(rival)) state->second.rivals.insert(rival);
  }

  Recommendation recommendation(ActionId id, const ActionState& state) {
    Truth opposed = state.against;
    for (const ActionId rival : state.rivals)
      opposed = opposed | actions_.at(rival).in_favour;
    const Truth conflict = state.in_favour & opposed;

    Recommendation result;
    result.action = id;
    if (conflict == Truth::yes) {
      result.status = RecommendationStatus::conflict;
      describe(result, state, [](const Voice& v) { return is_for(v.advice->verb) && v.effective == Truth::yes; });
      add_rules(result, state, [](const Voice& v) { return v.effective == Truth::yes; });
      for (const ActionId rival : state.rivals)
        add_rules(result, actions_.at(rival),
                  [](const Voice& v) { return is_for(v.advice->verb) && v.effective == Truth::yes; });
    } else if (conflict == Truth::no && (state.in_favour == Truth::yes || state.against == Truth::yes) &&
               (state.in_favour == Truth::no || state.against != Truth::yes)) {
      const bool in_favour = state.in_favour == Truth::yes;
      result.status = RecommendationStatus::advised;
      const auto holds = [&](const Voice& v) {
        return is_for(v.advice->verb) == in_favour && v.effective == Truth::yes;
      };
      describe(result, state, holds);
      add_rules(result, state, holds);
    } else if (state.in_favour == Truth::no && state.against == Truth::no) {
      set_aside(result, state);
    } else {
      undetermined(result, state);
    }
    sort_rules(result);
    return result;
  }

  /// Nothing effective speaks about the action: not advised, or everything that fired was overridden.
  void set_aside(Recommendation& result, const ActionState& state) {
    const auto overridden = [](const Voice& v) { return v.fires == Truth::yes && v.effective == Truth::no; };
    if (std::none_of(state.voices.begin(), state.voices.end(), overridden)) return;
    result.status = RecommendationStatus::overridden;
    describe(result, state, overridden);
    add_rules(result, state, overridden);
    const std::vector<RuleId> losers = result.rules;
    for (std::size_t r = 0; r < graph_.rules.size(); ++r)
      for (const RuleId loser : graph_.rules[r].overrides)
        if (rules_[r].effective == Truth::yes && std::count(losers.begin(), losers.end(), loser))
          result.rules.emplace_back(r);
  }

  void undetermined(Recommendation& result, const ActionState& state) {
    result.status = RecommendationStatus::undetermined;
    // The verb in question: what holds already, or else what may hold, in favour first.
    const bool in_favour =
        state.in_favour == Truth::yes || (state.in_favour == Truth::unknown && state.against != Truth::yes);
    const auto open = [&](const Voice& v) { return is_for(v.advice->verb) == in_favour && v.effective != Truth::no; };
    describe(result, state, open);
    add_rules(result, state, [](const Voice& v) { return v.effective != Truth::no; });
    if (!with_missing_) return;

    Evaluator::InputSet missing;
    add_missing(state, missing);
    if (state.in_favour != Truth::no)
      for (const ActionId rival : state.rivals)
        if (actions_.at(rival).in_favour == Truth::unknown) add_missing_in_favour(actions_.at(rival), missing);
    result.missing.assign(missing.begin(), missing.end());
  }

  void add_missing(const ActionState& state, Evaluator::InputSet& missing) {
    for (const Voice& voice : state.voices)
      if (voice.effective == Truth::unknown) add_missing(voice, missing);
  }
  void add_missing_in_favour(const ActionState& state, Evaluator::InputSet& missing) {
    for (const Voice& voice : state.voices)
      if (is_for(voice.advice->verb) && voice.effective == Truth::unknown) add_missing(voice, missing);
  }
  void add_missing(const Voice& voice, Evaluator::InputSet& missing) {
    add_missing_of_rule(voice.rule, missing);
    evaluator_.add_missing(voice.advice->selected, missing);
  }
  /// Of a rule that is not settled: its own condition, whether the guideline applies, and the rules that may override
  /// it.
  void add_missing_of_rule(RuleId id, Evaluator::InputSet& missing) {
    if (rules_[id.index()].fires == Truth::unknown) {
      evaluator_.add_missing(graph_.applies, missing);
      evaluator_.add_missing(graph_.rules[id.index()].condition, missing);
    }
    for (const RuleId winner : overriders_[id.index()])
      if (rules_[winner.index()].effective == Truth::unknown) add_missing_of_rule(winner, missing);
  }

  /// Verb, strength, urgency and term: the strongest among the voices that count.
  template <class Counts>
  void describe(Recommendation& result, const ActionState& state, Counts counts) {
    for (const Voice& voice : state.voices) {
      if (!counts(voice)) continue;
      const Advice& a = *voice.advice;
      if (!result.verb || stronger(a.verb, *result.verb)) result.verb = a.verb;
      result.strength = std::max(result.strength, a.strength);
      result.urgency = std::max(result.urgency, a.urgency);
      if (a.within && (!result.within || length(*a.within) < length(*result.within))) result.within = a.within;
    }
  }

  static bool stronger(Verb a, Verb b) {
    if (is_for(a) != is_for(b)) return is_for(a);
    return a == Verb::recommend || a == Verb::contraindicate ? a != b : false;
  }
  /// For comparison only: a month counts as 30 days.
  static std::int64_t length(Period p) { return p.months * 30 * 86'400 + p.seconds; }

  template <class Counts>
  static void add_rules(Recommendation& result, const ActionState& state, Counts counts) {
    for (const Voice& voice : state.voices)
      if (counts(voice)) result.rules.push_back(voice.rule);
  }
  static void sort_rules(Recommendation& result) {
    std::sort(result.rules.begin(), result.rules.end());
    result.rules.erase(std::unique(result.rules.begin(), result.rules.end()), result.rules.end());
  }

  const Graph& graph_;
  Evaluator& evaluator_;
  const std::vector<RuleState>& rules_;
  bool with_missing_;
  std::map<ActionId, ActionState> actions_;     ///< of which a rule speaks
  std::vector<std::vector<RuleId>> overriders_; ///< by rule: those that it gives way to
};

} // namespace

std::vector<RuleState> rule_states(const Graph& graph, Evaluator& evaluator, Truth applies) {
  std::vector<RuleState> states(graph.rules.size());
  for (std::size_t r = 0; r < states.size(); ++r) {
    states[r].fires = applies & evaluator.truth(graph.rules[r].condition);
    states[r].effective = states[r].fires;
  }
  // Overrides are acyclic (verified), so as many rounds as rules settle every chain.
  for (std::size_t round = 0; round < states.size(); ++round) {
    std::vector<Truth> overridden(states.size(), Truth::no);
    for (std::size_t r = 0; r < states.size(); ++r)
      for (const RuleId loser : graph.rules[r].overrides)
        overridden[loser.index()] = overridden[loser.index()] | states[r].effective;
    bool changed = false;
    for (std::size_t r = 0; r < states.size(); ++r) {
      const Truth effective = states[r].fires & !overridden[r];
      changed |= effective != states[r].effective;
      states[r].effective = effective;
    }
    if (!changed) break;
  }
  return states;
}

std::vector<Recommendation> resolve(const Graph& graph, Evaluator& evaluator, const std::vector<RuleState>& states,
                                    bool with_missing) {
  return Resolver(graph, evaluator, states, with_missing).run();
}

} // namespace aceso::reference
