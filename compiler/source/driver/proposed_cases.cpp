#include "driver/proposed_cases.h"

#include <algorithm>

#include <fmt/format.h>

#include "diagnostics/machine_formats.h"
#include "driver/case_set.h"
#include "driver/expected_outcome.h"
#include "driver/witness_cases.h"
#include "format/format.h"
#include "reference/engine.h"

namespace aceso::driver {

using graph::Graph;
using reference::Evaluation;
using testing::Goal;
using testing::Topic;

namespace {

/// What a goal is about, as expectations.
void expect_about(const Graph& graph, const Evaluation& evaluation, const Goal& goal, std::vector<std::string>& said) {
  const auto add = [&](std::optional<std::string> one) {
    if (one && !std::count(said.begin(), said.end(), *one)) said.push_back(std::move(*one));
  };
  switch (goal.topic) {
  case Topic::applies: add(expectation_about_applying(evaluation)); return;
  case Topic::constraint: return;
  case Topic::definition: add(expectation_about(graph, evaluation, DefinitionId(goal.index))); return;
  case Topic::caution: add(expectation_about(graph, evaluation, CautionId(goal.index))); return;
  case Topic::transition: add(expectation_about_stage(graph, evaluation)); return;
  case Topic::rule:
    for (const graph::Advice& advice : graph.rules[goal.index].advice)
      add(expectation_about(graph, evaluation, advice.action));
    return;
  case Topic::argument:
  case Topic::verdict: add(expectation_about(graph, evaluation, DifferentialId(goal.index))); return;
  }
}

std::string file_name(std::size_t number, const std::string& subject) {
  std::string name = fmt::format("{:03}-{}", number, subject);
  for (char& c : name)
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_')) c = '-';
  return name;
}

std::string with_expectations(std::string text, const std::string& title, const std::vector<std::string>& expected) {
  text.insert(text.find('{') + 1, fmt::format("\n  \"title\": {},", diagnostics::json_string(title)));
  const std::size_t end = text.rfind('}');
  std::size_t last = text.find_last_not_of(" \n", end - 1);
  std::string list;
  for (const std::string& one : expected)
    list += fmt::format("{}\n    {}", list.empty() ? "" : ",", diagnostics::json_string(one));
  text = text.substr(0, last + 1) + fmt::format(",\n  \"expect\": [{}\n  ]\n}}\n", list);
  return text;
}

} // namespace

WrittenCase write_proposal(const Compilation& compilation, const std::string& name, const std::string& title,
                           const std::vector<std::string>& comments, const PatientCase& patient,
                           const std::vector<std::string>& about) {
  const Graph& graph = *compilation.graph();
  const Evaluation evaluation = reference::evaluate(graph, patient);
  std::vector<std::string> expected = about;
  const auto add = [&](std::string one) {
    if (!std::count(expected.begin(), expected.end(), one)) expected.push_back(std::move(one));
  };
  if (!evaluation.broken.empty()) {
    expected = expected_refusals(graph, evaluation);
  } else {
    // And whatever is advised, so that nothing comes as a surprise to whoever confirms the case.
    for (const Recommendation& r : evaluation.decision.recommendations)
      if (r.status == RecommendationStatus::advised || r.status == RecommendationStatus::conflict)
        add(expectation_about(graph, evaluation, r.action));
    if (expected.empty() && !graph.dictionary.guideline.id.empty()) add(expectation_about_applying(evaluation));
  }
  const std::string marked = std::string(proposal_mark) + title;
  WrittenCase written{name, with_expectations(write_case(graph.dictionary, patient), marked, expected), {}};
  if (expected.empty()) return written;
  const std::string block = case_block(graph, marked, patient, expected);
  if (block.empty()) return written;
  source::SourceSet sources;
  diagnostics::Sink sink;
  const std::uint32_t file = sources.add("proposal", block);
  if (const auto text = format::format_file(sources, file, sink)) {
    for (const std::string& comment : comments)
      written.block += fmt::format("// {}\n", comment);
    written.block += *text;
  }
  return written;
}

std::vector<WrittenCase> write_proposals(const Compilation& compilation, const testing::Proposals& proposals) {
  const Graph& graph = *compilation.graph();
  std::vector<WrittenCase> written;
  for (const testing::Proposal& proposal : proposals.cases) {
    const Evaluation evaluation = reference::evaluate(graph, proposal.patient);
    std::vector<std::string> about, comments;
    std::string subject;
    for (const std::size_t g : proposal.goals) {
      const Goal& goal = proposals.goals[g];
      if (evaluation.broken.empty()) expect_about(graph, evaluation, goal, about);
      if (goal.subject != subject) comments.push_back(goal.subject + ":");
      subject = goal.subject;
      comments.push_back("  " + goal.text);
    }
    const Goal& first = proposals.goals[proposal.goals.front()];
    std::string title = fmt::format("{}: {}", first.subject, first.text);
    std::erase(title, '`');
    written.push_back(write_proposal(compilation, file_name(written.size() + 1, first.subject), title, comments,
                                     proposal.patient, about));
  }
  return written;
}

} // namespace aceso::driver
