#pragma once
/// Bits packed in words, and constants looked up by them: what the function for outcomes alone is made of.

#include <map>

#include "jit/llvm_unit.h"
#include "lookup/cover.h"

namespace aceso::jit {

using lookup::Cover;

class LookUpCode {
public:
  /// Of a cover with so many nodes. In the scratch, words begin at `words_at`.
  LookUpCode(Unit& unit, const CpuFeatures& cpu, const std::string& name, std::size_t nodes, std::uint64_t words_at);

  /// The builder stands in another function. Words that were made before are in its scratch.
  void begin_function(Ir scratch);
  /// What this function has changed goes to the scratch.
  void keep_words();
  [[nodiscard]] std::uint64_t scratch_end() const { return place_of_word(words_.size()); }

  /// So many low bits of a value get a place; all others are 0. Returns it: the word times 64, plus the lowest bit.
  std::uint32_t place(Ir value, unsigned width);
  void place_bit(Cover::Node node, Ir holds);
  /// Node `node` of the cover has this place.
  void set(Cover::Node node, std::uint32_t place) { bits_[node] = place; }
  /// As one bit.
  Ir holds(batch::Literal of);
  /// The bits of a mask next to each other.
  Ir gathered(Ir from, std::uint64_t mask);
  /// The leaves, which are put in order, as an index; null where there are none.
  Ir index_of(std::vector<Cover::Node>& leaves);
  /// An entry of a table of so many bytes each.
  Ir entry(Ir index, const std::vector<std::uint64_t>& values, unsigned bytes);
  /// The tables were only named so far. Nothing follows.
  void finish_tables();

private:
  static constexpr std::uint32_t no_place = 0xffffffff;
  struct Word {
    std::vector<std::pair<Ir, unsigned>> versions; ///< in this function: so many bits have been filled
    unsigned filled = 0;
    bool is_there = false, is_changed = false; ///< in some function; in this one
  };
  [[nodiscard]] Ir whole_number(std::uint64_t value) const { return LLVMConstInt(u_.i64, value, 0); }
  Ir shifted(Ir value, unsigned by) { return by == 0 ? value : LLVMBuildShl(b_, value, whole_number(by), ""); }
  [[nodiscard]] std::uint64_t place_of_word(std::size_t index) const { return words_at_ + 8 * index; }
  Word& word(std::uint32_t index);
  Ir word(std::uint32_t index, unsigned end);

  Unit& u_;
  LLVMBuilderRef b_;
  const CpuFeatures& cpu_;
  std::uint64_t words_at_;
  Ir scratch_ = nullptr, tables_;
  std::vector<Word> words_;
  std::vector<std::uint32_t> bits_;                             ///< by node: its place
  std::map<std::pair<std::uint32_t, std::uint64_t>, Ir> found_; ///< by word and mask: gathered bits
  std::string table_bytes_;
  std::map<std::pair<unsigned, std::vector<std::uint64_t>>, std::size_t> places_; ///< of tables: their offset plus 1
};

} // namespace aceso::jit
