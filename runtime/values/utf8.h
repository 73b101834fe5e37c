#pragma once
/// Well-formed UTF-8 (RFC 3629).

#include <string_view>

namespace aceso {

/// No overlong forms, no surrogates, nothing above U+10FFFF. Thread-safe.
[[nodiscard]] bool is_utf8(std::string_view text);

} // namespace aceso
