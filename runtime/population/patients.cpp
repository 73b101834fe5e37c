#include "population/patients.h"

#include <algorithm>

namespace aceso::population {

void Column::resize(std::size_t rows) {
  // Columns that lie a power of two apart would all share a few lines of the first cache.
  constexpr std::size_t apart = 192;
  states.resize(rows + apart, absent);
  if (space == bytecode::Space::number) numbers.resize(rows);
  if (space == bytecode::Space::value) values.resize(rows);
}

Patients::Patients(const Module& module) {
  for (const Place& place : module.inputs)
    columns_.push_back({place.space(), false, {}, {}, {}});
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

void Patients::reserve(std::size_t rows) {
  while (count_ + rows >= capacity_)
    grow();
}

void Patients::abandon(std::size_t rows) {
  for (Column& column : columns_)
    std::fill_n(column.states.begin() + static_cast<std::ptrdiff_t>(count_), rows, absent);
}

} // namespace aceso::population
