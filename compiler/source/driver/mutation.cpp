#include "driver/mutation.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <mutex>

#include <fmt/format.h>

#include "driver/case_set.h"
#include "driver/compilation_state.h"
#include "driver/expected_outcome.h"
#include "driver/files.h"
#include "driver/same_meaning.h"
#include "driver/test_runner.h"
#include "driver/witness_cases.h"
#include "reference/engine.h"
#include "testing/proposals.h"

namespace aceso::driver {

using graph::Expectation;
using graph::Graph;
using reference::Evaluation;
using State = MutantResult::State;

namespace {

/// The first case block that fails or violates a property; empty where none does.
std::string failing_block(const Graph& graph) {
  for (const graph::TestCase& test : graph.cases)
    for (std::size_t step = 0; step < test.steps.size(); ++step) {
      const Evaluation evaluation = reference::evaluate(graph, reference::case_at_step(test, step));
      const auto& expectations = test.steps[step].expectations;
      const auto is_refusal = [](const Expectation& one) { return one.kind == Expectation::Kind::refused; };
      if (!evaluation.broken.empty() && std::none_of(expectations.begin(), expectations.end(), is_refusal))
        return test.title;
      if (evaluation.broken.empty() && !evaluation.violated.empty()) return test.title;
      for (const Expectation& one : expectations)
        if ((!evaluation.broken.empty() && !is_refusal(one)) ||
            !reference::check_expectation(graph, evaluation, one).passed)
          return test.title;
    }
  return {};
}

std::vector<testing::Mutant> mutants_in(const Compilation& compilation) {
  const Graph& graph = *compilation.graph();
  return testing::mutants_of(
      compilation.state().files.back(), graph, compilation.sources(),
      [&](TypeId type, const Value& value) { return case_literal(graph.dictionary, type, value); });
}

/// Case files with what they say, so that they are read once.
struct CaseFile {
  std::string path, text;
};

std::string failing_file(const Compilation& compilation, const std::vector<CaseFile>& files) {
  if (files.empty()) return {};
  CaseFileRunner runner(compilation);
  for (const CaseFile& file : files)
    if (!runner.run(file.path, file.text).passed) return file.path;
  return {};
}

/// Patients whom the guideline should be tested with, and everything that a case can expect of them.
struct Probe {
  PatientCase patient;
  std::vector<std::string> expected;
};

class Trial {
public:
  Trial(const Compilation& original, const std::string& path, const MutationOptions& options)
      : original_(original), path_(path), options_(options) {}

  MutationReport run() {
    MutationReport report;
    const Graph& graph = *original_.graph();
    if (!graph.dictionary.guideline.id.empty())
      for (const std::string& file : files_in(join_path(folder_of(path_), "cases"), ".json"))
        if (ReadResult read = read_file(file, 16u << 20); read.ok()) files_.push_back({file, std::move(read.text)});
    if (const std::string failing = failing_block(graph); !failing.empty()) report.failing.push_back(failing);
    if (const std::string failing = failing_file(original_, files_); !failing.empty())
      report.failing.push_back(failing);
    if (!report.failing.empty()) return report;

    const std::vector<testing::Mutant> mutants = mutants_in(original_);
    testing::ProposalOptions wanted;
    wanted.budget = options_.budget;
    for (testing::Proposal& proposal : testing::propose(graph, original_.sources(), 0, wanted).cases) {
      Probe probe{std::move(proposal.patient), {}};
      probe.expected = expected_everything(graph, reference::evaluate(graph, probe.patient));
      probes_.push_back(std::move(probe));
    }
    report.mutants.resize(mutants.size());
    std::atomic<std::size_t> next = 0;
    std::mutex telling;
    const auto work = [&] {
      for (std::size_t i = next++; i < mutants.size(); i = next++) {
        MutantResult& result = report.mutants[i];
        result.mutant = mutants[i];
        result.lines = testing::lines_of(original_.sources(), mutants[i]);
        if (options_.on_step) {
          const std::lock_guard lock(telling);
          options_.on_step(fmt::format("line {}: {}", result.lines.line, testing::in_words(mutants[i].mutation)));
        }
        judge(result);
      }
    };
    std::vector<std::future<void>> others;
    for (unsigned j = 1; j < options_.jobs; ++j) // where the system gives no thread, the others do its work
      others.push_back(std::async(std::launch::async | std::launch::deferred, work));
    work();
    for (std::future<void>& other : others)
      other.get();
    return report;
  }

private:
  void judge(MutantResult& result) const {
    CompileOptions compile;
    compile.translations = false;
    compile.describes = false;
    const Compilation changed = compile_text(testing::mutated(original_.sources(), result.mutant), path_, compile);
    if (!changed.ok() || !changed.graph()) {
      result.state = State::refused;
      return;
    }
    const Graph& graph = *changed.graph();
    result.by = failing_block(graph);
    if (result.by.empty()) result.by = failing_file(changed, files_);
    if (!result.by.empty()) {
      result.state = State::killed;
      return;
    }
    for (const Probe& probe : probes_)
      if (notices(result, graph, probe)) return;
    const analyse::Budget& budget = options_.budget;
    SameMeaning same = compare_meaning(*original_.graph(), graph, budget);
    for (PatientCase& patient : same.patients) {
      Probe probe{std::move(patient), {}};
      probe.expected = expected_everything(*original_.graph(), reference::evaluate(*original_.graph(), probe.patient));
      if (notices(result, graph, probe)) return;
    }
    result.state = same.is_proved ? State::equivalent : State::undecided;
  }

