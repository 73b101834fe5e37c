#include "batch/worker.h"

#include <algorithm>
#include <cstring>

#include "interpret/engine.h"

namespace aceso::batch {

using Kind = InputLayout::Kind;

namespace {

constexpr std::size_t lines(std::size_t bytes) { return (bytes + 63) / 64; }
/// Beyond this the calendar ends soon, and waits of the pathway with it.
constexpr std::int64_t last_plain_second = 221'000'000'000;

ZonedInstant instant_of(const Batch& batch, std::size_t row) { return batch.at ? batch.at[row] : batch.now; }

} // namespace

Worker::Worker(const Plan& plan, const RunOptions& options)
    : plan_(plan), run_(kernels_of(options.kernels ? *options.kernels : best_kernels())), native_(options.native),
      native_code_(options.native_code), zeros_(lines(block_rows * 8)), ones_(lines(block_words * 8)),
      now_(lines(block_rows * 8)), facts_(plan.row_plan), machine_(plan.row_plan, facts_), evaluator_(plan.module) {
  std::memset(ones_.data(), 0xff, ones_.size() * sizeof(Line));
  for (const Array& each : plan.compiled(Variant::reasons).program.arrays)
    if (each.kind == Array::Kind::known) used_inputs_.push_back(each.index);
}

Worker::Prepared& Worker::prepare(Variant variant) {
  auto& place = prepared_[static_cast<std::size_t>(variant)];
  if (place) return *place;
  place = std::make_unique<Prepared>();
  Prepared& made = *place;
  made.compiled = &plan_.compiled(variant);
  made.schedule = schedule(made.compiled->program);
  made.table.resize(made.schedule.places());
  made.padded.resize(made.schedule.arrays);
  std::size_t bytes = 0;
  for (const std::uint32_t each : made.schedule.scratch_bytes)
    bytes += each;
  made.scratch.resize(lines(bytes));
  auto* at = made.scratch.empty() ? nullptr : made.scratch.front().bytes;
  for (std::size_t i = 0; i < made.schedule.scratch_bytes.size(); ++i) {
    made.table[made.schedule.first_scratch() + i] = at;
    at += made.schedule.scratch_bytes[i];
  }
  return made;
}

bool Worker::is_case(const Batch& batch, std::size_t row) const {
  return !batch.cases.empty() &&
         std::binary_search(batch.cases.begin(), batch.cases.end(), WholeCase{row, {}},
                            [](const WholeCase& a, const WholeCase& b) { return a.row < b.row; });
}

/// What may be promised about the facts of the block.
Variant Worker::variant_of(const Batch& batch, std::size_t first, std::size_t rows) const {
  bool is_complete = true, has_reasons = false;
  for (const std::uint32_t input : used_inputs_) {
    const Column& column = batch.columns[input];
    has_reasons |= column.is_there() && column.known && column.reasons;
    if (!is_complete || (column.is_there() && !column.known)) continue;
    if (!column.is_there()) {
      is_complete = false;
      continue;
    }
    const std::uint64_t* const known = column.known + first / 64;
    std::uint64_t all = ~std::uint64_t{0};
    for (std::size_t w = 0; w < rows / 64; ++w)
      all &= known[w];
    if (rows % 64 != 0) all &= known[rows / 64] | ~std::uint64_t{0} << (rows % 64);
    is_complete = all == ~std::uint64_t{0};
  }
  return is_complete ? Variant::complete : has_reasons ? Variant::reasons : Variant::plain;
}

const void* Worker::array(const Batch& batch, const Array& array, std::size_t first, std::size_t rows, Memory& padded) {
  const void* from = nullptr;
  switch (array.kind) {
  case Array::Kind::now: return now_.data();
  case Array::Kind::lane_state: return lane_states_[array.index].data();
  case Array::Kind::lane_number: return lane_numbers_[array.index].data();
  default: break;
  }
  const Column& column = batch.columns[array.index];
  if (!column.is_there()) return zeros_.data();
  switch (array.kind) {
  case Array::Kind::bits: from = column.bits + first / 64; break;
  case Array::Kind::data: from = static_cast<const std::byte*>(column.data) + first * array.width; break;
  case Array::Kind::known:
    if (!column.known) return ones_.data();
    from = column.known + first / 64;
    break;
  default:
    if (!column.reasons || !column.known) return zeros_.data();
    from = column.reasons + first;
  }
  if (rows == block_rows) return from;
  padded.resize(lines(array.width == 0 ? block_words * 8 : block_rows * array.width));
  std::memcpy(padded.data(), from, array.width == 0 ? (rows + 63) / 64 * 8 : rows * array.width);
  return padded.data();
}

void Worker::decide_block(const Batch& batch, std::size_t block, Results::State& results) {
  const std::size_t first = block * block_rows, rows = std::min(block_rows, batch.rows - first);
  counts.rows += rows;
  bool is_plain = plan_.obstacle.empty();
  for (std::size_t i = 0; is_plain && i < rows; ++i) {
    is_plain = instant_of(batch, first + i).instant.seconds < last_plain_second;
    if (!batch.at) break;
  }
  if (!is_plain) {
    for (std::size_t i = 0; i < rows; ++i)
      decide_row(batch, first + i, true);
    counts.by_row += rows;
    return;
  }
  const Variant variant = variant_of(batch, first, rows);
  Prepared& prepared = prepare(variant);
  const Compiled& compiled = *prepared.compiled;
  if (compiled.reads_now) {
    auto* const now = reinterpret_cast<std::int64_t*>(now_.data());
    for (std::size_t i = 0; i < rows; ++i)
      now[i] = instant_of(batch, first + i).instant.seconds;
  }
  const bool has_lanes = !compiled.program.lanes.empty() || !plan_.outputs.value_lanes.empty();
  if (has_lanes) run_lanes(batch, first, rows, prepared, results);

  const Schedule& plan = prepared.schedule;
  for (std::uint32_t i = 0; i < plan.arrays; ++i)
    prepared.table[i] = const_cast<void*>(array(batch, compiled.program.arrays[i], first, rows, prepared.padded[i]));
  std::uint64_t* const words = results.words.data() + block * plan_.outputs.words();
  auto* const numbers = reinterpret_cast<std::int64_t*>(words + plan_.outputs.planes_words());
  if (const BlockFunction native = native_[static_cast<std::size_t>(variant)]) {
    native(prepared.table.data(), words, numbers);
  } else {
    for (std::uint32_t i = 0; i < plan.out_planes; ++i)
      prepared.table[plan.first_plane() + i] = words + i * block_words;
    for (std::uint32_t i = 0; i < plan.out_numbers; ++i)
      prepared.table[plan.first_number() + i] = numbers + i * block_rows;
    run_program(batch, first + block_rows, prepared);
  }

  const auto begin = std::lower_bound(batch.cases.begin(), batch.cases.end(), first,
                                      [](const WholeCase& each, std::size_t row) { return each.row < row; });
  std::size_t cases = 0;
  for (auto each = begin; each != batch.cases.end() && each->row < first + rows; ++each, ++cases)
    decide_row(batch, each->row, true);
  counts.by_row += cases;
  (has_lanes ? counts.with_lanes : counts.by_columns) += rows - cases;
  if (plan_.options.missing) add_missing(batch, first, rows, results);
}

/// While this block is decided, the columns of the one at row `next` come into the cache: processors follow a few
/// streams by themselves, and a guideline has dozens of columns.
void Worker::run_program(const Batch& batch, std::size_t next, Prepared& prepared) {
  const Schedule& plan = prepared.schedule;
  const Instruction* const instructions = plan.instructions.data();
  const std::size_t count = plan.instructions.size();
  const auto run = [&](std::size_t begin, std::size_t end) {
    run_(instructions + begin, instructions + end, plan.operands.data(), prepared.table.data());
  };
  if (next + block_rows > batch.rows) return run(0, count);
  std::size_t begin = 0;
  for (std::uint32_t i = 0; i < plan.arrays; ++i) {
    const Array& array = prepared.compiled->program.arrays[i];
    const bool is_column = array.kind == Array::Kind::bits || array.kind == Array::Kind::data ||
                           (array.kind == Array::Kind::known && batch.columns[array.index].known != nullptr);
    if (is_column && batch.columns[array.index].is_there()) {
      const std::size_t bytes = array.width == 0 ? block_words * 8 : block_rows * array.width;
      const auto* const from = static_cast<const std::byte*>(prepared.table[i]) + bytes;
      for (std::size_t at = 0; at < bytes; at += 64)
        __builtin_prefetch(from + at, 0, 2);
    }
    const std::size_t end = count * (i + 1) / plan.arrays; // a part of the work after each column
    run(begin, end);
    begin = end;
  }
  if (plan.arrays == 0) run(0, count);
}

void Worker::state_fact(const Batch& batch, std::size_t row, InputId input) {
  const Value value = value_at(plan_, batch, row, input);
  if (!facts_.set(input, value)) (void)facts_.set(input, UnknownReason::invalid);
}

/// The instructions that have no columns, for each row: the machine of the row engine runs them on the facts that they
/// need.
void Worker::run_lanes(const Batch& batch, std::size_t first, std::size_t rows, Prepared& prepared,
                       Results::State& results) {
  const Program& program = prepared.compiled->program;
  lane_states_.resize(std::max(lane_states_.size(), program.lanes.size()));
  lane_numbers_.resize(lane_states_.size());
  for (std::size_t k = 0; k < lane_states_.size(); ++k) {
    lane_states_[k].resize(lines(block_rows));
    lane_numbers_[k].resize(lines(block_rows * 8));
  }
  for (std::size_t i = 0; i < rows; ++i) {
    const std::size_t row = first + i;
    if (is_case(batch, row)) continue;
    facts_.clear();
    for (const InputId input : prepared.compiled->lane_inputs)
      if (batch.columns[input.index()].is_there()) state_fact(batch, row, input);
    const ZonedInstant at = instant_of(batch, row);
    const interpret::Moment now{at.instant, batch.time_zone.empty() ? Zone(at.offset_seconds) : batch.rules_of_zone};
    machine_.set_context(at.instant, now, {});
    facts_.snapshot(at.instant, now, machine_.registers());
    for (const auto& [begin, end] : prepared.compiled->lane_code)
      machine_.run(begin, end);
    const interpret::Registers& registers = machine_.registers();
    for (std::size_t k = 0; k < program.lanes.size(); ++k) {
      const Lane& lane = program.lanes[k];
      auto* const states = reinterpret_cast<std::uint8_t*>(lane_states_[k].data());
      if (lane.is_truth) {
        states[i] = registers.truths[lane.index];
        continue;
      }
      states[i] = registers.numbers[lane.index].state;
      reinterpret_cast<std::int64_t*>(lane_numbers_[k].data())[i] = registers.numbers[lane.index].value;
    }
    for (std::size_t k = 0; k < plan_.outputs.value_lanes.size(); ++k)
      results.values[k][row] = registers.values[plan_.outputs.value_lanes[k]];
  }
}

void Worker::decide_row(const Batch& batch, std::size_t row, bool is_whole) {
  const Module& module = *plan_.module;
  const PatientCase facts = patient_case(plan_, batch, row);
  interpret::state(evaluator_, facts);
  RowAnswer answer;
  answer.row = row;
  answer.is_whole = is_whole;
  answer.is_refused = !evaluator_.evaluate(facts.now, facts.zone());
  if (is_whole) {
    answer.broken.resize(module.constraints.size());
    for (const auto& each : evaluator_.broken())
      answer.broken[each.constraint.index()] = true;
  }
  if (!answer.is_refused) {
    if (plan_.options.missing)
      for (std::size_t i = 0; i < module.dictionary.actions.size(); ++i)
        answer.missing.push_back(evaluator_.missing(ActionId(i)));
    if (is_whole) {
      answer.applies = evaluator_.applies();
      for (std::size_t i = 0; i < module.dictionary.actions.size(); ++i) {
        const auto& state = evaluator_.action(ActionId(i));
        answer.actions.push_back({state.status, state.verb, state.strength, state.urgency, state.within});
      }
      for (std::size_t i = 0; i < module.cautions.size(); ++i)
        answer.cautions.push_back(evaluator_.caution(CautionId(i)));
      answer.stage = evaluator_.stage();
      const Decision& decision = evaluator_.decision();
      for (const auto& each : decision.differentials)
        answer.differentials.push_back({each.status, each.decided});
      for (const auto& each : decision.values)
        answer.definitions.push_back(each.value);
    }
  }
  if (plan_.options.missing) answer.missing.resize(module.dictionary.actions.size());
  answers.push_back(std::move(answer));
}

/// What could settle actions that are undetermined, by the row engine.
void Worker::add_missing(const Batch& batch, std::size_t first, std::size_t rows, const Results::State& results) {
  const auto actions = static_cast<std::uint32_t>(plan_.module->dictionary.actions.size());
  for (std::size_t row = first; row < first + rows; ++row) {
    if (is_case(batch, row) || results.bit(row, Output::refused)) continue;
    for (std::uint32_t a = 0; a < actions; ++a)
      if (results.bit(row, Output::status, a, static_cast<std::uint32_t>(RecommendationStatus::undetermined))) {
        decide_row(batch, row, false);
        break;
      }
  }
}

} // namespace aceso::batch
