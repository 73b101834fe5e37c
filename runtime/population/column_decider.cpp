#include "population/column_decider.h"

#include <algorithm>
#include <bit>

#include "batch/results.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace aceso::population {
namespace {

using batch::Output;

/// A plane: bit `row` tells whether the state lies from `least` to `most`. `states` has a whole number of words of
/// rows.
void fill_plane(const std::vector<std::uint8_t>& states, std::size_t words, std::uint8_t least, std::uint8_t most,
                std::vector<std::uint64_t>& plane) {
  plane.resize(words);
  for (std::size_t w = 0; w < words; ++w) {
    const std::uint8_t* of = states.data() + w * 64;
    std::uint64_t word = 0;
#ifdef __SSE2__
    const __m128i low = _mm_set1_epi8(static_cast<char>(least)), high = _mm_set1_epi8(static_cast<char>(most));
    for (unsigned i = 0; i < 4; ++i) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(of + 16 * i));
      const __m128i within = _mm_and_si128(_mm_cmpeq_epi8(_mm_max_epu8(bytes, low), bytes),
                                           _mm_cmpeq_epi8(_mm_min_epu8(bytes, high), bytes));
      word |= static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm_movemask_epi8(within))) << (16 * i);
    }
#else
    for (unsigned i = 0; i < 64; ++i)
      word |= std::uint64_t{of[i] >= least && of[i] <= most} << i;
#endif
    plane[w] = word;
  }
}

template <class Element>
void fill_numbers(const Column& column, std::size_t rows, std::int64_t least, std::vector<std::uint8_t>& data) {
  data.resize(rows * sizeof(Element));
  auto* out = reinterpret_cast<Element*>(data.data());
  for (std::size_t row = 0; row < rows; ++row) {
    const std::uint64_t raw = static_cast<std::uint64_t>(column.numbers[row]) - static_cast<std::uint64_t>(least);
    out[row] = column.states[row] == bytecode::known ? static_cast<Element>(raw) : Element{0};
  }
}

} // namespace

batch::PlanOptions plan_options(const Wanted& wanted) {
  batch::PlanOptions options;
  options.definitions = !wanted.values.empty();
  options.differentials = false;
  options.reasons = !wanted.values.empty();
  return options;
}

ColumnDecider::ColumnDecider(std::shared_ptr<const Module> module, std::shared_ptr<const batch::Plan> plan,
                             const Wanted& wanted, const batch::RunOptions& options)
    : module_(std::move(module)), plan_(std::move(plan)), wanted_(wanted), actions_(spoken_of(*module_)),
      runner_(plan_, options), rows_(module_, wanted), stores_(module_->inputs.size()),
      columns_(module_->inputs.size()) {}

void ColumnDecider::fill(const Patients& patients) {
  // Rows behind the last are read as well, up to the end of a block; nothing is stated there.
  const std::size_t rows = (patients.count() + batch::block_rows - 1) / batch::block_rows * batch::block_rows;
  const std::span<const batch::InputLayout> layouts = batch::layouts(*plan_);
  for (std::size_t i = 0; i < stores_.size(); ++i) {
    const Column& column = patients.columns()[i];
    Store& store = stores_[i];
    columns_[i] = {};
    if (!column.is_used) continue;
    constexpr std::uint8_t last_reason = bytecode::no - 1;
    const bool has_reasons = std::any_of(column.states.begin(), column.states.begin() + static_cast<long>(rows),
                                         [](std::uint8_t state) { return state >= 1 && state <= last_reason; });
    if (has_reasons && column.space != bytecode::Space::value) {
      store.reasons.resize(rows);
      std::transform(column.states.begin(), column.states.begin() + static_cast<long>(rows), store.reasons.begin(),
                     [](std::uint8_t state) { return state <= last_reason ? state : std::uint8_t{0}; });
      columns_[i].reasons = store.reasons.data();
    }
    if (column.space == bytecode::Space::value) {
      store.values.assign(rows, Value());
      for (std::size_t row = 0; row < patients.count(); ++row)
        if (column.states[row] != absent) store.values[row] = column.values[row];
      columns_[i].values = store.values.data();
      continue;
    }
    fill_plane(column.states, rows / 64, bytecode::no, bytecode::yes, store.known);
    columns_[i].known = store.known.data();
    if (column.space == bytecode::Space::truth) {
      fill_plane(column.states, rows / 64, bytecode::yes, bytecode::yes, store.bits);
      columns_[i].bits = store.bits.data();
      continue;
    }
    switch (layouts[i].width) {
    case 1: fill_numbers<std::uint8_t>(column, rows, layouts[i].least, store.data); break;
    case 2: fill_numbers<std::uint16_t>(column, rows, layouts[i].least, store.data); break;
    case 4: fill_numbers<std::uint32_t>(column, rows, layouts[i].least, store.data); break;
    default: fill_numbers<std::uint64_t>(column, rows, layouts[i].least, store.data); break;
    }
    columns_[i].data = store.data.data();
  }
}

