#include "module/input_units.h"

#include <algorithm>

namespace aceso {

std::optional<units::Conversion> conversion_for(const InputInfo& input, std::string_view from, std::string_view to) {
  if (const auto plain = units::conversion(from, to)) return plain;
  return input.molar_mass ? units::conversion_by_molar_mass(from, to, *input.molar_mass) : std::nullopt;
}

bool lies_on_steps(const InputInfo& input, const TypeInfo& type, Rational value) {
  if (!type.step || Rational::is_on_step(value, type.minimum.value_or(Rational(0)), *type.step)) return true;
  return std::any_of(input.accepted_units.begin(), input.accepted_units.end(), [&](const AcceptedUnit& accepted) {
    const auto map = accepted.step ? conversion_for(input, type.unit, accepted.code) : std::nullopt;
    const auto scaled = map ? Rational::multiply(value, map->factor) : std::nullopt;
    const auto amount = scaled ? Rational::add(*scaled, map->offset) : std::nullopt;
    return amount && Rational::is_on_step(*amount, 0, *accepted.step);
  });
}

} // namespace aceso
