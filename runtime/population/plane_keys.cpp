#include "population/plane_keys.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace aceso::population {
namespace {

using batch::Output;
using batch::OutputLayout;
using Bit = OutputLayout::Bit;
using Kind = Field::Kind;

constexpr std::array statuses = {RecommendationStatus::advised, RecommendationStatus::conflict,
                                 RecommendationStatus::undetermined, RecommendationStatus::overridden};
constexpr std::array verbs = {Verb::recommend, Verb::suggest, Verb::avoid, Verb::contraindicate};
constexpr std::array strengths = {Strength::weak, Strength::strong};
constexpr std::array urgencies = {Urgency::routinely, Urgency::soon, Urgency::urgently, Urgency::immediately};

/// Byte `i` of an element is bit `i` of its position.
constexpr std::array<std::uint64_t, 256> spread = [] {
  std::array<std::uint64_t, 256> table{};
  for (std::uint64_t bits = 0; bits < table.size(); ++bits)
    for (unsigned i = 0; i < 8; ++i)
      table[bits] |= (bits >> i & 1) << (8 * i);
  return table;
}();

/// 64 rows of a plane.
std::uint64_t word_of(const batch::Results::State& state, std::uint32_t plane, std::size_t first) {
  const std::uint64_t* block = state.words.data() + first / batch::block_rows * state.plan->outputs.words();
  return block[plane * batch::block_words + first % batch::block_rows / 64];
}

std::uint64_t word_of_bit(const batch::Results::State& state, Bit bit, std::size_t first) {
  if (bit >= OutputLayout::is_never) return bit == OutputLayout::is_always ? ~std::uint64_t{0} : 0;
  const std::uint64_t word = word_of(state, bit >> 1, first);
  return (bit & 1) != 0 ? ~word : word;
}

/// Calls `visit(row)` for each row of which a bit of the results is 1.
template <class Visit>
void for_each_row(const batch::Results::State& state, Bit bit, Visit visit) {
  if (bit == OutputLayout::is_never) return;
  for (std::size_t first = 0; first < state.rows; first += 64) {
    std::uint64_t word = word_of_bit(state, bit, first);
    if (state.rows - first < 64) word &= (std::uint64_t{1} << (state.rows - first)) - 1;
    for (; word != 0; word &= word - 1)
      visit(first + static_cast<std::size_t>(std::countr_zero(word)));
  }
}

/// Sixty-four rows of up to 16 planes, turned around: one number for each row.
void turn(std::span<const std::uint64_t> words, std::uint32_t* keys) {
  std::array<std::uint8_t, 64> low, high;
  const std::size_t count = words.size(), in_low = std::min<std::size_t>(count, 8);
  for (unsigned part = 0; part < 8; ++part) {
    std::uint64_t first = 0, second = 0;
    for (std::size_t i = 0; i < in_low; ++i)
      first |= spread[words[i] >> (8 * part) & 0xff] << i;
    for (std::size_t i = 8; i < count; ++i)
      second |= spread[words[i] >> (8 * part) & 0xff] << (i - 8);
    std::memcpy(low.data() + 8 * part, &first, 8);
    std::memcpy(high.data() + 8 * part, &second, 8);
  }
  for (std::size_t i = 0; i < 64; ++i)
    keys[i] = static_cast<std::uint32_t>(low[i]) | static_cast<std::uint32_t>(high[i]) << 8;
}

} // namespace

