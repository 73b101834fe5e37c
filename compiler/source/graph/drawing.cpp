#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "graph/draw.h"

namespace aceso::graph {
namespace {

/// "cauda_equina" reads "cauda equina".
std::string words(std::string_view name) {
  std::string result(name);
  std::replace(result.begin(), result.end(), '_', ' ');
  return result;
}

std::string title_or_words(const std::string& title, const std::string& name) {
  return title.empty() ? words(name) : title;
}

/// The same but for capital letters.
bool is_same_text(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

/// A condition as the author wrote it, on one line, with the signs that a reader of guidelines knows.
std::string readable(std::string_view condition) {
  std::string result;
  for (std::size_t i = 0; i < condition.size(); ++i) {
    const char c = condition[i];
    const bool before_equals = i + 1 < condition.size() && condition[i + 1] == '=';
    if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
      if (!result.empty() && result.back() != ' ') result += ' ';
    } else if (before_equals && (c == '!' || c == '<' || c == '>')) {
      result += c == '!' ? "≠" : c == '<' ? "≤" : "≥";
      ++i;
    } else {
      result += c == '_' ? ' ' : c;
    }
  }
  return result;
}

ArrowKind arrow_of(Verb verb) {
  switch (verb) {
  case Verb::recommend: return ArrowKind::recommend;
  case Verb::suggest: return ArrowKind::suggest;
  case Verb::avoid: return ArrowKind::avoid;
  case Verb::contraindicate: break;
  }
  return ArrowKind::contraindicate;
}

class Drawer {
public:
  explicit Drawer(const Graph& graph) : graph_(graph), dictionary_(graph.dictionary) {}

  Drawing draw() {
    drawing_.title = title_or_words(dictionary_.guideline.title, dictionary_.guideline.id);
    input_groups();
    definitions();
    differentials();
    applies();
    rules();
    cautions();
    actions();
    pathway();
    arrows();
    return std::move(drawing_);
  }

private:
  std::uint32_t add(BoxKind kind, std::string title, std::vector<std::string> rows = {}) {
    drawing_.boxes.push_back({kind, std::move(title), std::move(rows)});
    return static_cast<std::uint32_t>(drawing_.boxes.size() - 1);
  }

  void input_groups() {
    std::vector<bool> used(dictionary_.inputs.size());
    for (const Node& node : graph_.nodes)
      if ((node.op == Op::input || node.op == Op::series) && node.reference < used.size()) used[node.reference] = true;
    std::map<std::string, std::uint32_t> box_of_group;
    box_of_input_.resize(used.size());
    for (std::size_t i = 0; i < used.size(); ++i) {
      if (!used[i]) continue;
      const InputInfo& input = dictionary_.inputs[i];
      auto group = box_of_group.find(input.group);
      if (group == box_of_group.end()) {
        const std::string title = input.group.empty() ? "Inputs" : title_or_words(input.group_title, input.group);
        group = box_of_group.emplace(input.group, add(BoxKind::inputs, title)).first;
      }
      drawing_.boxes[group->second].rows.push_back(words(input.name));
      box_of_input_[i] = group->second;
    }
  }

  /// A definition that only renames an input or a constant is drawn, but does not hide it.
  void definitions() {
    for (const bool tables : {false, true})
      for (std::size_t i = 0; i < graph_.definitions.size(); ++i) {
        const NodeId id = graph_.definitions[i].node;
        if ((graph_[id].op == Op::table) != tables) continue;
        const DefinitionInfo& definition = dictionary_.definitions[i];
        const std::uint32_t box =
            add(tables ? BoxKind::table : BoxKind::definition, title_or_words(definition.title, definition.name));
        if (graph_[id].op != Op::input && graph_[id].op != Op::constant) box_of_node_.emplace(id, box);
        uses_.push_back({box, id});
      }
  }

