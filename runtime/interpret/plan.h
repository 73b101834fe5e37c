#pragma once
/// What an evaluator derives from a module once: who writes which register, who speaks about which action. Immutable.

#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "module/differential_weights.h"
#include "module/relations.h"

namespace aceso::interpret {

class Plan : public Relations {
public:
  explicit Plan(std::shared_ptr<const Module> module);

  static constexpr std::uint32_t nobody = 0xffffffff;

  /// The words of the code that these registers need, in order, as places from one up to another.
  [[nodiscard]] std::vector<std::pair<std::uint32_t, std::uint32_t>> slice(std::span<const Register> wanted) const;

  std::shared_ptr<const Module> module;
  /// Where in the code the instruction stands that writes a register; nobody: an input or a constant.
  std::vector<std::uint32_t> writers[3];
  /// The input of a register; the first registers of each space.
  std::vector<InputId> inputs[3];
  /// Inputs that stand for a value of their own where they are unknown.
  std::vector<InputId> assuming;
  /// By the place of a `held_for`: the words of the code that its condition needs, in order.
  std::unordered_map<std::uint32_t, std::vector<std::pair<std::uint32_t, std::uint32_t>>> slices;
  std::vector<DifferentialId> differentials_without_code; ///< whose candidate no instruction asks for
  std::vector<std::uint32_t> interrupts;            ///< transitions that leave any stage, but for exceptions; in order
  std::vector<std::vector<std::uint32_t>> ways_out; ///< by stage: the other transitions, those that leave it; in order
  bool asks_for_stage_early = false;                ///< the code of constraints or of the pathway asks for the stage

  std::vector<DifferentialWeights> weights;   ///< by differential
  std::vector<std::uint32_t> first_candidate; ///< by differential: where its candidates begin among all
  std::uint32_t candidates = 0;

private:
  void find_writers();
  void sort_transitions();
  void weigh();
};

} // namespace aceso::interpret
