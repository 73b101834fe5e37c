#pragma once
/// All cases of a guideline or module as patients: its `case` blocks, and for a guideline the case files in the folder
/// `cases` beside it.

#include <string>
#include <vector>

#include "aceso/compiler.h"
#include "module/patient_case.h"

namespace aceso::driver {

/// Titles of cases that `aceso cases` wrote and nobody has confirmed begin so.
constexpr std::string_view proposal_mark = "Proposed: ";

struct KeptCase {
  std::string name, file;
  std::uint32_t line = 0;                ///< of a `case` block; 0 for a case file
  std::vector<PatientCase> patients;     ///< one for each step; none for a case file with faults
  std::vector<std::string> expectations; ///< of a case file, as written
  [[nodiscard]] bool is_proposed() const { return name.starts_with(proposal_mark); }
};
struct CaseSet {
  std::vector<KeptCase> cases;
  struct Fault {
    std::string path, reason;
  };
  std::vector<Fault> unreadable; ///< case files that could not be read at all
};

/// `compilation` must be without errors; `path` is that of its file.
[[nodiscard]] CaseSet read_cases(const Compilation& compilation, const std::string& path,
                                 std::size_t max_case_bytes = 16u << 20);

} // namespace aceso::driver
