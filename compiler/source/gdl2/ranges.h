#pragma once
/// How wide the numbers of an input are, of which the source says nothing.

#include <string>

#include "gdl2/import.h"
#include "gdl2/variables.h"

namespace aceso::gdl2 {

/// "from 0 mg/dL to 5000 mg/dL step 0.1 mg/dL": technical limits of the unit, widened by what the rules and cases name.
[[nodiscard]] std::string range_of(const Variable& v, const UnitClass& one, Tightness tightness);

/// Finds the scales of plain numbers that end, `scale_low` and `scale_high`: of inputs, and of sums of points that the
/// source lists nowhere, together with their terms.
void find_scales(const Guideline& guideline, Variables& variables);

/// A number as a decimal without an exponent.
[[nodiscard]] std::string decimal(double value, int decimals);

} // namespace aceso::gdl2
