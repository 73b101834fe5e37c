#pragma once
/// What an import or an export says about itself: nothing is left out or assumed in silence.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "source/source_file.h"

namespace aceso::decision_tables {

struct Remark {
  enum class Kind : std::uint8_t {
    not_carried, ///< `what` is not in the result, because of `why`
    changed,     ///< it says the same in another way
    assumed      ///< the result says more than the source: `what` was taken, because of `why`
  } kind = Kind::not_carried;
  std::size_t offset = 0; ///< in the file that was read; of an export, `span` says it
  std::string what, why;
  source::Span span{};
};

struct Carried {
  std::string text; ///< of the whole new file
  std::vector<Remark> remarks;
};

} // namespace aceso::decision_tables
