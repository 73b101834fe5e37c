#include "analyse/diff.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "analyse/analysis.h"

namespace aceso::analyse {

using graph::Graph;

namespace {

std::string range_text(const TypeInfo& type) {
  std::string text;
  if (type.minimum) text += fmt::format("from {}", type.minimum->to_text());
  if (type.maximum) text += fmt::format("{}to {}", text.empty() ? "" : " ", type.maximum->to_text());
  if (type.step) text += fmt::format("{}step {}", text.empty() ? "" : " ", type.step->to_text());
  if (!type.unit.empty()) text += fmt::format("{}in {}", text.empty() ? "" : " ", type.unit);
  return text.empty() ? "any number" : text;
}

std::string_view kind_text(TypeKind kind) {
  static constexpr std::string_view words[] = {"yes/no",     "a choice", "a scale",       "a number",
                                               "a duration", "a date",   "an instant",    "an action",
                                               "a list",     "a code",   "a time of day", "an interval"};
  return words[static_cast<std::size_t>(kind)];
}

std::string type_text(const TypeInfo& type) {
  if (type.kind == TypeKind::number || type.kind == TypeKind::duration)
    return fmt::format("{} {}", kind_text(type.kind), range_text(type));
  return std::string(kind_text(type.kind));
}

std::string policy_text(const Dictionary& names, const InputInfo& input) {
  if (input.unknown_policy == UnknownPolicy::ask) return "asked for";
  return fmt::format("assumed {}", to_text(names, input.type, *input.assumed));
}

std::string accepted_text(const AcceptedUnit& unit) {
  return unit.step ? fmt::format("`{}` in steps of {}", unit.code, unit.step->to_text())
                   : fmt::format("`{}`", unit.code);
}
std::string mass_text(const std::optional<Rational>& grams_per_mole) {
  return grams_per_mole ? grams_per_mole->to_text() + " g/mol" : "no molar mass";
}

void compare_accepted_units(const InputInfo& x, const InputInfo& y, std::vector<std::string>& lines) {
  const auto lacks = [](const InputInfo& input, const AcceptedUnit& unit) {
    return std::none_of(input.accepted_units.begin(), input.accepted_units.end(),
                        [&](const AcceptedUnit& other) { return other.code == unit.code && other.step == unit.step; });
  };
  for (const AcceptedUnit& unit : x.accepted_units)
    if (lacks(y, unit)) lines.push_back(fmt::format("input `{}` no longer accepts {}", y.name, accepted_text(unit)));
  for (const AcceptedUnit& unit : y.accepted_units)
    if (lacks(x, unit)) lines.push_back(fmt::format("input `{}` now accepts {}", y.name, accepted_text(unit)));
}

/// What is the same input, and yet not quite.
void compare_input(const JointGraph& joint, const Match<InputId>& match, std::vector<std::string>& lines) {
  const Dictionary& a = joint.source(Side::first).dictionary;
  const Dictionary& b = joint.source(Side::second).dictionary;
  const InputInfo& x = a[match.first];
  const InputInfo& y = b[match.second];
  const TypeInfo& s = a[x.type];
  const TypeInfo& t = b[y.type];
  if (s.minimum != t.minimum || s.maximum != t.maximum || s.step != t.step)
    lines.push_back(fmt::format("input `{}`: {} became {}", y.name, range_text(s), range_text(t)));
  const auto missing_in = [](const TypeInfo& from, const TypeInfo& in) {
    std::string names;
    for (const MemberInfo& member : from.members)
      if (std::none_of(in.members.begin(), in.members.end(),
                       [&](const MemberInfo& m) { return m.name == member.name; }))
        names += fmt::format("{}`{}`", names.empty() ? "" : ", ", member.name);
    return names;
  };
  if (const std::string gone = missing_in(s, t); !gone.empty())
    lines.push_back(fmt::format("input `{}` can no longer be {}", y.name, gone));
  if (const std::string fresh = missing_in(t, s); !fresh.empty())
    lines.push_back(fmt::format("input `{}` can now be {}", y.name, fresh));
  if (const std::string before = policy_text(a, x), after = policy_text(b, y); before != after)
    lines.push_back(fmt::format("input `{}`, where unknown: {} became {}", y.name, before, after));
  if (x.is_series != y.is_series)
    lines.push_back(fmt::format("input `{}` is {} series", y.name, y.is_series ? "now a" : "no longer a"));
  compare_accepted_units(x, y, lines);
  if (x.molar_mass.has_value() != y.molar_mass.has_value())
    lines.push_back(fmt::format("input `{}`: {} became {}", y.name, mass_text(x.molar_mass), mass_text(y.molar_mass)));
}

template <class Infos, class Matches>
void compare_names(const Infos& first, const Infos& second, const Matches& matches, std::string_view noun,
                   std::vector<std::string>& lines) {
  for (const auto& match : matches) {
    if (!match.first.is_valid())
      lines.push_back(fmt::format("{} `{}` is new", noun, second[match.second.index()].name));
    if (!match.second.is_valid())
      lines.push_back(fmt::format("{} `{}` is gone", noun, first[match.first.index()].name));
  }
}

/// Names that stand in one list only.
template <class Infos>
void compare_lists(const Infos& first, const Infos& second, std::string_view noun, std::vector<std::string>& lines) {
  const auto lacks = [](const Infos& list, const std::string& name) {
    return std::none_of(list.begin(), list.end(), [&](const auto& info) { return info.name == name; });
  };
  for (const auto& info : second)
    if (lacks(first, info.name)) lines.push_back(fmt::format("{} `{}` is new", noun, info.name));
  for (const auto& info : first)
    if (lacks(second, info.name)) lines.push_back(fmt::format("{} `{}` is gone", noun, info.name));
}

template <class Infos, class Matches>
void note_renames(const Infos& first, const Infos& second, const Matches& matches, std::string_view noun,
                  std::vector<std::string>& lines) {
  for (const auto& match : matches)
    if (match.is_shared() && match.by != MatchedBy::name)
      lines.push_back(fmt::format("{} `{}` is taken for `{}` ({})", noun, second[match.second.index()].name,
                                  first[match.first.index()].name, to_text(match.by)));
}

std::string transition_text(const Graph& graph, const graph::Transition& t) {
  const Dictionary& names = graph.dictionary;
  std::string text = t.is_interrupt() ? "interrupt" : names[t.from].name;
  text += fmt::format(" -> {}", names[t.to].name);
  if (!t.condition_text.empty()) text += fmt::format(" when {}", t.condition_text);
  if (t.after) text += fmt::format(" after {}", to_text(*t.after));
  if (t.within) text += fmt::format(" within {}", to_text(*t.within));
  if (t.at_most != 0) text += fmt::format(" at most {} times", t.at_most);
  return text;
}

std::vector<std::string> pathway_changes(const JointGraph& joint) {
  std::vector<std::string> lines;
  if (joint.is_same_pathway()) return lines;
  std::multiset<std::string> ways[2];
  for (const Side side : both_sides)
    if (const auto& pathway = joint.source(side).pathway)
      for (const graph::Transition& t : pathway->transitions)
        ways[at(side)].insert(transition_text(joint.source(side), t));
  const auto note = [&](const std::multiset<std::string>& from, const std::multiset<std::string>& without,
                        std::string_view word) {
    for (const std::string& way : from)
      if (!without.contains(way)) lines.push_back(fmt::format("{}: {}", word, way));
  };
  note(ways[0], ways[1], "gone");
  note(ways[1], ways[0], "new");
  if (lines.empty()) lines.emplace_back("the ways read the same, but what their conditions mean was changed");
  return lines;
}

class Comparison {
public:
  Comparison(JointGraph& joint, const DiffOptions& options) : joint_(joint), options_(options) {}

