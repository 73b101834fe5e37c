#pragma once
/// Which inputs, actions, cautions and stages of two guidelines are the same thing: by name, else by code, else by the
/// words that the clinician reads, where these lead to exactly one on either side.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "graph/graph.h"

namespace aceso::analyse {

enum class Side : std::uint8_t { first, second };
constexpr Side both_sides[] = {Side::first, Side::second};
[[nodiscard]] constexpr std::size_t at(Side side) { return static_cast<std::size_t>(side); }

enum class MatchedBy : std::uint8_t { name, code, words };
[[nodiscard]] std::string_view to_text(MatchedBy by); ///< "the same code"

template <class AnyId>
struct Match {
  AnyId first, second; ///< invalid where the thing exists on one side only
  MatchedBy by = MatchedBy::name;
  [[nodiscard]] AnyId on(Side side) const { return side == Side::first ? first : second; }
  [[nodiscard]] bool is_shared() const { return first.is_valid() && second.is_valid(); }
};

/// Everything of both guidelines, each thing once: what is in the second comes in its order, then what only the first
/// has.
struct Matching {
  std::vector<Match<InputId>> inputs;
  std::vector<Match<ActionId>> actions;
  std::vector<Match<CautionId>> cautions;
  /// Inputs of one name that cannot be the same because their types differ; they stand in `inputs` one by one.
  std::vector<Match<InputId>> other_type;
};

[[nodiscard]] Matching match(const Dictionary& first, const Dictionary& second);

/// The values that both types have; for numbers the common grid. Nothing where there is no sense in calling them one
/// type (other kinds, other units, no value in common). Members are taken from both, those of `a` first.
[[nodiscard]] std::optional<TypeInfo> shared_type(const Dictionary& first, TypeId a, const Dictionary& second,
                                                  TypeId b);

/// Adds the members that only `other` has, each behind its predecessor there. False, and nothing is added, where they
/// have no member in common or the order of a scale differs.
[[nodiscard]] bool add_members(TypeInfo& shared, const TypeInfo& other);

} // namespace aceso::analyse
