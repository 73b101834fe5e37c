/// Differentials: arguments for and against each candidate, with the bounds that unknown arguments leave.
#include <algorithm>

#include "reference/evaluator.h"

namespace aceso::reference {

using graph::Differential;

namespace {

/// Adds to a bound; weights and their number are bounded by the checker, so the sum fits.
void increase(Rational& bound, Rational by) { bound = Rational::add(bound, by).value_or(bound); }

bool leads_by(Rational a, Rational b, Rational margin) {
  const auto lead = Rational::subtract(a, b);
  return lead && *lead >= margin;
}

struct Standing {
  Truth confirmed = Truth::no, excluded = Truth::no;
};

/// yes: wins however the open arguments turn out; no: cannot win. A candidate wins when it is confirmed and no other
/// is, or when nobody is confirmed and its score reaches `needs` and leads all others that are not excluded.
Truth wins(const Differential& d, const std::vector<CandidateResult>& c, const std::vector<Standing>& s,
           std::size_t i) {
  Truth other_confirmed = Truth::no;
  for (std::size_t k = 0; k < c.size(); ++k)
    if (k != i) other_confirmed = other_confirmed | (s[k].confirmed & !s[k].excluded);
  const Truth confirmed = s[i].confirmed & !s[i].excluded & !other_confirmed;
  Truth by_score = c[i].lowest >= d.needs ? Truth::yes : c[i].highest >= d.needs ? Truth::unknown : Truth::no;
  for (std::size_t k = 0; k < c.size(); ++k) {
    if (k == i) continue;
    const Truth leads = leads_by(c[i].lowest, c[k].highest, d.ahead_by)   ? Truth::yes
                        : leads_by(c[i].highest, c[k].lowest, d.ahead_by) ? Truth::unknown
                                                                          : Truth::no;
    by_score = by_score & (leads | s[k].excluded);
  }
  return confirmed | (by_score & !s[i].excluded & !other_confirmed);
}

} // namespace

DifferentialResult Evaluator::differential(DifferentialId id) {
  const Differential& d = graph_.differentials[id.index()];
  const DifferentialInfo& info = graph_.dictionary.differentials[id.index()];
  DifferentialResult result;
  result.differential = id;
  std::vector<Standing> standing(info.candidates.size());
  for (const Choice candidate : info.candidates)
    result.candidates.push_back({candidate, {}, {}, false, false, {}, {}});
  for (std::size_t a = 0; a < d.arguments.size(); ++a) {
    const graph::Argument& argument = d.arguments[a];
    CandidateResult& c = result.candidates[argument.candidate];
    const Rational weight = argument.is_for ? argument.weight : Rational::subtract(0, argument.weight).value_or(0);
    const Truth holds = truth(argument.condition);
    if (holds == Truth::yes) (argument.is_for ? c.arguments_for : c.arguments_against).push_back(info.arguments[a]);
    if (holds == Truth::yes || (holds == Truth::unknown && weight < Rational(0))) increase(c.lowest, weight);
    if (holds == Truth::yes || (holds == Truth::unknown && weight > Rational(0))) increase(c.highest, weight);
  }
  for (const auto& verdict : d.verdicts) {
    Truth& side = verdict.confirms ? standing[verdict.candidate].confirmed : standing[verdict.candidate].excluded;
    side = side | truth(verdict.condition);
  }
  bool open = false;
  for (std::size_t i = 0; i < result.candidates.size(); ++i) {
    result.candidates[i].confirmed = standing[i].confirmed == Truth::yes;
    result.candidates[i].excluded = standing[i].excluded == Truth::yes;
    const Truth won = wins(d, result.candidates, standing, i);
    if (won == Truth::yes) result.decided = info.candidates[i];
    open |= won == Truth::unknown;
  }
  if (result.decided) {
    result.status = DifferentialStatus::decided;
  } else if (open) {
    result.status = DifferentialStatus::undetermined;
    InputSet missing;
    add_missing_of_differential(id, missing);
    result.missing.assign(missing.begin(), missing.end());
  } else {
    const auto strong_enough = std::count_if(result.candidates.begin(), result.candidates.end(), [&](const auto& c) {
      return !c.excluded && (c.confirmed || c.lowest >= d.needs);
    });
    result.status = strong_enough > 1 ? DifferentialStatus::tie : DifferentialStatus::none;
  }
  return result;
}

void Evaluator::add_missing_of_differential(DifferentialId id, InputSet& missing) {
  const Differential& d = graph_.differentials[id.index()];
  for (const auto& argument : d.arguments)
    add_missing(argument.condition, missing);
  for (const auto& verdict : d.verdicts)
    add_missing(verdict.condition, missing);
}

} // namespace aceso::reference
