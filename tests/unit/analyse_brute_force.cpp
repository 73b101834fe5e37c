/// The checker is checked: random small guidelines, every question also answered by trying every patient there is.
/// ACESO_CHECKED_GUIDELINES says how many (tools/dev fuzz asks for 20,000), ACESO_FIRST_GUIDELINE which comes first
/// (1), so that they can be checked in parts.
#include <cstdlib>
#include <functional>
#include <map>
#include <random>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "aceso/compiler.h"
#include "analyse/deep.h"
#include "graph/graph.h"
#include "reference/engine.h"

namespace aceso {
namespace {

using analyse::Verdict;
using diagnostics::Kind;
using reference::Evaluation;

/// Text of a small random guideline: three yes/no inputs, one choice, one number; derived values, tables, rules.
class Writer {
public:
  explicit Writer(unsigned seed) : random_(seed) {}

  std::string guideline() {
    std::string text = "guideline g { title \"G\" version 0.1.0 published 2026-01-01";
    if (chance(3)) text += " applies when " + condition(1);
    text += " }\nsource s \"S\"\ninputs i \"I\" {\n  a : yes/no\n  b : yes/no";
    text += chance(6) ? " { unknown assume no because \"rare\" }\n" : "\n";
    text += "  c : yes/no\n  n : number from 0 to 4 step 1 typical 2\n  k : one of { red, green }\n}\n";
    if (chance(4)) text += "constraint fits { require " + condition(1) + " message \"It does not fit.\" }\n";
    text += "define d = " + condition(2) + "\n";
    names_.emplace_back("d");
    if (chance(2)) {
      text += fmt::format("define points = score {{\n  1 if {}\n  {} if {}\n  -1 if {}\n}}\n", condition(1),
                          1 + pick(2), condition(1), condition(1));
      text += fmt::format("define high = points >= {}\n", pick(4));
      names_.emplace_back("high");
    }
    text += "action x \"X\" : test\naction y \"Y\" : test\naction_class both at most one { x, y }\n";
    const char* policies[] = {"first", "unique", "any"};
    text += fmt::format("table t : one of {{ low, middle, top }} {} {{\n  n | a -> t\n", policies[pick(3)]);
    const int rows = 2 + static_cast<int>(pick(3));
    for (int row = 0; row < rows; ++row)
      text += fmt::format("  {} | {} -> {}\n", cell(), std::vector<std::string>{"-", "yes", "no"}[pick(3)],
                          std::vector<std::string>{"low", "middle", "top"}[pick(3)]);
    text += "}\n";
    names_.emplace_back("t = low");
    names_.emplace_back("t in { middle, top }");
    const char* advice[] = {"recommend x", "recommend y",      "avoid x",
                            "suggest x",   "contraindicate y", "recommend x strong"};
    const unsigned rules = 2 + pick(3);
    for (unsigned r = 0; r < rules; ++r) {
      text += fmt::format("rule r{} {{ when {} ", r, condition(2));
      if (chance(4)) text += "unless " + condition(1) + " ";
      text += advice[pick(6)];
      if (r > 0 && chance(4)) text += fmt::format(" overrides r{} because \"b\"", r - 1);
      text += " cite s }\n";
    }
    const char* outcomes[] = {"recommended x", "advised y", "avoided x", "conflict x", "undetermined y"};
    text += fmt::format("property p {{ never {} when {}{} }}\n", outcomes[pick(5)], condition(1),
                        chance(3) ? " even when data are missing" : "");
    text += fmt::format("property q {{ whenever {} then {}{} }}\n", condition(1), outcomes[pick(4)],
                        chance(3) ? " even when data are missing" : "");
    return text;
  }

  /// The same with a pathway of four stages and rules that ask for the stage.
  std::string guideline_with_pathway() {
    std::string text = guideline() + "pathway care {\n  start s0\n";
    if (chance(2)) text += "  at any stage except s3 when " + condition(1) + " go to s3\n";
    for (unsigned stage = 0; stage < 4; ++stage) {
      text += fmt::format("  stage s{} {{\n", stage);
      for (unsigned way = pick(3); way > 0; --way) {
        const unsigned target = pick(4);
        const char* waits[] = {"", "", "after 1 day ", "after 2 weeks "};
        if (chance(5))
          text += fmt::format("    after 1 day when {} repeat s{} at most 2\n", condition(0), target);
        else
          text += fmt::format("    {}when {}{} go to s{}\n", waits[pick(4)], chance(4) ? "c is known and " : "",
                              bracket(condition(1)), target);
      }
      text += "  }\n";
    }
    text += "}\n";
    for (unsigned r = 0; r < 3; ++r)
      text += fmt::format("rule in_stage{} {{ when in stage s{} and {} recommend y cite s }}\n", r, pick(4),
                          bracket(condition(1)));
    return text;
  }

private:
  unsigned pick(unsigned size) { return static_cast<unsigned>(random_() % size); }
  bool chance(unsigned one_in) { return pick(one_in) == 0; }

