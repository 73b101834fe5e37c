#pragma once
/// Keys of what is decided (see Outcomes::keys), out of the planes of the batch engine.

#include <map>
#include <span>
#include <vector>

#include "batch/results.h"
#include "population/decide.h"

namespace aceso::population {

/// The planes that tell a few neighbouring fields of a row, side by side, are its key. Rows that the row engine decided
/// stand in no plane: combinations of codes get keys of their own behind those of planes. Not thread-safe.
class PlaneKeys {
public:
  PlaneKeys(const Module& module, const batch::OutputLayout& layout);

  [[nodiscard]] const std::vector<FieldGroup>& groups() const { return groups_; }
  [[nodiscard]] std::span<const std::uint32_t> meaning(std::size_t group, std::uint32_t key);

  /// Fills `keys`, `is_refused` and `is_open` of every row. `outcomes` has been reset.
  void read(const batch::Results::State& state, Outcomes& outcomes);

private:
  /// What a group is told by.
  struct Planes {
    std::vector<std::uint32_t> planes;                ///< of the results; bit `i` of a key is that of plane `i`
    std::vector<std::vector<std::uint32_t>> meanings; ///< by key; empty until it is asked for
    std::map<std::vector<std::uint32_t>, std::uint32_t> own_keys;
  };
  /// The same number as that of a code: for the stage, of which there may be many.
  [[nodiscard]] bool is_plain(std::size_t group) const {
    return fields_[groups_[group].first].kind == Field::Kind::stage;
  }
  [[nodiscard]] batch::OutputLayout::Bit bit_of(batch::Output output, std::uint32_t index, std::uint32_t detail) const {
    return layout_.bit({output, index, detail});
  }
  template <class Has>
  [[nodiscard]] std::uint32_t code_of(Field field, Has has) const;
  void make_groups();
  [[nodiscard]] std::vector<std::uint32_t> decode(std::size_t group, std::uint32_t key) const;
  void read_answer(const batch::RowAnswer& answer, Outcomes& outcomes);
  [[nodiscard]] std::uint32_t code_in(const batch::RowAnswer& answer, Field field) const;

  const batch::OutputLayout& layout_;
  std::vector<ActionId> actions_;
  Terms terms_;
  std::uint32_t stages_ = 0;
  std::vector<Field> fields_;
  std::vector<FieldGroup> groups_;
  std::vector<Planes> planes_; ///< by group
  std::uint32_t asked_for_ = 0;
};

} // namespace aceso::population
