/// The forms of numbers, and what compares them.
#include <algorithm>
#include <map>
#include <optional>

#include "batch/symbol_ranges.h"

namespace aceso::batch {

using Form = SymbolicNumber::Form;

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
  if (most_raw == 0) return constant(least); // whatever stands in rows where it is not known
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

} // namespace aceso::batch
