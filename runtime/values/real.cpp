#include "values/real.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <utility>
#include <variant>
#include <vector>

#include "values/big_interval.h"
#include "values/big_rational.h"

namespace aceso {
namespace {

/// A. Ziv, Fast Evaluation of Elementary Mathematical Functions with Correctly Rounded Last Bit, ACM Transactions on
/// Mathematical Software 17(3), 1991: calculate with few bits, and with more only where those do not decide.
constexpr std::array<std::size_t, 6> precisions = {64, 128, 256, 512, 1024, 2048};
/// From this precision on, what lies within 2^-900 of a deciding point is taken to be that point.
constexpr std::size_t final_precision = 1024;
constexpr std::int64_t indistinguishable = -900;
/// Magnitudes of intermediate values stay between 2^-(2^48) and 2^(2^48).
constexpr std::int64_t largest_exponent = std::int64_t{1} << 48;

constexpr bool has_two_operands(RealOp op) {
  switch (op) {
  case RealOp::add:
  case RealOp::subtract:
  case RealOp::multiply:
  case RealOp::divide:
  case RealOp::minimum:
  case RealOp::maximum:
  case RealOp::power: return true;
  default: return false;
  }
}

bool is_well_formed(std::span<const RealNode> program, std::size_t leaves) {
  for (std::size_t i = 0; i < program.size(); ++i) {
    const RealNode node = program[i];
    if (node.op > RealOp::power) return false;
    if (node.a >= (node.op == RealOp::leaf ? leaves : i)) return false;
    if (has_two_operands(node.op) && node.b >= i) return false;
  }
  return !program.empty();
}

/// count * step, where it fits.
std::optional<Rational> multiple_of(Rational step, const BigInteger& count) {
  // A result that fits has a numerator below 2^63 and divides the step's denominator, so that its count is below 2^126.
  if (count.magnitude.bit_length() > 126) return std::nullopt;
  const Int128 magnitude = static_cast<Int128>(count.magnitude.high()) << 64U | count.magnitude.low();
  Int128 numerator = 0;
  if (__builtin_mul_overflow(count.negative ? -magnitude : magnitude, Int128{step.numerator()}, &numerator)) {
    return std::nullopt;
  }
  return Rational::make(numerator, step.denominator());
}

std::optional<Rational> round_exact(const BigRational& value, Rational step, RoundingMode mode) {
  const BigRational unit(step);
  return multiple_of(step, round_quotient(value.is_negative(), value.numerator() * unit.denominator(),
                                          value.denominator() * unit.numerator(), mode));
}

/// How many steps the rounded value has; `value` must be below 2^100.
BigInteger count_of_steps(const BigFloat& value, const BigRational& step, RoundingMode mode) {
  // The points where a rounding changes are multiples of half a step, thus 0 or above 2^-65: below 2^-100, only the
  // sign matters.
  constexpr std::int64_t smallest = -100;
  if (!value.is_zero() && value.top() < smallest) {
    return count_of_steps({value.negative, 1, smallest}, step, mode);
  }
  BigNatural numerator = value.magnitude * step.denominator();
  BigNatural denominator = step.numerator();
  if (value.exponent >= 0) {
    numerator <<= static_cast<std::size_t>(value.exponent);
  } else {
    denominator <<= static_cast<std::size_t>(-value.exponent);
  }
  return round_quotient(value.negative, numerator, denominator, mode);
}

enum class Outcome : std::uint8_t {
  known,
  absent,   ///< the real number does not exist or leaves the range of the arithmetic
  undecided ///< more bits are needed to tell
};

enum class Sign : std::uint8_t { negative, zero, positive, undecided };

using NodeValue = std::variant<std::monostate, BigRational, BigInterval>;

/// The values of the nodes: rational ones once, exactly; the others as intervals, once for each precision.
class Evaluation {
public:
  Evaluation(std::span<const RealNode> program, std::span<const Rational> leaves)
      : program_(program), leaves_(leaves), values_(program.size()), is_wanted_(program.size()) {}

