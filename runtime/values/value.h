#pragma once
/// The values that facts and derived declarations can take. What a value means is told by its type
/// (module/dictionary.h).

#include <concepts>
#include <cstdint>
#include <memory>
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

/// Some number from `least` to `most`, it is not known which.
struct NumberBounds {
  Rational least, most;
  friend constexpr bool operator==(NumberBounds, NumberBounds) = default;
};

struct Interval; // values/interval.h
[[nodiscard]] bool operator==(const Interval& a, const Interval& b);

/// A shared constant that is compared by what it holds. Keeps the rare large kinds out of every value.
template <class T>
class Boxed {
public:
  Boxed(T value) : held_(std::make_shared<const T>(std::move(value))) {} // NOLINT(google-explicit-constructor)
  [[nodiscard]] const T& operator*() const { return *held_; }
  [[nodiscard]] const T* operator->() const { return held_.get(); }
  friend bool operator==(const Boxed& a, const Boxed& b) { return *a == *b; }

private:
  std::shared_ptr<const T> held_;
};

class Value;
using ValueList = std::vector<Value>;

/// Unknown, yes/no, a choice, an exact number (in the unit of its type), a date, an instant, a time of day, an
/// interval, a list of these, or a coded concept. Of a date and a number, only bounds may be known (a partial date, and
/// what follows from it), and of an interval only one end: such a value counts as unknown (`not_asked`), but operations
/// can see what is known of it.
class Value {
public:
  using Storage = std::variant<Unknown, bool, Choice, Rational, Date, Instant, ValueList, Concept, TimeOfDay, DateRange,
                               Boxed<NumberBounds>, Boxed<Interval>>;

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
  Value(TimeOfDay t) : storage_(t) {}               // NOLINT(google-explicit-constructor)
  /// A range of one day is that day.
  Value(DateRange d) : storage_(d) { // NOLINT(google-explicit-constructor)
    if (d.first == d.last) storage_ = d.first;
  }
  /// A range of one number is that number.
  Value(NumberBounds r) : storage_(r.least) { // NOLINT(google-explicit-constructor)
    if (r.least != r.most) storage_ = Boxed<NumberBounds>(r);
  }
  Value(Interval i); // NOLINT(google-explicit-constructor)
  /// Only for Truth values: yes and no become Booleans, unknown keeps `reason`.
  [[nodiscard]] static Value from(Truth t, UnknownReason reason = UnknownReason::not_asked) {
    return t == Truth::unknown ? Value(reason) : Value(t == Truth::yes);
  }

  [[nodiscard]] bool is_known() const;
  /// Not known, but bounds are: what was stated is a partial date, or follows from one.
  [[nodiscard]] bool is_partly_known() const { return !is<Unknown>() && !is_known(); }
  /// Of a value that is not known.
  [[nodiscard]] UnknownReason reason() const;
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
