#include "testing/proposals.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <functional>
#include <limits>
#include <map>

#include <fmt/format.h>

#include "analyse/analysis.h"
#include "module/input_units.h"
#include "testing/bench.h"
#include "testing/nearby.h"
#include "testing/thresholds.h"

namespace aceso::testing {

using analyse::Answer;
using analyse::Encoding;
using analyse::Lit;
using analyse::Sat;
using analyse::WitnessBuilder;
using graph::Graph;
using graph::Op;
using reference::Evaluation;

namespace {

double to_double(const Rational& number) {
  return static_cast<double>(number.numerator()) / static_cast<double>(number.denominator());
}

constexpr std::array all_truths{Truth::yes, Truth::no, Truth::unknown};

/// A way out that was looked at when this patient was decided about: he stands where it begins, or has just left there.
bool is_open(const Graph& graph, std::uint32_t transition, const Evaluation& evaluation) {
  if (!evaluation.decision.stage) return false;
  const graph::Transition& t = graph.pathway->transitions[transition];
  const auto& path = evaluation.decision.stage->path;
  const auto leads_from = [&](StageId stage) {
    if (!t.is_interrupt()) return t.from == stage;
    return t.to != stage && !std::count(t.except.begin(), t.except.end(), stage);
  };
  if (leads_from(path.back().stage)) return true;
  for (std::size_t v = path.size() - 1; v > 0 && path[v].entered_at.instant == evaluation.decision.at.instant; --v)
    if (leads_from(path[v - 1].stage)) return true;
  return false;
}

/// A goal as nodes of a bench.
struct Wanted {
  std::size_t goal = 0;
  NodeId decides;                 ///< yes: the condition decides
  NodeId settles;                 ///< or, of a value, whether there is one at all; invalid of yes/no
  NodeId condition;               ///< and is ...
  std::optional<Truth> truth;     ///< ... this
  NodeId value;                   ///< or its subject has the value: yes; invalid for none
  NodeId subject;                 ///< of the threshold
  std::optional<Rational> wanted; ///< the number that the subject should have
  std::vector<NodeId> seen;       ///< better if one of them is yes: a rule or caution that it decides as well
};

class Proposer {
public:
  Proposer(const Graph& graph, const source::SourceSet& sources, std::uint32_t file, const ProposalOptions& options)
      : graph_(graph), sources_(sources), file_(file), options_(options) {}

  Proposals run() {
    if (graph_.pathway) {
      analyse::DeepOptions deep;
      deep.budget = options_.budget;
      histories_ = analyse::Analysis(graph_, deep).find_histories();
    }
    for (const Decision& decision : decisions_of(graph_, sources_, file_))
      serve(decision);
    if (options_.boundary) serve_waits();
    assign();
    return std::move(result_);
  }

private:
  [[nodiscard]] std::size_t add_goal(Goal::Kind kind, std::string text, const Decision& decision, Span span) {
    Goal goal;
    goal.kind = kind;
    goal.text = std::move(text);
    goal.topic = decision.topic;
    goal.index = decision.index;
    goal.subject = decision.subject;
    goal.span = span;
    result_.goals.push_back(std::move(goal));
    served_by_.emplace_back();
    return result_.goals.size() - 1;
  }

  void add_goals(const Decision& decision, Bench& bench, std::vector<Wanted>& wanted) {
    for (const Condition& condition : decision.conditions) {
      Wanted common;
      common.decides = bench.is_decided_by(decision.root, condition.node, false);
      if (bench.graph().type_of(decision.root).kind != TypeKind::yes_no)
        common.settles = bench.is_settled_by(decision.root, condition.node);
      common.condition = condition.node;
      if (decision.topic == Topic::definition)
        for (const auto* roots : {&rule_roots_, &caution_roots_})
          for (const NodeId root : *roots)
            if (bench.depends_on(root, condition.node))
              common.seen.push_back(bench.is_decided_by(root, condition.node, true));
      if (options_.boundary)
        if (const auto threshold = threshold_of(graph_, condition.node))
          for (const Neighbour& neighbour : neighbours(graph_, *threshold)) {
            Wanted one = common;
            one.value = bench.is(threshold->subject, neighbour.value);
            one.subject = threshold->subject;
            one.wanted = analyse::to_number(neighbour.value);
            const graph::Node& node = graph_[threshold->subject];
            const std::string subject = words_for(graph_, sources_, threshold->subject);
            const std::string value = node.op == Op::input
                                          ? fact_text(graph_.dictionary, InputId(node.reference), neighbour.value)
                                          : to_text(graph_.dictionary, node.type, neighbour.value);
            one.goal = add_goal(Goal::Kind::boundary,
                                neighbour.side == Side3::on
                                    ? fmt::format("{} = {}, on the threshold of `{}`", subject, value, condition.text)
                                    : fmt::format("{} = {}, {} `{}`", subject, value,
                                                  neighbour.side == Side3::below ? "one step below" : "one step above",
                                                  condition.text),
                                decision, condition.span);
            wanted.push_back(std::move(one));
          }
      if (options_.mcdc)
        for (const Truth truth : all_truths) {
          Wanted one = common;
          one.truth = truth;
          const std::string text = truth == Truth::unknown
                                       ? fmt::format("`{}` is unknown, and that alone leaves it open", condition.text)
                                       : fmt::format("`{}` is {}, and that alone decides", condition.text,
                                                     truth == Truth::yes ? "yes" : "no");
          one.goal = add_goal(Goal::Kind::mcdc, text, decision, condition.span);
          wanted.push_back(std::move(one));
        }
    }
  }

