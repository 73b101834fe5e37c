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

constexpr UnitAtom atoms[] = {
#define UCUM_UNIT(code, is_metric, kind, value, unit) {code, is_metric, UnitKind::kind, value, unit},
#include "values/ucum_table.def"
#undef UCUM_UNIT
};

constexpr auto atoms_by_code = [] {
  std::array<const UnitAtom*, std::size(atoms)> sorted{};
  for (std::size_t i = 0; i < sorted.size(); ++i)
    sorted[i] = &atoms[i];
  std::ranges::sort(sorted, {}, &UnitAtom::code);
  return sorted;
}();

const UnitAtom* find_atom(std::string_view code) {
  const auto* const found = std::ranges::lower_bound(atoms_by_code, code, {}, &UnitAtom::code);
  return found != atoms_by_code.end() && (*found)->code == code ? *found : nullptr;
}

} // namespace

std::span<const Prefix> all_prefixes() { return prefixes; }
std::span<const UnitAtom> all_atoms() { return atoms; }
std::size_t index_of(const UnitAtom& atom) { return static_cast<std::size_t>(&atom - std::data(atoms)); }

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
