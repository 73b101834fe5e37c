#pragma once
/// The patients of one chunk of a file, as columns of what is stated about them.

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "batch/batch.h"
#include "module/module.h"
#include "module/patient_case.h"

namespace aceso::population {

/// Nothing is stated. Other states are those of registers (module/bytecode.h): 0 to 6 unknown for that reason, then for
/// a truth no and yes, for everything else known.
inline constexpr std::uint8_t absent = 0xff;

/// One input or definition over many patients. A truth stands in its state.
struct Column {
  bytecode::Space space = bytecode::Space::truth;
  bool is_used = false; ///< some state is not `absent`
  /// Space number: the batch engine takes a byte for each number, and here stand these bytes: numbers less `least`.
  bool is_narrow = false;
  std::int64_t least = 0;
  std::vector<std::uint8_t> states, bytes{};
  std::vector<std::int64_t> numbers{}; ///< space number: steps, days, seconds or a position; meaningful where known
  std::vector<Value> values{};         ///< space value
  void resize(std::size_t rows);
  [[nodiscard]] std::int64_t number(std::size_t row) const { return is_narrow ? least + bytes[row] : numbers[row]; }
  void set_number(std::size_t row, std::int64_t number) {
    if (is_narrow) {
      bytes[row] = static_cast<std::uint8_t>(number - least);
    } else {
      numbers[row] = number;
    }
  }
};

/// A record that gives no decision.
struct Reject {
  std::uint64_t line = 0; ///< of the file, from 1: where the record begins
  std::string id;         ///< empty where it has none or none could be read
  std::vector<CaseFault> faults;
};

/// A patient whose history does not fit into columns: events, series, a time zone by name.
using WholePatient = batch::WholeCase;

/// Rows are added one after the other; a row holds `absent` everywhere until something is stated.
class Patients {
public:
  explicit Patients(const Module& module);

  /// Forgets all rows and keeps the memory.
  void clear();
  /// The row that is being read: it counts only after `commit`.
  [[nodiscard]] std::size_t row() const { return count_; }
  void commit(std::string_view id, std::uint64_t line, ZonedInstant now);
  /// The same for many rows at once, which `reserve` has made room for. The three are of one length.
  void commit(std::span<const std::string_view> ids, std::span<const std::uint64_t> lines,
              std::span<const ZonedInstant> nows);
  /// Makes room for so many rows from the one that is being read.
  void reserve(std::size_t rows);
  /// What was stated about so many rows from the one that is being read is taken back.
  void abandon(std::size_t rows = 1);
  /// Keeps a text as long as the rows.
  [[nodiscard]] std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }

  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] std::vector<Column>& columns() { return columns_; } ///< by input
  [[nodiscard]] const std::vector<Column>& columns() const { return columns_; }
  [[nodiscard]] std::string_view id(std::size_t row) const { return ids_[row]; }
  [[nodiscard]] std::uint64_t line(std::size_t row) const { return lines_[row]; }
  [[nodiscard]] ZonedInstant now(std::size_t row) const { return nows_[row]; }
  [[nodiscard]] const std::vector<ZonedInstant>& nows() const { return nows_; }

  std::vector<WholePatient> whole; ///< in the order of rows
  std::vector<Reject> rejects;     ///< in the order of lines

private:
  void grow();
  std::vector<Column> columns_;
  std::size_t count_ = 0, capacity_ = 0;
  std::vector<std::string_view> ids_;
  std::vector<std::uint64_t> lines_;
  std::vector<ZonedInstant> nows_;
  std::deque<std::string> texts_;
};

} // namespace aceso::population
