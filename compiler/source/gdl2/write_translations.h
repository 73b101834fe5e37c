#pragma once
/// The terms of the source in its further languages, as files for translators (docs/translations.md).

#include <string>
#include <vector>

#include "gdl2/import.h"
#include "gdl2/translate.h"
#include "gdl2/variables.h"

namespace aceso::gdl2 {

/// One file for each further language that has a term of which the text makes use. They have what the source has:
/// titles and questions; `aceso translate` adds the rest, for somebody to translate. A language whose code is none is
/// told.
[[nodiscard]] std::vector<Translation> write_translations(const Guideline& guideline, const Variables& variables,
                                                          const Program& program, std::vector<Omission>& omissions);

} // namespace aceso::gdl2
