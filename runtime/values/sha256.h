#pragma once
#include <string>
#include <string_view>
namespace aceso {
/// SHA-256 (FIPS 180-4, section 6.2) of the bytes, as 64 lower-case hexadecimal digits.
[[nodiscard]] std::string sha256(std::string_view bytes);
} // namespace aceso
