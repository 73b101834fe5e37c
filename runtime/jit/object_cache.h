#pragma once
/// Object files in a folder, by a key that says all they depend on.

#include <optional>
#include <string>

namespace aceso::jit {

/// Nothing where there is none, or where the file is not what was once written.
[[nodiscard]] std::optional<std::string> read_cached(const std::string& folder, const std::string& key);
/// Best effort: a folder that cannot be written costs time, nothing else. Readers see a whole file or none.
void write_cached(const std::string& folder, const std::string& key, const std::string& object);

} // namespace aceso::jit
