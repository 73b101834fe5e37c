#pragma once
/// Patients that show a finding, as files and texts that can be kept.

#include <string>
#include <vector>

#include "analyse/deep.h"

namespace aceso::driver {

/// "conflict-action-ct" for each finding with a patient, "" for the others; no name comes twice.
[[nodiscard]] std::vector<std::string> case_names(const std::vector<analyse::Finding>& findings);

/// A case file that `aceso run` replays; its title is the message of the finding. The finding must have a patient.
[[nodiscard]] std::string case_file(const graph::Graph& graph, const analyse::Finding& finding);

/// The same as a `case` block to paste into the guideline. It expects what the guideline says today, so that it fails
/// once that changes. Empty where a value cannot be written in a case block (lists, codes, intervals, times of day).
[[nodiscard]] std::string case_block(const graph::Graph& graph, const analyse::Finding& finding);

} // namespace aceso::driver
