#pragma once
/// A comparison with a fixed value, and the values beside it.

#include <optional>
#include <string>
#include <vector>

#include "graph/graph.h"

namespace aceso::testing {

struct Threshold {
  NodeId subject; ///< what is compared
  Value value;    ///< with what
};
/// Nothing for a node that does not compare an ordered value with a fixed one.
[[nodiscard]] std::optional<Threshold> threshold_of(const graph::Graph& graph, NodeId comparison);

enum class Side3 : std::uint8_t { below, on, above };
[[nodiscard]] std::string_view to_text(Side3 side); ///< "one step below", "on", "one step above"

struct Neighbour {
  Side3 side = Side3::on;
  Value value;
};
/// The values that the subject can take on the threshold and one step to either side; those out of its range are left
/// out. Empty where it has no steps.
[[nodiscard]] std::vector<Neighbour> neighbours(const graph::Graph& graph, const Threshold& threshold);

} // namespace aceso::testing
