#pragma once
/// What is advised to one patient at one instant, and nothing of why: for those who ask often and read little.

#include <memory>
#include <string>
#include <vector>

#include "interpret/registers.h"
#include "module/native_code.h"

namespace aceso::interpret {

/// One patient's outcomes, by position. Used again, it allocates nothing.
struct Outcomes {
  NativeSummary summary{};
  std::vector<NativeOutcome> actions;       ///< `sides` has no meaning
  std::vector<std::uint8_t> cautions;       ///< Truths
  std::vector<std::uint32_t> differentials; ///< a DifferentialStatus, plus 256 times the member that is decided
  std::vector<std::uint64_t> scratch;
};

/// Finds outcomes of a guideline in another way than an evaluator, and the same ones. Immutable, thread-safe.
class OutcomeFinder {
public:
  virtual ~OutcomeFinder() = default;
  OutcomeFinder() = default;
  OutcomeFinder(const OutcomeFinder&) = delete;
  OutcomeFinder& operator=(const OutcomeFinder&) = delete;

  /// Makes room for the guideline's outcomes. To be called once before `find`.
  virtual void prepare(Outcomes& outcomes) const = 0;
  /// `facts`: the registers of the inputs, of which each that is known holds a value of its input; `now` is in seconds.
  /// False where a constraint is broken: then nothing in `outcomes` has a meaning.
  [[nodiscard]] virtual bool find(const Registers& facts, std::int64_t now, Outcomes& outcomes) const = 0;
};

} // namespace aceso::interpret
