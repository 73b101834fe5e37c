#pragma once

#include <span>
#include <string_view>

namespace aceso {

// A text that travels inside the program. Both views live as long as the program.
struct EmbeddedFile {
  std::string_view name;
  std::string_view text;
};

// All modules of the standard library as they were when the program was built, in the order of their file names.
// `name` is what an import writes: `std.spine` for stdlib/spine.aceso, `std.neuro.exam` for stdlib/neuro/exam.aceso.
// The function is written by tools/cmake/embed.cmake during the build.
[[nodiscard]] std::span<const EmbeddedFile> embedded_standard_library();

// The translations of those modules, stdlib/spine.de.po under the name `std.spine.de`. Written in the same way.
[[nodiscard]] std::span<const EmbeddedFile> embedded_translations();

// The pages of the error index, docs/errors/A0123.md under the name `A0123`, in the order of their ids.
// Written in the same way.
[[nodiscard]] std::span<const EmbeddedFile> embedded_error_pages();

} // namespace aceso
