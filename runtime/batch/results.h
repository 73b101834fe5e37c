#pragma once
/// What Results keeps. Internal to runtime/batch.

#include "batch/plan.h"

namespace aceso::batch {

/// The decision about a row that the row engine made, with what planes cannot tell.
struct RowAnswer {
  std::size_t row = 0;
  bool is_whole = false; ///< else only `missing` counts
  bool is_refused = false;
  Truth applies = Truth::unknown;
  std::vector<bool> broken;
  std::vector<ActionOutcome> actions;
  std::vector<Truth> cautions;
  std::vector<DifferentialOutcome> differentials;
  std::optional<StageId> stage;
  std::vector<Value> definitions;
  std::vector<std::vector<InputId>> missing; ///< by action
};

struct Results::State {
  std::shared_ptr<const Plan> plan;
  std::size_t rows = 0;
  std::vector<std::uint64_t> memory;      ///< for `words`
  std::span<std::uint64_t> words;         ///< blocks, each as OutputLayout says; at a multiple of 64 bytes
  std::vector<std::vector<Value>> values; ///< by value lane
  std::vector<RowAnswer> answers;         ///< rows ascend
  RowCounts counts;

  void make_room(std::size_t count);
  [[nodiscard]] const RowAnswer* answer(std::size_t row) const;
  [[nodiscard]] const RowAnswer* whole_answer(std::size_t row) const {
    const RowAnswer* found = answer(row);
    return found && found->is_whole ? found : nullptr;
  }
  [[nodiscard]] bool bit(std::size_t row, OutputLayout::Bit bit) const {
    if (bit >= OutputLayout::is_never) return bit == OutputLayout::is_always;
    const std::uint64_t* const block = words.data() + row / block_rows * plan->outputs.words();
    const std::size_t place = row % block_rows;
    return ((block[(bit >> 1) * block_words + place / 64] >> (place % 64) & 1) != 0) != ((bit & 1) != 0);
  }
  [[nodiscard]] bool bit(std::size_t row, Output output, std::uint32_t index = 0, std::uint32_t detail = 0) const {
    return bit(row, plan->outputs.bit({output, index, detail}));
  }
  [[nodiscard]] Truth truth(std::size_t row, Output yes, Output no, std::uint32_t index = 0) const {
    return bit(row, yes, index) ? Truth::yes : bit(row, no, index) ? Truth::no : Truth::unknown;
  }
  [[nodiscard]] Value number(std::size_t row, std::uint32_t definition) const;
};

} // namespace aceso::batch
