#pragma once
/// Takes CSV apart (RFC 4180): records end with LF or CRLF, a cell in quotation marks may hold delimiters, line ends
/// and doubled quotation marks.

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "population/csv_blocks.h"

namespace aceso::population {

struct CsvRecord {
  std::vector<std::string_view> cells; ///< without their quotation marks; valid until the next record
  std::uint64_t line = 0;              ///< where the record begins
  /// A cell that is badly quoted, or -1. The other cells are as they would be without it.
  std::ptrdiff_t stray_quote = -1;
  std::size_t own_cells = 0;      ///< cells that had doubled quotation marks: they do not stand in the text
  std::size_t begin = 0, end = 0; ///< in the text; the line end is not part of it
};

/// Goes through a text that begins with a record and ends with a line end. A line end inside of quotation marks ends no
/// record; a mark that does not begin a cell opens nothing. Not thread-safe.
class CsvSplitter {
public:
  /// `text` is followed by `block_bytes` bytes that are none of the delimiters, quotation marks and line ends.
  CsvSplitter(std::string_view text, char delimiter, std::uint64_t first_line)
      : text_(text), delimiter_(delimiter), line_(first_line) {}

  /// False where there is no further record. Empty lines are passed over.
  [[nodiscard]] bool next(CsvRecord& record);

private:
  void load_block();
  [[nodiscard]] std::string_view unquote(CsvRecord& record, std::string_view cell);

  std::string_view text_;
  char delimiter_;
  std::uint64_t line_;
  std::size_t block_ = 0;  ///< where the block begins that `ends_` tells of
  bool is_loaded_ = false; ///< some block is
  std::uint64_t ends_ = 0; ///< ends of cells in the block that have not been used
  QuoteState quotes_;
  std::size_t start_ = 0;       ///< of the cell that is next
  std::size_t quoted_to_ = 0;   ///< no quotation mark has been seen from here on, up to the end of the block
  std::deque<std::string> own_; ///< cells that had doubled quotation marks
};

/// How often a byte stands in the text.
[[nodiscard]] std::size_t count_of(std::string_view text, char byte);

/// Where the last record that is complete ends in a text that begins with a record: behind its line end; 0 for none.
[[nodiscard]] std::size_t end_of_records(std::string_view text, char delimiter);

/// Whether the cell has to stand in quotation marks.
[[nodiscard]] bool needs_quotes_in_csv(std::string_view cell);

/// The cell as it stands in a file: in quotation marks where it needs them.
void append_csv(std::string& out, std::string_view cell);

} // namespace aceso::population
