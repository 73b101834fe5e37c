#pragma once
/// The decision graph: the only meaning of a guideline. The checker makes it; checks, engines and code writers read it.
/// Nodes are typed and stand after their operands, so the graph is acyclic by construction and `verify` proves it.
/// Immutable once built; then safe to share between threads.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "module/dictionary.h"
#include "module/patient_case.h"
#include "source/rare.h"
#include "source/source_file.h"
#include "values/ids.h"
#include "values/interval.h"
#include "values/series.h"

namespace aceso::graph {

using source::Span;

enum class Op : std::uint8_t {
#define ACESO_GRAPH_OP(name, fewest, most, meaning) name,
#include "graph/graph_ops.def"
#undef ACESO_GRAPH_OP
};
struct OpInfo {
  std::string_view name;
  int fewest, most; ///< operands; most -1: any number
};
[[nodiscard]] const OpInfo& info(Op op);

enum class HitPolicy : std::uint8_t {
  unique,
  first,
  any,
  collect_sum,
  collect_min,
  collect_max,
  collect_count,
  collect_list
};
using aceso::IntervalForm;
using aceso::SeriesFunction;
enum class OutcomeKind : std::uint8_t {
  recommended,
  suggested,
  advised,
  avoided,
  contraindicated,
  conflict,
  undetermined,
  overridden
};
[[nodiscard]] std::string_view to_text(HitPolicy policy);
[[nodiscard]] std::string_view to_text(SeriesFunction function);
[[nodiscard]] std::string_view to_text(OutcomeKind kind);

/// Bounds and granularity of a number: every value is `origin` of step multiples between the bounds (inclusive).
struct NumberRange {
  Rational minimum, maximum;
  Rational step{1}; ///< values are multiples of this; 0 for a real (only `round` may use it)
};

/// What few nodes have.
struct NodeDetails {
  Rational factor{1}, offset{0};
  std::optional<Period> period;
  std::vector<Value> list;
  std::optional<NumberRange> range; ///< numbers only; see Node::range
};

/// Large tables have hundreds of thousands of them, and every check goes through all: they are kept short.
struct Node {
  Op op = Op::constant;
  TypeId type;
  Span span;
  std::uint32_t reference = 0;
  std::uint8_t detail = 0;
  Urgency urgency = Urgency::none;    ///< outcome
  Strength strength = Strength::none; ///< outcome
  std::vector<NodeId> operands;
  Value constant;
  Rare<NodeDetails> details;

