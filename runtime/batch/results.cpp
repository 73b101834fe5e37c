#include "batch/results.h"

#include <algorithm>
#include <memory>

#include "interpret/registers.h"

namespace aceso::batch {

Results::Results() : state_(std::make_unique<State>()) {}
Results::~Results() = default;
Results::Results(Results&&) noexcept = default;
Results& Results::operator=(Results&&) noexcept = default;

const RowAnswer* Results::State::answer(std::size_t row) const {
  if (answers.empty()) return nullptr;
  const auto found = std::lower_bound(answers.begin(), answers.end(), row,
                                      [](const RowAnswer& each, std::size_t wanted) { return each.row < wanted; });
  return found != answers.end() && found->row == row ? &*found : nullptr;
}

/// A vector of the widest kernels never crosses a line of the cache.
void Results::State::make_room(std::size_t count) {
  constexpr std::size_t line = 64;
  memory.resize(count + line / sizeof(std::uint64_t));
  void* at = memory.data();
  std::size_t space = memory.size() * sizeof(std::uint64_t);
  words = {static_cast<std::uint64_t*>(std::align(line, count * sizeof(std::uint64_t), at, space)), count};
}

std::size_t Results::rows() const { return state_->rows; }
const RowCounts& Results::counts() const { return state_->counts; }

bool Results::is_refused(std::size_t row) const {
  if (const RowAnswer* own = state_->whole_answer(row)) return own->is_refused;
  return state_->bit(row, Output::refused);
}
bool Results::breaks(std::size_t row, ConstraintId constraint) const {
  if (const RowAnswer* own = state_->whole_answer(row)) return own->broken[constraint.index()];
  return state_->bit(row, Output::broken, constraint.index());
}
Truth Results::applies(std::size_t row) const {
  if (const RowAnswer* own = state_->whole_answer(row)) return own->applies;
  return state_->truth(row, Output::applies, Output::applies_not);
}

ActionOutcome Results::action(std::size_t row, ActionId id) const {
  if (const RowAnswer* own = state_->whole_answer(row)) return own->actions[id.index()];
  const std::uint32_t a = id.index();
  const auto which = [&](Output output, std::uint32_t from, std::uint32_t to) -> std::optional<std::uint32_t> {
    for (std::uint32_t detail = from; detail < to; ++detail)
      if (state_->bit(row, output, a, detail)) return detail;
    return std::nullopt;
  };
  ActionOutcome result;
  if (const auto status = which(Output::status, 0, 5)) result.status = static_cast<RecommendationStatus>(*status);
  if (result.status == RecommendationStatus::not_advised) return result;
  if (const auto verb = which(Output::verb, 0, 4)) result.verb = static_cast<Verb>(*verb);
  if (const auto strength = which(Output::strength, 1, 3)) result.strength = static_cast<Strength>(*strength);
  if (const auto urgency = which(Output::urgency, 1, 5)) result.urgency = static_cast<Urgency>(*urgency);
  const std::vector<Period>& terms = state_->plan->outputs.terms[a];
  if (const auto term = which(Output::within, 0, static_cast<std::uint32_t>(terms.size())))
    result.within = terms[*term];
  return result;
}

Truth Results::caution(std::size_t row, CautionId id) const {
  if (const RowAnswer* own = state_->whole_answer(row)) return own->cautions[id.index()];
  return state_->truth(row, Output::caution, Output::caution_not, id.index());
}

DifferentialOutcome Results::differential(std::size_t row, DifferentialId id) const {
  if (const RowAnswer* own = state_->whole_answer(row)) return own->differentials[id.index()];
  const std::uint32_t d = id.index();
  const auto& candidates = state_->plan->module->dictionary.differentials[d].candidates;
  for (std::uint32_t i = 0; i < candidates.size(); ++i)
    if (state_->bit(row, Output::decided, d, i)) return {DifferentialStatus::decided, candidates[i]};
  if (state_->bit(row, Output::differential_open, d)) return {DifferentialStatus::undetermined, {}};
  return {state_->bit(row, Output::differential_tie, d) ? DifferentialStatus::tie : DifferentialStatus::none, {}};
}

std::optional<StageId> Results::stage(std::size_t row) const {
  if (const RowAnswer* own = state_->whole_answer(row)) return own->stage;
  for (std::uint32_t i = 0; i < state_->plan->module->dictionary.stages.size(); ++i)
    if (state_->bit(row, Output::stage, i)) return StageId(std::size_t{i});
  return std::nullopt;
}

Value Results::State::number(std::size_t row, std::uint32_t definition) const {
  const OutputLayout::Definition& out = plan->outputs.definitions[definition];
  std::int64_t number = out.least;
  if (out.form == OutputLayout::Definition::Form::cases)
    for (std::uint32_t i = 0; i < out.constants.size(); ++i)
      if (bit(row, Output::definition_is, definition, i)) number = out.constants[i];
  for (std::uint32_t i = 0; i < out.digits; ++i)
    if (bit(row, Output::definition_digit, definition, i)) number += std::int64_t{1} << i;
  if (out.form == OutputLayout::Definition::Form::column) {
    const std::uint64_t* const block = words.data() + row / block_rows * plan->outputs.words();
    number =
        static_cast<std::int64_t>(block[plan->outputs.planes_words() + out.column * block_rows + row % block_rows]);
  }
  return interpret::number_to_value(plan->module->definitions[definition].representation,
                                    interpret::known_number(number));
}

Value Results::definition(std::size_t row, DefinitionId id) const {
  if (const RowAnswer* own = state_->whole_answer(row)) return own->definitions[id.index()];
  const std::uint32_t d = id.index();
  const Dictionary& names = state_->plan->module->dictionary;
  const OutputLayout::Definition& out = state_->plan->outputs.definitions[d];
  const auto checked = [&](const Value& value) {
    return fits(names, names.definitions[d].type, value) ? value : Value(UnknownReason::invalid);
  };
  const auto because = [&] {
    for (std::uint32_t r = 0; r <= static_cast<std::uint32_t>(UnknownReason::not_applicable); ++r)
      if (state_->bit(row, Output::definition_because, d, r)) return Value(static_cast<UnknownReason>(r));
    return Value();
  };
  switch (out.form) {
  case OutputLayout::Definition::Form::truth: {
    const Truth truth = state_->truth(row, Output::definition_yes, Output::definition_no, d);
    return truth == Truth::unknown ? because() : Value(truth == Truth::yes);
  }
  case OutputLayout::Definition::Form::values: return checked(state_->values[out.values][row]);
  default: return state_->bit(row, Output::definition_known, d) ? checked(state_->number(row, d)) : because();
  }
}

std::vector<InputId> Results::missing(std::size_t row, ActionId id) const {
  if (const RowAnswer* own = state_->answer(row)) return own->missing[id.index()];
  std::vector<InputId> result;
  const auto inputs = static_cast<std::uint32_t>(state_->plan->module->inputs.size());
  for (std::uint32_t i = 0; i < inputs; ++i)
    if (state_->bit(row, Output::missing, id.index(), i)) result.emplace_back(std::size_t{i});
  return result;
}

} // namespace aceso::batch
