#pragma once
/// A table of a guideline as a sheet, and back.
///
///   first,     smoker, ill_for,    "-> plan ""Plan"" : one of { rest, film }"
///   1,         no,     < 3 weeks,  rest
///   otherwise, ,       ,           film
///   cite,      handbook at "Cough" refs 2
///   note,      a line of the documentation
///
/// The first row has the hit policy, the columns, and what the table gives. Rows of rules begin with their number,
/// which is for people and not read; the cells are those of the language, and an empty one is `-`.

#include <optional>
#include <string>
#include <vector>

#include "ast/ast.h"
#include "decision_tables/carried.h"
#include "decision_tables/sheet.h"
#include "diagnostics/diagnostic.h"
#include "source/source_file.h"

namespace aceso::decision_tables {

/// The file as text; a comment inside the table has no place in it and is told.
[[nodiscard]] Carried sheet_of(const ast::TableDecl& table, const source::SourceSet& sources);

/// A table in Aceso that was made of a sheet, with the cell behind each of its parts.
struct SheetTable {
  std::string name;
  std::string text; ///< the declaration with its notes and citations, not laid out
  struct Part {
    std::size_t begin = 0, end = 0;              ///< in `text`
    std::size_t row = 0, column = 0, offset = 0; ///< in the sheet, from 0; in the file
  };
  std::vector<Part> parts; ///< in the order of the text
  /// The part at or before a place of `text`.
  [[nodiscard]] const Part& part_at(std::size_t place) const;
};

/// Faults of the sheet go to `sink`, with spans in `file` (its text is the sheet). Nothing where there are any.
[[nodiscard]] std::optional<SheetTable> table_of(const source::SourceSet& sources, std::uint32_t file,
                                                 diagnostics::Sink& sink, const SheetOptions& options = {});

/// "row 3, column B": before the message of a fault in a cell.
[[nodiscard]] std::string place_text(const SheetTable::Part& part);

} // namespace aceso::decision_tables
