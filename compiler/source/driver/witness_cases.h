#pragma once
/// Patients that show a finding, as files and texts that can be kept.

#include <optional>
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

/// The same for any patient and any expectations, at least one.
[[nodiscard]] std::string case_block(const graph::Graph& graph, const std::string& title, const PatientCase& patient,
                                     const std::vector<std::string>& expected);
/// What is advised, in conflict or undetermined, as expectations; whether the guideline applies where nothing is.
[[nodiscard]] std::vector<std::string> expected_advice(const graph::Graph& graph, const Decision& decision);
/// A known value as the language writes it; nothing for what a case block cannot say.
[[nodiscard]] std::optional<std::string> case_literal(const Dictionary& names, TypeId type, const Value& value);

} // namespace aceso::driver
