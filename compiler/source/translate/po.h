#pragma once
/// Files of translations in the form that translators' programs know: PO, as in the manual of GNU gettext, chapter
/// "The Format of PO Files". Each entry has the place of the text (msgctxt), the original (msgid) and its translation
/// (msgstr). Plural forms do not exist here. Obsolete entries (#~) are kept and not read.

#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/diagnostic.h"
#include "source/source_file.h"

namespace aceso::translate {

struct PoEntry {
  std::string key, original, translation;
  bool is_fuzzy = false;             ///< the translator, or `aceso translate`, marked it as not ready
  std::vector<std::string> comments; ///< whole lines: of translators ("# ..."), and earlier originals ("#| ...")
  source::Span span;                 ///< of the line with the key
};

struct PoFile {
  std::vector<std::string> head;     ///< whole comment lines on top
  std::string header;                ///< "Language: de\nContent-Type: ...\n"
  std::vector<PoEntry> entries;      ///< in the order of the file
  std::vector<std::string> obsolete; ///< whole lines, as they stand
};

/// Reads a text that is valid UTF-8. Reports what is not as it has to be (A0803, A0806) and goes on with the next
/// entry. `language` must be that of the header.
[[nodiscard]] PoFile read_po(const source::SourceSet& sources, std::uint32_t file, std::string_view language,
                             diagnostics::Sink& sink);

/// One line for each text. Reading it gives the same entries.
[[nodiscard]] std::string write_po(const PoFile& file);

/// `text` in quotation marks, as in a file.
[[nodiscard]] std::string po_quoted(std::string_view text);

} // namespace aceso::translate