  std::string cell() {
    switch (pick(5)) {
    case 0: return "-";
    case 1: return fmt::format("< {}", 1 + pick(4));
    case 2: return fmt::format(">= {}", 1 + pick(4));
    case 3: {
      const unsigned low = pick(4);
      return fmt::format("{} to {}", low, low + 1);
    }
    default: return fmt::format("{}", pick(5));
    }
  }
  std::string atom() {
    switch (pick(9)) {
    case 0: return "a";
    case 1: return "b";
    case 2: return "c";
    case 3: return fmt::format("n < {}", 1 + pick(4));
    case 4: return fmt::format("n >= {}", 1 + pick(4));
    case 5: return pick(2) == 0 ? "k = red" : "k != red";
    case 6: return fmt::format("n * 2 + 1 > {}", pick(9));
    case 7: return chance(3) ? "c is known" : "a";
    default: return names_.empty() ? "b" : names_[pick(static_cast<unsigned>(names_.size()))];
    }
  }
  std::string condition(unsigned depth) {
    if (depth == 0) return chance(4) ? "not " + bracket(atom()) : atom();
    switch (pick(5)) {
    case 0: return fmt::format("{} and {}", bracket(condition(depth - 1)), bracket(condition(depth - 1)));
    case 1: return fmt::format("{} or {}", bracket(condition(depth - 1)), bracket(condition(depth - 1)));
    case 2: return fmt::format("(at least 2 of {{ {}, {}, {} }})", atom(), atom(), atom());
    case 3: return "not " + bracket(condition(depth - 1));
    default: return atom();
    }
  }
  static std::string bracket(const std::string& text) {
    return text.find(' ') == std::string::npos ? text : "(" + text + ")";
  }

