#pragma once
/// The end of an imported guideline: its codes, and what else the source says of its parts that has no place in the
/// language.

#include <string>
#include <vector>

#include "gdl2/model.h"
#include "gdl2/translate.h"
#include "gdl2/variables.h"

namespace aceso::gdl2 {

/// The inputs that a variable has become: one for each of its units that is used.
[[nodiscard]] std::vector<std::string> input_names(const Variable& v, const Program& program);
/// Whether it is one of the values that the guideline decides.
[[nodiscard]] bool is_decided(const Variable& v, const Program& program);

/// The block of codes: of inputs ("gt0004", and the path in the archetype), and of the choices of inputs and values.
/// What the language can bind to no code, a decided value and the answers of a yes/no, stands there as a comment. Empty
/// where there is nothing to bind.
[[nodiscard]] std::string write_codes(const Guideline& guideline, const Variables& variables, const Program& program);

/// Comments: the rules by their names, in the order in which they run, and the terms that are no part of anything.
[[nodiscard]] std::string write_names(const Guideline& guideline, const Variables& variables, const Program& program);

/// The elements of the source that no part of the text has, because nothing that is carried over uses them.
void omit_unused_elements(const Guideline& guideline, const Variables& variables, const Program& program,
                          std::vector<Omission>& omissions);

} // namespace aceso::gdl2
