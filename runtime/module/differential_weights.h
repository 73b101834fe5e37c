#pragma once
/// The weights of a differential as whole numbers, so that scores are added without fractions.

#include <optional>
#include <vector>

#include "module/module.h"

namespace aceso {

struct DifferentialWeights {
  Rational unit{1};                    ///< what is counted
  std::vector<std::int64_t> arguments; ///< parallel to ModuleDifferential::arguments; negative for arguments against
  std::int64_t needs = 0, ahead_by = 0;
};

/// Nothing where a sum of weights could leave 62 bits; such a differential is refused.
[[nodiscard]] std::optional<DifferentialWeights> whole_weights(const ModuleDifferential& differential);

} // namespace aceso
