#pragma once
/// What is told of one patient where outcomes alone are asked for, as sums of planes, and where it goes.

#include "batch/plan.h"
#include "lookup/cover.h"
#include "module/relations.h"

namespace aceso::lookup {

/// The lists and structs that outcomes are written to: see module/native_code.h.
enum class Table : std::uint8_t {
  outcomes,      ///< a NativeOutcome for each action
  cautions,      ///< a Truth for each
  differentials, ///< 4 bytes for each: a DifferentialStatus, plus 256 times the position of the candidate
  summary,       ///< a NativeSummary
  refused        ///< 4 bytes: not 0 where a constraint is broken. The first of all sums
};

struct OutcomeSums {
  /// Where a number goes; places in one table ascend.
  struct Place {
    Table to;
    std::uint64_t offset;
    unsigned bytes; ///< 1, 2, 4, 8
  };
  std::vector<Place> places;
  std::vector<Cover::Result> sums; ///< parallel to `places`

  OutcomeSums(const Module& module, const Relations& relations, const batch::OutputLayout& outputs,
              const batch::Program& program);

private:
  void begin(Place place, std::uint64_t base);
  void add(batch::OutputKey key, std::uint64_t addition);
  void add_action(std::uint32_t action);

  const batch::OutputLayout& outputs_;
  const batch::Program& program_;
};

} // namespace aceso::lookup
