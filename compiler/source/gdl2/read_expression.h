#pragma once
/// Reads the texts of expressions, such as "$gt0004|Age|>=65,a".

#include <optional>
#include <string>
#include <string_view>

#include "gdl2/model.h"

namespace aceso::gdl2 {

struct ExpressionFault {
  std::size_t at = 0; ///< byte in the text
  std::string reason;
};

/// A condition, or the right side of an assignment. Nothing where the text
/// cannot be read; `fault` says why then.
[[nodiscard]] std::optional<Expression> read_expression(std::string_view text, ExpressionFault& fault);
/// "$gt0008.magnitude=$gt0004.value+1".
[[nodiscard]] std::optional<Assignment> read_assignment(std::string_view text, ExpressionFault& fault);
/// A value of a case: "61,a", "1|local::at0014|Yes|", "true", a text. `as_text`
/// is what cannot be read otherwise.
[[nodiscard]] Expression read_value(std::string_view text);

} // namespace aceso::gdl2
