#pragma once

#include <span>
#include <string_view>

namespace aceso {

// One module of the standard library. `name` is what an import writes: `std.spine` for stdlib/spine.aceso,
// `std.neuro.exam` for stdlib/neuro/exam.aceso. Both views live as long as the program.
struct EmbeddedFile {
  std::string_view name;
  std::string_view text;
};

// All modules of the standard library as they were when the program was built, in the order of their file names.
// The function is written by tools/cmake/embed.cmake during the build.
[[nodiscard]] std::span<const EmbeddedFile> embedded_standard_library();

} // namespace aceso
