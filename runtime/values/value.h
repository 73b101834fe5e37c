#pragma once
/// The values that facts and derived declarations can take. What a value means is told by its type
/// (module/dictionary.h).

#include <concepts>
#include <cstdint>
#include <utility>
#include <variant>
#include <vector>

#include "values/concept.h"
#include "values/rational.h"
#include "values/time.h"
#include "values/truth.h"

namespace aceso {

struct Unknown {
  UnknownReason reason = UnknownReason::not_asked;
  friend constexpr bool operator==(Unknown, Unknown) = default;
};

/// A member of an enumeration or of a scale, or an action, by its position in the declaration (from 0).
struct Choice {
  std::uint32_t index = 0;
  friend constexpr auto operator<=>(Choice, Choice) = default;
};

class Value;
using ValueList = std::vector<Value>;

/// Unknown, yes/no, a choice, an exact number (in the unit of its type), a date, an instant, a list of these, or a
/// coded concept.
class Value {
public:
  using Storage = std::variant<Unknown, bool, Choice, Rational, Date, Instant, ValueList, Concept>;

  Value() = default;
  Value(Unknown u) : storage_(u) {}                // NOLINT(google-explicit-constructor)
  Value(UnknownReason r) : storage_(Unknown{r}) {} // NOLINT(google-explicit-constructor)
  /// Exactly bool, so that neither a number nor a pointer turns into yes: Value(38) is the number 38.
  Value(std::same_as<bool> auto b) : storage_(b) {} // NOLINT(google-explicit-constructor)
  Value(Choice c) : storage_(c) {}                  // NOLINT(google-explicit-constructor)
  Value(Rational r) : storage_(r) {}                // NOLINT(google-explicit-constructor)
  Value(Date d) : storage_(d) {}                    // NOLINT(google-explicit-constructor)
  Value(Instant i) : storage_(i) {}                 // NOLINT(google-explicit-constructor)
  Value(ValueList l) : storage_(std::move(l)) {}    // NOLINT(google-explicit-constructor)
  Value(Concept c) : storage_(std::move(c)) {}      // NOLINT(google-explicit-constructor)
  /// Only for Truth values: yes and no become Booleans, unknown keeps `reason`.
  [[nodiscard]] static Value from(Truth t, UnknownReason reason = UnknownReason::not_asked) {
    return t == Truth::unknown ? Value(reason) : Value(t == Truth::yes);
  }

  [[nodiscard]] bool is_known() const { return !std::holds_alternative<Unknown>(storage_); }
  [[nodiscard]] UnknownReason reason() const { return std::get<Unknown>(storage_).reason; }
  template <class T>
  [[nodiscard]] const T& as() const {
    return std::get<T>(storage_);
  }
  template <class T>
  [[nodiscard]] bool is() const {
    return std::holds_alternative<T>(storage_);
  }
  /// For yes/no values.
  [[nodiscard]] Truth truth() const { return is_known() ? truth_of(as<bool>()) : Truth::unknown; }
  [[nodiscard]] const Storage& storage() const { return storage_; }

  /// Same kind and same content; two unknowns are equal when their reasons are. Written out because a defaulted
  /// operator would have to know itself through ValueList.
  friend bool operator==(const Value& a, const Value& b) { return a.storage_ == b.storage_; }

private:
  Storage storage_ = Unknown{};
};

} // namespace aceso
