#pragma once
/// Coverage for people (text, a page) and for programs (JSON, lcov). The same coverage gives the same bytes.

#include <string>
#include <vector>

#include "testing/coverage.h"

namespace aceso::testing {

struct CoveredFile {
  std::string path, guideline;
  const source::SourceSet* sources = nullptr;
  std::uint32_t file = 0;
  const Coverage* coverage = nullptr;
  std::size_t cases = 0, patients = 0; ///< a case with times is one patient at each step
  std::size_t proposed = 0;            ///< cases that nobody has confirmed yet
};

/// A table of sums, then the lines that lack something, quoted with what they lack. At most `most_lines` of them.
[[nodiscard]] std::string coverage_text(const CoveredFile& file, std::size_t most_lines);
/// docs/schemas/coverage.schema.json.
[[nodiscard]] std::string coverage_json(const std::vector<CoveredFile>& files);
/// One page that needs nothing else: sums, and each file with its lines coloured.
[[nodiscard]] std::string coverage_html(const std::vector<CoveredFile>& files);
/// The tracefile of lcov (geninfo(1)): lines, rules as functions, directions as branches.
[[nodiscard]] std::string coverage_lcov(const std::vector<CoveredFile>& files);

/// "12.5"; a whole number without a decimal.
[[nodiscard]] std::string percent_text(double percent);

} // namespace aceso::testing
