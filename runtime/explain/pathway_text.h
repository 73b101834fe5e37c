#pragma once
/// Where the patient stands on the pathway, and what comes next. Internal to runtime/explain.

#include "explain/open_questions.h"
#include "explain/text_page.h"

namespace aceso {

void write_pathway(TextPage& page, const Dictionary& dictionary, const Decision& decision,
                   const OpenQuestions& questions);

} // namespace aceso
