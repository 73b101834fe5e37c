/// Making nodes: constants are folded, ranges of numbers are carried along.
#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "check/checker.h"
#include "module/input_units.h"

namespace aceso::check {

namespace {

/// The coarsest step of which both are multiples; 0 where one is a real.
std::optional<Rational> common_step(Rational a, Rational b) {
  if (a == Rational(0) || b == Rational(0)) return Rational(0);
  const Int128 x = static_cast<Int128>(a.numerator()) * b.denominator();
  const Int128 y = static_cast<Int128>(b.numerator()) * a.denominator();
  Int128 g = x < 0 ? -x : x, h = y < 0 ? -y : y;
  while (h != 0) {
    const Int128 rest = g % h;
    g = h;
    h = rest;
  }
  return Rational::make(g, static_cast<Int128>(a.denominator()) * b.denominator());
}

using Range = std::optional<NumberRange>;

Range make_range(std::optional<Rational> low, std::optional<Rational> high, std::optional<Rational> step) {
  if (!low || !high || !step) return std::nullopt;
  if (*step > Rational(0)) {
    // What runs is the count of steps; it must fit 64 bits.
    for (const Rational bound : {*low, *high})
      if (!Rational::divide(bound, *step)) return std::nullopt;
  }
  return NumberRange{*low, *high, *step};
}

/// A range around the other, whose ends have few digits.
Range coarsened(const NumberRange& range) {
  constexpr std::int64_t digits = 1'000'000'000;
  const Rational zero(0);
  const Rational size = std::max(range.maximum, Rational::subtract(zero, range.minimum).value_or(range.maximum));
  std::optional<Rational> step = Rational::make(1, digits);
  for (std::optional<Rational> reach = Rational(1); step && reach && *reach < size;) {
    reach = Rational::multiply(*reach, 10);
    step = Rational::multiply(*step, 10);
  }
  if (!step) return std::nullopt;
  return make_range(Rational::round(range.minimum, *step, RoundingMode::down),
                    Rational::round(range.maximum, *step, RoundingMode::up), zero);
}

Range times(const NumberRange& a, const NumberRange& b, bool dividing, bool is_coarse = false) {
  std::optional<Rational> low, high;
  for (const Rational x : {a.minimum, a.maximum}) {
    for (const Rational y : {b.minimum, b.maximum}) {
      const auto value = dividing ? Rational::divide(x, y) : Rational::multiply(x, y);
      if (!value) {
        // The bounds of a real need not be exact: fractions that do not fit are no reason to refuse it.
        const bool is_real = dividing || a.step == Rational(0) || b.step == Rational(0);
        const Range wide_a = coarsened(a), wide_b = coarsened(b);
        if (is_coarse || !is_real || !wide_a || !wide_b) return std::nullopt;
        if (dividing && wide_b->minimum <= Rational(0) && wide_b->maximum >= Rational(0)) return std::nullopt;
        return times(*wide_a, *wide_b, dividing, true);
      }
      if (!low || *value < *low) low = value;
      if (!high || *value > *high) high = value;
    }
  }
  return make_range(low, high, dividing ? Rational(0) : Rational::multiply(a.step, b.step));
}

/// A divisor that may be 0 is taken at its smallest step on either side.
Range quotient(const NumberRange& a, NumberRange b) {
  const Rational zero(0);
  if (b.minimum > zero || b.maximum < zero) return times(a, b, true);
  const Rational smallest = b.step > zero ? b.step : Rational(1);
  const Rational size = std::max(a.maximum, Rational::subtract(zero, a.minimum).value_or(a.maximum));
  const auto most = Rational::divide(std::max(size, zero), smallest);
  return most ? make_range(Rational::subtract(zero, *most), most, zero) : std::nullopt;
}

/// The product, rounded up to thousandths, so that a chain of products stays short.
std::optional<Rational> product_above(Rational a, Rational b) {
  const auto product = Rational::multiply(a, b);
  return product ? Rational::round(*product, *Rational::make(1, 1000), RoundingMode::up) : std::nullopt;
}

/// At least base to the power of exponent, for base >= 1 and exponent >= 0. Few factors are multiplied one by one,
/// which rounds up less; many by squares, so that a base of just above 1 ends as soon as any other.
std::optional<Rational> power_bound(Rational base, Rational exponent) {
  constexpr std::int64_t few = 64;
  if (base == Rational(1)) return base;
  const auto whole = Rational::round(exponent, 1, RoundingMode::up);
  if (!whole) return std::nullopt;
  std::int64_t left = whole->numerator();
  std::optional<Rational> bound = Rational(1);
  for (; bound && left > 0 && whole->numerator() <= few; --left)
    bound = product_above(*bound, base);
  for (std::optional<Rational> square = base; bound && left > 0; left /= 2) {
    if (!square) return std::nullopt;
    if (left % 2 != 0) bound = product_above(*bound, *square);
    if (left > 1) square = product_above(*square, *square);
  }
  return bound;
}

Range power_range(const NumberRange& x, const NumberRange& y) {
  const Rational zero(0), one(1);
  const Rational size = std::max(x.maximum, Rational::subtract(zero, x.minimum).value_or(x.maximum));
  std::optional<Rational> bound = power_bound(std::max(size, one), std::max(y.maximum, zero));
  if (y.minimum < zero) {
    // A base near 0 makes a large result; the smallest that is not 0 counts.
    const Rational smallest = x.minimum > zero ? x.minimum : x.step;
    if (smallest <= zero) return std::nullopt;
    const auto inverse = Rational::divide(1, smallest), exponent = Rational::subtract(zero, y.minimum);
    const auto other = inverse && exponent ? power_bound(std::max(*inverse, one), *exponent) : std::nullopt;
    if (!other || !bound) return std::nullopt;
    bound = std::max(*bound, *other);
  }
  return make_range(x.minimum < zero && bound ? Rational::subtract(zero, *bound) : zero, bound, zero);
}

Range hull(const NumberRange& a, const NumberRange& b) {
  return make_range(std::min(a.minimum, b.minimum), std::max(a.maximum, b.maximum), common_step(a.step, b.step));
}

} // namespace

/// Values are minimum + k * step, or multiples of the step of an accepted unit; the granularity divides them all.
std::optional<NumberRange> Checker::range_of(const InputInfo& input) const {
  const TypeInfo& t = info(point_type(input.type)); // of an interval: that of its ends
  if (!t.minimum || !t.maximum || !t.step) return std::nullopt;
  auto step = *t.minimum == Rational(0) ? t.step : common_step(*t.minimum, *t.step);
  for (const AcceptedUnit& accepted : input.accepted_units) {
    if (!accepted.step) continue;
    const auto map = conversion_for(input, accepted.code, t.unit);
    const auto own = map ? Rational::multiply(*accepted.step, map->factor) : std::nullopt;
    step = step && own ? common_step(*step, *own) : std::nullopt;
    if (step && map->offset != Rational(0)) step = common_step(*step, map->offset);
  }
  return make_range(t.minimum, t.maximum, step);
}

std::optional<NumberRange> Checker::range_of(const Node& n, bool& overflow) const {
  overflow = false;
  switch (n.op) { // most nodes of a large table
  case Op::equal:
  case Op::less:
  case Op::less_or_equal:
  case Op::logical_and:
  case Op::logical_or:
  case Op::logical_not: return std::nullopt;
  default: break;
  }
  std::vector<NumberRange> of;
  for (const NodeId operand : n.operands)
    if (const auto range = at(operand).range()) of.push_back(*range);
  const auto need = [&](Range range) {
    overflow = !range;
    return range;
  };
  const auto whole = [](std::int64_t low, std::int64_t high) { return NumberRange{low, high, Rational(1)}; };
  switch (n.op) {
  case Op::subtract:
  case Op::multiply:
  case Op::divide:
  case Op::square_root:
  case Op::exponential:
  case Op::power:
  case Op::negate:
  case Op::absolute:
  case Op::convert:
  case Op::round:
    if (of.size() < n.operands.size()) return std::nullopt; // what has no bounds gives none
    break;
  default: break;
  }
  switch (n.op) {
  case Op::constant: return n.range();
  case Op::input: return range_of(graph_.dictionary.inputs[n.reference]);
  case Op::parameter:
  case Op::attribute: {
    const TypeInfo& t = info(point_type(n.type));
    if (t.minimum && t.maximum && t.step) {
      // Values are minimum + k * step; the granularity is what divides both.
      const auto step = *t.minimum == Rational(0) ? t.step : common_step(*t.minimum, *t.step);
      return make_range(t.minimum, t.maximum, step);
    }
    Range range;
    for (const Value& v : n.details->list)
      if (v.is<Rational>()) {
        const Rational r = v.as<Rational>();
        const NumberRange one{r, r, *Rational::make(1, r.denominator())};
        range = range ? hull(*range, one) : one;
      }
    return range;
  }
  case Op::add: {
    if (of.size() < n.operands.size()) return std::nullopt;
    Range total = of.front();
    for (std::size_t i = 1; total && i < of.size(); ++i)
      total = make_range(Rational::add(total->minimum, of[i].minimum), Rational::add(total->maximum, of[i].maximum),
                         common_step(total->step, of[i].step));
    return need(total);
  }
  case Op::subtract:
    return need(make_range(Rational::subtract(of[0].minimum, of[1].maximum),
                           Rational::subtract(of[0].maximum, of[1].minimum), common_step(of[0].step, of[1].step)));
  case Op::multiply: return need(times(of[0], of[1], false));
  case Op::divide: return need(quotient(of[0], of[1]));
  case Op::square_root: return need(make_range(Rational(0), std::max(Rational(1), of[0].maximum), Rational(0)));
  // Bounds of the operand fit 64 bits, so that it lies between 1.1e-19 and 9.2e18.
  case Op::natural_logarithm: return NumberRange{Rational(-44), Rational(44), Rational(0)};
  case Op::logarithm_10: return NumberRange{Rational(-19), Rational(19), Rational(0)};
  case Op::exponential:
    return need(make_range(Rational(0), power_bound(*Rational::make(2719, 1000), std::max(of[0].maximum, Rational(0))),
                           Rational(0)));
  case Op::power: return need(power_range(of[0], of[1]));
  case Op::negate:
    return need(make_range(Rational::subtract(0, of[0].maximum), Rational::subtract(0, of[0].minimum), of[0].step));
  case Op::absolute: {
    const auto negative = Rational::subtract(0, of[0].minimum);
    return need(make_range(Rational(0), negative ? std::max(*negative, of[0].maximum) : negative, of[0].step));
  }
  case Op::minimum:
  case Op::maximum: {
    Range range = of.empty() ? Range{} : of.front();
    const bool smallest = n.op == Op::minimum;
    for (std::size_t i = 1; range && i < of.size(); ++i)
      range = make_range(smallest ? std::min(range->minimum, of[i].minimum) : std::max(range->minimum, of[i].minimum),
                         smallest ? std::min(range->maximum, of[i].maximum) : std::max(range->maximum, of[i].maximum),
                         common_step(range->step, of[i].step));
    return of.empty() ? std::nullopt : need(range);
  }
  case Op::conditional: {
    Range range = of.empty() ? Range{} : of.front();
    for (std::size_t i = 1; range && i < of.size(); ++i)
      range = hull(*range, of[i]);
    return of.empty() ? std::nullopt : need(range);
  }
  case Op::table: {
    if (static_cast<graph::HitPolicy>(n.reference) == graph::HitPolicy::collect_count)
      return whole(0, static_cast<std::int64_t>(n.operands.size() / 2));
    if (of.empty() || !is_numeric(n.type)) return std::nullopt; // a list of numbers has no range
    Range range = of.front();
    for (std::size_t i = 1; range && i < of.size(); ++i)
      range = hull(*range, of[i]);
    if (range && static_cast<graph::HitPolicy>(n.reference) == graph::HitPolicy::collect_sum) {
      const Rational count(static_cast<std::int64_t>(n.operands.size() / 2));
      range = make_range(Rational::multiply(std::min(range->minimum, Rational(0)), count),
                         Rational::multiply(std::max(range->maximum, Rational(0)), count), range->step);
    }
    return need(range);
  }
  case Op::convert: {
    const NumberRange factor{n.details->factor, n.details->factor,
                             n.details->factor < Rational(0) ? Rational::subtract(0, n.details->factor).value_or(1)
                                                             : n.details->factor};
    const Range scaled = times(of[0], factor, false);
    if (!scaled) return need(scaled);
    const Rational offset_step = *Rational::make(1, n.details->offset.denominator());
    return need(make_range(
        Rational::add(scaled->minimum, n.details->offset), Rational::add(scaled->maximum, n.details->offset),
        n.details->offset == Rational(0) ? std::optional(scaled->step) : common_step(scaled->step, offset_step)));
  }
  case Op::round: {
    const auto mode = RoundingMode::half_up;
    const auto low = Rational::round(of[0].minimum, n.details->factor, mode),
               high = Rational::round(of[0].maximum, n.details->factor, mode);
    return need(make_range(low ? Rational::subtract(*low, n.details->factor) : low,
                           high ? Rational::add(*high, n.details->factor) : high, n.details->factor));
  }
  case Op::number_of: return whole(0, static_cast<std::int64_t>(n.operands.size()));
  case Op::length: return whole(0, 1'000'000);
  case Op::years_between: return whole(-9999, 9999);
  case Op::days_between: return whole(-3'652'425, 3'652'425);
  case Op::months_between: return whole(-119'988, 119'988);
  case Op::weeks_between: return whole(-521'775, 521'775);
  case Op::hours_between: return whole(-87'658'200, 87'658'200);
  case Op::minutes_between: return whole(-5'259'492'000, 5'259'492'000);
  case Op::seconds_between: return whole(-315'569'520'000, 315'569'520'000);
  case Op::interval:
  case Op::intersection: {
    Range range = of.empty() ? Range{} : of.front();
    for (std::size_t i = 1; range && i < of.size(); ++i)
      range = hull(*range, of[i]);
    return of.empty() ? std::nullopt : need(range);
  }
  case Op::start_of:
  case Op::end_of: return of.empty() ? std::nullopt : need(of.front());
  case Op::score_of: {
    Range range;
    for (const MemberInfo& m : graph_.type_of(n.operands[0]).members) {
      const NumberRange one{*m.score, *m.score, *Rational::make(1, m.score->denominator())};
      range = range ? hull(*range, one) : one;
    }
    return need(range);
  }
  case Op::series: {
    using F = graph::SeriesFunction;
    const auto function = static_cast<F>(n.detail);
    if (function == F::count) return whole(0, 1'000'000);
    const Range values = function == F::rising || function == F::falling
                             ? std::nullopt
                             : range_of(graph_.dictionary.inputs[n.reference]);
    if (!values) return std::nullopt;
    const auto width = Rational::subtract(values->maximum, values->minimum);
    const auto most_a_day = width ? Rational::multiply(*width, 86'400) : width; // all of it within a second
    switch (function) {
    case F::change: return need(width ? make_range(Rational::subtract(0, *width), width, values->step) : std::nullopt);
    case F::mean: return make_range(values->minimum, values->maximum, Rational(0));
    case F::trend:
      return need(most_a_day ? make_range(Rational::subtract(0, *most_a_day), most_a_day, Rational(0)) : std::nullopt);
    default: return values;
    }
  }
  default: return std::nullopt;
  }
}

NodeId Checker::add(Node n) {
  // Functions are unfolded where they are called, so a few lines can ask for more than fits.
  if (is_too_large_) return {};
  if (graph_.nodes.size() >= most_nodes) {
    is_too_large_ = true;
    sink_.report(Kind::guideline_too_large, n.span, most_nodes).mend =
        "let functions call each other less, or name what they share with define";
    return {};
  }
  bool foldable = !n.operands.empty();
  for (const NodeId operand : n.operands)
    foldable &= is_constant(operand);
  // Tables, roundings of fixed numbers and the like: what has one value is that value.
  const bool needs_patient = n.op == Op::selects || n.op == Op::differential || n.op == Op::date_of ||
                             n.op == Op::time_of || n.op == Op::held_for || n.op == Op::series ||
                             (n.op == Op::add_months && n.type == instant_);
  if (foldable && !needs_patient) {
    std::vector<Value> operands;
    for (const NodeId operand : n.operands)
      operands.push_back(at(operand).constant);
    const Value value = graph::apply(graph_, n, operands);
    const bool is_fixed = value.is_known() || value.is<DateRange>() || value.is<Boxed<Interval>>();
    if (is_fixed && !value.is<ValueList>()) return constant(value, n.type, n.span);
  }
  bool overflow = false;
  if (const auto range = range_of(n, overflow)) n.details.edit().range = range;
  if (overflow && is_numeric(n.type)) {
    Diagnostic& d = sink_.report(Kind::may_overflow, n.span, text_of(n.span), "a size of more than 9.2e18 steps");
    for (const NodeId operand : n.operands)
      if (const auto& r = at(operand).range())
        d.notes.push_back(
            {at(operand).span,
             fmt::format("this lies between {} and {}, in steps of {}", r->minimum.to_text(), r->maximum.to_text(),
                         r->step == Rational(0) ? "any size (a real)" : r->step.to_text())});
    d.mend = "narrow the ranges or widen the steps of the inputs, or round on the way";
    return {};
  }
  graph_.nodes.push_back(std::move(n));
  return NodeId(graph_.nodes.size() - 1);
}

NodeId Checker::node(Op op, TypeId type, Span span, std::vector<NodeId> operands) {
  for (const NodeId operand : operands)
    if (!operand.is_valid()) return {}; // reported where it went wrong
  Node n;
  n.op = op;
  n.type = type;
  n.span = span;
  n.operands = std::move(operands);
  return add(std::move(n));
}

NodeId Checker::constant(Value value, TypeId type, Span span) {
  Node n;
  n.op = Op::constant;
  n.type = type;
  n.span = span;
  n.constant = std::move(value);
  graph_.nodes.push_back(std::move(n));
  return NodeId(graph_.nodes.size() - 1);
}

NodeId Checker::negation(NodeId id, Span span) { return node(Op::logical_not, yes_no_, span, {id}); }
NodeId Checker::any_of(std::vector<NodeId> nodes, Span span) {
  return nodes.size() == 1 ? nodes.front() : node(Op::logical_or, yes_no_, span, std::move(nodes));
}
NodeId Checker::all_of(std::vector<NodeId> nodes, Span span) {
  return nodes.size() == 1 ? nodes.front() : node(Op::logical_and, yes_no_, span, std::move(nodes));
}

bool Checker::depends_on(NodeId id, std::initializer_list<Op> ops) const {
  if (!id.is_valid()) return false;
  std::vector<bool> seen(id.index() + 1);
  std::vector<NodeId> open{id};
  while (!open.empty()) {
    const NodeId next = open.back();
    open.pop_back();
    if (seen[next.index()]) continue;
    seen[next.index()] = true;
    if (std::count(ops.begin(), ops.end(), at(next).op)) return true;
    open.insert(open.end(), at(next).operands.begin(), at(next).operands.end());
  }
  return false;
}

std::string Checker::text_of(Span span) const {
  if (!span.is_valid()) return {};
  std::string result;
  for (const char c : sources_.text(span)) {
    const bool is_space = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (!is_space)
      result += c;
    else if (!result.empty() && result.back() != ' ')
      result += ' ';
  }
  return result;
}

/// Lengths of time in words, as an author writes them: "6 weeks", not "6 wk".
std::string Checker::value_text(NodeId id) const {
  const TypeInfo& type = info(at(id).type);
  if (at(id).constant.is<Rational>() && type.kind == TypeKind::duration) {
    const Rational number = at(id).constant.as<Rational>();
    return fmt::format("{} {}", number.to_text(), time_word(type.unit, number == Rational(1)));
  }
  return to_text(graph_.dictionary, at(id).type, at(id).constant);
}

} // namespace aceso::check
