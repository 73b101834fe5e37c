#include "module/differential_weights.h"

#include <numeric>

namespace aceso {

std::optional<DifferentialWeights> whole_weights(const ModuleDifferential& differential) {
  constexpr Int128 most = Int128{1} << 62;
  Int128 common = 1; // denominator
  const auto take_in = [&](Rational r) {
    common = common / std::gcd(static_cast<std::int64_t>(common), r.denominator()) * r.denominator();
    return common < most;
  };
  bool fits = take_in(differential.needs) && take_in(differential.ahead_by);
  for (const ModuleArgument& argument : differential.arguments)
    fits = fits && take_in(argument.weight);
  if (!fits) return std::nullopt;
  DifferentialWeights result;
  result.unit = *Rational::make(1, common);
  Int128 total = 0; // of what the largest bounds can reach
  const auto whole = [&](Rational r) {
    const Int128 value = static_cast<Int128>(r.numerator()) * (common / r.denominator());
    total += value < 0 ? -value : value;
    fits = fits && total < most;
    return static_cast<std::int64_t>(value);
  };
  result.needs = whole(differential.needs);
  result.ahead_by = whole(differential.ahead_by);
  for (const ModuleArgument& argument : differential.arguments)
    result.arguments.push_back(argument.is_for ? whole(argument.weight) : -whole(argument.weight));
  return fits ? std::optional(std::move(result)) : std::nullopt;
}

} // namespace aceso
