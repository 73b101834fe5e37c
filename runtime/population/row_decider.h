#pragma once
/// Decides one patient after the other on the row machine.

#include "explain/decision_text.h"
#include "interpret/evaluator.h"
#include "population/decide.h"

namespace aceso::population {

class RowDecider final : public Decider {
public:
  /// `code` runs in place of the instructions; null for none.
  RowDecider(std::shared_ptr<const Module> module, Wanted wanted, std::shared_ptr<const NativeCode> code = nullptr);
  void decide(const Patients& patients, Outcomes& outcomes) override;
  /// Each field is a group, whose keys are the codes of the field.
  [[nodiscard]] const std::vector<FieldGroup>& groups() const override { return groups_; }
  [[nodiscard]] std::span<const std::uint32_t> meaning(std::size_t, std::uint32_t key) override {
    asked_for_ = key;
    return {&asked_for_, 1};
  }

  /// The inputs that could settle what is undetermined in this row, in the order of declaration.
  [[nodiscard]] std::vector<InputId> missing(const Patients& patients, std::size_t row);
  /// Why the row has no decision; empty where it has one.
  [[nodiscard]] std::vector<CaseFault> refusal(const Patients& patients, std::size_t row);
  /// The whole decision as JSON of one line. The row has one.
  [[nodiscard]] std::string full(const Patients& patients, std::size_t row);

private:
  [[nodiscard]] std::uint32_t code_of(Field field) const; ///< of the row that was evaluated
  [[nodiscard]] bool evaluate(const Patients& patients, std::size_t row);
  [[nodiscard]] std::vector<InputId> missing_now();
  [[nodiscard]] std::vector<CaseFault> refusal_now(const Patients& patients, std::size_t row) const;
  [[nodiscard]] const WholePatient* whole(const Patients& patients, std::size_t row) const;

  std::shared_ptr<const Module> module_;
  Wanted wanted_;
  std::vector<ActionId> actions_;
  Terms terms_;
  std::vector<Field> fields_;
  std::vector<FieldGroup> groups_;
  std::uint32_t asked_for_ = 0;
  interpret::Evaluator evaluator_;
  DecisionJson json_; ///< on one line
};

} // namespace aceso::population
