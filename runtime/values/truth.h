#pragma once
/// Kleene's strong three-valued logic (S. C. Kleene, Introduction to Metamathematics, 1952, section 64).

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace aceso {

enum class Truth : std::uint8_t { no, unknown, yes };

/// The order no < unknown < yes makes conjunction the minimum and disjunction the maximum.
[[nodiscard]] constexpr Truth operator&(Truth a, Truth b) { return a < b ? a : b; }
[[nodiscard]] constexpr Truth operator|(Truth a, Truth b) { return a < b ? b : a; }
[[nodiscard]] constexpr Truth operator!(Truth a) {
  return a == Truth::yes ? Truth::no : a == Truth::no ? Truth::yes : Truth::unknown;
}
[[nodiscard]] constexpr Truth truth_of(bool b) { return b ? Truth::yes : Truth::no; }

/// "yes", "no" or "unknown".
[[nodiscard]] constexpr std::string_view to_text(Truth t) {
  return t == Truth::yes ? "yes" : t == Truth::no ? "no" : "unknown";
}

/// Why a fact is not known. The order is the order of precedence when several reasons meet in one value.
enum class UnknownReason : std::uint8_t { not_asked, not_done, refused, pending, stale, invalid, not_applicable };

/// The spelling used in case and decision files.
[[nodiscard]] constexpr std::string_view to_text(UnknownReason r) {
  constexpr std::string_view names[] = {"not_asked", "not_done", "refused",       "pending",
                                        "stale",     "invalid",  "not_applicable"};
  return names[static_cast<std::size_t>(r)];
}

} // namespace aceso
