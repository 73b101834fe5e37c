#include <algorithm>
#include <cstring>

#include "batch/plan.h"
#include "interpret/registers.h"

namespace aceso::batch {
namespace {

using Kind = InputLayout::Kind;

constexpr auto not_asked = static_cast<std::uint8_t>(UnknownReason::not_asked);

std::size_t words_for(std::size_t rows) { return (rows + 63) / 64; }
std::uint64_t bit(std::size_t row) { return std::uint64_t{1} << (row % 64); }
void put(std::vector<std::uint64_t>& plane, std::size_t row, bool value) {
  plane[row / 64] = value ? plane[row / 64] | bit(row) : plane[row / 64] & ~bit(row);
}
bool has_bit(const std::uint64_t* plane, std::size_t row) { return (plane[row / 64] & bit(row)) != 0; }

std::uint64_t read_raw(const void* data, unsigned width, std::size_t row) {
  std::uint64_t raw = 0; // little-endian, like everything that Aceso runs on
  std::memcpy(&raw, static_cast<const char*>(data) + row * width, width);
  return raw;
}

/// What the number of a column stands for; unknown where it is no value of the input.
Value value_of(const Place& place, const InputLayout& layout, std::uint64_t raw) {
  const auto number = static_cast<std::int64_t>(static_cast<std::uint64_t>(layout.least) + raw);
  if (raw > layout.most_raw) return UnknownReason::invalid;
  if (layout.kind == Kind::date) return Date{number};
  return interpret::number_to_value(place.representation, interpret::known_number(number));
}

} // namespace

Table::Table(std::shared_ptr<const Plan> plan)
    : plan_(std::move(plan)), stores_(plan_->layouts.size()), columns_(plan_->layouts.size()) {}

void Table::resize(std::size_t rows) {
  rows_ = rows;
  for (Store& store : stores_) {
    store.is_used = false;
    store.reasons.clear();
  }
  at_.clear();
  has_now_.clear();
  cases_.clear();
  odd_.clear();
}

/// The column of an input is made when something is first said about it.
Table::Store& Table::use(InputId input) {
  Store& store = stores_[input.index()];
  if (store.is_used) return store;
  store.is_used = true;
  const InputLayout& layout = plan_->layouts[input.index()];
  if (layout.kind == Kind::value) {
    store.values.assign(rows_, Value());
    return store;
  }
  store.known.assign(words_for(rows_), 0);
  if (layout.kind == Kind::truth)
    store.bits.assign(words_for(rows_), 0);
  else
    store.data.assign(rows_ * layout.width, 0);
  return store;
}

void Table::note_reason(Store& store, std::size_t row, UnknownReason reason) {
  if (store.reasons.empty()) {
    if (reason == UnknownReason::not_asked) return;
    store.reasons.assign(rows_, not_asked);
  }
  store.reasons[row] = static_cast<std::uint8_t>(reason);
}

void Table::set_now(std::size_t row, ZonedInstant at) {
  at_.resize(rows_);
  has_now_.resize(rows_);
  at_[row] = at;
  has_now_[row] = true;
}

void Table::set_truth(std::size_t row, InputId input, bool is_yes) {
  Store& store = use(input);
  put(store.bits, row, is_yes);
  put(store.known, row, true);
}

void Table::set_number(std::size_t row, InputId input, std::int64_t number) {
  const InputLayout& layout = plan_->layouts[input.index()];
  Store& store = use(input);
  const std::uint64_t raw = static_cast<std::uint64_t>(number) - static_cast<std::uint64_t>(layout.least);
  std::memcpy(store.data.data() + row * layout.width, &raw, layout.width);
  put(store.known, row, true);
}

void Table::set_unknown(std::size_t row, InputId input, UnknownReason reason) {
  Store& store = use(input);
  if (plan_->layouts[input.index()].kind == Kind::value) {
    store.values[row] = reason;
    return;
  }
  put(store.known, row, false);
  note_reason(store, row, reason);
}

bool Table::set(std::size_t row, InputId input, const Value& value) {
  const Module& module = *plan_->module;
  const InputLayout& layout = plan_->layouts[input.index()];
  const Place& place = module.inputs[input.index()];
  const auto refuse = [&] {
    set_unknown(row, input, UnknownReason::invalid);
    return false;
  };
  if (!odd_.empty()) odd_.erase({row, input});
  if (!fits(module.dictionary, module.dictionary[input].type, value)) return refuse();
  if (value.is<Unknown>()) {
    set_unknown(row, input, value.reason());
    return true;
  }
  switch (layout.kind) {
  case Kind::truth: set_truth(row, input, value.as<bool>()); return true;
  case Kind::value: use(input).values[row] = value; return true;
  case Kind::date:
    if (value.is<Date>())
      set_number(row, input, value.as<Date>().days);
    else
      odd_[{row, input}] = value;
    return true;
  case Kind::number: break;
  }
  const bytecode::Number number = interpret::to_number(place.representation, value);
  const std::uint64_t raw = static_cast<std::uint64_t>(number.value) - static_cast<std::uint64_t>(layout.least);
  if (number.state != bytecode::known || raw > layout.most_raw) return refuse();
  set_number(row, input, number.value);
  return true;
}

void Table::set_case(std::size_t row, PatientCase patient_case) { cases_.push_back({row, std::move(patient_case)}); }

Batch Table::view(ZonedInstant now, std::string time_zone, Zone rules_of_zone) {
  for (std::size_t i = 0; i < stores_.size(); ++i) {
    const Store& store = stores_[i];
    const auto pointer = [](const auto& list) { return list.empty() ? nullptr : list.data(); };
    columns_[i] = store.is_used ? Column{pointer(store.bits), pointer(store.data), pointer(store.values),
                                         pointer(store.known), pointer(store.reasons)}
                                : Column{};
    switch (plan_->layouts[i].kind) {
    case Kind::truth: columns_[i].data = nullptr, columns_[i].values = nullptr; break;
    case Kind::number:
    case Kind::date: columns_[i].bits = nullptr, columns_[i].values = nullptr; break;
    case Kind::value: columns_[i] = {nullptr, nullptr, columns_[i].values, nullptr, nullptr}; break;
    }
  }
  for (std::size_t row = 0; row < has_now_.size(); ++row)
    if (!has_now_[row]) at_[row] = now;
  Batch batch;
  batch.rows = rows_;
  batch.now = now;
  batch.time_zone = std::move(time_zone);
  batch.rules_of_zone = std::move(rules_of_zone);
  batch.at = at_.empty() ? nullptr : at_.data();
  batch.columns = columns_;
  all_cases_ = cases_;
  std::size_t last_row = rows_;
  for (const auto& [place, value] : odd_) {
    const std::size_t row = place.first;
    const InputId input = place.second;
    if (row != last_row) all_cases_.push_back({row, patient_case(*plan_, batch, row)});
    last_row = row;
    auto& facts = all_cases_.back().patient_case.facts;
    std::erase_if(facts, [&](const Fact& each) { return each.input == input; });
    facts.push_back({input, value, {FactPlace::Part::inputs}});
  }
  std::stable_sort(all_cases_.begin(), all_cases_.end(),
                   [](const WholeCase& a, const WholeCase& b) { return a.row < b.row; });
  const auto last = std::unique(all_cases_.begin(), all_cases_.end(),
                                [](const WholeCase& a, const WholeCase& b) { return a.row == b.row; });
  all_cases_.erase(last, all_cases_.end()); // what was given as a case counts before single facts
  batch.cases = all_cases_;
  return batch;
}

Value value_at(const Plan& plan, const Batch& batch, std::size_t row, InputId input) {
  const Column& column = batch.columns[input.index()];
  const InputLayout& layout = plan.layouts[input.index()];
  if (!column.is_there()) return {};
  if (layout.kind == Kind::value) return column.values[row];
  if (column.known && !has_bit(column.known, row))
    return static_cast<UnknownReason>(column.reasons ? column.reasons[row] : not_asked);
  if (layout.kind == Kind::truth) return has_bit(column.bits, row);
  return value_of(plan.module->inputs[input.index()], layout, read_raw(column.data, layout.width, row));
}

PatientCase patient_case(const Plan& plan, const Batch& batch, std::size_t row) {
  const auto whole = std::lower_bound(batch.cases.begin(), batch.cases.end(), row,
                                      [](const WholeCase& each, std::size_t wanted) { return each.row < wanted; });
  if (whole != batch.cases.end() && whole->row == row) return whole->patient_case;
  PatientCase result;
  result.now = batch.at ? batch.at[row] : batch.now;
  result.time_zone = batch.time_zone;
  result.rules_of_zone = batch.rules_of_zone;
  for (std::size_t i = 0; i < plan.layouts.size(); ++i) {
    Value value = value_at(plan, batch, row, InputId(i));
    if (value != Value()) result.facts.push_back({InputId(i), std::move(value), {FactPlace::Part::inputs}});
  }
  return result;
}

} // namespace aceso::batch
