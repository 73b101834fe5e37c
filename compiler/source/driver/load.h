#pragma once
/// A file and everything it uses, as syntax trees in the order in which the checker wants them.
///
/// `use std.a.b` is looked up as a/b.aceso in CompileOptions::standard_library and then among the modules inside the
/// program; where the file itself is the module std.x of a folder of modules, its siblings come before the built-in
/// ones. `use a.b` is a/b.aceso in the folder of the file that uses it, and then in each folder above, up to the folder
/// of the file that is compiled. Modules are loaded depth first, each once. The files of value sets and hierarchies are
/// read from the folder of the file that names them, or from below it.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "aceso/compiler.h"
#include "ast/ast.h"
#include "check/check.h"
#include "diagnostics/diagnostic.h"
#include "driver/files.h"
#include "source/source_file.h"

namespace aceso::driver {

/// A file of the program, for what else stands beside it.
struct LoadedModule {
  std::string name; ///< as it is used; of the compiled file, as it declares itself
  std::string path;
  bool is_embedded = false; ///< it came from inside the program
};

struct LoadedProgram {
  std::vector<LoadedModule> modules; ///< parallel to `files`
  std::vector<ast::File> files;      ///< each after those that it uses; the file to compile comes last
  std::vector<check::TermFile> term_files;
  std::size_t ll_fallbacks = 0;
};

/// The text of a file as the options say that it is to be had. A compiled guideline has none and cannot be read.
[[nodiscard]] ReadResult read_text(const std::string& path, const CompileOptions& options);

/// `text` stands for the content of `path` where it is given. Complaints go to `sink`; what could be read is returned.
/// The file to compile is the first in `sources`.
[[nodiscard]] LoadedProgram load(source::SourceSet& sources, diagnostics::Sink& sink, const std::string& path,
                                 std::optional<std::string> text, const CompileOptions& options);

} // namespace aceso::driver