  void serve(const Decision& decision) {
    Bench bench(graph_);
    if (decision.topic == Topic::constraint) bench.drop_constraint(decision.index);
    rule_roots_.clear();
    caution_roots_.clear();
    for (const graph::Rule& rule : graph_.rules)
      if (rule.condition.is_valid()) rule_roots_.push_back(rule.condition);
    for (const graph::Caution& caution : graph_.cautions)
      caution_roots_.push_back(caution.condition);
    std::vector<Wanted> wanted;
    add_goals(decision, bench, wanted);
    if (wanted.empty()) return;

    const Graph& graph = bench.graph();
    // Whom the guideline does not apply to matters where that is what is decided.
    const bool decides_applying =
        decision.topic == Topic::applies || (decision.topic == Topic::definition && graph.applies.is_valid() &&
                                             bench.depends_on(graph.applies, decision.root));
    const bool must_apply = decision.topic != Topic::constraint && !decides_applying;
    const auto shows = [&](const Wanted& one, const Evaluation& e) {
      if (!e.broken.empty()) return false;
      const auto truth = [&](NodeId id) { return e.node_values[id.index()].truth(); };
      if (must_apply && e.decision.applies != Truth::yes) return false;
      if (decision.topic == Topic::transition && !is_open(graph, decision.index, e)) return false;
      if (truth(one.decides) != Truth::yes && !(one.settles.is_valid() && truth(one.settles) == Truth::yes))
        return false;
      if (one.truth && truth(one.condition) != *one.truth) return false;
      return !one.value.is_valid() || truth(one.value) == Truth::yes;
    };
    // Patients that are there already.
    for (const PatientCase& patient : options_.known) {
      const Evaluation e = reference::evaluate(graph, patient);
      for (const Wanted& one : wanted)
        if (shows(one, e)) result_.goals[one.goal].state = Goal::State::known;
    }
    const auto look = [&](std::size_t proposal) {
      const Evaluation e = reference::evaluate(graph, result_.cases[proposal].patient);
      for (const Wanted& one : wanted)
        if (shows(one, e)) {
          if (result_.goals[one.goal].state == Goal::State::undecided)
            result_.goals[one.goal].state = Goal::State::served;
          served_by_[one.goal].push_back(proposal);
        }
    };
    for (std::size_t p = 0; p < result_.cases.size(); ++p)
      look(p);

    Sat sat(options_.budget);
    Encoding encoding(graph, sat);
    WitnessBuilder witnesses(graph);
    if (graph.pathway) witnesses.set_histories(histories_);
    for (const Wanted& one : wanted) {
      if (result_.goals[one.goal].state != Goal::State::undecided) continue;
      std::vector<Lit> core{encoding.truth(one.decides).yes};
      if (one.truth) {
        const analyse::TruthLits lits = encoding.truth(one.condition);
        core.push_back(*one.truth == Truth::yes  ? lits.yes
                       : *one.truth == Truth::no ? lits.no
                                                 : encoding.unknown(lits));
      }
      if (one.value.is_valid()) core.push_back(encoding.truth(one.value).yes);
      if (must_apply) core.push_back(encoding.truth(graph.applies).yes);
      if (decision.topic == Topic::transition)
        if (const StageId from = graph.pathway->transitions[decision.index].from; from.is_valid())
          core.push_back(encoding.stage(from));
      std::vector<Lit> better = core, decided;
      for (const NodeId seen_in : one.seen)
        decided.push_back(encoding.truth(seen_in).yes);
      better.push_back(encoding.any_of(decided));
      const auto is_seen = [&](const Evaluation& e) {
        return shows(one, e) && std::any_of(one.seen.begin(), one.seen.end(),
                                            [&](NodeId id) { return e.node_values[id.index()].truth() == Truth::yes; });
      };
      const auto is_shown = [&](const Evaluation& e) { return shows(one, e); };
      bool is_found = !one.seen.empty() && find(encoding, witnesses, better, is_seen) == Goal::State::served;
      if (!is_found) {
        Goal::State state = find(encoding, witnesses, core, is_shown);
        if (state != Goal::State::served && one.settles.is_valid()) {
          core.front() = encoding.truth(one.settles).yes;
          const Goal::State other = find(encoding, witnesses, core, is_shown);
          if (state == Goal::State::impossible || other == Goal::State::served) state = other;
        }
        is_found = state == Goal::State::served;
        if (!is_found) result_.goals[one.goal].state = state;
      }
      if (is_found) look(result_.cases.size() - 1);
    }
    result_.solver_questions += sat.questions();
    result_.patients_tried += witnesses.evaluations();

    try_neighbours(graph, decision, wanted, must_apply, shows, look);
  }

