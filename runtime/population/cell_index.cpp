#include "population/cell_index.h"

#include <algorithm>
#include <bit>

#include "population/csv_blocks.h"

namespace aceso::population {

CellIndex::CellIndex(std::string_view text, char delimiter)
    : text_(text), delimiter_(delimiter), begins_(1), ends_(1) {}

void CellIndex::add_record(std::uint32_t end_cell) {
  const auto first = static_cast<std::uint32_t>(used_);
  std::uint32_t quotes = 0;
  if (!quotes_.empty()) {
    const auto own = std::ranges::lower_bound(quotes_, ends_[end_cell - 1]);
    quotes = static_cast<std::uint32_t>(own - quotes_.begin());
    quotes_.erase(quotes_.begin(), own);
  }
  records_.push_back({first, end_cell - first, quotes});
  used_ = end_cell;
}

void CellIndex::load_block() {
  BlockMasks masks = masks_of(text_.data() + block_, delimiter_);
  masks.cut(text_.size() - block_);
  const std::uint64_t outside = ~state_.inside(masks);
  for (std::uint64_t left = masks.quotes; left != 0; left &= left - 1)
    quotes_.push_back(static_cast<std::uint32_t>(block_ + static_cast<std::size_t>(std::countr_zero(left))));
  const std::uint64_t ends = masks.ends() & outside;
  if (cells_ + 64 >= ends_.size()) {
    begins_.resize(2 * ends_.size() + 64);
    ends_.resize(2 * ends_.size() + 64);
  }
  std::uint32_t* begin = begins_.data() + cells_ + 1;
  std::uint32_t* end = ends_.data() + cells_;
  const auto block = static_cast<std::uint32_t>(block_);
  for (std::uint64_t left = ends; left != 0; left &= left - 1) {
    const auto at = block + static_cast<std::uint32_t>(std::countr_zero(left));
    *end++ = at;
    *begin++ = at + 1;
  }
  for (std::uint64_t left = masks.line_ends & outside; left != 0; left &= left - 1) {
    const std::uint64_t up_to = left ^ (left - 1);
    add_record(static_cast<std::uint32_t>(cells_) + static_cast<std::uint32_t>(std::popcount(ends & up_to)));
  }
  cells_ = static_cast<std::size_t>(end - ends_.data());
  block_ += block_bytes;
}

bool CellIndex::next() {
  constexpr std::size_t most_records = 64;
  // What belongs to no record yet comes to the front.
  begins_[0] = begins_[used_];
  for (std::size_t i = used_; i < cells_; ++i) {
    ends_[i - used_] = ends_[i];
    begins_[i - used_ + 1] = begins_[i + 1];
  }
  cells_ -= used_;
  used_ = 0;
  records_.clear();
  while (records_.size() < most_records && block_ < text_.size())
    load_block();
  return !records_.empty();
}

} // namespace aceso::population
