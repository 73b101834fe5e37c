/// Every .aceso file of the project: the fast strategy of the parser suffices, and what is ours has no findings.
#include <filesystem>

#include <gtest/gtest.h>

#include "aceso/compiler.h"

namespace aceso {
namespace {

TEST(DriverWholeTexts, TheFastStrategySufficesForEveryFile) {
  std::size_t files = 0;
  for (const char* folder : {"guidelines", "stdlib", "tests"}) {
    const std::filesystem::path root = std::filesystem::path(ACESO_SOURCE_FOLDER) / folder;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
      if (entry.path().extension() != ".aceso") continue;
      ++files;
      EXPECT_EQ(compile_file(entry.path().string()).ll_fallbacks(), 0u) << entry.path();
    }
  }
  EXPECT_GE(files, 5u);
}

} // namespace
} // namespace aceso
