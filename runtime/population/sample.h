#pragma once
/// A sample of the patients, with decisions and explanations.

#include <atomic>
#include <limits>
#include <mutex>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "population/decide.h"

namespace aceso::population {

struct SampledPatient {
  std::uint64_t key = 0, line = 0;
  std::string id, case_json;
};

/// Every patient has a key that depends on his line alone, and those with the smallest keys are chosen: each patient is
/// as likely as any other, and the same file gives the same sample however it is divided (bottom-k sampling,
/// E. Cohen and H. Kaplan, PODC 2007).
class Sample {
public:
  explicit Sample(std::size_t size) : size_(size) {}

  /// Those of a chunk that may belong to the sample. Thread-safe.
  [[nodiscard]] std::vector<SampledPatient> candidates(const Module& module, const Patients& patients,
                                                       const Outcomes& outcomes) const;
  /// Not thread-safe.
  void add(std::vector<SampledPatient> candidates);

  /// For checkpoints, and back.
  [[nodiscard]] nlohmann::ordered_json to_json() const;
  void take_json(const nlohmann::ordered_json& json);

  /// JSON lines {"id", "line", "case", "decision", "explanation"} in the order of the file.
  [[nodiscard]] std::string lines(const std::shared_ptr<const Module>& module) const;

private:
  std::size_t size_;
  std::vector<SampledPatient> chosen_;                                           ///< by key
  std::atomic<std::uint64_t> limit_ = std::numeric_limits<std::uint64_t>::max(); ///< keys above it are not needed
};

} // namespace aceso::population
