#include "checks_twin.h"

#include <chrono>
#include <set>

#include <fmt/format.h>

#include "analyse/deep.h"
#include "driver/mutation.h"
#include "driver/proposed_cases.h"
#include "driver/test_runner.h"
#include "reference/engine.h"
#include "testing/proposals.h"

namespace aceso::differential {
namespace {

using analyse::Verdict;
using diagnostics::Kind;

/// Some random guidelines are nothing but means over years and conditions that last: what is not found soon is left.
analyse::Budget little() {
  analyse::Budget budget;
  budget.steps_per_question = 1'000;
  budget.end = std::chrono::steady_clock::now() + std::chrono::seconds(2);
  return budget;
}

std::string told_wrongly(const graph::Graph& graph, const analyse::DeepReport& report,
                         const std::vector<PatientCase>& cases) {
  std::set<std::string> unreached, without_conflict;
  for (const analyse::Question& question : report.questions) {
    if (question.check == Kind::unreachable && question.verdict == Verdict::refuted) unreached.insert(question.subject);
    if (question.check == Kind::conflict && question.verdict == Verdict::proved)
      without_conflict.insert(question.subject);
  }
  for (const analyse::Finding& finding : report.findings)
    if (finding.diagnostic.kind == Kind::internal_error) return finding.diagnostic.message;
  for (const PatientCase& one : cases) {
    const reference::Evaluation evaluation = reference::evaluate(graph, one);
    if (!evaluation.broken.empty()) continue;
    for (std::size_t r = 0; r < evaluation.decision.rules.size(); ++r) {
      const std::string subject = fmt::format("rule {}", graph.dictionary.rules[r].name);
      if (evaluation.decision.rules[r].fires == Truth::yes && unreached.contains(subject))
        return fmt::format("{} was said to reach nobody, and fires for\n{}", subject,
                           write_case(graph.dictionary, one));
    }
    for (const Recommendation& advice : evaluation.decision.recommendations) {
      const std::string subject = fmt::format("action {}", graph.dictionary.actions[advice.action.index()].name);
      if (advice.status == RecommendationStatus::conflict && without_conflict.contains(subject))
        return fmt::format("{} was proved to have no conflict, and has one for\n{}", subject,
                           write_case(graph.dictionary, one));
    }
  }
  return {};
}

std::string failure_of(const driver::CaseResult& result) {
  std::string text = fmt::format("the proposed case \"{}\" fails:", result.name);
  for (const driver::CaseFailure& one : result.failures)
    text += fmt::format("\n  expected {}; {}", one.expected, one.got);
  return text;
}

std::string run_again(const Compilation& compilation, const std::string& text,
                      const std::vector<driver::WrittenCase>& written, CheckedCounts& counts) {
  driver::CaseFileRunner files(compilation);
  std::string with_blocks = text;
  for (const driver::WrittenCase& one : written) {
    with_blocks += "\n" + one.block;
    const driver::CaseResult result = files.run(one.name, one.file);
    // A guideline may break a property of its own; nothing else may be wrong.
    if (!result.failures.empty()) return failure_of(result) + "\n" + one.file;
    ++counts.proposals;
  }
  const Compilation again = compile_text(with_blocks, "generated.aceso");
  if (!again.ok()) return "the proposed blocks have errors:\n" + again.render_diagnostics() + with_blocks;
  for (const driver::CaseResult& result : driver::run_case_blocks(again))
    if (!result.failures.empty()) return failure_of(result) + "\n" + with_blocks;
  return {};
}

} // namespace

std::string check_difference(const Compilation& compilation, const std::string& text,
                             const std::vector<PatientCase>& cases, bool with_mutants, CheckedCounts& counts) {
  const graph::Graph& graph = *compilation.graph();
  ++counts.guidelines;
  analyse::DeepOptions deep;
  deep.budget = little();
  const analyse::DeepReport report = analyse::deep_check(graph, deep);
  counts.questions += report.questions.size();
  if (std::string wrong = told_wrongly(graph, report, cases); !wrong.empty()) return wrong;

  testing::ProposalOptions proposal;
  proposal.budget = little();
  const testing::Proposals proposals = testing::propose(graph, compilation.sources(), 0, proposal);
  if (std::string wrong = run_again(compilation, text, driver::write_proposals(compilation, proposals), counts);
      !wrong.empty())
    return wrong;
  if (!with_mutants) return {};

  driver::MutationOptions mutation;
  mutation.budget = little();
  const driver::MutationReport mutants = driver::mutate(compilation, "generated.aceso", mutation);
  if (!mutants.failing.empty()) return {}; // a case block of its own fails: there are no results
  counts.mutants += mutants.mutants.size();
  std::vector<driver::WrittenCase> killers;
  for (const driver::MutantResult& one : mutants.mutants)
    if (one.state == driver::MutantResult::State::survived) killers.push_back(one.killer);
  return run_again(compilation, text, killers, counts);
}

} // namespace aceso::differential
