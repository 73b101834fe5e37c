/// Compiled guidelines with changes that the hash does not show. The first byte of the input chooses one of the files
/// of tests/golden/modules, the rest is a list of changes, eight bytes each: what is loaded after them is refused, or
/// decides without reading outside of anything.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "unit/module_mutation.h"

namespace {

std::vector<std::string> golden_modules() {
  std::vector<std::string> all;
  for (const auto& entry : std::filesystem::directory_iterator(ACESO_SOURCE_FOLDER "/tests/golden/modules")) {
    if (entry.path().extension() != ".acb") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    all.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  if (all.empty()) std::abort();
  std::sort(all.begin(), all.end()); // the order of a folder is any
  return all;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<std::string> sound = golden_modules();
  if (size == 0) return 0;
  std::string bytes = sound[data[0] % sound.size()];
  for (std::size_t at = 1; at + 8 <= size && at < 65; at += 8) {
    std::uint64_t how = 0;
    std::memcpy(&how, data + at, 8);
    aceso::testing::mutate(bytes, how);
  }
  aceso::testing::reseal(bytes);
  (void)aceso::testing::load_and_run(bytes);
  return 0;
}
