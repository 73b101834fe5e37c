#pragma once
/// What has been said about a patient, and what of it is known at an instant. Internal to runtime/interpret.

#include <span>

#include "interpret/plan.h"
#include "interpret/registers.h"
#include "module/patient_case.h"

namespace aceso::interpret {

/// One dated value of one input. A truth stands in the state of `number`.
struct Statement {
  Instant at;
  Number number;
  Value value; ///< inputs in the space of values only
};

/// The instant of the evaluation, and where its civil day begins.
struct Moment {
  Instant instant;
  Zone zone;
};

class Facts {
public:
  explicit Facts(const Plan& plan);

  void clear();
  /// What holds at the instant of the evaluation, whatever was dated so. False where the value is not one of the input
  /// (nothing is changed).
  [[nodiscard]] bool set(InputId input, const Value& value);
  void forget(InputId input);
  /// Of two statements about one input at one instant the later one counts.
  [[nodiscard]] bool add(Instant at, InputId input, const Value& value);
  /// The patient was seen.
  void add(Instant at) { insert_instant(at); }

  [[nodiscard]] bool has_history() const { return !instants_.empty(); }
  /// What was set: the registers of the inputs.
  [[nodiscard]] const Registers& present() const { return present_; }

  /// Writes the registers of the inputs as they are at `at`, freshness and assumptions applied.
  void snapshot(Instant at, const Moment& now, Registers& registers);
  /// The same, and nothing is kept of it.
  void look(Instant at, const Moment& now, Registers& registers) const;
  /// Of the last snapshot: the value is assumed, not stated.
  [[nodiscard]] bool is_assumed(InputId input) const { return assumed_[input.index()] != 0; }

  /// The instants at which something changes, up to `now`, in order, each once; `now` is the last.
  [[nodiscard]] const std::vector<Instant>& instants_of_change(const Moment& now);
  /// The instants from `from` to `until` at which a statement is made or goes stale, both ends among them, in order.
  [[nodiscard]] std::vector<Instant> instants_of_change(Instant from, Instant until, const Moment& now) const;

  /// Calls `visit(Statement)` for each statement about the input up to `at`, in order of time.
  template <class Visit>
  void for_each_statement(InputId input, Instant at, const Moment& now, Visit visit) const {
    for (const Statement& each : history_[input.index()]) {
      if (each.at > at) break;
      if (each.at == now.instant && stated_[input.index()]) continue; // what is set counts then
      visit(each);
    }
    if (stated_[input.index()] && now.instant <= at) {
      Statement present = present_statement(input);
      present.at = now.instant;
      visit(present);
    }
  }

  /// What holds now of an input of which nothing was said before; not_asked where nothing was said at all. Null where
  /// it has a history, and for what is no number.
  [[nodiscard]] const Number* only_number(InputId input, Instant at, const Moment& now) const {
    const Place& place = module_.inputs[input.index()];
    if (!history_[input.index()].empty() || place.space() != bytecode::Space::number) return nullptr;
    static constexpr Number nothing{0, static_cast<std::uint8_t>(UnknownReason::not_asked)};
    return stated_[input.index()] && now.instant <= at ? &present_.numbers[place.index] : &nothing;
  }

  /// What has been said up to `now`, as a case.
  [[nodiscard]] PatientCase patient_case(ZonedInstant now) const;

private:
  [[nodiscard]] Value value_of(InputId input, const Statement& statement) const;
  [[nodiscard]] std::optional<Statement> statement(InputId input, const Value& value) const;
  [[nodiscard]] Statement present_statement(InputId input) const;
  void insert_instant(Instant at);
  void forget_all(Registers& registers) const;
  void fill(Instant at, const Moment& now, Registers& registers) const;
  void write(Registers& registers, InputId input, const Statement& statement) const;
  /// `assumed` notes which inputs have a value that is assumed, where it is given.
  void assume(Registers& registers, std::vector<std::uint8_t>* assumed) const;

  const Plan& plan_;
  const Module& module_;
  Registers present_;
  std::vector<std::uint8_t> stated_, assumed_;  ///< by input: yes or no; a byte each is quicker to ask than a bit
  std::vector<std::vector<Statement>> history_; ///< by input, in order of time
  std::vector<std::uint32_t> dated_;            ///< the inputs with a history
  std::vector<Instant> instants_;               ///< of events, in order
  std::vector<Instant> changes_;
  std::vector<Statement> assumptions_; ///< parallel to Plan::assuming
};

} // namespace aceso::interpret
