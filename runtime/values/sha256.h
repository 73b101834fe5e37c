#pragma once
#include <string>
#include <string_view>
namespace aceso {
/// SHA-256 (FIPS 180-4, section 6.2) of the bytes, as 64 lower-case hexadecimal digits. Thread-safe.
[[nodiscard]] std::string sha256(std::string_view bytes);
/// The same without the instructions that some processors have for it; for tests.
[[nodiscard]] std::string sha256_portably(std::string_view bytes);
} // namespace aceso