  std::mt19937 random_;
  std::vector<std::string> names_;
};

/// Every patient: each input unknown or one of its values.
void for_each_patient(const graph::Graph& graph,
                      const std::function<void(const Evaluation&, const PatientCase&)>& visit) {
  std::vector<std::vector<Value>> choices;
  for (const InputInfo& input : graph.dictionary.inputs) {
    const TypeInfo& type = graph.dictionary[input.type];
    std::vector<Value> values{Value()};
    if (type.kind == TypeKind::yes_no) values.insert(values.end(), {Value(false), Value(true)});
    for (std::uint32_t m = 0; m < type.members.size(); ++m)
      values.emplace_back(Choice{m});
    if (type.kind == TypeKind::number)
      for (int n = 0; n <= 4; ++n)
        values.emplace_back(Rational(n));
    choices.push_back(std::move(values));
  }
  std::vector<std::size_t> at(choices.size());
  while (true) {
    PatientCase patient;
    patient.now = {Instant{1'767'225'600}, 0};
    for (std::size_t i = 0; i < at.size(); ++i)
      if (at[i] != 0) patient.facts.push_back({InputId(i), choices[i][at[i]], {}});
    const Evaluation evaluation = reference::evaluate(graph, patient);
    if (evaluation.broken.empty()) visit(evaluation, patient);
    std::size_t i = 0;
    while (i < at.size() && ++at[i] == choices[i].size())
      at[i++] = 0;
    if (i == at.size()) return;
  }
}

/// Every other guideline is questioned in excerpts, as large ones are.
analyse::DeepOptions options_for(unsigned seed) {
  analyse::DeepOptions options;
  if (seed % 2 == 1) options.excerpts = {0, 1, 1'000};
  return options;
}

/// What the checker should say, by check and subject: is there a patient?
using Truths = std::map<std::pair<Kind, std::string>, bool>;

/// What this evaluation shows.
void see_all(const graph::Graph& graph, const Evaluation& e, Truths& truths) {
  const auto& names = graph.dictionary;
  const auto yes = [](const Evaluation& evaluation, NodeId id) {
    return !id.is_valid() || evaluation.node_values[id.index()].truth() == Truth::yes;
  };
  const auto no = [](const Evaluation& evaluation, NodeId id) {
    return id.is_valid() && evaluation.node_values[id.index()].truth() == Truth::no;
  };
  const auto see = [&](Kind kind, const std::string& subject, bool seen) {
    bool& known = truths[{kind, subject}];
    known = known || seen;
  };
  const bool applies = e.decision.applies == Truth::yes;
  for (std::size_t r = 0; r < graph.rules.size(); ++r)
    see(Kind::unreachable, "rule " + names.rules[r].name, applies && yes(e, graph.rules[r].condition));
  for (const Recommendation& recommendation : e.decision.recommendations)
    see(Kind::conflict, "action " + names[recommendation.action].name,
        recommendation.status == RecommendationStatus::conflict);
  for (std::size_t p = 0; p < graph.properties.size(); ++p) {
    bool violated = false;
    for (const auto& v : e.violated)
      violated |= v.property == p;
    see(Kind::property_refuted, "property " + graph.properties[p].name, violated);
  }
  for (std::size_t d = 0; d < graph.definitions.size(); ++d) {
    const graph::Node& table = graph[graph.definitions[d].node];
    if (table.op != graph::Op::table) continue;
    const std::string& name = names.definitions[d].name;
    const auto policy = static_cast<graph::HitPolicy>(table.reference);
    bool all_no = true;
    std::set<std::string> said;
    int hits = 0;
    for (std::size_t i = 0; i < table.operands.size(); i += 2) {
      const bool hit = yes(e, table.operands[i]);
      see(Kind::unreachable, fmt::format("row {} of {}", i / 2 + 1, name),
          hit && (policy != graph::HitPolicy::first || all_no));
      all_no &= no(e, table.operands[i]);
      hits += hit;
      const graph::Node& output = graph[table.operands[i + 1]];
      if (hit) said.insert(to_text(names, output.type, output.constant));
    }
    see(Kind::gap, "table " + name, all_no);
    if (policy != graph::HitPolicy::first)
      see(Kind::overlap, "table " + name, policy == graph::HitPolicy::unique ? hits > 1 : said.size() > 1);
  }
  if (e.decision.stage)
    for (const StageVisit& visit : e.decision.stage->path)
      see(Kind::unreachable, "stage " + names[visit.stage].name, true);
}

Truths brute_force(const graph::Graph& graph) {
  Truths truths;
  for_each_patient(graph, [&](const Evaluation& e, const PatientCase&) { see_all(graph, e, truths); });
  return truths;
}

/// Some patient gets advice in favour, and loses it when more is known.
Truths brute_force_withdrawn(const graph::Graph& graph) {
  std::map<std::vector<std::string>, std::vector<bool>> favoured;
  const std::size_t actions = graph.dictionary.actions.size(), inputs = graph.dictionary.inputs.size();
  for_each_patient(graph, [&](const Evaluation& e, const PatientCase& patient) {
    std::vector<std::string> key(inputs);
    for (const Fact& fact : patient.facts)
      key[fact.input.index()] = to_text(graph.dictionary, graph.dictionary[fact.input].type, fact.value);
    std::vector<bool> in_favour(actions);
    for (const Recommendation& r : e.decision.recommendations)
      in_favour[r.action.index()] = r.status == RecommendationStatus::advised && is_for(*r.verb);
    favoured.emplace(std::move(key), std::move(in_favour));
  });
  Truths truths;
  for (std::size_t a = 0; a < actions; ++a) {
    bool& withdrawn = truths[{Kind::advice_withdrawn, "action " + graph.dictionary.actions[a].name}];
    for (const auto& [more, favoured_then] : favoured) {
      if (favoured_then[a] || withdrawn) continue;
      // Every patient of whom less is known.
      for (unsigned mask = 1; mask < (1U << inputs) && !withdrawn; ++mask) {
        std::vector<std::string> less = more;
        for (std::size_t i = 0; i < inputs; ++i)
          if ((mask >> i & 1U) != 0) less[i].clear();
        const auto before = favoured.find(less);
        withdrawn = before != favoured.end() && before->second[a];
      }
    }
  }
  return truths;
}

unsigned from_environment(const char* name, unsigned otherwise) {
  const char* wanted = std::getenv(name);
  return wanted ? static_cast<unsigned>(std::strtoul(wanted, nullptr, 10)) : otherwise;
}
unsigned guidelines_to_check() { return from_environment("ACESO_CHECKED_GUIDELINES", 60); }
unsigned first_guideline() { return from_environment("ACESO_FIRST_GUIDELINE", 1); }
unsigned end_of_guidelines() { return first_guideline() + guidelines_to_check(); }

/// By stage and input: a way out asks whether the input is known, and none into another stage opens for any patient of
/// whom it is not.
using Closed = std::vector<std::vector<bool>>;

bool is_own_way(const graph::Transition& t, std::size_t stage) { return !t.is_interrupt() && t.from == StageId(stage); }

bool opens_way(const graph::Graph& graph, const Evaluation& e, std::size_t stage) {
  return std::any_of(graph.pathway->transitions.begin(), graph.pathway->transitions.end(), [&](const auto& t) {
    return is_own_way(t, stage) && t.to != StageId(stage) &&
           (!t.condition.is_valid() || e.node_values[t.condition.index()].truth() == Truth::yes);
  });
}

Closed closed_without(const graph::Graph& graph) {
  const std::size_t inputs = graph.dictionary.inputs.size();
  Closed closed(graph.dictionary.stages.size(), std::vector<bool>(inputs, false));
  const auto see_asked = [&](const auto& self, std::vector<bool>& asked, NodeId id) -> void {
    const graph::Node& node = graph[id];
    if (node.op == graph::Op::is_known && graph[node.operands[0]].op == graph::Op::input)
      asked[graph[node.operands[0]].reference] = true;
    for (const NodeId operand : node.operands)
      self(self, asked, operand);
  };
  for (const graph::Transition& t : graph.pathway->transitions)
    if (!t.is_interrupt() && t.condition.is_valid()) see_asked(see_asked, closed[t.from.index()], t.condition);
  for_each_patient(graph, [&](const Evaluation& e, const PatientCase&) {
    for (std::size_t stage = 0; stage < closed.size(); ++stage)
      for (std::size_t i = 0; i < inputs; ++i)
        if (!e.snapshot.values[i].is_known() && closed[stage][i] && opens_way(graph, e, stage))
          closed[stage][i] = false;
  });
  return closed;
}

/// This patient waits in a stage for an input, and nothing asks for it.
void see_waits(const graph::Graph& graph, const Closed& closed, const PatientCase& patient, const Evaluation& e,
               Truths& truths) {
  if (!e.decision.stage) return;
  const std::size_t stage = e.decision.stage->stage.index();
  if (!e.decision.stage->conflict.empty())
    truths[{Kind::ambiguous_ways, "stage " + graph.dictionary.stages[stage].name}] = true;
  for (const graph::Transition& t : graph.pathway->transitions)
    if (is_own_way(t, stage) && (!t.condition.is_valid() || e.node_values[t.condition.index()].truth() != Truth::no))
      return;
  for (std::size_t i = 0; i < graph.dictionary.inputs.size(); ++i) {
    const TypeInfo& type = graph.dictionary[graph.dictionary.inputs[i].type];
    if (!closed[stage][i] || e.snapshot.values[i].is_known()) continue;
    for (unsigned v = 0; v < 5; ++v) {
      Value value;
      if (type.kind == TypeKind::yes_no && v < 2) value = Value(v == 1);
      if (type.kind == TypeKind::number) value = Value(Rational(v));
      if (type.kind == TypeKind::choice && v < type.members.size()) value = Value(Choice{v});
      if (!value.is_known()) continue;
      PatientCase answered = patient;
      std::erase_if(answered.facts, [&](const Fact& fact) { return fact.input == InputId(i); });
      answered.facts.push_back({InputId(i), value, {}});
      const Evaluation then = reference::evaluate(graph, answered);
      const auto asks = [&](const graph::Transition& t) {
        return is_own_way(t, stage) && t.to != StageId(stage) &&
               then.node_values[t.condition.index()].truth() != Truth::no;
      };
      const auto& ways = graph.pathway->transitions;
      if (then.broken.empty() && std::any_of(ways.begin(), ways.end(), asks))
        truths[{Kind::unasked_wait, "stage " + graph.dictionary.stages[stage].name}] = true;
    }
  }
}

TEST(AnalyseBruteForce, EveryAnswerIsThatOfTryingEveryPatient) {
  unsigned questions = 0, refuted = 0;
  for (unsigned seed = first_guideline(); seed < end_of_guidelines(); ++seed) {
    const std::string text = Writer(seed).guideline();
    const Compilation compilation = compile_text(text, "g.aceso");
    if (!compilation.ok()) continue; // a condition that always comes out the same, for example
    const graph::Graph& graph = *compilation.graph();
    Truths truths = brute_force(graph);
    truths.merge(brute_force_withdrawn(graph));
    for (const analyse::Question& question : analyse::deep_check(graph, options_for(seed)).questions) {
      const auto expected = truths.find({question.check, question.subject});
      if (expected == truths.end()) continue;
      ++questions;
      // "Unreachable" complains that there is no patient; all others, that there is one.
      const bool complained = question.verdict == Verdict::refuted;
      refuted += complained;
      const bool should_complain = (question.check == Kind::unreachable) != expected->second;
      EXPECT_EQ(complained, should_complain) << question.subject << " (" << diagnostics::info(question.check).name
                                             << ", " << to_text(question.verdict) << ") in guideline " << seed << ":\n"
                                             << text;
      EXPECT_NE(question.verdict, Verdict::undecided) << question.subject << " in guideline " << seed << ":\n" << text;
    }
    if (HasFailure()) return;
  }
  EXPECT_GT(questions, guidelines_to_check() * 5);
  EXPECT_GT(refuted, guidelines_to_check());
}

/// A patient with up to three earlier visits, days or weeks apart.
PatientCase random_history(const graph::Graph& graph, std::mt19937& random) {
  const auto facts = [&] {
    std::vector<Fact> said;
    for (std::size_t i = 0; i < graph.dictionary.inputs.size(); ++i) {
      const TypeInfo& type = graph.dictionary[graph.dictionary.inputs[i].type];
      if (random() % 3 == 0) continue;
      Fact fact;
      fact.input = InputId(i);
      if (type.kind == TypeKind::yes_no) fact.value = Value(random() % 2 == 0);
      if (type.kind == TypeKind::number) fact.value = Value(Rational(static_cast<std::int64_t>(random() % 5)));
      if (type.kind == TypeKind::choice)
        fact.value = Value(Choice{static_cast<std::uint32_t>(random() % type.members.size())});
      said.push_back(std::move(fact));
    }
    return said;
  };
  PatientCase patient;
  std::int64_t at = 1'767'225'600;
  for (std::uint32_t visits = static_cast<std::uint32_t>(random() % 4); visits > 0; --visits) {
    patient.events.push_back({{Instant{at}, 0}, facts()});
    at += (random() % 2 == 0 ? 1 : 15) * std::int64_t{86'400};
  }
  patient.now = {Instant{at}, 0};
  patient.facts = facts();
  return patient;
}

TEST(AnalyseBruteForce, NoHistoryContradictsAProof) {
  unsigned denied = 0, pathways = 0;
  unsigned waits = 0, held = 0;
  for (unsigned seed = first_guideline(); seed < end_of_guidelines(); ++seed) {
    const std::string text = Writer(seed).guideline_with_pathway();
    const Compilation compilation = compile_text(text, "g.aceso");
    if (!compilation.ok()) continue;
    ++pathways;
    const graph::Graph& graph = *compilation.graph();
    Truths truths;
    const Closed closed = closed_without(graph);
    std::mt19937 random(seed);
    for (int i = 0; i < 400; ++i) {
      const PatientCase patient = random_history(graph, random);
      const Evaluation evaluation = reference::evaluate(graph, patient);
      if (!evaluation.broken.empty()) continue;
      see_all(graph, evaluation, truths);
      see_waits(graph, closed, patient, evaluation, truths);
    }
    for (const analyse::Question& question : analyse::deep_check(graph, options_for(seed)).questions) {
      const bool says_nobody =
          question.verdict == (question.check == Kind::unreachable ? Verdict::refuted : Verdict::proved);
      denied += says_nobody;
      held += question.check == Kind::ambiguous_ways && question.verdict == Verdict::refuted;
      waits += question.check == Kind::unasked_wait && question.verdict == Verdict::refuted;
      const auto seen = truths.find({question.check, question.subject});
      if (seen == truths.end() || !seen->second) continue;
      EXPECT_FALSE(says_nobody) << question.subject << " (" << diagnostics::info(question.check).name
                                << ") in guideline " << seed << ":\n"
                                << text;
    }
    if (HasFailure()) return;
  }
  EXPECT_GT(pathways, guidelines_to_check() / 4);
  EXPECT_GT(denied, pathways * 5);
  if (pathways > 40) {
    EXPECT_GT(waits, 0U);
    EXPECT_GT(held, 0U);
  }
}

} // namespace
} // namespace aceso