  /// What the solver could not settle: among the neighbours of patients who serve something else.
  void try_neighbours(const Graph& graph, const Decision& decision, const std::vector<Wanted>& wanted, bool must_apply,
                      const std::function<bool(const Wanted&, const Evaluation&)>& shows,
                      const std::function<void(std::size_t)>& look) {
    std::vector<NodeId> roots{decision.root, graph.applies};
    for (const Condition& condition : decision.conditions)
      roots.push_back(condition.node);
    std::vector<std::uint32_t> inputs;
    for (const NodeId root : roots)
      if (root.is_valid())
        for (const std::uint32_t input : analyse::inputs_behind(graph, root))
          inputs.push_back(input);
    std::sort(inputs.begin(), inputs.end());
    inputs.erase(std::unique(inputs.begin(), inputs.end()), inputs.end());
    constexpr int steps_per_patient = 10;
    const int most = std::max(options_.budget.steps_per_question / steps_per_patient, 1);
    NearbyPatients nearby(graph, std::move(inputs), static_cast<std::uint64_t>(most));
    for (const Wanted& one : wanted) {
      if (result_.goals[one.goal].state != Goal::State::undecided || is_over()) continue;
      NearbyPatients::Aim aim;
      aim.subject = one.subject;
      aim.wanted = one.wanted;
      aim.grade = [&](const Evaluation& e) {
        return shows(one, e) ? 1.0 : nearness(graph, decision, one, must_apply, e);
      };
      std::vector<PatientCase> starts;
      for (const Proposal& proposal : result_.cases)
        starts.push_back(proposal.patient);
      if (auto patient = nearby.find(starts, aim)) {
        result_.cases.push_back({std::move(*patient), {}});
        look(result_.cases.size() - 1);
      }
    }
    result_.patients_tried += nearby.evaluations();
  }

  [[nodiscard]] bool is_over() const {
    return options_.budget.end && std::chrono::steady_clock::now() >= *options_.budget.end;
  }

  /// How much of what is wanted the patient shows, below 1.
  static double nearness(const Graph& graph, const Decision& decision, const Wanted& one, bool must_apply,
                         const Evaluation& e) {
    const auto truth = [&](NodeId id) { return e.node_values[id.index()].truth(); };
    double all = 1, shown = 0;
    const auto ask = [&](bool is_so, double nearly = 0) {
      all += 1;
      shown += is_so ? 1 : nearly;
    };
    if (must_apply) ask(e.decision.applies == Truth::yes);
    if (decision.topic == Topic::transition) ask(is_open(graph, decision.index, e));
    ask(truth(one.decides) == Truth::yes || (one.settles.is_valid() && truth(one.settles) == Truth::yes));
    if (one.truth) ask(truth(one.condition) == *one.truth);
    if (one.wanted) {
      const auto number = analyse::to_number(e.node_values[one.subject.index()]);
      const double distance =
          number ? std::abs(to_double(*number) - to_double(*one.wanted)) : std::numeric_limits<double>::infinity();
      const double scale = std::abs(to_double(*one.wanted)) + 1e-9;
      ask(distance == 0, 0.9 / (1 + 100 * distance / scale));
    }
    return shown / all;
  }

