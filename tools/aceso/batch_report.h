#pragma once
/// What `batch` says about a run when it is over.

#include <string>

#include "population/run.h"

namespace aceso::command {

struct BatchRun {
  const Module& module;
  const population::RunOptions& options;
  const population::RunReport& report;
};
[[nodiscard]] std::string batch_report_text(const BatchRun& run);
[[nodiscard]] std::string batch_report_json(const BatchRun& run);

/// "1,234,567".
[[nodiscard]] std::string grouped(std::uint64_t number);

} // namespace aceso::command
