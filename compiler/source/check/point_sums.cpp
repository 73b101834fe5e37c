/// Sums of points, compared with a constant. What is known of a sum may settle a comparison while the sum itself is
/// unknown: with two of three points certain, "at least 2" is. So such a comparison becomes `at_least` over the
/// conditions, a condition standing as often as it has points.
#include <algorithm>
#include <cstdlib>
#include <numeric>

#include "check/checker.h"

namespace aceso::check {

using E = ast::ExpressionKind;

/// The sum is `base`, and `points` more for each condition that holds.
struct Checker::PointSum {
  Rational base;
  std::vector<std::pair<NodeId, Rational>> points;
};

namespace {

constexpr std::size_t most_terms = 256;            ///< of one sum
constexpr std::int64_t most_operands_of_sum = 256; ///< of one comparison, a condition that counts twice twice
constexpr std::int64_t most_points = 1'000'000'000;

bool is_small(Rational points) {
  return points.numerator() <= most_points && points.numerator() >= -most_points && points.denominator() <= most_points;
}

/// The largest number of which both are whole multiples; neither is negative, one may be 0.
std::optional<Rational> common_step(Rational a, Rational b) {
  const Int128 denominator = static_cast<Int128>(a.denominator()) * b.denominator();
  const std::int64_t x = a.numerator(), y = b.numerator(), s = b.denominator(), t = a.denominator();
  std::int64_t left = 0, right = 0;
  if (__builtin_mul_overflow(x, s, &left) || __builtin_mul_overflow(y, t, &right)) return std::nullopt;
  return Rational::make(std::gcd(left, right), denominator);
}

} // namespace

/// Adds what the node is worth; false where it is no sum of points. `span` is that of the comparison.
bool Checker::add_points(NodeId id, Span span, PointSum& sum) {
  const auto add_base = [&](Rational points) {
    const auto more = is_small(points) ? Rational::add(sum.base, points) : std::nullopt;
    if (more) sum.base = *more;
    return more.has_value();
  };
  const auto add_condition = [&](NodeId condition, Rational points) {
    if (sum.points.size() == most_terms || !is_small(points)) return false;
    if (points != Rational(0)) sum.points.emplace_back(condition, points);
    return true;
  };
  const auto constant_of = [&](NodeId of) {
    return is_constant(of) && at(of).constant.is<Rational>() ? std::optional(at(of).constant.as<Rational>())
                                                             : std::nullopt;
  };
  if (const auto points = constant_of(id)) return add_base(*points);
  const Node node = at(id); // nodes may move below
  switch (node.op) {
  case Op::add:
    return std::all_of(node.operands.begin(), node.operands.end(),
                       [&](NodeId term) { return add_points(term, span, sum); });
  case Op::number_of:
    return std::all_of(node.operands.begin(), node.operands.end(),
                       [&](NodeId condition) { return add_condition(condition, Rational(1)); });
  case Op::conditional: {
    const auto then = constant_of(node.operands[1]), otherwise = constant_of(node.operands[2]);
    const auto more = then && otherwise ? Rational::subtract(*then, *otherwise) : std::nullopt;
    return more && add_base(*otherwise) && add_condition(node.operands[0], *more);
  }
  case Op::score_of: { // so much more with each score that is reached
    std::vector<Rational> scores;
    for (const MemberInfo& member : graph_.type_of(node.operands[0]).members)
      scores.push_back(*member.score);
    std::sort(scores.begin(), scores.end());
    scores.erase(std::unique(scores.begin(), scores.end()), scores.end());
    if (scores.empty() || !add_base(scores.front())) return false;
    for (std::size_t i = 1; i < scores.size(); ++i) {
      const auto more = Rational::subtract(scores[i], scores[i - 1]);
      const NodeId limit = constant(scores[i], number_, span);
      const NodeId reached = this->node(Op::less_or_equal, yes_no_, span, {limit, id});
      if (!more || !reached.is_valid() || !add_condition(reached, *more)) return false;
    }
    return true;
  }
  default: return false;
  }
}

/// Nothing where the comparison is an ordinary one.
std::optional<NodeId> Checker::compare_sum(ast::ExpressionKind kind, NodeId a, NodeId b, Span span) {
  const bool is_swapped = is_constant(a);
  const NodeId subject = is_swapped ? b : a, limit = is_swapped ? a : b;
  const Op op = at(subject).op;
  if ((op != Op::add && op != Op::number_of) || !is_numeric(at(subject).type) || !info(at(subject).type).unit.empty() ||
      !is_constant(limit) || !at(limit).constant.is<Rational>())
    return std::nullopt;
  const std::size_t before = graph_.nodes.size();
  const auto is_ordinary = [&] {
    graph_.nodes.erase(graph_.nodes.begin() + static_cast<std::ptrdiff_t>(before), graph_.nodes.end());
    return std::nullopt;
  };
  PointSum sum;
  if (!add_points(subject, span, sum) || sum.points.empty()) return is_ordinary();

  // In steps of all points: at least so many operands of which some are negations, for points that are taken away.
  std::optional<Rational> step = Rational(0);
  for (const auto& [condition, points] : sum.points)
    if (step) step = common_step(*step, points < Rational(0) ? *Rational::subtract(Rational(0), points) : points);
  if (!step || *step == Rational(0)) return is_ordinary();
  std::vector<NodeId> operands;
  std::int64_t taken_away = 0;
  for (const auto& [condition, points] : sum.points) {
    const auto count = Rational::divide(points, *step);
    const std::int64_t times = count ? std::abs(count->numerator()) : most_operands_of_sum + 1;
    if (times > most_operands_of_sum - static_cast<std::int64_t>(operands.size())) return is_ordinary();
    if (points < Rational(0)) taken_away += times;
    const NodeId operand = points < Rational(0) ? negation(condition, span) : condition;
    operands.insert(operands.end(), static_cast<std::size_t>(times), operand);
  }
  const auto above_base = Rational::subtract(at(limit).constant.as<Rational>(), sum.base);
  const auto in_steps = above_base ? Rational::divide(*above_base, *step) : std::nullopt;
  if (!in_steps) return is_ordinary();
  const auto floor = Rational::round(*in_steps, Rational(1), RoundingMode::down);
  if (!floor || !is_small(*floor)) return is_ordinary();
  const std::int64_t reached = floor->numerator() + taken_away;
  const bool is_on_step = in_steps->is_integer();

  const auto at_least = [&](std::int64_t count) {
    const auto size = static_cast<std::int64_t>(operands.size());
    if (count < 1 || count > size) return constant(count < 1, yes_no_, span); // whatever the patient has
    Node n;
    n.op = Op::at_least;
    n.type = yes_no_;
    n.span = span;
    n.operands = operands;
    n.reference = static_cast<std::uint32_t>(count);
    return add(std::move(n));
  };
  const std::int64_t from = is_on_step ? reached : reached + 1, above = reached + 1; // for >= and for >
  const bool is_turned = is_swapped && kind != E::equal && kind != E::not_equal;
  const auto turned = [&](ast::ExpressionKind of) {
    switch (of) {
    case E::less: return E::greater;
    case E::less_or_equal: return E::greater_or_equal;
    case E::greater: return E::less;
    default: return E::less_or_equal;
    }
  };
  switch (is_turned ? turned(kind) : kind) {
  case E::greater_or_equal: return at_least(from);
  case E::greater: return at_least(above);
  case E::less: return negation(at_least(from), span);
  case E::less_or_equal: return negation(at_least(above), span);
  case E::equal:
  case E::not_equal: {
    if (!is_on_step) return constant(kind == E::not_equal, yes_no_, span);
    const NodeId same = all_of({at_least(from), negation(at_least(above), span)}, span);
    return kind == E::equal ? same : negation(same, span);
  }
  default: return is_ordinary();
  }
}

} // namespace aceso::check
