#include "module/json_writer.h"

#include <cstddef>
#include <cstdint>
#include <utility>

#include "module/json_scan.h"

namespace aceso {

namespace {

void append_quoted(std::string& out, std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  out += '"';
  while (true) {
    const std::size_t plain = plain_json_prefix(text);
    out.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) break;
    const char c = text.front();
    const auto byte = static_cast<unsigned char>(c);
    text.remove_prefix(1);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (byte < 0x20 || byte == 0x7F) {
      out += "\\u00";
      out += digits[byte >> 4];
      out += digits[byte & 15u];
    } else {
      out += c;
    }
  }
  out += '"';
}

} // namespace

std::string json_quoted(std::string_view text) {
  std::string out;
  append_quoted(out, text);
  return out;
}

void JsonWriter::string(std::string_view text) {
  separate();
  append_quoted(text_, text);
}

void JsonWriter::key(std::string_view name) {
  separate();
  append_quoted(text_, name);
  text_ += ':';
  if (!compact_) text_ += ' ';
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
  if (!compact_) text_ += '\n';
  return std::exchange(text_, {});
}

void JsonWriter::begin(char bracket, Layout layout) {
  separate();
  text_ += bracket;
  const bool in_line = compact_ || layout == Layout::line || (!open_.empty() && open_.back().is_line);
  open_.push_back({in_line});
}

void JsonWriter::end(char bracket) {
  const Container closed = open_.back();
  open_.pop_back();
  if (!closed.is_line && !closed.is_empty) new_line(open_.size());
  text_ += bracket;
}

void JsonWriter::token(std::string_view text) {
  separate();
  text_ += text;
}

void JsonWriter::separate() {
  if (std::exchange(after_key_, false) || open_.empty()) return;
  Container& container = open_.back();
  if (!container.is_empty) {
    text_ += ',';
    if (container.is_line && !compact_) text_ += ' ';
  }
  container.is_empty = false;
  if (!container.is_line) new_line(open_.size());
}

void JsonWriter::new_line(std::size_t depth) {
  text_ += '\n';
  text_.append(depth * 2, ' ');
}

} // namespace aceso
