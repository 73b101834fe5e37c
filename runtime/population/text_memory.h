#pragma once
/// Texts that were read before, and what they mean. A column has few different texts, so each is read once and then
/// known again by its bytes.

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace aceso::population {

/// The first and the last 8 bytes of a text, zeros in place of what a shorter one has not. With the size they tell
/// texts of up to 16 bytes apart.
struct TextEnds {
  static constexpr std::size_t word = 8, telling_size = 2 * word;
  std::uint64_t first = 0, last = 0;
  explicit TextEnds(std::string_view text) : TextEnds(text.data(), std::min(text.size(), word)) {
    std::memcpy(&last, text.data() + (text.size() - std::min(text.size(), word)), word);
    last &= masks[std::min(text.size(), word)];
  }
  /// Of a text of at most 8 bytes.
  TextEnds(const char* text, std::size_t size) {
    std::memcpy(&first, text, word);
    first &= masks[size];
    last = first;
  }

private:
  /// A table, since a compiler would make a branch of the question how long a text is.
  static constexpr std::array<std::uint64_t, word + 1> masks = {
      0, 0xff, 0xffff, 0xffffff, 0xffffffff, 0xffffffffff, 0xffffffffffff, 0xffffffffffffff, 0xffffffffffffffff};
};

/// Not thread-safe.
class TextMemory {
public:
  struct Meaning {
    std::int64_t number = 0;
    std::uint8_t state = 0;
  };
  /// A text in the table. That of a place where there is none has a size that no text has.
  struct Known {
    std::uint64_t first = 0, last = 0; ///< see TextEnds
    std::int64_t number = 0;
    const char* text = nullptr;
    std::uint32_t size = ~std::uint32_t{0};
    std::uint8_t state = 0;
    /// `ends` are those of the text.
    [[nodiscard]] bool is(std::string_view other, const TextEnds& ends) const {
      if (((first ^ ends.first) | (last ^ ends.last) | (size ^ other.size())) != 0) return false;
      if (size <= TextEnds::telling_size) return true;
      if (size > 2 * TextEnds::telling_size) return std::memcmp(text, other.data(), size) == 0;
      // What lies between the ends: two words that may overlap.
      const auto differs = [&](std::size_t at) {
        std::uint64_t mine = 0, its = 0;
        std::memcpy(&mine, text + at, TextEnds::word);
        std::memcpy(&its, other.data() + at, TextEnds::word);
        return mine ^ its;
      };
      return (differs(TextEnds::word) | differs(size - TextEnds::telling_size)) == 0;
    }
  };

  /// `of_empty`: the state of the empty text, which is always known.
  explicit TextMemory(std::uint8_t of_empty);
  TextMemory(const TextMemory&) = delete;
  TextMemory& operator=(const TextMemory&) = delete;
  ~TextMemory() = default;

  /// The only place where the text can stand in the table. 8 bytes can be read from where the text begins.
  [[nodiscard]] const Known& place(std::size_t size, const TextEnds& ends) const {
    return table_[place_of(size, ends)];
  }
  /// For texts that do not stand at their place in the table; null where it is not known.
  [[nodiscard]] const Meaning* find(std::string_view text) const;
  void learn(std::string_view text, Meaning meaning);

private:
  [[nodiscard]] std::size_t place_of(std::size_t size, const TextEnds& ends) const {
    return ((ends.first ^ (ends.last << 1) ^ size) * factor_) >> shift_;
  }
  void lay_out();
  bool place(const std::string& text, Meaning meaning);

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::uint8_t of_empty_;
  std::unordered_map<std::string, Meaning, Hash, std::equal_to<>> all_;
  std::vector<Known> table_;
  std::size_t next_lay_out_ = 0; ///< when there are so many texts
  std::uint64_t factor_ = 1;
  unsigned shift_ = 63;
};

} // namespace aceso::population
