#pragma once
/// Random guidelines, as texts, and random cases for them. The same seed gives the same everywhere.

#include <cstdint>
#include <string>
#include <vector>

#include "module/patient_case.h"

namespace aceso::differential {

/// Small, fast and the same on every platform: SplitMix64 (G. Steele, D. Lea, C. Flood, OOPSLA 2014).
class Random {
public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t bits() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  /// From 0 to `count` - 1.
  std::size_t below(std::size_t count) { return static_cast<std::size_t>(bits() % count); }
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(bits() % static_cast<std::uint64_t>(high - low + 1));
  }
  /// True in `percent` of 100.
  bool chance(unsigned percent) { return below(100) < percent; }

private:
  std::uint64_t state_;
};

/// The text of a guideline. Most of them are without errors; the rest is for the caller to pass over.
[[nodiscard]] std::string random_guideline(Random& random);

/// Facts of the types of the dictionary, unknown ones and events included; any number may be an extreme one.
[[nodiscard]] PatientCase random_case(const Dictionary& dictionary, Random& random);

} // namespace aceso::differential
