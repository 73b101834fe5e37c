#pragma once
/// Two guidelines that may both apply to one patient: does one advise what the other advises against, or what must not
/// be advised together with the other's advice?

#include "analyse/pair_questions.h"

namespace aceso::analyse {

struct CompareOptions {
  Budget budget;
};

/// One way in which the guidelines may contradict each other.
struct Collision {
  enum class Kind : std::uint8_t { opposed, at_most_one, interaction } kind = Kind::opposed;
  std::size_t actions[2] = {0, 0}; ///< by side: positions in the matching; opposed: the same one twice
  bool in_favour[2] = {true, true};
  std::string because;                  ///< name of the class, text of the interaction
  Verdict verdict = Verdict::undecided; ///< proved: no patient meets both
  std::optional<PairWitness> witness;
  std::vector<RuleId> rules[2];
  Said said[2];
};

struct CompareReport {
  std::vector<std::string> shared_inputs; ///< "`age` is `patient_age` (the same code)"
  std::vector<std::string> shared_actions;
  std::vector<std::string> left_out;
  std::vector<Collision> collisions;
  std::uint64_t solver_questions = 0, patients_tried = 0;
  [[nodiscard]] std::size_t count(Verdict verdict) const;
};

[[nodiscard]] CompareReport compare(JointGraph& joint, const CompareOptions& options = {});

} // namespace aceso::analyse
