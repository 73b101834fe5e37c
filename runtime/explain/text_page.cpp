#include "explain/text_page.h"

#include <algorithm>

namespace aceso {
namespace {

/// Characters, not bytes; wide and combining characters are not told apart.
std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }));
}

/// Select Graphic Rendition of ECMA-48, section 8.3.117.
std::string_view escape_of(TextStyle style) {
  switch (style) {
  case TextStyle::plain: return "";
  case TextStyle::bold: return "\033[1m";
  case TextStyle::good: return "\033[1;32m";
  case TextStyle::alarm: return "\033[1;31m";
  case TextStyle::doubt: return "\033[1;33m";
  case TextStyle::faint: return "\033[2m";
  }
  return "";
}

/// Texts come out of a module that may be hostile: what could steer the terminal becomes a space.
std::string without_controls(std::string_view text) {
  std::string clean(text);
  for (char& c : clean) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return clean;
}

} // namespace

void TextPage::heading(std::string_view text, TextStyle style) {
  empty_line();
  paragraph(0, text, style);
}

void TextPage::empty_line() {
  const bool is_needed = !text_.empty() && !text_.ends_with("\n\n");
  if (is_needed) text_ += '\n';
}

void TextPage::paragraph(unsigned indent, std::string_view text, TextStyle style, std::string_view mark) {
  const std::string clean = without_controls(text);
  std::string_view rest = clean;
  const std::size_t taken = indent + columns_of(mark);
  const std::size_t room = width_ > taken + 20 ? width_ - taken : 20;
  std::string words;
  bool is_first = true;
  const auto flush = [&] {
    line(indent, is_first ? std::string(mark) : std::string(columns_of(mark), ' '), words, style);
    words.clear();
    is_first = false;
  };
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    const std::string_view word = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (word.empty()) continue;
    if (!words.empty() && columns_of(words) + 1 + columns_of(word) > room) flush();
    if (!words.empty()) words += ' ';
    words += word;
  }
  if (!words.empty() || is_first) flush();
}

void TextPage::line(unsigned indent, std::string_view mark, std::string_view words, TextStyle style) {
  text_.append(indent, ' ');
  const bool is_colored = color_ && style != TextStyle::plain;
  if (is_colored) text_ += escape_of(style);
  text_ += mark;
  text_ += words;
  if (is_colored) text_ += "\033[0m";
  text_ += '\n';
}

} // namespace aceso
