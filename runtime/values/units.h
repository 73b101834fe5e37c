#pragma once
/// Strict UCUM units (The Unified Code for Units of Measure, version 2.2, https://ucum.org) with exact rational
/// conversion. All functions are pure and safe to call from several threads; a unit is worked out
/// once, when it is first named. Codes are case-sensitive; a code that is not valid is comparable with nothing and
/// gives nothing. Limits stand in unit_syntax.h (256 bytes, 16 levels of parentheses).
///
/// Two units of one dimension may still speak about different things, because for UCUM `mol` is a number
/// (6.02214076e23) and annotations mean nothing. Here moles, equivalents, osmoles and plain numbers are kept apart
/// ("mmol/mol" and "%", "mmol/L" and "meq/L", "mmol/L" and "/L" are not comparable), and so are units whose annotations
/// differ ("{tablet}" and "{puff}"); an annotation on one side only means nothing ("{score}" and "1"). And `mo` and `a`
/// are averages (30.4375 and 365.25 days), which is not how the language counts calendar months and years.

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

/// True for a valid UCUM code ("mg/dL", "mm[Hg]", "Cel", "10*3/uL", "1", "%", "{score}").
[[nodiscard]] bool is_valid(std::string_view code);
/// Why a code is not valid, with a suggestion; nothing for a valid one.
[[nodiscard]] std::optional<UnitError> explain_invalid(std::string_view code);
/// Same dimension and, for arbitrary units such as [IU], the same unit; and they count the same. Says nothing of
/// whether the map is affine.
[[nodiscard]] bool is_comparable(std::string_view a, std::string_view b);
/// The same without regard to what is counted: comparable for UCUM.
[[nodiscard]] bool is_of_same_dimension(std::string_view a, std::string_view b);
/// Why two units of one dimension are not comparable, as half a sentence; empty where they are, or have another one.
[[nodiscard]] std::string_view what_differs(std::string_view a, std::string_view b);
/// Exact; nothing where units are not comparable, or the map is not affine (pH, dB), or does not fit 64 bits.
[[nodiscard]] std::optional<Conversion> conversion(std::string_view from, std::string_view to);

/// As `conversion`, for an ion of charge one: an equivalent of it is a mole.
[[nodiscard]] std::optional<Conversion> conversion_at_charge_one(std::string_view from, std::string_view to);

/// From a unit of mass to one of substance or back, of a substance whose molar mass is known ("mg/dL" to "umol/L"):
/// `grams_per_mole` > 0. One of the codes must name moles, and the other must not; equivalents and particles are left
/// alone. Nothing where that is not so, or as in `conversion`.
[[nodiscard]] std::optional<Conversion> conversion_by_molar_mass(std::string_view from, std::string_view to,
                                                                 Rational grams_per_mole);
/// Whether only a molar mass is missing to convert one into the other.
[[nodiscard]] bool differ_by_molar_mass(std::string_view a, std::string_view b);

/// A conversion by a factor that is a rational number times a power of pi: target = source * factor * pi^pi_power.
struct SymbolicConversion {
  Rational factor{1};
  int pi_power = 0;
};
/// Exact as well: "deg" to "rad" is 1/180 times pi. Nothing for special units (Cel, [pH]) and as in `conversion`.
[[nodiscard]] std::optional<SymbolicConversion> symbolic_conversion(std::string_view from, std::string_view to);

/// A readable code for the product or the quotient ("kg" / "m2" -> "kg/m2"); the same symbol is written once and
/// cancels ("mg/L" * "L" -> "mg"), different ones stay as they are ("mL" * "/L" -> "mL/L"). Nothing where a unit is
/// special or not valid, or the code would be beyond the limits.
[[nodiscard]] std::optional<std::string> multiply(std::string_view a, std::string_view b);
[[nodiscard]] std::optional<std::string> divide(std::string_view a, std::string_view b);
/// True for a unit of time (dimension T), and the exact number of seconds in it: "wk" is 604,800.
[[nodiscard]] std::optional<Rational> seconds_in(std::string_view code);

} // namespace aceso::units