  DiffReport run() {
    report_.interface_changes = interface_changes(joint_);
    report_.reading_changes = reading_changes(joint_);
    report_.assumed_renames = assumed_renames(joint_);
    report_.left_out = joint_.left_out();
    report_.pathway_changes = pathway_changes(joint_);
    report_.word_changes = word_changes(joint_);
    report_.value_changes = value_changes(joint_);
    const Matching& matching = joint_.matching();
    std::vector<std::size_t> open_actions, open_cautions;
    for (std::size_t a = 0; a < matching.actions.size(); ++a) {
      ActionDiff one;
      one.action = a;
      one.is_same_text = joint_.is_same_text(a);
      if (!one.is_same_text) open_actions.push_back(a);
      report_.actions.push_back(std::move(one));
    }
    for (std::size_t c = 0; c < matching.cautions.size(); ++c) {
      if (!joint_.is_same_caution(c)) open_cautions.push_back(c);
      CautionDiff one;
      one.caution = c;
      report_.cautions.push_back(std::move(one));
    }
    look_for_left_out();
    // One action at a time: what the others are made of costs in every step.
    for (const std::size_t a : open_actions)
      keep_and_ask({a}, {}, [&](PairQuestions& questions) { compare_action(questions, report_.actions[a]); });
    keep_and_ask({}, open_cautions, [&](PairQuestions& questions) {
      for (const std::size_t c : open_cautions)
        compare_caution(questions, report_.cautions[c]);
    });
    return std::move(report_);
  }

private:
  /// What reads the same may mean something else where it depends on what is not compared.
  void look_for_left_out() {
    if (joint_.left_out().empty()) return;
    for (ActionDiff& one : report_.actions) {
      joint_.keep({one.action}, {});
      one.is_left_out = joint_.depends_on_left_out(one.action);
      if (one.is_left_out) one.verdict = Verdict::undecided; // unless a difference is found
    }
    for (CautionDiff& one : report_.cautions) {
      joint_.keep({}, {one.caution});
      one.is_left_out = joint_.caution_depends_on_left_out(one.caution);
      if (one.is_left_out) one.verdict = Verdict::undecided;
    }
  }

