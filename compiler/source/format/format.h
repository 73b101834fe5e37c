#pragma once
/// One canonical layout for guidelines (`aceso fmt`).

#include <optional>
#include <string>
#include <string_view>

#include "diagnostics/diagnostic.h"
#include "source/source_file.h"

namespace aceso::format {

/// The canonical text: two-space indentation, at most 110 columns, tables aligned, comments kept where they belong,
/// one empty line between declarations at most. Idempotent, and the syntax tree stays the same.
/// Nothing where the file has syntax errors (they are in `sink`).
[[nodiscard]] std::optional<std::string> format_file(const source::SourceSet& sources, std::uint32_t file,
                                                     diagnostics::Sink& sink);

} // namespace aceso::format