namespace {

/// Calls `visit(row)` for each row of which a plane of the results says yes. Results are asked plane by plane here, not
/// row by row, since a row has a few yes among many planes.
template <class Visit>
void for_each_row(const batch::Results::State& state, batch::OutputKey key, Visit visit) {
  const batch::OutputLayout::Bit bit = state.plan->outputs.bit(key);
  if (bit == batch::OutputLayout::is_never) return;
  for (std::size_t first = 0; first < state.rows; first += 64) {
    std::uint64_t word = ~std::uint64_t{0};
    if (bit != batch::OutputLayout::is_always) {
      const std::uint64_t* block = state.words.data() + first / batch::block_rows * state.plan->outputs.words();
      word = block[(bit >> 1) * batch::block_words + first % batch::block_rows / 64];
      if ((bit & 1) != 0) word = ~word;
    }
    if (state.rows - first < 64) word &= (std::uint64_t{1} << (state.rows - first)) - 1;
    for (; word != 0; word &= word - 1)
      visit(first + static_cast<std::size_t>(std::countr_zero(word)));
  }
}

constexpr std::array statuses = {RecommendationStatus::advised, RecommendationStatus::conflict,
                                 RecommendationStatus::undetermined, RecommendationStatus::overridden};
constexpr std::array verbs = {Verb::recommend, Verb::suggest, Verb::avoid, Verb::contraindicate};
constexpr std::array strengths = {Strength::weak, Strength::strong};
constexpr std::array urgencies = {Urgency::routinely, Urgency::soon, Urgency::urgently, Urgency::immediately};

} // namespace

