#pragma once
/// The grammar of UCUM 2.2 (sections 4 to 12), case-sensitive:
///
///   main term   = ["/"] term
///   term        = component { ("." | "/") component }         from left to right, "/" takes one component
///   component   = symbol [exponent] [annotation] | number [annotation] | annotation | "(" term ")"
///   exponent    = ["+" | "-"] digits
///   annotation  = "{" printable ASCII except space and braces "}"

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "values/ucum_table.h"

namespace aceso::units {

/// What goes beyond these limits is refused as invalid.
inline constexpr std::size_t largest_code_bytes = 256;
inline constexpr int largest_depth = 16;        ///< of parentheses
inline constexpr int largest_exponent = 99;     ///< in either direction
inline constexpr int largest_number_digits = 9; ///< of a number that stands as a component

/// One factor of a unit, with parentheses and division resolved into the sign of the exponent.
struct UnitComponent {
  Symbol symbol;            ///< no atom: a number, or an annotation alone
  std::uint32_t number = 1; ///< only without an atom
  int exponent = 1;
  std::string_view annotation; ///< with its braces, or empty; means nothing
};

struct SyntaxError {
  enum class Kind { unknown_symbol, missing_dot, special_in_product, other };
  Kind kind = Kind::other;
  std::size_t begin = 0; ///< the part of the code that is wrong
  std::size_t size = 0;
  std::string message; ///< a plain sentence
};

/// The components refer to the text of `code`.
[[nodiscard]] std::variant<std::vector<UnitComponent>, SyntaxError> parse_unit(std::string_view code);

} // namespace aceso::units
