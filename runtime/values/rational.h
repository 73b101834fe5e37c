#pragma once
/// Exact rational numbers with 64-bit numerator and denominator.
/// Every operation either gives the exact result or reports that it does not fit; nothing is ever rounded silently.

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace aceso {

/// How `round` treats values between two steps. Names follow IEEE 754-2019 section 4.3 and clinical usage.
enum class RoundingMode : std::uint8_t { half_up, half_even, half_down, up, down, toward_zero, away_from_zero };
[[nodiscard]] std::string_view to_text(RoundingMode mode);
[[nodiscard]] std::optional<RoundingMode> rounding_mode_from_text(std::string_view text);

/// Always in lowest terms with a positive denominator. Immutable value type, safe to share between threads.
class Rational {
public:
  constexpr Rational() = default;
  constexpr Rational(std::int64_t integer) : numerator_(integer) {} // NOLINT(google-explicit-constructor)

  /// Nothing when `denominator` is 0 or the reduced fraction does not fit.
  [[nodiscard]] static std::optional<Rational> make(__int128 numerator, __int128 denominator);
  /// An optional sign, digits, at most one point and an optional exponent ("-0.05", "1e3"), read exactly.
  /// Nothing when the text is something else or the value does not fit.
  [[nodiscard]] static std::optional<Rational> from_decimal(std::string_view text);

  [[nodiscard]] constexpr std::int64_t numerator() const { return numerator_; }
  [[nodiscard]] constexpr std::int64_t denominator() const { return denominator_; }
  [[nodiscard]] constexpr bool is_integer() const { return denominator_ == 1; }

  [[nodiscard]] static std::optional<Rational> add(Rational a, Rational b);
  [[nodiscard]] static std::optional<Rational> subtract(Rational a, Rational b);
  [[nodiscard]] static std::optional<Rational> multiply(Rational a, Rational b);
  /// Nothing also when b is 0.
  [[nodiscard]] static std::optional<Rational> divide(Rational a, Rational b);
  /// The multiple of `step` (> 0) nearest to `value` in the sense of `mode`.
  [[nodiscard]] static std::optional<Rational> round(Rational value, Rational step, RoundingMode mode);
  /// True when the value is `origin` plus a whole number of steps (step > 0).
  [[nodiscard]] static bool is_on_step(Rational value, Rational origin, Rational step);

  /// The shortest exact decimal ("38.6"), or "n/d" where no finite decimal exists.
  [[nodiscard]] std::string to_text() const;

  friend constexpr bool operator==(Rational a, Rational b) = default;
  friend std::strong_ordering operator<=>(Rational a, Rational b);

private:
  std::int64_t numerator_ = 0;
  std::int64_t denominator_ = 1;
};

} // namespace aceso
