#include "analyse/deep.h"

#include <algorithm>
#include <tuple>

#include "analyse/analysis.h"

namespace aceso::analyse {

using diagnostics::Kind;

std::string_view to_text(Verdict verdict) {
  return verdict == Verdict::proved ? "proved" : verdict == Verdict::refuted ? "refuted" : "undecided";
}

std::size_t DeepReport::count(Verdict verdict) const {
  return static_cast<std::size_t>(
      std::count_if(questions.begin(), questions.end(), [&](const Question& q) { return q.verdict == verdict; }));
}

Analysis::Analysis(const graph::Graph& graph, const DeepOptions& options)
    : graph_(graph), sat_(options.budget), encoding_(graph, sat_), witnesses_(graph),
      stage_reached_(graph.dictionary.stages.size()), stage_excluded_(graph.dictionary.stages.size()),
      ways_(graph.dictionary.stages.size()) {}

Analysis::Reply Analysis::ask(std::vector<Lit> wanted, const Shows& shows) {
  constexpr int most_models = 25;
  wanted.insert(wanted.end(), switches().begin(), switches().end());
  // First a patient who stays in the stage; whether there is none at all is asked without that.
  const bool with_stage = encoding_.uses_stage() && settled_;
  if (with_stage) wanted.push_back(*settled_);
  std::optional<Lit> ruled_out;
  for (int i = 0; i < most_models; ++i) {
    const Answer answer = sat_.solve(wanted);
    if (answer == Answer::gave_up) return {};
    if (answer == Answer::unsatisfiable) {
      if (ruled_out) return {}; // only because models were ruled out that no engine showed
      if (!with_stage || !sat_.blames(*settled_)) return {Verdict::proved, {}};
      wanted.erase(std::find(wanted.begin(), wanted.end(), *settled_));
      const Answer without = sat_.solve(wanted);
      if (without == Answer::unsatisfiable) return {Verdict::proved, {}};
      if (without == Answer::gave_up) return {};
    }
    if (auto witness = witnesses_.from_model(encoding_, shows)) return {Verdict::refuted, std::move(witness)};
    std::vector<Lit> clause;
    for (const Lit literal : encoding_.found_free_literals())
      clause.push_back(-literal);
    if (const auto stage = encoding_.found_stage()) clause.push_back(-encoding_.stage(*stage));
    if (clause.empty()) return {}; // nothing was free, and still the engine does not show it
    if (!ruled_out) {
      ruled_out = sat_.fresh();
      wanted.push_back(*ruled_out);
    }
    clause.push_back(-*ruled_out);
    sat_.add(clause);
  }
  return {};
}

Analysis::Reply Analysis::ask(Kind check, std::string subject, std::vector<Lit> wanted, const Shows& shows) {
  Reply reply = ask(std::move(wanted), shows);
  note(check, std::move(subject), reply.verdict);
  return reply;
}

void Analysis::note(Kind check, std::string subject, Verdict verdict) {
  report.questions.push_back({check, std::move(subject), verdict});
}

Finding& Analysis::find(std::string subject, diagnostics::Diagnostic diagnostic, std::optional<Witness> witness) {
  report.findings.push_back({std::move(diagnostic), std::move(witness), std::move(subject)});
  return report.findings.back();
}

void Analysis::run(const DeepOptions& options) {
  explore_pathway();
  find_violations(options.only_properties);
  if (options.only_properties.empty()) {
    find_conflicts();
    find_withdrawn();
    find_in_tables();
    find_unreachable();
    find_redundant();
    find_in_pathway();
    find_uncited();
  }
  std::stable_sort(report.findings.begin(), report.findings.end(), [](const Finding& a, const Finding& b) {
    const auto key = [](const Finding& f) {
      return std::tuple(f.diagnostic.span.file, f.diagnostic.span.begin, static_cast<int>(f.diagnostic.kind));
    };
    return key(a) < key(b);
  });
  report.solver_questions = sat_.questions();
  report.patients_tried = witnesses_.evaluations();
}

DeepReport deep_check(const graph::Graph& graph, const DeepOptions& options) {
  Analysis analysis(graph, options);
  analysis.run(options);
  return std::move(analysis.report);
}

} // namespace aceso::analyse
