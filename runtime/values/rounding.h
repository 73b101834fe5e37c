#pragma once
/// The one place that says which neighbour a value between two steps goes to.

#include "values/rational.h"

namespace aceso {

/// Whether a value strictly between two neighbouring steps, the floor and the ceiling, goes to the ceiling.
/// `against_half` compares its distance from the floor with half a step (-1, 0, 1); `negative` is the sign of the
/// value.
[[nodiscard]] constexpr bool rounds_to_ceiling(bool floor_is_odd, int against_half, bool negative, RoundingMode mode) {
  switch (mode) {
  case RoundingMode::half_up: return against_half > 0 || (against_half == 0 && !negative);
  case RoundingMode::half_down: return against_half > 0 || (against_half == 0 && negative);
  case RoundingMode::half_even: return against_half > 0 || (against_half == 0 && floor_is_odd);
  case RoundingMode::up: return true;
  case RoundingMode::down: return false;
  case RoundingMode::toward_zero: return negative;
  case RoundingMode::away_from_zero: return !negative;
  }
  return false;
}

} // namespace aceso
