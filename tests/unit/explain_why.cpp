/// Explanations of single cases: overrides, tables, assumed values, time, landmarks, JSON and text.
#include "codegen/codegen.h"
#include "explain/case_variants.h"
#include "explain/decision_text.h"
#include "explain/explanation.h"
#include "guideline_fixture.h"
#include "module/module.h"

namespace aceso::testing {
namespace {

const std::string facts = R"(
inputs f "Facts" { a : yes/no "Is a so?"  b : yes/no "Is b so?"  c : yes/no "Is c so?"  d : yes/no "Is d so?" }
action x "X" : test
action y "Y" : test
action z "Z" : test
)";

class Asked {
public:
  Asked(const Guideline& g, const std::string& inputs, const std::string& action = {}, bool why_not = false,
        const std::string& events = {}) {
    const std::string json =
        R"({"now": "2026-11-22T10:00:00Z", "inputs": {)" + inputs + R"(}, "events": [)" + events + "]}";
    CaseReadResult read = read_case(g.graph().dictionary, json);
    if (!read.ok()) throw std::runtime_error(read.faults.front().message);
    patient = std::move(read.patient_case);
    ExplainOptions options;
    options.why_not = why_not;
    for (std::size_t i = 0; i < g.graph().dictionary.actions.size(); ++i)
      if (g.graph().dictionary.actions[i].name == action) options.action = ActionId(i);
    const auto engine = reference::make_engine(g.graph());
    result = explain(*engine, patient, options);
    if (result.faults.empty()) {
      text = explanation_to_text(g.graph().dictionary, patient, result.explanation);
      json_text = explanation_to_json(g.graph().dictionary, result.explanation);
    }
  }
  [[nodiscard]] const ActionExplanation& action() const { return result.explanation.actions.at(0); }
  [[nodiscard]] bool tells(const std::string& words) const { return text.find(words) != std::string::npos; }

