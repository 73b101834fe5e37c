#include "population/patients.h"

#include <algorithm>

#include "batch/plan.h"

namespace aceso::population {

void Column::resize(std::size_t rows) {
  // Columns that lie a power of two apart would all share a few lines of the first cache.
  constexpr std::size_t apart = 192;
  states.resize(rows + apart, absent);
  if (is_narrow) bytes.resize(rows + apart);
  if (space == bytecode::Space::number && !is_narrow) numbers.resize(rows);
  if (space == bytecode::Space::value) values.resize(rows);
}

Patients::Patients(const Module& module) {
  const std::vector<batch::InputLayout> layouts = batch::layouts_of(module);
  for (std::size_t i = 0; i < layouts.size(); ++i) {
    const bytecode::Space space = module.inputs[i].space();
    const bool is_narrow = space == bytecode::Space::number && layouts[i].width == 1;
    columns_.push_back({space, false, is_narrow, layouts[i].least, {}});
  }
  grow();
}

void Patients::grow() {
  capacity_ = std::max(batch::block_rows, capacity_ * 2); // whole blocks: see ColumnDecider
  for (Column& column : columns_)
    column.resize(capacity_);
}

void Patients::clear() {
  for (Column& column : columns_) {
    if (!column.is_used) continue;
    std::fill(column.states.begin(), column.states.end(), absent);
    column.is_used = false;
  }
  count_ = 0;
  ids_.clear();
  lines_.clear();
  nows_.clear();
  texts_.clear();
  whole.clear();
  rejects.clear();
}

void Patients::commit(std::string_view id, std::uint64_t line, ZonedInstant now) {
  ids_.push_back(id);
  lines_.push_back(line);
  nows_.push_back(now);
  if (++count_ == capacity_) grow();
}

void Patients::commit(std::span<const std::string_view> ids, std::span<const std::uint64_t> lines,
                      std::span<const ZonedInstant> nows) {
  ids_.insert(ids_.end(), ids.begin(), ids.end());
  lines_.insert(lines_.end(), lines.begin(), lines.end());
  nows_.insert(nows_.end(), nows.begin(), nows.end());
  count_ += ids.size();
}

void Patients::reserve(std::size_t rows) {
  while (count_ + rows >= capacity_)
    grow();
}

void Patients::abandon(std::size_t rows) {
  for (Column& column : columns_)
    std::fill_n(column.states.begin() + static_cast<std::ptrdiff_t>(count_), rows, absent);
}

} // namespace aceso::population
