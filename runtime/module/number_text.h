#pragma once
/// Numbers as case files write them. Internal to runtime/module.

#include <optional>
#include <string_view>

#include "values/rational.h"

namespace aceso {

/// What the number grammar of JSON allows (RFC 8259, section 6), or a fraction of two integers such as "1/3",
/// which is how numbers without a finite decimal are written.
[[nodiscard]] bool is_number_text(std::string_view text);
/// The exact value of such a text; nothing where it does not fit 64 bits.
[[nodiscard]] std::optional<Rational> number_from_text(std::string_view text);

} // namespace aceso
