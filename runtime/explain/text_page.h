#pragma once
/// Lines of text for a terminal: indentation, wrapping, and colour where it is asked for. Internal to runtime/explain.

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace aceso {

enum class TextStyle : unsigned char { plain, bold, good, alarm, doubt, faint };

class TextPage {
public:
  TextPage(unsigned width, bool color) : width_(width < 40 ? 40 : width), color_(color) {}

  /// A title after an empty line (except at the top).
  void heading(std::string_view text, TextStyle style = TextStyle::bold);
  /// Wrapped text; `mark` ("* ", "12  ") stands before the first line and the others are indented as far.
  void paragraph(unsigned indent, std::string_view text, TextStyle style = TextStyle::plain,
                 std::string_view mark = {});
  void empty_line();
  [[nodiscard]] std::string take() { return std::move(text_); }

private:
  void line(unsigned indent, std::string_view mark, std::string_view words, TextStyle style);

  std::string text_;
  std::size_t width_;
  bool color_;
};

} // namespace aceso
