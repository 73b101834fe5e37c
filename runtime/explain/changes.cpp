#include "explain/changes.h"

#include "values/stable_order.h"

#include <algorithm>
#include <cstdlib>
#include <set>

namespace aceso {
namespace {

/// Of the rules that can bear on an action: those that speak about it or about what must not go with it, and those
/// that override these.
class Influence {
public:
  Influence(const Dictionary& dictionary, ActionId action) {
    std::set<ActionId> actions{action};
    for (const ActionClassInfo& group : dictionary.classes)
      if (group.at_most_one && std::count(group.actions.begin(), group.actions.end(), action))
        actions.insert(group.actions.begin(), group.actions.end());
    for (const InteractionInfo& interaction : dictionary.interactions) {
      if (interaction.first == action) actions.insert(interaction.second);
      if (interaction.second == action) actions.insert(interaction.first);
    }
    std::vector<std::vector<RuleId>> overriders(dictionary.rules.size());
    std::vector<RuleId> open;
    for (std::size_t r = 0; r < dictionary.rules.size(); ++r) {
      for (const OverrideInfo& override : dictionary.rules[r].overrides)
        overriders[override.rule.index()].emplace_back(r);
      for (const RuleAdvice& advice : dictionary.rules[r].advice)
        if (actions.count(advice.action)) open.emplace_back(r);
    }
    std::set<RuleId> seen;
    while (!open.empty()) {
      const RuleId rule = open.back();
      open.pop_back();
      if (!seen.insert(rule).second) continue;
      inputs_.insert(dictionary[rule].inputs.begin(), dictionary[rule].inputs.end());
      open.insert(open.end(), overriders[rule.index()].begin(), overriders[rule.index()].end());
    }
    add_constrained(dictionary);
  }
  [[nodiscard]] std::vector<InputId> inputs() const { return {inputs_.begin(), inputs_.end()}; }

private:
  /// What a constraint ties to these may have to change with them.
  void add_constrained(const Dictionary& dictionary) {
    for (bool again = true; again;) {
      again = false;
      for (const ConstraintInfo& constraint : dictionary.constraints)
        if (std::any_of(constraint.inputs.begin(), constraint.inputs.end(),
                        [&](InputId input) { return inputs_.count(input) > 0; }))
          for (const InputId input : constraint.inputs)
            again |= inputs_.insert(input).second;
    }
  }

  std::set<InputId> inputs_;
};

class ChangeSearch {
public:
  ChangeSearch(Asker& asker, const PatientCase& patient_case, ActionId action, Outcome outcome, std::size_t most)
      : asker_(asker), case_(patient_case), action_(action), outcome_(outcome), most_(most) {
    const Dictionary& dictionary = asker.dictionary();
    inputs_ = Influence(dictionary, action).inputs();
    for (const InputId input : inputs_) {
      present_.push_back(present_value(dictionary, patient_case, input));
      others_.push_back(alternatives_to(dictionary, input, patient_case.now, present_.back()));
    }
  }

  ChangeReport run(unsigned largest) {
    ChangeReport report;
    for (unsigned size = 1; size <= std::min<std::size_t>(largest, inputs_.size()); ++size) {
      const bool all_seen = for_each_subset(inputs_.size(), size, [&](const std::vector<std::size_t>& chosen) {
        if (asker_.is_exhausted()) return false;
        return !may_change(chosen) || look_at(report, chosen);
      });
      if (all_seen) report.searched_size = size;
      report.is_complete = all_seen;
      if (!report.proposals.empty() || !all_seen) break;
    }
    if (report.proposals.size() > most_ && report.proposals.front().changes.size() > 1) {
      report.left_out = report.proposals.size() - most_;
      report.proposals.resize(most_);
    }
    return report;
  }

private:
  /// Where the outcome stands also without these facts, no other values of theirs can change it, for learning more
  /// never takes anything back. Not asked for single facts, nor where being known matters or a value is assumed.
  [[nodiscard]] bool may_change(const std::vector<std::size_t>& chosen) {
    if (chosen.size() < 2) return true;
    PatientCase without = case_;
    for (const std::size_t i : chosen) {
      const InputInfo& info = asker_.dictionary()[inputs_[i]];
      if (info.known_matters || info.unknown_policy == UnknownPolicy::assume) return true;
      state(without, inputs_[i], UnknownReason::not_asked);
    }
    const EngineAnswer answer = asker_.ask(without);
    return !answer.ok() || outcome_of(answer.decision, action_) != outcome_;
  }

