#pragma once
/// What a unit code means: its dimension, its exact size in base units and, for special units, its scale.

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "values/ucum_table.h"
#include "values/unit_factor.h"
#include "values/unit_syntax.h"

namespace aceso::units {

/// Powers of the dimensions, by the position of the base or arbitrary unit that stands for it; sorted, no power 0.
using Dimension = std::vector<std::pair<std::size_t, int>>;

struct UnitMeaning {
  Dimension dimension;
  UnitFactor factor; ///< the size of the unit; of a special unit, the size of the unit its function is given
  /// Special units only: which one, and the number of them that one of this unit stands for (1/10 for "dB").
  const UnitAtom* special = nullptr;
  UnitFactor scale;
};

/// Nothing for a code that is not valid.
[[nodiscard]] std::optional<UnitMeaning> meaning_of(std::string_view code);
[[nodiscard]] UnitMeaning meaning_of(const std::vector<UnitComponent>& components);

} // namespace aceso::units
