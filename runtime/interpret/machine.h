#pragma once
/// The row VM: runs the code of a verified module for one patient at one instant. Internal to runtime/interpret.

#include <memory>
#include <span>

#include "interpret/facts.h"
#include "interpret/plan.h"
#include "interpret/registers.h"
#include "module/decision.h"
#include "values/real.h"

namespace aceso::interpret {

/// The standing of one candidate; scores count DifferentialWeights::unit.
struct CandidateState {
  std::int64_t lowest = 0, highest = 0;
  Truth confirmed = Truth::no, excluded = Truth::no;
};
struct DifferentialState {
  DifferentialStatus status = DifferentialStatus::undetermined;
  std::optional<std::uint32_t> decided; ///< position among the candidates
};

class Machine {
public:
  Machine(const Plan& plan, const Facts& facts);

  /// When and where the patient stands; before `run`.
  void set_context(Instant at, const Moment& now, StageId stage) {
    at_ = at;
    now_ = now;
    stage_ = stage;
  }
  [[nodiscard]] Instant instant() const { return at_; }
  [[nodiscard]] StageId stage() const { return stage_; }
  /// Runs the instructions of these words, which are whole.
  void run(std::uint32_t begin, std::uint32_t end);

  [[nodiscard]] Registers& registers() { return registers_; }
  [[nodiscard]] const Registers& registers() const { return registers_; }
  [[nodiscard]] std::uint8_t truth(std::uint32_t index) const { return registers_.truths[index]; }

  /// What the differential has decided; its conditions have values.
  const DifferentialState& decide(DifferentialId id);
  [[nodiscard]] const DifferentialState& differential(DifferentialId id) const { return differentials_[id.index()]; }
  [[nodiscard]] std::span<const CandidateState> candidates(DifferentialId id) const;

  [[nodiscard]] bool is_known(bytecode::Space space, std::uint32_t index) const;
  /// Adds the inputs behind unknown registers: `begin_missing`, then `add_missing` for each, then `missing`.
  void begin_missing();
  void add_missing(bytecode::Space space, std::uint32_t index);
  void add_missing_truth(std::uint32_t index) {
    if (index != no_register) add_missing(bytecode::Space::truth, index);
  }
  /// In the order of declaration; valid until the next `begin_missing`.
  [[nodiscard]] const std::vector<InputId>& missing();

private:
  const bytecode::Word* run_rare(const bytecode::Word* at);
  template <class Visit>
  void for_each_in_series(const SeriesCall& call, Visit visit) const;
  [[nodiscard]] Number series_number(const SeriesCall& call) const;
  [[nodiscard]] Value series_direction(const SeriesCall& call) const;
  /// The statements that a series counts, up to the instant it is asked for, and from when on.
  struct SeriesWindow {
    std::vector<Measurement> all;
    std::optional<Instant> from;
  };
  /// `moment`: a date or an instant, null for that of the evaluation. Nothing, and the reason, where it is unknown or
  /// still to come.
  [[nodiscard]] std::optional<SeriesWindow> series_window(const SeriesCall& call, const Value* moment,
                                                          UnknownReason& reason) const;
  [[nodiscard]] Value series_value(const SeriesCall& call, const Value* moment) const;

  /// Runs what stands behind the condition at each instant of the time that the instruction looks back, in a machine
  /// of its own, and calls `visit(Machine&)`.
  template <class Visit>
  void look_back(std::uint32_t instruction, Visit visit);
  [[nodiscard]] std::uint8_t held_for(std::uint32_t instruction);
  [[nodiscard]] std::optional<Instant> series_begin(const SeriesCall& call, Instant until) const;
  [[nodiscard]] UnknownReason nothing_in_series(const SeriesCall& call) const;

  [[nodiscard]] Truth selects(std::uint32_t number, ActionId action) const;

  void round_real(RoundingMode mode, const Value& step, std::uint32_t operand, Value& result);
  [[nodiscard]] std::optional<std::uint32_t> put_real(std::uint32_t value, UnknownReason& reason);
  std::optional<std::uint32_t> put_leaf(const Value& value, UnknownReason& reason);
  std::optional<std::uint32_t> put_trend(const SeriesCall& call, const Value* moment, UnknownReason& reason);
  std::uint32_t put_node(RealNode node);

  void table_value(bytecode::HitPolicy policy, std::span<const bytecode::Word> rows, Value& result);
  void ask_for(bytecode::Space space, std::uint32_t index);
  void visit_missing(bytecode::Space space, std::uint32_t index);
  void note_missing(InputId input);
  void add_missing_of_earlier(std::uint32_t instruction);

  const Plan& plan_;
  const Module& module_;
  const Facts& facts_;
  Registers registers_;
  Instant at_;
  Moment now_;
  StageId stage_;

  std::vector<DifferentialState> differentials_;
  std::vector<CandidateState> candidates_;

  std::unique_ptr<Machine> earlier_; ///< made when the code first looks back

  std::vector<RealNode> real_nodes_;
  std::vector<Rational> real_leaves_;
  std::vector<const Value*> operands_;

  struct Pending {
    bytecode::Space space;
    std::uint32_t index;
  };
  std::vector<Pending> pending_;
  std::vector<std::uint32_t> visited_[3]; ///< the round in which a register was last looked at
  std::vector<std::uint32_t> missing_visited_;
  std::uint32_t round_ = 0;
  std::vector<InputId> missing_;
};

} // namespace aceso::interpret
