#pragma once
/// Writes JSON text with a fixed layout. Numbers are given as their exact text, which no double could keep.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace aceso {

/// The text as a JSON string with its quotes; control characters are escaped, other bytes pass as they are.
[[nodiscard]] std::string json_quoted(std::string_view text);

/// Containers must be closed in the order in which they were opened. Not thread-safe.
class JsonWriter {
public:
  enum class Layout : std::uint8_t {
    block, ///< one member or item a line, indented by two spaces
    line   ///< all on one line; what stands inside is on that line too
  };
  /// `expected` bytes are set aside at the start.
  explicit JsonWriter(bool compact = false, std::size_t expected = 0) : text_(expected, '\0'), compact_(compact) {}
  /// Writes a piece: what is going to stand inside of so many containers that are open, the innermost as a block.
  [[nodiscard]] static JsonWriter for_piece(bool compact, std::size_t depth);

  void begin_object(Layout layout = Layout::block) { begin('{', layout); }
  void end_object() { end('}'); }
  void begin_array(Layout layout = Layout::block) { begin('[', layout); }
  void end_array() { end(']'); }
  void key(std::string_view name);
  /// A key of which no character is to be escaped.
  void plain_key(std::string_view name);

  void string(std::string_view text);
  void boolean(bool value) { token(value ? "true" : "false"); }
  void null() { token("null"); }
  /// A null for an empty text.
  void string_or_null(std::string_view text);
  /// `exact` must be the text of a JSON number.
  void number(std::string_view exact) { token(exact); }

  /// What another writer has made with `for_piece`, as it is: items or members of the container that is open.
  void piece(std::string_view written) { token(written); }
  /// A piece that is a key; its value comes next.
  void key_piece(std::string_view written) {
    token(written);
    after_key_ = true;
  }

  /// The text so far, with a newline at the end unless compact.
  [[nodiscard]] std::string take();
  /// Of a writer of pieces: the text so far and nothing else.
  [[nodiscard]] std::string take_piece();
  /// The same as `take` of a writer that is used again: valid until the next text is begun.
  [[nodiscard]] std::string_view finish();

private:
  struct Container {
    bool is_line;
    bool is_empty = true;
  };
  void begin(char bracket, Layout layout);
  void end(char bracket);
  void token(std::string_view text);
  /// What stands between the last token and the next is written at `out`, where most_before() bytes have room; gives
  /// its end.
  [[nodiscard]] char* separated(char* out);
  [[nodiscard]] char* new_line(char* out) const;
  [[nodiscard]] std::size_t most_before() const { return 2 + indent_room + 2 * open_.size(); }
  /// Where so many bytes may be written.
  [[nodiscard]] char* room(std::size_t bytes) {
    if (text_.size() - used_ < bytes) grow(bytes);
    return text_.data() + used_;
  }
  void grow(std::size_t bytes);
  void put(char c) {
    *room(1) = c;
    ++used_;
  }

  static constexpr std::size_t indent_room = 32;

  std::string text_; ///< longer than what has been written
  std::size_t used_ = 0;
  std::vector<Container> open_;
  bool after_key_ = false;
  bool compact_;
};

} // namespace aceso
