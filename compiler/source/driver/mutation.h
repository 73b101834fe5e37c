#pragma once
/// Would the cases of a guideline notice a slip? Each mutant is run against them; of each that no case notices it is
/// proved that it changes nothing, or a patient is found for whom it does.

#include <functional>
#include <string>
#include <vector>

#include "aceso/compiler.h"
#include "analyse/sat.h"
#include "driver/proposed_cases.h"
#include "testing/mutants.h"

namespace aceso::driver {

struct MutationOptions {
  analyse::Budget budget; ///< of each question about a mutant that no case notices
  unsigned jobs = 1;      ///< threads; the result does not depend on it
  /// Told before each mutant, from one thread at a time.
  std::function<void(const std::string& what)> on_step;
};

struct MutantResult {
  testing::Mutant mutant;
  testing::Lines lines;
  enum class State : std::uint8_t {
    killed,     ///< a case fails, see `by`
    refused,    ///< the compiler refuses the text; it counts for nothing
    equivalent, ///< proved: the same advice, cautions and derived values for everybody to whom it applies
    survived,   ///< `killer` would notice it
    undecided
  } state = State::undecided;
  std::string by;
  WrittenCase killer; ///< survived: expects what the guideline says today
};
[[nodiscard]] std::string_view to_text(MutantResult::State state);

struct MutationReport {
  std::vector<std::string> failing;  ///< cases that fail without any mutant; then there are no results
  std::vector<MutantResult> mutants; ///< in the order of the text
  [[nodiscard]] std::size_t count(MutantResult::State state) const;
  /// Killed of those that could be: 100 only where no mutant survived and none is undecided. Of none 100.
  [[nodiscard]] double score() const;
};

/// How many mutants there are of the compiled file.
[[nodiscard]] std::size_t mutant_count(const Compilation& compilation);

/// `compilation` must be without errors; `path` is that of its file. Deterministic for a budget in steps.
[[nodiscard]] MutationReport mutate(const Compilation& compilation, const std::string& path,
                                    const MutationOptions& options);

} // namespace aceso::driver
