#pragma once
/// Proposed patients as `case` blocks and as case files. Each is marked as a proposal in its title (case_set.h): what
/// it expects is what the guideline says today, until somebody who knows the field has confirmed it.

#include <string>
#include <vector>

#include "aceso/compiler.h"
#include "testing/proposals.h"

namespace aceso::driver {

struct WrittenCase {
  std::string name;  ///< of a case file, without ".json": "017-rule-urgent_mri"
  std::string file;  ///< its text
  std::string block; ///< a `case` block in the canonical layout; empty where a value cannot be written in one
};

/// Each of the cases, in their order. `compilation` is the one that they were proposed for.
[[nodiscard]] std::vector<WrittenCase> write_proposals(const Compilation& compilation,
                                                       const testing::Proposals& proposals);

/// A patient with today's outcome; `about` comes first among what is expected and may be empty.
[[nodiscard]] WrittenCase write_proposal(const Compilation& compilation, const std::string& name,
                                         const std::string& title, const std::vector<std::string>& comments,
                                         const PatientCase& patient, const std::vector<std::string>& about);

} // namespace aceso::driver
