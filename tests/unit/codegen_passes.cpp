/// What the passes leave out of a module, and that both engines decide the same all the same.
#include <gtest/gtest.h>

#include "codegen/codegen.h"
#include "guideline_fixture.h"
#include "interpret/engine.h"
#include "passes/passes.h"

namespace aceso::testing {
namespace {

std::size_t instructions(const Module& module, auto counts) {
  std::size_t found = 0;
  const std::span<const bytecode::Word> code = module.code;
  for (std::size_t at = 0; at < code.size();) {
    found += counts(bytecode::opcode_of(code[at])) ? 1 : 0;
    at += bytecode::for_each_operand(code.subspan(at), [](bytecode::Operand) {});
  }
  return found;
}
std::size_t skips(const Module& module) {
  return instructions(module,
                      [](bytecode::Opcode each) { return bytecode::info(each).walk == bytecode::Walk::branch; });
}

/// Both engines say the same about every combination of yes, no and nothing for these inputs.
void expect_same(const Guideline& guideline, const std::vector<std::string>& yes_no) {
  const auto loaded = load_module(std::get<std::string>(codegen::build(guideline.graph(), nullptr)));
  ASSERT_TRUE(loaded.ok()) << loaded.fault->message;
  const auto engine = interpret::make_engine(loaded.module);
  std::size_t combinations = 1;
  for (std::size_t i = 0; i < yes_no.size(); ++i)
    combinations *= 3;
  for (std::size_t which = 0; which < combinations; ++which) {
    std::string inputs;
    for (std::size_t i = 0, rest = which; i < yes_no.size(); ++i, rest /= 3)
      if (rest % 3 != 0)
        inputs += (inputs.empty() ? "\"" : ", \"") + yes_no[i] + (rest % 3 == 1 ? "\": true" : "\": false");
    for (const std::string number : {"", "\"n\": 1", "\"n\": 9"}) {
      const std::string json = "{\"now\": \"2026-11-22T10:00:00Z\", \"inputs\": {" + inputs +
                               (inputs.empty() || number.empty() ? "" : ", ") + number + "}}";
      const auto read = read_case(guideline.graph().dictionary, json);
      ASSERT_TRUE(read.ok()) << json;
      const auto by_module = engine->evaluate(read.patient_case);
      const auto by_graph = reference::evaluate(guideline.graph(), read.patient_case);
      ASSERT_EQ(decision_to_json(guideline.graph().dictionary, by_module.decision),
                decision_to_json(guideline.graph().dictionary, by_graph.decision))
          << json;
    }
  }
}

const std::string inputs = R"(
inputs f "Facts" {
  a : yes/no
  b : yes/no
  c : yes/no
  d : yes/no
  e : yes/no
  n : number from 0 to 10 step 1 series
}
action x "X" : test
action y "Y" : test
)";

TEST(FuseBranches, SkipsWhatOnlyTheRestNeeds) {
  const Guideline guideline(inputs + R"(
rule one { when a and (b and c or d and e or at least 2 of { b, c, d }) recommend x }
rule two { when latest n > 5 and (count n >= 1 and (b or c) or not d) or e recommend y })");
  const Module module = codegen::generate(passes::optimise(guideline.graph()));
  EXPECT_GE(skips(module), 3U);
  EXPECT_GT(instructions(module, [](bytecode::Opcode o) { return o == bytecode::Opcode::not_less_skips; }), 0U);
  expect_same(guideline, {"a", "b", "c", "d", "e"});
}

TEST(FuseBranches, KeepsWhatIsReadElsewhere) {
  const Guideline guideline(inputs + R"(
define shared = b and c or d
define other  = not shared
rule one { when a and shared and (other or e) recommend x }
rule two { when e or (shared and not (c or d)) recommend y })");
  expect_same(guideline, {"a", "b", "c", "d", "e"});
}

TEST(FuseBranches, GivesEqualBytesEachTime) {
  const Guideline guideline(inputs + "rule one { when a and (b and c or d and e) recommend x }");
  EXPECT_EQ(std::get<std::string>(codegen::build(guideline.graph(), nullptr)),
            std::get<std::string>(codegen::build(guideline.graph(), nullptr)));
}

TEST(FuseBranches, BearsDeepNesting) {
  std::string condition = "a";
  for (int i = 0; i < 90; ++i)
    condition = (i % 2 == 0 ? "(b or (" : "(c and (") + condition + (i % 3 == 0 ? ") and d)" : ") or not e)");
  const Guideline guideline(inputs + "rule one { when " + condition + " recommend x }");
  expect_same(guideline, {"a", "b", "c"});
}

TEST(SettleByRanges, NeedsSidesThatAreAlwaysKnown) {
  const Guideline guideline(R"(
inputs f "Facts" {
  a : yes/no
  n : number from 0 to 10 step 1 series
}
action x "X" : test
rule one { when a and count n < 0 recommend x }
rule two { when a and count n >= 0 recommend x }
rule three { when a and highest n >= 0 recommend x })");
  graph::Graph graph = guideline.graph();
  passes::settle_by_ranges(graph);
  const auto constants = [](const graph::Graph& g) {
    return std::count_if(g.nodes.begin(), g.nodes.end(), [](const graph::Node& node) {
      return node.op == graph::Op::constant && node.constant.is<bool>();
    });
  };
  EXPECT_EQ(constants(graph) - constants(guideline.graph()), 2); // `highest n` may be unknown
  expect_same(guideline, {"a"});
}

std::size_t count_of(const graph::Graph& graph, graph::Op op) {
  return static_cast<std::size_t>(
      std::count_if(graph.nodes.begin(), graph.nodes.end(), [&](const graph::Node& node) { return node.op == op; }));
}

TEST(PruneUnreachable, DropsConditionsThatContradictThemselves) {
  const Guideline guideline(R"(
inputs f "Facts" {
  a : yes/no
  b : yes/no { unknown assume no because "It is rare." }
  c : yes/no
  n : number from 0 to 10 step 1 series
}
action x "X" : test
action y "Y" : test
rule one   { when a and count n > 3 and (c or count n < 2) and not (count n >= 3) recommend x }
rule two   { when a and c is known and (c is not known or b) and not b recommend x }
rule three { when a and (b or not b) recommend y }
rule four  { when a and count n > 3 and latest n < 2 recommend y })");
  graph::Graph graph = guideline.graph();
  passes::keep_decisions_only(graph);
  passes::share_nodes(graph);
  passes::prune_unreachable(graph);
  EXPECT_EQ(graph::verify(graph), std::vector<std::string>{});
  const auto is_never = [&](std::size_t rule) {
    const graph::Node& node = graph[graph.rules[rule].condition];
    return node.op == graph::Op::constant && node.constant == Value(false);
  };
  EXPECT_TRUE(is_never(0));
  EXPECT_FALSE(is_never(3));                                       // `latest n` may be unknown
  EXPECT_EQ(graph[graph.rules[2].condition].op, graph::Op::input); // `a` alone
  expect_same(guideline, {"a", "b", "c"});
}

TEST(PruneUnreachable, LeavesStagesToWhichNoWayLeads) {
  const Guideline guideline(R"(
inputs f "Facts" {
  a : yes/no
  b : yes/no
  c : yes/no
  n : number from 0 to 10 step 1 series
}
action x "X" : test
pathway care {
  start first
  stage first "First" { when a go to second }
  stage second "Second" final
  stage island "Island" { when b and (a or c) go to second }
}
rule one { when in stage island and c recommend x }
rule two { when in stage second and c recommend x })");
  graph::Graph graph = guideline.graph();
  passes::keep_decisions_only(graph);
  const std::size_t before = count_of(graph, graph::Op::in_stage);
  passes::prune_unreachable(graph);
  EXPECT_EQ(graph::verify(graph), std::vector<std::string>{});
  EXPECT_EQ(count_of(graph, graph::Op::in_stage), before - 1);
  EXPECT_EQ(count_of(graph, graph::Op::logical_or), 0U);
  expect_same(guideline, {"a", "b", "c"});
}

} // namespace
} // namespace aceso::testing
