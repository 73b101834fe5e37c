#include "batch/symbols.h"

namespace aceso::batch {

SymbolicTruth Symbols::constant(Truth truth) {
  return truth == Truth::unknown ? unknown(UnknownReason::not_asked) : known(truth == Truth::yes ? always : never);
}

SymbolicTruth Symbols::unknown(UnknownReason reason) { return {never, never, because_of(reason, always)}; }

Because Symbols::because_of(UnknownReason reason, Literal where) {
  Because result{};
  result[static_cast<std::size_t>(reason)] = where;
  return result;
}

Because Symbols::first_reason(Literal where, std::span<const Because> list) {
  Because result{};
  std::vector<std::size_t> there;
  for (std::size_t r = 0; r < reasons; ++r)
    for (const Because& each : list)
      if (each[r] != never && (there.empty() || there.back() != r)) there.push_back(r);
  if (where == never || there.empty()) return result;
  if (there.size() == 1) {
    result[there.front()] = where;
    return result;
  }
  Literal open = where; // rows for which no reason has been found
  for (const std::size_t r : there) {
    std::vector<Literal> any;
    for (const Because& each : list)
      any.push_back(each[r]);
    const Literal holds = r == there.back() ? always : build_.any_of(std::move(any));
    result[r] = build_.both(open, holds);
    open = build_.both(open, !holds);
  }
  return result;
}

Because Symbols::choose(Literal where, const Because& a, const Because& b) {
  Because result{};
  for (std::size_t r = 0; r < reasons; ++r)
    result[r] = build_.choose(where, a[r], b[r]);
  return result;
}

SymbolicTruth Symbols::conjunction(std::span<const SymbolicTruth> list) {
  std::vector<Literal> yes, no;
  std::vector<Because> because;
  for (const SymbolicTruth& each : list) {
    yes.push_back(each.yes);
    no.push_back(each.no);
    because.push_back(each.because);
  }
  SymbolicTruth result{build_.all_of(std::move(yes)), build_.any_of(std::move(no)), {}};
  result.because = first_reason(unknown_of(result), because);
  return result;
}

SymbolicTruth Symbols::disjunction(std::span<const SymbolicTruth> list) {
  std::vector<SymbolicTruth> negated;
  for (const SymbolicTruth& each : list)
    negated.push_back(negation(each));
  return negation(conjunction(negated));
}

SymbolicTruth Symbols::conjunction(const SymbolicTruth& a, const SymbolicTruth& b) {
  const std::array<SymbolicTruth, 2> both = {a, b};
  return conjunction(both);
}
SymbolicTruth Symbols::disjunction(const SymbolicTruth& a, const SymbolicTruth& b) {
  const std::array<SymbolicTruth, 2> both = {a, b};
  return disjunction(both);
}

SymbolicTruth Symbols::at_least(std::uint32_t needed, std::span<const SymbolicTruth> list) {
  std::vector<Literal> hits, possible;
  std::vector<Because> because;
  for (const SymbolicTruth& each : list) {
    hits.push_back(each.yes);
    possible.push_back(!each.no);
    because.push_back(each.because);
  }
  const auto reaches = [&](std::span<const Literal> literals) {
    return !is_below(count(literals), constant(std::int64_t{needed}));
  };
  SymbolicTruth result{reaches(hits), never, {}};
  result.no = hits == possible ? !result.yes : !reaches(possible);
  result.because = first_reason(unknown_of(result), because);
  return result;
}

SymbolicTruth Symbols::equal(const SymbolicTruth& a, const SymbolicTruth& b) {
  SymbolicTruth result;
  result.yes = build_.either(build_.both(a.yes, b.yes), build_.both(a.no, b.no));
  result.no = build_.either(build_.both(a.yes, b.no), build_.both(a.no, b.yes));
  if (a.is_always_known() && b.is_always_known()) result = known(!build_.exclusive_or(a.yes, b.yes));
  const std::array<Because, 2> both = {a.because, b.because};
  result.because = first_reason(unknown_of(result), both);
  return result;
}

SymbolicTruth Symbols::choose(const SymbolicTruth& condition, const SymbolicTruth& a, const SymbolicTruth& b) {
  SymbolicTruth result;
  if (condition.is_always_known()) {
    result = {build_.choose(condition.yes, a.yes, b.yes), build_.choose(condition.yes, a.no, b.no),
              choose(condition.yes, a.because, b.because)};
    return result;
  }
  // An unknown condition does not matter where both sides are known and agree.
  const auto side = [&](Literal x, Literal y) {
    return build_.any_of({build_.both(condition.yes, x), build_.both(condition.no, y), build_.both(x, y)});
  };
  result.yes = side(a.yes, b.yes), result.no = side(a.no, b.no);
  const Literal open = unknown_of(result);
  const Because of_side = choose(condition.yes, a.because, b.because);
  const Because all = choose(unknown_of(condition), condition.because, of_side);
  for (std::size_t r = 0; r < reasons; ++r)
    result.because[r] = build_.both(open, all[r]);
  return result;
}

} // namespace aceso::batch
