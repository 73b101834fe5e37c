#pragma once
/// A decision graph by hand, for tests that should not depend on parser and checker.

#include <string>
#include <utility>
#include <vector>

#include "graph/graph.h"

namespace aceso::graph::fixture {

/// Adds rows to graph and dictionary together, so that parallel vectors stay parallel.
struct Builder {
  Graph graph;
  TypeId yes_no, action_type, number;

  Builder() {
    yes_no = type({TypeKind::yes_no, "", {}, {}, {}, {}, "", {}});
    action_type = type({TypeKind::action, "", {}, {}, {}, {}, "", {}});
    number = type({TypeKind::number, "", {}, {}, {}, {}, "", {}});
  }

  TypeId type(TypeInfo info) {
    graph.dictionary.types.push_back(std::move(info));
    return TypeId(graph.dictionary.types.size() - 1);
  }
  TypeId choice(const std::string& name, const std::vector<std::string>& members) {
    TypeInfo info;
    info.kind = TypeKind::choice;
    info.name = name;
    for (const std::string& member : members)
      info.members.push_back({member, "", {}, {}});
    return type(info);
  }

  NodeId add(Node node) {
    graph.nodes.push_back(std::move(node));
    return NodeId(graph.nodes.size() - 1);
  }
  NodeId node(Op op, TypeId node_type, std::vector<NodeId> operands, std::uint32_t reference = 0) {
    Node n;
    n.op = op;
    n.type = node_type;
    n.operands = std::move(operands);
    n.reference = reference;
    return add(n);
  }
  NodeId constant(TypeId node_type, Value value) {
    Node n;
    n.type = node_type;
    n.constant = std::move(value);
    return add(n);
  }
  NodeId logical(Op op, std::vector<NodeId> operands) { return node(op, yes_no, std::move(operands)); }

