#include "values/unit_meaning.h"

#include <algorithm>
#include <mutex>

namespace aceso::units {
namespace {

void multiply_dimension(Dimension& dimension, const Dimension& other, int power) {
  for (const auto& [unit, exponent] : other) {
    if (exponent * power == 0) continue;
    const auto place = std::ranges::lower_bound(dimension, unit, {}, &Dimension::value_type::first);
    if (place == dimension.end() || place->first != unit) {
      dimension.insert(place, {unit, exponent * power});
    } else if ((place->second += exponent * power) == 0) {
      dimension.erase(place);
    }
  }
}

/// The meanings of the atoms, each worked out from its definition when it is first asked for. Definitions form no
/// cycle, so waiting for another thread that works out the same atom always ends.
class AtomMeanings {
public:
  const UnitMeaning& of(const UnitAtom& atom) {
    Entry& entry = entries_[index_of(atom)];
    std::call_once(entry.once, [&] { entry.meaning = work_out(atom); });
    return entry.meaning;
  }

private:
  struct Entry {
    std::once_flag once;
    UnitMeaning meaning;
  };
  UnitMeaning work_out(const UnitAtom& atom);

  std::vector<Entry> entries_ = std::vector<Entry>(all_atoms().size());
};

AtomMeanings& atom_meanings() {
  static AtomMeanings meanings;
  return meanings;
}

/// `meaning_of_atom` gives the meaning of an atom.
UnitMeaning product_of(const std::vector<UnitComponent>& components, const auto& meaning_of_atom) {
  UnitMeaning product;
  UnitFactor numbers; // prefixes and numbers: for a special unit they belong to its scale
  for (const UnitComponent& part : components) {
    if (part.symbol.prefix) numbers.multiply_by(UnitFactor::of_decimal(part.symbol.prefix->value), part.exponent);
    if (!part.symbol.atom) {
      numbers.multiply_by(UnitFactor::of(part.number), part.exponent);
      continue;
    }
    const UnitMeaning& atom = meaning_of_atom(*part.symbol.atom);
    if (atom.special) product.special = atom.special;
    UnitFactor& target = part.symbol.atom->code().starts_with("10") ? numbers : product.factor;
    target.multiply_by(atom.factor, part.exponent);
    multiply_dimension(product.dimension, atom.dimension, part.exponent);
  }
  (product.special ? product.scale : product.factor).multiply_by(numbers);
  return product;
}

UnitMeaning AtomMeanings::work_out(const UnitAtom& atom) {
  UnitMeaning meaning;
  const bool has_own_dimension =
      atom.kind == UnitKind::base || (atom.kind == UnitKind::arbitrary && atom.unit() == "1");
  if (has_own_dimension) {
    meaning.dimension = {{index_of(atom), 1}};
    return meaning;
  }
  // The table is part of the program and a test parses every definition of it.
  const auto parsed = parse_unit(atom.unit());
  meaning = product_of(std::get<0>(parsed), [this](const UnitAtom& part) -> const UnitMeaning& { return of(part); });
  meaning.factor.multiply_by(UnitFactor::of_decimal(atom.value()));
  if (atom.kind == UnitKind::pi) meaning.factor.multiply_by(UnitFactor::pi());
  if (atom.is_special()) meaning.special = &atom;
  return meaning;
}

} // namespace

std::optional<UnitMeaning> meaning_of(std::string_view code) {
  const auto parsed = parse_unit(code);
  if (const auto* components = std::get_if<0>(&parsed)) return meaning_of(*components);
  return std::nullopt;
}

UnitMeaning meaning_of(const std::vector<UnitComponent>& components) {
  AtomMeanings& meanings = atom_meanings();
  return product_of(components, [&](const UnitAtom& atom) -> const UnitMeaning& { return meanings.of(atom); });
}

} // namespace aceso::units
