/// Imported guidelines with the cases that came with them, in the engines beside the row VM: each result of the batch
/// engine, with every set of kernels that this machine has, outcomes by look-ups, and each decision of native code,
/// where it can be made, must be that of the row VM. (`aceso test` compares the row VM with the reference, and both
/// with what is expected.)
///
///   aceso_gdl2_engines FOLDER [--native N]
///
/// FOLDER is what `aceso import gdl2 ... --cases -o FOLDER` made. --native: every Nth guideline becomes native code; 0:
/// none. Exit: 0 no difference, 1 one that is printed, 2 bad use.

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "aceso/compiler.h"
#include "batch_twin.h"
#include "codegen/codegen.h"
#include "graph/graph.h"
#include "module/patient_case.h"
#include "native_twin.h"
#include "outcome_twin.h"

namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<fs::path> sorted(const fs::path& folder) {
  std::vector<fs::path> result;
  if (fs::is_directory(folder))
    for (const fs::directory_entry& entry : fs::directory_iterator(folder))
      result.push_back(entry.path());
  std::sort(result.begin(), result.end());
  return result;
}

struct Counts {
  std::size_t guidelines = 0, cases = 0;
  aceso::batch::RowCounts rows;
  aceso::differential::NativeCounts native;
  aceso::differential::LookupCounts looked_up;
};

/// Empty where nothing differs.
std::string difference_of(const fs::path& folder, bool native, Counts& counts) {
  using namespace aceso;
  const fs::path path = folder / (folder.filename().string() + ".aceso");
  if (!fs::exists(path)) return {};
  const Compilation compilation = compile_file(path.string());
  if (!compilation.ok()) return "it does not compile";
  const auto module = load_module(std::get<std::string>(codegen::build(*compilation.graph(), nullptr))).module;
  std::vector<PatientCase> cases;
  for (const fs::path& file : sorted(folder / "cases"))
    if (const CaseReadResult read = read_case(module->dictionary, text_of(file)); read.ok())
      cases.push_back(read.patient_case);
  ++counts.guidelines;
  if (cases.empty()) return {};
  counts.cases += cases.size();
  if (std::string what = differential::lookup_difference(module, cases, counts.looked_up); !what.empty())
    return "look-ups: " + what;
  if (native)
    if (std::string what = differential::native_difference(module, cases, counts.native); !what.empty())
      return "native code: " + what;
  std::string what = differential::batch_difference(module, cases, false, counts.rows);
  return what.empty() ? what : "batch: " + what;
}

} // namespace

int main(int count, char** words) {
  const std::string option = count == 4 ? words[2] : "";
  if (count != 2 && option != "--native") {
    fmt::print(stderr, "usage: aceso_gdl2_engines FOLDER [--native N]\n");
    return 2;
  }
  const std::size_t every = count == 4 ? std::strtoull(words[3], nullptr, 10) : 1;
  Counts counts;
  std::size_t index = 0;
  for (const fs::path& folder : sorted(words[1])) {
    const bool native = every != 0 && index++ % every == 0 && counts.native.unavailable.empty();
    if (const std::string what = difference_of(folder, native, counts); !what.empty()) {
      fmt::print("{}: {}\n", folder.filename().string(), what);
      return 1;
    }
  }
  fmt::print("{} guidelines, {} cases: no difference in the batch engine\n", counts.guidelines, counts.cases);
  fmt::print("look-ups: {} guidelines, {} cases: no difference\n", counts.looked_up.guidelines, counts.looked_up.cases);
  if (counts.native.unavailable.empty())
    fmt::print("{} guidelines, {} cases: no difference in native code\n", counts.native.guidelines,
               counts.native.cases);
  else
    fmt::print("no native code here: {}\n", counts.native.unavailable);
  return counts.guidelines == 0 ? 1 : 0;
}
