#pragma once
/// The decision graph as clauses. Every node of the graph is three-valued: a yes/no node has one literal for yes and
/// one for no (both false: unknown); any other node has a list of guarded cases, at most one of which holds (none:
/// unknown). Numbers that can take many values are *terms* with one literal for each threshold they are compared with
/// (order encoding), so the size follows the text and not the ranges.
///
/// The encoding allows every patient that the engines accept, and a few more: what it cannot say exactly (arithmetic
/// of two measured values, series, lists) is left free. So what it calls impossible is impossible, and what it calls
/// possible has to be shown to an engine before anybody believes it (witness.h).

#include <map>
#include <optional>
#include <variant>
#include <vector>

#include "analyse/sat.h"
#include "graph/graph.h"

namespace aceso::analyse {

struct TruthLits {
  Lit yes = 0, no = 0;
};

/// A threshold of a term: x >= value, or x > value where `above`.
struct Cut {
  Rational value;
  bool above = false;
  friend auto operator<=>(const Cut& a, const Cut& b) {
    const auto order = a.value <=> b.value;
    return order != 0 ? order : a.above <=> b.above;
  }
  friend bool operator==(const Cut&, const Cut&) = default;
};

/// `factor` times a term plus `offset`.
struct Affine {
  std::uint32_t term = 0;
  Rational factor{1}, offset{0};
  friend bool operator==(const Affine&, const Affine&) = default;
};
using Leaf = std::variant<Value, Affine>;
struct GuardedLeaf {
  Lit guard = 0; ///< holds only where the leaf is known
  Leaf leaf;
};
using ValueLits = std::vector<GuardedLeaf>; ///< guards exclude each other

/// A number (date, instant, duration) with many possible values. Dates count days, instants seconds.
struct Term {
  NodeId node; ///< where it first occurs
  Lit known = 0;
  std::optional<Rational> minimum, maximum, step; ///< no step: any rational
  Rational origin;                                ///< of the steps
  bool is_input = false;                          ///< the value of an input; otherwise left free
  std::map<Cut, Lit> reached;                     ///< literal: known and at or above the cut
  /// The least (greatest) of several numbers: not free, each cut follows from theirs.
  std::vector<ValueLits> extreme_of;
  bool is_least = false;
};

struct ActionLits {
  TruthLits in_favour, against;
  Lit advised = 0, conflict = 0, undetermined = 0, overridden = 0, not_advised = 0;
};

class Encoding {
public:
  /// `graph` and `sat` must outlive it. Several encodings may share one solver: each is a patient of its own.
  Encoding(const graph::Graph& graph, Sat& sat);

  [[nodiscard]] const graph::Graph& graph() const { return graph_; }
  [[nodiscard]] Sat& sat() { return sat_; }

  // ---- gates; constants are folded and equal gates shared
  [[nodiscard]] Lit always() const { return true_; }
  [[nodiscard]] Lit both(Lit a, Lit b) { return all_of({a, b}); }
  [[nodiscard]] Lit either(Lit a, Lit b) { return -all_of({-a, -b}); }
  [[nodiscard]] Lit all_of(std::vector<Lit> literals);
  [[nodiscard]] Lit any_of(std::vector<Lit> literals);
  /// At least `count` of them.
  [[nodiscard]] Lit at_least(std::size_t count, const std::vector<Lit>& literals);

  [[nodiscard]] TruthLits conjunction(TruthLits a, TruthLits b) { return {both(a.yes, b.yes), either(a.no, b.no)}; }
  [[nodiscard]] TruthLits disjunction(TruthLits a, TruthLits b) { return {either(a.yes, b.yes), both(a.no, b.no)}; }
  [[nodiscard]] static TruthLits negation(TruthLits a) { return {a.no, a.yes}; }
  [[nodiscard]] Lit unknown(TruthLits a) { return both(-a.yes, -a.no); }

  // ---- nodes
  /// yes for an invalid id.
  [[nodiscard]] TruthLits truth(NodeId id);
  /// Of a node that is not yes/no.
  [[nodiscard]] const ValueLits& value(NodeId id);
  [[nodiscard]] Lit known(NodeId id);
  /// A node that chooses an action chooses this one: row by row, as the engines ask it.
  [[nodiscard]] TruthLits selects(NodeId table, ActionId action);

