#include "module/dictionary.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "module/phrases.h"
#include "values/interval.h"

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

std::string number_to_text(const TypeInfo& type, Rational number) {
  return type.unit.empty() ? number.to_text() : number.to_text() + " " + type.unit;
}

/// "[2026-01-01, 2026-02-01]", "(3, 5)", "[3, unbounded)", "[3, unknown]".
std::string interval_to_text(const Dictionary& dictionary, TypeId element, const Interval& interval) {
  const auto text = [&](const End& end, const Value& point) -> std::string {
    if (end.is_known() && end.least.infinite != 0) return "unbounded";
    return point.is<Unknown>() ? "unknown" : to_text(dictionary, element, point);
  };
  const bool open_low = interval.low.least.infinite != 0 ? interval.low.is_known() : interval.low.least.side > 0;
  const bool open_high = interval.high.most.infinite != 0
                             ? interval.high.is_known()
                             : interval.kind == PointKind::number && interval.high.most.side < 0;
  return (open_low ? "(" : "[") + text(interval.low, start_of(interval)) + ", " +
         text(interval.high, end_of(interval)) + (open_high ? ")" : "]");
}

} // namespace

std::string partly_known_text(const Dictionary& dictionary, TypeId type, const Value& value) {
  if (value.is<Boxed<Interval>>())
    return interval_to_text(dictionary, dictionary[type].element, *value.as<Boxed<Interval>>());
  if (value.is<DateRange>()) return to_text(value.as<DateRange>());
  const NumberBounds& range = *value.as<Boxed<NumberBounds>>();
  return number_to_text(dictionary[type], range.least) + " to " + number_to_text(dictionary[type], range.most);
}

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
  if (value.is_partly_known()) {
    const std::string text = partly_known_text(dictionary, type_id, value);
    return value.is<Boxed<Interval>>() || parse_partial_date(text) ? text : "unknown (" + text + ")";
  }
  if (!value.is_known()) {
    std::string reason(to_text(value.reason()));
    std::replace(reason.begin(), reason.end(), '_', ' ');
    return "unknown (" + reason + ")";
  }
  if (value.is<bool>()) return value.as<bool>() ? "yes" : "no";
  if (value.is<Choice>()) return choice_to_text(dictionary, type, value.as<Choice>());
  if (value.is<Rational>()) return number_to_text(type, value.as<Rational>());
  if (value.is<TimeOfDay>()) return to_text(value.as<TimeOfDay>());
  if (value.is<Boxed<Interval>>()) return interval_to_text(dictionary, type.element, *value.as<Boxed<Interval>>());
  if (value.is<Date>()) return to_text(value.as<Date>());
  if (value.is<Instant>()) return to_text(ZonedInstant{value.as<Instant>(), 0});
  if (value.is<Concept>()) {
    const ConceptText code = text_of(dictionary, value.as<Concept>());
    std::string text = std::string(code.system) + "|" + std::string(code.code);
    return code.display.empty() ? text : text + " (" + std::string(code.display) + ")";
  }
  return list_to_text(dictionary, type.element, value.as<ValueList>());
}

std::string shown_text(const Dictionary& dictionary, TypeId type_id, const Value& value) {
  const TypeInfo& type = dictionary[type_id];
  const Language language = spoken_language(dictionary);
  if (!value.is_known()) return say(language, Phrase::unknown_because, phrase(language, value.reason()));
  if (value.is<bool>()) return std::string(phrase(language, value.as<bool>() ? Phrase::yes : Phrase::no));
  const std::vector<std::string>& languages = dictionary.guideline.languages;
  const bool is_translated = !languages.empty() && dictionary.guideline.language != languages.front();
  if (value.is<Choice>() && is_translated) {
    const std::string& title = type.kind == TypeKind::action ? dictionary.actions[value.as<Choice>().index].title
                                                             : type.members[value.as<Choice>().index].title;
    if (!title.empty()) return title;
  }
  if (!value.is<ValueList>()) return to_text(dictionary, type_id, value);
  std::string text = "[";
  for (const Value& item : value.as<ValueList>()) {
    if (text.size() > 1) text += ", ";
    text += shown_text(dictionary, type.element, item);
  }
  return text + "]";
}

} // namespace aceso
