#pragma once
/// The arithmetic behind `round(x, step, mode)`: a real expression over exact numbers, rounded once, at the end, as if
/// the real number itself had been at hand. Method, error bounds and what is decided about the domain of each
/// operation: docs/decisions/0004-real-arithmetic.md. Whole-number arithmetic throughout: the same bits everywhere.

#include <cstdint>
#include <optional>
#include <span>

#include "values/rational.h"

namespace aceso {

enum class RealOp : std::uint8_t {
  leaf,
  add,
  subtract,
  multiply,
  divide, ///< not by 0
  negate,
  absolute,
  minimum,
  maximum,
  square_root,       ///< of 0 or more
  natural_logarithm, ///< of more than 0
  logarithm_10,      ///< of more than 0
  exponential,
  power ///< of more than 0 to any number; of 0 to more than 0 (it is 0); of less than 0 to a whole number
};

/// `a` and `b` are the positions of earlier nodes; for a leaf, `a` is the position of its value among the leaves.
/// Operations of one operand ignore `b`.
struct RealNode {
  RealOp op = RealOp::leaf;
  std::uint32_t a = 0;
  std::uint32_t b = 0;
};

/// The value of the last node, rounded to a multiple of `step` (> 0). The result is that of rounding the real number
/// itself. One exception is unavoidable, because nobody knows how to decide whether two real expressions are equal:
/// a number that is not found to be rational and lies within 2^-900 of zero, where its sign matters, or, measured in
/// its own unit, of a point where the rounding changes, is taken to be that point.
///
/// Nothing where the real number does not exist: a division by 0, an operand outside the domain above (0 to the power
/// 0 included). Nothing where the result does not fit 64 bits, and where an intermediate value is beyond 2^(2^48) or
/// 2^-(2^48) or cancels out more than its first 1024 bits. Nothing for a program that is empty or refers to what is
/// not there, and for a step of 0 or less. Only nodes that the last one depends on matter.
///
/// Takes 0.1 microseconds for rational expressions that fit 64 bits and 1 to 10 for most others; up to a millisecond
/// for each function where something cancels out, so that 1024 bits are needed. Safe to call from several threads.
[[nodiscard]] std::optional<Rational> round_real(std::span<const RealNode> program, std::span<const Rational> leaves,
                                                 Rational step, RoundingMode mode);

/// The same without the short cut for rational numbers of 64 bits: the plain twin that tests compare it with.
[[nodiscard]] std::optional<Rational> round_real_plainly(std::span<const RealNode> program,
                                                         std::span<const Rational> leaves, Rational step,
                                                         RoundingMode mode);

} // namespace aceso
