#pragma once
/// The texts of a dictionary in another language, as an overlay: ids, names and the logic stay as they are, so that a
/// decision, its trace and the guideline's hash are the same in every language.

#include <string>
#include <string_view>
#include <vector>

#include "module/dictionary.h"

namespace aceso {

/// A text that an author wrote for readers, and where it stands.
struct TranslatableText {
  std::string key;  ///< "action lumbar_mri note"; texts of one key may differ (the arguments of a differential)
  std::string text; ///< empty where the author wrote none
  /// It advises, warns or refuses: titles and notes of actions, reasons of rules, of overrides and of assumptions,
  /// interactions, cautions, messages of constraints. These must be there in every declared language.
  bool is_safety = false;
};
/// All of them in a fixed order, empty ones included.
[[nodiscard]] std::vector<TranslatableText> translatable_texts(const Dictionary& dictionary);

struct Translation {
  std::string language;           ///< "de"
  std::vector<std::string> texts; ///< as many as translatable_texts gives, in its order; empty: not translated
};
/// Puts the texts in their places. What is not translated keeps its text, marked with its language: "[en] Fever?".
/// False, and nothing is changed, where the translation is not one of this dictionary, or where the dictionary is
/// translated already.
[[nodiscard]] bool apply_translation(Dictionary& dictionary, const Translation& translation);

/// Two or three small letters, and perhaps a region: "en", "gsw", "pt_BR".
[[nodiscard]] bool is_language_code(std::string_view text);

} // namespace aceso
