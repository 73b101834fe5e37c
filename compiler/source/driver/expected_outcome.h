#pragma once
/// What a guideline says today about a patient, as expectations of a case: every way in which a case can see a
/// decision.

#include <optional>
#include <string>
#include <vector>

#include "graph/graph.h"
#include "reference/engine.h"

namespace aceso::driver {

/// "recommended lumbar_mri strong immediately", "undetermined nsaids", "not recommended nsaids".
[[nodiscard]] std::string expectation_about(const graph::Graph& graph, const reference::Evaluation& evaluation,
                                            ActionId action);
/// "care_phase = window", "not any_red_flag", "age_band is unknown"; nothing for a value that no case can state.
[[nodiscard]] std::optional<std::string>
expectation_about(const graph::Graph& graph, const reference::Evaluation& evaluation, DefinitionId definition);
/// "cause = flu", "cause is unknown not_asked" where it is open, "cause is unknown not_applicable" where nobody wins.
[[nodiscard]] std::string expectation_about(const graph::Graph& graph, const reference::Evaluation& evaluation,
                                            DifferentialId differential);
/// "caution ask_candidacy"; nothing where it is undetermined.
[[nodiscard]] std::optional<std::string> expectation_about(const graph::Graph& graph,
                                                           const reference::Evaluation& evaluation, CautionId caution);
/// "applies", "not applies", "applies unknown".
[[nodiscard]] std::string expectation_about_applying(const reference::Evaluation& evaluation);
/// "stage imaging"; nothing without a stage.
[[nodiscard]] std::optional<std::string> expectation_about_stage(const graph::Graph& graph,
                                                                 const reference::Evaluation& evaluation);
/// "refused NAME" for each constraint that is broken.
[[nodiscard]] std::vector<std::string> expected_refusals(const graph::Graph& graph,
                                                         const reference::Evaluation& evaluation);

/// Everything that a case can expect of this evaluation, each expectation once, in a fixed order. Two evaluations of
/// which this is the same cannot be told apart by a case.
[[nodiscard]] std::vector<std::string> expected_everything(const graph::Graph& graph,
                                                           const reference::Evaluation& evaluation);

} // namespace aceso::driver
