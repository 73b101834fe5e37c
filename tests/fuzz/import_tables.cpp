/// Fuzzes what reads the tables of other programs: DMN where the text begins with `<`, and sheets. What is made of them
/// must be laid out without a complaint, or there must be a finding.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "driver/decision_tables.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  const bool is_dmn = text.starts_with('<');
  const aceso::driver::Exchange exchange = is_dmn ? aceso::driver::import_dmn("input", std::move(text))
                                                  : aceso::driver::import_sheet("input", std::move(text));
  if (!exchange.text && exchange.diagnostics.empty()) std::abort();
  return 0;
}