  /// The node that reads it.
  NodeId input(const std::string& name, TypeId input_type, const std::string& group, const std::string& group_title) {
    InputInfo info;
    info.name = name;
    info.question = name + "?";
    info.group = group;
    info.group_title = group_title;
    info.type = input_type;
    graph.dictionary.inputs.push_back(info);
    graph.input_spans.emplace_back();
    return node(Op::input, input_type, {}, static_cast<std::uint32_t>(graph.dictionary.inputs.size() - 1));
  }
  NodeId define(const std::string& name, NodeId id) {
    graph.dictionary.definitions.push_back({name, "", graph[id].type, {}});
    graph.definitions.push_back({id, {}});
    return id;
  }
  ActionId action(const std::string& name, const std::string& title, const std::string& category) {
    graph.dictionary.actions.push_back({name, title, category, "", {}, {}});
    graph.action_spans.emplace_back();
    return ActionId(graph.dictionary.actions.size() - 1);
  }
  RuleId rule(const std::string& name, NodeId condition, const std::string& text, std::vector<Advice> advice,
              std::vector<RuleId> overrides = {}) {
    graph.dictionary.rules.push_back({name, "", {}, Certainty::none, {}});
    graph.rules.push_back({condition, std::move(advice), std::move(overrides), text, {}});
    return RuleId(graph.rules.size() - 1);
  }
  void caution(const std::string& name, NodeId condition, const std::string& text) {
    graph.dictionary.cautions.push_back({name, text, {}});
    graph.cautions.push_back({condition, {}});
  }
  void constraint(const std::string& name, NodeId require, const std::string& message, std::vector<InputId> inputs) {
    graph.dictionary.constraints.push_back({name, message, std::move(inputs), {}});
    graph.constraints.push_back({require, {}});
  }
  StageId stage(const std::string& name, const std::string& title, bool is_final = false) {
    if (!graph.pathway) graph.pathway.emplace().start = StageId(0U);
    graph.dictionary.stages.push_back({name, title, is_final});
    graph.pathway->stage_spans.emplace_back();
    return StageId(graph.dictionary.stages.size() - 1);
  }
  Transition& transition(StageId from, StageId to, NodeId condition, const std::string& text) {
    Transition t;
    t.from = from;
    t.to = to;
    t.condition = condition;
    t.condition_text = text;
    graph.pathway->transitions.push_back(t);
    return graph.pathway->transitions.back();
  }
};

inline Advice advise(Verb verb, ActionId action, Strength strength = Strength::strong, Urgency urgency = Urgency::none,
                     NodeId selected = {}) {
  return {verb, action, strength, urgency, {}, selected};
}

constexpr Period days(std::int64_t count) { return {0, count * 86'400}; }

/// Back pain in miniature: two red flags, how long care was tried, the course; one of everything that a graph holds.
/// Not finished: node n3 is used by nothing.
inline Graph small_guideline() {
  Builder b;
  GuidelineInfo& guideline = b.graph.dictionary.guideline;
  guideline.id = "back_pain";
  guideline.title = "Back pain <in miniature> & \"quoted\"";
  guideline.version = "0.1.0";
  b.graph.files = {"back_pain.aceso"};

  const TypeId care_time = b.type({TypeKind::duration, "", {}, Rational(0), Rational(728), Rational(1), "d", {}});
  const TypeId course_type = b.choice("course", {"resolved", "persistent"});
  const TypeId phase_type = b.choice("", {"early", "late"});

  const NodeId fever = b.input("fever", b.yes_no, "red_flags", "Red flags");
  const NodeId weakness = b.input("weakness", b.yes_no, "red_flags", "Red flags");
  const NodeId any_red_flag = b.define("any_red_flag", b.logical(Op::logical_or, {fever, weakness}));
  b.logical(Op::logical_not, {any_red_flag});
  const NodeId care = b.input("care", care_time, "course", "Course");
  const NodeId course = b.input("course", course_type, "course", "Course");
  b.graph.dictionary.inputs[2].fresh_for = days(14);
  b.graph.dictionary.inputs[3].typical = Choice{1};
  b.graph.dictionary.inputs[3].codes = {{"http://loinc.org", "2.77", "1-8", "Course \"x\""}};

  const NodeId four_weeks = b.constant(care_time, Rational(28));
  const NodeId is_early = b.logical(Op::less, {care, four_weeks});
  b.graph.nodes[care.index()].details.edit().range = NumberRange{Rational(0), Rational(728), Rational(1)};
  const NodeId early = b.constant(phase_type, Choice{0});
  const NodeId phase =
      b.define("phase", b.node(Op::conditional, phase_type, {is_early, early, b.constant(phase_type, Choice{1})}));
  const NodeId phase_is_early = b.logical(Op::equal, {phase, early});
  const NodeId is_persistent = b.logical(Op::equal, {course, b.constant(course_type, Choice{1})});

  const ActionId mri = b.action("mri", "MRI", "imaging");
  const ActionId ct = b.action("ct", "CT", "imaging");
  const ActionId bed_rest = b.action("bed_rest", "Bed rest", "self_care");
  b.graph.dictionary.classes = {{"any_imaging", "Imaging", true, {mri, ct}}};
  b.graph.dictionary.interactions = {{mri, bed_rest, "not at once"}};
  const NodeId modality =
      b.define("modality", b.node(Op::table, b.action_type,
                                  {weakness, b.constant(b.action_type, Choice{0}),
                                   b.logical(Op::logical_not, {weakness}), b.constant(b.action_type, Choice{1})},
                                  static_cast<std::uint32_t>(HitPolicy::unique)));
  const NodeId selects_mri = b.node(Op::selects, b.yes_no, {modality}, mri.index());
  const NodeId selects_ct = b.node(Op::selects, b.yes_no, {modality}, ct.index());

  const RuleId keep_moving = b.rule("keep_moving", phase_is_early, "phase = early", {advise(Verb::avoid, bed_rest)});
  const RuleId image = b.rule("image", any_red_flag, "any_red_flag",
                              {advise(Verb::recommend, mri, Strength::strong, Urgency::immediately, selects_mri),
                               advise(Verb::recommend, ct, Strength::strong, Urgency::immediately, selects_ct)},
                              {keep_moving});
  b.graph.dictionary.rules[image.index()].because = "A red flag needs imaging.";
  b.graph.dictionary.rules[image.index()].certainty = Certainty::moderate;
  b.graph.dictionary.rules[image.index()].citations = {{"note", "note.txt", "Red flags", {"1", "2"}}};
  b.caution("fever_alone", b.logical(Op::logical_and, {fever, b.logical(Op::logical_not, {weakness})}),
            "Fever alone is <seldom> a red flag.");
  b.constraint("care_is_recent", b.logical(Op::less_or_equal, {care, b.constant(care_time, Rational(700))}),
               "{care} is too long", {InputId(2U)});

  b.graph.dictionary.differentials = {{"cause", phase_type, {Choice{0}, Choice{1}}, {}, "", {"fever", "weakness"}}};
  b.graph.differentials = {{{{true, 0, Rational(3), fever, {}}, {false, 1, Rational(1), weakness, {}}},
                            {{true, 1, is_persistent, {}}},
                            Rational(3),
                            Rational(1),
                            {}}};
  b.node(Op::differential, phase_type, {}, 0);
  b.graph.applies = b.node(Op::is_known, b.yes_no, {NodeId(b.graph.nodes.size() - 1)});

  b.graph.dictionary.pathway = "way";
  const StageId triage = b.stage("triage", "Exclude red flags");
  const StageId conservative = b.stage("conservative", "Conservative care");
  const StageId imaging = b.stage("imaging", "", true);
  b.transition({}, imaging, any_red_flag, "any_red_flag").except = {imaging};
  b.transition(triage, conservative, phase_is_early, "phase = early");
  b.transition(conservative, imaging, is_persistent, "course = persistent").after = days(42);
  b.transition(conservative, triage, {}, "").after = days(7);
  b.graph.pathway->transitions.back().at_most = 2;

  Node recommended;
  recommended.op = Op::outcome;
  recommended.type = b.yes_no;
  recommended.reference = mri.index();
  recommended.urgency = Urgency::immediately;
  const NodeId is_recommended = b.add(recommended);
  PropertyStatement statement;
  statement.condition = weakness;
  statement.outcome = is_recommended;
  statement.text = "whenever weakness then recommended mri";
  PropertyStatement order;
  order.kind = PropertyStatement::Kind::stage_only_after;
  order.stage = conservative;
  order.after = triage;
  b.graph.properties = {{"weakness_is_imaged", {statement, order}, {}, {}}};

  TestCase test;
  test.title = "Weakness";
  test.steps.emplace_back();
  test.steps[0].facts = {{InputId(1U), Value(true), {}}};
  Expectation applies;
  applies.condition = b.node(Op::applies, b.yes_no, {});
  Expectation missing;
  missing.kind = Expectation::Kind::is_missing;
  missing.missing = {InputId(0U)};
  test.steps[0].expectations = {applies, missing};
  b.graph.cases = {test};
  return std::move(b.graph);
}

} // namespace aceso::graph::fixture