  std::optional<Rational> round(Rational step, RoundingMode mode);

private:
  void mark_wanted();
  Outcome evaluate_all();
  Outcome evaluate(RealNode node, NodeValue& result);
  Outcome evaluate_rationals(RealNode node, const BigRational& a, const BigRational& b, NodeValue& result) const;
  Outcome evaluate_intervals(RealNode node, const NodeValue& a, const NodeValue& b, NodeValue& result) const;
  Outcome evaluate_power(const NodeValue& base, const NodeValue& exponent, NodeValue& result) const;
  Outcome power_of_undecided(const BigInterval& base, const NodeValue& exponent, NodeValue& result) const;
  Outcome power_of_negative(const NodeValue& base, const NodeValue& exponent, NodeValue& result) const;
  Outcome power_of_positive(const NodeValue& base, const NodeValue& exponent, NodeValue& result) const;
  Outcome round_interval(const BigInterval& value, Rational step, RoundingMode mode,
                         std::optional<Rational>& result) const;

  [[nodiscard]] BigInterval interval_of(const NodeValue& value, std::size_t precision) const;
  [[nodiscard]] Sign sign_of(const NodeValue& value) const;
  /// Whether what the interval stands for may be taken to be any point in it.
  [[nodiscard]] bool is_point(const BigInterval& interval) const {
    return precision_ >= final_precision && interval.is_narrower_than(indistinguishable);
  }

