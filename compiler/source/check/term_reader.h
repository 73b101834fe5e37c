#pragma once
/// Value sets and hierarchies as FHIR (R4, R5) writes them in JSON. What could be read in two ways is refused: a set
/// that is not resolved, or in part only, must never look like a set without the code that is asked for.

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace aceso::check {

struct TermCode {
  std::string system, code, display;
};

/// A ValueSet resource with its expansion. Abstract entries only group others and are no members; inactive codes are
/// members, because old records hold them.
struct ReadValueSet {
  std::string url, version;
  std::vector<TermCode> codes; ///< in the order of the file, each once
};

/// A CodeSystem resource whose concepts stand in each other, or name their parents or children.
struct ReadHierarchy {
  std::string url, version;
  std::vector<TermCode> codes;                                ///< `system` is `url`
  std::vector<std::pair<std::uint32_t, std::uint32_t>> below; ///< (child, parent), positions in `codes`; no circles
};

struct TermFault {
  enum class Kind : std::uint8_t { unreadable, unresolved, duplicate, circle } kind = Kind::unreadable;
  std::string reason; ///< in words; of a duplicate the code, of a circle the codes
  std::string system; ///< duplicate: its system
};

[[nodiscard]] std::variant<ReadValueSet, TermFault> read_value_set(std::string_view json);
[[nodiscard]] std::variant<ReadHierarchy, TermFault> read_hierarchy(std::string_view json);

} // namespace aceso::check
