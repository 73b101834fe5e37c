#pragma once
/// Strict UCUM units (The Unified Code for Units of Measure, version 2.2) with exact rational conversion.

#include <optional>
#include <string>
#include <string_view>

#include "values/rational.h"

namespace aceso::units {

/// An affine map between two units of one dimension: target = source * factor + offset.
struct Conversion {
  Rational factor{1};
  Rational offset{0};
};

struct UnitError {
  std::string message;    ///< a plain sentence: what is wrong with this code
  std::string suggestion; ///< the code that was probably meant, or empty
};

/// True for a valid case-sensitive UCUM code ("mg/dL", "mm[Hg]", "Cel", "10*3/uL", "1", "%", "{score}").
[[nodiscard]] bool is_valid(std::string_view code);
/// Why a code is not valid, with a suggestion; nothing for a valid one.
[[nodiscard]] std::optional<UnitError> explain_invalid(std::string_view code);
/// Same dimension and, for arbitrary units such as [IU], the same unit.
[[nodiscard]] bool is_comparable(std::string_view a, std::string_view b);
/// Exact; nothing where units are not comparable, or the map is not affine (pH, dB), or does not fit 64 bits.
[[nodiscard]] std::optional<Conversion> conversion(std::string_view from, std::string_view to);
/// A readable code for the product or the quotient ("kg" / "m2" -> "kg/m2"); nothing where a unit is special.
[[nodiscard]] std::optional<std::string> multiply(std::string_view a, std::string_view b);
[[nodiscard]] std::optional<std::string> divide(std::string_view a, std::string_view b);
/// True for a unit of time (dimension T), and the exact number of seconds in it: "wk" is 604,800.
[[nodiscard]] std::optional<Rational> seconds_in(std::string_view code);

} // namespace aceso::units
