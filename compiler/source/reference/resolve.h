#pragma once
/// From rules that fire to one recommendation for each action: overrides, conflicts, what is undetermined.

#include "reference/evaluator.h"

namespace aceso::reference {

[[nodiscard]] std::vector<RuleState> rule_states(const graph::Graph& graph, Evaluator& evaluator, Truth applies);

/// One entry for each action that a rule speaks about. No status that is given is taken back by learning more.
/// `with_missing`: with the inputs that could settle what is undetermined.
[[nodiscard]] std::vector<Recommendation> resolve(const graph::Graph& graph, Evaluator& evaluator,
                                                  const std::vector<RuleState>& states, bool with_missing);

} // namespace aceso::reference
