#include <gtest/gtest.h>

#include <limits>

#include "graph_fixture.h"

namespace aceso::graph {
namespace {

const Value yes = true, no = false;
const Value not_asked = UnknownReason::not_asked, refused = UnknownReason::refused, pending = UnknownReason::pending,
            invalid = UnknownReason::invalid, not_applicable = UnknownReason::not_applicable;

Value number(std::int64_t n) { return Rational(n); }
Value number(std::int64_t n, std::int64_t d) { return Rational::make(n, d).value(); }
Value member(std::uint32_t index) { return Choice{index}; }
Value date(std::string_view text) { return parse_date(text).value(); }

Node node(Op op, std::uint32_t reference = 0) {
  Node n;
  n.op = op;
  n.reference = reference;
  return n;
}
Value value_of(const Node& n, const std::vector<Value>& operands) { return graph::apply(Graph{}, n, operands); }
Value value_of(Op op, const std::vector<Value>& operands, std::uint32_t reference = 0) {
  return value_of(node(op, reference), operands);
}

TEST(GraphApply, Constant) {
  Node n = node(Op::constant);
  n.constant = number(7);
  EXPECT_EQ(value_of(n, {}), number(7));
}

TEST(GraphApply, KnownAndWhyNot) {
  EXPECT_EQ(value_of(Op::is_known, {no}), yes);
  EXPECT_EQ(value_of(Op::is_known, {refused}), no);
  const auto reason = static_cast<std::uint32_t>(UnknownReason::refused);
  EXPECT_EQ(value_of(Op::unknown_because, {refused}, reason), yes);
  EXPECT_EQ(value_of(Op::unknown_because, {pending}, reason), no);
  EXPECT_EQ(value_of(Op::unknown_because, {yes}, reason), no);
}

TEST(GraphApply, KleenesTables) {
  const Value values[] = {no, refused, yes};
  const Value conjunction[3][3] = {{no, no, no}, {no, refused, refused}, {no, refused, yes}};
  const Value disjunction[3][3] = {{no, refused, yes}, {refused, refused, yes}, {yes, yes, yes}};
  const Value negation[] = {yes, refused, no};
  for (std::size_t a = 0; a < 3; ++a) {
    EXPECT_EQ(value_of(Op::logical_not, {values[a]}), negation[a]);
    for (std::size_t b = 0; b < 3; ++b) {
      EXPECT_EQ(value_of(Op::logical_and, {values[a], values[b]}), conjunction[a][b]) << a << b;
      EXPECT_EQ(value_of(Op::logical_or, {values[a], values[b]}), disjunction[a][b]) << a << b;
    }
  }
}

TEST(GraphApply, TheFirstReasonInOrderStays) {
  EXPECT_EQ(value_of(Op::logical_and, {pending, yes, refused}), refused);
  EXPECT_EQ(value_of(Op::add, {number(1), pending, not_asked}), not_asked);
}

TEST(GraphApply, AtLeast) {
  EXPECT_EQ(value_of(Op::at_least, {yes, no, yes}, 2), yes);
  EXPECT_EQ(value_of(Op::at_least, {yes, refused, yes}, 2), yes);
  EXPECT_EQ(value_of(Op::at_least, {yes, refused, no}, 2), refused);
  EXPECT_EQ(value_of(Op::at_least, {refused, no, no}, 2), no);
  EXPECT_EQ(value_of(Op::at_least, {refused}, 0), yes);
  EXPECT_EQ(value_of(Op::number_of, {yes, no, yes}), number(2));
  EXPECT_EQ(value_of(Op::number_of, {yes, refused}), refused);
}

TEST(GraphApply, Comparisons) {
  EXPECT_EQ(value_of(Op::equal, {number(3), number(6, 2)}), yes);
  EXPECT_EQ(value_of(Op::equal, {member(0), member(1)}), no);
  EXPECT_EQ(value_of(Op::equal, {member(0), refused}), refused);
  EXPECT_EQ(value_of(Op::less, {number(1, 3), number(1, 2)}), yes);
  EXPECT_EQ(value_of(Op::less, {number(1), number(1)}), no);
  EXPECT_EQ(value_of(Op::less_or_equal, {number(1), number(1)}), yes);
  EXPECT_EQ(value_of(Op::less, {member(1), member(2)}), yes);
  EXPECT_EQ(value_of(Op::less, {date("2026-01-31"), date("2026-02-01")}), yes);
  EXPECT_EQ(value_of(Op::less_or_equal, {Instant{5}, Instant{4}}), no);
  EXPECT_EQ(value_of(Op::less, {pending, number(1)}), pending);
}

TEST(GraphApply, Arithmetic) {
  EXPECT_EQ(value_of(Op::add, {number(1, 10), number(2, 10), number(3)}), number(33, 10));
  EXPECT_EQ(value_of(Op::subtract, {number(1), number(3)}), number(-2));
  EXPECT_EQ(value_of(Op::multiply, {number(2, 3), number(3, 2)}), number(1));
  EXPECT_EQ(value_of(Op::divide, {number(1), number(3)}), number(1, 3));
  EXPECT_EQ(value_of(Op::divide, {number(1), number(0)}), not_applicable);
  EXPECT_EQ(value_of(Op::negate, {number(4)}), number(-4));
  EXPECT_EQ(value_of(Op::absolute, {number(-4)}), number(4));
  EXPECT_EQ(value_of(Op::absolute, {number(4)}), number(4));
  EXPECT_EQ(value_of(Op::minimum, {number(3), number(1), number(2)}), number(1));
  EXPECT_EQ(value_of(Op::maximum, {number(3), number(1), refused}), refused);
  EXPECT_EQ(value_of(Op::maximum, {date("2026-01-31"), date("2026-02-01")}), date("2026-02-01"));
  EXPECT_EQ(value_of(Op::multiply, {refused, number(0)}), refused);
}

TEST(GraphApply, BeyondSixtyFourBitsIsInvalid) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(value_of(Op::add, {number(most), number(1)}), invalid);
  EXPECT_EQ(value_of(Op::multiply, {number(most), number(2)}), invalid);
  EXPECT_EQ(value_of(Op::subtract, {number(-most), number(2)}), invalid);
}

TEST(GraphApply, ConvertAndRound) {
  Node fahrenheit = node(Op::convert);
  fahrenheit.details.edit().factor = Rational::make(9, 5).value();
  fahrenheit.details.edit().offset = Rational(32);
  EXPECT_EQ(value_of(fahrenheit, {number(37)}), number(986, 10));
  EXPECT_EQ(value_of(fahrenheit, {refused}), refused);
  Node half = node(Op::round, static_cast<std::uint32_t>(RoundingMode::half_up));
  half.details.edit().factor = Rational::make(1, 2).value();
  EXPECT_EQ(value_of(half, {number(124, 100)}), number(1));
  EXPECT_EQ(value_of(half, {number(125, 100)}), number(3, 2));
}

TEST(GraphApply, Conditional) {
  EXPECT_EQ(value_of(Op::conditional, {yes, number(1), refused}), number(1));
  EXPECT_EQ(value_of(Op::conditional, {no, number(1), pending}), pending);
  EXPECT_EQ(value_of(Op::conditional, {refused, number(1), number(1)}), number(1));
  EXPECT_EQ(value_of(Op::conditional, {refused, number(1), number(2)}), refused);
  EXPECT_EQ(value_of(Op::conditional, {refused, pending, pending}), refused);
}

Value table(HitPolicy policy, const std::vector<Value>& operands) {
  return value_of(Op::table, operands, static_cast<std::uint32_t>(policy));
}

TEST(GraphApply, TablesThatGiveOneValue) {
  for (const HitPolicy policy : {HitPolicy::unique, HitPolicy::first, HitPolicy::any}) {
    EXPECT_EQ(table(policy, {no, number(1), yes, number(2)}), number(2));
    EXPECT_EQ(table(policy, {no, number(1), no, number(2)}), not_applicable) << "a gap";
    EXPECT_EQ(table(policy, {no, number(1), refused, number(2)}), refused) << "a row is open";
    EXPECT_EQ(table(policy, {yes, number(1), yes, number(1)}), number(1));
  }
  EXPECT_EQ(table(HitPolicy::unique, {yes, number(1), yes, number(2)}), invalid) << "rows overlap";
  EXPECT_EQ(table(HitPolicy::any, {yes, number(1), yes, number(2)}), invalid);
  EXPECT_EQ(table(HitPolicy::unique, {yes, number(1), refused, number(2)}), number(1));
}

TEST(GraphApply, FirstWithAnOpenRowBefore) {
  EXPECT_EQ(table(HitPolicy::first, {yes, number(1), yes, number(2)}), number(1));
  EXPECT_EQ(table(HitPolicy::first, {refused, number(1), yes, number(2)}), refused);
  EXPECT_EQ(table(HitPolicy::first, {refused, number(2), yes, number(2)}), number(2)) << "both say the same";
  EXPECT_EQ(table(HitPolicy::first, {refused, number(2), yes, number(2), yes, number(3)}), number(2));
  EXPECT_EQ(table(HitPolicy::first, {refused, number(2), no, number(3)}), refused) << "it may match or not";
  EXPECT_EQ(table(HitPolicy::first, {yes, number(1), refused, number(2)}), number(1)) << "too late to matter";
}

TEST(GraphApply, TablesThatCollect) {
  const std::vector<Value> rows = {yes, number(1), no, number(5), yes, number(3)};
  EXPECT_EQ(table(HitPolicy::collect_sum, rows), number(4));
  EXPECT_EQ(table(HitPolicy::collect_min, rows), number(1));
  EXPECT_EQ(table(HitPolicy::collect_max, rows), number(3));
  EXPECT_EQ(table(HitPolicy::collect_count, rows), number(2));
  EXPECT_EQ(table(HitPolicy::collect_list, rows), Value(ValueList{number(1), number(3)}));
  const std::vector<Value> none = {no, number(1)};
  EXPECT_EQ(table(HitPolicy::collect_sum, none), number(0));
  EXPECT_EQ(table(HitPolicy::collect_count, none), number(0));
  EXPECT_EQ(table(HitPolicy::collect_max, none), not_applicable);
  EXPECT_EQ(table(HitPolicy::collect_list, none), Value(ValueList{}));
  EXPECT_EQ(table(HitPolicy::collect_sum, {yes, number(1), refused, number(0)}), refused);
  EXPECT_EQ(table(HitPolicy::collect_count, {yes, pending}), number(1));
  EXPECT_EQ(table(HitPolicy::collect_sum, {yes, pending}), pending);
  EXPECT_EQ(table(HitPolicy::collect_sum, {no, pending, yes, number(2)}), number(2));
}

TEST(GraphApply, Selects) {
  EXPECT_EQ(value_of(Op::selects, {member(2)}, 2), yes);
  EXPECT_EQ(value_of(Op::selects, {member(1)}, 2), no);
  EXPECT_EQ(value_of(Op::selects, {refused}, 2), refused);
}

TEST(GraphApply, AttributesAndScores) {
  Node region = node(Op::attribute);
  region.details.edit().list = {member(1), not_applicable};
  EXPECT_EQ(value_of(region, {member(0)}), member(1));
  EXPECT_EQ(value_of(region, {member(1)}), not_applicable);
  EXPECT_EQ(value_of(region, {refused}), refused);

  fixture::Builder b;
  TypeInfo grade;
  grade.kind = TypeKind::scale;
  grade.members = {{"0", "", Rational(0), {}}, {"5", "", Rational(5), {}}};
  const NodeId subject = b.input("grade", b.type(grade), "", "");
  const NodeId score = b.node(Op::score_of, b.number, {subject});
  EXPECT_EQ(graph::apply(b.graph, b.graph[score], {member(1)}), number(5));
  EXPECT_EQ(graph::apply(b.graph, b.graph[score], {pending}), pending);
}

TEST(GraphApply, Lists) {
  const Value list = value_of(Op::list, {number(1), refused});
  EXPECT_EQ(list, Value(ValueList{number(1), refused}));
  EXPECT_EQ(value_of(Op::length, {list}), number(2));
  EXPECT_EQ(value_of(Op::contains, {list, number(1)}), yes);
  EXPECT_EQ(value_of(Op::contains, {list, number(2)}), refused) << "the unknown element may be it";
  EXPECT_EQ(value_of(Op::contains, {Value(ValueList{number(1)}), number(2)}), no);
  EXPECT_EQ(value_of(Op::contains, {list, pending}), pending);
  EXPECT_EQ(value_of(Op::length, {refused}), refused);
}

TEST(GraphApply, Dates) {
  EXPECT_EQ(value_of(Op::years_between, {date("1980-06-15"), date("2026-06-14")}), number(45));
  EXPECT_EQ(value_of(Op::years_between, {date("1980-06-15"), date("2026-06-15")}), number(46));
  EXPECT_EQ(value_of(Op::days_between, {date("2026-02-27"), date("2026-03-01")}), number(2));
  EXPECT_EQ(value_of(Op::days_between, {date("2026-03-01"), refused}), refused);
}

} // namespace
} // namespace aceso::graph
