#pragma once
/// A sheet of cells as comma-separated values (RFC 4180), as spreadsheet programs read and write them.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aceso::decision_tables {

struct SheetCell {
  std::string text;       ///< without quotation marks, and without white space at its ends
  std::size_t offset = 0; ///< in the file
};
using Sheet = std::vector<std::vector<SheetCell>>;

struct SheetOptions {
  std::size_t max_bytes = 16u << 20; ///< a larger file is refused
  std::size_t max_rows = 100000;
  std::size_t max_columns = 1000;
};

struct SheetFault {
  std::size_t offset = 0;
  std::string message;
};

/// The separator is the first of comma, semicolon and tab that stands in the first line outside of quotation marks; a
/// mark of the byte order is passed over. Empty rows stay, so that rows can be counted.
[[nodiscard]] std::optional<Sheet> read_sheet(std::string_view text, const SheetOptions& options, SheetFault& fault);

/// Commas; quotation marks where they are needed; lines end with \n.
[[nodiscard]] std::string write_sheet(const std::vector<std::vector<std::string>>& rows);

/// "A", "Z", "AA" for 0, 25, 26: how spreadsheet programs call a column.
[[nodiscard]] std::string column_letters(std::size_t column);

} // namespace aceso::decision_tables
