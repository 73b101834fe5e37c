#pragma once
/// A text whose line breaks are still open, and the printer that decides them.
///
/// After P. Wadler, "A prettier printer" (2003), with two additions: words carry their comments, and every part knows
/// its width on one line, so that printing takes one pass.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "format/tokens.h"

namespace aceso::format {

inline constexpr std::size_t line_limit = 110;

enum class DocumentKind : std::uint8_t {
  text,     ///< as it is; blanks vanish at the start and at the end of a line
  token,    ///< a word with its comments
  dangling, ///< the comments above a closing brace, which belong to the block
  line,     ///< `blanks` spaces, or a line break where the group around it does not fit
  hardline, ///< always a line break
  concat,
  group, ///< on one line where it fits
  nest,  ///< deeper by `blanks` after a line break
  align, ///< line breaks return to the column where it starts
  fill,  ///< children separated by a space or, where the next does not fit, by a line break
  body,  ///< what follows a "=": behind it, or below it and deeper; with `blanks` not 0 it can open braces behind it
  row    ///< a line of its own: what a comment interrupts goes on four columns deeper
};

struct Document;
using Doc = std::shared_ptr<const Document>;

struct Document {
  DocumentKind kind = DocumentKind::concat;
  std::string text;
  std::size_t token = 0;
  std::size_t blanks = 0;
  std::vector<Doc> children;

  std::size_t width = 0;       ///< on one line
  bool is_broken = false;      ///< cannot stand on one line
  bool starts_comment = false; ///< begins with a comment on a line of its own
  bool ends_comment = false;   ///< ends with a `//` comment
  bool is_empty = false;
};

/// Makes documents for one list of tokens, which must outlive it.
class Builder {
public:
  explicit Builder(const std::vector<Token>& tokens) : tokens_(tokens) {}
  [[nodiscard]] Doc text(std::string_view text) const;
  [[nodiscard]] Doc blanks(std::size_t count) const { return text(std::string(count, ' ')); }
  /// `with_before`: false where the comments above it are printed by `dangling`.
  [[nodiscard]] Doc token(std::size_t index, bool with_before = true) const;
  [[nodiscard]] Doc dangling(std::size_t index) const;
  [[nodiscard]] Doc line(std::size_t blanks = 1) const;
  [[nodiscard]] Doc hardline() const;
  [[nodiscard]] Doc concat(std::vector<Doc> children) const;
  [[nodiscard]] Doc group(Doc child) const { return wrap(DocumentKind::group, std::move(child), 0); }
  [[nodiscard]] Doc nest(std::size_t blanks, Doc child) const {
    return wrap(DocumentKind::nest, std::move(child), blanks);
  }
  [[nodiscard]] Doc align(Doc child) const { return wrap(DocumentKind::align, std::move(child), 0); }
  [[nodiscard]] Doc row(Doc child) const { return wrap(DocumentKind::row, std::move(child), 0); }
  [[nodiscard]] Doc fill(std::vector<Doc> children) const;
  [[nodiscard]] Doc body(Doc child, bool hugs) const;
  /// The same group, never on one line.
  [[nodiscard]] Doc broken(const Doc& group) const;

private:
  [[nodiscard]] Doc wrap(DocumentKind kind, Doc child, std::size_t blanks) const;
  const std::vector<Token>& tokens_;
};

/// The text: LF line ends, one at the end, no trailing blanks. Comments behind consecutive lines are aligned.
[[nodiscard]] std::string print(const Doc& document, const std::vector<Token>& tokens);

} // namespace aceso::format
