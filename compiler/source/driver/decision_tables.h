#pragma once
/// Decision tables from and to other programs: DMN models and sheets of a spreadsheet.

#include <optional>
#include <string>
#include <vector>

#include "aceso/compiler.h"
#include "diagnostics/diagnostic.h"
#include "source/source_file.h"

namespace aceso::driver {

struct Exchange {
  std::optional<std::string> text; ///< of the new file; nothing where there is an error
  std::string name;                ///< of the guideline or table in it
  source::SourceSet sources;       ///< what `diagnostics` speak of
  std::vector<diagnostics::Diagnostic> diagnostics;
};

/// A guideline, laid out, with what DMN and Aceso do not share in the diagnostics. `path` is the name that they show.
[[nodiscard]] Exchange import_dmn(const std::string& path, std::string text);
/// DMN 1.3 of a sound compilation.
[[nodiscard]] Exchange export_dmn(const Compilation& compilation);

/// The names of the tables of the compiled file, in its order.
[[nodiscard]] std::vector<std::string> tables_of(const Compilation& compilation);
/// A sheet of the table of that name; no text where there is none.
[[nodiscard]] Exchange export_sheet(const Compilation& compilation, const std::string& table);
/// The table of a sheet, laid out.
[[nodiscard]] Exchange import_sheet(const std::string& path, std::string text);
/// The guideline with that table in place of its own of the same name, or behind everything where it has none. It is
/// checked as a whole; what is wrong with the table is told at the cells of the sheet.
[[nodiscard]] Exchange import_sheet_into(const std::string& path, std::string text, const std::string& guideline_path,
                                         const std::string& guideline, const CompileOptions& options = {});

} // namespace aceso::driver
