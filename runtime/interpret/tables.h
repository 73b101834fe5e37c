#pragma once
/// Decision tables over any kind of output: which row is it, or why none. Internal to runtime/interpret.

#include <algorithm>
#include <cstdint>

#include "module/bytecode.h"

namespace aceso::interpret {

/// `row` is the one whose output counts; none: unknown for `reason`.
struct RowChoice {
  static constexpr std::size_t none = ~std::size_t{0};
  std::size_t row = none;
  std::uint8_t reason = static_cast<std::uint8_t>(UnknownReason::not_applicable);
};

/// unique, first, any. `hit(row)` is the truth of its condition, `same(a, b)` whether two outputs are equal.
/// A row whose condition is unknown may still be the one that matches.
template <class Hit, class Same>
RowChoice choose_row(bytecode::HitPolicy policy, std::size_t rows, Hit hit, Same same) {
  const bool is_first = policy == bytecode::HitPolicy::first;
  RowChoice result;
  std::uint8_t reason = result.reason;
  bool is_open = false;
  for (std::size_t i = 0; i < rows; ++i) {
    const std::uint8_t truth = hit(i);
    if (truth == bytecode::no) continue;
    if (truth < bytecode::no) {
      reason = std::min(reason, truth);
      is_open = true;
    }
    if (!is_first && truth != bytecode::yes) continue;
    if (result.row != RowChoice::none && !same(result.row, i)) {
      if (!is_first) return {RowChoice::none, static_cast<std::uint8_t>(UnknownReason::invalid)}; // rows differ
      // Rows that may still match come before this one: it decides only where they all say the same. What the rows
      // up to the first that matches leave unknown is the reason.
      for (std::size_t k = i; k < rows && hit(k) != bytecode::yes; ++k)
        if (hit(k) < bytecode::no) reason = std::min(reason, hit(k));
      return {RowChoice::none, reason};
    }
    result.row = i;
    if (is_first && truth == bytecode::yes) return result;
  }
  if (result.row != RowChoice::none && !is_first) return result;
  return {RowChoice::none, is_open ? reason : static_cast<std::uint8_t>(UnknownReason::not_applicable)};
}

/// The reason among conditions, known where none is unknown.
template <class Hit>
std::uint8_t state_of_hits(std::size_t rows, Hit hit) {
  std::uint8_t state = bytecode::known;
  for (std::size_t i = 0; i < rows; ++i)
    state = std::min(state, hit(i));
  return state; // no and yes are known or above
}

} // namespace aceso::interpret
