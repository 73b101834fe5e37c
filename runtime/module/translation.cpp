#include "module/translation.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace aceso {
namespace {

/// Calls `visit(key, text, is_safety)` for every text. The order is part of compiled modules.
template <class Dictionary, class Visit>
void visit_texts(Dictionary& d, Visit visit) {
  constexpr bool safety = true, other = false;
  visit("guideline title", d.guideline.title, other);
  visit("guideline audience", d.guideline.audience, other);
  std::vector<std::string> owners(d.types.size()); // of types without a name: the first that is of this type
  const auto own = [&](TypeId type, const std::string& owner) {
    if (type.index() < owners.size() && owners[type.index()].empty()) owners[type.index()] = owner;
  };
  for (const auto& input : d.inputs)
    own(input.type, "input " + input.name);
  for (const auto& definition : d.definitions)
    own(definition.type, "define " + definition.name);
  for (const auto& differential : d.differentials)
    own(differential.type, "differential " + differential.name);
  for (std::size_t i = 0; i < d.types.size(); ++i) {
    auto& type = d.types[i];
    const std::string owner = !type.name.empty() ? "type " + type.name : owners[i].empty() ? "type" : owners[i];
    for (auto& member : type.members)
      visit(owner + " choice " + member.name, member.title, other);
  }
  for (auto& input : d.inputs) {
    visit("inputs " + input.group + " title", input.group_title, other);
    visit("input " + input.name + " question", input.question, other);
    visit("input " + input.name + " assumed because", input.assumed_because, safety);
  }
  for (auto& definition : d.definitions)
    visit("define " + definition.name + " title", definition.title, other);
  for (auto& action : d.actions) {
    visit("action " + action.name + " title", action.title, safety);
    visit("action " + action.name + " note", action.note, safety);
  }
  for (auto& each : d.classes)
    visit("action_class " + each.name + " title", each.title, other);
  const auto action_name = [&](ActionId id) {
    return id.index() < d.actions.size() ? d.actions[id.index()].name : std::string("?");
  };
  for (auto& each : d.interactions)
    visit("action " + action_name(each.first) + " interacts with " + action_name(each.second), each.text, safety);
  for (auto& rule : d.rules) {
    visit("rule " + rule.name + " because", rule.because, safety);
    for (auto& override : rule.overrides) {
      const bool is_known = override.rule.index() < d.rules.size();
      visit("rule " + rule.name + " overrides " + (is_known ? d.rules[override.rule.index()].name : "?"),
            override.because, safety);
    }
  }
  for (auto& caution : d.cautions)
    visit("caution " + caution.name, caution.text, safety);
  for (auto& differential : d.differentials) {
    visit("differential " + differential.name + " title", differential.title, other);
    for (auto& argument : differential.arguments)
      visit("differential " + differential.name + " argument", argument, other);
  }
  visit("pathway " + d.pathway + " title", d.pathway_title, other);
  for (auto& stage : d.stages)
    visit("stage " + stage.name + " title", stage.title, other);
  for (auto& constraint : d.constraints)
    visit("constraint " + constraint.name + " message", constraint.message, safety);
}

bool is_between(std::string_view text, char low, char high) {
  return std::all_of(text.begin(), text.end(), [&](char c) { return c >= low && c <= high; });
}

} // namespace

std::vector<TranslatableText> translatable_texts(const Dictionary& dictionary) {
  std::vector<TranslatableText> all;
  visit_texts(dictionary, [&](std::string key, const std::string& text, bool is_safety) {
    all.push_back({std::move(key), text, is_safety});
  });
  return all;
}

bool apply_translation(Dictionary& dictionary, const Translation& translation) {
  const std::string original = dictionary.guideline.language;
  if (dictionary.guideline.languages.empty() || original != dictionary.guideline.languages.front()) return false;
  if (translatable_texts(dictionary).size() != translation.texts.size()) return false;
  auto next = translation.texts.begin();
  visit_texts(dictionary, [&](const std::string&, std::string& text, bool) {
    const std::string& translated = *next++;
    if (text.empty()) return;
    text = translated.empty() ? "[" + original + "] " + text : translated;
  });
  dictionary.guideline.language = translation.language;
  return true;
}

bool is_language_code(std::string_view text) {
  const std::size_t end = std::min(text.find('_'), text.size());
  const std::string_view language = text.substr(0, end);
  if (language.size() < 2 || language.size() > 3 || !is_between(language, 'a', 'z')) return false;
  if (end == text.size()) return true;
  const std::string_view region = text.substr(end + 1);
  return region.size() == 2 && is_between(region, 'A', 'Z');
}

} // namespace aceso
