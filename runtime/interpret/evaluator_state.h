#pragma once
/// The parts of an evaluator. Internal to runtime/interpret.

#include <exception>

#include "interpret/evaluator.h"
#include "interpret/facts.h"
#include "interpret/machine.h"
#include "interpret/plan.h"

namespace aceso::interpret {

class Evaluator::State {
public:
  explicit State(std::shared_ptr<const Module> module);

  [[nodiscard]] bool evaluate(ZonedInstant now, const Zone& zone);
  const std::vector<InputId>& missing(ActionId id);
  [[nodiscard]] const Decision& decision();
  Differential differential(DifferentialId id);
  [[nodiscard]] bool use_native(std::shared_ptr<const NativeCode> code);

  Plan plan;
  const Module& module;
  const Dictionary& names;
  Facts facts;
  Machine machine;

  Moment now;
  ZonedInstant stated_now; ///< as it is written
  std::vector<BrokenConstraint> broken;
  Truth applies = Truth::unknown;
  std::vector<RuleState> rules;
  std::vector<ActionState> actions;
  std::vector<Truth> cautions;
  std::vector<ActionId> voiced; ///< the actions that some rule speaks about

  /// Where the pathway stands, and how it came there.
  std::vector<std::pair<StageId, Instant>> path;
  std::vector<StageId> conflict;
  /// Ways out that are open, as seen at `now`; for the decision.
  struct NextWay {
    std::uint32_t transition;
    Truth condition;
    std::uint32_t missing_begin, missing_end; ///< in `next_missing`
  };
  std::vector<NextWay> next;
  std::vector<InputId> next_missing;

private:
  // native.cpp
  void run_constraints();
  void run_pathway();
  /// What is left, from the word `ran` on, and what rules, actions and cautions come to.
  void run_decision(std::uint32_t ran);
  void call(NativeFunctions::Part part);
  void settle_natively();
  [[nodiscard]] NativeRegisters native_registers();
  static void step(void* state, std::uint32_t begin, std::uint32_t end);
  // evaluator.cpp
  void take_snapshot(Instant at, StageId stage);
  void check_constraints_at(Instant at);
  void check_constraints(Instant at);
  [[nodiscard]] std::string fill_in(std::string text) const;
  // pathway.cpp
  void follow_pathway();
  void settle_waits_before(Instant next);
  void settle(Instant at);
  void settle_at(Instant at);
  [[nodiscard]] std::optional<std::uint32_t> choose_way(Instant at);
  void list_next();
  /// Of the stage where the pathway stands: what leaves it beside interrupts.
  [[nodiscard]] const std::vector<std::uint32_t>& ways_out() const;
  [[nodiscard]] bool is_way_out(const ModuleTransition& transition) const;
  [[nodiscard]] Instant after(Period period) const;
  // resolve.cpp
  void settle_rules();
  void settle_actions();
  void settle_action(ActionId id);
  struct Spoken; ///< a voice and what it says on this patient
  [[nodiscard]] Spoken spoken(RuleId id, const ModuleAdvice& advice) const;
  template <class Visit>
  void for_each_voice(ActionId id, Visit visit) const;
  template <class Counts>
  void describe(ActionId id, Counts counts);
  void add_missing_of_rule(RuleId id);
  void add_missing_of_voices(ActionId id, bool only_in_favour);
  void list_rules_behind(ActionId id, std::vector<RuleId>& list) const;
  // decision.cpp
  void describe_stage(StageResult& result) const;
  void describe_differential(DifferentialId id, DifferentialResult& result);
  void gather_missing(Decision& decision);
  [[nodiscard]] std::string_view trace_of(const Decision& decision);

  std::vector<std::uint32_t> rules_asked_; ///< by rule: the round in which it was asked what it misses
  std::uint32_t asking_ = 0;
  std::vector<std::uint32_t> taken_; ///< by transition
  std::vector<StageId> targets_, entered_now_;
  std::vector<ActionId> spoken_of_; ///< the actions whose state is not the one of nobody speaking about them
  Instant settled_until_;
  Decision decision_;
  std::vector<std::uint32_t> missing_row_; ///< by input: its row in what is missing
  std::string trace_;                      ///< longer than the trace

  std::shared_ptr<const NativeCode> native_;
  std::vector<NativeOutcome> native_outcomes_; ///< by action
  std::vector<std::uint8_t> native_rules_, native_sides_, native_cautions_;
  std::exception_ptr native_failure_; ///< thrown by the machine below native code
};

} // namespace aceso::interpret
