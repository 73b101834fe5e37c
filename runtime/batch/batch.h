#pragma once
/// A compiled guideline over many patients at once: facts in columns, decisions in columns.
///
///   auto plan = batch::make_plan(module);
///   batch::Table table(plan);
///   table.resize(rows);
///   table.set(row, fever, Value(true));
///   batch::Runner runner(plan);
///   batch::Results results;
///   runner.run(table.view(now), results);
///   use(results.action(row, cool).status);
///
/// A row is a patient. Every answer is the one that interpret::Evaluator gives for the same facts; docs/batch.md tells
/// how it is found. A row with dated events, or with facts that have no column, is given as a whole case and decided by
/// the row engine.

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "batch/program.h"
#include "module/engine.h"
#include "module/module.h"

namespace aceso::batch {

// ---------------------------------------------------------------------------------------------------- facts

/// How the values of one input are kept.
struct InputLayout {
  enum class Kind : std::uint8_t {
    truth,  ///< a plane: 1 yes, 0 no
    number, ///< whole steps of a quantity, the position of a choice, seconds of an instant
    date,   ///< days since 1970-01-01
    value   ///< everything else, as it is
  } kind = Kind::truth;
  /// number and date: elements are unsigned, of so many bytes (1, 2, 4, 8). What an element stands for is
  /// `least` plus itself, modulo 2^64; elements beyond `most_raw` do not occur.
  unsigned width = 0;
  std::int64_t least = 0;
  std::uint64_t most_raw = 0;
};

/// The values of one input in all rows. Nothing is owned. Where everything is null, nothing has been said about the
/// input: it is unknown (not_asked) in every row.
struct Column {
  const std::uint64_t* bits = nullptr; ///< truth: a plane over all rows. Padding bits are arbitrary
  const void* data = nullptr;          ///< number, date: elements of InputLayout::width bytes
  const Value* values = nullptr;       ///< value: may be unknown themselves
  /// A plane: 1 where the value is known; null: everywhere. Not read for Kind::value. What stands in `bits` and `data`
  /// where it is 0 does not matter.
  const std::uint64_t* known = nullptr;
  const std::uint8_t* reasons = nullptr; ///< UnknownReason of the rows that are not known; null: not_asked
  [[nodiscard]] bool is_there() const { return bits || data || values; }
};

/// All facts of a row that columns cannot hold. Columns are not read for this row.
struct WholeCase {
  std::size_t row = 0;
  PatientCase patient_case;
};

/// A view of many patients.
struct Batch {
  std::size_t rows = 0;
  ZonedInstant now; ///< of every row
  /// Whose civil day counts: see PatientCase.
  std::string time_zone;
  Zone rules_of_zone;
  const ZonedInstant* at = nullptr; ///< by row, in place of `now`; null: none
  std::span<const Column> columns;  ///< parallel to Module::inputs
  std::span<const WholeCase> cases; ///< rows ascend; each has its own `now`
};

// ---------------------------------------------------------------------------------------------------- plan

/// What results are wanted. What is left out is not computed.
struct PlanOptions {
  bool definitions = true;
  bool cautions = true;
  bool differentials = true;
  bool reasons = true;  ///< why a definition is unknown; without it every reason is not_asked
  bool missing = false; ///< what could settle each undetermined action: costs as much as everything else
};

class Plan;
/// Everything that is derived from a module once. Immutable, shared between threads.
[[nodiscard]] std::shared_ptr<const Plan> make_plan(std::shared_ptr<const Module> module, PlanOptions options = {});
[[nodiscard]] const Module& module_of(const Plan& plan);
/// Parallel to Module::inputs.
[[nodiscard]] std::span<const InputLayout> layouts(const Plan& plan);

/// Columns that are filled row by row. Keeps its memory when it is cleared. Not thread-safe, but for `set` of different
/// rows in different words (row / 64).
class Table {
public:
  explicit Table(std::shared_ptr<const Plan> plan);

  /// So many rows, of which nothing is known.
  void resize(std::size_t rows);
  [[nodiscard]] std::size_t rows() const { return rows_; }
  /// When a row is decided, where that is not the instant given to `view`.
  void set_now(std::size_t row, ZonedInstant at);
  /// States a fact. False where the value is not one of the input (another kind, beyond its bounds, between two steps):
  /// then it is unknown (invalid) in this row.
  bool set(std::size_t row, InputId input, const Value& value);
  /// The same without looking: the caller has seen that the number is one of the input (see InputLayout).
  void set_truth(std::size_t row, InputId input, bool is_yes);
  void set_number(std::size_t row, InputId input, std::int64_t number);
  void set_unknown(std::size_t row, InputId input, UnknownReason reason);
  /// The whole row is this case. Rows may come in any order, each once.
  void set_case(std::size_t row, PatientCase patient_case);