/// `has(output, index, detail)` tells a bit of the results; it is asked for every bit that the field depends on.
template <class Has>
std::uint32_t PlaneKeys::code_of(Field field, Has has) const {
  const auto truth = [&](Output yes, Output no) {
    const bool is_yes = has(yes, field.index, 0u), is_no = has(no, field.index, 0u);
    return static_cast<std::uint32_t>(is_no ? Truth::no : is_yes ? Truth::yes : Truth::unknown);
  };
  switch (field.kind) {
  case Kind::applies: return truth(Output::applies, Output::applies_not);
  case Kind::caution: return truth(Output::caution, Output::caution_not);
  case Kind::stage: break; // see is_plain
  case Kind::advice: {
    const std::uint32_t action = actions_[field.index].index();
    Advice advice;
    const auto set_all = [&](Output output, const auto& list) {
      for (const auto each : list)
        if (has(output, action, static_cast<std::uint32_t>(each))) advice.set(each);
    };
    set_all(Output::status, statuses);
    set_all(Output::verb, verbs);
    set_all(Output::strength, strengths);
    set_all(Output::urgency, urgencies);
    for (std::size_t term = 0; term < terms_[field.index].size(); ++term)
      if (has(Output::within, action, static_cast<std::uint32_t>(term))) advice.set_term(term);
    // What is not advised has no more to it.
    if (advice.status() == RecommendationStatus::not_advised) advice = Advice();
    return advice.code();
  }
  }
  return 0;
}

PlaneKeys::PlaneKeys(const Module& module, const OutputLayout& layout)
    : layout_(layout), actions_(spoken_of(module)), terms_(terms_of(module)),
      stages_(static_cast<std::uint32_t>(module.dictionary.stages.size())), fields_(fields_of(module)) {
  make_groups();
}

void PlaneKeys::make_groups() {
  constexpr std::size_t most_planes = 10; // then what is known about a key stays in the cache
  for (std::size_t f = 0; f < fields_.size(); ++f) {
    const Field field = fields_[f];
    std::vector<std::uint32_t> planes;
    (void)code_of(field, [&](Output output, std::uint32_t index, std::uint32_t detail) {
      const Bit bit = bit_of(output, index, detail);
      if (bit < OutputLayout::is_never) planes.push_back(bit >> 1);
      return false;
    });
    const auto is_divided = [](Kind kind) { return kind == Kind::applies ? Kind::advice : kind; };
    bool is_new = f == 0 || is_divided(field.kind) != is_divided(fields_[f - 1].kind);
    if (!is_new) {
      std::vector<std::uint32_t> all = planes_.back().planes;
      for (const std::uint32_t plane : planes)
        if (std::ranges::find(all, plane) == all.end()) all.push_back(plane);
      is_new = all.size() > most_planes;
      if (!is_new) planes_.back().planes = std::move(all);
    }
    if (is_new) {
      std::ranges::sort(planes);
      planes.erase(std::unique(planes.begin(), planes.end()), planes.end());
      groups_.push_back({f, 0});
      planes_.push_back({std::move(planes), {}, {}});
    }
    ++groups_.back().count;
  }
  for (Planes& told : planes_)
    told.meanings.resize(std::size_t{1} << told.planes.size());
}

std::span<const std::uint32_t> PlaneKeys::meaning(std::size_t group, std::uint32_t key) {
  if (is_plain(group)) {
    asked_for_ = key;
    return {&asked_for_, 1};
  }
  std::vector<std::uint32_t>& codes = planes_[group].meanings[key];
  if (codes.empty()) codes = decode(group, key);
  return codes;
}

std::vector<std::uint32_t> PlaneKeys::decode(std::size_t group, std::uint32_t key) const {
  const Planes& told = planes_[group];
  const auto has = [&](Output output, std::uint32_t index, std::uint32_t detail) {
    const Bit bit = bit_of(output, index, detail);
    if (bit >= OutputLayout::is_never) return bit == OutputLayout::is_always;
    const auto place = std::ranges::find(told.planes, bit >> 1) - told.planes.begin();
    return ((key >> place & 1) != 0) != ((bit & 1) != 0);
  };
  std::vector<std::uint32_t> codes;
  for (std::size_t f = groups_[group].first; f < groups_[group].first + groups_[group].count; ++f)
    codes.push_back(code_of(fields_[f], has));
  return codes;
}