  PatientCase patient;
  ExplainResult result;
  std::string text, json_text;
};

std::string inputs_of(const Guideline& g, const Reason& reason) {
  std::vector<InputId> inputs;
  for (const StatedFact& fact : reason.facts)
    inputs.push_back(fact.input);
  return g.names(inputs);
}

TEST(ExplainWhy, OnlyTheFactsThatCount) {
  const Guideline g(facts + "rule r { when a and (b or c) recommend x because \"it helps\" }");
  const Asked asked(g, R"("a": true, "b": true, "c": true, "d": false)", "x");
  EXPECT_EQ(inputs_of(g, *asked.action().reason), "a, b");
  EXPECT_EQ(asked.action().reason->extent, Extent::smallest);
  EXPECT_TRUE(asked.tells("2 facts are enough for this, of 4 stated; fewer are not")) << asked.text;
  EXPECT_TRUE(asked.tells("* Is a so? yes")) << asked.text;
  EXPECT_TRUE(asked.tells("when a and (b or c)")) << asked.text;
  EXPECT_TRUE(asked.tells("it helps")) << asked.text;
  EXPECT_TRUE(asked.tells("Is a so? no instead of yes: it would be not advised")) << asked.text;
}

TEST(ExplainWhy, WhatWasOverriddenAndByWhat) {
  const Guideline g(facts + R"(
    rule r { when a recommend x }
    rule s { when b and c contraindicate x overrides r because "it harms" })");
  const Asked asked(g, R"("a": true, "b": true, "c": true)", "x", true);
  EXPECT_EQ(asked.action().outcome, Outcome::advised_against);
  ASSERT_EQ(asked.action().rules.size(), 2u);
  const RuleExplanation& loser = asked.action().rules[0];
  EXPECT_EQ(loser.standing, RuleStanding::overridden);
  EXPECT_EQ(loser.overridden_by, std::vector<RuleId>{RuleId(1u)});
  EXPECT_EQ(inputs_of(g, loser.reason.value()), "b, c");
  EXPECT_TRUE(asked.tells("overridden by s: it harms")) << asked.text;
}

TEST(ExplainWhy, WhatKeepsARuleFromFiring) {
  const Guideline g(facts + "rule r { when a and b recommend x } rule s { when c or d recommend x }");
  const Asked asked(g, R"("a": true, "b": false, "c": false, "d": false)", "x");
  EXPECT_EQ(asked.action().outcome, Outcome::not_advised);
  EXPECT_EQ(inputs_of(g, asked.action().rules.at(0).reason.value()), "b");
  EXPECT_EQ(inputs_of(g, asked.action().rules.at(1).reason.value()), "c, d");
  ASSERT_EQ(asked.action().changes->proposals.size(), 3u);
  EXPECT_EQ(asked.action().changes->proposals[0].changes[0].to, Value(true));
}

TEST(ExplainWhy, ARuleWhoseTableChoseAnother) {
  const Guideline g(facts + R"(
    table choice : action unique {
      b -> choice
      no -> x
      yes -> y
    }
    rule r { when a recommend choice })");
  const Asked asked(g, R"("a": true, "b": true)", "x");
  EXPECT_EQ(asked.action().rules.at(0).standing, RuleStanding::chose_other);
  EXPECT_TRUE(asked.tells("its table does not choose it")) << asked.text;
}

/// Where a threshold is calculated, none of the values that are tried first lies on it.
TEST(ExplainWhy, TheNearestValueIsFoundAlsoBehindACalculation) {
  const Guideline g(R"(inputs f { sys : quantity from 40 mm[Hg] to 300 mm[Hg] step 1 mm[Hg]
      dia : quantity from 20 mm[Hg] to 200 mm[Hg] step 1 mm[Hg]  born : date }
    define map = round((sys + 2 * dia) / 3, 1 mm[Hg])
    action x "X" : test
    action y "Y" : test
    rule r { when map < 65 mm[Hg] recommend x }
    rule s { when days_since(born) > 40 days recommend y })");
  const std::string facts_now = R"("sys": "100 mm[Hg]", "dia": "40 mm[Hg]", "born": "2026-11-01")";
  const Asked pressure(g, facts_now, "x");
  ASSERT_EQ(pressure.action().changes->proposals.size(), 2u);
  EXPECT_EQ(pressure.action().changes->proposals[0].changes[0].to, Value(Rational(114)));
  EXPECT_EQ(pressure.action().changes->proposals[1].changes[0].to, Value(Rational(47)));
  const Asked day(g, facts_now, "y");
  ASSERT_EQ(day.action().changes->proposals.size(), 1u);
  EXPECT_TRUE(day.tells("2026-10-12 instead of 2026-11-01")) << day.text; // 41 days before
}

TEST(ExplainWhy, WhatIsKnownInPartIsToldAsFarAsItIs) {
  const Guideline g(R"(inputs f { born : date "Born when?"  stay : interval of date "In hospital?" }
    action x "X" : test
    rule r { when age(born) >= 65 years recommend x } )");
  const Asked asked(g, R"("born": "1950-04", "stay": {"from": "2026-01-01"})", "x");
  EXPECT_TRUE(asked.tells("* Born when? 1950-04, not known more exactly")) << asked.text;
}

TEST(ExplainWhy, AnAssumedValueIsPartOfTheReason) {
  const Guideline g(R"(inputs f { a : yes/no
      b : yes/no { unknown assume no because "it is rare" }
      c : yes/no { unknown assume no because "it is rare" } }
    action x "X" : test
    rule r { when a and not b recommend x })");
  const Asked asked(g, R"("a": true)", "x");
  ASSERT_EQ(asked.action().reason->assumed.size(), 1u);
  EXPECT_TRUE(asked.tells("assumed because it is rare")) << asked.text;
  ASSERT_EQ(asked.action().changes->proposals.size(), 2u);
  EXPECT_EQ(asked.action().changes->proposals[1].changes[0].from, Value(false));
}

