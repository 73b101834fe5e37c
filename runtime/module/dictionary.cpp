#include "module/dictionary.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace aceso {

std::string_view to_text(Verb v) {
  constexpr std::string_view names[] = {"recommend", "suggest", "avoid", "contraindicate"};
  return names[static_cast<std::size_t>(v)];
}

std::string_view to_text(Strength s) {
  constexpr std::string_view names[] = {"", "weak", "strong"};
  return names[static_cast<std::size_t>(s)];
}

std::string_view to_text(Urgency u) {
  constexpr std::string_view names[] = {"", "routinely", "soon", "urgently", "immediately"};
  return names[static_cast<std::size_t>(u)];
}

std::string_view to_text(Certainty c) {
  constexpr std::string_view names[] = {"", "very low", "low", "moderate", "high"};
  return names[static_cast<std::size_t>(c)];
}

namespace {

std::string list_to_text(const Dictionary& dictionary, TypeId element, const ValueList& list) {
  std::string text = "[";
  for (const Value& item : list) {
    if (text.size() > 1) text += ", ";
    text += to_text(dictionary, element, item);
  }
  return text + "]";
}

std::string choice_to_text(const Dictionary& dictionary, const TypeInfo& type, Choice choice) {
  if (type.kind == TypeKind::action) return dictionary.actions[choice.index].name;
  return type.members[choice.index].name;
}

} // namespace

Concept find_concept(const Dictionary& dictionary, std::string_view system, std::string_view code) {
  const auto is_before = [](const Code& a, std::pair<std::string_view, std::string_view> b) {
    return std::pair<std::string_view, std::string_view>(a.system, a.code) < b;
  };
  const auto found =
      std::lower_bound(dictionary.concepts.begin(), dictionary.concepts.end(), std::pair(system, code), is_before);
  if (found != dictionary.concepts.end() && found->system == system && found->code == code)
    return {static_cast<std::uint32_t>(found - dictionary.concepts.begin()), nullptr};
  return {Concept::unfamiliar, std::make_shared<const CodedText>(CodedText{std::string(system), std::string(code)})};
}

ConceptText text_of(const Dictionary& dictionary, const Concept& code) {
  if (code.index == Concept::unfamiliar) return {code.text->system, code.text->code, {}};
  const Code& known = dictionary.concepts[code.index];
  return {known.system, known.code, known.display};
}

std::string to_text(const Dictionary& dictionary, TypeId type_id, const Value& value) {
  const TypeInfo& type = dictionary[type_id];
  if (!value.is_known()) {
    std::string reason(to_text(value.reason()));
    std::replace(reason.begin(), reason.end(), '_', ' ');
    return "unknown (" + reason + ")";
  }
  if (value.is<bool>()) return value.as<bool>() ? "yes" : "no";
  if (value.is<Choice>()) return choice_to_text(dictionary, type, value.as<Choice>());
  if (value.is<Rational>()) {
    const std::string number = value.as<Rational>().to_text();
    return type.unit.empty() ? number : number + " " + type.unit;
  }
  if (value.is<Date>()) return to_text(value.as<Date>());
  if (value.is<Instant>()) return to_text(ZonedInstant{value.as<Instant>(), 0});
  if (value.is<Concept>()) {
    const ConceptText code = text_of(dictionary, value.as<Concept>());
    std::string text = std::string(code.system) + "|" + std::string(code.code);
    return code.display.empty() ? text : text + " (" + std::string(code.display) + ")";
  }
  return list_to_text(dictionary, type.element, value.as<ValueList>());
}

} // namespace aceso
