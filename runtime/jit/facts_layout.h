#pragma once
/// Where the facts of one patient lie for the native function that gives outcomes alone: one byte for each input that
/// says what is known, then the numbers, the narrowest first. A C compiler lays out the struct of the generated header
/// in the same way.

#include <cstdint>
#include <vector>

#include "module/module.h"

namespace aceso::jit {

struct FactField {
  bool has_state = false;  ///< false: an input of the space of values, which these facts cannot hold
  std::uint32_t state = 0; ///< offset of its byte: 0 to 6 unknown for that UnknownReason, 7 no or known, 8 yes
  std::uint32_t bytes = 0; ///< of its number: 1, 2, 4, 8; 0: it is a truth
  std::uint32_t value = 0; ///< offset of its number
  bool is_signed = false;  ///< of its number
  std::int64_t least = 0;  ///< of its number, in steps
  std::int64_t most = 0;   ///< likewise
};

struct FactsLayout {
  std::vector<FactField> fields; ///< parallel to Module::inputs
  std::uint32_t states = 0;      ///< bytes 0 to `states` are the states
  std::uint32_t bytes = 0;       ///< of everything, a multiple of 8
};

[[nodiscard]] FactsLayout facts_layout(const Module& module);

} // namespace aceso::jit
