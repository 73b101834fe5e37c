#pragma once
/// What one cell or one JSON value says about an input.
///
/// The meaning is that of a case file: a cell of a CSV file is put into JSON (`cell_as_json`), and the reader of cases
/// reads that. InputReader does the same faster for texts that are clean, and leaves all others to the reader of cases;
/// tests/unit/population_cells.cpp compares the two.

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "module/module.h"
#include "population/patients.h"

namespace aceso::population {

/// The JSON of the cell, where it is not empty: `true` for "yes", "38.6 Cel" for "38.6" in a column of Cel,
/// {"unknown": "refused"} for "unknown:refused". A cell that begins with { or [ is JSON already. What has no meaning
/// for the input comes out as a JSON string, which the reader of cases refuses in its own words.
[[nodiscard]] std::string cell_as_json(const TypeInfo& type, std::string_view column_unit, std::string_view cell);

/// Without the spaces around it.
[[nodiscard]] std::string_view trimmed(std::string_view text);

/// A quick look, for texts that need no closer one.
[[nodiscard]] bool is_ascii(std::string_view text);

enum class Spelling : std::uint8_t { json, cell };

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

/// Reads what is stated about one input into its column. Remembers what texts mean. Not thread-safe.
class InputReader {
public:
  /// `column_unit`: of the header of the column, empty for none. The module outlives the reader.
  InputReader(const Module& module, InputId input, Spelling spelling, std::string column_unit = {});

  /// Writes what the text says into the row; true where that was possible. False: the text is faulty, or means
  /// something that depends on more than itself; then the whole record is to be read as a case. At least 8 bytes can be
  /// read from where the text begins. An empty cell says nothing. There is no branch on what a text says, since nobody
  /// could foretell it.
  [[nodiscard]] bool read(std::string_view text, Column& column, std::size_t row) {
    if (!is_number_first_ && recall(text, column, row)) return true;
    return read_unfamiliar(text, column, row);
  }

  /// The same for `count` rows from `row` on, whose cells stand `stride` apart. False where one of them could not be
  /// read; then what stands in these rows has no meaning. What stands behind a cell can be read, too.
  [[nodiscard]] bool read_cells(const std::string_view* cells, std::size_t stride, std::size_t count, Column& column,
                                std::size_t row);

  /// For tests: as `read`, by the reader of cases alone.
  [[nodiscard]] std::optional<Value> read_slowly(std::string_view text) const;
  [[nodiscard]] const std::string& column_unit() const { return column_unit_; }
  [[nodiscard]] InputId input() const { return input_; }

private:
  struct Stated {
    std::int64_t number = 0;
    std::uint8_t state = 0;
  };
  /// A text that was read before. Texts of up to 38 bytes are remembered. The first place is that of the empty text.
  struct Remembered {
    std::int64_t number = 0;
    std::uint64_t first = 0, last = 0; ///< see TextEnds
    std::uint8_t state = absent;
    std::uint8_t size = 0; ///< 0: nothing is remembered here
    std::array<char, 38> text{};
  };
  static constexpr std::size_t places = 64;
  /// The constant is that of Knuth's multiplicative hashing, 2^64 over the golden ratio.
  [[nodiscard]] static std::size_t place_of(std::size_t size, const TextEnds& ends) {
    return (((ends.first ^ (ends.last << 1) ^ size) * 0x9E3779B97F4A7C15u) >> 58) + std::size_t{size != 0};
  }
  [[nodiscard]] bool recall(std::string_view text, Column& column, std::size_t row) const {
    const TextEnds ends(text);
    const Remembered& kept = remembered_[place_of(text.size(), ends)];
    if (((kept.first ^ ends.first) | (kept.last ^ ends.last) | (kept.size ^ text.size())) != 0) return false;
    const bool is_told = text.size() <= TextEnds::telling_size;
    if (!is_told && std::memcmp(kept.text.data(), text.data(), text.size()) != 0) return false;
    column.states[row] = kept.state;
    column.is_used |= kept.state != absent;
    if (column.space == bytecode::Space::number) column.numbers[row] = kept.number;
    return true;
  }
  [[nodiscard]] std::optional<Stated> read_number(std::string_view text) const;
  [[nodiscard]] std::optional<Stated> read_digits(std::string_view text) const;
  [[nodiscard]] std::optional<Stated> read_date(std::string_view text) const;
  [[nodiscard]] bool read_unfamiliar(std::string_view text, Column& column, std::size_t row);
  [[nodiscard]] bool read_other(std::string_view text, Column& column, std::size_t row);
  void prepare_numbers();

  const Module& module_;
  InputId input_;
  const InputInfo& info_;
  const TypeInfo& type_;
  const Place& place_;
  Spelling spelling_;
  std::string column_unit_;
  bool needs_zone_ = false; ///< what a text means depends on the offset of the case

  /// Numbers that are counted from 0 in the steps of the type: `number` times `factor` over `divisor`, by decimals.
  struct Scale {
    std::int64_t factor = 0, divisor = 1; ///< factor 0: such numbers are left to the reader of cases
  };
  std::array<Scale, 7> scales_{};
  bool has_scales_ = false;
  bool is_number_first_ = false; ///< too many different numbers to remember them
  std::int64_t least_ = 0, most_ = 0;
  struct Around {
    std::string before, after;
  };
  std::vector<Around> around_; ///< what may stand around the digits

  std::array<Remembered, places + 1> remembered_{};
  std::unordered_map<std::string, Value> values_; ///< space value
};

} // namespace aceso::population