  template <class Ask>
  void keep_and_ask(const std::vector<std::size_t>& actions, const std::vector<std::size_t>& cautions, Ask ask) {
    joint_.keep(actions, cautions);
    if (actions.empty() && cautions.empty()) return;
    if (joint_.uses_stage() && !has_histories_) add_histories(joint_, options_.budget);
    has_histories_ = has_histories_ || joint_.uses_stage();
    PairQuestions questions(joint_, options_.budget, options_.most_rules);
    ask(questions);
    report_.solver_questions += questions.questions();
    report_.patients_tried += questions.patients_tried();
  }

  void compare_action(PairQuestions& questions, ActionDiff& result) {
    const std::size_t action = result.action;
    std::vector<Lit> wanted{questions.differs(action)};
    while (true) {
      if (result.groups.size() == options_.most_groups) {
        result.has_more = true;
        break;
      }
      // The first patient that shows a difference decides of which group the witness is.
      std::optional<std::pair<Said, Said>> group;
      const auto shows = [&](const Heard& heard) {
        const Said before = heard.about(Side::first, action), after = heard.about(Side::second, action);
        if (group) return before == group->first && after == group->second;
        if (before == after || is_known(result, before, after)) return false;
        group = {before, after};
        return true;
      };
      auto reply = questions.ask(wanted, shows);
      if (!reply.witness) {
        if (reply.verdict == Verdict::undecided && result.groups.empty()) result.verdict = Verdict::undecided;
        result.has_more = reply.verdict == Verdict::undecided && !result.groups.empty();
        break;
      }
      result.verdict = Verdict::refuted;
      AdviceGroup found{group->first, group->second, std::move(*reply.witness), {}};
      for (const Side side : both_sides)
        found.rules[at(side)] =
            rules_behind((*found.witness.evaluations)[at(side)], joint_.matching().actions[action].on(side));
      wanted.push_back(-questions.encoding().both(questions.says(Side::first, action, found.before),
                                                  questions.says(Side::second, action, found.after)));
      result.groups.push_back(std::move(found));
    }
    if (result.verdict == Verdict::undecided && !result.is_left_out)
      result.is_same_in_each_stage = questions.is_impossible_in_same_stage({questions.differs(action)});
    // What is certain comes before what hangs on missing data.
    std::stable_sort(result.groups.begin(), result.groups.end(), [](const AdviceGroup& a, const AdviceGroup& b) {
      const auto open = [](const AdviceGroup& g) {
        return (g.before.status == RecommendationStatus::undetermined) +
               (g.after.status == RecommendationStatus::undetermined);
      };
      return open(a) < open(b);
    });
  }

  static bool is_known(const ActionDiff& result, const Said& before, const Said& after) {
    return std::any_of(result.groups.begin(), result.groups.end(),
                       [&](const AdviceGroup& g) { return g.before == before && g.after == after; });
  }

  void compare_caution(PairQuestions& questions, CautionDiff& result) {
    const std::size_t caution = result.caution;
    const TruthLits before = questions.caution(Side::first, caution), after = questions.caution(Side::second, caution);
    Encoding& encoding = questions.encoding();
    const auto lit_of = [&](TruthLits lits, Truth truth) {
      return truth == Truth::yes ? lits.yes : truth == Truth::no ? lits.no : encoding.unknown(lits);
    };
    for (const Truth x : {Truth::yes, Truth::no, Truth::unknown})
      for (const Truth y : {Truth::yes, Truth::no, Truth::unknown}) {
        if (x == y) continue;
        auto reply = questions.ask({lit_of(before, x), lit_of(after, y)}, [&](const Heard& heard) {
          return heard.caution(Side::first, caution) == x && heard.caution(Side::second, caution) == y;
        });
        if (reply.witness) {
          result.verdict = Verdict::refuted;
          result.groups.push_back({x, y, std::move(*reply.witness)});
        } else if (reply.verdict == Verdict::undecided) {
          if (result.groups.empty()) result.verdict = Verdict::undecided;
          result.has_more = true;
        }
      }
  }

