/// What explanations promise, held against trying everything on small random guidelines.
#include <map>
#include <random>

#include "explain/case_variants.h"
#include "explain/explanation.h"
#include "guideline_fixture.h"

namespace aceso::testing {
namespace {

/// Five yes/no inputs, a number of eleven values and a choice of three: small enough to try everything.
constexpr const char* random_inputs = R"(
inputs f "Facts" {
  a : yes/no  b : yes/no  c : yes/no  d : yes/no
  n : number from 0 to 10 step 1
  k : one of { red, green, blue }
}
action x "X" : test
action y "Y" : test
action z "Z" : test
action_class pair at most one { y, z }
)";

class RandomGuideline {
public:
  explicit RandomGuideline(unsigned seed) : random_(seed) {}

  std::string text() {
    std::string body = random_inputs;
    body += "define mixed = " + condition(2) + "\n";
    constexpr const char* verbs[] = {"recommend x", "avoid x", "suggest y", "recommend z", "contraindicate y"};
    const unsigned rules = 3 + pick(3);
    for (unsigned r = 0; r < rules; ++r) {
      body += "rule r" + std::to_string(r) + " { when " + condition(2) + " " + verbs[pick(5)];
      if (r > 0 && pick(3) == 0) body += " overrides r" + std::to_string(pick(r)) + " because \"it is so\"";
      body += " }\n";
    }
    return body;
  }
  PatientCase patient(const Dictionary& dictionary) {
    PatientCase result;
    result.now = *parse_instant("2026-11-22T10:00:00Z");
    for (std::size_t i = 0; i < dictionary.inputs.size(); ++i) {
      if (pick(3) == 0) continue;
      const auto values = domain(dictionary, InputId(i));
      result.facts.push_back({InputId(i), values[pick(static_cast<unsigned>(values.size()))], {}});
    }
    return result;
  }
  /// Every value that an input can take.
  static std::vector<Value> domain(const Dictionary& dictionary, InputId input) {
    const TypeInfo& type = dictionary[dictionary[input].type];
    std::vector<Value> all;
    if (type.kind == TypeKind::yes_no) return {Value(true), Value(false)};
    for (std::size_t i = 0; i < type.members.size(); ++i)
      all.emplace_back(Choice{static_cast<std::uint32_t>(i)});
    for (std::int64_t i = 0; type.kind == TypeKind::number && i <= 10; ++i)
      all.emplace_back(Rational(i));
    return all;
  }

private:
  unsigned pick(unsigned count) { return std::uniform_int_distribution<unsigned>(0, count - 1)(random_); }

  std::string leaf() {
    switch (pick(8)) {
    case 0: return "n < " + std::to_string(1 + pick(9));
    case 1: return "n >= " + std::to_string(1 + pick(9));
    case 2: return "n = " + std::to_string(pick(11));
    case 3: return pick(2) == 0 ? "k = red" : "k in { green, blue }";
    default: return std::string(1, static_cast<char>('a' + pick(4)));
    }
  }
  std::string condition(unsigned depth) {
    if (depth == 0 || pick(5) == 0) return leaf();
    switch (pick(4)) {
    case 0: return "(" + condition(depth - 1) + " and " + condition(depth - 1) + ")";
    case 1: return "(" + condition(depth - 1) + " or " + condition(depth - 1) + ")";
    case 2: return "not (" + condition(depth - 1) + ")";
    default: return "at least 2 of { " + leaf() + ", " + leaf() + ", " + leaf() + " }";
    }
  }

