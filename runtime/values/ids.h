#pragma once
/// Typed indices: an id names a row of one vector and cannot be mixed up with the id of another.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace aceso {

template <class Tag>
class Id {
public:
  constexpr Id() = default;
  constexpr explicit Id(std::uint32_t index) : index_(index) {}
  constexpr explicit Id(std::size_t index) : index_(static_cast<std::uint32_t>(index)) {}
  [[nodiscard]] constexpr std::uint32_t index() const { return index_; }
  [[nodiscard]] constexpr bool is_valid() const { return index_ != none; }
  friend constexpr auto operator<=>(Id, Id) = default;

private:
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  std::uint32_t index_ = none;
};

using TypeId = Id<struct TypeTag>;
using InputId = Id<struct InputTag>;
using DefinitionId = Id<struct DefinitionTag>;
using ActionId = Id<struct ActionTag>;
using ClassId = Id<struct ClassTag>;
using RuleId = Id<struct RuleTag>;
using CautionId = Id<struct CautionTag>;
using DifferentialId = Id<struct DifferentialTag>;
using StageId = Id<struct StageTag>;
using TransitionId = Id<struct TransitionTag>;
using ConstraintId = Id<struct ConstraintTag>;
using NodeId = Id<struct NodeTag>;

} // namespace aceso
