/// Two versions of a guideline, and two guidelines for one patient: every answer is also had by trying every patient.
/// ACESO_CHECKED_GUIDELINES says how many pairs.
#include <cstdlib>
#include <functional>
#include <map>
#include <random>
#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aceso/compiler.h"
#include "analyse/compare.h"
#include "analyse/diff.h"
#include "graph/graph.h"
#include "reference/engine.h"

namespace aceso {
namespace {

using analyse::Said;
using analyse::Side;
using analyse::Verdict;
using reference::Evaluation;

/// A small random guideline as parts, so that an edit changes one of them. "@b" stands for the name of input b.
struct Parts {
  std::string applies, b_name = "b", b_policy, k_members = "red, green";
  int n_maximum = 4;
  std::string constraint, definition, policy;
  std::vector<std::string> rows, rules;
  std::string caution;

  [[nodiscard]] std::string text() const {
    std::string text = "guideline g { title \"G\" version 0.1.0 published 2026-01-01";
    if (!applies.empty()) text += " applies when " + applies;
    text += " }\nsource s \"S\"\ninputs i \"I\" {\n  a : yes/no \"Is a so?\"\n  @b : yes/no \"Is the second so?\"" +
            b_policy;
    text += fmt::format("\n  n : number from 0 to {} step 1 \"How much?\"\n  k : one of {{ {} }} \"Which?\"\n}}\n",
                        n_maximum, k_members);
    if (!constraint.empty()) text += "constraint fits { require " + constraint + " message \"It does not fit.\" }\n";
    text += "define d = " + definition + "\naction x \"X\" : test\naction y \"Y\" : test\n";
    text += "action_class both at most one { x, y }\ntable t : one of { low, high } " + policy + " {\n  n | a -> t\n";
    for (const std::string& row : rows)
      text += "  " + row + "\n";
    text += "}\n";
    for (std::size_t r = 0; r < rules.size(); ++r)
      if (!rules[r].empty()) text += fmt::format("rule r{} {{ {} cite s }}\n", r, rules[r]);
    text += "caution careful when " + caution + " { \"Be careful.\" cite s }\n";
    for (std::size_t at = text.find("@b"); at != std::string::npos; at = text.find("@b", at))
      text.replace(at, 2, b_name);
    return text;
  }
};

class Writer {
public:
  explicit Writer(unsigned seed) : random_(seed) {}

