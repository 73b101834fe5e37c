#include "driver/case_set.h"

#include <filesystem>

#include "driver/files.h"
#include "graph/graph.h"
#include "reference/engine.h"
#include "source/source_file.h"

namespace aceso::driver {

CaseSet read_cases(const Compilation& compilation, const std::string& path, std::size_t max_case_bytes) {
  const graph::Graph& graph = *compilation.graph();
  CaseSet set;
  for (const graph::TestCase& test : graph.cases) {
    KeptCase kept{test.title, path, 0, {}, {}};
    if (test.span.is_valid()) {
      const source::SourceFile& file = compilation.sources()[test.span.file];
      kept.file = file.path();
      kept.line = file.place(test.span.begin).line;
    }
    for (std::size_t step = 0; step < test.steps.size(); ++step)
      kept.patients.push_back(reference::case_at_step(test, step));
    set.cases.push_back(std::move(kept));
  }
  if (graph.dictionary.guideline.id.empty()) return set;
  for (const std::string& file : files_in(join_path(folder_of(path), "cases"), ".json")) {
    const ReadResult text = read_file(file, max_case_bytes);
    if (!text.ok()) {
      set.unreadable.push_back({file, text.reason});
      continue;
    }
    CaseReadResult read = read_case(graph.dictionary, text.text);
    KeptCase kept{read.title.empty() ? std::filesystem::path(file).stem().string() : read.title,
                  file,
                  0,
                  {},
                  std::move(read.expectations)};
    if (read.ok()) kept.patients.push_back(std::move(read.patient_case));
    set.cases.push_back(std::move(kept));
  }
  return set;
}

} // namespace aceso::driver
