#include "analyse/compare.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "analyse/diff.h"

namespace aceso::analyse {

namespace {

/// Positions in the matching, with the side that may advise each.
class Finder {
public:
  explicit Finder(const JointGraph& joint) : joint_(joint) {
    const auto& actions = joint.matching().actions;
    for (std::size_t a = 0; a < actions.size(); ++a)
      for (const Side side : both_sides)
        if (actions[a].on(side).is_valid()) places_[at(side)][actions[a].on(side).index()] = a;
  }

  std::vector<Collision> run() {
    for (std::size_t a = 0; a < joint_.matching().actions.size(); ++a)
      for (const bool first_in_favour : {true, false})
        add({Collision::Kind::opposed,
             {a, a},
             {first_in_favour, !first_in_favour},
             {},
             Verdict::undecided,
             {},
             {},
             {}});
    // A class means the same in both guidelines where it has the same name.
    std::map<std::string, std::set<std::size_t>> classes;
    for (const Side side : both_sides)
      for (const ActionClassInfo& group : joint_.source(side).dictionary.classes)
        if (group.at_most_one)
          for (const ActionId action : group.actions)
            classes[group.name].insert(place(side, action));
    for (const auto& [name, members] : classes)
      for (const std::size_t x : members)
        for (const std::size_t y : members)
          add_pair(Collision::Kind::at_most_one, x, y, name);
    for (const Side side : both_sides)
      for (const InteractionInfo& pair : joint_.source(side).dictionary.interactions) {
        add_pair(Collision::Kind::interaction, place(side, pair.first), place(side, pair.second), pair.text);
        add_pair(Collision::Kind::interaction, place(side, pair.second), place(side, pair.first), pair.text);
      }
    return std::move(found_);
  }

private:
  [[nodiscard]] std::size_t place(Side side, ActionId action) const { return places_[at(side)].at(action.index()); }

  /// Something in the guideline advises so.
  [[nodiscard]] bool may_advise(Side side, std::size_t action, bool in_favour) const {
    const ActionId id = joint_.matching().actions[action].on(side);
    if (!id.is_valid()) return false;
    for (const graph::Rule& rule : joint_.source(side).rules)
      for (const graph::Advice& advice : rule.advice)
        if (advice.action == id && is_for(advice.verb) == in_favour) return true;
    return false;
  }

  void add_pair(Collision::Kind kind, std::size_t x, std::size_t y, const std::string& because) {
    if (x != y) add({kind, {x, y}, {true, true}, because, Verdict::undecided, {}, {}, {}});
  }
  void add(Collision one) {
    for (const Side side : both_sides)
      if (!may_advise(side, one.actions[at(side)], one.in_favour[at(side)])) return;
    const bool is_known = std::any_of(found_.begin(), found_.end(), [&](const Collision& other) {
      return other.kind == one.kind && std::equal(one.actions, one.actions + 2, other.actions) &&
             std::equal(one.in_favour, one.in_favour + 2, other.in_favour);
    });
    if (!is_known) found_.push_back(std::move(one));
  }

  const JointGraph& joint_;
  std::map<std::uint32_t, std::size_t> places_[2];
  std::vector<Collision> found_;
};

template <class Infos, class Matches>
std::vector<std::string> shared(const Infos& first, const Infos& second, const Matches& matches) {
  std::vector<std::string> lines;
  for (const auto& match : matches) {
    if (!match.is_shared()) continue;
    const std::string &a = first[match.first.index()].name, &b = second[match.second.index()].name;
    lines.push_back(a == b ? fmt::format("`{}`", a) : fmt::format("`{}` is `{}` ({})", a, b, to_text(match.by)));
  }
  return lines;
}

} // namespace

CompareReport compare(JointGraph& joint, const CompareOptions& options) {
  CompareReport report;
  const Dictionary& a = joint.source(Side::first).dictionary;
  const Dictionary& b = joint.source(Side::second).dictionary;
  report.shared_inputs = shared(a.inputs, b.inputs, joint.matching().inputs);
  report.shared_actions = shared(a.actions, b.actions, joint.matching().actions);
  report.left_out = joint.left_out();
  for (std::string& line : inputs_of_other_types(joint))
    report.left_out.push_back(std::move(line));
  report.collisions = Finder(joint).run();
  std::set<std::size_t> needed;
  for (const Collision& one : report.collisions)
    needed.insert(one.actions, one.actions + 2);
  joint.keep({needed.begin(), needed.end()}, {});
  if (report.collisions.empty()) return report;
  if (joint.uses_stage()) add_histories(joint, options.budget);
  PairQuestions questions(joint, options.budget);
  for (Collision& one : report.collisions) {
    std::vector<Lit> wanted;
    for (const Side side : both_sides)
      wanted.push_back(questions.advises(side, one.actions[at(side)], one.in_favour[at(side)]));
    const auto advises = [&](const Heard& heard, Side side) {
      const Said said = heard.about(side, one.actions[at(side)]);
      return said.status == RecommendationStatus::advised && is_for(*said.verb) == one.in_favour[at(side)];
    };
    auto reply = questions.ask(
        wanted, [&](const Heard& heard) { return advises(heard, Side::first) && advises(heard, Side::second); });
    one.verdict = reply.verdict;
    if (one.verdict == Verdict::proved &&
        (joint.depends_on_left_out(one.actions[0]) || joint.depends_on_left_out(one.actions[1])))
      one.verdict = Verdict::undecided;
    if (!reply.witness) continue;
    for (const Side side : both_sides) {
      const ActionId id = joint.matching().actions[one.actions[at(side)]].on(side);
      const reference::Evaluation& evaluation = (*reply.witness->evaluations)[at(side)];
      one.rules[at(side)] = rules_behind(evaluation, id);
      one.said[at(side)] = said_about(evaluation, id);
    }
    one.witness = std::move(reply.witness);
  }
  report.solver_questions = questions.questions();
  report.patients_tried = questions.patients_tried();
  return report;
}

std::size_t CompareReport::count(Verdict verdict) const {
  return static_cast<std::size_t>(std::count_if(collisions.begin(), collisions.end(),
                                                [&](const Collision& one) { return one.verdict == verdict; }));
}

} // namespace aceso::analyse