  Parts write() {
    Parts parts;
    if (chance(4)) parts.applies = condition();
    if (chance(4)) parts.constraint = condition();
    parts.definition = condition(false);
    parts.policy = std::vector<std::string>{"first", "unique", "any"}[pick(3)];
    for (unsigned i = 0; i < 2 + pick(2); ++i)
      parts.rows.push_back(row());
    for (unsigned i = 0; i < 2 + pick(3); ++i)
      parts.rules.push_back(rule(i));
    parts.caution = condition();
    return parts;
  }
  void edit(Parts& parts) {
    switch (pick(10)) {
    case 0: parts.rules[pick(static_cast<unsigned>(parts.rules.size()))] = rule(0); break;
    case 1: parts.rules.back().clear(); break;
    case 2: parts.b_name = "bee"; break;
    case 3: parts.rows[pick(static_cast<unsigned>(parts.rows.size()))] = row(); break;
    case 4: parts.n_maximum = 3; break;
    case 5: parts.definition = condition(false); break;
    case 6: parts.k_members = "red, blue, green"; break;
    case 7: parts.b_policy = " { unknown assume no because \"rare\" }"; break;
    case 8: parts.caution = condition(); break;
    default: parts.applies = condition(); break;
    }
  }

private:
  unsigned pick(unsigned size) { return static_cast<unsigned>(random_() % size); }
  bool chance(unsigned one_in) { return pick(one_in) == 0; }
  std::string row() {
    const char* cells[] = {"-", "< 2", ">= 2", "1 to 3", "4"};
    return fmt::format("{} | {} -> {}", cells[pick(5)], std::vector<std::string>{"-", "yes", "no"}[pick(3)],
                       std::vector<std::string>{"low", "high"}[pick(2)]);
  }
  std::string rule(unsigned number) {
    const char* advice[] = {
        "recommend x",        "recommend y soon",          "avoid x", "suggest x", "suggest y", "contraindicate y",
        "recommend x strong", "recommend x within 2 weeks"};
    std::string text = fmt::format("when {} {}", condition(), advice[pick(8)]);
    if (number > 0 && chance(4)) text += fmt::format(" overrides r{} because \"b\"", number - 1);
    return text;
  }
  /// `derived`: also what the guideline itself defines.
  std::string atom(bool derived) {
    switch (pick(derived ? 8 : 6)) {
    case 0: return "a";
    case 1: return "@b";
    case 2: return fmt::format("n < {}", 1 + pick(3));
    case 3: return fmt::format("n >= {}", 1 + pick(3));
    case 4: return "k = red";
    case 5: return "@b is known";
    case 6: return "t = low";
    default: return "d";
    }
  }
  std::string condition(bool derived = true) {
    switch (pick(5)) {
    case 0: return fmt::format("({}) and ({})", atom(derived), atom(derived));
    case 1: return fmt::format("({}) or ({})", atom(derived), atom(derived));
    case 2: return fmt::format("not ({})", atom(derived));
    case 3: return fmt::format("(at least 2 of {{ {}, {}, {} }})", atom(derived), atom(derived), atom(derived));
    default: return atom(derived);
    }
  }
  std::mt19937 random_;
};

using Named = std::map<std::string, Value>;

/// Each input unknown or one of its values, by the names of `names`.
void for_each_patient(const Dictionary& names, const std::function<void(const Named&)>& visit) {
  std::vector<std::vector<Value>> choices;
  for (const InputInfo& input : names.inputs) {
    const TypeInfo& type = names[input.type];
    std::vector<Value> values{Value()};
    if (type.kind == TypeKind::yes_no) values.insert(values.end(), {Value(false), Value(true)});
    for (std::uint32_t m = 0; m < type.members.size(); ++m)
      values.emplace_back(Choice{m});
    if (type.kind == TypeKind::number)
      for (Rational n = *type.minimum; n <= *type.maximum; n = *Rational::add(n, *type.step))
        values.emplace_back(n);
    choices.push_back(std::move(values));
  }
  std::vector<std::size_t> at(choices.size());
  while (true) {
    Named patient;
    for (std::size_t i = 0; i < at.size(); ++i)
      patient[names.inputs[i].name] = choices[i][at[i]];
    visit(patient);
    std::size_t i = 0;
    while (i < at.size() && ++at[i] == choices[i].size())
      at[i++] = 0;
    if (i == at.size()) return;
  }
}

/// The patient of `from` in the words of `to`; nothing where a value does not exist there. Input `renamed` of `from`
/// is called `name` in `to`.
std::optional<PatientCase> told(const Dictionary& from, const Dictionary& to, const Named& patient) {
  PatientCase result;
  result.now = {Instant{1'767'225'600}, 0};
  for (std::size_t i = 0; i < to.inputs.size(); ++i) {
    // Questions are never changed by an edit, so they tell which input is which.
    for (const InputInfo& input : from.inputs) {
      if (input.question != to.inputs[i].question) continue;
      Value value = patient.at(input.name);
      if (!value.is_known()) continue;
      const TypeInfo& type = to[to.inputs[i].type];
      if (value.is<Choice>()) {
        const std::string& member = from[input.type].members[value.as<Choice>().index].name;
        std::optional<Value> found;
        for (std::uint32_t m = 0; m < type.members.size(); ++m)
          if (type.members[m].name == member) found = Value(Choice{m});
        if (!found) return std::nullopt;
        value = *found;
      }
      if (value.is<Rational>() && (value.as<Rational>() < *type.minimum || value.as<Rational>() > *type.maximum))
        return std::nullopt;
      result.facts.push_back({InputId(i), value, {}});
    }
  }
  return result;
}

Said said(const graph::Graph& graph, const Evaluation& evaluation, const std::string& action) {
  for (std::size_t a = 0; a < graph.dictionary.actions.size(); ++a)
    if (graph.dictionary.actions[a].name == action) return analyse::said_about(evaluation, ActionId(a));
  return {};
}

Truth fires(const Evaluation& evaluation) {
  return evaluation.decision.cautions.empty() ? Truth::no : evaluation.decision.cautions.front().fires;
}

unsigned pairs_to_check() {
  const char* wanted = std::getenv("ACESO_CHECKED_GUIDELINES");
  return wanted ? static_cast<unsigned>(std::strtoul(wanted, nullptr, 10)) : 60U;
}

std::string group_text(const Said& before, const Said& after) { return to_text(before) + " -> " + to_text(after); }

TEST(AnalyseDiff, GroupsOfPatientsAreThoseOfTryingEveryPatient) {
  unsigned differing = 0, same = 0;
  for (unsigned seed = 1; seed <= pairs_to_check(); ++seed) {
    Writer writer(seed);
    Parts parts = writer.write();
    const std::string old_text = parts.text();
    for (unsigned edits = 0; edits < 1 + seed % 2; ++edits)
      writer.edit(parts);
    const std::string new_text = parts.text();
    const Compilation before = compile_text(old_text, "old.aceso"), after = compile_text(new_text, "new.aceso");
    if (!before.ok() || !after.ok()) continue; // a condition that always comes out the same, for example
    std::map<std::string, std::set<std::string>> expected;
    for_each_patient(after.graph()->dictionary, [&](const Named& patient) {
      const Dictionary& words = after.graph()->dictionary;
      const auto old_case = told(words, before.graph()->dictionary, patient);
      const auto new_case = told(words, words, patient);
      if (!old_case || !new_case) return;
      const Evaluation x = reference::evaluate(*before.graph(), *old_case),
                       y = reference::evaluate(*after.graph(), *new_case);
      if (!x.broken.empty() || !y.broken.empty()) return;
      for (const std::string action : {"x", "y"}) {
        const Said was = said(*before.graph(), x, action), is = said(*after.graph(), y, action);
        if (!(was == is)) expected[action].insert(group_text(was, is));
      }
      if (fires(x) != fires(y))
        expected["careful"].insert(fmt::format("{} -> {}", to_text(fires(x)), to_text(fires(y))));
    });
    analyse::JointGraph joint(*before.graph(), *after.graph(), "old", "new");
    analyse::DiffOptions options;
    if (seed % 4 < 2) options.most_rules = 0; // the engine is given what bears on the question, as of large guidelines
    const analyse::DiffReport report = analyse::diff(joint, options);
    std::map<std::string, std::set<std::string>> found;
    for (const analyse::ActionDiff& one : report.actions) {
      const std::string name = joint.graph().dictionary.actions[one.action].name;
      EXPECT_NE(one.verdict, Verdict::undecided) << name;
      EXPECT_FALSE(one.has_more) << name;
      EXPECT_EQ(one.verdict == Verdict::refuted, expected.contains(name)) << name;
      (expected.contains(name) ? differing : same) += 1;
      for (const analyse::AdviceGroup& group : one.groups) {
        found[name].insert(group_text(group.before, group.after));
        // The patients replay in the engines of both versions.
        for (const Side side : analyse::both_sides) {
          const graph::Graph& graph = joint.source(side);
          const Evaluation e = reference::evaluate(graph, group.witness.cases[at(side)]);
          EXPECT_TRUE(e.broken.empty());
          EXPECT_EQ(said(graph, e, name), side == Side::first ? group.before : group.after);
          EXPECT_EQ(analyse::rules_behind(e, joint.matching().actions[one.action].on(side)), group.rules[at(side)]);
        }
      }
    }
    for (const analyse::CautionDiff& one : report.cautions)
      for (const analyse::CautionGroup& group : one.groups)
        found["careful"].insert(fmt::format("{} -> {}", to_text(group.before), to_text(group.after)));
    EXPECT_EQ(found, expected);
    if (::testing::Test::HasFailure()) {
      ADD_FAILURE() << "pair " << seed << "\n" << old_text << "\n" << new_text;
      return;
    }
  }
  EXPECT_GT(differing, pairs_to_check() / 4);
  EXPECT_GT(same, pairs_to_check() / 4);
}

/// The same patient, two guidelines: what one advises and the other advises against.
TEST(AnalyseCompare, ConflictsAreThoseOfTryingEveryPatient) {
  unsigned conflicts = 0, none = 0;
  for (unsigned seed = 1; seed <= pairs_to_check(); ++seed) {
    const std::string a_text = Writer(seed).write().text(), b_text = Writer(seed + 100'000).write().text();
    const Compilation a = compile_text(a_text, "a.aceso"), b = compile_text(b_text, "b.aceso");
    if (!a.ok() || !b.ok()) continue;
    std::set<std::string> expected;
    for_each_patient(a.graph()->dictionary, [&](const Named& patient) {
      const Dictionary& words = a.graph()->dictionary;
      const Evaluation x = reference::evaluate(*a.graph(), *told(words, words, patient)),
                       y = reference::evaluate(*b.graph(), *told(words, b.graph()->dictionary, patient));
      if (!x.broken.empty() || !y.broken.empty()) return;
      const auto stance = [](const Said& said) {
        return said.status != RecommendationStatus::advised ? 0 : is_for(*said.verb) ? 1 : -1;
      };
      for (const std::string p : {"x", "y"})
        for (const std::string q : {"x", "y"}) {
          const int first = stance(said(*a.graph(), x, p)), second = stance(said(*b.graph(), y, q));
          if (p == q ? first * second == -1 : first == 1 && second == 1)
            expected.insert(fmt::format("{}{} {}{}", p, first, q, second));
        }
    });
    analyse::JointGraph joint(*a.graph(), *b.graph(), "a", "b");
    std::set<std::string> found;
    for (const analyse::Collision& one : analyse::compare(joint).collisions) {
      EXPECT_NE(one.verdict, Verdict::undecided);
      const auto& names = joint.graph().dictionary.actions;
      if (one.verdict == Verdict::refuted)
        found.insert(fmt::format("{}{} {}{}", names[one.actions[0]].name, one.in_favour[0] ? 1 : -1,
                                 names[one.actions[1]].name, one.in_favour[1] ? 1 : -1));
      (one.verdict == Verdict::refuted ? conflicts : none) += 1;
    }
    EXPECT_EQ(found, expected);
    if (::testing::Test::HasFailure()) {
      ADD_FAILURE() << "pair " << seed << "\n" << a_text << "\n" << b_text;
      return;
    }
  }
  EXPECT_GT(conflicts, pairs_to_check() / 4);
  EXPECT_GT(none, pairs_to_check() / 4);
}

struct Pair {
  Pair(const std::string& first, const std::string& second)
      : before(compile_text(head + first, "old.aceso")), after(compile_text(head + second, "new.aceso")) {
    EXPECT_TRUE(before.ok()) << before.render_diagnostics();
    EXPECT_TRUE(after.ok()) << after.render_diagnostics();
    joint.emplace(*before.graph(), *after.graph(), "old", "new");
    report = analyse::diff(*joint);
  }
  static constexpr const char* head =
      "guideline g { title \"G\" version 0.1.0 published 2026-01-01 }\nsource s \"S\"\n";
  Compilation before, after;
  std::optional<analyse::JointGraph> joint;
  analyse::DiffReport report;
};

TEST(AnalyseDiff, OtherWordsForTheSameAreEquivalentAndProved) {
  const Pair pair("inputs i \"I\" { a : yes/no n : number from 0 to 9 step 1 }\naction x \"X\" : test\n"
                  "rule r { when not (a and n >= 3) recommend x cite s }\n",
                  "inputs i \"I\" { a : yes/no n : number from 0 to 9 step 1 }\naction x \"X\" : test\n"
                  "rule q { when n < 3 or not a recommend x cite s }\n");
  EXPECT_TRUE(pair.report.is_equivalent());
  EXPECT_FALSE(pair.report.actions.front().is_same_text);
  EXPECT_GT(pair.report.solver_questions, 0U);
}

/// Nothing needs to be known when the wait begins.
TEST(AnalyseDiff, AStageBehindAWaitIsReached) {
  const auto with = [](const std::string& action) {
    return "inputs i \"I\" { a : yes/no }\naction x \"X\" : test\naction y \"Y\" : test\n"
           "rule r { when in stage done recommend " +
           action +
           " cite s }\npathway care {\n  start first\n  stage first { after 2 weeks when a go to done }\n"
           "  stage done final\n}\n";
  };
  const Pair pair(with("x"), with("y"));
  ASSERT_EQ(pair.report.actions.size(), 2u);
  for (const auto& action : pair.report.actions)
    EXPECT_EQ(action.verdict, Verdict::refuted);
}

TEST(AnalyseDiff, WhatWasNotTouchedIsNotAsked) {
  const std::string text =
      "inputs i \"I\" { a : yes/no }\naction x \"X\" : test\nrule r { when a recommend x cite s }\n";
  const Pair pair(text, "define unused_words = 1\n" + text);
  EXPECT_TRUE(pair.report.is_equivalent());
  EXPECT_TRUE(pair.report.actions.front().is_same_text);
  EXPECT_EQ(pair.report.solver_questions, 0U);
}

TEST(AnalyseDiff, ArithmeticOfTwoMeasuredValuesIsSharedWhereItIsTheSame) {
  const std::string inputs =
      "inputs i \"I\" { n : number from 1 to 9 step 1 m : number from 1 to 9 step 1 a : yes/no }\n"
      "action x \"X\" : test\n";
  const Pair same(inputs + "rule r { when n * m > 20 and a recommend x cite s }\n",
                  inputs + "rule r { when a and n * m > 20 recommend x cite s }\n");
  EXPECT_TRUE(same.report.is_equivalent());
  const Pair other(inputs + "rule r { when n * m > 20 and a recommend x cite s }\n",
                   inputs + "rule r { when a and n * m > 40 recommend x cite s }\n");
  EXPECT_FALSE(other.report.is_equivalent());
  EXPECT_EQ(other.report.actions.front().verdict, Verdict::refuted);
}

TEST(AnalyseDiff, WhatIsNotComparedIsNeverCalledTheSame) {
  const auto with = [](const std::string& term) {
    return "inputs i \"I\" { k : number from 1 to 9 step 1 fresh for " + term +
           " a : yes/no }\naction x \"X\" : test\naction y \"Y\" : test\n"
           "rule r { when k > 5 recommend x cite s }\nrule q { when a recommend y cite s }\n"
           "caution c when k > 7 { \"C\" cite s }\ncaution d when a { \"D\" cite s }\n";
  };
  const Pair pair(with("2 weeks"), with("20 weeks"));
  EXPECT_FALSE(pair.report.is_equivalent());
  ASSERT_EQ(pair.report.actions.size(), 2U);
  EXPECT_EQ(pair.report.actions[0].verdict, Verdict::undecided);
  EXPECT_TRUE(pair.report.actions[0].is_left_out);
  EXPECT_EQ(pair.report.actions[1].verdict, Verdict::proved);
  ASSERT_EQ(pair.report.cautions.size(), 2U);
  EXPECT_EQ(pair.report.cautions[0].verdict, Verdict::undecided);
  EXPECT_EQ(pair.report.cautions[1].verdict, Verdict::proved);
}

TEST(AnalyseDiff, WordsAndValuesAreListed) {
  const auto with = [](const std::string& dose, int factor, const std::string& reason, int weight) {
    return fmt::format("inputs i \"I\" {{ a : yes/no \"A?\" n : number from 0 to 9 step 1 }}\n"
                       "define times = n * {}\ndefine same = n + 1\naction x \"{}\" : test\n"
                       "differential which : one of {{ one, two }} among {{ one, two }} {{\n"
                       "argument for one weight {} when a\ndecide strong 3, weak 1, needs 1, ahead by 1 }}\n"
                       "rule r {{ when a recommend x because \"{}\" cite s }}\n",
                       factor, dose, weight, reason);
  };
  const Pair pair(with("full dose", 2, "So.", 2), with("a tenth", 3, "So so.", 3));
  EXPECT_TRUE(pair.report.is_equivalent());
  EXPECT_EQ(pair.report.word_changes,
            (std::vector<std::string>{"action `x`: its title \"full dose\" became \"a tenth\"",
                                      "rule `r`: its reason \"So.\" became \"So so.\""}));
  EXPECT_EQ(pair.report.value_changes,
            (std::vector<std::string>{"value `times` is not calculated in the same way",
                                      "differential `which` is not calculated in the same way"}));
  const Pair same(with("full dose", 2, "So.", 2), with("full dose", 2, "So.", 2));
  EXPECT_TRUE(same.report.word_changes.empty());
  EXPECT_TRUE(same.report.value_changes.empty());
}

TEST(AnalyseCompare, InputsOfOtherUnitsAreTold) {
  const auto with = [](const std::string& range, const std::string& advice) {
    return "inputs i \"I\" { w : quantity " + range + " a : yes/no }\naction x \"X\" : test\nrule r { when w > 5 " +
           range.substr(range.rfind(' ') + 1) + " and a " + advice + " x cite s }\n";
  };
  Pair pair(with("from 0 kg to 9 kg step 1 kg", "recommend"), with("from 0 g to 9000 g step 1 g", "avoid"));
  EXPECT_EQ(compare(*pair.joint).left_out,
            std::vector<std::string>{"`w` is a number from 0 to 9 step 1 in kg in g and a number from 0 to 9000 step 1 "
                                     "in g in g: taken for different inputs"});
}

TEST(AnalyseDiff, WhatACaseMeansAndWhoIsRefusedIsTold) {
  const auto version = [](const std::string& mass, const std::string& accepts, const std::string& most) {
    return "inputs i \"I\" { glucose : quantity from 1 mmol/L to 60 mmol/L step 0.1 mmol/L \"Glucose?\" " + accepts +
           mass + "\n weight : quantity from 1 kg to 200 kg step 1 kg \"Weight?\" }\n" +
           "constraint light { require weight < " + most + " kg message \"Too heavy.\" }\n" +
           "action x \"X\" : test\nrule r { when glucose > 14 mmol/L recommend x cite s }\n";
  };
  const std::string accepts = "accepts mg/dL step 1 ", mass = "molar_mass 180.16 g/mol";
  const Pair slip(version(mass, accepts, "150"), version("molar_mass 108.16 g/mol", accepts, "150"));
  EXPECT_EQ(slip.report.count(Verdict::proved), 1u);
  EXPECT_FALSE(slip.report.is_equivalent());
  EXPECT_THAT(slip.report.reading_changes,
              testing::ElementsAre(testing::HasSubstr("180.16 g/mol became 108.16 g/mol")));

  const Pair gone(version(mass, accepts, "150"), version("", "", "50"));
  EXPECT_TRUE(gone.report.is_equivalent());
  EXPECT_THAT(gone.report.interface_changes,
              testing::ElementsAre(testing::HasSubstr("no longer accepts `mg/dL`"), testing::HasSubstr("no molar mass"),
                                   testing::HasSubstr("constraint `light` is not the same")));
}

TEST(AnalyseDiff, TermsAndCodesAreTold) {
  const Pair pair(
      "inputs i \"I\" { a : yes/no \"First?\" n : number from 0 to 9 step 1 }\naction x \"X\" : test\n"
      "rule r { when a and n > 2 recommend x within 2 weeks cite s }\n",
      "inputs i \"I\" { b : yes/no \"First?\" n : number from 0 to 8 step 1 c : yes/no }\naction x \"X\" : test\n"
      "action y \"Y\" : test\nrule r { when b and n > 2 recommend x within 1 week cite s }\n"
      "rule q { when c recommend y cite s }\n");
  EXPECT_EQ(pair.report.assumed_renames, std::vector<std::string>{"input `b` is taken for `a` (the same words)"});
  EXPECT_EQ(pair.report.interface_changes,
            (std::vector<std::string>{"input `n`: from 0 to 9 step 1 became from 0 to 8 step 1", "input `c` is new",
                                      "action `y` is new"}));
  ASSERT_EQ(pair.report.actions.size(), 2U);
  ASSERT_EQ(pair.report.actions[0].groups.size(), 1U);
  EXPECT_EQ(group_text(pair.report.actions[0].groups[0].before, pair.report.actions[0].groups[0].after),
            "recommend within 2 weeks -> recommend within 1 week");
  EXPECT_FALSE(pair.report.is_equivalent());
}

} // namespace
} // namespace aceso
