#pragma once
/// What a run comes to: patients by recommendation, what is missing, conflicts, rejects.

#include <map>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "population/decide.h"

namespace aceso::population {

/// How often each outcome of an action occurred.
struct ActionCounts {
  std::uint64_t advised = 0, advised_against = 0, conflict = 0, undetermined = 0, overridden = 0, not_advised = 0;
  std::string conflict_example; ///< id of the first patient with a conflict
  std::uint64_t conflict_line = 0;
};

/// Sums that do not depend on how the patients were divided.
struct Summary {
  std::uint64_t patients = 0; ///< with a decision
  std::uint64_t rejected = 0;
  std::uint64_t applies = 0, does_not_apply = 0, applies_unknown = 0;
  std::vector<ActionCounts> actions;           ///< parallel to spoken_of
  std::uint64_t with_undetermined = 0;         ///< some advice is undetermined
  std::uint64_t looked_at = 0;                 ///< of these, those whose missing inputs were counted
  std::vector<std::uint64_t> missing;          ///< by input: in how many of these it is missing
  std::map<std::string, std::uint64_t> faults; ///< by id: in how many rejected records it occurs

  explicit Summary(const Module& module);
  /// `decider` is the one that the outcomes are from.
  void add(const Patients& patients, const Outcomes& outcomes, Decider& decider);
  void add_reject(const Reject& reject);
  void add(const Summary& other);

private:
  struct Combination {
    std::size_t group = 0;
    std::uint32_t key = 0, times = 0;
  };
  void add(const Patients& patients, const Outcomes& outcomes, Decider& decider, Combination found);
};

/// For checkpoints, and back. Throws nlohmann::json::exception for what is not its own.
[[nodiscard]] nlohmann::ordered_json to_json(const Summary& summary);
[[nodiscard]] Summary summary_from_json(const Module& module, const nlohmann::ordered_json& json);

} // namespace aceso::population
