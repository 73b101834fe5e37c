#pragma once
/// What an author decides, and the conditions that she decides it by: the common ground of coverage, of proposed cases
/// and of mutants.

#include <string>
#include <vector>

#include "graph/graph.h"

namespace aceso::testing {

using graph::Span;

enum class Topic : std::uint8_t { applies, constraint, definition, rule, caution, argument, verdict, transition };

/// A part of a decision that is yes, no or unknown and is not made of such parts itself: a comparison, an input, the
/// name of a derived value. Nodes that stand for one place in the text (a value that is named twice) are one condition.
struct Condition {
  NodeId node;
  Span span;        ///< where it is written, or the whole decision where it comes from another file
  std::string text; ///< "conservative_care_duration < 4 wk"
};

/// An expression that stands in the text once. Derived values that it names are decisions of their own.
struct Decision {
  Topic topic = Topic::definition;
  std::uint32_t index = 0; ///< of the rule, caution, definition, differential, constraint or transition
  std::uint32_t part = 0;  ///< argument, verdict: which
  NodeId root;
  std::string subject;               ///< "rule urgent_mri", "triage -> conservative"
  Span span;                         ///< of the declaration
  std::vector<Condition> conditions; ///< in the order of the text
};

/// The decisions of one file of the graph, in the order of their declarations. `sources` are those of the compilation.
[[nodiscard]] std::vector<Decision> decisions_of(const graph::Graph& graph, const source::SourceSet& sources,
                                                 std::uint32_t file);

/// A node as a reader would say it: "latest knee_extension < 5", "care_phase = window", "fever".
[[nodiscard]] std::string words_for(const graph::Graph& graph, const source::SourceSet& sources, NodeId node);

/// The name of the derived value that this node is, or empty.
[[nodiscard]] std::string_view definition_name(const graph::Graph& graph, NodeId node);

/// "triage -> conservative", "anywhere -> urgent_imaging".
[[nodiscard]] std::string transition_name(const graph::Graph& graph, const graph::Transition& transition);

} // namespace aceso::testing