TEST(ExplainWhy, TheNearestOtherValue) {
  const Guideline g(R"(inputs f { t : quantity from 30 Cel to 45 Cel step 0.1 Cel "Temperature?" }
    action x "X" : test
    rule r { when t >= 38.5 Cel recommend x })");
  const Asked asked(g, R"("t": "39.2 Cel")", "x");
  EXPECT_TRUE(asked.tells("Temperature? 38.4 Cel instead of 39.2 Cel: it would be not advised")) << asked.text;
  const Asked open(g, "", "x");
  ASSERT_EQ(open.action().missing->sets.size(), 1u);
  EXPECT_EQ(open.action().missing->sets[0].settling, 2u);
  EXPECT_EQ(open.action().missing->certain_extent, Extent::smallest);
}

TEST(ExplainWhy, NoSingleFactIsLeftOut) {
  std::string inputs = "inputs f { ", none, any;
  for (int i = 0; i < 12; ++i) {
    const std::string name = "flag" + std::to_string(i);
    inputs += name + " : yes/no ";
    none += (i == 0 ? "\"" : ", \"") + name + "\": false";
    any += (i == 0 ? "" : ", ") + name;
  }
  const Guideline g(inputs + "} action x \"X\" : test rule r { when any of { " + any + " } recommend x }");
  const Asked settled(g, none, "x");
  EXPECT_EQ(settled.action().changes->proposals.size(), 12u);
  EXPECT_EQ(settled.action().changes->left_out, 0u);
  const Asked open(g, "", "x");
  EXPECT_EQ(open.action().missing->sets.size(), 12u);

  // Of pairs there may be very many: so many are told, and how many more there are.
  const Guideline pairs(inputs + "} action x \"X\" : test rule r { when at least 2 of { " + any + " } recommend x }");
  const Asked two(pairs, none, "x");
  EXPECT_EQ(two.action().changes->proposals.size(), 8u);
  EXPECT_EQ(two.action().changes->left_out, 66u - 8u);
  EXPECT_TRUE(two.tells("And 58 other sets of facts.")) << two.text;
  EXPECT_NE(two.json_text.find("\"left_out\": 58"), std::string::npos);
}

TEST(ExplainWhy, WhatDoesNotGoTogetherIsTold) {
  const Guideline g(R"(inputs f { a : yes/no  b : yes/no  c : yes/no }
    action x "X" : test { interacts with y "bleeding" }
    action y "Y" : test
    action z "Z" : test
    action w "W" : test
    action_class scan "Scans" at most one { z, w }
    rule rx { when a recommend x }
    rule ry { when b suggest y }
    rule rs { when c recommend z, w })");
  const Asked both(g, R"("a": true, "b": true, "c": false)", "x");
  EXPECT_EQ(both.action().outcome, Outcome::conflict);
  EXPECT_TRUE(both.tells("Not to be advised together: X, Y (bleeding)")) << both.text;
  EXPECT_TRUE(both.tells("ry suggests Y (y)")) << both.text;
  EXPECT_NE(both.json_text.find("\"because\": \"bleeding\""), std::string::npos) << both.json_text;
  EXPECT_FALSE(Asked(g, R"("a": true, "b": false)", "x").tells("Not to be advised together"));
  const Asked scans(g, R"("c": true)", "z");
  EXPECT_TRUE(scans.tells("At most one is to be advised of: Z, W (Scans)")) << scans.text;
  // And in the decision, once for both.
  const std::string said = decision_to_text(g.graph().dictionary, scans.result.explanation.decision, {});
  EXPECT_NE(said.find("! Z\n  ! W\n      - rs\n      At most one is to be advised of: Z, W (Scans)"), std::string::npos)
      << said;
}

TEST(ExplainWhy, OverTime) {
  const Guideline g(facts + R"(
    rule r { when in stage later recommend x }
    pathway way { start first
      stage first "First" { when a go to later }
      stage later "Later" { when b go to done }
      stage done "Done" final })");
  const std::string events = R"({"at": "2026-11-01", "inputs": {"a": false, "c": true}},
                                {"at": "2026-11-10", "inputs": {"a": true, "b": false}})";
  const Asked asked(g, R"("d": true)", "x", false, events);
  EXPECT_EQ(asked.action().outcome, Outcome::advised);
  EXPECT_EQ(inputs_of(g, *asked.action().reason), "a");
  EXPECT_EQ(asked.action().reason->extent, Extent::irreducible); // a stage is known whatever is not
  EXPECT_TRUE(asked.tells("Is a so? yes, stated 2026-11-10")) << asked.text;
  ASSERT_FALSE(asked.action().changes->proposals.empty());
  EXPECT_EQ(g.names({asked.action().changes->proposals[0].changes[0].input}), "b");
  const Asked whole(g, R"("d": true)", {}, false, events);
  EXPECT_EQ(inputs_of(g, whole.result.explanation.stage.value()), "a");
  EXPECT_TRUE(whole.tells("in this stage because of:")) << whole.text;
}

