#pragma once
/// The fixed words of the product around the texts of a guideline, in every language that it speaks itself.
/// They stand in phrases.def, one row each, so that no phrase can lack a language. Thread-safe: constants only.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "module/dictionary.h"

namespace aceso {

enum class Language : std::uint8_t { english, german };

/// "de" and "de_CH" are German. Every other language gets English phrases around its own texts.
[[nodiscard]] Language spoken_language(std::string_view code);
[[nodiscard]] inline Language spoken_language(const Dictionary& dictionary) {
  return spoken_language(dictionary.guideline.language);
}

enum class Phrase : std::uint8_t {
#define ACESO_PHRASE(name, english, german) name,
#include "module/phrases.def"
#undef ACESO_PHRASE
};
[[nodiscard]] const std::vector<Phrase>& all_phrases();
[[nodiscard]] std::string_view phrase(Language language, Phrase phrase);

/// The phrase with `args` in the place of each {}.
template <class... Args>
[[nodiscard]] std::string say(Language language, Phrase wanted, const Args&... args) {
  return fmt::format(fmt::runtime(phrase(language, wanted)), args...);
}

/// The words for what decisions are made of; empty for `none`.
[[nodiscard]] std::string_view phrase(Language language, Strength strength);
[[nodiscard]] std::string_view phrase(Language language, Urgency urgency);
[[nodiscard]] std::string_view phrase(Language language, Certainty certainty);
[[nodiscard]] std::string_view phrase(Language language, UnknownReason reason);
/// "2 weeks", "2 Wochen"; in German in the dative, as after "innerhalb von".
[[nodiscard]] std::string phrase(Language language, Period period);

} // namespace aceso
