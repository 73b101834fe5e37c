#pragma once
/// The version that decisions carry. It is one constant for every engine, so that equal decisions have equal bytes.

#include <string_view>

namespace aceso {

inline constexpr std::string_view engine_name = "aceso";
inline constexpr std::string_view engine_version = "0.1.0";

} // namespace aceso
