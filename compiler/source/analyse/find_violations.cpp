/// Properties, and rules without a source.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "analyse/analysis.h"

namespace aceso::analyse {

using diagnostics::Kind;
using graph::PropertyStatement;
using reference::Evaluation;

namespace {

/// The actions whose outcome a node asks for.
std::set<std::uint32_t> actions_in(const graph::Graph& graph, NodeId id) {
  std::set<std::uint32_t> actions;
  if (!id.is_valid()) return actions;
  const graph::Node& node = graph[id];
  if (node.op == graph::Op::outcome) actions.insert(node.reference);
  for (const NodeId operand : node.operands)
    actions.merge(actions_in(graph, operand));
  return actions;
}

} // namespace

void Analysis::find_violations(const std::vector<std::string>& only) {
  for (std::uint32_t p = 0; p < graph_.properties.size(); ++p) {
    const graph::Property& property = graph_.properties[p];
    if (!only.empty() && !std::count(only.begin(), only.end(), property.name)) continue;
    for (std::uint32_t s = 0; s < property.statements.size(); ++s) {
      const PropertyStatement& statement = property.statements[s];
      const std::string subject = property.statements.size() == 1
                                      ? fmt::format("property {}", property.name)
                                      : fmt::format("statement {} of property {}", s + 1, property.name);
      const auto shows = [&](const Evaluation& e) {
        return std::any_of(e.violated.begin(), e.violated.end(),
                           [&](const auto& v) { return v.property == p && v.statement == s; });
      };
      Reply reply;
      if (statement.kind == PropertyStatement::Kind::stage_only_after) {
        reply = reach_without(statement.stage, statement.after, shows);
        note(Kind::property_refuted, subject, statement.span, reply.verdict);
      } else {
        const TruthLits condition = encoding_.truth(statement.condition), outcome = encoding_.truth(statement.outcome);
        std::vector<Lit> wanted{encoding_.truth(graph_.applies).yes};
        if (statement.kind == PropertyStatement::Kind::whenever_then) {
          wanted.push_back(condition.yes);
          wanted.push_back(statement.even_when_missing ? -outcome.yes : outcome.no);
        } else {
          wanted.push_back(outcome.yes);
          wanted.push_back(statement.even_when_missing ? -condition.no : condition.yes);
        }
        reply = ask(Kind::property_refuted, subject, statement.span, std::move(wanted), shows);
      }
      if (!reply.witness) continue;
      auto complaint = this->complaint(Kind::property_refuted, statement.span, property.name);
      const Evaluation evaluation = reference::evaluate(graph_, reply.witness->patient);
      const std::set<std::uint32_t> asked = actions_in(graph_, statement.outcome);
      for (const Recommendation& r : evaluation.decision.recommendations) {
        if (r.status != RecommendationStatus::advised || !asked.contains(r.action.index())) continue;
        for (const RuleId rule : r.rules)
          complaint.notes.push_back({graph_.rules[rule.index()].span, "this fires: " + rule_words(rule)});
      }
      complaint.mend =
          statement.kind == PropertyStatement::Kind::stage_only_after
              ? fmt::format("let no way lead to `{}` that does not pass `{}`, or say in the property what is meant",
                            graph_.dictionary[statement.stage].name, graph_.dictionary[statement.after].name)
              : "change the rules for this patient, or say in the property what is meant";
      find(subject, std::move(complaint), std::move(reply.witness));
    }
  }
}

void Analysis::find_uncited() {
  for (std::size_t r = 0; r < graph_.rules.size(); ++r) {
    if (!graph_.dictionary.rules[r].citations.empty()) continue;
    auto complaint = this->complaint(Kind::uncited, graph_.rules[r].span, graph_.dictionary.rules[r].name);
    complaint.mend = "say where it comes from: cite SOURCE at \"SECTION\"";
    find(fmt::format("rule {}", graph_.dictionary.rules[r].name), std::move(complaint), {});
  }
  std::vector<bool> spoken(graph_.dictionary.actions.size());
  for (const graph::Rule& rule : graph_.rules)
    for (const graph::Advice& advice : rule.advice)
      spoken[advice.action.index()] = true;
  for (std::size_t a = 0; a < spoken.size(); ++a) {
    if (spoken[a]) continue;
    const std::string& name = graph_.dictionary.actions[a].name;
    auto complaint = this->complaint(Kind::unused, graph_.action_spans[a], fmt::format("action `{}`", name));
    complaint.mend = "let a rule advise it, or take it out";
    find(fmt::format("action {}", name), std::move(complaint), {});
  }
}

} // namespace aceso::analyse
