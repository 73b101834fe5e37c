#pragma once
/// From the code and the tables of a module to the nodes of a program. Internal to runtime/batch.
///
/// Every instruction of the row machine is read once, and its registers become symbols (symbols.h): what it would do
/// for one row, the nodes do for all. What the row machine does beside its code, rules, advice, constraints,
/// differentials and the pathway, becomes nodes in the same way. Rows have no history here.

#include <optional>
#include <variant>

#include "batch/plan.h"
#include "batch/symbols.h"
#include "interpret/plan.h"

namespace aceso::batch {

/// A value of which it is known how it could be kept in another space.
struct SymbolicValue {
  std::variant<SymbolicTruth, SymbolicNumber> symbol;
  Representation representation; ///< of a number
};

struct SymbolicDifferential {
  std::vector<Literal> decided;        ///< by candidate
  Literal is_decided, is_open, is_tie; ///< none of them: none holds
};

class Lowering {
public:
  Lowering(const Plan& plan, Variant variant);

  /// The program whose results stand as `layout` says.
  [[nodiscard]] Program make(const OutputLayout& layout);
  /// The same, and says how they stand.
  [[nodiscard]] Program make_layout(OutputLayout& layout);

private:
  // lower_code.cpp
  void place_inputs();
  void place_constants();
  void run(std::uint32_t begin, std::uint32_t end);
  void lower(std::span<const bytecode::Word> code);
  void lower_truth(std::span<const bytecode::Word> code, SymbolicTruth& result);
  void lower_number(std::span<const bytecode::Word> code, SymbolicNumber& result);
  void lower_value(std::span<const bytecode::Word> code);
  [[nodiscard]] SymbolicTruth lane_truth(std::uint32_t index);
  [[nodiscard]] SymbolicNumber lane_number(std::uint32_t index);
  [[nodiscard]] SymbolicNumber assumed(const SymbolicNumber& stated, const Value& value, const Place& place);
  [[nodiscard]] SymbolicTruth in_stage(std::uint32_t stage) const;
  [[nodiscard]] SymbolicNumber over_series(const SeriesCall& call);
  [[nodiscard]] std::vector<SymbolicTruth> truths(std::span<const bytecode::Word> words) const;
  // lower_tables.cpp
  [[nodiscard]] SymbolicTruth table_truth(bytecode::HitPolicy policy, std::span<const bytecode::Word> rows);
  [[nodiscard]] SymbolicNumber table_number(bytecode::HitPolicy policy, std::span<const bytecode::Word> rows);
  [[nodiscard]] SymbolicNumber collected(bytecode::HitPolicy policy, std::span<const bytecode::Word> rows);
  [[nodiscard]] SymbolicTruth selects(std::uint32_t number, std::uint32_t action);
  struct Rows;
  [[nodiscard]] Rows hits(bytecode::HitPolicy policy, std::span<const bytecode::Word> rows);
  // lower_differential.cpp
  [[nodiscard]] const SymbolicDifferential& decide(std::uint32_t id);
  // lower_pathway.cpp
  void follow_pathway();
  // lower_advice.cpp
  void settle_constraints();
  void settle_rules();
  void settle_actions();
  void settle_action(ActionId id);
  void settle_cautions();
  // outputs.cpp
  void lower_all();
  void put_differentials();
  void lay_out_definition(std::uint32_t id, OutputLayout& layout);
  void put_definition(std::uint32_t id, const OutputLayout::Definition& out);
  void put_because(std::uint32_t definition, const Because& because);
  [[nodiscard]] Program finish(const OutputLayout& layout);
  // lower_missing.cpp
  void put_missing();

  void put(OutputKey key, Literal literal) { outputs_[key] = literal; }

  const Plan& plan_;
  const interpret::Plan& row_plan_;
  const Module& module_;
  const Dictionary& names_;
  Variant variant_;
  Builder builder_;
  Symbols symbols_;

  std::vector<SymbolicTruth> truths_;
  std::vector<SymbolicNumber> numbers_;
  std::vector<std::optional<SymbolicValue>> values_;
  /// What was stated, without assumptions: by input.
  std::vector<SymbolicTruth> stated_truths_;
  std::vector<SymbolicNumber> stated_numbers_;
  bool stage_is_known_ = false; ///< the pathway has been followed
  std::vector<Literal> stages_; ///< where a row stands in the end, by stage
  std::vector<std::optional<SymbolicDifferential>> differentials_;

  SymbolicTruth applies_;
  struct RuleSymbols {
    SymbolicTruth fires, effective;
  };
  std::vector<RuleSymbols> rules_;
  struct VoiceSymbols {
    const Voice* voice;
    SymbolicTruth fires, effective;
  };
  std::vector<std::vector<VoiceSymbols>> voices_; ///< by action
  std::vector<SymbolicTruth> in_favour_, against_;
  std::vector<Literal> undetermined_; ///< by action

  std::map<OutputKey, Literal> outputs_;
  std::vector<std::uint32_t> out_numbers_;
};

} // namespace aceso::batch
