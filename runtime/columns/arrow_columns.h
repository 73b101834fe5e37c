#pragma once
/// Columns in the Arrow C data interface. Internal to runtime/columns.

#include <string>
#include <vector>

#include "aceso/aceso.h"
#include "batch/batch.h"
#include "module/patient_case.h"

namespace aceso::api {

/// Facts of rows that are no values of their inputs.
struct RowFaults {
  std::vector<CaseFault> faults; ///< the first 1,000
  std::uint64_t count = 0;
};

/// Fills the table with the rows of a struct array. Throws Failure where a column is not one of an input.
void read_columns(const Module& module, const ArrowSchema& schema, const ArrowArray& rows, batch::Table& table,
                  RowFaults& faults);

/// What was decided, as a struct array that the caller releases.
void write_columns(const batch::Results& results, const Module& module, bool only_advice, ArrowSchema& schema,
                   ArrowArray& array);

} // namespace aceso::api
