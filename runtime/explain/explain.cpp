#include <algorithm>

#include "explain/changes.h"
#include "explain/missing_sets.h"
#include "explain/reasons.h"

namespace aceso {
namespace {

using Status = RecommendationStatus;

const Recommendation* find(const Decision& decision, ActionId action) {
  for (const Recommendation& r : decision.recommendations)
    if (r.action == action) return &r;
  return nullptr;
}

/// All that the reader of a decision is told of a recommendation but the rules.
bool is_same_advice(const Recommendation* a, const Recommendation* b) {
  if (a == nullptr || b == nullptr) return a == b;
  return a->verb == b->verb && a->status == b->status && a->strength == b->strength && a->urgency == b->urgency &&
         a->within == b->within;
}

class Explainer {
public:
  Explainer(Engine& engine, const PatientCase& patient_case, const ExplainOptions& options, Explanation& explanation)
      : engine_(engine), case_(patient_case), options_(options), explanation_(explanation),
        decision_(explanation.decision), evaluations_(evaluations_for(statements_of(patient_case).size())) {}

  void explain_action(ActionId action, bool in_brief) {
    ActionExplanation& result = explanation_.actions.emplace_back();
    result.action = action;
    result.outcome = outcome_of(decision_, action);
    if (const Recommendation* r = find(decision_, action)) result.recommendation = *r;
    if (result.outcome == Outcome::undetermined) {
      result.missing = missing_of(action, in_brief);
    } else {
      result.reason = reason([action, this](const EngineAnswer& answer) {
        return is_same_advice(find(answer.decision, action), find(decision_, action));
      });
      if (!in_brief) result.changes = changes_of(action);
    }
    add_rules(result, in_brief);
  }

  void explain_applies() {
    if (decision_.applies == Truth::unknown) return;
    explanation_.applies =
        reason([this](const EngineAnswer& answer) { return answer.decision.applies == decision_.applies; });
  }

  void explain_stage() {
    if (!decision_.stage) return;
    explanation_.stage = reason([this](const EngineAnswer& answer) {
      const auto& stage = answer.decision.stage;
      return stage && stage->stage == decision_.stage->stage && stage->entered_at == decision_.stage->entered_at;
    });
  }

  void explain_differentials() {
    for (std::size_t i = 0; i < decision_.differentials.size(); ++i) {
      auto& place = explanation_.differentials.emplace_back();
      const DifferentialResult& wanted = decision_.differentials[i];
      if (wanted.status == DifferentialStatus::undetermined) continue;
      place = reason([i, &wanted](const EngineAnswer& answer) {
        const DifferentialResult& got = answer.decision.differentials[i];
        return got.status == wanted.status && got.decided == wanted.decided;
      });
    }
  }

private:
  /// A long history takes longer to evaluate, and so is evaluated less often.
  [[nodiscard]] std::size_t evaluations_for(std::size_t statements) const {
    constexpr std::size_t usual_statements = 100, fewest = 200;
    if (statements <= usual_statements) return options_.evaluations;
    const std::size_t scaled = options_.evaluations * usual_statements / statements;
    return std::min(options_.evaluations, std::max(scaled, fewest));
  }

  Reason reason(const Holds& holds) {
    Asker asker(engine_, evaluations_);
    Reason found = find_reason(asker, case_, holds);
    explanation_.evaluations += asker.asked();
    return found;
  }

  MissingReport missing_of(ActionId action, bool in_brief) {
    const MissingOptions how{in_brief ? 1 : options_.largest_set, options_.most_sets,
                             in_brief ? evaluations_ / 10 : evaluations_};
    return find_missing_sets(engine_, case_, decision_, question_about(action), how, explanation_.evaluations);
  }

  ChangeReport changes_of(ActionId action) {
    const ChangeOptions how{options_.largest_set, options_.most_sets, evaluations_};
    return find_changes(engine_, case_, decision_, action, how, explanation_.evaluations);
  }

  /// Those that stand behind the outcome and those that were overridden; with all the rest where the question is why
  /// not.
  void add_rules(ActionExplanation& result, bool in_brief) {
    const bool tells_all = !in_brief && (options_.why_not || result.outcome != Outcome::advised);
    const auto& rules = engine_.dictionary().rules;
    for (std::size_t r = 0; r < rules.size() && r < decision_.rules.size(); ++r) {
      const auto& advice = rules[r].advice;
      const auto about =
          std::find_if(advice.begin(), advice.end(), [&](const RuleAdvice& a) { return a.action == result.action; });
      if (about == advice.end()) continue;
      RuleExplanation rule = explanation_of(RuleId(r), *about, result);
      const bool fires = rule.standing == RuleStanding::effective || rule.standing == RuleStanding::overridden;
      const bool is_open = rule.standing == RuleStanding::open && result.outcome == Outcome::undetermined;
      if (!fires && !is_open && !(tells_all && is_for(rule.verb))) continue;
      if (!in_brief) rule.reason = reason_of(rule);
      result.rules.push_back(std::move(rule));
    }
  }

