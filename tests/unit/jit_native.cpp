#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "aceso/compiler.h"
#include "codegen/codegen.h"
#include "interpret/evaluator.h"
#include "jit/facts_layout.h"
#include "jit/jit.h"
#include "jit/object_cache.h"

namespace aceso {
namespace {

constexpr const char* text = R"(guideline g { title "G" version 0.1.0 }
inputs i "I" {
  fever : yes/no "?"
  heat  : quantity from 30 Cel to 45 Cel step 0.1 Cel "?"
  level : one of { low, middle, high } "?"
}
action cool "Cool" : other
action wait "Wait" : other
action_class one "One" at most one { cool, wait }
rule r { when fever and heat >= VALUE Cel recommend cool strong urgently within 2 days because "x" }
rule s { when level = high suggest wait weak overrides r because "y" }
)";

std::shared_ptr<const Module> module_of(const std::string& value) {
  std::string source = text;
  source.replace(source.find("VALUE"), 5, value);
  const Compilation compilation = compile_text(source, "g.aceso");
  EXPECT_TRUE(compilation.ok()) << compilation.render_diagnostics();
  return load_module(std::get<std::string>(codegen::build(*compilation.graph(), nullptr))).module;
}

/// Skips where native code cannot be made, and says so.
class NativeCodeTest : public testing::Test {
protected:
  void SetUp() override {
    module_ = module_of("38.5");
    const jit::Made made = jit::compile(*module_);
    if (!made.ok() && made.fault->kind == jit::FaultKind::jit_unavailable) GTEST_SKIP() << made.fault->message;
    ASSERT_TRUE(made.ok()) << made.fault->message;
    code_ = made.code;
  }
  std::shared_ptr<const Module> module_;
  std::shared_ptr<const NativeCode> code_;
};

TEST_F(NativeCodeTest, runs_in_an_evaluator_and_can_be_taken_back) {
  interpret::Evaluator evaluator(module_);
  ASSERT_TRUE(evaluator.set(InputId(0u), Value(true)));
  ASSERT_TRUE(evaluator.set(InputId(1u), Value(Rational(39))));
  const ZonedInstant now{{1'795'000'000}, 0};
  ASSERT_TRUE(evaluator.evaluate(now));
  const std::string by_machine = evaluator.decision().trace;
  const auto before = evaluator.action(ActionId(0u));
  ASSERT_TRUE(evaluator.use_native(code_));
  ASSERT_TRUE(evaluator.evaluate(now));
  EXPECT_EQ(evaluator.decision().trace, by_machine);
  EXPECT_EQ(evaluator.action(ActionId(0u)).status, before.status);
  EXPECT_EQ(evaluator.action(ActionId(0u)).within, before.within);
  ASSERT_TRUE(evaluator.use_native(nullptr));
  ASSERT_TRUE(evaluator.evaluate(now));
  EXPECT_EQ(evaluator.decision().trace, by_machine);
}

TEST_F(NativeCodeTest, of_another_module_is_refused) {
  interpret::Evaluator other(module_of("39"));
  EXPECT_FALSE(other.use_native(code_));
}

TEST_F(NativeCodeTest, is_shared_while_somebody_holds_it) {
  const jit::Made again = jit::compile(*module_);
  EXPECT_EQ(again.code, code_);
  EXPECT_EQ(again.origin, jit::Origin::memory);
}

TEST_F(NativeCodeTest, is_kept_in_a_folder_and_made_anew_where_a_file_is_damaged) {
  const auto folder = std::filesystem::temp_directory_path() / ("aceso_native_" + std::to_string(std::rand()));
  std::filesystem::create_directory(folder);
  jit::Options options;
  options.decide = false;
  options.cache_folder = folder.string();
  EXPECT_EQ(jit::compile(*module_, options).origin, jit::Origin::compiled);
  EXPECT_EQ(jit::compile(*module_, options).origin, jit::Origin::folder);
  const auto path = std::filesystem::directory_iterator(folder)->path();
  std::string bytes;
  {
    std::ifstream file(path, std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(file), {});
  }
  for (const std::size_t at : {std::size_t{3}, std::size_t{70}, bytes.size() / 2, bytes.size() - 1}) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    std::ofstream(path, std::ios::binary) << damaged;
    EXPECT_EQ(jit::compile(*module_, options).origin, jit::Origin::compiled) << at;
    EXPECT_EQ(jit::compile(*module_, options).origin, jit::Origin::folder) << at;
  }
  std::ofstream(path, std::ios::binary) << bytes.substr(0, 100);
  EXPECT_EQ(jit::compile(*module_, options).origin, jit::Origin::compiled);
  std::filesystem::remove_all(folder);
}

/// Every combination of what may be known against the evaluator.
TEST_F(NativeCodeTest, outcomes_alone_are_those_of_an_evaluator) {
  ASSERT_NE(code_->functions.decide, nullptr) << code_->why_no_decide;
  const jit::FactsLayout layout = jit::facts_layout(*module_);
  std::vector<std::uint64_t> scratch(code_->scratch_bytes / 8 + 2);
  std::size_t compared = 0;
  for (int fever = 0; fever < 3; ++fever)
    for (int heat = 0; heat < 3; ++heat)
      for (int level = 0; level < 4; ++level, ++compared) {
        interpret::Evaluator evaluator(module_);
        std::vector<std::uint8_t> facts(layout.bytes);
        if (fever < 2) {
          ASSERT_TRUE(evaluator.set(InputId(0u), Value(fever == 1)));
          facts[layout.fields[0].state] = fever == 1 ? bytecode::yes : bytecode::no;
        }
        if (heat < 2) {
          const std::int64_t tenths = heat == 0 ? 384 : 385;
          ASSERT_TRUE(evaluator.set(InputId(1u), Value(*Rational::make(tenths, 10))));
          facts[layout.fields[1].state] = bytecode::known;
          ASSERT_EQ(layout.fields[1].bytes, 2u);
          facts[layout.fields[1].value] = static_cast<std::uint8_t>(tenths & 0xff);
          facts[layout.fields[1].value + 1] = static_cast<std::uint8_t>(tenths >> 8);
        }
        if (level < 3) {
          ASSERT_TRUE(evaluator.set(InputId(2u), Value(Choice{static_cast<std::uint32_t>(level)})));
          facts[layout.fields[2].state] = bytecode::known;
          facts[layout.fields[2].value] = static_cast<std::uint8_t>(level);
        }
        ASSERT_TRUE(evaluator.evaluate({{1'795'000'000}, 0}));
        NativeOutcome outcomes[2] = {};
        NativeSummary summary{};
        ASSERT_EQ(
            code_->functions.decide(facts.data(), 1'795'000'000, outcomes, nullptr, nullptr, &summary, scratch.data()),
            0);
        for (std::size_t i = 0; i < 2; ++i) {
          const interpret::ActionState& wanted = evaluator.action(ActionId(i));
          EXPECT_EQ(outcomes[i].status, static_cast<int>(wanted.status));
          EXPECT_EQ(outcomes[i].verb, wanted.verb ? 1 + static_cast<int>(*wanted.verb) : 0);
          EXPECT_EQ(outcomes[i].strength, static_cast<int>(wanted.strength));
          EXPECT_EQ(outcomes[i].urgency, static_cast<int>(wanted.urgency));
          EXPECT_EQ(outcomes[i].within != 0, wanted.within.has_value());
        }
      }
  EXPECT_EQ(compared, 36u);
}

/// `count` yes/no, two numbers, and as many actions with a rule each.
std::shared_ptr<const Module> large_module(std::size_t count) {
  std::string source = "guideline g { title \"G\" version 0.1.0 }\ninputs i \"I\" {\n";
  for (std::size_t i = 0; i < count; ++i)
    source += "  f" + std::to_string(i) + " : yes/no \"?\"\n";
  source += "  x : number from 0 to 50000 \"?\"\n  y : number from 0 to 50000 \"?\"\n}\n";
  for (std::size_t i = 0; i < count; ++i) {
    const auto f = [&](std::size_t k) { return " f" + std::to_string((i * 7 + k) % count) + " "; };
    const std::string n = std::to_string(i);
    source += "define d" + n + " =" + f(1) + "and (" + f(2) + "or not" + f(3) + ")\n";
    source += "action a" + n + " \"A\" : other\nrule r" + n + " { when (d" + n + " or d" +
              std::to_string(i * 3 % count) + ") and (if" + f(4) + "then x else y) > " + std::to_string(100 * i) +
              " recommend a" + n + " because \"x\" }\n";
  }
  const Compilation compilation = compile_text(source, "g.aceso");
  EXPECT_TRUE(compilation.ok()) << compilation.render_diagnostics();
  return load_module(std::get<std::string>(codegen::build(*compilation.graph(), nullptr))).module;
}

/// So large that its code is several functions, in several files where there are several processors.
TEST(NativeEvaluator, in_several_files_is_the_row_machine) {
  constexpr std::size_t count = 100;
  const auto module = large_module(count);
  const auto folder = std::filesystem::temp_directory_path() / ("aceso_native_files_" + std::to_string(std::rand()));
  std::filesystem::create_directory(folder);
  for (const jit::Origin origin : {jit::Origin::compiled, jit::Origin::folder}) {
    jit::Options options;
    options.decide = false;
    options.cache_folder = folder.string();
    const jit::Made made = jit::compile(*module, options);
    if (!made.ok() && made.fault->kind == jit::FaultKind::jit_unavailable) GTEST_SKIP() << made.fault->message;
    ASSERT_TRUE(made.ok()) << made.fault->message;
    EXPECT_EQ(made.origin, origin);
    std::uint32_t random = 1;
    const auto next = [&](std::uint32_t below) {
      random = random * 1'664'525 + 1'013'904'223;
      return (random >> 8) % below;
    };
    for (int patient = 0; patient < 20; ++patient) {
      interpret::Evaluator by_machine(module), native(module);
      ASSERT_TRUE(native.use_native(made.code));
      for (std::size_t i = 0; i < count + 2; ++i) {
        if (next(8) == 0) continue;
        const Value value = i < count ? Value(next(2) == 0) : Value(Rational(std::int64_t{next(50'001)}));
        ASSERT_TRUE(by_machine.set(InputId(i), value));
        ASSERT_TRUE(native.set(InputId(i), value));
      }
      ASSERT_TRUE(by_machine.evaluate({{1'795'000'000}, 0}));
      ASSERT_TRUE(native.evaluate({{1'795'000'000}, 0}));
      ASSERT_EQ(native.decision().trace, by_machine.decision().trace) << patient;
    }
  }
  std::filesystem::remove_all(folder);
}

/// So large that its function for outcomes alone is cut into several, which hand bits and numbers on in the scratch.
TEST(NativeDecide, in_several_functions_is_that_of_an_evaluator) {
  constexpr std::size_t count = 400;
  const auto module = large_module(count);
  for (const bool for_this_cpu : {true, false}) {
    jit::Options options;
    options.evaluator = false;
    options.for_this_cpu = for_this_cpu;
    const jit::Made made = jit::compile(*module, options);
    if (!made.ok() && made.fault->kind == jit::FaultKind::jit_unavailable) GTEST_SKIP() << made.fault->message;
    ASSERT_TRUE(made.ok()) << made.fault->message;
    ASSERT_NE(made.code->functions.decide, nullptr) << made.code->why_no_decide;
    EXPECT_GT(made.code->scratch_bytes, 100u); // it was cut
    const jit::FactsLayout layout = jit::facts_layout(*module);
    std::vector<std::uint64_t> scratch(made.code->scratch_bytes / 8 + 2);
    std::uint32_t random = 1;
    const auto next = [&](std::uint32_t below) {
      random = random * 1'664'525 + 1'013'904'223;
      return (random >> 8) % below;
    };
    for (int patient = 0; patient < 20; ++patient) {
      interpret::Evaluator evaluator(module);
      std::vector<std::uint8_t> facts(layout.bytes);
      for (std::size_t i = 0; i < count + 2; ++i) {
        if (patient % 2 == 0 && next(8) == 0) continue; // not asked; every second patient is complete
        const jit::FactField& field = layout.fields[i];
        if (i < count) {
          const bool is_yes = next(2) == 0;
          ASSERT_TRUE(evaluator.set(InputId(i), Value(is_yes)));
          facts[field.state] = is_yes ? bytecode::yes : bytecode::no;
        } else {
          const auto value = static_cast<std::int64_t>(next(50'001));
          ASSERT_TRUE(evaluator.set(InputId(i), Value(Rational(value))));
          facts[field.state] = bytecode::known;
          facts[field.value] = static_cast<std::uint8_t>(value & 0xff);
          facts[field.value + 1] = static_cast<std::uint8_t>(value >> 8);
        }
      }
      ASSERT_TRUE(evaluator.evaluate({{1'795'000'000}, 0}));
      std::vector<NativeOutcome> outcomes(count);
      NativeSummary summary{};
      ASSERT_EQ(made.code->functions.decide(facts.data(), 1'795'000'000, outcomes.data(), nullptr, nullptr, &summary,
                                            scratch.data()),
                0);
      for (std::size_t i = 0; i < count; ++i)
        ASSERT_EQ(outcomes[i].status, static_cast<int>(evaluator.action(ActionId(i)).status)) << patient << ' ' << i;
    }
  }
}

TEST(NativeFile, that_is_none_is_refused) {
  const jit::Made made = jit::load_library("/dev/null", *module_of("38.5"));
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.fault->id, "A0903");
}

} // namespace
} // namespace aceso
