#pragma once
/// Where nodes live: inputs, constants, results. Internal to codegen.

#include <map>
#include <tuple>

#include "graph/graph.h"
#include "module/module.h"

namespace aceso::codegen {

/// The largest number of steps in a register: sums of two still fit 64 bits.
inline constexpr std::int64_t most_steps = std::int64_t{1} << 62;

/// How values of a type with these bounds are kept: as a number of steps where every value is one and fits, or whole.
[[nodiscard]] Representation representation_of(const TypeInfo& type, const std::optional<graph::NumberRange>& range);
/// The bounds of an input, as every node of it has them.
[[nodiscard]] std::optional<graph::NumberRange> range_of_input(const TypeInfo& type);

/// `value` as a number of steps; nothing where it is none or too large.
[[nodiscard]] std::optional<std::int64_t> steps_of(Rational value, Rational step);
/// The coarsest step of which both are multiples.
[[nodiscard]] std::optional<Rational> common_step(Rational a, Rational b);

/// Hands out registers. Constants are kept once.
class RegisterFile {
public:
  explicit RegisterFile(Module& module) : module_(module) {}

  [[nodiscard]] std::uint32_t fresh(bytecode::Space space);
  [[nodiscard]] std::uint32_t truth_constant(std::uint8_t truth);
  [[nodiscard]] std::uint32_t number_constant(bytecode::Number number);
  [[nodiscard]] std::uint32_t value_constant(const Value& value);
  /// Constants that follow each other.
  [[nodiscard]] std::uint32_t truth_block(const std::vector<std::uint8_t>& truths);
  [[nodiscard]] std::uint32_t number_block(const std::vector<bytecode::Number>& numbers);

private:
  Module& module_;
  std::map<std::uint8_t, std::uint32_t> truths_;
  std::map<std::pair<std::uint8_t, std::int64_t>, std::uint32_t> numbers_;
};

} // namespace aceso::codegen
