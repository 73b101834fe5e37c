#pragma once
/// A DMN model as a guideline: each input data an input, each decision a table or a derived value.

#include "decision_tables/carried.h"
#include "decision_tables/dmn_model.h"

namespace aceso::decision_tables {

/// The text is valid Aceso but not yet laid out. A decision that is not carried is left out with all that needs it, and
/// told in the remarks. Where DMN leaves open what Aceso must know (bounds of numbers, values of strings), a wide
/// assumption is made and told.
[[nodiscard]] Carried to_aceso(const DmnModel& model);

} // namespace aceso::decision_tables
