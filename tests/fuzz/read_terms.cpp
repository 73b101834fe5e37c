/// Any bytes as the file of a value set and of a hierarchy: a fault, or codes that keep what the reader promises.
#include <cstdint>
#include <set>
#include <string_view>
#include <utility>

#include "check/term_reader.h"
#include "values/concept.h"

namespace {

void require(bool holds) {
  if (!holds) __builtin_trap();
}

void check_codes(const std::vector<aceso::check::TermCode>& codes) {
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const auto& code : codes)
    require(!code.system.empty() && aceso::is_code(code.code) && seen.emplace(code.system, code.code).second);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto set = aceso::check::read_value_set(text);
  if (const auto* read = std::get_if<aceso::check::ReadValueSet>(&set)) check_codes(read->codes);
  const auto tree = aceso::check::read_hierarchy(text);
  if (const auto* read = std::get_if<aceso::check::ReadHierarchy>(&tree)) {
    check_codes(read->codes);
    for (const auto& [child, parent] : read->below)
      require(child != parent && child < read->codes.size() && parent < read->codes.size());
  }
  return 0;
}
