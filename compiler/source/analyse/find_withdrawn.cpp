/// Advice that learning more takes back.
#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "analyse/analysis.h"
#include "reference/outcome.h"

namespace aceso::analyse {

using diagnostics::Kind;
using graph::Advice;
using graph::HitPolicy;
using graph::Node;
using graph::Op;
using reference::Evaluation;

namespace {

/// How many things that a table says are looked at, and how many pairs of rows for each, before the solver is asked.
constexpr std::size_t most_said = 64, most_pairs_of_one = 200;

bool is_in_favour(const Evaluation& e, ActionId action) {
  const Recommendation* r = recommendation(e, action);
  return r && r->status == RecommendationStatus::advised && is_for(*r->verb);
}

/// Does this row match, as far as is known? Of what it does not ask for nothing need be known.
bool is_inside(const BoxTable& boxes, std::size_t row, const Point& places) {
  const Box& box = boxes.row(row);
  for (std::size_t i = 0; i < box.size(); ++i) {
    if (box[i].low == boxes.whole()[i].low && box[i].high == boxes.whole()[i].high) continue;
    if (places[i] < box[i].low || places[i] > box[i].high) return false;
  }
  return true;
}

} // namespace

bool Analysis::can_learning_contradict(NodeId table) {
  const Boxed& rows = boxed(table);
  if (!rows.table) return true;
  const Node& node = graph_[table];
  // A row that is a box matches only where everything that it asks for is known.
  std::vector<std::vector<std::uint32_t>> asked;
  for (std::size_t row = 0; row < rows.meeting.size(); ++row)
    asked.push_back(inputs_behind(graph_, node.operands[2 * row]));
  const auto says_same = [&](std::size_t a, std::size_t b) {
    const Node &x = graph_[node.operands[2 * a + 1]], &y = graph_[node.operands[2 * b + 1]];
    return x.op == Op::constant && y.op == Op::constant && x.constant == y.constant;
  };
  for (std::size_t row = 0; row < rows.meeting.size(); ++row)
    for (const std::uint32_t other : rows.meeting[row])
      if (!says_same(row, other) && asked[row] != asked[other]) return true;
  return false;
}

bool Analysis::can_learning_withdraw(const std::vector<NodeId>& roots) {
  const auto nodes = nodes_behind(graph_, roots);
  return std::any_of(nodes.begin(), nodes.end(), [&](NodeId id) {
    const Node& node = graph_[id];
    switch (node.op) {
    case Op::is_known:
    case Op::unknown_because: return true;
    case Op::input: return graph_.dictionary.inputs[node.reference].unknown_policy == UnknownPolicy::assume;
    case Op::table: return static_cast<HitPolicy>(node.reference) != HitPolicy::first && can_learning_contradict(id);
    default: return false;
    }
  });
}

/// The same patient before these inputs were learned.
Evaluation Analysis::without(const Evaluation& e, const std::vector<InputId>& inputs) const {
  PatientCase fewer = case_of(e);
  const auto is_learned = [&](const Fact& f) { return std::count(inputs.begin(), inputs.end(), f.input) > 0; };
  std::erase_if(fewer.facts, is_learned);
  for (const InputId input : inputs) {
    const auto& stated = e.snapshot.series[input.index()];
    if (graph_.dictionary[input].is_series) {
      // Nothing was measured at all: one measurement less would be another day.
      for (Event& event : fewer.events)
        std::erase_if(event.facts, [&](const Fact& f) { return f.input == input; });
    } else if (stated.size() > 1 || (!stated.empty() && stated.back().first < e.snapshot.at)) {
      fewer.facts.push_back(not_asked(input));
    }
  }
  return reference::evaluate_outcome(graph_, fewer);
}

WitnessBuilder::Shows Analysis::shows_withdrawn(ActionId action, const std::vector<InputId>& learned) const {
  return [this, action, learned](const Evaluation& e) {
    if (is_in_favour(e, action)) return false;
    const Evaluation earlier = without(e, learned);
    const auto stage = [](const Evaluation& one) { return one.decision.stage ? one.decision.stage->stage : StageId(); };
    return earlier.broken.empty() && stage(earlier) == stage(e) && is_in_favour(earlier, action);
  };
}

void Analysis::tell_withdrawn(ActionId action, const std::vector<InputId>& learned, Witness witness) {
  const std::string& name = graph_.dictionary[action].name;
  const std::string subject = fmt::format("action {}", name);
  // Which of the learned facts does it?
  const Evaluation full = reference::evaluate_outcome(graph_, witness.patient);
  std::vector<InputId> needed;
  for (const InputId input : learned)
    if (std::count(witness.inputs.begin(), witness.inputs.end(), input)) needed.push_back(input);
  for (std::size_t i = 0; i < needed.size();) {
    std::vector<InputId> fewer = needed;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    if (!fewer.empty() && is_in_favour(without(full, fewer), action))
      needed = std::move(fewer);
    else
      ++i;
  }
  std::string names;
  bool all_assumed = !needed.empty();
  for (const InputId input : needed) {
    names += fmt::format("{}`{}`", names.empty() ? "" : ", ", graph_.dictionary[input].name);
    all_assumed &= graph_.dictionary[input].unknown_policy == UnknownPolicy::assume;
  }
  const RuleId rule = recommendation(without(full, needed), action)->rules.front();
  auto complaint =
      all_assumed ? this->complaint(Kind::unsafe_assumption, graph_.input_spans[needed.front().index()],
                                    graph_.dictionary[needed.front()].name)
                  : this->complaint(Kind::advice_withdrawn, graph_.rules[rule.index()].span, fmt::format("`{}`", name));
  complaint.notes.push_back(
      {graph_.rules[rule.index()].span,
       fmt::format("`{}` is advised while {} {} unknown, and no longer once {} known", name, names,
                   needed.size() == 1 ? "is" : "are", needed.size() == 1 ? "it is" : "they are")});
  complaint.mend = all_assumed ? mend_by_asking(subject, needed)
                               : "let the rule wait for the fact instead of firing while it is unknown";
  find(subject, std::move(complaint), std::move(witness));
}

std::vector<bool> Analysis::tell_contradictions(const std::vector<NodeId>& roots) {
  std::vector<bool> is_told(graph_.dictionary.actions.size());
  // A certificate is one of the solver; constraints and stages are its business as well.
  if (!certificates_.empty() || !graph_.constraints.empty() || graph_.pathway) return is_told;
  for (const NodeId id : nodes_behind(graph_, roots)) {
    const auto policy = static_cast<HitPolicy>(graph_[id].reference);
    if (graph_[id].op == Op::table && (policy == HitPolicy::unique || policy == HitPolicy::any) && boxed(id).table)
      tell_contradictions(id, is_told);
  }
  return is_told;
}

void Analysis::tell_contradictions(NodeId table, std::vector<bool>& is_told) {
  const BoxTable& boxes = *boxed(table).table;
  const Node& node = graph_[table];
  const auto output = [&](std::size_t row) -> const Node& { return graph_[node.operands[2 * row + 1]]; };
  for (std::size_t row = 0; row < boxes.row_count(); ++row)
    if (output(row).op != Op::constant) return;
  /// What the table says; nothing where no row matches, or two that say something else.
  const auto said_at = [&](const Point& places) -> const Value* {
    const Value* said = nullptr;
    for (std::size_t row = 0; row < boxes.row_count(); ++row) {
      if (!is_inside(boxes, row, places)) continue;
      if (said && !(*said == output(row).constant)) return nullptr;
      said = &output(row).constant;
    }
    return said;
  };
  struct Tried {
    std::size_t pairs = 0;
    bool is_found = false;
    [[nodiscard]] bool is_open() const { return !is_found && pairs < most_pairs_of_one; }
  };
  // There may be millions of pairs, so that what a row says is a number: that of the first row that says it.
  std::map<std::string, std::size_t> numbers;
  std::vector<std::size_t> said_by;
  for (std::size_t row = 0; row < boxes.row_count(); ++row)
    said_by.push_back(
        numbers.emplace(to_text(graph_.dictionary, output(row).type, output(row).constant), numbers.size())
            .first->second);
  std::vector<Tried> tried(std::min(numbers.size(), most_said));
  const auto try_pair = [&](std::size_t row, std::size_t other) {
    if (said_by[row] == said_by[other] || said_by[row] >= tried.size() || !tried[said_by[row]].is_open()) return;
    Tried& of_this = tried[said_by[row]];
    const Node& says = output(row);
    const auto known = inputs_behind(graph_, node.operands[2 * row]),
               also = inputs_behind(graph_, node.operands[2 * other]);
    std::vector<InputId> learned;
    for (const std::uint32_t input : also)
      if (!std::binary_search(known.begin(), known.end(), input)) learned.emplace_back(input);
    if (learned.empty()) return;
    ++of_this.pairs;
    const Box both = common(boxes.row(row), boxes.row(other));
    WitnessBuilder::Facts facts;
    for (std::size_t i = 0; i < both.size(); ++i) {
      const std::uint32_t input = boxes.inputs()[i].index();
      if (std::binary_search(known.begin(), known.end(), input) || std::binary_search(also.begin(), also.end(), input))
        facts.push_back({boxes.inputs()[i], boxes.value(i, both[i].low)});
    }
    const auto is_lost = [&](const WitnessBuilder::Facts& some) {
      Point places = places_of(boxes, some);
      const Value* later = said_at(places);
      if (later && *later == says.constant) return false;
      for (std::size_t i = 0; i < places.size(); ++i)
        if (std::count(learned.begin(), learned.end(), boxes.inputs()[i])) places[i] = -1;
      const Value* before = said_at(places);
      return before && *before == says.constant;
    };
    if (!is_lost(facts)) return;
    const Evaluation full = reference::evaluate_outcome(graph_, witnesses_.build(facts, {}));
    const Evaluation before = without(full, learned);
    if (!full.broken.empty() || !before.broken.empty()) return;
    for (std::size_t a = 0; a < is_told.size(); ++a) {
      const ActionId action(a);
      if (is_told[a] || !is_in_favour(before, action) || is_in_favour(full, action)) continue;
      auto witness =
          witnesses_.from_facts(facts, shows_withdrawn(action, learned),
                                boxes.row_count() > most_rows_for_engine ? is_lost : WitnessBuilder::Quick());
      if (!witness) continue;
      of_this.is_found = is_told[a] = true;
      note(Kind::advice_withdrawn, fmt::format("action {}", graph_.dictionary[action].name), graph_.action_spans[a],
           Verdict::refuted);
      tell_withdrawn(action, learned, std::move(*witness));
    }
  };
  const auto& meeting = boxed(table).meeting;
  const auto is_any_open = [&] {
    return std::any_of(tried.begin(), tried.end(), [](const Tried& one) { return one.is_open(); });
  };
  for (std::size_t row = 0; row < meeting.size() && is_any_open(); ++row)
    for (const std::uint32_t other : meeting[row]) {
      try_pair(other, row);
      try_pair(row, other);
    }
}

std::vector<InputId> Analysis::found_learned(const Encoding& later) const {
  const std::vector<Encoding::FoundInput> before = encoding_.found_inputs();
  const auto stays = [&](const Encoding::FoundInput& now) {
    const auto then = std::find_if(before.begin(), before.end(), [&](const auto& f) { return f.input == now.input; });
    return then != before.end() && then->known && then->value == now.value && then->low == now.low &&
           then->high == now.high;
  };
  std::vector<InputId> learned;
  for (const auto& found : later.found_inputs())
    if (found.known && !stays(found)) learned.push_back(found.input);
  const auto measured = encoding_.found_measured();
  for (const InputId input : later.found_measured())
    if (!std::count(measured.begin(), measured.end(), input)) learned.push_back(input);
  return learned;
}

void Analysis::find_withdrawn() {
  std::vector<NodeId> roots{graph_.applies};
  for (const graph::Rule& rule : graph_.rules) {
    roots.push_back(rule.condition);
    for (const Advice& advice : rule.advice)
      roots.push_back(advice.selected);
  }
  // The whole guideline answers for the actions about which no rule speaks.
  const auto is_asked = [&](std::size_t a) { return !is_excerpt_ || !encoding_.voices(ActionId(a)).empty(); };
  if (!can_learning_withdraw(roots)) {
    for (std::size_t a = 0; a < graph_.dictionary.actions.size(); ++a)
      if (is_asked(a))
        note(Kind::advice_withdrawn, fmt::format("action {}", graph_.dictionary.actions[a].name),
             graph_.action_spans[a], Verdict::proved);
    return;
  }
  const std::vector<bool> is_told = tell_contradictions(roots);
  const auto is_open = [&](std::size_t a) { return is_asked(a) && !is_told[a]; };
  bool any_open = false;
  for (std::size_t a = 0; a < is_told.size(); ++a)
    any_open |= is_open(a);
  if (!any_open) return;
  // The same patient, of whom more is known.
  Encoding later(graph_, sat_);
  std::vector<ActionLits> now_lits(graph_.dictionary.actions.size()), later_lits = now_lits;
  for (std::size_t a = 0; a < graph_.dictionary.actions.size(); ++a) {
    if (!is_open(a)) continue;
    now_lits[a] = encoding_.action(ActionId(a));
    later_lits[a] = later.action(ActionId(a));
  }
  encoding_.refined_by(later);
  // First somebody whom nothing moves on; whether there is none at all is asked without that.
  const Lit settled = settled_ ? encoding_.both(*settled_, settled_in(later)) : encoding_.always();
  for (std::size_t a = 0; a < graph_.dictionary.actions.size(); ++a) {
    if (!is_open(a)) continue;
    const ActionLits& n = now_lits[a];
    const ActionLits& l = later_lits[a];
    const std::string subject = fmt::format("action {}", graph_.dictionary.actions[a].name);
    std::vector<Lit> wanted{n.advised, n.in_favour.yes, -encoding_.both(l.advised, l.in_favour.yes)};
    wanted.insert(wanted.end(), switches().begin(), switches().end());
    wanted.insert(wanted.end(), later.constraint_switches().begin(), later.constraint_switches().end());
    Verdict verdict = Verdict::undecided;
    std::vector<InputId> learned;
    std::optional<Witness> witness;
    constexpr int most_models = 25;
    Lit ruled_out = 0; // assumed, so that later questions may have these combinations again
    const std::uint64_t last_try = witnesses_.tries() + budget_.tries_per_question();
    wanted.push_back(settled);
    bool is_any_ruled_out = false;
    for (int i = 0; i < most_models; ++i) {
      Answer answer = sat_.solve(wanted);
      if (answer == Answer::unsatisfiable && wanted.back() == settled) {
        wanted.pop_back();
        answer = sat_.solve(wanted);
      }
      is_budget_spent_ = answer == Answer::gave_up;
      if (answer == Answer::unsatisfiable && !is_any_ruled_out) verdict = Verdict::proved;
      if (answer != Answer::satisfiable) break;
      // The patient of whom more is known shows it: taking away some facts gives the advice back.
      learned = found_learned(later);
      witnesses_.keep_history(false); // what he learns is what he says now
      witness = witnesses_.from_model(later, shows_withdrawn(ActionId(a), learned));
      witnesses_.keep_history(true);
      is_budget_spent_ = witnesses_.tries() >= last_try;
      if (witness || is_budget_spent_) break;
      // Not what is left free in the same way again.
      std::vector<Lit> clause;
      for (const Encoding* one : {&encoding_, &later})
        for (const Lit literal : one->found_free_literals())
          clause.push_back(-literal);
      if (const auto stage = later.found_stage()) clause.push_back(-later.stage(*stage));
      if (clause.empty()) break;
      if (!is_any_ruled_out) {
        ruled_out = sat_.fresh();
        wanted.insert(wanted.begin(), ruled_out);
        is_any_ruled_out = true;
      }
      clause.push_back(-ruled_out);
      sat_.add(clause);
    }
    note(Kind::advice_withdrawn, subject, graph_.action_spans[a], witness ? Verdict::refuted : verdict);
    if (witness) tell_withdrawn(ActionId(a), learned, std::move(*witness));
  }
}

} // namespace aceso::analyse