  std::mt19937 random_;
};

using Assignment = std::vector<std::pair<InputId, Value>>;

/// Every assignment of the given inputs out of their whole domains, until `visit` gives false.
bool for_each_assignment(const Dictionary& dictionary, const std::vector<InputId>& inputs,
                         const std::function<bool(const Assignment&)>& visit, Assignment so_far = {}) {
  if (so_far.size() == inputs.size()) return visit(so_far);
  const InputId next = inputs[so_far.size()];
  for (const Value& value : RandomGuideline::domain(dictionary, next)) {
    so_far.emplace_back(next, value);
    if (!for_each_assignment(dictionary, inputs, visit, so_far)) return false;
    so_far.pop_back();
  }
  return true;
}

class Trial {
public:
  explicit Trial(unsigned seed) : source_(seed), body_(source_.text()), guideline_(body_) {
    engine_ = reference::make_engine(guideline_.graph());
    patient_ = source_.patient(dictionary());
  }
  [[nodiscard]] const Dictionary& dictionary() const { return guideline_.graph().dictionary; }
  [[nodiscard]] std::string tell() const { return body_ + write_case(dictionary(), patient_); }
  [[nodiscard]] Decision decide(const PatientCase& patient) { return engine_->evaluate(patient).decision; }
  [[nodiscard]] Outcome outcome(const PatientCase& patient, ActionId action) {
    return outcome_of(decide(patient), action);
  }
  [[nodiscard]] PatientCase with(const Assignment& assignment) const {
    PatientCase result = patient_;
    for (const auto& [input, value] : assignment)
      state(result, input, value);
    return result;
  }
  [[nodiscard]] std::vector<InputId> all_inputs() const {
    std::vector<InputId> all;
    for (std::size_t i = 0; i < dictionary().inputs.size(); ++i)
      all.emplace_back(i);
    return all;
  }
  /// Whether some values of these inputs satisfy `wanted`.
  bool some_answer(const std::vector<InputId>& inputs, const std::function<bool(Outcome)>& wanted, ActionId action) {
    return !for_each_assignment(dictionary(), inputs,
                                [&](const Assignment& a) { return !wanted(outcome(with(a), action)); });
  }

