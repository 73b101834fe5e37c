#pragma once
/// Every place outside the nodes that holds a NodeId. `visit` is called with each of them, also with those that are
/// not valid (an absent condition); with a graph that is not const it may change them.

#include "graph/graph.h"

namespace aceso::graph {

/// What a decision is made of: applies, constraints, definitions, rules, cautions, differentials, pathway.
template <class AnyGraph, class Visit>
void visit_decision_roots(AnyGraph& graph, Visit visit) {
  visit(graph.applies);
  for (auto& constraint : graph.constraints)
    visit(constraint.require);
  for (auto& definition : graph.definitions)
    visit(definition.node);
  for (auto& rule : graph.rules) {
    visit(rule.condition);
    for (auto& advice : rule.advice)
      visit(advice.selected);
  }
  for (auto& caution : graph.cautions)
    visit(caution.condition);
  for (auto& differential : graph.differentials) {
    for (auto& argument : differential.arguments)
      visit(argument.condition);
    for (auto& verdict : differential.verdicts)
      visit(verdict.condition);
  }
  if (graph.pathway)
    for (auto& transition : graph.pathway->transitions)
      visit(transition.condition);
}

template <class AnyGraph, class Visit>
void visit_property_roots(AnyGraph& graph, Visit visit) {
  for (auto& property : graph.properties)
    for (auto& statement : property.statements) {
      visit(statement.condition);
      visit(statement.outcome);
    }
}

template <class AnyGraph, class Visit>
void visit_case_roots(AnyGraph& graph, Visit visit) {
  for (auto& test : graph.cases)
    for (auto& step : test.steps)
      for (auto& expectation : step.expectations)
        visit(expectation.condition);
  for (auto& list : graph.extra_expectations)
    for (auto& expectation : list)
      visit(expectation.condition);
}

/// The nodes that marked nodes use, marked as well. Operands stand before their users, so one walk backwards does it.
/// Ids out of range are passed over.
void mark_operands(const Graph& graph, std::vector<bool>& marked);

/// Marks what `visit_decision_roots` and `visit_property_roots` reach: all that `print` shows.
[[nodiscard]] std::vector<bool> mark_printed(const Graph& graph);

} // namespace aceso::graph
