#pragma once
/// The reference engine: plain, over the decision graph, with no cleverness. It is the oracle of every other engine.
/// Each evaluation stands alone; one graph may be shared between threads.

#include <memory>
#include <string>
#include <vector>

#include "graph/graph.h"
#include "module/decision.h"
#include "module/engine.h"
#include "module/patient_case.h"

namespace aceso::reference {

/// A constraint that the case breaks: an input fault, not a decision.
struct BrokenConstraint {
  ConstraintId constraint;
  ZonedInstant at;     ///< when it was first broken
  std::string message; ///< with the values filled in
};

/// A property that the decision violates; never a reason to refuse the case.
struct ViolatedProperty {
  std::uint32_t property = 0;  ///< in Graph::properties
  std::uint32_t statement = 0; ///< in Property::statements
};

/// What was known at the instant of the evaluation, by input.
struct Snapshot {
  Instant at;
  Zone zone;
  std::vector<Value> values;                                  ///< present values; assumptions applied
  std::vector<bool> assumed;                                  ///< the value is assumed, not stated
  std::vector<std::vector<std::pair<Instant, Value>>> series; ///< known and unknown statements in time order
};

struct Evaluation {
  std::vector<BrokenConstraint> broken; ///< not empty: `decision` is meaningless
  Snapshot snapshot;
  Decision decision;
  std::vector<ViolatedProperty> violated;
  /// Values of all nodes at the instant of the case, parallel to Graph::nodes (for coverage and explanation).
  std::vector<Value> node_values;
};

[[nodiscard]] Evaluation evaluate(const graph::Graph& graph, const PatientCase& patient_case);

/// Evaluation::broken alone.
[[nodiscard]] std::vector<BrokenConstraint> broken_constraints(const graph::Graph& graph,
                                                               const PatientCase& patient_case);

/// Of a node that is unknown in `evaluation`: the inputs that could settle it, in declaration order.
[[nodiscard]] std::vector<InputId> missing_inputs(const graph::Graph& graph, const Evaluation& evaluation, NodeId node);

/// Broken constraints as faults of a case file ("A0790", path of the last fact involved, message).
[[nodiscard]] std::vector<CaseFault> to_faults(const graph::Graph& graph, const PatientCase& patient_case,
                                               const std::vector<BrokenConstraint>& broken);

/// The reference engine behind the interface that all engines share. `graph` must outlive it.
[[nodiscard]] std::unique_ptr<Engine> make_engine(const graph::Graph& graph);

/// The result of one expectation against an evaluation of its step.
struct ExpectationResult {
  bool passed = false;
  std::string got; ///< what was found instead, in words
};
[[nodiscard]] ExpectationResult check_expectation(const graph::Graph& graph, const Evaluation& evaluation,
                                                  const graph::Expectation& expectation);

/// The case of a step: everything up to it as events, `now` at the step.
[[nodiscard]] PatientCase case_at_step(const graph::TestCase& test, std::size_t step);

} // namespace aceso::reference
