#include "values/value.h"

#include <gtest/gtest.h>

#include <type_traits>

#include "values/ids.h"
#include "values/truth.h"

namespace aceso {
namespace {

TEST(Value, IsUnknownAndNotAskedAtFirst) {
  const Value value;
  EXPECT_FALSE(value.is_known());
  EXPECT_EQ(value.reason(), UnknownReason::not_asked);
  EXPECT_EQ(value.truth(), Truth::unknown);
}

TEST(Value, ComparesByKindAndContent) {
  EXPECT_EQ(Value(true), Value(true));
  EXPECT_NE(Value(true), Value(false));
  EXPECT_NE(Value(true), Value(Rational(1)));
  EXPECT_NE(Value(Date{0}), Value(Instant{0}));
  EXPECT_NE(Value(UnknownReason::refused), Value(UnknownReason::stale));
  EXPECT_EQ(Value(Choice{2}), Value(Choice{2}));
}

TEST(Value, ComparesListsInside) {
  const Value list(ValueList{Value(Rational(1)), Value(ValueList{Value(Choice{0})})});
  EXPECT_EQ(list, Value(list));
  EXPECT_NE(list, Value(ValueList{Value(Rational(1))}));
  EXPECT_NE(list, Value(ValueList{Value(Rational(1)), Value(ValueList{Value(Choice{1})})}));
}

TEST(Value, NumbersAndPointersNeverBecomeYes) {
  EXPECT_TRUE(Value(38).is<Rational>());
  static_assert(!std::is_constructible_v<Value, const char*>);
}

TEST(Value, ComesFromTruth) {
  EXPECT_EQ(Value::from(Truth::yes), Value(true));
  EXPECT_EQ(Value::from(Truth::no), Value(false));
  EXPECT_EQ(Value::from(Truth::unknown, UnknownReason::pending), Value(UnknownReason::pending));
  EXPECT_EQ(Value(true).truth(), Truth::yes);
}

TEST(Truth, FollowsKleene) {
  constexpr Truth values[] = {Truth::no, Truth::unknown, Truth::yes};
  constexpr Truth conjunction[3][3] = {{Truth::no, Truth::no, Truth::no},
                                       {Truth::no, Truth::unknown, Truth::unknown},
                                       {Truth::no, Truth::unknown, Truth::yes}};
  for (std::size_t a = 0; a < 3; ++a) {
    for (std::size_t b = 0; b < 3; ++b) {
      EXPECT_EQ(values[a] & values[b], conjunction[a][b]);
      EXPECT_EQ(values[a] | values[b], !((!values[a]) & (!values[b])));
    }
  }
  EXPECT_EQ(!Truth::unknown, Truth::unknown);
  EXPECT_EQ(to_text(Truth::unknown), "unknown");
  EXPECT_EQ(to_text(UnknownReason::not_applicable), "not_applicable");
}

TEST(Id, IsInvalidUntilGiven) {
  EXPECT_FALSE(RuleId().is_valid());
  EXPECT_TRUE(RuleId(0U).is_valid());
  EXPECT_EQ(RuleId(std::size_t{7}).index(), 7U);
  static_assert(!std::is_convertible_v<RuleId, NodeId>);
}

} // namespace
} // namespace aceso
