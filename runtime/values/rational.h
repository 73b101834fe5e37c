#pragma once
/// Exact rational numbers with 64-bit numerator and denominator.
/// Every operation either gives the exact result or reports that it does not fit; nothing is ever rounded silently.

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace aceso {

/// A 128-bit intermediate. The alias keeps -Wpedantic quiet about the compiler's own integer type.
__extension__ typedef __int128 Int128; // NOLINT(modernize-use-using): `using` cannot carry __extension__

/// How `round` treats a value between two steps. The directions are those of IEEE 754-2019 section 4.3;
/// `half_up` and `half_down` follow clinical usage, where a tie is judged by magnitude:
///
/// | mode           | not a tie  | tie                | 2.5 -> | -2.5 -> | 2.4 -> | -2.4 -> |
/// |----------------|------------|--------------------|--------|---------|--------|---------|
/// | half_up        | nearest    | away from zero     |   3    |   -3    |   2    |   -2    |
/// | half_even      | nearest    | to the even step   |   2    |   -2    |   2    |   -2    |
/// | half_down      | nearest    | toward zero        |   2    |   -2    |   2    |   -2    |
/// | up             | toward +infinity (ceiling)      |   3    |   -2    |   3    |   -2    |
/// | down           | toward -infinity (floor)        |   2    |   -3    |   2    |   -3    |
/// | toward_zero    | toward zero (truncation)        |   2    |   -2    |   2    |   -2    |
/// | away_from_zero | away from zero                  |   3    |   -3    |   3    |   -3    |
///
/// A value that already is a whole number of steps is never changed.
enum class RoundingMode : std::uint8_t { half_up, half_even, half_down, up, down, toward_zero, away_from_zero };
/// The names above: "half_up", "toward_zero", ...
[[nodiscard]] std::string_view to_text(RoundingMode mode);
[[nodiscard]] std::optional<RoundingMode> rounding_mode_from_text(std::string_view text);

/// Always in lowest terms with a positive denominator. Immutable value type, safe to share between threads.
class Rational {
public:
  constexpr Rational() = default;
  constexpr Rational(std::int64_t integer) : numerator_(integer) {} // NOLINT(google-explicit-constructor)

  /// Nothing when `denominator` is 0 or the reduced fraction does not fit.
  [[nodiscard]] static std::optional<Rational> make(Int128 numerator, Int128 denominator);
  /// An optional sign, digits, at most one point between digits and an optional exponent ("-0.05", "1e3"), read
  /// exactly; ".5" and "5." are refused. Nothing when the text is something else or the value does not fit.
  [[nodiscard]] static std::optional<Rational> from_decimal(std::string_view text);

  [[nodiscard]] constexpr std::int64_t numerator() const { return numerator_; }
  [[nodiscard]] constexpr std::int64_t denominator() const { return denominator_; }
  [[nodiscard]] constexpr bool is_integer() const { return denominator_ == 1; }

  [[nodiscard]] static std::optional<Rational> add(Rational a, Rational b);
  [[nodiscard]] static std::optional<Rational> subtract(Rational a, Rational b);
  [[nodiscard]] static std::optional<Rational> multiply(Rational a, Rational b);
  /// Nothing also when b is 0.
  [[nodiscard]] static std::optional<Rational> divide(Rational a, Rational b);
  /// The multiple of `step` (> 0) nearest to `value` in the sense of `mode`. Nothing when step <= 0 or it does not fit.
  [[nodiscard]] static std::optional<Rational> round(Rational value, Rational step, RoundingMode mode);
  /// True when the value is `origin` plus a whole number of steps, also where the difference itself would
  /// not fit. False when step <= 0.
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
