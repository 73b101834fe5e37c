#include "population/csv_split.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace aceso::population {
void CsvSplitter::load_block() {
  BlockMasks masks = masks_of(text_.data() + block_, delimiter_);
  masks.cut(text_.size() - block_);
  ends_ = masks.ends() & ~quotes_.inside(masks);
  if (masks.quotes != 0) quoted_to_ = block_ + 64 - static_cast<std::size_t>(std::countl_zero(masks.quotes));
}

bool CsvSplitter::next(CsvRecord& record) {
  record.cells.clear();
  record.stray_quote = -1;
  record.own_cells = 0;
  record.begin = start_;
  record.line = line_;
  own_.clear();
  std::uint64_t inner_lines = 0;
  if (!is_loaded_) {
    if (text_.empty()) return false;
    is_loaded_ = true;
    load_block();
  }
  while (true) {
    while (ends_ == 0) {
      block_ += block_bytes;
      if (block_ >= text_.size()) return false;
      load_block();
    }
    const std::size_t at = block_ + static_cast<std::size_t>(std::countr_zero(ends_));
    ends_ &= ends_ - 1;
    std::string_view cell = text_.substr(start_, at - start_);
    const bool is_last = text_[at] == '\n';
    const std::size_t begin = start_;
    start_ = at + 1;
    if (is_last && cell.ends_with('\r')) cell.remove_suffix(1);
    const bool is_blank = cell.empty();
    if (quoted_to_ > begin && cell.find('"') != std::string_view::npos) {
      inner_lines += static_cast<std::uint64_t>(std::count(cell.begin(), cell.end(), '\n'));
      cell = unquote(record, cell);
    }
    record.cells.push_back(cell);
    if (!is_last) continue;
    line_ += 1 + inner_lines;
    record.end = at;
    if (record.cells.size() > 1 || !is_blank) return true;
    record.cells.clear();
    record.begin = start_;
    record.line = line_;
    inner_lines = 0;
  }
}

std::string_view CsvSplitter::unquote(CsvRecord& record, std::string_view cell) {
  const auto stray = [&] {
    if (record.stray_quote < 0) record.stray_quote = static_cast<std::ptrdiff_t>(record.cells.size());
    return cell;
  };
  if (cell.size() < 2 || cell.front() != '"' || cell.back() != '"') return stray();
  const std::string_view inner = cell.substr(1, cell.size() - 2);
  std::size_t quote = inner.find('"');
  if (quote == std::string_view::npos) return inner;
  std::string plain;
  std::size_t from = 0;
  for (; quote != std::string_view::npos; quote = inner.find('"', from)) {
    if (quote + 1 >= inner.size() || inner[quote + 1] != '"') return stray();
    plain += inner.substr(from, quote + 1 - from);
    from = quote + 2;
  }
  plain += inner.substr(from);
  plain.append(block_bytes, '\0'); // readers look at whole words of 8 bytes
  ++record.own_cells;
  const std::string& kept = own_.emplace_back(std::move(plain));
  return std::string_view(kept).substr(0, kept.size() - block_bytes);
}

std::size_t count_of(std::string_view text, char byte) {
  std::size_t count = 0, at = 0;
#ifdef __SSE2__
  const __m128i wanted = _mm_set1_epi8(byte);
  const auto load = [&](std::size_t from) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + from));
  };
  while (at + 16 <= text.size()) {
    // A byte of `found` counts up to 255 matches of its own place.
    constexpr std::size_t most_rounds = 255;
    const std::size_t end = at + std::min(most_rounds, (text.size() - at) / 16) * 16;
    __m128i found = _mm_setzero_si128();
    for (; at < end; at += 16)
      found = _mm_sub_epi8(found, _mm_cmpeq_epi8(load(at), wanted));
    const __m128i sums = _mm_sad_epu8(found, _mm_setzero_si128());
    count += static_cast<std::size_t>(_mm_cvtsi128_si32(sums)) + static_cast<std::size_t>(_mm_extract_epi16(sums, 4));
  }
#endif
  return count + static_cast<std::size_t>(std::count(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), byte));
}

std::size_t end_of_records(std::string_view text, char delimiter) {
  const std::size_t first_quote = text.find('"');
  if (first_quote == std::string_view::npos) return text.rfind('\n') + 1; // behind nothing stands 0
  QuoteState state;
  std::size_t end = 0;
  for (std::size_t block = 0; block < text.size(); block += block_bytes) {
    std::array<char, block_bytes> last{};
    const std::string_view rest = text.substr(block);
    if (rest.size() < block_bytes) std::copy(rest.begin(), rest.end(), last.begin());
    const BlockMasks masks = masks_of(rest.size() < block_bytes ? last.data() : rest.data(), delimiter);
    const std::uint64_t ends = masks.line_ends & ~state.inside(masks);
    if (ends != 0) end = block + 64 - static_cast<std::size_t>(std::countl_zero(ends));
  }
  return end;
}

bool needs_quotes_in_csv(std::string_view cell) {
  static constexpr std::array<bool, 256> signs = [] {
    std::array<bool, 256> table{};
    for (const char c : {',', ';', '\t', '"', '\r', '\n'})
      table[static_cast<unsigned char>(c)] = true;
    return table;
  }();
  return std::ranges::any_of(cell, [](char c) { return signs[static_cast<unsigned char>(c)]; });
}

void append_csv(std::string& out, std::string_view cell) {
  if (!needs_quotes_in_csv(cell)) {
    out += cell;
    return;
  }
  out += '"';
  for (const char c : cell) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

} // namespace aceso::population