void PlaneKeys::read(const batch::Results::State& state, Outcomes& outcomes) {
  std::array<std::uint64_t, 16> words{};
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    std::vector<std::uint32_t>& keys = outcomes.keys[g];
    const std::vector<std::uint32_t>& planes = planes_[g].planes;
    if (is_plain(g) || planes.empty()) {
      std::ranges::fill(keys, 0u);
      for (std::uint32_t s = 0; is_plain(g) && s < stages_; ++s)
        for_each_row(state, bit_of(Output::stage, s, 0), [&](std::size_t row) { keys[row] = s + 1; });
      continue;
    }
    keys.resize((state.rows + 63) / 64 * 64);
    for (std::size_t first = 0; first < state.rows; first += 64) {
      for (std::size_t i = 0; i < planes.size(); ++i)
        words[i] = word_of(state, planes[i], first);
      turn(std::span(words).first(planes.size()), keys.data() + first);
    }
    keys.resize(state.rows);
  }
  constexpr auto undetermined = static_cast<std::uint32_t>(RecommendationStatus::undetermined);
  const Bit refused = bit_of(Output::refused, 0, 0);
  for_each_row(state, refused, [&](std::size_t row) { outcomes.is_refused[row] = 1; });
  std::vector<Bit> open;
  for (const ActionId action : actions_)
    open.push_back(bit_of(Output::status, action.index(), undetermined));
  outcomes.is_open.resize((state.rows + 63) / 64 * 64);
  for (std::size_t first = 0; first < state.rows; first += 64) {
    std::uint64_t word = 0;
    for (const Bit bit : open)
      word |= word_of_bit(state, bit, first);
    word &= ~word_of_bit(state, refused, first);
    for (unsigned part = 0; part < 8; ++part)
      std::memcpy(outcomes.is_open.data() + first + 8 * part, &spread[word >> (8 * part) & 0xff], 8);
  }
  outcomes.is_open.resize(state.rows);
  for (const batch::RowAnswer& answer : state.answers)
    if (answer.is_whole) read_answer(answer, outcomes);
}

std::uint32_t PlaneKeys::code_in(const batch::RowAnswer& answer, Field field) const {
  switch (field.kind) {
  case Kind::applies: return static_cast<std::uint32_t>(answer.applies);
  case Kind::caution: return static_cast<std::uint32_t>(answer.cautions[field.index]);
  case Kind::stage: return answer.stage ? static_cast<std::uint32_t>(answer.stage->index() + 1) : 0;
  case Kind::advice: break;
  }
  const batch::ActionOutcome& action = answer.actions[actions_[field.index].index()];
  return advice_of(terms_, field.index, action.status, action.verb, action.strength, action.urgency, action.within)
      .code();
}

void PlaneKeys::read_answer(const batch::RowAnswer& answer, Outcomes& outcomes) {
  const std::size_t row = answer.row;
  outcomes.is_refused[row] = answer.is_refused ? 1 : 0;
  outcomes.is_open[row] = 0;
  if (answer.is_refused) return;
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    std::vector<std::uint32_t> codes;
    for (std::size_t f = groups_[g].first; f < groups_[g].first + groups_[g].count; ++f) {
      codes.push_back(code_in(answer, fields_[f]));
      const bool is_open =
          fields_[f].kind == Kind::advice && Advice(codes.back()).status() == RecommendationStatus::undetermined;
      if (is_open) outcomes.is_open[row] = 1;
    }
    if (is_plain(g)) {
      outcomes.keys[g][row] = codes.front();
      continue;
    }
    Planes& told = planes_[g];
    const auto next = static_cast<std::uint32_t>(told.meanings.size());
    const auto [found, is_new] = told.own_keys.try_emplace(codes, next);
    if (is_new) told.meanings.push_back(std::move(codes));
    outcomes.keys[g][row] = found->second;
  }
}

} // namespace aceso::population
