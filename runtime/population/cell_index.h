#pragma once
/// Where the records and cells of a text of CSV begin and end, a few dozen records at a time.

#include <cstdint>
#include <string_view>
#include <vector>

#include "population/csv_blocks.h"
#include "population/csv_split.h"

namespace aceso::population {

/// What CsvSplitter does, for texts that are clean: it looks at no cell, and takes no quotation marks off. Not
/// thread-safe.
class CellIndex {
public:
  struct Record {
    std::uint32_t first_cell = 0, cells = 0; ///< positions in `begins` and `ends`
    std::uint32_t quotes = 0;                ///< quotation marks in it
  };

  /// `text` is as CsvSplitter takes it, and shorter than 4 GiB.
  CellIndex(std::string_view text, char delimiter);

  /// Goes on to the next records; false where there are no more. An empty line is a record of one cell.
  [[nodiscard]] bool next();
  [[nodiscard]] const std::vector<Record>& records() const { return records_; }
  /// Places in the text. The last cell of a record ends before its line end. Cells of records that follow on each other
  /// do so, too. They may be changed.
  [[nodiscard]] std::uint32_t* begins() { return begins_.data(); }
  [[nodiscard]] std::uint32_t* ends() { return ends_.data(); }

private:
  void load_block();
  void add_record(std::uint32_t end_cell);

  std::string_view text_;
  char delimiter_;
  std::size_t block_ = 0;
  QuoteState state_;
  std::vector<std::uint32_t> begins_, ends_;
  std::size_t cells_ = 0;             ///< that are known
  std::size_t used_ = 0;              ///< of these, those of `records_` and of records before
  std::vector<std::uint32_t> quotes_; ///< where quotation marks stand that belong to no record yet
  std::vector<Record> records_;
};

} // namespace aceso::population