  JointGraph& joint_;
  const DiffOptions& options_;
  bool has_histories_ = false;
  DiffReport report_;
};

} // namespace

std::vector<RuleId> rules_behind(const reference::Evaluation& evaluation, ActionId action) {
  for (const Recommendation& r : evaluation.decision.recommendations)
    if (r.action == action) return r.rules;
  return {};
}

std::vector<std::string> interface_changes(const JointGraph& joint) {
  const Dictionary& a = joint.source(Side::first).dictionary;
  const Dictionary& b = joint.source(Side::second).dictionary;
  std::vector<std::string> lines;
  const auto is_retyped = [&](const Match<InputId>& match) {
    return std::any_of(joint.matching().other_type.begin(), joint.matching().other_type.end(), [&](const auto& other) {
      return match.first.is_valid() ? other.first == match.first : other.second == match.second;
    });
  };
  for (const auto& match : joint.matching().inputs) {
    if (match.is_shared())
      compare_input(joint, match, lines);
    else if (is_retyped(match) && match.second.is_valid())
      lines.push_back(fmt::format("input `{}` is {} now and no longer {}; the two are taken for different inputs",
                                  b[match.second].name, type_text(b[b[match.second].type]), [&] {
                                    for (const auto& other : joint.matching().other_type)
                                      if (other.second == match.second) return type_text(a[a[other.first].type]);
                                    return std::string();
                                  }()));
    else if (!is_retyped(match))
      lines.push_back(match.second.is_valid() ? fmt::format("input `{}` is new", b[match.second].name)
                                              : fmt::format("input `{}` is gone", a[match.first].name));
  }
  compare_names(a.actions, b.actions, joint.matching().actions, "action", lines);
  compare_names(a.cautions, b.cautions, joint.matching().cautions, "caution", lines);
  compare_lists(a.constraints, b.constraints, "constraint", lines);
  for (std::size_t x = 0; x < a.constraints.size(); ++x)
    for (std::size_t y = 0; y < b.constraints.size(); ++y)
      if (a.constraints[x].name == b.constraints[y].name && !joint.is_same_constraint(ConstraintId(x), ConstraintId(y)))
        lines.push_back(
            fmt::format("constraint `{}` is not the same: other patients are refused", b.constraints[y].name));
  compare_lists(a.stages, b.stages, "stage", lines);
  return lines;
}

std::vector<std::string> reading_changes(const JointGraph& joint) {
  std::vector<std::string> lines;
  for (const auto& match : joint.matching().inputs) {
    if (!match.is_shared()) continue;
    const InputInfo& x = joint.source(Side::first).dictionary[match.first];
    const InputInfo& y = joint.source(Side::second).dictionary[match.second];
    if (x.molar_mass && y.molar_mass && x.molar_mass != y.molar_mass)
      lines.push_back(fmt::format("input `{}`: {} became {}, so the same amount in another unit is another value",
                                  y.name, mass_text(x.molar_mass), mass_text(y.molar_mass)));
  }
  return lines;
}

std::vector<std::string> assumed_renames(const JointGraph& joint) {
  const Dictionary& a = joint.source(Side::first).dictionary;
  const Dictionary& b = joint.source(Side::second).dictionary;
  std::vector<std::string> lines;
  note_renames(a.inputs, b.inputs, joint.matching().inputs, "input", lines);
  note_renames(a.actions, b.actions, joint.matching().actions, "action", lines);
  note_renames(a.cautions, b.cautions, joint.matching().cautions, "caution", lines);
  return lines;
}

std::vector<std::string> inputs_of_other_types(const JointGraph& joint) {
  const Dictionary& a = joint.source(Side::first).dictionary;
  const Dictionary& b = joint.source(Side::second).dictionary;
  std::vector<std::string> lines;
  for (const auto& match : joint.matching().other_type)
    lines.push_back(fmt::format("`{}` is {} in {} and {} in {}: taken for different inputs", b[match.second].name,
                                type_text(a[a[match.first].type]), a.guideline.id, type_text(b[b[match.second].type]),
                                b.guideline.id));
  return lines;
}

void add_histories(JointGraph& joint, const Budget& budget) {
  for (const Side side : both_sides) {
    if (!joint.source(side).pathway) continue;
    DeepOptions options;
    options.budget = budget;
    joint.set_histories(side, Analysis(joint.source(side), options).find_histories());
  }
}

std::size_t DiffReport::count(Verdict verdict) const {
  const auto has = [&](const auto& one) { return one.verdict == verdict; };
  return static_cast<std::size_t>(std::count_if(actions.begin(), actions.end(), has) +
                                  std::count_if(cautions.begin(), cautions.end(), has));
}

bool DiffReport::is_equivalent() const {
  return count(Verdict::proved) == actions.size() + cautions.size() && pathway_changes.empty() &&
         reading_changes.empty();
}

DiffReport diff(JointGraph& joint, const DiffOptions& options) { return Comparison(joint, options).run(); }

} // namespace aceso::analyse