  /// Valid until the table is changed. See Batch for the time zone.
  [[nodiscard]] Batch view(ZonedInstant now, std::string time_zone = {}, Zone rules_of_zone = {});

private:
  struct Store {
    std::vector<std::uint64_t> bits, known;
    std::vector<std::uint8_t> data, reasons; ///< reasons: empty until one other than not_asked is set
    std::vector<Value> values;
    bool is_used = false;
  };
  Store& use(InputId input);
  void note_reason(Store& store, std::size_t row, UnknownReason reason);

  std::shared_ptr<const Plan> plan_;
  std::size_t rows_ = 0;
  std::vector<Store> stores_;
  std::vector<Column> columns_;
  std::vector<ZonedInstant> at_; ///< empty: no row has an instant of its own
  std::vector<bool> has_now_;
  std::vector<WholeCase> cases_, all_cases_;
  std::map<std::pair<std::size_t, InputId>, Value> odd_; ///< dates that are known in part
};

/// The facts of one row as a case, those that are not known for `not_asked` left out.
[[nodiscard]] PatientCase patient_case(const Plan& plan, const Batch& batch, std::size_t row);

// ---------------------------------------------------------------------------------------------------- results

/// See Recommendation.
struct ActionOutcome {
  RecommendationStatus status = RecommendationStatus::not_advised;
  std::optional<Verb> verb;
  Strength strength = Strength::none;
  Urgency urgency = Urgency::none;
  std::optional<Period> within;
};
struct DifferentialOutcome {
  DifferentialStatus status = DifferentialStatus::undetermined;
  std::optional<Choice> decided;
};

/// How many rows were decided in which way.
struct RowCounts {
  std::uint64_t rows = 0;
  std::uint64_t by_columns = 0; ///< in columns alone
  std::uint64_t with_lanes = 0; ///< in columns, but for instructions that ran row by row
  std::uint64_t by_row = 0;     ///< by the row engine
  RowCounts& operator+=(const RowCounts& other) {
    rows += other.rows, by_columns += other.by_columns, with_lanes += other.with_lanes, by_row += other.by_row;
    return *this;
  }
};

/// The decisions about all rows of a batch. Reading is thread-safe. Keeps its memory when it is used again.
class Results {
public:
  Results();
  ~Results();
  Results(Results&&) noexcept;
  Results& operator=(Results&&) noexcept;

  [[nodiscard]] std::size_t rows() const;
  [[nodiscard]] const RowCounts& counts() const;

  /// A row that breaks a constraint has no decision: nothing below has a meaning for it.
  [[nodiscard]] bool is_refused(std::size_t row) const;
  [[nodiscard]] bool breaks(std::size_t row, ConstraintId constraint) const;
  [[nodiscard]] Truth applies(std::size_t row) const;
  [[nodiscard]] ActionOutcome action(std::size_t row, ActionId id) const;
  [[nodiscard]] Truth caution(std::size_t row, CautionId id) const;
  [[nodiscard]] DifferentialOutcome differential(std::size_t row, DifferentialId id) const;
  /// Nothing where there is no pathway, or before it has started.
  [[nodiscard]] std::optional<StageId> stage(std::size_t row) const;
  [[nodiscard]] Value definition(std::size_t row, DefinitionId id) const;
  /// The inputs that could settle an action that is undetermined, in the order of declaration. Needs
  /// PlanOptions::missing.
  [[nodiscard]] std::vector<InputId> missing(std::size_t row, ActionId id) const;

  struct State; ///< internal
  [[nodiscard]] State& state() { return *state_; }

private:
  std::unique_ptr<State> state_;
};

// ---------------------------------------------------------------------------------------------------- running

/// The instruction sets that kernels exist for.
enum class Kernels : std::uint8_t { portable, avx2, avx512 };
[[nodiscard]] std::string_view to_text(Kernels kernels);
/// The best that this machine has; ACESO_KERNELS=portable|avx2|avx512 in the environment asks for less.
[[nodiscard]] Kernels best_kernels();
[[nodiscard]] bool has(Kernels kernels);

struct RunOptions {
  unsigned jobs = 0;              ///< threads; 0: one for each core
  std::optional<Kernels> kernels; ///< nothing: best_kernels()
  /// By Variant: native code to run in place of the kernels; null: none. See program.h.
  std::array<BlockFunction, variants> native{};
  std::shared_ptr<const void> native_code; ///< what `native` belongs to; kept as long as the runner
};

/// Decides batches. Memory is bounded by the block and the number of threads; nothing is allocated once warm. Not
/// thread-safe: it has threads of its own.
class Runner {
public:
  explicit Runner(std::shared_ptr<const Plan> plan, const RunOptions& options = {});
  ~Runner();
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  void run(const Batch& batch, Results& results);
  /// One row in full, by the row engine: with lists of rules and of what is missing, and the hash of the trace.
  [[nodiscard]] EngineAnswer decide(const Batch& batch, std::size_t row);

private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace aceso::batch
