/// Numbers that are calculated from others.
#include <algorithm>
#include <map>
#include <optional>

#include "batch/symbol_ranges.h"

namespace aceso::batch {

using SymbolicForm = SymbolicNumber::Form;

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
  const auto is_constant = [](const SymbolicNumber& x) { return x.form == SymbolicForm::cases && x.cases.size() == 1; };
  if (fits && is_constant(b)) {
    if (a.form == SymbolicForm::cases) return mapped(a, [&](std::int64_t value) { return value + b.least; });
    if (a.form != SymbolicForm::node) {
      SymbolicNumber result = a;
      result.least += b.least, result.most += b.least;
      return result;
    }
  }
  if (fits && is_constant(a) && !is_constant(b)) return sum(b, a);
  if (fits && is_small(a) && is_small(b) && most - least <= most_of_bits) {
    SymbolicNumber result;
    result.form = SymbolicForm::bits;
    result.least = static_cast<std::int64_t>(least), result.most = static_cast<std::int64_t>(most);
    const std::size_t width = digits(distance(result.least, result.most));
    result.bits = add_bits(to_bits(a, a.least, a.most), to_bits(b, b.least, b.most), never, width);
    return result;
  }
  return binary(NumberOp::add, a, b, least, most);
}

SymbolicNumber Symbols::negated(const SymbolicNumber& a) {
  if (a.least > lowest && a.form == SymbolicForm::cases) return mapped(a, [](std::int64_t value) { return -value; });
  if (a.form == SymbolicForm::bits) { // the complement of the digits counts from the other end
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
    const auto is_constant = [](const SymbolicNumber& x) {
      return x.form == SymbolicForm::cases && x.cases.size() == 1;
    };
    if (is_constant(b) && b.least == 1) return a;
    if (is_constant(a) && a.least == 1) return b;
    if (is_constant(b) && a.form == SymbolicForm::cases) return mapped(a, [&](std::int64_t v) { return v * b.least; });
    if (is_constant(a) && b.form == SymbolicForm::cases) return mapped(b, [&](std::int64_t v) { return v * a.least; });
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
    result.form = SymbolicForm::bits;
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
  if (result.form == SymbolicForm::node && a.least > lowest) {
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
  if (a.form == SymbolicForm::cases) return mapped(a, whole);
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
  result.form = SymbolicForm::bits;
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