  /// Adds the patient where there is one.
  Goal::State find(Encoding& encoding, WitnessBuilder& witnesses, std::vector<Lit> wanted,
                   const WitnessBuilder::Shows& shows) {
    constexpr int most_models = 12;
    Sat& sat = encoding.sat();
    wanted.insert(wanted.end(), encoding.constraint_switches().begin(), encoding.constraint_switches().end());
    bool was_ruled_out = false;
    for (int i = 0; i < most_models; ++i) {
      const Answer answer = sat.solve(wanted);
      if (answer == Answer::gave_up) return Goal::State::undecided;
      if (answer == Answer::unsatisfiable) return was_ruled_out ? Goal::State::undecided : Goal::State::impossible;
      if (auto witness = witnesses.from_model(encoding, shows)) {
        result_.cases.push_back({std::move(witness->patient), {}});
        return Goal::State::served;
      }
      std::vector<Lit> clause;
      for (const Lit literal : encoding.found_free_literals())
        clause.push_back(-literal);
      if (clause.empty()) return Goal::State::undecided;
      const Lit counts = sat.fresh(); // so that later questions may have this combination again
      clause.push_back(-counts);
      wanted.push_back(counts);
      sat.add(clause);
      was_ruled_out = true;
    }
    return Goal::State::undecided;
  }

  /// The end of each wait of the pathway: one unit before it, and at it.
  void serve_waits() {
    if (!graph_.pathway) return;
    const auto& transitions = graph_.pathway->transitions;
    for (std::size_t t = 0; t < transitions.size(); ++t) {
      const graph::Transition& transition = transitions[t];
      if (!transition.after || *transition.after == Period{} || transition.is_interrupt() ||
          transition.span.file != file_)
        continue;
      Decision decision{Topic::transition,
                        static_cast<std::uint32_t>(t),
                        0,
                        transition.condition,
                        "transition " + transition_name(graph_, transition),
                        transition.span,
                        {}};
      constexpr std::int64_t one_minute = 60, one_hour = 3600, one_day = 86'400;
      const std::int64_t unit = transition.after->seconds % one_day == 0    ? one_day
                                : transition.after->seconds % one_hour == 0 ? one_hour
                                                                            : one_minute;
      const std::string_view unit_name = unit == one_day ? "day" : unit == one_hour ? "hour" : "minute";
      const std::size_t early =
          add_goal(Goal::Kind::boundary,
                   fmt::format("one {} before the wait of {} ends", unit_name, aceso::to_text(*transition.after)),
                   decision, transition.span);
      const std::size_t due =
          add_goal(Goal::Kind::boundary, fmt::format("when the wait of {} ends", aceso::to_text(*transition.after)),
                   decision, transition.span);
      Sat sat(options_.budget);
      Encoding encoding(graph_, sat);
      WitnessBuilder witnesses(graph_);
      witnesses.set_histories(histories_);
      const Instant now = witnesses.now().instant;
      const Instant entered = aceso::add(Instant{now.seconds + unit}, *transition.after, Zone(0), -1);
      witnesses.add_stay(now.seconds - entered.seconds); // the wait ends tomorrow, and what is measured today counts
      // At the end of the wait he goes on, just before it he stands where he stood.
      std::optional<PatientCase> before, after;
      const auto shows = [&](const Evaluation& e) {
        if (!e.decision.stage || e.decision.stage->stage != transition.from) return false;
        const PatientCase whole = history_of(e);
        PatientCase patient;
        const Instant entered = e.decision.stage->entered_at.instant;
        const auto at = [&](Instant instant) {
          patient = whole;
          patient.now.instant = instant;
          std::erase_if(patient.events, [&](const Event& event) { return event.at.instant > instant; });
          return reference::evaluate(graph_, patient);
        };
        const Instant end = aceso::add(entered, *transition.after, whole.zone());
        const Evaluation late = at(end);
        if (!late.broken.empty() || !late.decision.stage) return false;
        const auto& path = late.decision.stage->path;
        const bool is_taken = path.size() >= 2 && path.back().stage == transition.to &&
                              path[path.size() - 2].stage == transition.from && path.back().entered_at.instant == end;
        if (!is_taken) return false;
        after = patient;
        const Evaluation soon = at(Instant{end.seconds - unit});
        if (!soon.decision.stage || soon.decision.stage->stage != transition.from ||
            soon.decision.stage->entered_at.instant != entered)
          return false;
        before = patient;
        return true;
      };
      const std::size_t count = result_.cases.size();
      std::vector<Lit> wanted{encoding.truth(transition.condition).yes, encoding.truth(graph_.applies).yes,
                              encoding.stage(transition.from)};
      for (std::size_t other = 0; other < transitions.size(); ++other)
        if (other != t && !(transitions[other].to == transition.to && transitions[other].after) &&
            (transitions[other].is_interrupt() || transitions[other].from == transition.from))
          wanted.push_back(-encoding.truth(transitions[other].condition).yes);
      const Goal::State state = find(encoding, witnesses, std::move(wanted), shows);
      result_.solver_questions += sat.questions();
      result_.patients_tried += witnesses.evaluations();
      if (state != Goal::State::served) continue; // the other ways were only left out to make it easier
      const Evaluation kept = reference::evaluate(graph_, result_.cases.back().patient);
      result_.cases.resize(count);
      if (!shows(kept)) continue;
      for (const auto& [goal, patient] : {std::pair(early, before), std::pair(due, after)}) {
        result_.goals[goal].state = Goal::State::served;
        served_by_[goal].push_back(result_.cases.size());
        result_.cases.push_back({*patient, {}});
      }
    }
  }

