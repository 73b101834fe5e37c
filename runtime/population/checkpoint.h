#pragma once
/// How far a run has come, in a file beside its output.

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "population/sample.h"
#include "population/summary.h"

namespace aceso::population {

/// What makes two runs the same run: only then one goes on with the other.
struct RunIdentity {
  std::string module_hash;
  std::string options; ///< all that what is written depends on
  std::uint64_t input_size = 0;
  std::string input_head; ///< hash of the first bytes
  friend bool operator==(const RunIdentity&, const RunIdentity&) = default;
};

/// Everything before this point has been written, and nothing after it counts.
struct Position {
  std::uint64_t input_offset = 0, next_line = 1;
  std::uint64_t output_bytes = 0, reject_bytes = 0;
};

[[nodiscard]] std::string write_checkpoint(const RunIdentity& identity, const Position& position,
                                           const Summary& summary, const Sample& sample);

struct Checkpoint {
  Position position;
  nlohmann::ordered_json summary, sample;
};
/// Throws RunError where the text is damaged or of another run. `path` is for the message.
[[nodiscard]] Checkpoint read_checkpoint(const std::string& text, const RunIdentity& identity, const std::string& path);

} // namespace aceso::population
