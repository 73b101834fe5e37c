#pragma once
/// From a patient who is there to one who shows something else: one fact changed at a time, towards the better grade.
/// For what the solver leaves open: products of measured values, rounded formulas, what a history does besides.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "graph/graph.h"
#include "reference/engine.h"

namespace aceso::testing {

class NearbyPatients {
public:
  /// `inputs`: what may be changed. `most_evaluations` bounds each search.
  NearbyPatients(const graph::Graph& graph, std::vector<std::uint32_t> inputs, std::uint64_t most_evaluations);

  struct Aim {
    /// 1: shows it; less: how near he comes. Negative: he cannot be, or is no better than nobody.
    std::function<double(const reference::Evaluation&)> grade;
    /// A number that has to come out so, if that is part of it.
    NodeId subject;
    std::optional<Rational> wanted;
    /// Both below what is wanted, or both not.
    [[nodiscard]] bool is_beside(const Rational& a, const Rational& b) const {
      return !wanted || (a < *wanted) == (b < *wanted);
    }
  };

  /// The patient with as few facts as show it. The same for the same starts in the same order.
  [[nodiscard]] std::optional<PatientCase> find(const std::vector<PatientCase>& starts, const Aim& aim);

  [[nodiscard]] std::uint64_t evaluations() const { return evaluations_; }

private:
  struct Candidate {
    double grade = 0;
    PatientCase patient;
    std::optional<Rational> subject;
    bool is_expanded = false;
  };
  [[nodiscard]] Candidate graded(PatientCase patient, const Aim& aim);
  /// Keeps the patient where he is new; true if he shows it.
  bool keep(Candidate candidate);
  struct Point {
    Rational at, subject;
  };
  bool try_number(const PatientCase& from, InputId input, const Rational& number, std::optional<Point>& point,
                  const Aim& aim);
  bool halve(const PatientCase& from, InputId input, Point low, Point high, const Aim& aim);
  bool solve_pairs(const PatientCase& from, const Aim& aim);
  bool expand(const Candidate& from, const Aim& aim);
  bool sweep(const PatientCase& from, InputId input, const Aim& aim);
  [[nodiscard]] std::vector<Rational> numbers_for(InputId input, const Value& present) const;
  [[nodiscard]] PatientCase made_small(PatientCase patient, const Aim& aim);

  const graph::Graph& graph_;
  std::vector<std::uint32_t> inputs_;
  std::vector<std::vector<Rational>> thresholds_; ///< by input: what it is compared with directly
  std::uint64_t most_evaluations_, evaluations_ = 0, last_ = 0;
  std::vector<Candidate> candidates_;
  std::vector<std::string> seen_; ///< sorted
};

} // namespace aceso::testing
