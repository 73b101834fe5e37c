#include "module/json_writer.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "module/json_scan.h"

namespace aceso {

namespace {

/// Writes from `out` on, where six bytes for each of the text, and ten more, have room. Gives the end.
char* write_quoted(char* out, std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  *out++ = '"';
  while (true) {
    const std::size_t plain = plain_json_prefix(text);
    std::memcpy(out, text.data(), plain);
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
  separate();
  used_ = static_cast<std::size_t>(write_quoted(room(most_quoted_bytes(text)), text) - text_.data());
}

void JsonWriter::key(std::string_view name) {
  string(name);
  char* const out = room(2);
  out[0] = ':';
  out[1] = ' ';
  used_ += compact_ ? 1 : 2;
  after_key_ = true;
}

void JsonWriter::string_or_null(std::string_view text) {
  if (text.empty()) {
    null();
  } else {
    string(text);
  }
}

std::string JsonWriter::take() {
  if (!compact_) put('\n');
  text_.resize(std::exchange(used_, 0));
  return std::exchange(text_, {});
}

void JsonWriter::begin(char bracket, Layout layout) {
  separate();
  put(bracket);
  const bool in_line = compact_ || layout == Layout::line || (!open_.empty() && open_.back().is_line);
  open_.push_back({in_line});
}

void JsonWriter::end(char bracket) {
  const Container closed = open_.back();
  open_.pop_back();
  if (!closed.is_line && !closed.is_empty) new_line(open_.size());
  put(bracket);
}

void JsonWriter::token(std::string_view text) {
  separate();
  std::memcpy(room(text.size()), text.data(), text.size());
  used_ += text.size();
}

void JsonWriter::separate() {
  if (std::exchange(after_key_, false) || open_.empty()) return;
  Container& container = open_.back();
  if (!container.is_empty) {
    put(',');
    if (container.is_line && !compact_) put(' ');
  }
  container.is_empty = false;
  if (!container.is_line) new_line(open_.size());
}

void JsonWriter::new_line(std::size_t depth) {
  char* const out = room(1 + 2 * depth);
  out[0] = '\n';
  std::memset(out + 1, ' ', 2 * depth);
  used_ += 1 + 2 * depth;
}

} // namespace aceso
