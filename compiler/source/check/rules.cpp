/// Actions, constraints, rules, cautions.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "check/checker.h"

namespace aceso::check {

namespace {

template <class Enum>
std::optional<Enum> from_word(const std::string& word, std::initializer_list<Enum> all) {
  for (const Enum e : all)
    if (to_text(e) == word) return e;
  return std::nullopt;
}

} // namespace

ActionId Checker::action(const std::string& name, const Symbol& symbol) {
  if (const auto found = action_ids_.find(name); found != action_ids_.end()) return found->second;
  const auto& declaration = static_cast<const ast::ActionDecl&>(*symbol.declaration);
  const ActionId id(graph_.dictionary.actions.size());
  action_ids_[name] = id;
  graph_.dictionary.actions.push_back({name,
                                       declaration.title.text,
                                       declaration.category.text,
                                       declaration.note.text,
                                       {},
                                       citations(declaration.cites)});
  graph_.action_spans.push_back(declaration.span);
  for (const auto& [other, text] : declaration.interactions) {
    const Symbol* with = find(actions_, other, "an action");
    if (!with) continue;
    if (with->kind != Symbol::Kind::action || other.text == name) {
      sink_.report(Kind::wrong_kind_of_name, other.span, other.text,
                   other.text == name ? "the action itself" : check::in_words(with->kind), "another action");
      continue;
    }
    graph_.dictionary.interactions.push_back({id, action(other.text, *with), text.text});
  }
  return id;
}

ClassId Checker::action_class(const std::string& name, const Symbol& symbol) {
  if (const auto found = class_ids_.find(name); found != class_ids_.end()) return found->second;
  const auto& declaration = static_cast<const ast::ActionClassDecl&>(*symbol.declaration);
  if (std::count(in_progress_.begin(), in_progress_.end(), name)) {
    sink_.report(Kind::class_cycle, declaration.name.span, name).mend = "take one class out of the other";
    return {};
  }
  in_progress_.push_back(name);
  ActionClassInfo out{name, declaration.title.text, declaration.at_most_one, {}};
  for (const ast::Name& member : declaration.members) {
    const Symbol* found = find(actions_, member, "an action or a class of actions");
    if (!found) continue;
    std::vector<ActionId> actions;
    if (found->kind == Symbol::Kind::action)
      actions = {action(member.text, *found)};
    else if (const ClassId inner = action_class(member.text, *found); inner.is_valid())
      actions = graph_.dictionary.classes[inner.index()].actions;
    for (const ActionId id : actions)
      if (!std::count(out.actions.begin(), out.actions.end(), id)) out.actions.push_back(id);
  }
  (void)citations(declaration.cites);
  in_progress_.pop_back();
  std::sort(out.actions.begin(), out.actions.end());
  graph_.dictionary.classes.push_back(std::move(out));
  return class_ids_[name] = ClassId(graph_.dictionary.classes.size() - 1);
}

std::vector<ActionId> Checker::actions_of(const ast::Name& name) {
  const Symbol* symbol = find(actions_, name, "an action or a class of actions");
  if (!symbol) return {};
  if (symbol->kind == Symbol::Kind::action) return {action(name.text, *symbol)};
  const ClassId id = action_class(name.text, *symbol);
  return id.is_valid() ? graph_.dictionary.classes[id.index()].actions : std::vector<ActionId>{};
}

void Checker::possible_actions(NodeId id, std::set<ActionId>& actions) const {
  const Node& n = at(id);
  if (n.op == Op::constant && n.constant.is<Choice>()) actions.insert(ActionId(n.constant.as<Choice>().index));
  if (n.op == Op::conditional) {
    possible_actions(n.operands[1], actions);
    possible_actions(n.operands[2], actions);
  }
  if (n.op == Op::table)
    for (std::size_t i = 1; i < n.operands.size(); i += 2)
      possible_actions(n.operands[i], actions);
}

void Checker::lower_constraints() {
  const auto lower_one = [&](const ast::ConstraintDecl& d) {
    const NodeId require = lower_condition(*d.require);
    const std::string& message = d.message.text;
    for (std::size_t open = message.find('{'); open != std::string::npos; open = message.find('{', open + 1)) {
      const std::size_t close = message.find('}', open);
      if (close == std::string::npos) break;
      const std::string name = message.substr(open + 1, close - open - 1);
      const auto found = values_.find(name);
      if (found != values_.end() && found->second.kind == Symbol::Kind::input) continue;
      Diagnostic& complaint = sink_.report(Kind::unknown_name, d.message.span, fmt::format("{{{}}}", name));
      const std::string near = nearest_name(name, {&values_});
      complaint.mend = near.empty() ? "name an input between the braces" : fmt::format("did you mean `{{{}}}`?", near);
    }
    if (!require.is_valid()) return;
    ConstraintInfo out{d.name.text, d.message.text, {}, citations(d.cites)};
    std::vector<bool> seen(require.index() + 1);
    std::vector<NodeId> open{require};
    while (!open.empty()) {
      const NodeId id = open.back();
      open.pop_back();
      if (seen[id.index()]) continue;
      seen[id.index()] = true;
      const Node& n = at(id);
      if (n.op == Op::input || n.op == Op::series) out.inputs.emplace_back(n.reference);
      open.insert(open.end(), n.operands.begin(), n.operands.end());
    }
    std::sort(out.inputs.begin(), out.inputs.end());
    out.inputs.erase(std::unique(out.inputs.begin(), out.inputs.end()), out.inputs.end());
    graph_.dictionary.constraints.push_back(std::move(out));
    graph_.constraints.push_back({require, d.span});
  };
  // A module's constraints hold wherever its inputs are used; they cost nothing where these are unknown.
  for (const ast::File& file : program_->files)
    for (const auto& declaration : file.declarations)
      if (const auto* constraint = std::get_if<ast::ConstraintDecl>(&declaration)) lower_one(*constraint);
}

void Checker::lower_rules() {
  for_each_main<ast::RuleDecl>([&](const ast::RuleDecl& d) {
    if (!rule_ids_.count(d.name.text)) lower_rule(d.name.text, d);
  });
  lower_overrides();
}

void Checker::lower_rule(const std::string& name, const ast::RuleDecl& d) {
  graph::Rule rule;
  rule.span = d.span;
  allow_stage_ = true;
  rule.condition = d.when ? lower_condition(*d.when) : NodeId{};
  if (d.when) rule.condition_text = text_of(d.when->span);
  if (d.unless) {
    const NodeId unless = lower_condition(*d.unless);
    rule.condition_text += " unless " + text_of(d.unless->span);
    if (unless.is_valid() && rule.condition.is_valid())
      rule.condition = all_of({rule.condition, negation(unless, d.unless->span)}, d.unless->span);
  }
  allow_stage_ = false;
  for (const ast::Advice& advice : d.advice)
    lower_advice(advice, rule);
  RuleInfo described;
  described.name = name;
  described.because = d.because.text;
  described.citations = citations(d.cites);
  std::string certainty = d.certainty;
  std::replace(certainty.begin(), certainty.end(), '_', ' ');
  described.certainty =
      from_word(certainty, {Certainty::very_low, Certainty::low, Certainty::moderate, Certainty::high})
          .value_or(Certainty::none);
  rule_ids_[name] = RuleId(graph_.rules.size());
  graph_.dictionary.rules.push_back(std::move(described));
  graph_.rules.push_back(std::move(rule));
}

void Checker::lower_advice(const ast::Advice& a, graph::Rule& rule) {
  graph::Advice out;
  out.verb = from_word(a.verb.text, {Verb::recommend, Verb::suggest, Verb::avoid, Verb::contraindicate})
                 .value_or(Verb::recommend);
  out.strength = from_word(a.strength, {Strength::weak, Strength::strong}).value_or(Strength::none);
  out.urgency = from_word(a.urgency, {Urgency::routinely, Urgency::soon, Urgency::urgently, Urgency::immediately})
                    .value_or(Urgency::none);
  if (a.within) out.within = period(*a.within);
  const auto speak = [&](ActionId action, NodeId selected) {
    for (const graph::Advice& earlier : rule.advice)
      if (earlier.action == action && earlier.verb == out.verb && earlier.selected == selected) return;
    out.action = action;
    out.selected = selected;
    rule.advice.push_back(out);
  };
  for (const ast::Name& target : a.targets) {
    const auto value = values_.find(target.text);
    if (actions_.count(target.text) || value == values_.end()) {
      if (!actions_.count(target.text)) {
        const std::string near = nearest_name(target.text, {&actions_, &values_});
        Diagnostic& d = sink_.report(Kind::unknown_name, target.span, target.text);
        d.mend = near.empty() ? fmt::format("declare it: `action {} \"what it is\" : category`", target.text)
                              : fmt::format("did you mean `{}`?", near);
        continue;
      }
      for (const ActionId id : actions_of(target))
        speak(id, {});
      continue;
    }
    const NodeId chosen = lower_value(target.text, value->second, target.span);
    if (!chosen.is_valid() || !require_type(chosen, action_type_, target.span)) continue;
    std::set<ActionId> possible;
    possible_actions(chosen, possible);
    if (possible.empty())
      sink_.report(Kind::table_cannot_decide, target.span, target.text).mend =
          "let at least one of its values be an action";
    for (const ActionId id : possible) {
      Node n;
      n.op = Op::selects;
      n.type = yes_no_;
      n.span = target.span;
      n.operands = {chosen};
      n.reference = id.index();
      speak(id, add(std::move(n)));
    }
  }
}

void Checker::lower_overrides() {
  for_each_main<ast::RuleDecl>([&](const ast::RuleDecl& d) {
    const auto self = rule_ids_.find(d.name.text);
    if (self == rule_ids_.end()) return;
    for (const auto& entry : d.overrides) {
      if (!find(rules_, entry.rule, "a rule")) continue;
      const auto loser = rule_ids_.find(entry.rule.text);
      if (loser == rule_ids_.end()) continue;
      graph::Rule& rule = graph_.rules[self->second.index()];
      rule.overrides.push_back(loser->second);
      graph_.dictionary.rules[self->second.index()].overrides.push_back({loser->second, entry.because.text});
      bool disputed = false;
      for (const auto& a : rule.advice)
        for (const auto& b : graph_.rules[loser->second.index()].advice) {
          disputed |= a.action == b.action;
          for (const ActionClassInfo& group : graph_.dictionary.classes)
            disputed |= group.at_most_one && std::count(group.actions.begin(), group.actions.end(), a.action) &&
                        std::count(group.actions.begin(), group.actions.end(), b.action);
          for (const InteractionInfo& pair : graph_.dictionary.interactions)
            disputed |= (pair.first == a.action && pair.second == b.action) ||
                        (pair.first == b.action && pair.second == a.action);
        }
      if (!disputed && loser->second != self->second)
        sink_.report(Kind::override_without_dispute, entry.rule.span, d.name.text, entry.rule.text).mend =
            "take it away, or name the rule whose advice is to give way";
    }
  });
  // Depth-first search for a circle; the first one found is shown.
  std::vector<int> state(graph_.rules.size());
  std::vector<RuleId> path;
  const auto visit = [&](const auto& self, RuleId id) -> bool {
    state[id.index()] = 1;
    path.push_back(id);
    for (const RuleId next : graph_.rules[id.index()].overrides) {
      if (state[next.index()] == 2) continue;
      if (state[next.index()] == 1) {
        std::vector<std::string> names;
        for (auto it = std::find(path.begin(), path.end(), next); it != path.end(); ++it)
          names.push_back(graph_.dictionary[*it].name);
        names.push_back(graph_.dictionary[next].name);
        Diagnostic& d = sink_.report(Kind::override_cycle, graph_.rules[id.index()].span,
                                     fmt::format("{}", fmt::join(names, " -> ")));
        for (std::size_t i = 0; i + 1 < names.size(); ++i) {
          const auto& rule = static_cast<const ast::RuleDecl&>(*rules_.find(names[i])->second.declaration);
          for (const auto& entry : rule.overrides)
            if (entry.rule.text == names[i + 1])
              d.notes.push_back({entry.rule.span, fmt::format("`{}` overrides `{}`", names[i], names[i + 1])});
        }
        d.mend = "take one of these overrides away";
        return false;
      }
      if (!self(self, next)) return false;
    }
    path.pop_back();
    state[id.index()] = 2;
    return true;
  };
  for (std::size_t r = 0; r < graph_.rules.size(); ++r)
    if (state[r] == 0 && !visit(visit, RuleId(r))) return;
}

void Checker::lower_cautions() {
  for_each_main<ast::CautionDecl>([&](const ast::CautionDecl& d) {
    allow_stage_ = true;
    const NodeId condition = lower_condition(*d.when);
    allow_stage_ = false;
    CautionInfo out{d.name.text, {}, citations(d.cites)};
    for (const ast::Text& text : d.texts)
      out.text += (out.text.empty() ? "" : " ") + text.text;
    graph_.dictionary.cautions.push_back(std::move(out));
    graph_.cautions.push_back({condition, d.span});
  });
}

} // namespace aceso::check