  /// The nearest other values first; one proposal for each outcome. False when the evaluations ran out.
  bool look_at(ChangeReport& report, const std::vector<std::size_t>& chosen) {
    constexpr std::size_t most_turns = 50'000;
    std::size_t count = 1;
    for (const std::size_t i : chosen)
      count *= others_[i].size();
    if (count > most_turns) return false;
    std::vector<Outcome> found;
    for (const std::vector<std::size_t>& turn : turns(chosen)) {
      if (asker_.is_exhausted()) return false;
      PatientCase changed = case_;
      for (std::size_t k = 0; k < chosen.size(); ++k)
        state(changed, inputs_[chosen[k]], others_[chosen[k]][turn[k]]);
      const EngineAnswer answer = asker_.ask(changed);
      if (!answer.ok()) continue;
      const Outcome becomes = outcome_of(answer.decision, action_);
      if (becomes == outcome_ || becomes == Outcome::undetermined) continue;
      if (std::count(found.begin(), found.end(), becomes)) continue;
      found.push_back(becomes);
      ChangeProposal& proposal = report.proposals.emplace_back();
      proposal.becomes = becomes;
      for (std::size_t k = 0; k < chosen.size(); ++k)
        proposal.changes.push_back({inputs_[chosen[k]], present_[chosen[k]], others_[chosen[k]][turn[k]]});
      for (ChangedFact& change : proposal.changes)
        bring_near(proposal, change);
    }
    return true;
  }

  /// Where a threshold is calculated, no representative value lies on it: halves the way back to the present value as
  /// long as the outcome stays the proposed one. Every value that is taken has been tried.
  void bring_near(ChangeProposal& proposal, ChangedFact& change) {
    const Value there = change.to;
    const std::int64_t most = steps_between(change.input, there, change.from);
    const auto holds = [&](std::int64_t steps) {
      if (asker_.is_exhausted()) return false;
      const std::optional<Value> nearer = stepped(change.input, there, change.from, steps);
      if (!nearer || *nearer == change.from) return false;
      change.to = *nearer;
      PatientCase changed = case_;
      for (const ChangedFact& each : proposal.changes)
        state(changed, each.input, each.to);
      const EngineAnswer answer = asker_.ask(changed);
      return answer.ok() && outcome_of(answer.decision, action_) == proposal.becomes;
    };
    std::int64_t kept = 0, lost = most + 1;
    for (std::int64_t next = 1; kept + 1 < lost; next = kept + (lost - kept) / 2)
      (holds(next) ? kept : lost) = next;
    change.to = *stepped(change.input, there, change.from, kept);
  }

  /// How many steps of the input lie between the two; 0 where it has none.
  [[nodiscard]] std::int64_t steps_between(InputId input, const Value& a, const Value& b) const {
    constexpr std::int64_t most = std::int64_t{1} << 40;
    if (a.is<Date>() && b.is<Date>()) return std::abs(a.as<Date>().days - b.as<Date>().days);
    if (!a.is<Rational>() || !b.is<Rational>()) return 0;
    const auto distance = Rational::subtract(a.as<Rational>(), b.as<Rational>());
    const auto steps = distance ? Rational::divide(*distance, step_of(input)) : std::nullopt;
    const auto whole = steps ? Rational::round(*steps, 1, RoundingMode::down) : std::nullopt;
    return whole ? std::min(most, std::abs(whole->numerator())) : 0;
  }
  [[nodiscard]] Rational step_of(InputId input) const {
    const Dictionary& dictionary = asker_.dictionary();
    return dictionary[dictionary[input].type].step.value_or(Rational(1));
  }
  /// So many steps from the one towards the other.
  [[nodiscard]] std::optional<Value> stepped(InputId input, const Value& from, const Value& towards,
                                             std::int64_t steps) const {
    if (steps == 0) return from;
    if (from.is<Date>()) {
      const std::int64_t days = from.as<Date>().days;
      return Date{days < towards.as<Date>().days ? days + steps : days - steps};
    }
    const auto length = Rational::multiply(step_of(input), Rational(steps));
    if (!length) return std::nullopt;
    const auto value = from.as<Rational>() < towards.as<Rational>() ? Rational::add(from.as<Rational>(), *length)
                                                                    : Rational::subtract(from.as<Rational>(), *length);
    return value ? std::optional(Value(*value)) : std::nullopt;
  }

  /// All combinations of other values, those of the nearest together first.
  [[nodiscard]] std::vector<std::vector<std::size_t>> turns(const std::vector<std::size_t>& chosen) const {
    std::vector<std::vector<std::size_t>> all{{}};
    for (const std::size_t i : chosen) {
      std::vector<std::vector<std::size_t>> longer;
      for (const std::vector<std::size_t>& turn : all) {
        for (std::size_t v = 0; v < others_[i].size(); ++v) {
          longer.push_back(turn);
          longer.back().push_back(v);
        }
      }
      all = std::move(longer);
    }
    const auto rank = [](const std::vector<std::size_t>& turn) {
      std::size_t sum = 0;
      for (const std::size_t v : turn)
        sum += v;
      return sum;
    };
    sort_stably(all, [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
    return all;
  }

  Asker& asker_;
  const PatientCase& case_;
  ActionId action_;
  Outcome outcome_;
  std::size_t most_;
  std::vector<InputId> inputs_;
  std::vector<Value> present_;
  std::vector<std::vector<Value>> others_;
};

} // namespace

ChangeReport find_changes(Engine& engine, const PatientCase& patient_case, const Decision& decision, ActionId action,
                          const ChangeOptions& options, std::size_t& asked) {
  Asker asker(engine, options.evaluations);
  ChangeReport report = ChangeSearch(asker, patient_case, action, outcome_of(decision, action), options.most_proposals)
                            .run(options.largest_set);
  asked += asker.asked();
  return report;
}

} // namespace aceso
