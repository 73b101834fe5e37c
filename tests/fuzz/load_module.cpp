/// Compiled guidelines with changes that the hash does not show. The input is a list of changes, eight bytes each: what
/// is loaded after them is refused, or decides without reading outside of anything.
#include <cstdint>
#include <cstring>
#include <string>
#include <variant>

#include "unit/module_mutation.h"
#include "unit/module_sample.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::string sound = aceso::testing::sample_module();
  std::string bytes = sound;
  for (std::size_t at = 0; at + 8 <= size && at < 64; at += 8) {
    std::uint64_t how = 0;
    std::memcpy(&how, data + at, 8);
    aceso::testing::mutate(bytes, how);
  }
  aceso::testing::reseal(bytes);
  (void)aceso::testing::load_and_run(bytes);
  return 0;
}
