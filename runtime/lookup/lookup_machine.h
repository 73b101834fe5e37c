#pragma once
/// Finds the outcomes of one patient by look-ups, without LLVM: some 30 for a guideline like the flagship, where the
/// row machine runs a hundred instructions and settles rules and actions after that.

#include <memory>
#include <string>

#include "interpret/outcomes.h"

namespace aceso::lookup {

struct MadeFinder {
  std::shared_ptr<const interpret::OutcomeFinder> finder; ///< null where there is none
  std::string why_not;                                    ///< then: a plain sentence
};

/// Thread-safe. Takes as long as making the guideline ready for a batch, and then some; the result keeps the module.
/// `may_gather`: false for the code of processors without a quick pext, whatever this one has.
[[nodiscard]] MadeFinder make_finder(std::shared_ptr<const Module> module, bool may_gather = true);

} // namespace aceso::lookup
