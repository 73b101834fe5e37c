#pragma once
/// What one cell or one JSON value says about an input.
///
/// The meaning is that of a case file: a cell of a CSV file is put into JSON (`cell_as_json`), and the reader of cases
/// reads that. InputReader does the same faster for texts that are clean, and leaves all others to the reader of cases;
/// tests/unit/population_cells.cpp compares the two.

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "module/module.h"
#include "population/patients.h"
#include "population/text_memory.h"

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

  /// Cells of one column: `count` of them, which stand `stride` apart in lists of where cells begin and end in a text.
  /// More of the text can be read behind each of them.
  struct Cells {
    const char* text = nullptr;
    const std::uint32_t *begins = nullptr, *ends = nullptr;
    std::size_t stride = 1, count = 0;
    [[nodiscard]] std::string_view operator[](std::size_t i) const {
      return {text + begins[i * stride], ends[i * stride] - begins[i * stride]};
    }
  };
  /// The same for rows from `row` on. False where one of them could not be read; then what stands in these rows has no
  /// meaning.
  [[nodiscard]] bool read_cells(const Cells& cells, Column& column, std::size_t row);

  /// For tests: as `read`, by the reader of cases alone.
  [[nodiscard]] std::optional<Value> read_slowly(std::string_view text) const;
  [[nodiscard]] const std::string& column_unit() const { return column_unit_; }
  [[nodiscard]] InputId input() const { return input_; }

private:
  using Stated = TextMemory::Meaning;
  [[nodiscard]] bool recall(std::string_view text, Column& column, std::size_t row) const {
    const TextEnds ends(text);
    const TextMemory::Known& known = memory_.place(text.size(), ends);
    if (!known.is(text, ends)) return false;
    put({known.number, known.state}, column, row);
    return true;
  }
  static void put(Stated stated, Column& column, std::size_t row) {
    column.states[row] = stated.state;
    column.is_used |= stated.state != absent;
    if (column.space == bytecode::Space::number) column.set_number(row, stated.number);
  }
  [[nodiscard]] bool read_truths(const Cells& cells, Column& column, std::size_t row);
  [[nodiscard]] std::optional<Stated> read_number(std::string_view text) const;
  [[nodiscard]] std::optional<Stated> read_digits(std::string_view text) const;
  [[nodiscard]] std::optional<Stated> read_few_digits(std::string_view text) const;
  /// A number without its point, which had so many decimals.
  [[nodiscard]] std::optional<Stated> scaled(std::int64_t number, std::size_t decimals) const;
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
  bool is_bare_number_ = false;  ///< a text that is nothing but a number is one of the type
  std::int64_t least_ = 0, most_ = 0;
  struct Around {
    std::string before, after;
  };
  std::vector<Around> around_; ///< what may stand around the digits

  TextMemory memory_{absent};
  std::unordered_map<std::string, Value> values_; ///< space value
};

} // namespace aceso::population
