#pragma once
/// Values of nodes for one patient at one instant.

#include <optional>
#include <set>

#include "reference/engine.h"

namespace aceso::reference {

/// Memoised; nodes that ask for outcomes need `decision` (properties and expectations only).
class Evaluator {
public:
  Evaluator(const graph::Graph& graph, const Snapshot& snapshot)
      : graph_(graph), snapshot_(snapshot), memo_(graph.nodes.size()) {}

  /// Where the patient stands; for `in stage`.
  void set_stage(StageId stage) { stage_ = stage; }
  /// What was decided; for outcomes. Must outlive the evaluator.
  void set_decision(const Decision* decision) { decision_ = decision; }

  /// What is known about a node from elsewhere; it is not calculated then.
  void set_value(NodeId id, Value value) { memo_[id.index()] = std::move(value); }

  [[nodiscard]] const Value& value(NodeId id);
  /// yes for an invalid id: a condition that is not there does not hold anything up.
  [[nodiscard]] Truth truth(NodeId id) { return id.is_valid() ? value(id).truth() : Truth::yes; }
  /// Whether an action-valued node chooses `action`, row by row: one unknown column need not blur every action.
  [[nodiscard]] Truth selects(NodeId id, ActionId action);
  [[nodiscard]] DifferentialResult differential(DifferentialId id);

  /// The statements that a series counts, up to the instant it is asked for, and from when on.
  struct SeriesWindow {
    std::vector<Measurement> all;
    std::optional<Instant> from;
  };
  /// Nothing, and the reason, where that instant is unknown or still to come.
  [[nodiscard]] std::optional<SeriesWindow> series_window(const graph::Node& node, UnknownReason& reason);

  using InputSet = std::set<InputId>;
  /// Adds the inputs behind an unknown value; nothing for a known one.
  void add_missing(NodeId id, InputSet& missing);

  /// The values of all nodes. Nothing can be asked afterwards.
  [[nodiscard]] std::vector<Value> take_values();

private:
  [[nodiscard]] Truth settled_truth(const graph::Node& node);
  [[nodiscard]] Value compute(const graph::Node& node);
  [[nodiscard]] Value rounded(const graph::Node& node);
  [[nodiscard]] Value series(const graph::Node& node);
  [[nodiscard]] Value held_for(const graph::Node& node) const;
  [[nodiscard]] Value outcome(const graph::Node& node) const;
  [[nodiscard]] Value caution(const graph::Node& node) const;
  /// Asks `visit` at each instant of the time that `node` looks back, the first and the last included.
  template <class Visit>
  void look_back(const graph::Node& node, Visit visit) const;
  void add_missing_of_differential(DifferentialId id, InputSet& missing);

  const graph::Graph& graph_;
  const Snapshot& snapshot_;
  StageId stage_;
  const Decision* decision_ = nullptr;
  std::vector<std::optional<Value>> memo_;
  std::vector<Value> operands_; ///< of the node that is worked out; kept for its memory
};

} // namespace aceso::reference
