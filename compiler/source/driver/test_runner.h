#pragma once
/// Runs the cases of a guideline or module: its `case` blocks, and the case files in the folder `cases` beside it.
/// A case passes when every expectation holds, no property is violated at any step, and the case is neither faulty nor
/// breaks a constraint, except where an expectation says so:
///   refused NAME                   the case breaks this constraint
///   fault A0728                       (case files) reading it gives this fault
///   fault A0728 $.inputs.temperature  and at this JSON path

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "aceso/compiler.h"
#include "graph/graph.h"
#include "source/source_file.h"

namespace aceso::driver {

struct CaseFailure {
  std::string file;
  std::uint32_t line = 0; ///< 1-based; 0 for a place in a case file
  std::string path;       ///< JSON path in a case file, "$.expect[2]"
  std::string expected, got;
};

struct CaseViolation {
  std::string property;
  std::string statement; ///< as the author wrote it
  std::string at;        ///< instant of the step
};

struct CaseResult {
  std::string guideline; ///< id of the guideline, or name of the module
  std::string name;
  std::string file;
  std::uint32_t line = 0; ///< of a `case` block; 0 for a case file
  bool passed = false;
  double seconds = 0;
  std::vector<CaseFailure> failures;
  std::vector<CaseViolation> violated;
};

struct FileResult {
  std::string path;
  std::string guideline;
  bool was_read = false;            ///< the file and what it uses could be read
  bool compiled = false;            ///< no errors; else there are no cases
  std::string diagnostics;          ///< as rendered for people; only where it did not compile
  bool lacks_language = false;      ///< a guideline without texts in CompileOptions::language; it was run as it is
  std::size_t unreadable_cases = 0; ///< case files that could not be read; each is a failed case as well
  std::vector<CaseResult> cases;
  [[nodiscard]] bool passed() const;
};

struct TestOptions {
  CompileOptions compile;
  std::size_t max_case_bytes = 16u << 20; ///< a larger case file fails
  bool color = false;                     ///< of FileResult::diagnostics
};

/// Compiles the file and runs everything.
[[nodiscard]] FileResult run_tests(const std::string& path, const TestOptions& options = {});

/// The `case` blocks of a compilation without errors.
[[nodiscard]] std::vector<CaseResult> run_case_blocks(const Compilation& compilation);

/// Case files of one guideline. Not thread-safe.
class CaseFileRunner {
public:
  /// `compilation` must be without errors and outlive the runner.
  explicit CaseFileRunner(const Compilation& compilation);
  /// `path` is only shown.
  [[nodiscard]] CaseResult run(const std::string& path, std::string_view json);

private:
  const Compilation& compilation_;
  source::SourceSet sources_; ///< those of the compilation, and the texts of expectations
};

/// The report in the XML dialect that build servers read (testsuites, testsuite, testcase, failure, error).
/// A file that did not compile is an error of a test named "compiles".
[[nodiscard]] std::string junit_xml(const std::vector<FileResult>& results);

} // namespace aceso::driver
