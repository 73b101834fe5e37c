#include "population/column_decider.h"

#include <algorithm>
#include <cstring>

#include "batch/plan.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace aceso::population {
namespace {

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
  for (std::size_t row = 0; row < rows; ++row)
    out[row] =
        static_cast<Element>(static_cast<std::uint64_t>(column.numbers[row]) - static_cast<std::uint64_t>(least));
}

constexpr std::uint8_t last_reason = bytecode::no - 1;

/// Whether something is unknown for another reason than `not_asked`. States of rows behind the last are `absent`.
bool has_reasons(const std::vector<std::uint8_t>& states, std::size_t rows) {
  std::uint8_t found = 0; // without a way out, so that it is done in vectors
  for (std::size_t row = 0; row < rows; ++row)
    found |= static_cast<std::uint8_t>(static_cast<std::uint8_t>(states[row] - 1) < last_reason);
  return found != 0;
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
    : module_(std::move(module)), plan_(std::move(plan)), wanted_(wanted), keys_(*module_, plan_->outputs),
      runner_(plan_, options), rows_(module_, wanted), stores_(module_->inputs.size()),
      columns_(module_->inputs.size()) {}

/// A date that is known to the day is an element of the column; with one that is known in part the row is a case of its
/// own, and columns are not read for it.
void ColumnDecider::fill_dates(const Patients& patients, InputId input, std::size_t rows) {
  const Column& column = patients.columns()[input.index()];
  const batch::InputLayout& layout = batch::layouts(*plan_)[input.index()];
  Store& store = stores_[input.index()];
  store.known.assign(rows / 64, 0);
  store.data.assign(rows * layout.width, 0);
  store.reasons.assign(rows, static_cast<std::uint8_t>(UnknownReason::not_asked));
  for (std::size_t row = 0; row < patients.count(); ++row) {
    if (column.states[row] == absent) continue;
    const Value& value = column.values[row];
    if (value.is<Date>()) {
      const std::uint64_t raw =
          static_cast<std::uint64_t>(value.as<Date>().days) - static_cast<std::uint64_t>(layout.least);
      std::memcpy(store.data.data() + row * layout.width, &raw, layout.width); // little-endian
      store.known[row / 64] |= std::uint64_t{1} << (row % 64);
    } else if (value.is<Unknown>()) {
      store.reasons[row] = static_cast<std::uint8_t>(value.reason());
    } else {
      in_part_.push_back(row);
    }
  }
  columns_[input.index()] = {nullptr, store.data.data(), nullptr, store.known.data(), store.reasons.data()};
}

/// All rows that are cases of their own, in order.
std::span<const batch::WholeCase> ColumnDecider::whole_cases(const Patients& patients) {
  if (in_part_.empty()) return patients.whole;
  const auto goes_before = [](const batch::WholeCase& a, const batch::WholeCase& b) { return a.row < b.row; };
  std::ranges::sort(in_part_);
  in_part_.erase(std::unique(in_part_.begin(), in_part_.end()), in_part_.end());
  cases_.clear();
  for (const std::size_t row : in_part_)
    cases_.push_back({row, case_of(*module_, patients, row)});
  std::erase_if(cases_, [&](const batch::WholeCase& each) {
    return std::ranges::binary_search(patients.whole, each, goes_before);
  });
  cases_.insert(cases_.end(), patients.whole.begin(), patients.whole.end());
  std::ranges::sort(cases_, goes_before);
  return cases_;
}

void ColumnDecider::fill(const Patients& patients) {
  in_part_.clear();
  // Rows behind the last are read as well, up to the end of a block; nothing is stated there.
  const std::size_t rows = (patients.count() + batch::block_rows - 1) / batch::block_rows * batch::block_rows;
  const std::span<const batch::InputLayout> layouts = batch::layouts(*plan_);
  for (std::size_t i = 0; i < stores_.size(); ++i) {
    const Column& column = patients.columns()[i];
    Store& store = stores_[i];
    columns_[i] = {};
    if (!column.is_used) continue;
    if (column.space != bytecode::Space::value && has_reasons(column.states, rows)) {
      store.reasons.resize(rows);
      std::transform(column.states.begin(), column.states.begin() + static_cast<long>(rows), store.reasons.begin(),
                     [](std::uint8_t state) { return state <= last_reason ? state : std::uint8_t{0}; });
      columns_[i].reasons = store.reasons.data();
    }
    if (layouts[i].kind == batch::InputLayout::Kind::date) {
      fill_dates(patients, InputId(i), rows);
      continue;
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
    if (column.is_narrow) {
      columns_[i].data = column.bytes.data();
      continue;
    }
    switch (layouts[i].width) {
    case 2: fill_numbers<std::uint16_t>(column, rows, layouts[i].least, store.data); break;
    case 4: fill_numbers<std::uint32_t>(column, rows, layouts[i].least, store.data); break;
    default: fill_numbers<std::uint64_t>(column, rows, layouts[i].least, store.data); break;
    }
    columns_[i].data = store.data.data();
  }
}

void ColumnDecider::read_rows(const Patients& patients, Outcomes& outcomes) {
  const bool wants_each = !wanted_.values.empty() || wanted_.full;
  for (std::size_t row = 0; row < patients.count(); ++row) {
    if (outcomes.is_refused[row] != 0) {
      outcomes.refusals.emplace_back(row, rows_.refusal(patients, row));
      continue;
    }
    if (outcomes.is_open[row] != 0 && (wanted_.missing || stands_for_all(patients.line(row))))
      outcomes.missing.push_back({row, rows_.missing(patients, row)});
    if (!wants_each) continue;
    for (std::size_t v = 0; v < wanted_.values.size(); ++v) {
      Value value = results_.definition(row, wanted_.values[v]);
      const DefinitionInfo& info = module_->dictionary.definitions[wanted_.values[v].index()];
      if (!fits(module_->dictionary, info.type, value)) value = UnknownReason::invalid;
      outcomes.values[v][row] = std::move(value);
    }
    if (wanted_.full) outcomes.full[row] = rows_.full(patients, row);
  }
}

void ColumnDecider::decide(const Patients& patients, Outcomes& outcomes) {
  outcomes.reset(patients.count(), groups().size(), wanted_);
  if (patients.count() == 0) return;
  fill(patients);
  batch::Batch facts;
  facts.rows = patients.count();
  facts.now = patients.now(0);
  const bool has_one_now = std::ranges::all_of(patients.nows(), [&](ZonedInstant now) { return now == facts.now; });
  if (!has_one_now) facts.at = patients.nows().data();
  facts.columns = columns_;
  facts.cases = whole_cases(patients);
  runner_.run(facts, results_);
  keys_.read(results_.state(), outcomes);
  read_rows(patients, outcomes);
}

} // namespace aceso::population
