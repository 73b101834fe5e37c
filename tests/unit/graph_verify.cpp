#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "graph_fixture.h"

namespace aceso::graph {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(GraphVerify, ASoundGraphHasNoFault) {
  Graph graph = fixture::small_guideline();
  EXPECT_THAT(verify(graph), IsEmpty());
  finish(graph);
  EXPECT_THAT(verify(graph), IsEmpty());
  EXPECT_THAT(verify(Graph{}), IsEmpty());
}

struct Break {
  const char* sentence;
  std::function<void(Graph&)> make;
};

NodeId first(const Graph& graph, Op op) {
  for (std::size_t i = 0; i < graph.nodes.size(); ++i)
    if (graph.nodes[i].op == op) return NodeId(i);
  return {};
}
Node& the(Graph& graph, Op op) { return graph.nodes[first(graph, op).index()]; }

TypeId add_type(Graph& graph, TypeKind kind, TypeId element = {}) {
  TypeInfo info;
  info.kind = kind;
  info.element = element;
  graph.dictionary.types.push_back(info);
  return TypeId(graph.dictionary.types.size() - 1);
}

/// A node at the end, which nothing uses.
Node& append(Graph& graph, Op op, TypeId type, std::vector<NodeId> operands) {
  Node node;
  node.op = op;
  node.type = type;
  node.operands = std::move(operands);
  graph.nodes.push_back(node);
  return graph.nodes.back();
}

constexpr TypeId yes_no{0U}, action_type{1U}, number{2U}, care_time{3U}, course{4U};
constexpr NodeId fever{0U}, weakness{1U}, care{4U}, symptom_course{5U};

const Break breaks[] = {
    // Time.
    {"its points are not numbers, dates", [](Graph& g) { add_type(g, TypeKind::interval, yes_no); }},
    {"there is no such form", [](Graph& g) {
       append(g, Op::interval, add_type(g, TypeKind::interval, number), {care, care}).detail = 12;
     }},
    {"it needs one operand for each end", [](Graph& g) {
       append(g, Op::interval, add_type(g, TypeKind::interval, number), {care, care}).detail = IntervalForm::no_low;
     }},
    {"has an impossible relation", [](Graph& g) { append(g, Op::relation, yes_no, {care, care}).detail = 9; }},
    {"do not lie on one line", [](Graph& g) { append(g, Op::relation, yes_no, {care, fever}); }},
    {"does not say for how long", [](Graph& g) { append(g, Op::held_for, yes_no, {fever}); }},
    {"operand 1 must be a date or an instant", [](Graph& g) { append(g, Op::add_days, number, {care, care}); }},
    {"operand 1 must be an interval", [](Graph& g) { append(g, Op::start_of, number, {care}); }},
    {"operand 1 must be an instant", [](Graph& g) { append(g, Op::hours_between, number, {care, care}); }},
    // Shape of nodes.
    {"its operand n2 does not stand before it", [](Graph& g) { g.nodes[2].operands[0] = NodeId(2U); }},
    {"its operand n9 does not stand before it", [](Graph& g) { g.nodes[2].operands[0] = NodeId(9U); }},
    {"refers to a missing node", [](Graph& g) { g.nodes[2].operands[0] = NodeId(1'000U); }},
    {"refers to a missing node", [](Graph& g) { g.nodes[2].operands[0] = NodeId(); }},
    {"it has 0 operands; 1 to any number are meant", [](Graph& g) { g.nodes[2].operands.clear(); }},
    {"it has 1 operands; 3 to 3 are meant", [](Graph& g) { the(g, Op::conditional).operands.resize(1); }},
    {"a parameter of a function was left unbound", [](Graph& g) { g.nodes[0].op = Op::parameter; }},
    {"its operation does not exist", [](Graph& g) { g.nodes[0].op = static_cast<Op>(99); }},
    {"Node n0 (input) has no type", [](Graph& g) { g.nodes[0].type = TypeId(); }},
    {"only numbers have a range", [](Graph& g) { g.nodes[0].details.edit().range.emplace(); }},
    {"its bounds are the wrong way round", [](Graph& g) { g.nodes[care.index()].details.edit().range->maximum = Rational(-1); }},
    {"its step is negative", [](Graph& g) { g.nodes[care.index()].details.edit().range->step = Rational(-1); }},
    {"has a negative length of time", [](Graph& g) { g.nodes[0].details.edit().period = Period{0, -1}; }},
    // Types of operands and results.
    {"operand 1 must be yes or no", [](Graph& g) { g.nodes[2].operands[0] = fever; g.nodes[0].type = number; }},
    {"its result must be yes or no", [](Graph& g) { g.nodes[2].type = number; }},
    {"its value is not of its type", [](Graph& g) { the(g, Op::constant).constant = Choice{0}; }},
    {"its value is not of its type", [](Graph& g) { append(g, Op::constant, course, {}).constant = Choice{2}; }},
    {"its value is not of its type", [](Graph& g) { append(g, Op::constant, action_type, {}).constant = Choice{3}; }},
    {"operand 2 does not agree", [](Graph& g) { append(g, Op::equal, yes_no, {care, symptom_course}); }},
    {"operand 2 does not agree",
     [](Graph& g) {
       append(g, Op::constant, number, {}).constant = Rational(28); // no unit
       append(g, Op::less, yes_no, {care, NodeId(g.nodes.size() - 1)});
     }},
    {"operand 1 must be of an ordered type", [](Graph& g) { append(g, Op::less, yes_no, {fever, weakness}); }},
    {"operand 1 must be a number", [](Graph& g) { append(g, Op::add, number, {fever, fever}); }},
    {"operand 1 does not agree", [](Graph& g) { append(g, Op::add, number, {care, care}); }},
    {"its result must be a number", [](Graph& g) { append(g, Op::multiply, yes_no, {care, care}); }},
    {"its factor is 0", [](Graph& g) { append(g, Op::convert, number, {care}).details.edit().factor = Rational(0); }},
    {"its step is not above 0", [](Graph& g) { append(g, Op::round, care_time, {care}).details.edit().factor = Rational(0); }},
    {"there is no such way to round (7)", [](Graph& g) { append(g, Op::round, care_time, {care}).reference = 7; }},
    {"operand 1 must be yes or no", [](Graph& g) { the(g, Op::conditional).operands[0] = care; }},
    {"operand 2 does not agree", [](Graph& g) { the(g, Op::conditional).operands[1] = care; }},
    {"there is no such reason (7)", [](Graph& g) { append(g, Op::unknown_because, yes_no, {fever}).reference = 7; }},
    {"its last condition has no output", [](Graph& g) { the(g, Op::table).operands.pop_back(); }},
    {"there is no such hit policy (8)", [](Graph& g) { the(g, Op::table).reference = 8; }},
    {"operand 2 does not agree", [](Graph& g) { the(g, Op::table).operands[1] = care; }},
    {"operand 1 must be yes or no", [](Graph& g) { the(g, Op::table).operands[0] = care; }},
    {"its result must be a list",
     [](Graph& g) { the(g, Op::table).reference = static_cast<std::uint32_t>(HitPolicy::collect_list); }},
    {"operand 1 must be an action", [](Graph& g) { the(g, Op::selects).operands[0] = fever; }},
    {"refers to a missing action (3)", [](Graph& g) { the(g, Op::selects).reference = 3; }},
    {"it has 1 values for 2 members",
     [](Graph& g) { append(g, Op::attribute, yes_no, {symptom_course}).details.edit().list = {Value(true)}; }},
    {"one of its values is not of its type",
     [](Graph& g) { append(g, Op::attribute, yes_no, {symptom_course}).details.edit().list = {Value(true), Value(Rational(1))}; }},
    {"operand 1 must be a choice", [](Graph& g) { append(g, Op::attribute, yes_no, {fever}); }},
    {"operand 1 must be of a scale whose members all have scores",
     [](Graph& g) { append(g, Op::score_of, number, {symptom_course}); }},
    {"operand 1 must be a list", [](Graph& g) { append(g, Op::length, number, {fever}); }},
    {"operand 1 must be a list", [](Graph& g) { append(g, Op::contains, yes_no, {fever, fever}); }},
    {"operand 2 does not agree",
     [](Graph& g) {
       append(g, Op::list, add_type(g, TypeKind::list, yes_no), {fever});
       append(g, Op::contains, yes_no, {NodeId(g.nodes.size() - 1), care});
     }},
    {"its result must be an instant", [](Graph& g) { append(g, Op::now, yes_no, {}); }},
    {"operand 1 must be an instant", [](Graph& g) { append(g, Op::date_of, add_type(g, TypeKind::date), {fever}); }},
    {"operand 1 must be a date", [](Graph& g) { append(g, Op::years_between, number, {care, care}); }},
    // References of nodes.
    {"refers to a missing input (99)", [](Graph& g) { g.nodes[0].reference = 99; }},
    {"its type is not that of input care", [](Graph& g) { g.nodes[0].reference = 2; }},
    {"input fever is not a series", [](Graph& g) { append(g, Op::series, yes_no, {}).reference = 0; }},
    {"has an impossible function (10)", [](Graph& g) { append(g, Op::series, yes_no, {}).detail = 10; }},
    {"input fever is not a number",
     [](Graph& g) {
       g.dictionary.inputs[0].is_series = true;
       append(g, Op::series, yes_no, {}).detail = static_cast<std::uint8_t>(SeriesFunction::mean);
     }},
    {"refers to a missing differential (1)", [](Graph& g) { the(g, Op::differential).reference = 1; }},
    {"its type is not that of differential cause", [](Graph& g) { the(g, Op::differential).type = course; }},
    {"which its differential uses, does not stand before it",
     [](Graph& g) { g.differentials[0].arguments[0].condition = NodeId(g.nodes.size() - 1); }},
    {"refers to a missing stage (3)", [](Graph& g) { append(g, Op::in_stage, yes_no, {}).reference = 3; }},
    {"refers to a missing caution (1)", [](Graph& g) { append(g, Op::caution_fires, yes_no, {}).reference = 1; }},
    {"has an impossible kind of outcome (8)", [](Graph& g) { the(g, Op::outcome).detail = 8; }},
    {"has an impossible urgency (9)", [](Graph& g) { the(g, Op::outcome).urgency = static_cast<Urgency>(9); }},
    {"a decision cannot depend on itself", [](Graph& g) { g.cautions[0].condition = first(g, Op::outcome); }},
    {"it belongs into cases only", [](Graph& g) { g.properties[0].statements[0].condition = first(g, Op::applies); }},
    // What uses nodes.
    {"The guideline's applies: its condition n4 is not yes or no", [](Graph& g) { g.applies = care; }},
    {"The guideline's applies refers to a missing node", [](Graph& g) { g.applies = NodeId(500U); }},
    {"Constraint care_is_recent refers to a missing node", [](Graph& g) { g.constraints[0].require = NodeId(); }},
    {"Definition phase refers to a missing node", [](Graph& g) { g.definitions[1].node = NodeId(500U); }},
    {"Definition phase: its value is not of its type", [](Graph& g) { g.definitions[1].node = fever; }},
    {"Rule image refers to a missing node", [](Graph& g) { g.rules[1].condition = NodeId(); }},
    {"Rule image: its condition n4 is not yes or no", [](Graph& g) { g.rules[1].condition = care; }},
    {"Rule image advises nothing", [](Graph& g) { g.rules[1].advice.clear(); }},
    {"Rule image refers to a missing action (7)", [](Graph& g) { g.rules[1].advice[0].action = ActionId(7U); }},
    {"Rule image has an impossible verb (4)", [](Graph& g) { g.rules[1].advice[0].verb = static_cast<Verb>(4); }},
    {"Rule image has an impossible strength (3)",
     [](Graph& g) { g.rules[1].advice[0].strength = static_cast<Strength>(3); }},
    {"Rule image has a negative length of time", [](Graph& g) { g.rules[1].advice[0].within = Period{-1, 0}; }},
    {"Rule image refers to a missing node", [](Graph& g) { g.rules[1].advice[0].selected = NodeId(500U); }},
    {"Rule image refers to a missing rule (2)", [](Graph& g) { g.rules[1].overrides = {RuleId(2U)}; }},
    {"override each other in a circle: keep_moving, image", [](Graph& g) { g.rules[0].overrides = {RuleId(1U)}; }},
    {"override each other in a circle: keep_moving", [](Graph& g) { g.rules[0].overrides = {RuleId(0U)}; }},
    {"Caution fever_alone refers to a missing node", [](Graph& g) { g.cautions[0].condition = NodeId(); }},
    {"Differential cause has not one text for each argument", [](Graph& g) { g.dictionary.differentials[0].arguments.pop_back(); }},
    {"Differential cause refers to a missing candidate (2)", [](Graph& g) { g.differentials[0].arguments[0].candidate = 2; }},
    {"Differential cause refers to a missing candidate (5)", [](Graph& g) { g.differentials[0].verdicts[0].candidate = 5; }},
    {"Differential cause refers to a missing node", [](Graph& g) { g.differentials[0].arguments[0].condition = NodeId(); }},
    // The pathway.
    {"disagree on whether there is a pathway", [](Graph& g) { g.pathway.reset(); }},
    {"The start of the pathway refers to a missing stage", [](Graph& g) { g.pathway->start = StageId(); }},
    {"Transition 1 of the pathway refers to a missing stage (9)",
     [](Graph& g) { g.pathway->transitions[1].to = StageId(9U); }},
    {"Transition 1 of the pathway refers to a missing stage (9)",
     [](Graph& g) { g.pathway->transitions[1].from = StageId(9U); }},
    {"Transition 0 of the pathway refers to a missing stage (9)",
     [](Graph& g) { g.pathway->transitions[0].except = {StageId(9U)}; }},
    {"only interrupts have exceptions", [](Graph& g) { g.pathway->transitions[1].except = {StageId(0U)}; }},
    {"an interrupt stands after a transition",
     [](Graph& g) { std::swap(g.pathway->transitions[0], g.pathway->transitions[1]); }},
    {"it leaves a final stage", [](Graph& g) { g.pathway->transitions[1].from = StageId(2U); }},
    {"it has neither a condition nor a wait", [](Graph& g) { g.pathway->transitions[1].condition = NodeId(); }},
    {"Transition 2 of the pathway has a negative length of time",
     [](Graph& g) { g.pathway->transitions[2].after = Period{0, -1}; }},
    // Properties and cases.
    {"Property weakness_is_imaged refers to a missing node", [](Graph& g) { g.properties[0].statements[0].outcome = NodeId(); }},
    {"Property weakness_is_imaged refers to a missing stage", [](Graph& g) { g.properties[0].statements[1].stage = StageId(); }},
    {"Case \"Weakness\" refers to a missing node",
     [](Graph& g) { g.cases[0].steps[0].expectations[0].condition = NodeId(); }},
    {"Case \"Weakness\" refers to a missing input (9)", [](Graph& g) { g.cases[0].steps[0].facts[0].input = InputId(9U); }},
    {"a value of input weakness is not of its type",
     [](Graph& g) { g.cases[0].steps[0].facts[0].value = Rational(1); }},
    {"an expectation of missing inputs names none",
     [](Graph& g) { g.cases[0].steps[0].expectations[1].missing.clear(); }},
    {"Case \"Weakness\" refers to a missing constraint",
     [](Graph& g) { g.cases[0].steps[0].expectations[1].kind = Expectation::Kind::refused; }},
    {"its steps are not in the order of time",
     [](Graph& g) {
       g.cases[0].steps.push_back(g.cases[0].steps[0]);
       g.cases[0].steps[0].at.instant.seconds = 1;
     }},
    {"An expectation of a case file refers to a missing node",
     [](Graph& g) { g.extra_expectations = {{Expectation{}}}; }},
    // The dictionary and what is parallel to it.
    {"There are 1 rules in the graph and 2 in the dictionary", [](Graph& g) { g.rules.pop_back(); }},
    {"There are 4 definitions in the graph and 3", [](Graph& g) { g.definitions.emplace_back(); }},
    {"There are 0 cautions in the graph and 1", [](Graph& g) { g.cautions.clear(); }},
    {"There are 0 constraints in the graph and 1", [](Graph& g) { g.constraints.clear(); }},
    {"There are 0 differentials in the graph and 1", [](Graph& g) { g.differentials.clear(); }},
    {"There are 0 places of inputs in the graph and 4", [](Graph& g) { g.input_spans.clear(); }},
    {"There are 0 places of actions in the graph and 3", [](Graph& g) { g.action_spans.clear(); }},
    {"There are 0 places of stages in the graph and 3", [](Graph& g) { g.pathway->stage_spans.clear(); }},
    {"Two inputs are called fever", [](Graph& g) { g.dictionary.inputs[1].name = "fever"; }},
    {"A rule has no name", [](Graph& g) { g.dictionary.rules[0].name.clear(); }},
    {"Input care has no type", [](Graph& g) { g.dictionary.inputs[2].type = TypeId(); }},
    {"its typical value is not of its type", [](Graph& g) { g.dictionary.inputs[3].typical = Choice{2}; }},
    {"a value is assumed exactly where", [](Graph& g) { g.dictionary.inputs[0].unknown_policy = UnknownPolicy::assume; }},
    {"Action class any_imaging refers to a missing action (8)",
     [](Graph& g) { g.dictionary.classes[0].actions = {ActionId(8U)}; }},
    {"An interaction refers to a missing action", [](Graph& g) { g.dictionary.interactions[0].second = ActionId(); }},
    {"candidate 7 is not a member of its type", [](Graph& g) { g.dictionary.differentials[0].candidates[0] = Choice{7}; }},
    {"Constraint care_is_recent refers to a missing input (9)",
     [](Graph& g) { g.dictionary.constraints[0].inputs = {InputId(9U)}; }},
    {"has an impossible kind (40)", [](Graph& g) { g.dictionary.types[0].kind = static_cast<TypeKind>(40); }},
    {"choices and scales, and only they, have members", [](Graph& g) { g.dictionary.types[5].members.clear(); }},
    {"its elements have no type", [](Graph& g) { add_type(g, TypeKind::list); }},
    {"it is a list of itself",
     [](Graph& g) {
       const TypeId list = add_type(g, TypeKind::list, TypeId(g.dictionary.types.size()));
       append(g, Op::list, list, {});
       append(g, Op::list, list, {NodeId(g.nodes.size() - 1)});
     }},
};

TEST(GraphVerify, FindsEachBreak) {
  for (const Break& each : breaks) {
    Graph graph = fixture::small_guideline();
    each.make(graph);
    EXPECT_THAT(verify(graph), Contains(HasSubstr(each.sentence)));
    (void)print(graph); // must not read out of range either
  }
}

TEST(GraphVerify, OneFaultOneSentence) {
  Graph graph = fixture::small_guideline();
  graph.rules[1].overrides = {RuleId(2U)};
  EXPECT_EQ(verify(graph).size(), 1U);
}

/// Small random damage: a broken graph must never make the verifier read out of range (run under a sanitizer).
TEST(GraphVerify, SurvivesRandomDamage) {
  std::uint64_t state = 1;
  const auto random = [&](std::size_t below) {
    state = state * 6364136223846793005U + 1442695040888963407U; // Knuth's MMIX generator
    return static_cast<std::uint32_t>((state >> 33U) % below);
  };
  const Graph sound = fixture::small_guideline();
  for (int round = 0; round < 3'000; ++round) {
    Graph graph = sound;
    for (int damage = 0; damage < 3; ++damage) {
      Node& node = graph.nodes[random(graph.nodes.size())];
      switch (random(6)) {
      case 0: node.op = static_cast<Op>(random(60)); break;
      case 1: node.type = TypeId(random(9)); break;
      case 2: node.operands.assign(random(4), NodeId(random(40))); break;
      case 3: node.reference = random(12); break;
      case 4: node.constant = Value(Choice{random(5)}); break;
      default: graph.dictionary.types[random(6)].kind = static_cast<TypeKind>(random(12)); break;
      }
    }
    (void)verify(graph);
    (void)print(graph);
  }
}

} // namespace
} // namespace aceso::graph