  /// The same patient for a mutant. An imported input that nothing uses any more is none of its inputs.
  [[nodiscard]] PatientCase told_to(const Dictionary& mutant, PatientCase patient) const {
    const Dictionary& own = original_.graph()->dictionary;
    const auto translate = [&](std::vector<Fact>& facts) {
      std::vector<Fact> kept;
      for (Fact& fact : facts)
        for (std::size_t i = 0; i < mutant.inputs.size(); ++i)
          if (mutant.inputs[i].name == own[fact.input].name) {
            fact.input = InputId(i);
            kept.push_back(std::move(fact));
            break;
          }
      facts = std::move(kept);
    };
    translate(patient.facts);
    for (Event& event : patient.events)
      translate(event.facts);
    return patient;
  }

  /// A patient of whom the mutant says something else: the case that would notice it.
  bool notices(MutantResult& result, const Graph& graph, const Probe& probe) const {
    const std::vector<std::string> now =
        expected_everything(graph, reference::evaluate(graph, told_to(graph.dictionary, probe.patient)));
    std::vector<std::string> lost;
    for (const std::string& one : probe.expected)
      if (!std::count(now.begin(), now.end(), one)) lost.push_back(one);
    if (lost.empty()) return false;
    result.state = State::survived;
    const std::string words(testing::in_words(result.mutant.mutation));
    std::string title = fmt::format("notices line {}: {}", result.lines.line, words);
    std::erase(title, '`');
    result.killer = write_proposal(
        original_, fmt::format("line-{}-{}", result.lines.line, testing::to_text(result.mutant.mutation)), title, {},
        probe.patient, lost);
    return true;
  }

  const Compilation& original_;
  const std::string& path_;
  const MutationOptions& options_;
  std::vector<CaseFile> files_;
  std::vector<Probe> probes_;
};

} // namespace

std::string_view to_text(State state) {
  static constexpr std::string_view words[] = {"killed", "refused", "equivalent", "survived", "undecided"};
  return words[static_cast<std::size_t>(state)];
}

std::size_t mutant_count(const Compilation& compilation) { return mutants_in(compilation).size(); }

std::size_t MutationReport::count(State state) const {
  return static_cast<std::size_t>(
      std::count_if(mutants.begin(), mutants.end(), [&](const MutantResult& one) { return one.state == state; }));
}

double MutationReport::score() const {
  const std::size_t killed = count(State::killed), all = killed + count(State::survived) + count(State::undecided);
  if (all == 0) return 100;
  const std::size_t tenths = killed * 1000 / all; // rounded down: 100 is all of them
  return static_cast<double>(tenths) / 10;
}

MutationReport mutate(const Compilation& compilation, const std::string& path, const MutationOptions& options) {
  return Trial(compilation, path, options).run();
}

} // namespace aceso::driver