TEST(ExplainWhy, WhetherItAppliesIsExplained) {
  const Guideline g(facts + "rule r { when a recommend x }", "b");
  const Asked asked(g, R"("a": true, "b": false)", "x");
  EXPECT_EQ(inputs_of(g, asked.result.explanation.applies.value()), "b");
  EXPECT_TRUE(asked.tells("does not apply to this patient")) << asked.text;
}

TEST(ExplainWhy, AnActionThatNoRuleSpeaksAbout) {
  const Guideline g(facts + "rule r { when a recommend x }");
  const Asked asked(g, "", "y");
  EXPECT_TRUE(asked.tells("No rule of this guideline speaks about it.")) << asked.text;
  EXPECT_TRUE(asked.tells("No fact is needed for this")) << asked.text;
}

TEST(ExplainWhy, AChangeNeverBreaksAConstraint) {
  const Guideline g(facts + R"(
    constraint together { require not (a and b) message "not both" }
    rule r { when b or c recommend x })");
  const Asked asked(g, R"("a": true, "b": false, "c": false)", "x");
  ASSERT_EQ(asked.action().changes->proposals.size(), 1u);
  EXPECT_EQ(g.names({asked.action().changes->proposals[0].changes[0].input}), "c");
}

TEST(ExplainWhy, WhatAConstraintTiesToItChangesWithIt) {
  const Guideline g(R"(inputs f { pregnant : yes/no  female : yes/no  a : yes/no  b : yes/no  c : yes/no  d : yes/no }
    action x "X" : test
    constraint c0 { require not pregnant or female message "no" }
    rule r { when pregnant or a and b and c and d recommend x })");
  const Asked asked(g, R"("pregnant": false, "female": false, "a": false, "b": false, "c": false, "d": false)", "x");
  ASSERT_EQ(asked.action().changes->proposals.size(), 1u) << asked.text;
  EXPECT_TRUE(asked.tells("2 facts at once")) << asked.text;
  EXPECT_TRUE(asked.tells("Female? yes instead of no: it would be advised")) << asked.text;
}

TEST(ExplainWhy, AnInputThatHasNoPermittedAnswer) {
  const Guideline g(R"(inputs f { fever : yes/no  arm : one of { left, right } }
    action x "X" : test
    constraint c { require (fever is unknown) and arm != left message "no" }
    rule r0 { when fever and arm = left recommend x }
    rule r1 { when fever recommend x })");
  const Asked asked(g, "", "x");
  EXPECT_EQ(asked.action().outcome, Outcome::undetermined);
  EXPECT_TRUE(asked.action().missing->sets.empty()) << asked.text;
  EXPECT_FALSE(asked.action().missing->certain) << asked.text;
}

TEST(ExplainWhy, WhichActionATableChoseIsNotClaimed) {
  const Guideline g(R"(inputs f { a : yes/no }
    action x "X" : test
    action y "Y" : test
    action z "Z" : test
    action_class one "One" at most one { x, y, z }
    table t : action first {
      a         -> t
      yes       -> y
      otherwise -> z
    }
    rule r1 { when a recommend x }
    rule r2 { when a recommend t })");
  const Asked asked(g, R"("a": true)", "x");
  EXPECT_TRUE(asked.tells("At most one is to be advised of: X, Y (One)")) << asked.text;
  EXPECT_TRUE(asked.tells("r2 chooses one of: Y (y), Z (z)")) << asked.text;
}