  /// Between which bounds and on which steps its numbers lie: of a constant the number itself, else as the checker has
  /// found (`details`). Nothing for what is no number or has no bounds.
  [[nodiscard]] std::optional<NumberRange> range() const;
};

struct Advice {
  Verb verb = Verb::recommend;
  ActionId action;
  Strength strength = Strength::none;
  Urgency urgency = Urgency::none;
  std::optional<Period> within;
  NodeId selected; ///< yes/no: a table chooses this action; invalid where the rule names the action itself
};
struct Rule {
  NodeId condition; ///< when and not unless
  std::vector<Advice> advice;
  std::vector<RuleId> overrides;
  std::string condition_text;
  Span span;
};
struct Caution {
  NodeId condition;
  Span span;
};
struct Constraint {
  NodeId require;
  Span span;
};
struct Definition {
  NodeId node;
  Span span;
};

struct Argument {
  bool is_for = true;
  std::uint32_t candidate = 0; ///< position among the candidates
  Rational weight;
  NodeId condition;
  Span span;
};
struct DifferentialVerdict {
  bool confirms = true;
  std::uint32_t candidate = 0;
  NodeId condition;
  Span span;
};
struct Differential {
  std::vector<Argument> arguments; ///< their texts stand in DifferentialInfo::arguments, in the same order
  std::vector<DifferentialVerdict> verdicts;
  Rational needs, ahead_by;
  Span span;
};

struct Transition {
  StageId from; ///< invalid for an interrupt
  std::vector<StageId> except;
  StageId to;
  NodeId condition; ///< invalid where only time counts
  std::optional<Period> after, within;
  std::uint32_t at_most = 0; ///< `repeat`: how often it may be taken; 0 without limit
  std::string condition_text;
  Span span;
  [[nodiscard]] bool is_interrupt() const { return !from.is_valid(); }
};
struct Pathway {
  StageId start;
  std::vector<Transition> transitions; ///< interrupts first, then in the order of the text
  std::vector<Span> stage_spans;
};

struct PropertyStatement {
  enum class Kind : std::uint8_t { whenever_then, never_when, stage_only_after } kind = Kind::whenever_then;
  NodeId condition, outcome;
  StageId stage, after;
  bool even_when_missing = false;
  std::string text;
  Span span;
};
struct Property {
  std::string name;
  std::vector<PropertyStatement> statements;
  std::vector<Citation> citations;
  Span span;
};

struct Expectation {
  enum class Kind : std::uint8_t { holds, is_missing, refused } kind = Kind::holds;
  NodeId condition;                   ///< holds: must be yes
  std::vector<ActionId> undetermined; ///< is_missing: look only at these actions; empty: at the whole decision
  std::vector<InputId> missing;       ///< is_missing: each must be asked for
  ConstraintId constraint;            ///< refused
  std::string text;
  Span span;
};
struct CaseStep {
  ZonedInstant at;
  std::vector<Fact> facts;
  std::vector<Expectation> expectations;
  Span span;
};
struct TestCase {
  std::string title;
  std::vector<CaseStep> steps; ///< in time order
  Span span;
};

struct Graph {
  Dictionary dictionary;
  std::vector<std::string> files; ///< paths; `Span::file` counts these
  std::vector<Node> nodes;
  NodeId applies;                      ///< invalid: applies to everybody
  std::vector<Constraint> constraints; ///< parallel to dictionary.constraints; likewise below
  std::vector<Definition> definitions;
  std::vector<Rule> rules;
  std::vector<Caution> cautions;
  std::vector<Differential> differentials;
  std::optional<Pathway> pathway;
  std::vector<Property> properties;
  std::vector<TestCase> cases;
  /// Of case files, one list an expectation asked for (check::Program::extra_expectations).
  std::vector<std::vector<Expectation>> extra_expectations;
  std::vector<Span> input_spans, action_spans;

  [[nodiscard]] const Node& operator[](NodeId id) const { return nodes[id.index()]; }
  [[nodiscard]] const TypeInfo& type_of(NodeId id) const { return dictionary[nodes[id.index()].type]; }
};

/// Canonical text, one line a node and a declaration; the same graph gives the same bytes. Spans, files and cases are
/// left out, and the nodes and types that only cases use. Meant for sound graphs; a broken one is printed as far as it
/// goes.
[[nodiscard]] std::string print(const Graph& graph);

/// Every broken promise of the graph in a plain sentence: operands before users, arity, types, references in range,
/// override and stage references. Empty for a sound graph. Reads nothing out of range on any graph.
[[nodiscard]] std::vector<std::string> verify(const Graph& graph);

/// Drops nodes that nothing uses and renumbers the rest in order, those that only cases use last.
void drop_unused(Graph& graph);

/// Drops what nothing uses; then fills what explanations need to know of the logic (describe.h) and guideline.hash,
/// which therefore does not depend on cases.
void finish(Graph& graph);

/// The value of one operation, operands given. Not for input, parameter, series, differential, now, in_stage, outcome,
/// caution_fires, applies, date_of, time_of, held_for, add_months to an instant: these need a patient. Exact; a result
/// beyond 64 bits is unknown (invalid), which the range analysis excludes for checked guidelines.
[[nodiscard]] Value apply(const Graph& graph, const Node& node, const std::vector<Value>& operands);

} // namespace aceso::graph
