#include "module/input_units.h"

#include <algorithm>
#include <array>
#include <utility>

namespace aceso {
namespace {

/// Lengths of time are what is converted most: in seconds, as UCUM has them. 0 for other units.
std::int64_t plain_seconds(std::string_view unit) {
  constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> lengths{
      {{"d", 86'400}, {"wk", 604'800}, {"h", 3600}, {"min", 60}, {"s", 1}}};
  for (const auto& [code, seconds] : lengths)
    if (unit == code) return seconds;
  return 0;
}

} // namespace

std::optional<units::Conversion> conversion_for(const InputInfo& input, std::string_view from, std::string_view to) {
  if (const std::int64_t seconds = plain_seconds(from))
    if (const std::int64_t target = plain_seconds(to)) return units::Conversion{*Rational::make(seconds, target), 0};
  if (const auto plain = units::conversion(from, to)) return plain;
  const auto accepts = [&](std::string_view unit) {
    return std::any_of(input.accepted_units.begin(), input.accepted_units.end(),
                       [&](const AcceptedUnit& accepted) { return accepted.code == unit; });
  };
  if (accepts(from) || accepts(to))
    if (const auto ion = units::conversion_at_charge_one(from, to)) return ion;
  return input.molar_mass ? units::conversion_by_molar_mass(from, to, *input.molar_mass) : std::nullopt;
}

std::optional<Rational> converted(const InputInfo& input, std::string_view from, std::string_view to, Rational value) {
  const auto map = conversion_for(input, from, to);
  const auto scaled = map ? Rational::multiply(value, map->factor) : std::nullopt;
  return scaled ? Rational::add(*scaled, map->offset) : std::nullopt;
}

bool lies_on_steps(const InputInfo& input, const TypeInfo& type, Rational value) {
  if (!type.step || Rational::is_on_step(value, type.minimum.value_or(Rational(0)), *type.step)) return true;
  return std::any_of(input.accepted_units.begin(), input.accepted_units.end(), [&](const AcceptedUnit& accepted) {
    const auto amount = accepted.step ? converted(input, type.unit, accepted.code, value) : std::nullopt;
    return amount && Rational::is_on_step(*amount, 0, *accepted.step);
  });
}

std::string fact_text(const Dictionary& dictionary, InputId input, const Value& value) {
  const InputInfo& info = dictionary[input];
  std::string text = to_text(dictionary, info.type, value);
  if (!value.is<Rational>() || value.as<Rational>().to_text().find('/') == std::string::npos) return text;
  for (const AcceptedUnit& accepted : info.accepted_units) {
    const auto amount = converted(info, dictionary[info.type].unit, accepted.code, value.as<Rational>());
    if (!amount) continue;
    if (std::string number = amount->to_text(); number.find('/') == std::string::npos)
      return number + " " + accepted.code;
  }
  return text;
}

} // namespace aceso
