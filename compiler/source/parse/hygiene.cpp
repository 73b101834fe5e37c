#include "parse/hygiene.h"

namespace aceso::parse {

using diagnostics::Kind;
using diagnostics::Sink;
using source::Span;

namespace {

constexpr std::size_t at_most_reported = 20; ///< of one kind: a binary file has them everywhere

/// Length of the well-formed sequence at `i`, or 0 (Unicode 15, table 3-7).
std::uint32_t well_formed(std::string_view text, std::size_t i) {
  const auto at = [&](std::size_t k) -> unsigned { return k < text.size() ? static_cast<unsigned char>(text[k]) : 0u; };
  const auto follows = [&](std::size_t k, unsigned low = 0x80, unsigned high = 0xBF) {
    return at(k) >= low && at(k) <= high;
  };
  const unsigned first = at(i);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(i + 1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const unsigned low = first == 0xE0 ? 0xA0 : 0x80, high = first == 0xED ? 0x9F : 0xBF;
    return follows(i + 1, low, high) && follows(i + 2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const unsigned low = first == 0xF0 ? 0x90 : 0x80, high = first == 0xF4 ? 0x8F : 0xBF;
    return follows(i + 1, low, high) && follows(i + 2) && follows(i + 3) ? 4 : 0;
  }
  return 0;
}

constexpr bool steers_direction(std::uint32_t c) {
  return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E || c == 0x200F || c == 0x061C;
}
constexpr bool is_control(std::uint32_t c) {
  return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029 ||
         c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB);
}

} // namespace

CodePoint code_point(std::string_view text, std::size_t offset) {
  const std::uint32_t length = well_formed(text, offset);
  const auto at = [&](std::size_t k) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[offset + k]));
  };
  switch (length) {
  case 1: return {at(0), 1};
  case 2: return {((at(0) & 0x1F) << 6) | (at(1) & 0x3F), 2};
  case 3: return {((at(0) & 0x0F) << 12) | ((at(1) & 0x3F) << 6) | (at(2) & 0x3F), 3};
  case 4: return {((at(0) & 0x07) << 18) | ((at(1) & 0x3F) << 12) | ((at(2) & 0x3F) << 6) | (at(3) & 0x3F), 4};
  default: return {0xFFFD, 1};
  }
}

std::size_t byte_order_mark(std::string_view text) { return text.starts_with("\xEF\xBB\xBF") ? 3 : 0; }

bool check_hygiene(std::string_view text, std::uint32_t file, std::size_t max_bytes, Sink& sink) {
  if (text.size() > max_bytes || text.size() >= Span::none) {
    sink.report(Kind::file_too_large, Span{file, 0, 0}, text.size(), max_bytes);
    return false;
  }
  std::size_t invalid = 0, steering = 0, controls = 0;
  for (std::size_t i = byte_order_mark(text); i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte < 0x7F) {
      ++i;
      continue;
    }
    const CodePoint c = code_point(text, i);
    const auto begin = static_cast<std::uint32_t>(i);
    const Span span{file, begin, begin + c.length};
    if (well_formed(text, i) == 0) {
      // One complaint is enough: the rest of such a file is not text.
      sink.report(Kind::invalid_utf8, span, i).mend = "save the file as UTF-8";
      if (++invalid == 1) break;
    } else if (steers_direction(c.value)) {
      if (++steering <= at_most_reported) sink.report(Kind::bidirectional_control, span, c.value).mend = "delete it";
    } else if (is_control(c.value)) {
      if (++controls <= at_most_reported) sink.report(Kind::control_character, span, c.value).mend = "delete it";
    }
    i += c.length;
  }
  return invalid + steering + controls == 0;
}

} // namespace aceso::parse
