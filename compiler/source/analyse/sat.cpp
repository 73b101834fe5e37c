#include "analyse/sat.h"

#include <cadical.hpp>

namespace aceso::analyse {

struct Sat::Solver final : CaDiCaL::Terminator {
  CaDiCaL::Solver cadical;
  std::optional<std::chrono::steady_clock::time_point> end;
  bool terminate() override { return end && std::chrono::steady_clock::now() >= *end; }
};

Sat::Sat(Budget budget) : solver_(std::make_unique<Solver>()), budget_(budget) {
  solver_->cadical.set("quiet", 1);
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
}

void Sat::add(std::initializer_list<Lit> clause) {
  for (const Lit literal : clause)
    solver_->cadical.add(literal);
  solver_->cadical.add(0);
  ++clauses_;
}

void Sat::prefer(Lit literal) { solver_->cadical.phase(literal); }

Answer Sat::solve(const std::vector<Lit>& assumptions) {
  ++questions_;
  for (const Lit literal : assumptions)
    solver_->cadical.assume(literal);
  solver_->cadical.limit("conflicts", budget_.steps_per_question);
  const int status = solver_->cadical.solve();
  return status == 10 ? Answer::satisfiable : status == 20 ? Answer::unsatisfiable : Answer::gave_up;
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
  return core;
}

} // namespace aceso::analyse
