#include "values/units.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "values/unit_meaning.h"
#include "values/unit_suggestions.h"
#include "values/unit_syntax.h"

namespace aceso::units {
namespace {

/// Where the scale of a unit begins: reading 0 of the unit lies this many steps above the zero of its dimension.
std::optional<Rational> zero_point(const UnitMeaning& unit) {
  if (!unit.special) return Rational(0);
  switch (unit.special->kind) {
  case UnitKind::celsius: return Rational::make(27'315, 100);
  case UnitKind::fahrenheit: return Rational::make(45'967, 100);
  case UnitKind::reaumur: return Rational::make(21'852, 100);
  default: return std::nullopt;
  }
}

/// numerator / denominator, where it is rational and fits.
std::optional<Rational> ratio(const UnitFactor& numerator, const UnitFactor& denominator) {
  UnitFactor quotient = numerator;
  quotient.multiply_by(denominator, -1);
  return quotient.pi_power() == 0 ? quotient.rational_part() : std::nullopt;
}

/// With s = scale, z = zero point and u = factor of each side, (value * s1 + z1) * u1 = (result * s2 + z2) * u2.
std::optional<Conversion> affine_conversion(const UnitMeaning& from, const UnitMeaning& to) {
  const auto from_zero = zero_point(from);
  const auto to_zero = zero_point(to);
  if (!from_zero || !to_zero) return std::nullopt;
  UnitFactor from_size = from.factor;
  from_size.multiply_by(from.scale);
  UnitFactor to_size = to.factor;
  to_size.multiply_by(to.scale);
  const auto factor = ratio(from_size, to_size);
  if (!factor) return std::nullopt;
  if (*from_zero == Rational(0) && *to_zero == Rational(0)) return Conversion{*factor, 0};

  const auto zero_ratio = ratio(from.factor, to.factor);
  const auto scale = to.scale.rational_part();
  if (!zero_ratio || !scale) return std::nullopt;
  const auto moved = Rational::multiply(*from_zero, *zero_ratio);
  const auto distance = moved ? Rational::subtract(*moved, *to_zero) : std::nullopt;
  const auto offset = distance ? Rational::divide(*distance, *scale) : std::nullopt;
  if (!offset) return std::nullopt;
  return Conversion{*factor, *offset};
}

/// Collects the components of a product, each symbol once, in the order of their first appearance.
class ProductWriter {
public:
  /// False where a unit is special or not valid.
  bool multiply_by(std::string_view code, int power) {
    const auto parsed = parse_unit(code);
    const auto* components = std::get_if<0>(&parsed);
    if (!components) return false;
    return std::ranges::all_of(*components, [&](const UnitComponent& part) { return add(part, power); });
  }

  [[nodiscard]] std::optional<std::string> code() const {
    std::string above = numerator_ == 1 ? "" : std::to_string(numerator_);
    std::string below = denominator_ == 1 ? "" : "/" + std::to_string(denominator_);
    for (const UnitComponent& part : parts_) {
      if (part.symbol.atom) {
        write(part.exponent > 0 ? above : below, part.exponent > 0 ? "." : "/", part, std::abs(part.exponent));
        continue;
      }
      // An annotation alone takes no exponent.
      for (int i = 0; i < part.exponent; ++i)
        write(above, ".", part, 1);
      for (int i = 0; i > part.exponent; --i)
        write(below, "/", part, 1);
    }
    std::string text = above + below;
    if (text.empty()) text = "1";
    if (!is_valid(text)) return std::nullopt;
    return text;
  }

private:
  bool add(UnitComponent part, int power) {
    if (part.symbol.atom && part.symbol.atom->is_special()) return false;
    part.exponent *= power;
    if (!part.symbol.atom) {
      if (!multiply_number(part.number, part.exponent > 0)) return false;
      if (part.annotation.empty()) return true;
      part.number = 1;
    }
    const auto same = std::ranges::find_if(parts_, [&](const UnitComponent& other) {
      return other.symbol.atom == part.symbol.atom && other.symbol.prefix == part.symbol.prefix &&
             other.annotation == part.annotation;
    });
    if (same == parts_.end()) {
      parts_.push_back(part);
    } else {
      same->exponent += part.exponent;
    }
    std::erase_if(parts_, [](const UnitComponent& c) { return c.exponent == 0; });
    return true;
  }

  bool multiply_number(std::uint64_t number, bool above) {
    std::uint64_t& side = above ? numerator_ : denominator_;
    if (__builtin_mul_overflow(side, number, &side)) return false;
    const std::uint64_t divisor = std::gcd(numerator_, denominator_);
    numerator_ /= divisor;
    denominator_ /= divisor;
    return true;
  }

  static void write(std::string& text, std::string_view separator, const UnitComponent& part, int exponent) {
    if (!text.empty() || separator == "/") text += separator;
    if (part.symbol.prefix) text += part.symbol.prefix->code;
    if (part.symbol.atom) text += part.symbol.atom->code();
    if (exponent != 1) text += std::to_string(exponent);
    text += part.annotation;
  }

  std::uint64_t numerator_ = 1;
  std::uint64_t denominator_ = 1;
  std::vector<UnitComponent> parts_;
};

std::optional<std::string> product(std::string_view a, std::string_view b, int power_of_b) {
  ProductWriter writer;
  if (!writer.multiply_by(a, 1) || !writer.multiply_by(b, power_of_b)) return std::nullopt;
  return writer.code();
}

/// What a unit counts and what its annotations say. UCUM makes both a plain number; for a patient they are not.
struct Counted {
  /// Moles, equivalents and osmoles, each above and below the line: they do not cancel.
  std::array<int, 6> exponents{};
  std::vector<std::pair<std::string_view, bool>> annotations; ///< and whether above the line; sorted
};

Counted counted_in(const std::vector<UnitComponent>& components) {
  constexpr std::pair<std::string_view, std::size_t> kinds[] = {
      {"mol", 0}, {"kat", 0}, {"U", 0}, {"eq", 2}, {"osm", 4}};
  Counted result;
  for (const UnitComponent& part : components) {
    const bool above = part.exponent > 0;
    if (!part.annotation.empty()) result.annotations.emplace_back(part.annotation, above);
    if (!part.symbol.atom) continue;
    for (const auto& [code, place] : kinds)
      if (part.symbol.atom->code() == code) result.exponents[place + (above ? 0 : 1)] += part.exponent;
  }
  std::ranges::sort(result.annotations);
  return result;
}

/// With `charge_one` an equivalent is a mole.
bool count_alike(std::string_view a, std::string_view b, bool charge_one) {
  const auto first = parse_unit(a), second = parse_unit(b);
  if (first.index() != 0 || second.index() != 0) return false;
  Counted one = counted_in(std::get<0>(first)), other = counted_in(std::get<0>(second));
  if (charge_one)
    for (Counted* each : {&one, &other})
      for (std::size_t side : {0u, 1u})
        each->exponents[side] += std::exchange(each->exponents[2 + side], 0);
  if (one.exponents != other.exponents) return false;
  return one.annotations.empty() || other.annotations.empty() || one.annotations == other.annotations;
}

/// As UCUM has it.
std::optional<Conversion> plain_conversion(std::string_view from, std::string_view to) {
  const auto source = meaning_of(from);
  const auto target = meaning_of(to);
  if (!source || !target || source->dimension != target->dimension) return std::nullopt;
  if (source->special && source->special == target->special) {
    const bool is_affine = zero_point(*source).has_value();
    // The same function on both sides: only the scales differ, also for decibels and bels.
    if (!is_affine || source->scale == target->scale) {
      const auto factor = ratio(source->scale, target->scale);
      if (!factor) return std::nullopt;
      return Conversion{*factor, 0};
    }
  }
  return affine_conversion(*source, *target);
}

bool names_moles(std::string_view code) {
  const auto parsed = parse_unit(code);
  const auto* components = std::get_if<0>(&parsed);
  return components && std::ranges::any_of(*components, [](const UnitComponent& part) {
           return part.symbol.atom && part.symbol.atom->code() == "mol";
         });
}

} // namespace

bool is_valid(std::string_view code) { return parse_unit(code).index() == 0; }

std::optional<UnitError> explain_invalid(std::string_view code) {
  const auto parsed = parse_unit(code);
  if (const auto* error = std::get_if<SyntaxError>(&parsed)) return UnitError{error->message, suggest_unit(code)};
  return std::nullopt;
}

bool is_comparable(std::string_view a, std::string_view b) {
  return is_of_same_dimension(a, b) && count_alike(a, b, false);
}

bool is_of_same_dimension(std::string_view a, std::string_view b) {
  const auto first = meaning_of(a);
  const auto second = meaning_of(b);
  return first && second && first->dimension == second->dimension;
}

std::string_view what_differs(std::string_view a, std::string_view b) {
  if (!is_of_same_dimension(a, b) || count_alike(a, b, false)) return {};
  const auto first = parse_unit(a), second = parse_unit(b);
  const Counted one = counted_in(std::get<0>(first)), other = counted_in(std::get<0>(second));
  if (one.exponents == other.exponents) return "what stands in the braces differs";
  if (count_alike(a, b, true)) return "an equivalent is a mole only of an ion of charge one";
  return "moles, equivalents, osmoles and plain numbers count different things";
}

std::optional<Conversion> conversion(std::string_view from, std::string_view to) {
  return count_alike(from, to, false) ? plain_conversion(from, to) : std::nullopt;
}

std::optional<Conversion> conversion_at_charge_one(std::string_view from, std::string_view to) {
  return count_alike(from, to, true) ? plain_conversion(from, to) : std::nullopt;
}

std::optional<Conversion> conversion_by_molar_mass(std::string_view from, std::string_view to,
                                                   Rational grams_per_mole) {
  const bool to_substance = names_moles(to);
  if (to_substance == names_moles(from)) return std::nullopt;
  const auto as_mass = multiply(to_substance ? to : from, "g/mol");
  if (!as_mass) return std::nullopt;
  const auto plain = to_substance ? plain_conversion(from, *as_mass) : plain_conversion(*as_mass, to);
  if (!plain || plain->offset != Rational(0)) return std::nullopt;
  const auto factor = to_substance ? Rational::divide(plain->factor, grams_per_mole)
                                   : Rational::multiply(plain->factor, grams_per_mole);
  return factor ? std::optional(Conversion{*factor, 0}) : std::nullopt;
}

bool differ_by_molar_mass(std::string_view a, std::string_view b) {
  return !is_of_same_dimension(a, b) && conversion_by_molar_mass(a, b, 1).has_value();
}

std::optional<SymbolicConversion> symbolic_conversion(std::string_view from, std::string_view to) {
  const auto source = meaning_of(from);
  const auto target = meaning_of(to);
  if (!source || !target || source->dimension != target->dimension) return std::nullopt;
  if (source->special || target->special) return std::nullopt;
  UnitFactor quotient = source->factor;
  quotient.multiply_by(target->factor, -1);
  const auto factor = quotient.rational_part();
  if (!factor) return std::nullopt;
  return SymbolicConversion{*factor, quotient.pi_power()};
}

std::optional<std::string> multiply(std::string_view a, std::string_view b) { return product(a, b, 1); }
std::optional<std::string> divide(std::string_view a, std::string_view b) { return product(a, b, -1); }

std::optional<Rational> seconds_in(std::string_view code) {
  const auto seconds = symbolic_conversion(code, "s");
  if (!seconds || seconds->pi_power != 0) return std::nullopt;
  return seconds->factor;
}

} // namespace aceso::units
