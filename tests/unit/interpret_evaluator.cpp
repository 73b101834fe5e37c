/// The evaluator as applications use it: facts by id, decisions without memory.
#include <array>
#include <atomic>
#include <cstdlib>
#include <new>

#include <gtest/gtest.h>

#include "interpret/evaluator.h"
#include "interpret/value_operations.h"
#include "module_sample.h"

namespace {
std::atomic<std::size_t> allocations{0};
}

void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t& /*unused*/) noexcept {
  ++allocations;
  return std::malloc(size == 0 ? 1 : size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace aceso::testing {
namespace {

std::shared_ptr<const Module> sample() { return load_module(sample_module()).module; }

InputId input(const Module& module, std::string_view name) {
  for (std::size_t i = 0; i < module.dictionary.inputs.size(); ++i)
    if (module.dictionary.inputs[i].name == name) return InputId(i);
  throw std::runtime_error("no input " + std::string(name));
}

constexpr ZonedInstant now{{1'795'000'000}, 0};

TEST(Evaluator, TakesOnlyValuesOfTheInput) {
  interpret::Evaluator evaluator(sample());
  const Module& module = evaluator.module();
  const InputId t = input(module, "t"), c = input(module, "c"), a = input(module, "a");
  EXPECT_TRUE(evaluator.set(t, Rational(38)));
  EXPECT_TRUE(evaluator.set(t, *Rational::make(385, 10)));
  EXPECT_FALSE(evaluator.set(t, *Rational::make(3855, 100))); // between two steps
  EXPECT_FALSE(evaluator.set(t, Rational(46)));
  EXPECT_FALSE(evaluator.set(t, Rational(29)));
  EXPECT_FALSE(evaluator.set(t, Value(true)));
  EXPECT_TRUE(evaluator.set(t, UnknownReason::refused));
  EXPECT_TRUE(evaluator.set(c, Choice{2}));
  EXPECT_FALSE(evaluator.set(c, Choice{3}));
  EXPECT_FALSE(evaluator.set(a, Choice{0}));
}

/// No checked guideline compares intervals by size; a hostile module may.
TEST(Evaluator, AnOperandOfAnotherKindEndsNothing) {
  const Value open, interval = make_interval(PointKind::date, {&open}, {&open});
  ASSERT_TRUE(interval.is_partly_known());
  for (const auto operation :
       {bytecode::ValueOperation::less, bytecode::ValueOperation::add, bytecode::ValueOperation::minimum}) {
    Value result;
    interpret::apply({}, Zone(0), operation, {}, std::array{&interval, &interval}, result);
    EXPECT_FALSE(result.is_known());
  }
}

TEST(Evaluator, KeepsWhatWasSaid) {
  interpret::Evaluator evaluator(sample());
  const Module& module = evaluator.module();
  const InputId a = input(module, "a"), d = input(module, "d");
  ASSERT_TRUE(evaluator.add_event(Instant{now.instant.seconds - 100}, a, Value(true)));
  ASSERT_TRUE(evaluator.set(a, Value(false)));
  ASSERT_TRUE(evaluator.evaluate(now));
  EXPECT_EQ(evaluator.input(a), Value(false));
  EXPECT_EQ(evaluator.input(d), Value(false));
  EXPECT_TRUE(evaluator.is_assumed(d));
  evaluator.forget(a);
  ASSERT_TRUE(evaluator.evaluate(now));
  EXPECT_EQ(evaluator.input(a), Value(true));
  evaluator.clear();
  ASSERT_TRUE(evaluator.evaluate(now));
  EXPECT_EQ(evaluator.input(a), Value(UnknownReason::not_asked));
}

TEST(Evaluator, RefusesBrokenConstraints) {
  interpret::Evaluator evaluator(sample());
  const Module& module = evaluator.module();
  ASSERT_TRUE(evaluator.set(input(module, "a"), Value(true)));
  ASSERT_TRUE(evaluator.set(input(module, "t"), Rational(34)));
  EXPECT_FALSE(evaluator.evaluate(now));
  ASSERT_EQ(evaluator.broken().size(), 1u);
  EXPECT_EQ(evaluator.broken()[0].message, "34 Cel with yes");
}

/// Without dates and means, which are calculated in values with memory of their own.
std::shared_ptr<const Module> sample_without_dates() {
  std::string text = sample_text;
  const auto replace = [&](std::string_view from, std::string_view to) {
    text.replace(text.find(from), from.size(), to);
  };
  replace("define average = round(mean of n within 1 year, 0.1)\n", "");
  replace("age(born) >= 65 years", "w >= 65 kg");
  return load_module(sample_module({}, text.c_str())).module;
}

/// Facts, events, lists, reals, differentials and the pathway: nothing is allocated once the evaluator is warm.
TEST(Evaluator, AllocatesNothingOnceWarm) {
  interpret::Evaluator evaluator(sample_without_dates());
  const Module& module = evaluator.module();
  const auto patient = [&](int round) {
    evaluator.clear();
    bool good = evaluator.set(input(module, "a"), Value(round % 2 == 0));
    good &= evaluator.set(input(module, "t"), *Rational::make(380 + round % 20, 10));
    good &= evaluator.set(input(module, "w"), Rational(80));
    good &= evaluator.set(input(module, "h"), *Rational::make(18, 10));
    good &= evaluator.set(input(module, "c"), Choice{static_cast<std::uint32_t>(round % 3)});
    good &= evaluator.set(input(module, "big"), Rational(4'000'000'000'000'000'000));
    good &= evaluator.add_event(Instant{now.instant.seconds - 86'400 * 9}, input(module, "n"), Rational(1));
    good &= evaluator.add_event(Instant{now.instant.seconds - 86'400 * 5}, input(module, "n"), Rational(2 + round % 2));
    good &= evaluator.evaluate(now);
    if (round % 4 == 0) good &= evaluator.set(input(module, "g"), Choice{1});
    return good && evaluator.evaluate(now) && evaluator.missing(ActionId(std::size_t{0})).size() < 20;
  };
  for (int round = 0; round < 24; ++round)
    ASSERT_TRUE(patient(round));
  const std::size_t before = allocations;
  bool good = true;
  for (int round = 0; round < 200; ++round)
    good &= patient(round);
  const std::size_t after = allocations;
  EXPECT_TRUE(good);
  EXPECT_EQ(after - before, 0u);
  const auto one = std::make_unique<int>(1); // the counter counts
  EXPECT_GT(allocations, after);
}

} // namespace
} // namespace aceso::testing
