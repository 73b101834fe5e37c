#include "analyse/sat.h"

#include <cadical.hpp>

#include <fstream>
#include <utility>

namespace aceso::analyse {

struct Sat::Solver final : CaDiCaL::Terminator {
  CaDiCaL::Solver cadical;
  std::optional<std::chrono::steady_clock::time_point> end;
  bool terminate() override { return end && std::chrono::steady_clock::now() >= *end; }
};

Sat::Sat(Budget budget) : solver_(std::make_unique<Solver>()), budget_(budget) {
  solver_->cadical.set("quiet", 1);
  // Guesses that are tried anew at each question: they cost more than they bring with thousands of questions.
  solver_->cadical.set("lucky", 0);
  solver_->cadical.set("walk", 0);
  solver_->end = budget.end;
  if (budget.end) solver_->cadical.connect_terminator(solver_.get());
}

Sat::~Sat() {
  if (budget_.end) solver_->cadical.disconnect_terminator();
}

void Sat::add(const std::vector<Lit>& clause) {
  for (const Lit literal : clause)
    solver_->cadical.add(literal);
  solver_->cadical.add(0);
  ++clauses_;
  if (!records_) return;
  recorded_.insert(recorded_.end(), clause.begin(), clause.end());
  recorded_.push_back(0);
}

void Sat::add(std::initializer_list<Lit> clause) {
  for (const Lit literal : clause)
    solver_->cadical.add(literal);
  solver_->cadical.add(0);
  ++clauses_;
  if (!records_) return;
  recorded_.insert(recorded_.end(), clause.begin(), clause.end());
  recorded_.push_back(0);
}

void Sat::record() { records_ = true; }

std::vector<Sat::Asked> Sat::take_asked() { return std::exchange(asked_, {}); }

bool Sat::certify(const Asked& asked, const std::string& stem) const {
  std::vector<Lit> clauses = recorded_;
  for (const Lit literal : asked.assumptions)
    clauses.insert(clauses.end(), {literal, 0});
  std::ofstream cnf(stem + ".cnf");
  cnf << "p cnf " << last_ << ' ' << clauses_ + asked.assumptions.size() << '\n';
  for (const Lit literal : clauses)
    cnf << literal << (literal == 0 ? '\n' : ' ');
  cnf.close();
  if (!cnf) return false;
  if (asked.answer != Answer::unsatisfiable) return true;
  CaDiCaL::Solver solver;
  solver.set("quiet", 1);
  // Without steps that change what is satisfiable, so that each line of the proof follows from those before it.
  solver.configure("plain");
  solver.set("binary", 0);
  if (!solver.trace_proof((stem + ".drat").c_str())) return false;
  for (const Lit literal : clauses)
    solver.add(literal);
  solver.limit("conflicts", budget_.steps_per_question);
  const bool is_proved = solver.solve() == 20;
  solver.close_proof_trace();
  return is_proved;
}

void Sat::prefer(Lit literal) { solver_->cadical.phase(literal); }

Answer Sat::solve(const std::vector<Lit>& assumptions) {
  ++questions_;
  for (const Lit literal : assumptions)
    solver_->cadical.assume(literal);
  solver_->cadical.limit("conflicts", budget_.steps_per_question);
  const int status = solver_->cadical.solve();
  const Answer answer = status == 10 ? Answer::satisfiable : status == 20 ? Answer::unsatisfiable : Answer::gave_up;
  if (records_) asked_.push_back({assumptions, answer});
  return answer;
}

bool Sat::is_true(Lit literal) const { return solver_->cadical.val(literal) > 0; }
bool Sat::blames(Lit assumption) const { return solver_->cadical.failed(assumption); }

std::vector<Lit> Sat::minimal_core(const std::vector<Lit>& assumptions) {
  const auto blamed = [&](const std::vector<Lit>& from) {
    std::vector<Lit> core;
    for (const Lit literal : from)
      if (blames(literal)) core.push_back(literal);
    return core;
  };
  const bool records = std::exchange(records_, false); // no clause is added here
  std::vector<Lit> core = blamed(assumptions);
  for (std::size_t i = 0; i < core.size();) {
    std::vector<Lit> rest = core;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
    if (solve(rest) != Answer::unsatisfiable) {
      ++i; // needed
      continue;
    }
    const std::vector<Lit> smaller = blamed(rest);
    // What stands before `i` was needed for a larger set, and so is needed for this one.
    core = smaller;
  }
  records_ = records;
  return core;
}

} // namespace aceso::analyse
