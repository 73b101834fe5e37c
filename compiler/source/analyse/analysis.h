#pragma once
/// What the single checks share: one solver, one encoding, one place for findings.

#include <fmt/format.h>

#include "analyse/deep.h"

namespace aceso::analyse {

class Analysis {
public:
  Analysis(const graph::Graph& graph, const DeepOptions& options);

  void run(const DeepOptions& options);
  /// For each stage that a patient was shown to reach, a history that leads into it.
  WitnessBuilder::Histories find_histories() {
    explore_pathway();
    return witnesses_.histories();
  }
  DeepReport report;

private:
  using Shows = WitnessBuilder::Shows;
  struct Reply {
    Verdict verdict = Verdict::undecided; ///< proved: no patient fits; refuted: `witness` does
    std::optional<Witness> witness;
  };

  // ---- asking
  /// Is there a patient for whom all of `wanted` hold, and whom `shows` recognises?
  Reply ask(std::vector<Lit> wanted, const Shows& shows);
  Reply ask(diagnostics::Kind check, std::string subject, std::vector<Lit> wanted, const Shows& shows);
  void note(diagnostics::Kind check, std::string subject, Verdict verdict);
  Finding& find(std::string subject, diagnostics::Diagnostic diagnostic, std::optional<Witness> witness);
  template <class... Args>
  diagnostics::Diagnostic complaint(diagnostics::Kind kind, graph::Span span, const Args&... args) {
    return {kind, span, fmt::format(fmt::runtime(diagnostics::info(kind).message), args...), {}, {}};
  }
  [[nodiscard]] const std::vector<Lit>& switches() const { return encoding_.constraint_switches(); }

  // ---- find_unreachable.cpp
  struct Part {
    Lit literal;
    graph::Span span;
    std::string text;
  };
  void find_unreachable();
  /// The conjuncts of a condition, definitions unfolded once.
  void add_parts(NodeId id, std::vector<Part>& parts);
  /// Asks whether the parts can hold together, and reports that they cannot, with those to blame.
  void check_reachable(const std::string& subject, const std::string& words, graph::Span span, std::vector<Part> parts,
                       const Shows& shows);
  // ---- find_in_tables.cpp
  void find_in_tables();
  void check_table(NodeId id, const std::string& name);
  [[nodiscard]] std::string row_words(NodeId table, std::size_t row) const;
  // ---- find_conflicts.cpp
  void find_conflicts();
  void find_redundant();
  void check_redundant_conditions(RuleId rule);
  void find_withdrawn();
  // ---- find_in_pathway.cpp
  void find_in_pathway();
  void explore_pathway();
  bool try_transition(std::size_t transition, StageId from);
  /// Can a patient stand in `stage` without ever having been in `avoided`?
  Reply reach_without(StageId stage, StageId avoided, const Shows& shows);
  // ---- find_violations.cpp
  void find_violations(const std::vector<std::string>& only);
  void find_uncited();

  const graph::Graph& graph_;
  Sat sat_;
  Encoding encoding_;
  WitnessBuilder witnesses_;
  std::optional<Lit> settled_; ///< no way out of the present stage is open
  std::vector<bool> stage_reached_, stage_excluded_;
  std::vector<std::vector<std::size_t>> ways_; ///< by stage: transitions that a patient was shown to take
  std::vector<bool> transition_impossible_;
};

} // namespace aceso::analyse
