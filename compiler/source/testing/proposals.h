#pragma once
/// Patients that a guideline should be tested with: on each threshold and beside it, and for each condition of each
/// decision one with whom it decides alone, as yes, as no and as unknown (masking MC/DC in three values: Chilenski and
/// Miller 1994, doi 10.1049/sej.1994.0025, with unknown as a third value of a condition). Found with the solver, shown
/// to the engine. The same guideline and the same budget in steps give the same patients.

#include "analyse/deep.h"
#include "testing/decisions.h"

namespace aceso::testing {

struct ProposalOptions {
  bool boundary = true, mcdc = true;
  /// Goals that one of these patients serves need no other.
  std::vector<PatientCase> known;
  analyse::Budget budget;
};

struct Goal {
  enum class Kind : std::uint8_t { boundary, mcdc } kind = Kind::mcdc;
  enum class State : std::uint8_t {
    served,     ///< by one of the proposed patients
    known,      ///< by one of ProposalOptions::known
    impossible, ///< proved: no patient serves it
    undecided
  } state = State::undecided;
  std::string text; ///< "conservative_care_duration one step below 4 weeks (27 d)"
  Topic topic = Topic::definition;
  std::uint32_t index = 0; ///< of the rule, definition ...
  std::string subject;     ///< the decision: "rule urgent_mri"
  Span span;
};

struct Proposal {
  PatientCase patient;
  std::vector<std::size_t> goals; ///< each goal belongs to one proposal
};

struct Proposals {
  std::vector<Goal> goals; ///< in the order of the text
  std::vector<Proposal> cases;
  std::uint64_t solver_questions = 0, patients_tried = 0;
  [[nodiscard]] std::size_t count(Goal::State state) const;
};

/// `graph` has to be sound; `file` is that of the guideline in `sources`.
[[nodiscard]] Proposals propose(const graph::Graph& graph, const source::SourceSet& sources, std::uint32_t file,
                                const ProposalOptions& options);

} // namespace aceso::testing