  std::span<const RealNode> program_;
  std::span<const Rational> leaves_;
  std::vector<NodeValue> values_;
  std::vector<bool> is_wanted_;
  std::size_t precision_ = 0; ///< 0: only rational values are calculated
};

const BigRational* rational_in(const NodeValue& value) { return std::get_if<BigRational>(&value); }

bool is_in_range(const BigFloat& value) {
  return value.is_zero() || (value.top() <= largest_exponent && value.top() >= -largest_exponent);
}

Sign sign_of_rational(const BigRational& value) {
  return value.is_zero() ? Sign::zero : value.is_negative() ? Sign::negative : Sign::positive;
}

BigInterval Evaluation::interval_of(const NodeValue& value, std::size_t precision) const {
  if (const auto* rational = rational_in(value)) return enclose(*rational, precision);
  return std::get<BigInterval>(value);
}

Sign Evaluation::sign_of(const NodeValue& value) const {
  if (const auto* rational = rational_in(value)) return sign_of_rational(*rational);
  const auto& interval = std::get<BigInterval>(value);
  if (interval.is_above_zero()) return Sign::positive;
  if (interval.is_below_zero()) return Sign::negative;
  return interval.is_zero() || is_point(interval) ? Sign::zero : Sign::undecided;
}

void Evaluation::mark_wanted() {
  is_wanted_.back() = true;
  for (std::size_t i = program_.size(); i-- > 0;) {
    const RealNode node = program_[i];
    if (!is_wanted_[i] || node.op == RealOp::leaf) continue;
    is_wanted_[node.a] = true;
    if (has_two_operands(node.op)) is_wanted_[node.b] = true;
  }
}

Outcome Evaluation::evaluate_all() {
  for (std::size_t i = 0; i < program_.size(); ++i) {
    if (!is_wanted_[i]) continue;
    NodeValue result;
    const Outcome outcome = evaluate(program_[i], result);
    if (outcome != Outcome::known) return outcome;
    if (const auto* interval = std::get_if<BigInterval>(&result)) {
      if (!is_in_range(interval->lower) || !is_in_range(interval->upper)) return Outcome::absent;
    }
    values_[i] = std::move(result);
    // What is rational stays as it is.
    if (precision_ == 0 && rational_in(values_[i]) != nullptr) is_wanted_[i] = false;
  }
  return Outcome::known;
}

Outcome Evaluation::evaluate(RealNode node, NodeValue& result) {
  if (node.op == RealOp::leaf) {
    result = BigRational(leaves_[node.a]);
    return Outcome::known;
  }
  const NodeValue& a = values_[node.a];
  const NodeValue& b = values_[has_two_operands(node.op) ? node.b : node.a];
  const auto* left = rational_in(a);
  const auto* right = rational_in(b);
  if (left != nullptr && right != nullptr) {
    const Outcome outcome = evaluate_rationals(node, *left, *right, result);
    if (outcome == Outcome::absent || !std::holds_alternative<std::monostate>(result)) return outcome;
  }
  if (precision_ == 0) return Outcome::known;
  return evaluate_intervals(node, a, b, result);
}

/// Leaves `result` empty where it is irrational or too long.
Outcome Evaluation::evaluate_rationals(RealNode node, const BigRational& a, const BigRational& b,
                                       NodeValue& result) const {
  std::optional<BigRational> exact;
  switch (node.op) {
  case RealOp::leaf: break;
  case RealOp::add: exact = BigRational::add(a, b); break;
  case RealOp::subtract: exact = BigRational::subtract(a, b); break;
  case RealOp::multiply: exact = BigRational::multiply(a, b); break;
  case RealOp::divide:
    if (b.is_zero()) return Outcome::absent;
    exact = BigRational::divide(a, b);
    break;
  case RealOp::negate: exact = a.negated(); break;
  case RealOp::absolute: exact = a.is_negative() ? a.negated() : a; break;
  case RealOp::minimum: exact = BigRational::is_less(b, a) ? b : a; break;
  case RealOp::maximum: exact = BigRational::is_less(a, b) ? b : a; break;
  case RealOp::square_root:
    if (a.is_negative()) return Outcome::absent;
    exact = BigRational::square_root(a);
    break;
  case RealOp::natural_logarithm:
    if (sign_of_rational(a) != Sign::positive) return Outcome::absent;
    if (a.is_one()) exact = BigRational();
    break;
  case RealOp::logarithm_10:
    if (sign_of_rational(a) != Sign::positive) return Outcome::absent;
    exact = BigRational::logarithm_10(a);
    break;
  case RealOp::exponential:
    if (a.is_zero()) exact = BigRational(Rational(1));
    break;
  case RealOp::power: return evaluate_power(a, b, result);
  }
  if (exact) result = *std::move(exact);
  return Outcome::known;
}

Outcome Evaluation::evaluate_intervals(RealNode node, const NodeValue& a, const NodeValue& b, NodeValue& result) const {
  const auto left = [&] { return interval_of(a, precision_); };
  const auto right = [&] { return interval_of(b, precision_); };
  switch (node.op) {
  case RealOp::leaf: break;
  case RealOp::add: result = add(left(), right(), precision_); break;
  case RealOp::subtract: result = add(left(), right().negated(), precision_); break;
  case RealOp::multiply: result = multiply(left(), right(), precision_); break;
  case RealOp::divide: {
    const Sign divisor = sign_of(b);
    if (divisor == Sign::zero) return Outcome::absent;
    if (divisor == Sign::undecided) return Outcome::undecided;
    result = divide(left(), right(), precision_);
    break;
  }
  case RealOp::negate: result = left().negated(); break;
  case RealOp::absolute: result = absolute(left()); break;
  case RealOp::minimum:
  case RealOp::maximum: {
    const BigInterval first = left();
    const BigInterval second = right();
    // An operand that is certainly chosen stays as exact as it is.
    if (is_less(first.upper, second.lower)) {
      result = node.op == RealOp::minimum ? a : b;
    } else if (is_less(second.upper, first.lower)) {
      result = node.op == RealOp::minimum ? b : a;
    } else {
      result = node.op == RealOp::minimum ? minimum(first, second) : maximum(first, second);
    }
    break;
  }
  case RealOp::square_root:
  case RealOp::natural_logarithm:
  case RealOp::logarithm_10: {
    const Sign sign = sign_of(a);
    if (sign == Sign::undecided) return Outcome::undecided;
    if (sign == Sign::negative) return Outcome::absent;
    if (sign == Sign::zero) {
      if (node.op != RealOp::square_root) return Outcome::absent;
      result = BigRational();
    } else if (node.op == RealOp::square_root) {
      result = square_root(left(), precision_);
    } else if (node.op == RealOp::natural_logarithm) {
      result = natural_logarithm(left(), precision_);
    } else {
      result = logarithm_10(left(), precision_);
    }
    break;
  }
  case RealOp::exponential: {
    // An error of the argument is a relative error of the result; 48 bits is the longest whole part.
    auto raised = exponential(interval_of(a, precision_ + 48), precision_);
    if (!raised) return Outcome::absent;
    result = *std::move(raised);
    break;
  }
  case RealOp::power: return evaluate_power(a, b, result);
  }
  return Outcome::known;
}

Outcome Evaluation::evaluate_power(const NodeValue& base, const NodeValue& exponent, NodeValue& result) const {
  switch (sign_of(base)) {
  case Sign::zero: {
    const Sign sign = sign_of(exponent);
    if (sign == Sign::undecided) return Outcome::undecided;
    if (sign != Sign::positive) return Outcome::absent;
    result = BigRational();
    return Outcome::known;
  }
  case Sign::positive: return power_of_positive(base, exponent, result);
  case Sign::negative: return power_of_negative(base, exponent, result);
  case Sign::undecided: return power_of_undecided(std::get<BigInterval>(base), exponent, result);
  }
  return Outcome::undecided;
}

/// A base that may be 0 or on either side of it: its powers exist only for whole exponents above 0.
Outcome Evaluation::power_of_undecided(const BigInterval& base, const NodeValue& exponent, NodeValue& result) const {
  const auto* whole = rational_in(exponent);
  if (whole == nullptr || !whole->is_integer() || sign_of_rational(*whole) != Sign::positive) {
    return Outcome::undecided;
  }
  const BigInterval magnitude = absolute(base);
  NodeValue bound;
  const Outcome outcome = power_of_positive(BigInterval{magnitude.upper, magnitude.upper}, exponent, bound);
  if (outcome != Outcome::known) return outcome;
  const BigFloat upper = interval_of(bound, precision_).upper;
  result = BigInterval{whole->numerator().is_odd() ? upper.negated() : BigFloat{}, upper};
  return Outcome::known;
}

Outcome Evaluation::power_of_negative(const NodeValue& base, const NodeValue& exponent, NodeValue& result) const {
  BigInteger whole;
  if (const auto* rational = rational_in(exponent)) {
    if (!rational->is_integer()) return Outcome::absent;
    whole = {rational->is_negative(), rational->numerator()};
  } else {
    // Not known to be rational: it exists where the exponent is taken to be a whole number.
    const auto& interval = std::get<BigInterval>(exponent);
    if (interval.upper.top() > 64 || interval.lower.top() > 64) return Outcome::absent;
    const BigRational one(Rational(1));
    whole = count_of_steps(interval.lower, one, RoundingMode::up);
    if (whole != count_of_steps(interval.upper, one, RoundingMode::down)) return Outcome::absent;
    if (!is_point(interval)) return Outcome::undecided;
  }
  const NodeValue positive = rational_in(base) != nullptr ? NodeValue(rational_in(base)->negated())
                                                          : NodeValue(std::get<BigInterval>(base).negated());
  const auto whole_exponent = BigRational::make(whole.negative, whole.magnitude, 1);
  const Outcome outcome = power_of_positive(positive, *whole_exponent, result);
  if (outcome != Outcome::known || !whole.magnitude.is_odd()) return outcome;
  if (const auto* rational = rational_in(result)) {
    result = rational->negated();
  } else if (const auto* interval = std::get_if<BigInterval>(&result)) {
    result = interval->negated();
  }
  return Outcome::known;
}

Outcome Evaluation::power_of_positive(const NodeValue& base, const NodeValue& exponent, NodeValue& result) const {
  const auto* base_rational = rational_in(base);
  const auto* exponent_rational = rational_in(exponent);
  if (exponent_rational != nullptr && exponent_rational->is_zero()) {
    result = BigRational(Rational(1));
    return Outcome::known;
  }
  if (base_rational != nullptr && exponent_rational != nullptr) {
    if (auto exact = BigRational::power(*base_rational, *exponent_rational)) {
      result = *std::move(exact);
      return Outcome::known;
    }
  }
  if (precision_ == 0) return Outcome::known;
  // base^exponent = exp(exponent * ln base): an error of the product is a relative error of the result, so that the
  // whole part of the product, at most 48 bits, is calculated in addition.
  const std::size_t precision = precision_ + 48;
  const BigInterval logarithm = natural_logarithm(interval_of(base, precision), precision);
  auto raised = exponential(multiply(interval_of(exponent, precision), logarithm, precision), precision_);
  if (!raised) return Outcome::absent;
  result = *std::move(raised);
  return Outcome::known;
}

Outcome Evaluation::round_interval(const BigInterval& value, Rational step, RoundingMode mode,
                                   std::optional<Rational>& result) const {
  constexpr std::int64_t above_all = 100; // Larger than any number of 64 bits.
  const auto is_large = [](const BigFloat& end) { return !end.is_zero() && end.top() > above_all; };
  if (is_large(value.lower) || is_large(value.upper)) {
    const bool one_side =
        value.is_above_zero() ? is_large(value.lower) : value.is_below_zero() && is_large(value.upper);
    return one_side ? Outcome::absent : Outcome::undecided;
  }
  const BigRational unit(step);
  const BigInteger lower = count_of_steps(value.lower, unit, mode);
  if (lower == count_of_steps(value.upper, unit, mode)) {
    result = multiple_of(step, lower);
    return Outcome::known;
  }
  // The length of a step is at least 2^(top - 1); the width is compared with 2^-900 of that.
  const std::int64_t top = BigFloat{false, unit.numerator(), 0}.top() - BigFloat{false, unit.denominator(), 0}.top();
  if (precision_ < final_precision || !value.is_narrower_than(top - 1 + indistinguishable)) return Outcome::undecided;
  // The only multiple of half a step in the interval.
  const auto half = BigRational::divide(unit, BigRational(Rational(2)));
  const BigInteger halves = count_of_steps(value.lower, *half, RoundingMode::up);
  const auto point = BigRational::make(halves.negative, halves.magnitude * half->numerator(), half->denominator());
  result = round_exact(*point, step, mode);
  return Outcome::known;
}

std::optional<Rational> Evaluation::round(Rational step, RoundingMode mode) {
  mark_wanted();
  if (evaluate_all() == Outcome::absent) return std::nullopt;
  if (const auto* rational = rational_in(values_.back())) return round_exact(*rational, step, mode);
  for (const std::size_t precision : precisions) {
    precision_ = precision;
    Outcome outcome = evaluate_all();
    std::optional<Rational> result;
    if (outcome == Outcome::known) {
      const auto* rational = rational_in(values_.back());
      if (rational != nullptr) return round_exact(*rational, step, mode);
      outcome = round_interval(std::get<BigInterval>(values_.back()), step, mode, result);
    }
    if (outcome == Outcome::known) return result;
    if (outcome == Outcome::absent) return std::nullopt;
  }
  return std::nullopt;
}

/// A whole power that costs few multiplications.
std::optional<Rational> small_power(Rational base, Rational exponent) {
  constexpr std::int64_t largest = 8;
  if (!exponent.is_integer() || exponent.numerator() < 1 || exponent.numerator() > largest) return std::nullopt;
  std::optional<Rational> result = base;
  for (std::int64_t i = 1; result && i < exponent.numerator(); ++i)
    result = Rational::multiply(*result, base);
  return result;
}

/// One operation on rational numbers of 64 bits; nothing where it is none of the simple ones or does not fit.
std::optional<Rational> evaluate_shortly(RealOp op, Rational a, Rational b) {
  switch (op) {
  case RealOp::add: return Rational::add(a, b);
  case RealOp::subtract: return Rational::subtract(a, b);
  case RealOp::multiply: return Rational::multiply(a, b);
  case RealOp::divide: return Rational::divide(a, b);
  case RealOp::negate: return Rational::subtract(0, a);
  case RealOp::absolute: return a.numerator() < 0 ? Rational::subtract(0, a) : a;
  case RealOp::minimum: return std::min(a, b);
  case RealOp::maximum: return std::max(a, b);
  case RealOp::power: return small_power(a, b);
  default: return std::nullopt;
  }
}

constexpr std::size_t longest_short_program = 32;

std::optional<Rational> evaluate_shortly(std::span<const RealNode> program, std::span<const Rational> leaves) {
  if (program.size() > longest_short_program) return std::nullopt;
  std::array<Rational, longest_short_program> values;
  for (std::size_t i = 0; i < program.size(); ++i) {
    const RealNode node = program[i];
    std::optional<Rational> value;
    if (node.op == RealOp::leaf) {
      value = leaves[node.a];
    } else {
      value = evaluate_shortly(node.op, values[node.a], has_two_operands(node.op) ? values[node.b] : Rational());
    }
    if (!value) return std::nullopt;
    values[i] = *value;
  }
  return values[program.size() - 1];
}

} // namespace

std::optional<Rational> round_real(std::span<const RealNode> program, std::span<const Rational> leaves, Rational step,
                                   RoundingMode mode) {
  if (!is_well_formed(program, leaves.size())) return std::nullopt;
  if (const auto value = evaluate_shortly(program, leaves)) return Rational::round(*value, step, mode);
  return round_real_plainly(program, leaves, step, mode);
}

std::optional<Rational> round_real_plainly(std::span<const RealNode> program, std::span<const Rational> leaves,
                                           Rational step, RoundingMode mode) {
  if (step.numerator() <= 0 || !is_well_formed(program, leaves.size())) return std::nullopt;
  return Evaluation(program, leaves).round(step, mode);
}

} // namespace aceso