  /// The case behind an evaluation, what holds now included as an event, so that it can be asked at another instant.
  static PatientCase history_of(const Evaluation& evaluation) {
    PatientCase patient;
    patient.now = evaluation.snapshot.zone.at(evaluation.snapshot.at);
    std::map<Instant, std::vector<Fact>> stated;
    for (std::size_t i = 0; i < evaluation.snapshot.series.size(); ++i)
      for (const auto& [at, value] : evaluation.snapshot.series[i])
        stated[at].push_back({InputId(i), value, {}});
    for (auto& [at, facts] : stated)
      patient.events.push_back({{at, patient.now.offset_seconds}, std::move(facts)});
    return patient;
  }

  /// Leaves out cases that others make unnecessary, the last first, and gives each goal to one case.
  void assign() {
    const std::size_t count = result_.cases.size();
    std::vector<bool> is_kept(count, true);
    std::vector<std::vector<std::size_t>> goals_of(count);
    std::vector<std::size_t> servers(result_.goals.size());
    for (std::size_t g = 0; g < result_.goals.size(); ++g) {
      if (result_.goals[g].state != Goal::State::served) continue;
      for (const std::size_t p : served_by_[g])
        goals_of[p].push_back(g);
      servers[g] = served_by_[g].size();
    }
    for (std::size_t p = count; p-- > 0;) {
      const bool is_needed =
          std::any_of(goals_of[p].begin(), goals_of[p].end(), [&](std::size_t g) { return servers[g] == 1; });
      if (is_needed) continue;
      is_kept[p] = false;
      for (const std::size_t g : goals_of[p])
        --servers[g];
    }
    std::vector<Proposal> kept;
    std::vector<std::size_t> place(count);
    for (std::size_t p = 0; p < count; ++p) {
      if (!is_kept[p]) continue;
      place[p] = kept.size();
      kept.push_back(std::move(result_.cases[p]));
    }
    for (std::size_t g = 0; g < result_.goals.size(); ++g) {
      if (result_.goals[g].state != Goal::State::served) continue;
      for (const std::size_t p : served_by_[g])
        if (is_kept[p]) {
          kept[place[p]].goals.push_back(g);
          break;
        }
    }
    // A case may serve only goals that were given to another one.
    std::erase_if(kept, [](const Proposal& one) { return one.goals.empty(); });
    std::stable_sort(kept.begin(), kept.end(),
                     [](const Proposal& a, const Proposal& b) { return a.goals.front() < b.goals.front(); });
    result_.cases = std::move(kept);
  }

  const Graph& graph_;
  const source::SourceSet& sources_;
  std::uint32_t file_;
  const ProposalOptions& options_;
  WitnessBuilder::Histories histories_;
  std::vector<NodeId> rule_roots_, caution_roots_;
  std::vector<std::vector<std::size_t>> served_by_; ///< by goal
  Proposals result_;
};

} // namespace

std::size_t Proposals::count(Goal::State state) const {
  return static_cast<std::size_t>(
      std::count_if(goals.begin(), goals.end(), [&](const Goal& goal) { return goal.state == state; }));
}

Proposals propose(const Graph& graph, const source::SourceSet& sources, std::uint32_t file,
                  const ProposalOptions& options) {
  return Proposer(graph, sources, file, options).run();
}

} // namespace aceso::testing
