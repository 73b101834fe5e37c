#pragma once
/// What a Compilation holds behind its public face.

#include <cstddef>
#include <memory>
#include <vector>

#include "aceso/compiler.h"
#include "ast/ast.h"
#include "check/check.h"
#include "diagnostics/diagnostic.h"
#include "driver/load.h"
#include "graph/graph.h"
#include "module/translation.h"
#include "source/source_file.h"

namespace aceso {

struct Compilation::State {
  source::SourceSet sources;
  std::vector<ast::File> files; ///< as check::Program wants them
  std::vector<check::TermFile> term_files;
  std::vector<diagnostics::Diagnostic> diagnostics;
  std::size_t errors = 0, warnings = 0, ll_fallbacks = 0;
  std::shared_ptr<const graph::Graph> graph;
  std::vector<driver::LoadedModule> modules;
  std::vector<std::string> languages;
  std::vector<Translation> translations; ///< one for each language after the first
};

} // namespace aceso