  [[nodiscard]] RuleExplanation explanation_of(RuleId id, const RuleAdvice& advice,
                                               const ActionExplanation& action) const {
    RuleExplanation rule;
    rule.rule = id;
    rule.verb = advice.verb;
    const RuleState state = decision_.rules[id.index()];
    rule.standing = state.fires == Truth::no            ? RuleStanding::held_back
                    : state.effective == Truth::unknown ? RuleStanding::open
                    : state.effective == Truth::yes     ? RuleStanding::effective
                                                        : RuleStanding::overridden;
    if (rule.standing == RuleStanding::effective && advice.chosen_by_table) {
      if (action.outcome == Outcome::undetermined) rule.standing = RuleStanding::open;
      if (action.outcome != Outcome::undetermined && !speaks(id, action)) rule.standing = RuleStanding::chose_other;
    }
    if (rule.standing == RuleStanding::overridden) rule.overridden_by = overriders_of(id);
    return rule;
  }

  static bool speaks(RuleId id, const ActionExplanation& action) {
    if (!action.recommendation) return false;
    const auto& rules = action.recommendation->rules;
    return std::find(rules.begin(), rules.end(), id) != rules.end();
  }

  [[nodiscard]] std::vector<RuleId> overriders_of(RuleId loser) const {
    std::vector<RuleId> found;
    const auto& rules = engine_.dictionary().rules;
    for (std::size_t r = 0; r < rules.size(); ++r)
      for (const OverrideInfo& override : rules[r].overrides)
        if (override.rule == loser && decision_.rules[r].effective == Truth::yes) found.emplace_back(r);
    return found;
  }

  std::optional<Reason> reason_of(const RuleExplanation& rule) {
    const std::size_t r = rule.rule.index();
    if (rule.standing == RuleStanding::held_back)
      return reason([r](const EngineAnswer& answer) { return answer.decision.rules[r].fires == Truth::no; });
    if (rule.standing != RuleStanding::overridden) return std::nullopt;
    return reason([&rule](const EngineAnswer& answer) {
      return std::any_of(rule.overridden_by.begin(), rule.overridden_by.end(),
                         [&](RuleId by) { return answer.decision.rules[by.index()].effective == Truth::yes; });
    });
  }

  Engine& engine_;
  const PatientCase& case_;
  const ExplainOptions& options_;
  Explanation& explanation_;
  const Decision& decision_;
  std::size_t evaluations_; ///< for one search
};

} // namespace

std::string_view to_text(Outcome outcome) {
  constexpr std::string_view names[] = {"advised", "advised_against", "conflict", "not_advised", "undetermined"};
  return names[static_cast<std::size_t>(outcome)];
}

std::string_view to_text(Extent extent) {
  constexpr std::string_view names[] = {"smallest", "irreducible", "unfinished"};
  return names[static_cast<std::size_t>(extent)];
}

std::string_view to_text(RuleStanding standing) {
  constexpr std::string_view names[] = {"effective", "overridden", "chose_other", "open", "held_back"};
  return names[static_cast<std::size_t>(standing)];
}

Outcome outcome_of(const Decision& decision, ActionId action) {
  const Recommendation* r = find(decision, action);
  if (r == nullptr) return Outcome::not_advised;
  switch (r->status) {
  case Status::advised: return r->verb && !is_for(*r->verb) ? Outcome::advised_against : Outcome::advised;
  case Status::conflict: return Outcome::conflict;
  case Status::undetermined: return Outcome::undetermined;
  case Status::not_advised:
  case Status::overridden: break;
  }
  return Outcome::not_advised;
}

ExplainResult explain(Engine& engine, const PatientCase& patient_case, const ExplainOptions& options) {
  ExplainResult result;
  EngineAnswer answer = engine.evaluate(patient_case);
  result.faults = std::move(answer.faults);
  if (!result.faults.empty()) return result;
  Explanation& explanation = result.explanation;
  explanation.decision = std::move(answer.decision);
  explanation.evaluations = 1;
  Explainer explainer(engine, patient_case, options, explanation);
  explainer.explain_applies();
  if (options.action) {
    explainer.explain_action(*options.action, false);
    return result;
  }
  explanation.is_overview = true;
  for (const Recommendation& r : explanation.decision.recommendations)
    if (r.status != Status::not_advised && r.status != Status::overridden) explainer.explain_action(r.action, true);
  explainer.explain_stage();
  explainer.explain_differentials();
  return result;
}

} // namespace aceso
