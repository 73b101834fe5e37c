#include "values/ucum_table.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace aceso::units {
namespace {

constexpr bool metric = true;
constexpr bool not_metric = false;

constexpr Prefix prefixes[] = {
#define UCUM_PREFIX(code, value) {code, value},
#include "values/ucum_table.def"
#undef UCUM_PREFIX
};

constexpr char texts[] =
#define UCUM_UNIT(code, is_metric, kind, value, unit) code value unit
#include "values/ucum_table.def"
#undef UCUM_UNIT
    ;
static_assert(sizeof texts <= 0xFFFF);

constexpr auto atoms = [] {
  auto list = std::to_array<UnitAtom>({
#define UCUM_UNIT(code, is_metric, kind, value, unit)                                                                  \
  {0, sizeof code - 1, sizeof value - 1, sizeof unit - 1, is_metric, UnitKind::kind},
#include "values/ucum_table.def"
#undef UCUM_UNIT
  });
  unsigned at = 0;
  for (UnitAtom& each : list) {
    each.texts_at = static_cast<std::uint16_t>(at);
    at += each.code_size + each.value_size + each.unit_size;
  }
  return list;
}();

constexpr std::string_view code_of(const UnitAtom& atom) { return {texts + atom.texts_at, atom.code_size}; }

/// Positions of atoms, by code.
constexpr auto by_code = [] {
  std::array<std::uint16_t, atoms.size()> sorted{};
  for (std::uint16_t i = 0; i < sorted.size(); ++i)
    sorted[i] = i;
  std::ranges::sort(sorted, {}, [](std::uint16_t i) { return code_of(atoms[i]); });
  return sorted;
}();

const UnitAtom* find_atom(std::string_view code) {
  const auto* const found =
      std::ranges::lower_bound(by_code, code, {}, [](std::uint16_t i) { return code_of(atoms[i]); });
  return found != by_code.end() && code_of(atoms[*found]) == code ? &atoms[*found] : nullptr;
}

} // namespace

std::string_view UnitAtom::code() const { return code_of(*this); }
std::string_view UnitAtom::value() const { return {texts + texts_at + code_size, value_size}; }
std::string_view UnitAtom::unit() const { return {texts + texts_at + code_size + value_size, unit_size}; }

std::span<const Prefix> all_prefixes() { return prefixes; }
std::span<const UnitAtom> all_atoms() { return atoms; }
std::size_t index_of(const UnitAtom& atom) { return static_cast<std::size_t>(&atom - atoms.data()); }

Symbol find_symbol(std::string_view code) {
  if (const UnitAtom* atom = find_atom(code)) return {nullptr, atom};
  for (const Prefix& prefix : prefixes) {
    if (!code.starts_with(prefix.code)) continue;
    const UnitAtom* atom = find_atom(code.substr(prefix.code.size()));
    if (atom != nullptr && atom->is_metric) return {&prefix, atom};
  }
  return {};
}

} // namespace aceso::units