  void differentials() {
    for (std::size_t i = 0; i < graph_.differentials.size(); ++i) {
      const DifferentialInfo& info = dictionary_.differentials[i];
      const auto& members = dictionary_[info.type].members;
      const auto candidate_text = [&](Choice candidate) {
        if (candidate.index >= members.size()) return std::string("?");
        return title_or_words(members[candidate.index].title, members[candidate.index].name);
      };
      std::vector<std::string> rows;
      for (const Choice candidate : info.candidates)
        rows.push_back(candidate_text(candidate));
      const std::uint32_t box = add(BoxKind::differential, words(info.name), std::move(rows));
      box_of_differential_.push_back(box);
      for (const Argument& argument : graph_.differentials[i].arguments)
        uses_.push_back({box, argument.condition});
      for (const DifferentialVerdict& verdict : graph_.differentials[i].verdicts)
        uses_.push_back({box, verdict.condition});
    }
  }

  void applies() {
    if (graph_.applies.is_valid()) uses_.push_back({add(BoxKind::applies, "The guideline applies"), graph_.applies});
  }

  /// "recommend strong immediately within 2 weeks"
  static std::string advice_text(const Advice& advice) {
    std::string text(to_text(advice.verb));
    for (const std::string_view word : {to_text(advice.strength), to_text(advice.urgency)})
      if (!word.empty()) text += fmt::format(", {}", word);
    if (advice.within) text += ", within " + to_text(*advice.within);
    return text;
  }

  void rules() {
    for (std::size_t i = 0; i < graph_.rules.size(); ++i) {
      const Rule& rule = graph_.rules[i];
      std::vector<std::string> rows;
      const auto add_row = [&](std::string row) {
        if (std::find(rows.begin(), rows.end(), row) == rows.end()) rows.push_back(std::move(row));
      };
      if (!rule.condition_text.empty()) add_row("when " + readable(rule.condition_text));
      for (const Advice& advice : rule.advice)
        add_row(advice_text(advice));
      for (const RuleId overridden : rule.overrides)
        add_row("overrides " + words(dictionary_[overridden].name));
      const std::uint32_t box = add(BoxKind::rule, words(dictionary_.rules[i].name), std::move(rows));
      box_of_rule_.push_back(box);
      uses_.push_back({box, rule.condition});
      for (const Advice& advice : rule.advice)
        if (advice.selected.is_valid()) uses_.push_back({box, advice.selected});
    }
  }

  void cautions() {
    for (std::size_t i = 0; i < graph_.cautions.size(); ++i) {
      const CautionInfo& caution = dictionary_.cautions[i];
      uses_.push_back(
          {add(BoxKind::caution, words(caution.name), {readable(caution.text)}), graph_.cautions[i].condition});
    }
  }

  void actions() {
    std::vector<bool> advised(dictionary_.actions.size());
    for (const Rule& rule : graph_.rules)
      for (const Advice& advice : rule.advice)
        advised[advice.action.index()] = true;
    std::map<std::string, std::uint32_t> box_of_category;
    place_of_action_.resize(advised.size());
    for (std::size_t i = 0; i < advised.size(); ++i) {
      if (!advised[i]) continue;
      const ActionInfo& action = dictionary_.actions[i];
      auto category = box_of_category.find(action.category);
      if (category == box_of_category.end()) {
        const std::string title = action.category.empty() ? "Actions" : words(action.category);
        category = box_of_category.emplace(action.category, add(BoxKind::actions, title)).first;
      }
      auto& rows = drawing_.boxes[category->second].rows;
      place_of_action_[i] = {category->second, static_cast<std::uint32_t>(rows.size())};
      rows.push_back(title_or_words(action.title, action.name));
    }
  }

  static std::string transition_text(const Transition& transition) {
    std::vector<std::string> parts;
    if (transition.after) parts.push_back("after " + to_text(*transition.after));
    if (transition.within) parts.push_back("within " + to_text(*transition.within));
    if (!transition.condition_text.empty()) parts.push_back("when " + readable(transition.condition_text));
    if (transition.at_most != 0) parts.push_back(fmt::format("at most {} times", transition.at_most));
    return fmt::format("{}", fmt::join(parts, ", "));
  }

  /// "except a, b"
  std::string exceptions_text(const Transition& interrupt) const {
    std::string text;
    for (const StageId stage : interrupt.except)
      text += (text.empty() ? "except " : ", ") + words(dictionary_[stage].name);
    return text;
  }

