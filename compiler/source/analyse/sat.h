#pragma once
/// The SAT solver (CaDiCaL) behind a small face. Deterministic: the same calls give the same answers.
/// Not thread-safe; one solver for each analysis.

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace aceso::analyse {

/// A variable (positive) or its negation, as in DIMACS; never 0.
using Lit = int;

enum class Answer : std::uint8_t { satisfiable, unsatisfiable, gave_up };

/// What one analysis may spend. Steps are conflicts of the solver, so a budget in steps gives the same result on every
/// machine; one in seconds need not, and is therefore off unless it is asked for.
struct Budget {
  int steps_per_question = 200'000;
  /// What the solver leaves open (arithmetic of real numbers, series) is tried value by value, and each value that is
  /// worked out counts as so many steps.
  static constexpr int steps_per_try = 100;
  [[nodiscard]] std::uint64_t tries_per_question() const {
    return static_cast<std::uint64_t>(steps_per_question > steps_per_try ? steps_per_question / steps_per_try : 1);
  }
  std::optional<std::chrono::steady_clock::time_point> end; ///< no end unless the user gave seconds
};

class Sat {
public:
  explicit Sat(Budget budget = {});
  ~Sat();
  Sat(const Sat&) = delete;
  Sat& operator=(const Sat&) = delete;

  [[nodiscard]] Lit fresh() { return ++last_; }
  void add(const std::vector<Lit>& clause);
  void add(std::initializer_list<Lit> clause);
  /// The first choice for a variable that nothing decides.
  void prefer(Lit literal);

  [[nodiscard]] Answer solve(const std::vector<Lit>& assumptions);
  /// After `satisfiable`.
  [[nodiscard]] bool is_true(Lit literal) const;
  /// After `unsatisfiable`: this assumption belongs to the contradiction.
  [[nodiscard]] bool blames(Lit assumption) const;
  /// The part of `assumptions` that alone is contradictory, none of it dispensable (deletion, in order); needs an
  /// `unsatisfiable` answer to these assumptions. Best effort where the budget ends.
  [[nodiscard]] std::vector<Lit> minimal_core(const std::vector<Lit>& assumptions);

  /// From now on every clause and question is kept, so that certificates can be written; before the first clause.
  void record();
  struct Asked {
    std::vector<Lit> assumptions;
    Answer answer = Answer::gave_up;
  };
  /// The questions since the last call, without those that only made a core smaller. Nothing without `record`.
  [[nodiscard]] std::vector<Asked> take_asked();
  /// Writes `stem`.cnf, the clauses and the assumptions as units, in DIMACS. Of what is unsatisfiable also `stem`.drat,
  /// the proof of a solver of its own that starts from this file's clauses. False where that could not be done.
  [[nodiscard]] bool certify(const Asked& asked, const std::string& stem) const;

  [[nodiscard]] Lit variables() const { return last_; }
  [[nodiscard]] std::uint64_t clauses() const { return clauses_; }
  [[nodiscard]] std::uint64_t questions() const { return questions_; }

private:
  struct Solver;
  std::unique_ptr<Solver> solver_;
  Budget budget_;
  Lit last_ = 0;
  std::uint64_t clauses_ = 0, questions_ = 0;
  bool records_ = false;
  std::vector<Lit> recorded_; ///< clauses, each ended by 0
  std::vector<Asked> asked_;
};

} // namespace aceso::analyse