  RandomGuideline source_;
  std::string body_;
  Guideline guideline_;
  std::unique_ptr<Engine> engine_;
  PatientCase patient_;
};

std::string headline(const Decision& decision, ActionId action) {
  for (const Recommendation& r : decision.recommendations)
    if (r.action == action)
      return std::string(to_text(r.status)) + (r.verb ? std::string(to_text(*r.verb)) : "") +
             std::string(to_text(r.strength)) + std::string(to_text(r.urgency));
  return "-";
}

void check_reason(Trial& trial, const Decision& decision, ActionId action, const Reason& reason) {
  ASSERT_EQ(reason.extent, Extent::smallest) << trial.tell();
  PatientCase alone = trial.patient_;
  alone.facts.clear();
  for (const StatedFact& fact : reason.facts)
    alone.facts.push_back({fact.input, fact.value, {}});
  EXPECT_EQ(headline(trial.decide(alone), action), headline(decision, action)) << trial.tell();
  for (std::size_t size = 0; size < reason.facts.size(); ++size) {
    for_each_subset(trial.patient_.facts.size(), size, [&](const std::vector<std::size_t>& chosen) {
      std::vector<bool> kept(trial.patient_.facts.size());
      for (const std::size_t i : chosen)
        kept[i] = true;
      EXPECT_NE(headline(trial.decide(keep_only(trial.patient_, kept)), action), headline(decision, action))
          << trial.tell();
      return true;
    });
  }
}

void check_changes(Trial& trial, ActionId action, Outcome before, const ChangeReport& report) {
  const auto flips = [before](Outcome o) { return o != before && o != Outcome::undetermined; };
  const std::size_t size = report.proposals.empty() ? report.searched_size + 1 : report.proposals[0].changes.size();
  for (const ChangeProposal& proposal : report.proposals) {
    ASSERT_EQ(proposal.changes.size(), size);
    Assignment assignment;
    for (const ChangedFact& change : proposal.changes) {
      EXPECT_NE(change.from, change.to);
      assignment.emplace_back(change.input, change.to);
    }
    EXPECT_EQ(trial.outcome(trial.with(assignment), action), proposal.becomes) << trial.tell();
    EXPECT_TRUE(flips(proposal.becomes));
  }
  const auto all = trial.all_inputs();
  for (std::size_t smaller = 1; smaller < size; ++smaller)
    for_each_subset(all.size(), smaller, [&](const std::vector<std::size_t>& chosen) {
      std::vector<InputId> inputs;
      for (const std::size_t i : chosen)
        inputs.push_back(all[i]);
      EXPECT_FALSE(trial.some_answer(inputs, flips, action))
          << trial.tell() << "fewer facts change action " << action.index();
      return true;
    });
}

void check_missing(Trial& trial, ActionId action, const MissingReport& report) {
  const auto settles = [](Outcome o) { return o != Outcome::undetermined; };
  ASSERT_TRUE(report.is_complete);
  std::set<std::vector<InputId>> told;
  for (const MissingSet& set : report.sets) {
    told.insert(set.inputs);
    std::set<Outcome> outcomes;
    for (const Settled& example : set.examples) {
      Assignment assignment;
      for (const Answer& answer : example.answers)
        assignment.emplace_back(answer.input, answer.value);
      EXPECT_EQ(trial.outcome(trial.with(assignment), action), example.becomes) << trial.tell();
      EXPECT_TRUE(settles(example.becomes));
      EXPECT_TRUE(outcomes.insert(example.becomes).second) << "each outcome once";
    }
    EXPECT_GE(outcomes.size(), 1u);
    EXPECT_LE(set.settling, set.combinations);
  }
  // Exactly the minimal sets of what the case leaves open, over whole domains.
  std::vector<InputId> open;
  for (const InputId input : trial.all_inputs())
    if (!present_value(trial.dictionary(), trial.patient_, input).is_known()) open.push_back(input);
  std::set<std::vector<InputId>> minimal;
  for (std::size_t size = 1; size <= report.searched_size; ++size)
    for_each_subset(open.size(), size, [&](const std::vector<std::size_t>& chosen) {
      std::vector<InputId> inputs;
      for (const std::size_t i : chosen)
        inputs.push_back(open[i]);
      const bool has_part = std::any_of(minimal.begin(), minimal.end(), [&](const std::vector<InputId>& part) {
        return std::includes(inputs.begin(), inputs.end(), part.begin(), part.end());
      });
      if (!has_part && trial.some_answer(inputs, settles, action)) minimal.insert(inputs);
      return true;
    });
  EXPECT_EQ(told, minimal) << trial.tell() << "action " << action.index();

  const auto leaves_open = [](Outcome o) { return o == Outcome::undetermined; };
  ASSERT_TRUE(report.certain) << trial.tell();
  EXPECT_FALSE(trial.some_answer(*report.certain, leaves_open, action)) << trial.tell();
  for (std::size_t i = 0; i < report.certain->size(); ++i) {
    std::vector<InputId> fewer = *report.certain;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_TRUE(trial.some_answer(fewer, leaves_open, action)) << trial.tell();
  }
  if (report.certain_extent != Extent::smallest) return;
  for (std::size_t size = 1; size < report.certain->size(); ++size)
    for_each_subset(open.size(), size, [&](const std::vector<std::size_t>& chosen) {
      std::vector<InputId> inputs;
      for (const std::size_t i : chosen)
        inputs.push_back(open[i]);
      EXPECT_TRUE(trial.some_answer(inputs, leaves_open, action)) << trial.tell() << "fewer are certain";
      return true;
    });
}

TEST(ExplainSearch, HoldsAgainstTryingEverything) {
  std::map<Outcome, unsigned> seen;
  unsigned larger_changes = 0, larger_sets = 0;
  for (unsigned seed = 1; seed <= 150; ++seed) {
    Trial trial(seed);
    for (std::size_t a = 0; a < trial.dictionary().actions.size(); ++a) {
      const ActionId action(a);
      ExplainOptions options;
      options.action = action;
      options.most_sets = 1000;
      options.evaluations = 100'000;
      const ExplainResult result = explain(*trial.engine_, trial.patient_, options);
      ASSERT_TRUE(result.faults.empty());
      const ActionExplanation& told = result.explanation.actions.at(0);
      ++seen[told.outcome];
      EXPECT_EQ(told.missing.has_value(), told.outcome == Outcome::undetermined);
      EXPECT_EQ(told.reason.has_value(), told.outcome != Outcome::undetermined);
      if (told.reason) check_reason(trial, result.explanation.decision, action, *told.reason);
      if (told.missing) check_missing(trial, action, *told.missing);
      if (told.missing && !told.missing->sets.empty()) larger_sets += told.missing->sets.back().inputs.size() > 1;
      if (told.changes) check_changes(trial, action, told.outcome, *told.changes);
      if (told.changes && !told.changes->proposals.empty())
        larger_changes += told.changes->proposals[0].changes.size() > 1;
      if (HasFatalFailure()) return;
    }
  }
  // The trials reach every kind of outcome, and answers that need more than one input.
  for (const Outcome outcome :
       {Outcome::advised, Outcome::advised_against, Outcome::conflict, Outcome::not_advised, Outcome::undetermined})
    EXPECT_GT(seen[outcome], 5u) << to_text(outcome);
  EXPECT_GT(larger_changes, 5u);
  EXPECT_GT(larger_sets, 5u);
}

TEST(ExplainSearch, SaysWhenTheBudgetEnded) {
  Trial trial(7);
  const Guideline g(std::string(random_inputs) + "rule r { when a and b and c and d and n > 5 recommend x }");
  const auto engine = reference::make_engine(g.graph());
  PatientCase patient;
  patient.now = *parse_instant("2026-11-22T10:00:00Z");
  ExplainOptions options;
  options.action = ActionId(0u);
  options.evaluations = 3;
  const auto result = explain(*engine, patient, options);
  ASSERT_TRUE(result.explanation.actions[0].missing);
  EXPECT_FALSE(result.explanation.actions[0].missing->is_complete);
  EXPECT_EQ(result.explanation.actions[0].missing->searched_size, 0u);
  EXPECT_FALSE(result.explanation.actions[0].missing->certain);
  for (const InputId input : trial.all_inputs())
    state(patient, input, RandomGuideline::domain(g.graph().dictionary, input).front());
  const auto full = explain(*engine, patient, options);
  ASSERT_TRUE(full.explanation.actions[0].reason);
  EXPECT_EQ(full.explanation.actions[0].reason->extent, Extent::unfinished);
}

TEST(ExplainSearch, ManyInputsAndLongChainsOfOverridesEnd) {
  std::string body = "inputs f {\n", all;
  for (int i = 0; i < 300; ++i) {
    body += "  q" + std::to_string(i) + " : yes/no\n";
    all += (i == 0 ? "q" : " and q") + std::to_string(i);
  }
  body += "}\naction x \"X\" : test\nrule r0 { when " + all + " recommend x }\n";
  for (int i = 1; i < 30; ++i)
    body += "rule r" + std::to_string(i) + " { when q" + std::to_string(i) + " avoid x overrides r" +
            std::to_string(i - 1) + " because \"so\" }\n";
  const Guideline g(body);
  const auto engine = reference::make_engine(g.graph());
  PatientCase patient;
  patient.now = *parse_instant("2026-11-22T10:00:00Z");
  ExplainOptions options;
  options.action = ActionId(0u);
  options.evaluations = 200;
  const auto open = explain(*engine, patient, options);
  EXPECT_FALSE(open.explanation.actions[0].missing->is_complete);
  EXPECT_FALSE(open.explanation.actions[0].missing->certain);
  for (std::size_t i = 0; i < 300; ++i)
    state(patient, InputId(i), false);
  const auto full = explain(*engine, patient, options);
  EXPECT_EQ(full.explanation.actions[0].outcome, Outcome::not_advised);
  EXPECT_LE(full.explanation.evaluations, 5 * options.evaluations);
}

} // namespace
} // namespace aceso::testing
