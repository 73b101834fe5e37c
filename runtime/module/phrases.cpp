#include "module/phrases.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace aceso {
namespace {

struct Row {
  std::string_view english, german;
};

constexpr Row rows[] = {
#define ACESO_PHRASE(name, english, german) {english, german},
#include "module/phrases.def"
#undef ACESO_PHRASE
};

/// The words in which lengths of time are written.
constexpr std::pair<std::string_view, std::string_view> german_time[] = {
    {"day", "Tag"},        {"days", "Tagen"},      {"week", "Woche"},     {"weeks", "Wochen"},     {"month", "Monat"},
    {"months", "Monaten"}, {"year", "Jahr"},       {"years", "Jahren"},   {"hour", "Stunde"},      {"hours", "Stunden"},
    {"minute", "Minute"},  {"minutes", "Minuten"}, {"second", "Sekunde"}, {"seconds", "Sekunden"}, {"and", "und"}};

std::string_view german_word(std::string_view word) {
  const auto found = std::find_if(std::begin(german_time), std::end(german_time),
                                  [&](const auto& pair) { return pair.first == word; });
  return found == std::end(german_time) ? word : found->second;
}

} // namespace

Language spoken_language(std::string_view code) {
  return code == "de" || code.starts_with("de_") ? Language::german : Language::english;
}

const std::vector<Phrase>& all_phrases() {
  static const std::vector<Phrase> all = [] {
    std::vector<Phrase> phrases;
    for (std::size_t i = 0; i < std::size(rows); ++i)
      phrases.push_back(static_cast<Phrase>(i));
    return phrases;
  }();
  return all;
}

std::string_view phrase(Language language, Phrase wanted) {
  const Row& row = rows[static_cast<std::size_t>(wanted)];
  return language == Language::german ? row.german : row.english;
}

std::string_view phrase(Language language, Strength strength) {
  constexpr Phrase words[] = {Phrase::weak, Phrase::strong};
  if (strength == Strength::none) return {};
  return phrase(language, words[static_cast<std::size_t>(strength) - 1]);
}

std::string_view phrase(Language language, Urgency urgency) {
  constexpr Phrase words[] = {Phrase::routinely, Phrase::soon, Phrase::urgently, Phrase::immediately};
  if (urgency == Urgency::none) return {};
  return phrase(language, words[static_cast<std::size_t>(urgency) - 1]);
}

std::string_view phrase(Language language, Certainty certainty) {
  constexpr Phrase words[] = {Phrase::very_low, Phrase::low, Phrase::moderate, Phrase::high};
  if (certainty == Certainty::none) return {};
  return phrase(language, words[static_cast<std::size_t>(certainty) - 1]);
}

std::string_view phrase(Language language, UnknownReason reason) {
  constexpr Phrase words[] = {Phrase::not_asked, Phrase::not_done, Phrase::refused,       Phrase::pending,
                              Phrase::stale,     Phrase::invalid,  Phrase::not_applicable};
  return phrase(language, words[static_cast<std::size_t>(reason)]);
}

std::string phrase(Language language, Period period) {
  const std::string english = to_text(period);
  if (language == Language::english) return english;
  std::string text;
  for (std::string_view rest = english; !rest.empty();) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    if (!text.empty()) text += ' ';
    text += german_word(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return text;
}

} // namespace aceso
