#pragma once
/// Runs a compiled guideline for one patient.
///
///   interpret::Evaluator evaluator(loaded.module);
///   evaluator.set(fever, Value(true));
///   if (evaluator.evaluate(now)) use(evaluator.action(cool).status);
///
/// Facts are kept until `clear`. Nothing is allocated by `set`, `evaluate` and the plain results once the evaluator is
/// warm, but for what is calculated from dates, intervals, means, trends, `as of` and conditions over time; `decision`
/// and what it gives are made on demand.
/// Not thread-safe: one for each thread. They may share the module.

#include <memory>
#include <span>

#include "module/decision.h"
#include "module/module.h"
#include "module/native_code.h"

namespace aceso::interpret {

struct Registers; // interpret/registers.h

/// A constraint that the facts break: there is no decision.
struct BrokenConstraint {
  ConstraintId constraint;
  ZonedInstant at;     ///< when it was first broken
  std::string message; ///< with the values filled in
};

/// See Recommendation; its lists are in `decision`.
struct ActionState {
  RecommendationStatus status = RecommendationStatus::not_advised;
  std::optional<Verb> verb;
  Strength strength = Strength::none;
  Urgency urgency = Urgency::none;
  std::optional<Period> within;
  Truth in_favour = Truth::no, against = Truth::no; ///< what effective rules say
  bool is_spoken_of = false;                        ///< a rule that may fire speaks about it
};

class Evaluator {
public:
  explicit Evaluator(std::shared_ptr<const Module> module);
  ~Evaluator();
  Evaluator(const Evaluator&) = delete;
  Evaluator& operator=(const Evaluator&) = delete;

  [[nodiscard]] const Module& module() const;

  /// From now on native code runs in place of the row machine; null: the machine again. Decisions are the same. False,
  /// and nothing is changed, where the code was made for another module or lacks the parts of an evaluator.
  [[nodiscard]] bool use_native(std::shared_ptr<const NativeCode> code);

  /// Forgets all facts.
  void clear();
  /// States what holds at the instant of the evaluation, or why it is unknown. False, and nothing is changed, where the
  /// value is not one of the input: another kind, beyond its bounds, between two steps, a choice that does not exist.
  [[nodiscard]] bool set(InputId input, const Value& value);
  /// Takes back what was set. What events say counts again.
  void forget(InputId input);
  /// States what was found at an instant; false like `set`. Statements of one instant count in the order they were
  /// made.
  [[nodiscard]] bool add_event(Instant at, InputId input, const Value& value);
  /// The patient was seen, with nothing to state; it moves the pathway.
  void add_event(Instant at);

  /// Decides. False where constraints are broken: then only `broken` has a meaning. `now` lies in the years 0001 to
  /// 9999. What lies after `now` does not count.
  [[nodiscard]] bool evaluate(ZonedInstant now);
  /// The same where the civil day is that of a zone, not of the offset of `now`.
  [[nodiscard]] bool evaluate(ZonedInstant now, const Zone& zone);

  [[nodiscard]] const std::vector<BrokenConstraint>& broken() const;
  [[nodiscard]] Truth applies() const;
  [[nodiscard]] const ActionState& action(ActionId id) const;
  [[nodiscard]] const RuleState& rule(RuleId id) const;
  [[nodiscard]] Truth caution(CautionId id) const;
  [[nodiscard]] Value definition(DefinitionId id) const;
  /// Nothing where there is no pathway, or before it has started.
  [[nodiscard]] std::optional<StageId> stage() const;
  /// What a differential came to, without its candidates.
  struct Differential {
    DifferentialStatus status;
    std::optional<Choice> decided;
  };
  [[nodiscard]] Differential differential(DifferentialId id);
  /// What is known of an input at `now`, assumptions applied.
  [[nodiscard]] Value input(InputId id) const;
  [[nodiscard]] bool is_assumed(InputId id) const;
  /// The inputs that could settle an action that is undetermined, in the order of declaration. Valid until the next
  /// call.
  [[nodiscard]] const std::vector<InputId>& missing(ActionId id);

  /// The registers of the inputs with what was set, nothing assumed; null where something dated was stated: then they
  /// are not everything. Valid until facts change.
  [[nodiscard]] const Registers* present_facts() const;
  /// What has been said up to `now`, as a case. The paths of its facts are those of a case file in time order.
  [[nodiscard]] PatientCase patient_case(ZonedInstant now) const;
  /// Everything, as every engine gives it. Its lists are used again: valid until the next call of a function that is
  /// not const.
  [[nodiscard]] const Decision& decision();

private:
  class State;
  std::unique_ptr<State> state_;
};

} // namespace aceso::interpret