TEST(ExplainWhy, ContradictoryRowsMakeNoClaimThatFewerAreNotEnough) {
  const Guideline g(R"(inputs f { a : yes/no  b : yes/no  c : yes/no }
    action x "X" : test
    table t : one of { u, v } any {
      a | b -> t
      any | any -> u
      yes | any -> v
    }
    rule r { when not (t = u) and c recommend x })");
  const Asked asked(g, R"("a": true, "c": false)", "x");
  EXPECT_NE(asked.action().reason->extent, Extent::smallest) << asked.text;
}

TEST(ExplainWhy, EqualCasesGiveEqualBytes) {
  const Guideline g(facts + "rule r { when a and b or c and d recommend x } rule s { when b and d avoid x }");
  for (const char* inputs : {R"("a": true)", R"("a": true, "b": true, "c": true, "d": true)"}) {
    const Asked first(g, inputs, "x", true), second(g, inputs, "x", true);
    EXPECT_EQ(first.text, second.text);
    EXPECT_EQ(first.json_text, second.json_text);
  }
}

TEST(ExplainLandmarks, MayLieInTheFuture) {
  const Guideline g(R"(inputs f { visit : date born : date }
    action x "X" : test
    rule r { when days_since(visit) >= -14 days and years_since(born) != 9999 years recommend x })");
  const auto& inputs = g.graph().dictionary.inputs;
  EXPECT_EQ(inputs[0].landmark_ages, std::vector<Period>{Period({0, -14 * 86'400})});
  EXPECT_EQ(inputs[1].landmark_ages.back(), (Period{10'000 * 12, 0}));
  const auto built = codegen::build(g.graph(), nullptr);
  EXPECT_TRUE(load_module(std::get<std::string>(built)).ok());
}

TEST(ExplainLandmarks, StandNextToWhatIsComparedWith) {
  const Guideline g(R"(inputs f {
      t : quantity from 30 Cel to 45 Cel step 0.1 Cel
      w : number from 0 to 200 step 1
      u : number from 0 to 10 step 1
      born : date
      s : number from 0 to 100 step 1 series }
    define double = 2 * w
    define far = u + w
    action x "X" : test
    rule r { when t >= 38.5 Cel or double > 60 or far > 12 or age(born) >= 65 years or w is known or highest s = 7
             recommend x })");
  const auto landmarks = [&](const std::string& name) {
    const Dictionary& d = g.graph().dictionary;
    std::string text;
    for (const InputInfo& input : d.inputs)
      if (input.name == name)
        for (const Value& v : input.landmarks)
          text += (text.empty() ? "" : " ") + v.as<Rational>().to_text();
    return text;
  };
  EXPECT_EQ(landmarks("t"), "38.4 38.5");
  EXPECT_EQ(landmarks("w"), "0 30 31 50 100 150 200"); // compared, and added to another: a spread beside the cut
  EXPECT_EQ(landmarks("u"), "0 2 5 7 10");
  EXPECT_EQ(landmarks("s"), "6 7 8");
  const auto& inputs = g.graph().dictionary.inputs;
  EXPECT_EQ(inputs[3].landmark_ages, std::vector<Period>{Period({65 * 12, 0})});
  EXPECT_FALSE(inputs[0].known_matters);
  EXPECT_TRUE(inputs[1].known_matters);
  EXPECT_TRUE(inputs[4].known_matters);
  const auto dates = representative_answers(g.graph().dictionary, InputId(3u), *parse_instant("2026-11-22T10:00:00Z"));
  ASSERT_EQ(dates.size(), 2u);
  EXPECT_EQ(to_text(dates[0].as<Date>()), "1961-11-22");
  EXPECT_EQ(to_text(dates[1].as<Date>()), "1961-11-23");
}

TEST(ExplainLandmarks, RulesNameTheirInputs) {
  const Guideline g(facts + "define both = a and b rule r { when both unless c recommend x }", "d");
  const RuleInfo& rule = g.graph().dictionary.rules[0];
  EXPECT_EQ(rule.condition, "both unless c");
  EXPECT_EQ(g.names(rule.inputs), "a, b, c, d");
  ASSERT_EQ(rule.advice.size(), 1u);
  EXPECT_EQ(rule.advice[0].verb, Verb::recommend);
}

} // namespace
} // namespace aceso::testing
