#pragma once
/// Decides all patients of a chunk at once, on the batch engine.

#include "batch/batch.h"
#include "population/plane_keys.h"
#include "population/row_decider.h"

namespace aceso::population {

class ColumnDecider final : public Decider {
public:
  /// `plan` is of the module, with what `wanted` asks for.
  ColumnDecider(std::shared_ptr<const Module> module, std::shared_ptr<const batch::Plan> plan, const Wanted& wanted,
                const batch::RunOptions& options);
  void decide(const Patients& patients, Outcomes& outcomes) override;
  [[nodiscard]] const std::vector<FieldGroup>& groups() const override { return keys_.groups(); }
  [[nodiscard]] std::span<const std::uint32_t> meaning(std::size_t group, std::uint32_t key) override {
    return keys_.meaning(group, key);
  }

private:
  /// A column of the chunk as the engine takes it.
  struct Store {
    std::vector<std::uint64_t> bits, known;
    std::vector<std::uint8_t> data, reasons;
    std::vector<Value> values;
  };
  void fill(const Patients& patients);
  void fill_dates(const Patients& patients, InputId input, std::size_t rows);
  [[nodiscard]] std::span<const batch::WholeCase> whole_cases(const Patients& patients);
  void read_rows(const Patients& patients, Outcomes& outcomes);

  std::shared_ptr<const Module> module_;
  std::shared_ptr<const batch::Plan> plan_;
  Wanted wanted_;
  PlaneKeys keys_;
  batch::Runner runner_;
  batch::Results results_;
  RowDecider rows_; ///< for what columns do not tell: the reason of a refusal, what is missing, the whole decision
  std::vector<Store> stores_;
  std::vector<batch::Column> columns_;
  std::vector<std::size_t> in_part_;    ///< rows with a date that is known in part
  std::vector<batch::WholeCase> cases_; ///< those of the file, and these
};

/// What the engine has to find out for `wanted`.
[[nodiscard]] batch::PlanOptions plan_options(const Wanted& wanted);

} // namespace aceso::population
