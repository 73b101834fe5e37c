#include <algorithm>
#include <limits>
#include <map>
#include <optional>

#include "batch/symbols.h"

namespace aceso::batch {
namespace {

using Form = SymbolicNumber::Form;

constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();
constexpr std::size_t most_cases = 24;       ///< more constants than that are kept as digits or in a column
constexpr std::int64_t most_of_bits = 4095;  ///< a wider range is calculated in a column
constexpr std::uint64_t most_of_column = 23; ///< a column of so few values may be taken apart into cases

std::size_t digits(std::uint64_t value) {
  std::size_t count = 0;
  for (; value != 0; value >>= 1)
    ++count;
  return count;
}

std::uint64_t distance(std::int64_t from, std::int64_t to) {
  return static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
}

/// Bytes of the narrowest signed integer that holds both; results that may leave 64 bits wrap around in 8.
std::uint8_t width_of(Int128 least, Int128 most) {
  if (least >= -0x8000 && most <= 0x7fff) return 2;
  return least >= -Int128{0x8000'0000} && most <= Int128{0x7fff'ffff} ? 4 : 8;
}

} // namespace

SymbolicNumber Symbols::constant(std::int64_t value) {
  SymbolicNumber result;
  result.least = result.most = value;
  result.cases = {{value, always}};
  return result;
}

SymbolicNumber Symbols::unknown_number(UnknownReason reason) {
  SymbolicNumber result = constant(std::int64_t{0});
  result.known = never;
  result.because = because_of(reason, always);
  return result;
}

SymbolicNumber Symbols::column(Array array, std::int64_t least, std::uint64_t most_raw) {
  SymbolicNumber result;
  result.form = Form::column;
  result.array = array;
  result.least = least;
  const Int128 most = Int128{least} + Int128{most_raw};
  result.most = most > highest ? highest : static_cast<std::int64_t>(most);
  if (most > highest) result = from_node(to_node(result), lowest, highest);
  return result;
}

SymbolicNumber Symbols::from_node(std::uint32_t node, std::int64_t least, std::int64_t most) {
  SymbolicNumber result;
  result.form = Form::node;
  result.node = node;
  result.least = least, result.most = most;
  return result;
}

bool Symbols::is_small(const SymbolicNumber& a) const {
  if (a.form == Form::cases) return distance(a.least, a.most) <= std::uint64_t{most_of_bits};
  return a.form == Form::bits || (a.form == Form::column && distance(a.least, a.most) <= most_of_column);
}

template <class Function>
SymbolicNumber Symbols::mapped(const SymbolicNumber& from, Function function) {
  std::map<std::int64_t, std::vector<Literal>> values;
  for (const auto& [value, literal] : from.cases)
    values[function(value)].push_back(literal);
  SymbolicNumber result = from;
  result.cases.clear();
  for (auto& [value, literals] : values)
    result.cases.emplace_back(value, build_.any_of(std::move(literals)));
  result.least = result.cases.front().first, result.most = result.cases.back().first;
  return result;
}

std::optional<SymbolicNumber> Symbols::to_cases(const SymbolicNumber& a) {
  if (a.form == Form::cases) return a.cases.size() <= 4 * most_cases ? std::optional(a) : std::nullopt;
  if (a.form == Form::node || distance(a.least, a.most) > most_of_column) return std::nullopt;
  SymbolicNumber result = a;
  result.form = Form::cases;
  for (std::int64_t value = a.least; value <= a.most; ++value)
    result.cases.emplace_back(value, is(a, value));
  result.bits.clear();
  return result;
}

std::vector<Literal> Symbols::to_bits(const SymbolicNumber& a, std::int64_t least, std::int64_t most) {
  const std::size_t width = digits(distance(least, most));
  if (a.form == Form::bits) {
    const std::uint64_t shift = distance(least, a.least);
    std::vector<Literal> constant;
    for (std::size_t i = 0; i < width; ++i)
      constant.push_back((shift >> i & 1) != 0 ? always : never);
    return add_bits(a.bits, constant, never, width);
  }
  const std::optional<SymbolicNumber> cases = a.form == Form::cases ? std::optional(a) : to_cases(a);
  std::vector<Literal> result;
  if (!cases) { // the highest digit first: it is 1 where the rest is not below it
    SymbolicNumber rest = sum(a, negated(constant(least)));
    result.resize(width);
    for (std::size_t i = width; i-- > 0;) {
      const auto weight = constant(std::int64_t{1} << i);
      result[i] = !is_below(rest, weight);
      rest = picked(result[i], sum(rest, negated(weight)), rest);
    }
    return result;
  }
  for (std::size_t i = 0; i < width; ++i) {
    std::vector<Literal> ones;
    for (const auto& [value, literal] : cases->cases)
      if ((distance(least, value) >> i & 1) != 0) ones.push_back(literal);
    result.push_back(ones.size() == cases->cases.size() ? always : build_.any_of(std::move(ones)));
  }
  return result;
}

std::vector<Literal> Symbols::add_bits(std::span<const Literal> a, std::span<const Literal> b, Literal carry,
                                       std::size_t width) {
  std::vector<Literal> sum;
  for (std::size_t i = 0; i < width; ++i) {
    const Literal x = i < a.size() ? a[i] : never, y = i < b.size() ? b[i] : never;
    const Literal half = build_.exclusive_or(x, y);
    sum.push_back(build_.exclusive_or(half, carry));
    if (i + 1 < width) carry = build_.choose(half, carry, x);
  }
  return sum;
}

Literal Symbols::bits_at_least(std::span<const Literal> bits, std::uint64_t constant) {
  if (constant == 0) return always;
  if (digits(constant) > bits.size()) return never;
  Literal result = always; // of the digits so far: not below those of the constant
  for (std::size_t i = 0; i < bits.size(); ++i)
    result = (constant >> i & 1) != 0 ? build_.both(bits[i], result) : build_.either(bits[i], result);
  return result;
}

std::uint32_t Symbols::to_node(const SymbolicNumber& a) {
  const std::uint8_t width = width_of(a.least, a.most);
  const auto constant = [&](std::int64_t value) {
    NumberNode node;
    node.width = width;
    node.constant = value;
    return build_.number(node);
  };
  const auto choose = [&](Literal condition, std::uint32_t first, std::uint32_t second) {
    NumberNode node{NumberOp::choose, width, {}, first, second};
    node.condition = condition;
    return build_.number(node);
  };
  switch (a.form) {
  case Form::node: return a.node;
  case Form::column: {
    NumberNode node{NumberOp::array, width, {}, build_.array(a.array)};
    node.constant = a.least;
    return build_.number(node);
  }
  case Form::cases: {
    std::uint32_t result = constant(a.cases.back().first);
    for (std::size_t i = a.cases.size() - 1; i-- > 0;)
      result = choose(a.cases[i].second, constant(a.cases[i].first), result);
    return result;
  }
  case Form::bits: break;
  }
  std::uint32_t result = constant(a.least);
  for (std::size_t i = 0; i < a.bits.size(); ++i) {
    const std::uint32_t digit = choose(a.bits[i], constant(std::int64_t{1} << i), constant(0));
    result = build_.number({NumberOp::add, width, {}, result, digit});
  }
  return result;
}

Literal Symbols::is(const SymbolicNumber& a, std::int64_t value) {
  if (value < a.least || value > a.most) return never;
  switch (a.form) {
  case Form::cases:
    for (const auto& [each, literal] : a.cases)
      if (each == value) return literal;
    return never;
  case Form::column: return build_.equal_to(a.array, Int128{value} - a.least, distance(a.least, a.most));
  case Form::bits: {
    std::vector<Literal> all;
    for (std::size_t i = 0; i < a.bits.size(); ++i)
      all.push_back((distance(a.least, value) >> i & 1) != 0 ? a.bits[i] : !a.bits[i]);
    return build_.all_of(std::move(all));
  }
  case Form::node: break;
  }
  return build_.numbers_equal(a.node, to_node(constant(value)));
}

Literal Symbols::is_equal(const SymbolicNumber& a, const SymbolicNumber& b) {
  if (a.most < b.least || b.most < a.least) return never;
  if (a.least == a.most && b.least == b.most) return always; // the same, by the line above
  if (b.form == Form::cases && b.cases.size() <= most_cases) {
    std::vector<Literal> any;
    for (const auto& [value, literal] : b.cases)
      any.push_back(build_.both(literal, is(a, value)));
    return build_.any_of(std::move(any));
  }
  if (a.form == Form::cases && a.cases.size() <= most_cases) return is_equal(b, a);
  if (is_small(a) && is_small(b)) {
    const std::int64_t least = std::min(a.least, b.least), most = std::max(a.most, b.most);
    const auto x = to_bits(a, least, most), y = to_bits(b, least, most);
    std::vector<Literal> all;
    for (std::size_t i = 0; i < x.size(); ++i)
      all.push_back(!build_.exclusive_or(x[i], y[i]));
    return build_.all_of(std::move(all));
  }
  return build_.numbers_equal(to_node(a), to_node(b));
}

Literal Symbols::is_below(const SymbolicNumber& a, const SymbolicNumber& b) {
  if (a.most < b.least) return always;
  if (a.least >= b.most) return never;
  const auto below_constant = [&](const SymbolicNumber& x, std::int64_t value) -> Literal {
    if (value <= x.least) return never;
    if (value > x.most) return always;
    switch (x.form) {
    case Form::cases: {
      std::vector<Literal> any;
      for (const auto& [each, literal] : x.cases)
        if (each < value) any.push_back(literal);
      return build_.any_of(std::move(any));
    }
    case Form::column: return build_.below(x.array, Int128{value} - x.least, distance(x.least, x.most));
    case Form::bits: return !bits_at_least(x.bits, distance(x.least, value));
    case Form::node: break;
    }
    return build_.numbers_below(x.node, to_node(constant(value)));
  };
  if (b.form == Form::cases && b.cases.size() <= most_cases) {
    std::vector<Literal> any;
    for (const auto& [value, literal] : b.cases)
      any.push_back(build_.both(literal, below_constant(a, value)));
    return build_.any_of(std::move(any));
  }
  if (a.form == Form::cases && a.cases.size() <= most_cases) {
    std::vector<Literal> any;
    for (const auto& [value, literal] : a.cases)
      any.push_back(build_.both(literal, value == highest ? never : !below_constant(b, value + 1)));
    return build_.any_of(std::move(any));
  }
  if (is_small(a) && is_small(b)) { // b - a - 1 is not negative
    const std::int64_t least = std::min(a.least, b.least), most = std::max(a.most, b.most);
    const auto x = to_bits(a, least, most), y = to_bits(b, least, most);
    Literal below = never;
    for (std::size_t i = 0; i < x.size(); ++i)
      below = build_.choose(build_.exclusive_or(x[i], y[i]), y[i], below);
    return below;
  }
  return build_.numbers_below(to_node(a), to_node(b));
}

Literal Symbols::is_between(const SymbolicNumber& a, std::int64_t low, std::int64_t high) {
  if (low == high) return is(a, low);
  return build_.both(!is_below(a, constant(low)), !is_below(constant(high), a));
}

SymbolicTruth Symbols::compared(const SymbolicNumber& a, const SymbolicNumber& b, Literal holds) {
  const Literal known = build_.both(a.known, b.known);
  SymbolicTruth result{build_.both(known, holds), build_.both(known, !holds), {}};
  const std::array<Because, 2> both = {a.because, b.because};
  result.because = first_reason(!known, both);
  return result;
}

void Symbols::need_all(SymbolicNumber& result, std::span<const SymbolicNumber> list) {
  std::vector<Literal> known;
  std::vector<Because> because;
  for (const SymbolicNumber& each : list) {
    known.push_back(each.known);
    because.push_back(each.because);
  }
  result.known = build_.all_of(std::move(known));
  result.because = first_reason(!result.known, because);
}

SymbolicNumber Symbols::binary(NumberOp op, const SymbolicNumber& a, const SymbolicNumber& b, Int128 least,
                               Int128 most) {
  const std::uint32_t x = to_node(a), y = to_node(b);
  std::uint8_t width = width_of(least, most);
  width = std::max({width, build_.program().numbers[x].width, build_.program().numbers[y].width});
  const bool fits = least >= lowest && most <= highest;
  return from_node(build_.number({op, width, {}, x, y}), fits ? static_cast<std::int64_t>(least) : lowest,
                   fits ? static_cast<std::int64_t>(most) : highest);
}

SymbolicNumber Symbols::sum(const SymbolicNumber& a, const SymbolicNumber& b) {
  const Int128 least = Int128{a.least} + b.least, most = Int128{a.most} + b.most;
  const bool fits = least >= lowest && most <= highest;
  const auto is_constant = [](const SymbolicNumber& x) { return x.form == Form::cases && x.cases.size() == 1; };
  if (fits && is_constant(b)) {
    if (a.form == Form::cases) return mapped(a, [&](std::int64_t value) { return value + b.least; });
    if (a.form != Form::node) {
      SymbolicNumber result = a;
      result.least += b.least, result.most += b.least;
      return result;
    }
  }
  if (fits && is_constant(a) && !is_constant(b)) return sum(b, a);
  if (fits && is_small(a) && is_small(b) && most - least <= most_of_bits) {
    SymbolicNumber result;
    result.form = Form::bits;
    result.least = static_cast<std::int64_t>(least), result.most = static_cast<std::int64_t>(most);
    const std::size_t width = digits(distance(result.least, result.most));
    result.bits = add_bits(to_bits(a, a.least, a.most), to_bits(b, b.least, b.most), never, width);
    return result;
  }
  return binary(NumberOp::add, a, b, least, most);
}

SymbolicNumber Symbols::negated(const SymbolicNumber& a) {
  if (a.least > lowest && a.form == Form::cases) return mapped(a, [](std::int64_t value) { return -value; });
  if (a.form == Form::bits) { // the complement of the digits counts from the other end
    SymbolicNumber result = a;
    const auto all_ones = static_cast<std::int64_t>((std::uint64_t{1} << a.bits.size()) - 1);
    for (Literal& each : result.bits)
      each = !each;
    // Bounds follow from the digits: what lies beyond the old ones does not occur.
    result.least = -(a.least + all_ones), result.most = -a.least;
    return result;
  }
  return binary(NumberOp::subtract, constant(std::int64_t{0}), a, -Int128{a.most}, -Int128{a.least});
}

SymbolicNumber Symbols::product(const SymbolicNumber& a, const SymbolicNumber& b) {
  const std::array<Int128, 4> corners = {Int128{a.least} * b.least, Int128{a.least} * b.most, Int128{a.most} * b.least,
                                         Int128{a.most} * b.most};
  const Int128 least = *std::min_element(corners.begin(), corners.end());
  const Int128 most = *std::max_element(corners.begin(), corners.end());
  if (least >= lowest && most <= highest) {
    const auto is_constant = [](const SymbolicNumber& x) { return x.form == Form::cases && x.cases.size() == 1; };
    if (is_constant(b) && b.least == 1) return a;
    if (is_constant(a) && a.least == 1) return b;
    if (is_constant(b) && a.form == Form::cases) return mapped(a, [&](std::int64_t v) { return v * b.least; });
    if (is_constant(a) && b.form == Form::cases) return mapped(b, [&](std::int64_t v) { return v * a.least; });
  }
  return binary(NumberOp::multiply, a, b, least, most);
}

SymbolicNumber Symbols::extreme(const SymbolicNumber& a, const SymbolicNumber& b, bool smallest) {
  const std::int64_t least = smallest ? std::min(a.least, b.least) : std::max(a.least, b.least);
  const std::int64_t most = smallest ? std::min(a.most, b.most) : std::max(a.most, b.most);
  if (!is_small(a) || !is_small(b)) return binary(smallest ? NumberOp::minimum : NumberOp::maximum, a, b, least, most);
  SymbolicNumber result = picked(is_below(a, b), smallest ? a : b, smallest ? b : a);
  return result;
}

SymbolicNumber Symbols::picked(Literal condition, const SymbolicNumber& a, const SymbolicNumber& b) {
  if (condition == always) return a;
  if (condition == never) return b;
  const std::int64_t least = std::min(a.least, b.least), most = std::max(a.most, b.most);
  const auto x = to_cases(a), y = to_cases(b);
  if (x && y) {
    std::map<std::int64_t, std::vector<Literal>> values;
    for (const auto& [value, literal] : x->cases)
      values[value].push_back(build_.both(condition, literal));
    for (const auto& [value, literal] : y->cases)
      values[value].push_back(build_.both(!condition, literal));
    if (values.size() <= most_cases) {
      SymbolicNumber result;
      for (auto& [value, literals] : values)
        result.cases.emplace_back(value, values.size() == 1 ? always : build_.any_of(std::move(literals)));
      result.least = least, result.most = most;
      return result;
    }
  }
  if (is_small(a) && is_small(b) && distance(least, most) <= std::uint64_t{most_of_bits}) {
    SymbolicNumber result;
    result.form = Form::bits;
    result.least = least, result.most = most;
    const auto p = to_bits(a, least, most), q = to_bits(b, least, most);
    for (std::size_t i = 0; i < p.size(); ++i)
      result.bits.push_back(build_.choose(condition, p[i], q[i]));
    return result;
  }
  const std::uint32_t p = to_node(a), q = to_node(b);
  const std::uint8_t width = std::max(build_.program().numbers[p].width, build_.program().numbers[q].width);
  NumberNode node{NumberOp::choose, width, {}, p, q};
  node.condition = condition;
  return from_node(build_.number(node), least, most);
}

SymbolicNumber Symbols::absolute(const SymbolicNumber& a) {
  if (a.least >= 0) return a;
  SymbolicNumber result = picked(is_below(a, constant(std::int64_t{0})), negated(a), a);
  if (result.form == Form::node && a.least > lowest) {
    result.least = 0;
    result.most = std::max(a.most, -a.least);
  }
  return result;
}

namespace {

std::int64_t rounded_quotient(RoundingMode mode, std::int64_t value, std::int64_t numerator, std::int64_t divisor) {
  return Rational::round(*Rational::make(Int128{value} * numerator, divisor), Rational(1), mode)->numerator();
}

} // namespace

std::optional<SymbolicNumber> Symbols::rounded(RoundingMode mode, const SymbolicNumber& a, std::int64_t numerator,
                                               std::int64_t divisor) {
  const Int128 low = Int128{a.least} * numerator, high = Int128{a.most} * numerator;
  constexpr Int128 bound = Int128{1} << 61; // twice the remainder fits as well
  if (low < -bound || high > bound || Int128{divisor} > bound) return std::nullopt;
  const auto whole = [&](std::int64_t value) { return rounded_quotient(mode, value, numerator, divisor); };
  if (a.form == Form::cases) return mapped(a, whole);
  NumberNode node{NumberOp::round, 8, mode, build_.widen(to_node(a), 8)};
  node.constant = numerator, node.divisor = divisor;
  return from_node(build_.number(node), whole(a.least), whole(a.most));
}

SymbolicNumber Symbols::count(std::span<const Literal> literals) {
  std::int64_t certain = 0;
  // Digits of one weight are added in threes; the carries are digits of the next weight.
  std::vector<std::vector<Literal>> columns(1);
  for (const Literal each : literals) {
    if (each == always) ++certain;
    if (each != always && each != never) columns[0].push_back(each);
  }
  const auto open = static_cast<std::int64_t>(columns[0].size());
  if (open == 0) return constant(certain);
  SymbolicNumber result;
  result.form = Form::bits;
  result.least = certain, result.most = certain + open;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    while (columns[i].size() > 1) {
      if (i + 1 == columns.size()) columns.emplace_back();
      auto& digits_here = columns[i];
      const std::size_t taken = std::min<std::size_t>(3, digits_here.size());
      const Literal x = digits_here[0], y = digits_here[1], z = taken == 3 ? digits_here[2] : never;
      digits_here.erase(digits_here.begin(), digits_here.begin() + static_cast<std::ptrdiff_t>(taken));
      const Literal half = build_.exclusive_or(x, y);
      digits_here.push_back(build_.exclusive_or(half, z));
      columns[i + 1].push_back(build_.choose(half, z, x));
    }
    result.bits.push_back(columns[i].empty() ? never : columns[i].front());
  }
  result.bits.resize(std::max(digits(static_cast<std::uint64_t>(open)), std::size_t{1}), never);
  return result;
}

} // namespace aceso::batch