void ColumnDecider::read_advice(Outcomes& outcomes) {
  const batch::Results::State& state = results_.state();
  for (std::size_t a = 0; a < actions_.size(); ++a) {
    const std::uint32_t action = actions_[a].index();
    std::vector<Advice>& advice = outcomes.advice[a];
    const auto key = [&](Output output, auto detail) {
      return batch::OutputKey{output, action, static_cast<std::uint32_t>(detail)};
    };
    for (const RecommendationStatus status : statuses)
      for_each_row(state, key(Output::status, status), [&](std::size_t row) { advice[row].set(status); });
    for (const Verb verb : verbs)
      for_each_row(state, key(Output::verb, verb), [&](std::size_t row) { advice[row].set(verb); });
    for (const Strength strength : strengths)
      for_each_row(state, key(Output::strength, strength), [&](std::size_t row) { advice[row].set(strength); });
    for (const Urgency urgency : urgencies)
      for_each_row(state, key(Output::urgency, urgency), [&](std::size_t row) { advice[row].set(urgency); });
    // What is not advised has no more to it.
    for (Advice& each : advice)
      if (each.status() == RecommendationStatus::not_advised) each = Advice();
  }
  for_each_row(state, {Output::refused, 0, 0}, [&](std::size_t row) { outcomes.is_refused[row] = 1; });
  for_each_row(state, {Output::applies, 0, 0}, [&](std::size_t row) { outcomes.applies[row] = Truth::yes; });
  for_each_row(state, {Output::applies_not, 0, 0}, [&](std::size_t row) { outcomes.applies[row] = Truth::no; });
  for (std::uint32_t s = 0; s < module_->dictionary.stages.size(); ++s)
    for_each_row(state, {Output::stage, s, 0}, [&](std::size_t row) { outcomes.stages[row] = s + 1; });
  for (std::uint32_t c = 0; c < outcomes.cautions.size(); ++c) {
    std::vector<Truth>& caution = outcomes.cautions[c];
    std::ranges::fill(caution, Truth::unknown);
    for_each_row(state, {Output::caution, c, 0}, [&](std::size_t row) { caution[row] = Truth::yes; });
    for_each_row(state, {Output::caution_not, c, 0}, [&](std::size_t row) { caution[row] = Truth::no; });
  }
  // Rows that the row engine decided stand in no plane.
  for (const batch::RowAnswer& answer : state.answers) {
    if (!answer.is_whole) continue;
    const std::size_t row = answer.row;
    outcomes.is_refused[row] = answer.is_refused ? 1 : 0;
    if (answer.is_refused) continue;
    outcomes.applies[row] = answer.applies;
    outcomes.stages[row] = answer.stage ? static_cast<std::uint32_t>(answer.stage->index() + 1) : 0;
    for (std::size_t a = 0; a < actions_.size(); ++a) {
      const batch::ActionOutcome& action = answer.actions[actions_[a].index()];
      outcomes.advice[a][row] = Advice(action.status, action.verb, action.strength, action.urgency);
    }
    for (std::size_t c = 0; c < outcomes.cautions.size(); ++c)
      outcomes.cautions[c][row] = answer.cautions[c];
  }
}

void ColumnDecider::read_rows(const Patients& patients, Outcomes& outcomes) {
  constexpr auto undetermined = RecommendationStatus::undetermined;
  std::vector<std::uint8_t> is_open(patients.count());
  for (const std::vector<Advice>& advice : outcomes.advice)
    for (std::size_t row = 0; row < advice.size(); ++row)
      is_open[row] |= static_cast<std::uint8_t>(advice[row].status() == undetermined);
  for (std::size_t row = 0; row < patients.count(); ++row) {
    if (outcomes.is_refused[row] != 0) {
      outcomes.refusals.emplace_back(row, rows_.refusal(patients, row));
      continue;
    }
    for (std::size_t v = 0; v < wanted_.values.size(); ++v) {
      Value value = results_.definition(row, wanted_.values[v]);
      const DefinitionInfo& info = module_->dictionary.definitions[wanted_.values[v].index()];
      if (!fits(module_->dictionary, info.type, value)) value = UnknownReason::invalid;
      outcomes.values[v][row] = std::move(value);
    }
    if (is_open[row] != 0 && (wanted_.missing || stands_for_all(patients.line(row))))
      outcomes.missing.push_back({row, rows_.missing(patients, row)});
    if (wanted_.full) outcomes.full[row] = rows_.full(patients, row);
  }
}

void ColumnDecider::decide(const Patients& patients, Outcomes& outcomes) {
  outcomes.reset(patients.count(), actions_.size(), module_->cautions.size(), wanted_);
  if (patients.count() == 0) return;
  fill(patients);
  batch::Batch facts;
  facts.rows = patients.count();
  facts.now = patients.now(0);
  const bool has_one_now = std::ranges::all_of(patients.nows(), [&](ZonedInstant now) { return now == facts.now; });
  if (!has_one_now) facts.at = patients.nows().data();
  facts.columns = columns_;
  facts.cases = patients.whole;
  runner_.run(facts, results_);
  read_advice(outcomes);
  read_rows(patients, outcomes);
}

} // namespace aceso::population
