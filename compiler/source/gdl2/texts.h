#pragma once
/// Texts that the source puts together: "$gt0006.value + ' - ' + $gt0006.label". Aceso has no such texts, but where all
/// parts are fixed or choices there are only so many of them, and each becomes a choice of its own.

#include <string>
#include <utility>
#include <vector>

#include "gdl2/model.h"
#include "gdl2/variables.h"

namespace aceso::gdl2 {

/// The text that comes out where each of the variables has that choice.
struct TextAlternative {
  std::vector<std::pair<std::string, const Choice*>> where; ///< by code of the variable; the choices are those of it
  std::string text;
};

/// Whether the expression gives a text rather than a number.
[[nodiscard]] bool is_text(const Expression& e);

/// All of them, at most `max_text_alternatives`; none where one of the parts is no choice, or there would be more.
[[nodiscard]] std::vector<TextAlternative> text_alternatives(const Expression& e, const Guideline& guideline,
                                                             const Variables& variables);

inline constexpr std::size_t max_text_alternatives = 64;

} // namespace aceso::gdl2
