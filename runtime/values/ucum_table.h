#pragma once
/// The prefixes and unit atoms of UCUM 2.2 (ucum_table.def), found by their case-sensitive codes.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace aceso::units {

enum class UnitKind : std::uint8_t {
  base,      ///< one of the seven base units
  plain,     ///< a number times another unit
  pi,        ///< the number pi
  arbitrary, ///< a procedure-defined unit such as [IU]: of one dimension with itself only (UCUM section 24)
  celsius,   ///< the three special units (UCUM section 21) with a zero point of their own
  fahrenheit,
  reaumur,
  not_affine, ///< special units that are logarithms, tangents or roots, such as [pH] and B
};

struct Prefix {
  std::string_view code;
  std::string_view value; ///< a decimal such as "1e-6"
};

/// One of this unit is value() times unit(). Texts of all atoms stand one after the other, so that the table needs no
/// pointers.
struct UnitAtom {
  std::uint16_t texts_at = 0;
  std::uint8_t code_size = 0, value_size = 0, unit_size = 0;
  bool is_metric = false; ///< whether it takes prefixes
  UnitKind kind = UnitKind::plain;
  [[nodiscard]] std::string_view code() const;
  [[nodiscard]] std::string_view value() const;
  [[nodiscard]] std::string_view unit() const; ///< a unit code; for base units the name of the dimension
  [[nodiscard]] bool is_special() const { return kind >= UnitKind::celsius; }
};

[[nodiscard]] std::span<const Prefix> all_prefixes();
[[nodiscard]] std::span<const UnitAtom> all_atoms();
/// The position of an atom in all_atoms().
[[nodiscard]] std::size_t index_of(const UnitAtom& atom);

/// A unit symbol taken apart: an atom, or a prefix and a metric atom. `atom` is null when there is no such symbol.
struct Symbol {
  const Prefix* prefix = nullptr;
  const UnitAtom* atom = nullptr;
};
/// A whole atom is preferred to a prefix and an atom ("cd" is candela); no other symbol can be read in two ways.
[[nodiscard]] Symbol find_symbol(std::string_view code);

} // namespace aceso::units