  void pathway() {
    if (!graph_.pathway) return;
    std::vector<std::uint32_t> box_of_stage;
    for (std::size_t i = 0; i < dictionary_.stages.size(); ++i) {
      const StageInfo& stage = dictionary_.stages[i];
      std::vector<std::string> rows;
      if (!stage.title.empty() && !is_same_text(stage.title, words(stage.name))) rows.push_back(stage.title);
      box_of_stage.push_back(add(BoxKind::stage, words(stage.name), std::move(rows)));
      drawing_.boxes.back().is_start = StageId(i) == graph_.pathway->start;
      drawing_.boxes.back().is_final = stage.is_final;
    }
    std::map<std::string, std::uint32_t> box_of_exceptions;
    for (const Transition& transition : graph_.pathway->transitions) {
      std::uint32_t from = 0;
      if (transition.is_interrupt()) {
        const std::string except = exceptions_text(transition);
        auto box = box_of_exceptions.find(except);
        if (box == box_of_exceptions.end()) {
          std::vector<std::string> rows;
          if (!except.empty()) rows.push_back(except);
          box = box_of_exceptions.emplace(except, add(BoxKind::any_stage, "at any stage", std::move(rows))).first;
        }
        from = box->second;
      } else {
        from = box_of_stage[transition.from.index()];
      }
      transitions_.push_back({transition.is_interrupt() ? ArrowKind::interrupt : ArrowKind::transition, from,
                              box_of_stage[transition.to.index()], std::nullopt, transition_text(transition)});
    }
  }

  /// What stands behind a node: groups of inputs, and definitions and differentials, which are not looked into.
  void collect_sources(NodeId root, std::uint32_t user, std::set<std::uint32_t>& sources) const {
    std::vector<NodeId> open = {root};
    std::set<NodeId> seen;
    while (!open.empty()) {
      const NodeId id = open.back();
      open.pop_back();
      if (!id.is_valid() || !seen.insert(id).second) continue;
      const auto named = box_of_node_.find(id);
      if (named != box_of_node_.end() && named->second != user) {
        sources.insert(named->second);
        continue;
      }
      const Node& node = graph_[id];
      if (node.op == Op::input || node.op == Op::series) sources.insert(box_of_input_[node.reference]);
      if (node.op == Op::differential) sources.insert(box_of_differential_[node.reference]);
      open.insert(open.end(), node.operands.begin(), node.operands.end());
    }
  }

  void arrows() {
    std::map<std::uint32_t, std::set<std::uint32_t>> sources_of;
    for (const auto& [box, node] : uses_)
      collect_sources(node, box, sources_of[box]);
    for (const auto& [box, sources] : sources_of)
      for (const std::uint32_t source : sources)
        drawing_.arrows.push_back({ArrowKind::uses, source, box, std::nullopt, {}});
    std::set<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, ArrowKind>> drawn;
    for (std::size_t i = 0; i < graph_.rules.size(); ++i)
      for (const Advice& advice : graph_.rules[i].advice) {
        const auto [box, row] = place_of_action_[advice.action.index()];
        const ArrowKind kind = arrow_of(advice.verb);
        if (drawn.insert({box_of_rule_[i], box, row, kind}).second)
          drawing_.arrows.push_back({kind, box_of_rule_[i], box, row, {}});
      }
    drawing_.arrows.insert(drawing_.arrows.end(), transitions_.begin(), transitions_.end());
  }

  struct Use {
    std::uint32_t box;
    NodeId node;
  };

  const Graph& graph_;
  const Dictionary& dictionary_;
  Drawing drawing_;
  std::vector<std::uint32_t> box_of_input_, box_of_differential_, box_of_rule_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> place_of_action_; ///< box and row
  std::map<NodeId, std::uint32_t> box_of_node_;
  std::vector<Use> uses_;
  std::vector<Arrow> transitions_;
};

} // namespace

Drawing make_drawing(const Graph& graph) { return Drawer(graph).draw(); }

} // namespace aceso::graph
