#include "module/json_writer.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "module/json_scan.h"

namespace aceso {

namespace {

/// Copies a text of up to seven bytes; false where not all of them are plain.
bool copy_short(char* out, std::string_view text) {
  std::uint64_t bytes = 0x2020'2020'2020'2020; // plain, where the text has nothing
  if (text.size() >= 4) {                      // two words that overlap
    const char* const end = text.data() + text.size();
    std::memcpy(&bytes, text.data(), 4);
    std::memcpy(reinterpret_cast<char*>(&bytes) + 4, end - 4, 4);
    std::memcpy(out, text.data(), 4);
    std::memcpy(out + text.size() - 4, end - 4, 4);
  } else {
    for (std::size_t i = 0; i < text.size(); ++i) {
      reinterpret_cast<char*>(&bytes)[i] = text[i];
      out[i] = text[i];
    }
  }
  return are_plain_json(bytes);
}

/// Copies the plain bytes at the beginning of `text` and gives their number. What is behind them, up to the size of the
/// text, may be written too.
std::size_t copy_plain(char* out, std::string_view text) {
  if (text.size() < 8) return copy_short(out, text) ? text.size() : plain_json_prefix(text);
  const auto copy_eight = [&](std::size_t from) {
    const std::uint64_t bytes = eight_bytes(text.data() + from);
    std::memcpy(out + from, &bytes, 8);
    return are_plain_json(bytes);
  };
  std::size_t at = 0;
  while (text.size() - at >= 8 && copy_eight(at))
    at += 8;
  if (text.size() - at < 8 && copy_eight(text.size() - 8)) return text.size();
  return at + plain_json_prefix(text.substr(at));
}

/// Writes from `out` on, where most_quoted_bytes have room. Gives the end.
char* write_quoted(char* out, std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  *out++ = '"';
  while (true) {
    const std::size_t plain = copy_plain(out, text);
    out += plain;
    if (plain == text.size()) break;
    const char c = text[plain];
    const auto byte = static_cast<unsigned char>(c);
    text.remove_prefix(plain + 1);
    if (byte >= 0x80) {
      *out++ = c;
      continue;
    }
    *out++ = '\\';
    if (c == '"' || c == '\\') {
      *out++ = c;
    } else if (c == '\n' || c == '\t') {
      *out++ = c == '\n' ? 'n' : 't';
    } else {
      *out++ = 'u';
      *out++ = '0';
      *out++ = '0';
      *out++ = digits[byte >> 4];
      *out++ = digits[byte & 15u];
    }
  }
  *out++ = '"';
  return out;
}
constexpr std::size_t most_quoted_bytes(std::string_view text) { return 6 * text.size() + 2; }

} // namespace

std::string json_quoted(std::string_view text) {
  std::string out(most_quoted_bytes(text), '\0');
  out.resize(static_cast<std::size_t>(write_quoted(out.data(), text) - out.data()));
  return out;
}

void JsonWriter::grow(std::size_t bytes) { text_.resize(std::max(2 * text_.size(), used_ + bytes)); }

void JsonWriter::string(std::string_view text) {
  char* const out = separated(room(most_before() + most_quoted_bytes(text)));
  used_ = static_cast<std::size_t>(write_quoted(out, text) - text_.data());
}

void JsonWriter::key(std::string_view name) {
  char* out = separated(room(most_before() + most_quoted_bytes(name) + 2));
  out = write_quoted(out, name);
  out[0] = ':';
  out[1] = ' ';
  out += compact_ ? 1 : 2;
  used_ = static_cast<std::size_t>(out - text_.data());
  after_key_ = true;
}

void JsonWriter::plain_key(std::string_view name) {
  char* out = separated(room(most_before() + name.size() + 4));
  *out++ = '"';
  std::memcpy(out, name.data(), name.size());
  out += name.size();
  std::memcpy(out, "\": ", 3);
  out += compact_ ? 2 : 3;
  used_ = static_cast<std::size_t>(out - text_.data());
  after_key_ = true;
}

void JsonWriter::string_or_null(std::string_view text) {
  if (text.empty()) {
    null();
  } else {
    string(text);
  }
}

JsonWriter JsonWriter::for_piece(bool compact, std::size_t depth) {
  JsonWriter writer(compact);
  writer.open_.assign(depth, {compact, false});
  writer.after_key_ = true; // nothing stands before the first token
  return writer;
}

std::string JsonWriter::take() {
  if (!compact_) put('\n');
  return take_piece();
}

std::string JsonWriter::take_piece() {
  text_.resize(std::exchange(used_, 0));
  return std::exchange(text_, {});
}

std::string_view JsonWriter::finish() {
  if (!compact_) put('\n');
  return std::string_view(text_).substr(0, std::exchange(used_, 0));
}

void JsonWriter::begin(char bracket, Layout layout) {
  char* out = separated(room(most_before() + 1));
  *out++ = bracket;
  used_ = static_cast<std::size_t>(out - text_.data());
  const bool in_line = compact_ || layout == Layout::line || (!open_.empty() && open_.back().is_line);
  open_.push_back({in_line});
}

void JsonWriter::end(char bracket) {
  const Container closed = open_.back();
  open_.pop_back();
  char* out = room(most_before() + 1);
  if (!closed.is_line && !closed.is_empty) out = new_line(out);
  *out++ = bracket;
  used_ = static_cast<std::size_t>(out - text_.data());
}

void JsonWriter::token(std::string_view text) {
  char* const out = separated(room(most_before() + text.size()));
  std::memcpy(out, text.data(), text.size());
  used_ = static_cast<std::size_t>(out - text_.data()) + text.size();
}

char* JsonWriter::separated(char* out) {
  if (std::exchange(after_key_, false) || open_.empty()) return out;
  Container& container = open_.back();
  if (!std::exchange(container.is_empty, false)) {
    *out++ = ',';
    if (container.is_line && !compact_) *out++ = ' ';
  }
  return container.is_line ? out : new_line(out);
}

char* JsonWriter::new_line(char* out) const {
  const std::size_t spaces = 2 * open_.size();
  *out++ = '\n';
  // Mostly few: as many as always have room are written without asking.
  std::memset(out, ' ', indent_room);
  if (spaces > indent_room) std::memset(out, ' ', spaces);
  return out + spaces;
}

} // namespace aceso
