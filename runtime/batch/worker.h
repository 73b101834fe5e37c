#pragma once
/// What one thread needs to decide blocks. Internal to runtime/batch.

#include <array>

#include "batch/results.h"
#include "batch/schedule.h"
#include "interpret/evaluator.h"
#include "interpret/machine.h"

namespace aceso::batch {

class Worker {
public:
  Worker(const Plan& plan, const RunOptions& options);

  void decide_block(const Batch& batch, std::size_t block, Results::State& results);

  std::vector<RowAnswer> answers; ///< of the rows that the row engine decided, in no order
  RowCounts counts;

private:
  /// A thing that is aligned for every vector.
  struct alignas(64) Line {
    std::byte bytes[64];
  };
  using Memory = std::vector<Line>;

  struct Prepared {
    const Compiled* compiled = nullptr;
    Schedule schedule;
    Memory scratch;
    std::vector<void*> table;
    std::vector<Memory> padded; ///< by array: for the last block, which is not whole
  };
  Prepared& prepare(Variant variant);
  [[nodiscard]] Variant variant_of(const Batch& batch, std::size_t first, std::size_t rows) const;
  [[nodiscard]] const void* array(const Batch& batch, const Array& array, std::size_t first, std::size_t rows,
                                  Memory& padded);
  void run_program(const Batch& batch, std::size_t next, Prepared& prepared);
  void run_lanes(const Batch& batch, std::size_t first, std::size_t rows, Prepared& prepared, Results::State& results);
  void state_fact(const Batch& batch, std::size_t row, InputId input);
  void decide_row(const Batch& batch, std::size_t row, bool is_whole);
  void add_missing(const Batch& batch, std::size_t first, std::size_t rows, const Results::State& results);
  [[nodiscard]] bool is_case(const Batch& batch, std::size_t row) const;

  const Plan& plan_;
  RunBlock run_ = nullptr;
  std::array<BlockFunction, variants> native_{};
  std::shared_ptr<const void> native_code_;
  std::array<std::unique_ptr<Prepared>, variants> prepared_;
  std::vector<std::uint32_t> used_inputs_; ///< whose being known the general program reads
  Memory zeros_, ones_, now_;
  std::vector<Memory> lane_states_, lane_numbers_;
  interpret::Facts facts_;
  interpret::Machine machine_;
  interpret::Evaluator evaluator_;
};

} // namespace aceso::batch
