/// Compiled guidelines as files: what is kept, what is refused and with which id, and what must keep loading.
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "guideline_fixture.h"
#include "interpret/engine.h"
#include "module_mutation.h"
#include "module_sample.h"

namespace aceso::testing {
namespace {

std::string fault_of(std::string_view bytes) {
  const ModuleLoad loaded = load_module(bytes);
  return loaded.ok() ? "fine" : loaded.fault->id;
}

/// The module of the sample after a change that keeps the layout, with a good hash.
template <class Change>
std::string changed(Change change) {
  Module module = *load_module(sample_module()).module;
  change(module);
  return write_module(std::move(module));
}

TEST(ModuleFile, IsTheSameBytesEveryTime) {
  EXPECT_EQ(sample_module(), sample_module());
  const ModuleLoad loaded = load_module(sample_module());
  ASSERT_TRUE(loaded.ok()) << loaded.fault->message;
  EXPECT_EQ(write_module(*loaded.module), sample_module());
}

TEST(ModuleFile, StrippedModulesDecideTheSame) {
  const auto whole = load_module(sample_module()).module;
  const auto bare = load_module(sample_module({true, true, true})).module;
  ASSERT_TRUE(whole && bare);
  EXPECT_LT(sample_module({true, true, true}).size(), sample_module().size());
  const auto read = read_case(
      whole->dictionary,
      R"({"now": "2026-11-22T10:00:00Z", "inputs": {"a": true, "t": {"value": 39, "unit": "Cel"}, "g": "mid"}})");
  ASSERT_TRUE(read.ok());
  const auto one = interpret::make_engine(whole)->evaluate(read.patient_case);
  const auto two = interpret::make_engine(bare)->evaluate(read.patient_case);
  ASSERT_TRUE(one.ok() && two.ok());
  EXPECT_EQ(one.decision.trace, two.decision.trace);
  EXPECT_EQ(bare->dictionary.inputs[0].question, "a"); // never empty
  EXPECT_TRUE(bare->rule_places.empty());
  EXPECT_TRUE(whole->rule_places.size() == 5 && whole->rule_places[0].line > 1);
}

TEST(ModuleFile, RefusesWhatIsNoModule) {
  EXPECT_EQ(fault_of(""), "A0881");
  EXPECT_EQ(fault_of("guideline g {}"), "A0881");
  EXPECT_EQ(fault_of(std::string(100, '\0')), "A0881");
}

TEST(ModuleFile, RefusesOtherVersions) {
  std::string bytes = sample_module();
  put_word(bytes, 8, 2);
  EXPECT_EQ(fault_of(bytes), "A0882");
}

TEST(ModuleFile, RefusesEveryPrefixAndExtraBytes) {
  const std::string bytes = sample_module();
  for (std::size_t size = 0; size < bytes.size(); size += 37) {
    std::string part = bytes.substr(0, size);
    EXPECT_NE(fault_of(part), "fine") << size;
    reseal(part);
    EXPECT_NE(fault_of(part), "fine") << size;
  }
  std::string longer = bytes + std::string(8, '\0');
  reseal(longer);
  EXPECT_EQ(fault_of(longer), "A0883");
  EXPECT_EQ(fault_of(bytes.substr(0, 20)), "A0883");
  EXPECT_EQ(fault_of(bytes.substr(0, bytes.size() / 2)), "A0883"); // as a broken download leaves it
  EXPECT_EQ(fault_of(bytes + "more"), "A0883");
}

TEST(ModuleFile, RefusesWhatWasChanged) {
  std::string bytes = sample_module();
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  EXPECT_EQ(fault_of(bytes), "A0884");
}

TEST(ModuleFile, RefusesBadTablesOfSections) {
  std::string bytes = sample_module();
  put_word(bytes, 48, 7); // citations instead of names
  reseal(bytes);
  EXPECT_EQ(fault_of(bytes), "A0885");
}

TEST(ModuleFile, RefusesTextsThatAreNotUtf8) {
  EXPECT_EQ(fault_of(changed([](Module& m) { m.dictionary.inputs[0].name = "\xff"; })), "A0886");
  EXPECT_EQ(fault_of(changed([](Module& m) { m.dictionary.inputs[0].name = "\xc3\xa4"; })), "fine");
}

TEST(ModuleFile, RefusesBadNamesAndTypes) {
  EXPECT_EQ(fault_of(changed([](Module& m) { m.dictionary.inputs[1].name = m.dictionary.inputs[0].name; })), "A0887");
  EXPECT_EQ(fault_of(changed([](Module& m) { m.dictionary.inputs[0].type = TypeId(std::size_t{999}); })), "A0887");
}

TEST(ModuleFile, RefusesBadTables) {
  EXPECT_EQ(fault_of(changed([](Module& m) { m.rules[0].overrides = {RuleId(std::size_t{0})}; })), "A0888");
  EXPECT_EQ(fault_of(changed([](Module& m) { m.rules[0].advice[0].action = ActionId(std::size_t{99}); })), "A0888");
  EXPECT_EQ(fault_of(changed([](Module& m) { m.pathway->transitions[0].to = StageId(std::size_t{9}); })), "A0888");
  EXPECT_EQ(fault_of(changed([](Module& m) { m.definitions[0].representation.form = Representation::Form::choice; })),
            "A0888");
}

TEST(ModuleFile, RefusesBadCode) {
  using bytecode::Opcode;
  const auto code = [](std::vector<bytecode::Word> words, std::uint32_t more_truths = 1) {
    return fault_of(changed([&](Module& m) {
      const std::uint32_t fresh = m.truths;
      m.truths += more_truths;
      words[0] |= fresh << 8;
      m.code.insert(m.code.end(), words.begin(), words.end());
    }));
  };
  const auto first = [](Opcode opcode) { return bytecode::first_word(opcode, 0); };
  EXPECT_EQ(code({first(Opcode::and_two), 0, 1}), "fine");
  EXPECT_EQ(code({first(Opcode::and_two), 0}), "A0889");             // cut off
  EXPECT_EQ(code({first(Opcode::and_two), 0, 9999}), "A0889");       // no such register
  EXPECT_EQ(code({first(Opcode::and_all), 0}), "A0889");             // nothing to join
  EXPECT_EQ(code({first(Opcode::and_all), 0xffffffff, 0}), "A0889"); // a count beyond the code
  EXPECT_EQ(code({0xff}), "A0889");                                  // no opcode
  EXPECT_EQ(code({first(Opcode::selects), 99, 0}), "A0889");         // no such action
  EXPECT_EQ(code({first(Opcode::because_truth), 7, 0}), "A0889");    // no such reason
  EXPECT_EQ(code({first(Opcode::no_skips), 0, 5}), "A0889");         // too far
  EXPECT_EQ(code({first(Opcode::no_skips), 0, 0}), "A0889");         // not forward
  EXPECT_EQ(fault_of(changed([](Module& m) { m.truths += 1'000'000; })), "A0890");
  EXPECT_EQ(fault_of(changed([](Module& m) { m.code[0] = (m.code[0] & 0xffu) | 0u << 8; })), "A0889"); // an input
}

/// What would take hours to verify, to plan or to run is refused. A chain of conditions, then many that need all of it.
TEST(ModuleFile, RefusesWorkWithoutEnd) {
  using bytecode::Opcode;
  const auto chain = [](std::uint32_t length, std::uint32_t count, Opcode opcode) {
    return fault_of(changed([&](Module& m) {
      const std::uint32_t first = m.truths;
      std::uint32_t next = first;
      for (std::uint32_t i = 0; i < length; ++i, ++next)
        m.code.insert(m.code.end(), {bytecode::first_word(Opcode::logical_not, next), i == 0 ? 1 : next - 1});
      const std::uint32_t last = next - 1;
      m.parameters.push_back({Rational(0), Rational(60), 0, 0, {}});
      const auto parameters = static_cast<std::uint32_t>(m.parameters.size() - 1);
      for (std::uint32_t i = 0; i < count; ++i, ++next)
        if (opcode == Opcode::held_for)
          m.code.insert(m.code.end(), {bytecode::first_word(opcode, next), parameters, last});
        else // the position stands in the first number
          m.code.insert(m.code.end(), {bytecode::first_word(opcode, next), 0, first, length});
      m.truths = next;
    }));
  };
  EXPECT_EQ(chain(100, 100, Opcode::lookup_truth), "fine");
  EXPECT_EQ(chain(5000, 5000, Opcode::lookup_truth), "A0890");
  EXPECT_EQ(chain(100, 100, Opcode::held_for), "fine");
  EXPECT_EQ(chain(5000, 1000, Opcode::held_for), "A0890");
  // Every pair of an action class, every pair of candidates, and a differential that many instructions ask for.
  const auto class_of = [](std::size_t actions) {
    return fault_of(changed([&](Module& m) { m.dictionary.classes[0].actions.resize(actions, ActionId(0u)); }));
  };
  EXPECT_EQ(class_of(4000), "fine");
  EXPECT_EQ(class_of(5000), "A0890");
  EXPECT_EQ(fault_of(changed([](Module& m) { m.dictionary.differentials[0].candidates.resize(4097); })), "A0890");
  const auto asked = [](std::size_t arguments, std::uint32_t times) {
    return fault_of(changed([&](Module& m) {
      m.differentials[0].arguments.resize(arguments, m.differentials[0].arguments[0]);
      for (std::uint32_t i = 0; i < times; ++i)
        m.code.insert(m.code.end(), {bytecode::first_word(Opcode::differential, m.numbers++), 0});
    }));
  };
  EXPECT_EQ(asked(100, 100), "fine");
  EXPECT_EQ(asked(5000, 5000), "A0890");
}

/// Skips: the destination has a value either way, and what is left out has none afterwards.
TEST(ModuleFile, KnowsWhatASkipLeavesOut) {
  using bytecode::Opcode;
  const auto with = [](std::uint32_t used_after, std::uint32_t written_inside) {
    return fault_of(changed([&](Module& m) {
      const std::uint32_t t = m.truths;
      m.truths += 3;
      const std::vector<bytecode::Word> words{
          bytecode::first_word(Opcode::no_skips, t),
          0,
          5,
          bytecode::first_word(Opcode::logical_not, t + 1),
          1,
          bytecode::first_word(Opcode::and_two, written_inside == 0 ? t : t + 2),
          0,
          t + 1,
          bytecode::first_word(Opcode::logical_not, written_inside == 0 ? t + 2 : t),
          t + used_after};
      m.code.insert(m.code.end(), words.begin(), words.end());
    }));
  };
  EXPECT_EQ(with(0, 0), "fine");
  EXPECT_EQ(with(1, 0), "A0889"); // used after the region in which it has a value
  EXPECT_EQ(with(0, 1), "A0889"); // the destination is not written inside
}

/// What fuzzing does for hours, for a moment.
TEST(ModuleFile, DamagedModulesAreRefusedOrHarmless) {
  const std::string sound = sample_module();
  ASSERT_TRUE(load_and_run(sound));
  std::uint64_t state = 1;
  const auto bits = [&] { // SplitMix64
    std::uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  };
  std::size_t accepted = 0;
  constexpr std::size_t rounds = 3000;
  for (std::size_t i = 0; i < rounds; ++i) {
    std::string bytes = sound;
    for (std::uint64_t changes = 1 + bits() % 3; changes > 0; --changes)
      mutate(bytes, bits());
    reseal(bytes);
    accepted += load_and_run(bytes);
  }
  EXPECT_GT(accepted, rounds / 20); // texts and constants may change
  EXPECT_LT(accepted, rounds);
}

std::string read_bytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(ModuleFile, TheReferenceHasEveryInstruction) {
  const std::string page = read_bytes(std::filesystem::path(ACESO_SOURCE_FOLDER) / "docs/bytecode.md");
  const auto has = [&](const std::string& row) { EXPECT_NE(page.find(row), std::string::npos) << row; };
  for (std::size_t i = 0; i < bytecode::opcodes.size(); ++i)
    has("| " + std::to_string(i) + " | `" + std::string(bytecode::opcodes[i].name) + "` | `" +
        std::string(bytecode::opcodes[i].signature) + "` |");
  for (std::size_t i = 0; i < bytecode::value_operations.size(); ++i)
    has("| " + std::to_string(i) + " | `" + std::string(bytecode::value_operations[i].name) + "` |");
}

/// Modules of every format version that was ever written, with a case and the trace of its decision.
TEST(ModuleFile, GoldenModulesKeepDeciding) {
  const std::filesystem::path folder = std::filesystem::path(ACESO_SOURCE_FOLDER) / "tests/golden/modules";
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".acb") continue;
    ++count;
    const ModuleLoad loaded = load_module(read_bytes(entry.path()));
    ASSERT_TRUE(loaded.ok()) << entry.path() << ": " << loaded.fault->message;
    const auto engine = interpret::make_engine(loaded.module);
    auto base = entry.path();
    const auto read = read_case(loaded.module->dictionary, read_bytes(base.replace_extension(".case.json")));
    ASSERT_TRUE(read.ok()) << entry.path();
    EXPECT_EQ(engine->evaluate(read.patient_case).decision.trace + "\n",
              read_bytes(base.replace_extension("").replace_extension(".trace")));
  }
  EXPECT_GE(count, 3u);
}

} // namespace
} // namespace aceso::testing
