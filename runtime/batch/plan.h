#pragma once
/// What make_plan derives from a module. Internal to runtime/batch and runtime/jit.

#include <mutex>
#include <string>

#include "batch/batch.h"
#include "batch/program.h"
#include "interpret/plan.h"

namespace aceso::batch {

/// What a plane of the results tells.
enum class Output : std::uint8_t {
  broken,      ///< constraint `index`
  refused,     ///< any constraint
  applies,     ///< yes
  applies_not, ///< no
  status,      ///< of action `index`: `detail` is a RecommendationStatus, but not_advised
  verb,        ///< likewise a Verb; no plane is 1 where there is none, likewise below
  strength,
  urgency,
  within,      ///< `detail`: position among OutputLayout::terms of the action
  missing,     ///< of action `index`: input `detail` could settle it
  caution,     ///< yes
  caution_not, ///< no
  stage,       ///< the row stands in stage `index`
  decided,     ///< differential `index`: candidate `detail`, by its position
  differential_open,
  differential_tie,
  definition_yes, ///< of a truth
  definition_no,
  definition_known,   ///< of a number, likewise below
  definition_is,      ///< `detail`: position among its constants
  definition_digit,   ///< binary digit `detail`
  definition_because, ///< unknown, `detail` is an UnknownReason
};
struct OutputKey {
  Output output = Output::broken;
  std::uint32_t index = 0, detail = 0;
  friend constexpr auto operator<=>(const OutputKey&, const OutputKey&) = default;
};

/// Where results stand in a block: planes first, then columns of 8-byte numbers.
struct OutputLayout {
  /// Position of the plane times 2, plus 1 where it is the complement; or one of the two below.
  using Bit = std::uint32_t;
  static constexpr Bit is_never = 0xffff'fffe, is_always = 0xffff'ffff;

  std::map<OutputKey, Bit> bits;
  std::vector<OutputKey> planes; ///< by plane: one of its meanings
  std::uint32_t number_columns = 0;

  struct Definition {
    enum class Form : std::uint8_t {
      truth,
      cases,  ///< one of `constants`
      digits, ///< `least` plus a binary number of `digits` digits
      column, ///< in number column `column`
      values  ///< in Results as values, computed row by row
    } form = Form::truth;
    std::vector<std::int64_t> constants;
    std::int64_t least = 0;
    std::uint32_t digits = 0;
    std::uint32_t column = 0;
    std::uint32_t values = 0; ///< position among `value_lanes`
  };
  std::vector<Definition> definitions;
  std::vector<std::vector<Period>> terms; ///< by action: of its advice, each once
  std::vector<std::uint32_t> value_lanes; ///< registers of values that are results

  [[nodiscard]] Bit bit(OutputKey key) const {
    const auto found = bits.find(key);
    return found == bits.end() ? is_never : found->second;
  }
  [[nodiscard]] std::size_t planes_words() const { return planes.size() * block_words; }
  /// 64-bit words of one block.
  [[nodiscard]] std::size_t words() const { return planes_words() + number_columns * block_rows; }
};

/// How the values of each input are kept.
[[nodiscard]] std::vector<InputLayout> layouts_of(const Module& module);
/// The fact of one row in a column; unknown (invalid) where the column holds what is no value of the input.
[[nodiscard]] Value value_at(const Plan& plan, const Batch& batch, std::size_t row, InputId input);

/// Words of the code that have to run row by row: from one up to another.
using CodeRanges = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

/// A program, and what has to run before it.
struct Compiled {
  Program program;
  CodeRanges lane_code;             ///< what the lanes need, and the definitions that are values
  std::vector<InputId> lane_inputs; ///< what that code reads
  bool reads_now = false;           ///< the program asks for the instant of each row
};

class Plan {
public:
  Plan(std::shared_ptr<const Module> module, PlanOptions options);

  std::shared_ptr<const Module> module;
  PlanOptions options;
  interpret::Plan row_plan;
  std::vector<InputLayout> layouts; ///< parallel to Module::inputs
  OutputLayout outputs;             ///< the same for every variant
  std::string obstacle;             ///< why the row engine decides every row; empty: it does not

  /// Made when it is first asked for. Thread-safe.
  [[nodiscard]] const Compiled& compiled(Variant variant) const;

private:
  [[nodiscard]] Compiled finish(Program program) const;

  mutable std::once_flag once_[variants];
  mutable Compiled compiled_[variants];
};

} // namespace aceso::batch
