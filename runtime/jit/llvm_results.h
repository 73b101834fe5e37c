#pragma once
/// What the function for outcomes alone tells, as sums of planes, and where it goes.

#include "jit/llvm_cover.h"
#include "jit/llvm_unit.h"

namespace aceso::jit {

/// By position: of the function. `returned` is no argument.
enum class Argument : std::uint8_t { facts, now, outcomes, cautions, differentials, summary, scratch, returned };

struct DecideResults {
  /// Where a number goes.
  struct Place {
    Argument to;
    std::uint64_t offset;
    unsigned bytes;
  };
  std::vector<Place> places;
  std::vector<Cover::Result> sums; ///< parallel to `places`

  DecideResults(const Unit& unit, const DecideRequest& request, const batch::Program& program);

private:
  void begin(Place place, std::uint64_t base);
  void add(batch::OutputKey key, std::uint64_t addition);
  void add_action(std::uint32_t action);

  const batch::OutputLayout& outputs_;
  const batch::Program& program_;
};

} // namespace aceso::jit
