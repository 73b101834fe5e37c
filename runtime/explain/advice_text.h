#pragma once
/// The parts of a decision's text that advise. Internal to runtime/explain.

#include "explain/open_questions.h"
#include "explain/text_page.h"

namespace aceso {

/// Advised, conflict, not decided yet, advised against, overridden; with `verbose` also what is not advised.
void write_advice(TextPage& page, const Dictionary& dictionary, const Decision& decision,
                  const OpenQuestions& questions, bool verbose);
void write_cautions(TextPage& page, const Dictionary& dictionary, const Decision& decision,
                    const OpenQuestions& questions);
void write_differentials(TextPage& page, const Dictionary& dictionary, const Decision& decision,
                         const OpenQuestions& questions);

} // namespace aceso
