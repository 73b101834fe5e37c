#pragma once
/// Reads the files of the source: a guideline (JSON) and its cases (YAML).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gdl2/model.h"

namespace aceso::gdl2 {

struct ReadFault {
  std::size_t line = 0, column = 0; ///< from 1; 0 where the fault has no place
  std::string reason;
};

/// What stands in the file. Rules, conditions and assignments that cannot be
/// read are left out and told in `omissions`; nothing, and `fault`, where the
/// file is no guideline at all.
[[nodiscard]] std::optional<Guideline> read_guideline(std::string_view json, std::vector<Omission>& omissions,
                                                      ReadFault& fault);

/// The cases of a `.test.yml`, as far as they can be read: what follows a fault
/// of the file is lost, and told.
[[nodiscard]] std::vector<SourceCase> read_cases(std::string_view yaml, std::optional<ReadFault>& fault);

} // namespace aceso::gdl2
