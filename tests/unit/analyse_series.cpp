/// What the deep checks know about repeated measurements: every history that the engine accepts is possible for the
/// solver too, and what cannot be is proved.
#include <random>

#include "analyse/deep.h"
#include "analyse/encoding.h"
#include "analyse/witness.h"
#include "guideline_fixture.h"

namespace aceso::testing {
namespace {

using analyse::Answer;
using analyse::Encoding;
using analyse::Lit;
using analyse::Sat;

const std::string inputs = R"(
  type grade worse when lower = scale { 0, 1, 2, 3 }
  inputs i {
    power    : grade series
    pressure : quantity from 0 mm[Hg] to 300 mm[Hg] step 1 mm[Hg] series worse when higher
    pain     : yes/no series fresh for 5 days
    operated : date
  }
)";

const std::vector<std::string> conditions{
    "latest power < 2",
    "latest power = 3",
    "latest power within 2 days is known",
    "latest power within 2 days = 0",
    "first power within 2 weeks >= 2",
    "highest power = 3",
    "lowest power within 2 weeks < 1",
    "count power >= 2",
    "count power within 2 days = 1",
    "count power within 2 weeks > 2",
    "power worsening over 2 weeks",
    "power improving over 2 weeks",
    "power worsening over 2 days",
    "power improving over 1 week",
    "latest power as of operated = 3",
    "count power within 1 week as of operated >= 2",
    "power worsening over 2 weeks as of operated",
    "latest pressure >= 300 mm[Hg]",
    "latest pressure within 2 days > 0 mm[Hg]",
    "round(mean pressure within 1 week, 1 mm[Hg]) > 100 mm[Hg]",
    "change pressure within 2 weeks >= 10 mm[Hg]",
    "highest pressure within 1 week < 140 mm[Hg]",
    "count pressure within 1 week < 2",
    "pressure worsening over 2 weeks",
    "pressure improving over 1 week",
    "min(count power within 2 weeks, count pressure within 1 week) >= 2",
    "max(count power, count pressure) > 3",
    "latest pain",
    "latest pain within 2 days",
    "count pain >= 1",
};

std::string definitions() {
  std::string text = inputs;
  for (std::size_t i = 0; i < conditions.size(); ++i)
    text += "define d" + std::to_string(i) + " = " + conditions[i] + "\n";
  return text;
}

/// Statements on up to four of the last thirty days, some of them unknown.
std::string random_events(std::mt19937& random) {
  const auto pick = [&](unsigned size) { return static_cast<unsigned>(random() % size); };
  std::string events;
  for (unsigned count = pick(5); count > 0; --count) {
    std::string facts;
    const auto add = [&](const std::string& name, const std::string& value) {
      if (pick(3) == 0) return;
      facts += (facts.empty() ? "\"" : ", \"") + name + "\": " + (pick(4) == 0 ? R"({"unknown": "refused"})" : value);
    };
    add("power", "\"" + std::to_string(pick(4)) + "\"");
    add("pressure",
        std::vector<std::string>{"\"0 mm[Hg]\"", "\"100 mm[Hg]\"", "\"139 mm[Hg]\"", "\"300 mm[Hg]\""}[pick(4)]);
    add("pain", pick(2) == 0 ? "true" : "false");
    const std::vector<std::string> days{"02", "12", "16", "19", "21", "22"};
    if (facts.empty()) continue;
    events += (events.empty() ? "" : ", ");
    events += "{\"at\": \"2026-11-" + days[pick(6)] + "T0" + std::to_string(count) + ":00:00Z\", \"inputs\": {" +
              facts + "}}";
  }
  return events;
}

TEST(AnalyseSeries, EveryHistoryIsPossible) {
  const Guideline g(definitions());
  Sat sat(analyse::Budget{});
  Encoding encoding(g.graph(), sat);
  std::vector<analyse::TruthLits> lits;
  for (const auto& definition : g.graph().definitions)
    lits.push_back(encoding.truth(definition.node));
  std::mt19937 random(20261130);
  for (int i = 0; i < 1500; ++i) {
    const std::string events = random_events(random);
    const std::string operated = random() % 3 == 0 ? "" : R"("operated": "2026-11-19")";
    const reference::Evaluation evaluation = g.run(operated, events);
    std::vector<Lit> assumed;
    for (std::size_t d = 0; d < lits.size(); ++d) {
      const Truth truth = evaluation.node_values[g.graph().definitions[d].node.index()].truth();
      assumed.push_back(truth == Truth::yes  ? lits[d].yes
                        : truth == Truth::no ? lits[d].no
                                             : encoding.unknown(lits[d]));
    }
    std::string blamed;
    if (sat.solve(assumed) != Answer::satisfiable)
      for (std::size_t d = 0; d < assumed.size(); ++d)
        if (sat.blames(assumed[d])) blamed += conditions[d] + "; ";
    ASSERT_EQ(blamed, "") << "called impossible for [" << events << "] " << operated;
  }
}

TEST(AnalyseSeries, WhatCannotBeIsProved) {
  const std::vector<std::string> never{
      "count power within 2 weeks < 2 and (power worsening over 2 weeks) is known",
      "count power within 2 weeks >= 2 and count power < 2",
      "count power within 2 days > 0 and count power within 2 weeks = 0",
      "count power = 0 and latest power is known",
      "latest power within 2 days is known and not (latest power is known)",
      "latest power = 3 and power worsening over 2 weeks",
      "latest power within 2 days = 0 and power improving over 1 week",
      "latest power within 2 days = 1 and latest power within 2 weeks = 2",
      "latest pressure >= 300 mm[Hg] and pressure improving over 1 week",
      "latest pressure <= 0 mm[Hg] and pressure worsening over 1 week",
      "latest pressure within 2 days > 140 mm[Hg] and latest pressure < 140 mm[Hg]",
      "(power worsening over 2 weeks) is known and not ((power improving over 2 weeks) is known)",
      "min(count power, count pain) >= 2 and count power < 2",
      "max(count power, count pain) < 2 and count pain = 2",
      "latest pain within 2 days and not (latest pain)",
      "operated is unknown and latest power as of operated = 1",
  };
  for (const std::string& condition : never) {
    const Guideline g(inputs + "define d = " + condition);
    Sat sat(analyse::Budget{});
    Encoding encoding(g.graph(), sat);
    EXPECT_EQ(sat.solve({encoding.truth(g.graph().definitions.front().node).yes}), Answer::unsatisfiable) << condition;
  }
}

/// Whether learning can take the advice to do x back.
std::string withdrawn(const std::string& condition) {
  const Guideline g(inputs + R"(
    source s "S"
    inputs j { fever : yes/no }
    action x "X" : test
    action y "Y" : test
    rule r { when )" +
                    condition +
                    R"( recommend x cite s }
    rule q { when fever is known recommend y cite s })");
  for (const analyse::Question& question : analyse::deep_check(g.graph()).questions)
    if (question.check == diagnostics::Kind::advice_withdrawn && question.subject == "action x")
      return std::string(to_text(question.verdict));
  return "not asked";
}

/// Learning tells of a series of which nothing is known; a further measurement is another day, and no learning.
TEST(AnalyseSeries, LearningAddsNoMeasurement) {
  EXPECT_EQ(withdrawn("latest power < 2"), "proved");
  EXPECT_EQ(withdrawn("latest power < 2 and (power worsening over 2 weeks)"), "proved");
  EXPECT_EQ(withdrawn("round(mean pressure within 1 week, 1 mm[Hg]) > 140 mm[Hg] and fever"), "proved");
  EXPECT_EQ(withdrawn("latest power = 1 and fever is unknown"), "refuted");
  EXPECT_EQ(withdrawn("not (latest power is known)"), "refuted");
  EXPECT_EQ(withdrawn("count power within 2 weeks < 3"), "refuted");
}

/// The model says how often and when something was measured, and such a patient is found.
TEST(AnalyseSeries, PatientsAreMeasuredAsOftenAsWanted) {
  const std::vector<std::string> possible{
      "count power within 2 weeks = 3 and power worsening over 2 weeks",
      "count power within 2 days = 0 and count power within 2 weeks = 2 and count power = 4",
      "count power within 2 days = 1 and latest power = 2 and power worsening over 2 weeks",
      "count power within 2 weeks >= 2 and not ((power worsening over 2 weeks) is known)",
      "latest power is known and not (latest power within 2 weeks is known)",
      "count pressure within 1 week = 2 and pressure improving over 1 week and latest pressure < 140 mm[Hg]",
      "count power within 1 hour = 3 and power improving over 1 hour",
      "not (latest pain) and count pain = 4",
      "(power worsening over 7 weeks) and not (power worsening over 6 weeks) and count power within 6 weeks >= 2",
      "(power improving over 6 weeks) and (power worsening over 3 weeks) and count power within 3 weeks >= 3",
  };
  for (const std::string& condition : possible) {
    const Guideline g(inputs + "define d = " + condition);
    const NodeId node = g.graph().definitions.front().node;
    Sat sat(analyse::Budget{});
    Encoding encoding(g.graph(), sat);
    analyse::WitnessBuilder witnesses(g.graph());
    ASSERT_EQ(sat.solve({encoding.truth(node).yes}), Answer::satisfiable) << condition;
    EXPECT_TRUE(witnesses.from_model(encoding, [&](const reference::Evaluation& e) {
      return e.node_values[node.index()].truth() == Truth::yes;
    })) << condition;
  }
}

} // namespace
} // namespace aceso::testing