  // ---- advice
  [[nodiscard]] TruthLits fires(RuleId rule);     ///< the guideline applies and the condition holds
  [[nodiscard]] TruthLits effective(RuleId rule); ///< and nothing overrides it
  [[nodiscard]] TruthLits voice(RuleId rule, const graph::Advice& advice);
  using Voices = std::vector<std::pair<RuleId, const graph::Advice*>>;
  /// What rules say about this action, in the order of the text.
  [[nodiscard]] const Voices& voices(ActionId id) const { return voices_[id.index()]; }
  [[nodiscard]] const ActionLits& action(ActionId id);
  /// Something speaks for the action, and something against it or for what must not go with it: seen from the text
  /// alone, so that nothing need be encoded where it is not so.
  [[nodiscard]] bool may_conflict(ActionId id) const;
  [[nodiscard]] TruthLits outcome(const graph::Node& node);
  [[nodiscard]] TruthLits caution(CautionId id);

  // ---- pathway
  /// The patient stands in this stage; for a graph without a pathway never.
  [[nodiscard]] Lit stage(StageId id);
  [[nodiscard]] bool uses_stage() const { return !stages_.empty(); }

  // ---- what a model says
  struct FoundInput {
    InputId input;
    bool known = false;
    Value value;                  ///< yes/no and choices
    std::optional<Cut> low, high; ///< numbers: at or above `low`, and not at or above `high`
    std::optional<UnknownReason> reason;
  };
  /// The inputs that the encoding has met, as in the model found last.
  [[nodiscard]] std::vector<FoundInput> found_inputs() const;
  [[nodiscard]] std::optional<StageId> found_stage() const;
  /// A node left free, and what the model takes it for.
  struct FoundFree {
    NodeId node;
    bool known = false;
    Value value;                  ///< yes/no and choices; unknown: see `low` and `high`
    std::optional<Cut> low, high; ///< numbers
  };
  [[nodiscard]] std::vector<FoundFree> found_free() const;
  /// How many known measurements the model wants in a window that ends now, and whether the last statement is unknown.
  struct FoundWindow {
    InputId input;
    std::optional<Period> period;
    std::int64_t at_least = 0;
    std::optional<std::int64_t> at_most;
    bool last_unknown = false;
  };
  [[nodiscard]] std::vector<FoundWindow> found_windows() const;
  /// The series of which the model wants something known to be measured.
  [[nodiscard]] std::vector<InputId> found_measured() const;
  /// True when something that was encoded is left free: then "possible" means little, "impossible" still holds.
  [[nodiscard]] bool is_approximate() const { return !free_truths_.empty() || !free_values_.empty(); }
  /// The literals that say what the free nodes were taken for in the model found last; to rule that combination out.
  [[nodiscard]] std::vector<Lit> found_free_literals() const;
  /// Assume all of these to let the constraints count; each belongs to the constraint of the same position.
  [[nodiscard]] const std::vector<Lit>& constraint_switches() const { return constraint_switches_; }
  /// Clauses that say: everything known here is the same in `other` (which may know more). What is only
  /// assumed here may be stated otherwise there. Where `same_stage` holds, the patient stands in the same stage:
  /// learning may also move him on. For advice that learning takes back.
  void refined_by(Encoding& other);
  /// Every input that was met is known.
  [[nodiscard]] std::vector<Lit> complete() const;
  /// The literal for "this input is known", or 0 where the input was not met.
  [[nodiscard]] Lit input_known(InputId id) const;
  [[nodiscard]] std::vector<InputId> met_inputs() const;

private:
  struct InputLits {
    TruthLits truth;                   ///< yes/no
    ValueLits values;                  ///< choices and scales
    std::optional<std::uint32_t> term; ///< numbers, dates, instants
    std::map<UnknownReason, Lit> reasons;
    Lit known = 0;
    bool met = false;
  };

  void encode(NodeId id);
  void encode_node(NodeId id);
  void encode_truth(NodeId id, const graph::Node& node);
  void encode_value(NodeId id, const graph::Node& node);
  [[nodiscard]] bool is_truth(NodeId id) const;
  /// Nodes that say the same, places aside, are one: a value computed twice is one term.
  [[nodiscard]] NodeId canonical(NodeId id) {
    if (canonical_.empty()) find_canonical();
    return canonical_[id.index()];
  }
  void find_canonical();
  /// Dates (and what follows from them) and intervals can be known in part: they count as unknown, and yet a comparison
  /// may be settled. By node.
  [[nodiscard]] bool may_be_partial(NodeId id) const { return may_be_partial_[id.index()]; }

