#include "population/text_memory.h"

namespace aceso::population {

TextMemory::TextMemory(std::uint8_t of_empty) : of_empty_(of_empty), table_(2) { learn({}, {0, of_empty_}); }

const TextMemory::Meaning* TextMemory::find(std::string_view text) const {
  const auto found = all_.find(text);
  return found == all_.end() ? nullptr : &found->second;
}

void TextMemory::learn(std::string_view text, Meaning meaning) {
  constexpr std::size_t most_texts = 4096, most_bytes = 1024, most_in_table = 256;
  if (text.size() > most_bytes) return;
  if (all_.size() >= most_texts) {
    all_.clear();
    all_.emplace(std::string(), Meaning{0, of_empty_});
    lay_out();
    next_lay_out_ = 2;
  }
  const auto [entry, is_new] = all_.insert_or_assign(std::string(text), meaning);
  if (is_new && place(entry->first, meaning)) return;
  // Anew after every so many texts only: until then those without a place are found by `find`.
  if (all_.size() < next_lay_out_ || all_.size() > most_in_table) return;
  lay_out();
  next_lay_out_ = all_.size() + std::max<std::size_t>(2, all_.size() / 4);
}

/// Texts are known at one look where no two have one place; so the table grows, and the factor changes, until that is
/// so. Where it cannot be had, the rest is found by `find`.
void TextMemory::lay_out() {
  constexpr unsigned least_bits = 6, most_bits = 12, tries = 8;
  std::uint64_t factor = 0;
  for (unsigned bits = least_bits; bits <= most_bits; ++bits)
    for (unsigned i = 0; i < tries; ++i) {
      if (std::size_t{1} << bits < all_.size()) break;
      factor += 0x9E3779B97F4A7C15u; // 2^64 over the golden ratio: Knuth's multiplicative hashing
      table_.assign(std::size_t{1} << bits, Known{});
      shift_ = 64 - bits;
      factor_ = factor | 1;
      bool is_complete = true;
      for (const auto& [text, meaning] : all_)
        is_complete = place(text, meaning) && is_complete;
      if (is_complete) return;
    }
}

/// False where another text has the place.
bool TextMemory::place(const std::string& text, Meaning meaning) {
  std::array<char, TextEnds::word> padded{};
  std::memcpy(padded.data(), text.data(), std::min(text.size(), padded.size()));
  const TextEnds ends = text.size() <= TextEnds::word ? TextEnds(padded.data(), text.size()) : TextEnds(text);
  Known& place = table_[place_of(text.size(), ends)];
  if (place.size != Known{}.size) return false;
  place = {ends.first, ends.last, meaning.number, text.data(), static_cast<std::uint32_t>(text.size()), meaning.state};
  return true;
}

} // namespace aceso::population
