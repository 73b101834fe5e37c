#pragma once
/// The languages of a guideline. Beside NAME.aceso stands NAME.de.po with its texts in German (translate/po.h); a
/// module that is used brings its own. What a guideline's own file says of a module's text comes before what the module
/// says.

#include <cstddef>
#include <string>
#include <vector>

#include "aceso/compiler.h"
#include "ast/ast.h"
#include "diagnostics/diagnostic.h"
#include "driver/load.h"
#include "graph/graph.h"
#include "module/translation.h"
#include "source/source_file.h"

namespace aceso::driver {

/// A program that was checked: the compiled file comes last.
struct TranslatedProgram {
  const std::vector<ast::File>& files;
  const std::vector<LoadedModule>& modules;
  const graph::Graph& graph;
};

/// Reads the translation into every declared language, and of a module into every language of which there is a file.
/// Reports what is wrong with the files, and what is missing: of the texts whose lack could harm as errors. The files
/// that are read come to `sources`.
[[nodiscard]] std::vector<Translation> read_translations(const TranslatedProgram& program, source::SourceSet& sources,
                                                         diagnostics::Sink& sink, const CompileOptions& options);

/// "a/b.de.po" for "a/b.aceso".
[[nodiscard]] std::string translation_path(const std::string& path, const std::string& language);

struct UpdatedTranslation {
  std::string text; ///< the whole new file
  std::size_t texts = 0, missing = 0, changed = 0, obsolete = 0;
  std::string diagnostics; ///< not empty: the present file is faulty, and there is no text
};
/// The file for a translator: every text of the compiled file with its original, those of used modules that have no
/// translation of their own, and what `present` (the file as it is, empty for none) already says. A text whose original
/// has changed keeps its old translation, marked fuzzy. What has no text any more is kept as obsolete.
[[nodiscard]] UpdatedTranslation update_translation(const Compilation& compilation, const std::string& language,
                                                    const std::string& present, const CompileOptions& options = {});

} // namespace aceso::driver