  InputLits& input(InputId id);
  [[nodiscard]] Lit says(const InputLits& lits, const Value& value);
  [[nodiscard]] Lit reason(InputId id, UnknownReason why);
  /// That a value is unknown for this reason; nothing where that is not encoded exactly.
  [[nodiscard]] std::optional<Lit> because(NodeId id, UnknownReason why, int depth = 0);
  /// All measurements up to a moment. A window that ends there and has a known one has the last known one.
  struct HistoryLits {
    std::uint32_t input = 0;
    NodeId until;               ///< invalid: now
    Lit ever = 0;               ///< something known was measured at all
    Lit last_unknown = 0;       ///< the last statement is unknown
    bool asks_trend = false;    ///< which alone minds an unknown last statement
    ValueLits last;             ///< the last known value; empty for yes/no, or where nothing asks for it
    TruthLits last_truth{0, 0}; ///< the same of yes/no
    Lit falls = 0, rises = 0;   ///< in some window; then the last value is not the highest (lowest) there is
  };
  /// Of the measurements in one window: at least one is known, at least two are.
  struct MeasuredLits {
    std::size_t history = 0; ///< position in `histories_`
    std::optional<Period> period;
    Lit some = 0, several = 0;
    std::optional<std::uint32_t> count; ///< a term, where the text asks how many there are
  };
  [[nodiscard]] std::size_t history(const graph::Node& node);
  /// What was measured is measured in `other` as well; part of refined_by.
  void measured_alike(Encoding& other);
  [[nodiscard]] MeasuredLits& measured(const graph::Node& node);
  [[nodiscard]] TruthLits series_truth(NodeId id, const graph::Node& node);
  [[nodiscard]] ValueLits series_value(NodeId id, const graph::Node& node);

  [[nodiscard]] TruthLits free_truth(NodeId id);
  [[nodiscard]] ValueLits free_value(NodeId id);
  [[nodiscard]] std::uint32_t new_term(NodeId id, bool is_input);
  /// Known and x >= value (x > value where `above`).
  [[nodiscard]] Lit reached(std::uint32_t term, Cut cut);
  /// All thresholds of both, so that they can be said to agree.
  [[nodiscard]] static std::vector<Cut> cuts_of(const Term& a, const Term& b);

  [[nodiscard]] Lit known(const ValueLits& values);
  [[nodiscard]] std::optional<Lit> is_less(const Leaf& a, const Leaf& b, bool or_equal);
  [[nodiscard]] std::optional<Lit> is_equal(const Leaf& a, const Leaf& b);
  [[nodiscard]] TruthLits compare(NodeId id, const graph::Node& node);
  [[nodiscard]] TruthLits choose_truth(NodeId id, const graph::Node& node);
  [[nodiscard]] ValueLits choose_value(NodeId id, const graph::Node& node);
  [[nodiscard]] ValueLits collect(NodeId id, const graph::Node& node);
  [[nodiscard]] ValueLits arithmetic(NodeId id, const graph::Node& node);
  [[nodiscard]] ValueLits extreme(NodeId id, const std::vector<ValueLits>& operands, bool is_least);
  [[nodiscard]] std::optional<ValueLits> combine(graph::Op op, const ValueLits& a, const ValueLits& b);
  [[nodiscard]] ValueLits simplified(ValueLits values);
  [[nodiscard]] ValueLits as_values(NodeId id);
  [[nodiscard]] ValueLits differential(DifferentialId id);
  [[nodiscard]] TruthLits contains(NodeId id, const graph::Node& node);
  void meet_constraints();

  const graph::Graph& graph_;
  Sat& sat_;
  Lit true_ = 0;
  std::map<std::vector<Lit>, Lit> gates_;
  std::vector<NodeId> canonical_;
  std::vector<bool> may_be_partial_;
  std::vector<std::optional<TruthLits>> truths_;
  std::vector<std::optional<ValueLits>> values_;
  std::vector<InputLits> inputs_;
  std::vector<Term> terms_;
  std::vector<NodeId> free_truths_, free_values_;
  std::map<std::uint32_t, ValueLits> differentials_;
  std::map<std::uint32_t, Lit> nobody_can_win_; ///< of differentials, likewise
  std::map<std::pair<std::size_t, std::uint8_t>, std::optional<Lit>> because_;
  std::vector<HistoryLits> histories_;
  std::vector<MeasuredLits> measured_;
  std::vector<std::optional<TruthLits>> effective_;
  std::vector<std::optional<ActionLits>> actions_;
  std::vector<Lit> stages_, constraint_switches_;
  std::vector<Voices> voices_;
  std::vector<std::vector<ActionId>> rivals_;
  std::vector<std::vector<RuleId>> overriders_;
};

} // namespace aceso::analyse
