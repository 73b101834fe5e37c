#include "module/decision.h"

#include <cstddef>

namespace aceso {

Decision::Decision() = default;
Decision::Decision(const Decision&) = default;
Decision::Decision(Decision&&) noexcept = default;
Decision& Decision::operator=(const Decision&) = default;
Decision& Decision::operator=(Decision&&) noexcept = default;
Decision::~Decision() = default;

std::string_view to_text(RecommendationStatus status) {
  constexpr std::string_view names[] = {"advised", "not_advised", "conflict", "undetermined", "overridden"};
  return names[static_cast<std::size_t>(status)];
}

std::string_view to_text(DifferentialStatus status) {
  constexpr std::string_view names[] = {"decided", "none", "tie", "undetermined"};
  return names[static_cast<std::size_t>(status)];
}

} // namespace aceso
