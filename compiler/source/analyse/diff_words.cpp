/// What two versions of a guideline say to people, and what they calculate: compared by name, text by text.
#include <map>
#include <string_view>

#include <fmt/format.h>

#include "analyse/diff.h"

namespace aceso::analyse {
namespace {

class WordChanges {
public:
  explicit WordChanges(const JointGraph& joint)
      : joint_(joint), a_(joint.source(Side::first).dictionary), b_(joint.source(Side::second).dictionary) {}

  std::vector<std::string> compare() {
    compare("guideline", "title", a_.guideline.title, b_.guideline.title);
    compare("guideline", "status", a_.guideline.status, b_.guideline.status);
    for (const auto& match : joint_.matching().inputs)
      if (match.is_shared()) compare_inputs(a_[match.first], b_[match.second]);
    for (const auto& match : joint_.matching().actions)
      if (match.is_shared()) compare_actions(a_[match.first], b_[match.second]);
    for (const auto& match : joint_.matching().cautions) {
      if (!match.is_shared()) continue;
      const CautionInfo& x = a_.cautions[match.first.index()];
      const CautionInfo& y = b_.cautions[match.second.index()];
      const std::string what = named("caution", y.name);
      compare(what, "text", x.text, y.text);
      compare_citations(what, x.citations, y.citations);
    }
    by_name(a_.rules, b_.rules, [&](const RuleInfo& x, const RuleInfo& y) { compare_rules(x, y); });
    by_name(a_.definitions, b_.definitions, [&](const DefinitionInfo& x, const DefinitionInfo& y) {
      const std::string what = named("value", y.name);
      compare(what, "title", x.title, y.title);
      compare_citations(what, x.citations, y.citations);
    });
    by_name(a_.differentials, b_.differentials, [&](const DifferentialInfo& x, const DifferentialInfo& y) {
      const std::string what = named("differential", y.name);
      compare(what, "title", x.title, y.title);
      compare_citations(what, x.citations, y.citations);
    });
    by_name(a_.stages, b_.stages, [&](const StageInfo& x, const StageInfo& y) {
      compare(named("stage", y.name), "title", x.title, y.title);
    });
    by_name(a_.constraints, b_.constraints, [&](const ConstraintInfo& x, const ConstraintInfo& y) {
      const std::string what = named("constraint", y.name);
      compare(what, "message", x.message, y.message);
      compare_citations(what, x.citations, y.citations);
    });
    return std::move(lines_);
  }

  /// Calls `visit(old, new)` for all that has a name in both lists, in the order of the new one.
  template <class Info, class Visit>
  static void by_name(const std::vector<Info>& first, const std::vector<Info>& second, Visit visit) {
    std::map<std::string_view, const Info*> known;
    for (const Info& info : first)
      known.emplace(info.name, &info);
    for (const Info& info : second)
      if (const auto found = known.find(info.name); found != known.end()) visit(*found->second, info);
  }
  static std::string named(std::string_view noun, std::string_view name) { return fmt::format("{} `{}`", noun, name); }

private:
  void compare(std::string_view what, std::string_view part, const std::string& before, const std::string& after) {
    if (before == after) return;
    const auto quoted = [](const std::string& text) {
      return text.empty() ? std::string("nothing") : "\"" + text + "\"";
    };
    lines_.push_back(fmt::format("{}: its {} {} became {}", what, part, quoted(before), quoted(after)));
  }
  void compare_citations(std::string_view what, const std::vector<Citation>& before,
                         const std::vector<Citation>& after) {
    if (before != after) lines_.push_back(fmt::format("{}: its citations are not the same", what));
  }
  void compare_inputs(const InputInfo& x, const InputInfo& y) {
    const std::string what = named("input", y.name);
    compare(what, "question", x.question, y.question);
    by_name(a_[x.type].members, b_[y.type].members, [&](const MemberInfo& m, const MemberInfo& n) {
      compare(fmt::format("{}, answer `{}`", what, n.name), "title", m.title, n.title);
    });
    compare(what, "reason for what is assumed", x.assumed_because, y.assumed_because);
    compare_citations(what, x.citations, y.citations);
  }
  void compare_actions(const ActionInfo& x, const ActionInfo& y) {
    const std::string what = named("action", y.name);
    compare(what, "title", x.title, y.title);
    compare(what, "category", x.category, y.category);
    compare(what, "note", x.note, y.note);
    compare_citations(what, x.citations, y.citations);
  }
  void compare_rules(const RuleInfo& x, const RuleInfo& y) {
    const std::string what = named("rule", y.name);
    compare(what, "reason", x.because, y.because);
    for (const OverrideInfo& after : y.overrides)
      for (const OverrideInfo& before : x.overrides)
        if (a_[before.rule].name == b_[after.rule].name)
          compare(what, fmt::format("reason to override `{}`", b_[after.rule].name), before.because, after.because);
    if (x.certainty != y.certainty)
      compare(what, "certainty", std::string(to_text(x.certainty)), std::string(to_text(y.certainty)));
    compare_citations(what, x.citations, y.citations);
  }

  const JointGraph& joint_;
  const Dictionary &a_, &b_;
  std::vector<std::string> lines_;
};

} // namespace

std::vector<std::string> word_changes(const JointGraph& joint) { return WordChanges(joint).compare(); }

std::vector<std::string> value_changes(const JointGraph& joint) {
  const Dictionary& a = joint.source(Side::first).dictionary;
  const Dictionary& b = joint.source(Side::second).dictionary;
  std::vector<std::string> lines;
  const auto compare = [&](const auto& first, const auto& second, std::string_view noun, auto is_same) {
    std::map<std::string_view, std::size_t> before, after;
    for (std::size_t i = 0; i < first.size(); ++i)
      before.emplace(first[i].name, i);
    for (std::size_t i = 0; i < second.size(); ++i) {
      const auto found = before.find(second[i].name);
      after.emplace(second[i].name, i);
      if (found == before.end())
        lines.push_back(WordChanges::named(noun, second[i].name) + " is new");
      else if (!is_same(found->second, i))
        lines.push_back(WordChanges::named(noun, second[i].name) + " is not calculated in the same way");
    }
    for (const auto& info : first)
      if (!after.contains(info.name)) lines.push_back(WordChanges::named(noun, info.name) + " is gone");
  };
  compare(a.definitions, b.definitions, "value",
          [&](std::size_t x, std::size_t y) { return joint.is_same_value(DefinitionId(x), DefinitionId(y)); });
  compare(a.differentials, b.differentials, "differential", [&](std::size_t x, std::size_t y) {
    return joint.is_same_differential(DifferentialId(x), DifferentialId(y));
  });
  return lines;
}

} // namespace aceso::analyse
