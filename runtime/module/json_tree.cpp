#include "module/json_tree.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "module/case_faults.h"
#include "module/json_scan.h"
#include "values/stable_order.h"

namespace aceso {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool is_digit(int c) { return c >= '0' && c <= '9'; }
bool is_space(int c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// A character of more than one byte, as UTF-8 allows it (RFC 3629, section 4): how many bytes, and the bounds of the
/// second. The bytes after that are 80 to BF.
struct Utf8Lead {
  unsigned length = 0, least = 0x80, most = 0xBF;
};
Utf8Lead utf8_lead(unsigned byte) {
  if (byte >= 0xC2 && byte <= 0xDF) return {2};
  if (byte == 0xE0) return {3, 0xA0};
  if (byte == 0xED) return {3, 0x80, 0x9F};
  if (byte >= 0xE1 && byte <= 0xEF) return {3};
  if (byte == 0xF0) return {4, 0x90};
  if (byte >= 0xF1 && byte <= 0xF3) return {4};
  if (byte == 0xF4) return {4, 0x80, 0x8F};
  return {};
}

void append_utf8(std::string& out, unsigned code) {
  const auto put = [&](unsigned byte) { out += static_cast<char>(byte); };
  if (code < 0x80) return put(code);
  if (code < 0x800) {
    put(0xC0 | code >> 6);
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
  }
  put(0x80 | (code & 0x3F));
}

/// Containers that are open stand on a stack of its own, so that depth costs no stack of the program.
class Parser {
public:
  Parser(std::string_view text, const JsonLimits& limits, JsonParse& out) : text_(text), limits_(limits), out_(out) {}

  void parse() {
    constexpr std::size_t bytes_of_value = 16; // or more, mostly
    out_.nodes.reserve(std::min(text_.size() / bytes_of_value + 2, limits_.max_values));
    out_.nodes.clear();
    if (text_.starts_with(byte_order_mark)) at_ = byte_order_mark.size();
    try {
      value();
      while (!open_.empty())
        continue_container();
      if (next_token() != '\0') refuse_token();
    } catch (const Stop&) {
      out_.nodes.assign(1, {});
    }
  }

  std::size_t error_offset = 0; ///< the byte at which a syntax problem was seen; the size of the text for its end
  bool is_overflow = false;

private:
  struct Stop {};

  struct Container {
    std::uint32_t node;
    JsonKind kind;
    std::uint32_t count;
  };
  [[noreturn]] void stop(JsonProblem problem) {
    out_.problem = problem;
    throw Stop{};
  }
  [[noreturn]] void refuse(std::size_t offset) {
    error_offset = offset;
    stop(JsonProblem::syntax);
  }

  /// -1 at the end.
  [[nodiscard]] int peek() const { return at_ < text_.size() ? static_cast<unsigned char>(text_[at_]) : -1; }
  void expect(bool holds) {
    if (!holds) refuse(at_);
    ++at_;
  }

  /// Reads the token that comes, whatever it is: its first character, 0 at the end. Text and numbers go to `token_`.
  char next_token() {
    constexpr std::uint64_t eight_spaces = 0x2020'2020'2020'2020;
    while (at_ < text_.size() && is_space(text_[at_])) {
      ++at_;
      while (text_.size() - at_ >= 8 && eight_bytes(text_.data() + at_) == eight_spaces)
        at_ += 8;
    }
    if (at_ == text_.size()) return '\0';
    const char first = text_[at_];
    switch (first) {
    case '{':
    case '}':
    case '[':
    case ']':
    case ',':
    case ':': ++at_; break;
    case '"': string(); break;
    case 't': word("true"); break;
    case 'f': word("false"); break;
    case 'n': word("null"); break;
    default:
      if (first != '-' && !is_digit(first)) refuse(at_);
      number();
    }
    return first;
  }
  /// A sound token in the wrong place; the place is its last character.
  [[noreturn]] void refuse_token() { refuse(at_ - 1); }
  [[noreturn]] void refuse_token(char token) {
    if (token == '\0') refuse(text_.size());
    refuse_token();
  }

  void word(std::string_view expected) {
    for (const char c : expected)
      expect(peek() == c);
  }

  void digits() {
    expect(is_digit(peek()));
    while (is_digit(peek()))
      ++at_;
  }

  void number() {
    const std::size_t begin = at_;
    if (peek() == '-') ++at_;
    const std::size_t whole = at_;
    if (peek() == '0')
      ++at_;
    else
      digits();
    const std::size_t whole_end = at_;
    std::size_t fraction_end = at_;
    if (peek() == '.') {
      ++at_;
      digits();
      fraction_end = at_;
    }
    std::int64_t exponent = 0;
    if (peek() == 'e' || peek() == 'E') {
      ++at_;
      const bool is_negative = peek() == '-';
      if (is_negative || peek() == '+') ++at_;
      for (std::size_t i = at_; i < text_.size() && is_digit(text_[i]); ++i)
        exponent = std::min<std::int64_t>(10 * exponent + (text_[i] - '0'), largest_exponent);
      digits();
      if (is_negative) exponent = -exponent;
    }
    token_ = text_.substr(begin, at_ - begin);
    if (token_ == "-0") token_ = "0";
    // How the first digit that is not 0 counts says how large the number is.
    const std::size_t first = text_.find_first_not_of("0.", whole);
    if (first >= fraction_end) return;
    const auto place = static_cast<std::int64_t>(whole_end) - static_cast<std::int64_t>(first);
    if ((first < whole_end ? place - 1 : place) + exponent <= 308) return;
    is_overflow = true;
    refuse_token();
  }

  void string() {
    const std::size_t begin = ++at_;
    at_ += plain_json_prefix(text_.substr(at_));
    if (peek() == '"') {
      token_ = text_.substr(begin, at_++ - begin);
      return;
    }
    bool has_escapes = false;
    std::string unescaped;
    std::size_t copied = begin;
    while (peek() != '"') {
      const int c = peek();
      if (c == '\\') {
        has_escapes = true;
        unescaped += text_.substr(copied, at_ - copied);
        escape(unescaped);
        copied = at_;
      } else if (c >= 0x80) {
        const Utf8Lead lead = utf8_lead(static_cast<unsigned>(c));
        expect(lead.length != 0);
        expect(peek() >= static_cast<int>(lead.least) && peek() <= static_cast<int>(lead.most));
        for (unsigned i = 2; i < lead.length; ++i)
          expect(peek() >= 0x80 && peek() <= 0xBF);
      } else {
        expect(c >= 0x20);
      }
      at_ += plain_json_prefix(text_.substr(at_));
    }
    if (!has_escapes) {
      token_ = text_.substr(begin, at_ - begin);
    } else {
      unescaped += text_.substr(copied, at_ - copied);
      token_ = out_.keep(std::move(unescaped));
    }
    ++at_;
  }

  void escape(std::string& out) {
    ++at_;
    constexpr std::string_view letters = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
    const int letter = peek();
    const std::size_t found = letter < 0 ? std::string_view::npos : letters.find(static_cast<char>(letter));
    expect(letter == 'u' || found != std::string_view::npos);
    if (letter != 'u') {
      out += meanings[found];
      return;
    }
    unsigned code = four_hexadecimal_digits();
    if (code >= 0xDC00 && code <= 0xDFFF) refuse_token();
    if (code >= 0xD800 && code <= 0xDBFF) {
      expect(peek() == '\\');
      expect(peek() == 'u');
      const unsigned low = four_hexadecimal_digits();
      if (low < 0xDC00 || low > 0xDFFF) refuse_token();
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    append_utf8(out, code);
  }

  unsigned four_hexadecimal_digits() {
    unsigned code = 0;
    for (int i = 0; i < 4; ++i) {
      const int c = peek();
      const int digit = is_digit(c)            ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : -1;
      expect(digit >= 0);
      code = code * 16 + static_cast<unsigned>(digit);
    }
    return code;
  }

  JsonNode& add(JsonKind kind) {
    if (out_.nodes.size() == limits_.max_values) stop(JsonProblem::too_many_values);
    JsonNode& node = out_.nodes.emplace_back();
    node.kind = kind;
    node.order = static_cast<std::uint32_t>(out_.nodes.size() - 1);
    node.name = std::exchange(name_, {});
    return node;
  }

  void value() { value(next_token()); }
  void value(char token) {
    switch (token) {
    case '{': return open(JsonKind::object);
    case '[': return open(JsonKind::array);
    case '"': add(JsonKind::string).text = token_; return;
    case 't': add(JsonKind::boolean).boolean = true; return;
    case 'f': add(JsonKind::boolean); return;
    case 'n': add(JsonKind::null); return;
    case '\0':
    case '}':
    case ']':
    case ',':
    case ':': refuse_token(token);
    default: add(JsonKind::number).text = token_; return;
    }
  }

  void open(JsonKind kind) {
    if (open_.size() == limits_.max_depth) stop(JsonProblem::too_deep);
    open_.push_back({add(kind).order, kind, 0});
  }

  /// What follows an opening bracket or an item.
  void continue_container() {
    Container& container = open_.back();
    const bool is_object = container.kind == JsonKind::object;
    char token = next_token();
    if (token == (is_object ? '}' : ']')) return close(container);
    if (container.count != 0) {
      if (token != ',') refuse_token(token);
      token = next_token();
    }
    ++container.count;
    if (!is_object) return value(token);
    if (token != '"') refuse_token(token);
    name_ = token_;
    token = next_token();
    if (token != ':') refuse_token(token);
    value();
  }

  void close(const Container& container) {
    JsonNode& node = out_.nodes[container.node];
    node.count = container.count;
    node.span = static_cast<std::uint32_t>(out_.nodes.size()) - container.node;
    if (container.kind == JsonKind::object) mark_repeated(node);
    open_.pop_back();
  }

  void mark_repeated(const JsonNode& object) {
    constexpr std::size_t few = 32;
    if (object.count > few) return mark_repeated_of_many(object);
    for (const JsonNode& item : object.items())
      for (const JsonNode& before : object.items()) {
        if (&before == &item) break;
        if (before.name.size() == item.name.size() && before.name == item.name) mark(item);
      }
  }
  void mark(const JsonNode& item) { out_.nodes[item.order].is_repeated = out_.has_repeated = true; }

  /// Sorted, because a hostile object may have very many keys.
  void mark_repeated_of_many(const JsonNode& object) {
    std::vector<const JsonNode*> by_name;
    by_name.reserve(object.count);
    for (const JsonNode& item : object.items())
      by_name.push_back(&item);
    sort_stably(by_name, [](const JsonNode* a, const JsonNode* b) { return a->name < b->name; });
    for (std::size_t i = 1; i < by_name.size(); ++i)
      if (by_name[i]->name == by_name[i - 1]->name) mark(*by_name[i]);
  }

  static constexpr std::int64_t largest_exponent = 1'000'000'000;

  std::string_view text_;
  const JsonLimits& limits_;
  JsonParse& out_;
  std::size_t at_ = 0;
  std::string_view token_;
  std::string_view name_; ///< of the member whose value comes
  std::vector<Container> open_;
};

/// The parser's own message speaks about its grammar; these are the slips that people make.
std::string reason_at(std::string_view text, std::size_t offset, bool is_overflow) {
  if (is_overflow) return "the number is too large";
  if (offset >= text.size()) return "the file ends too early";
  std::size_t word = offset;
  while (word > 0 && std::isalpha(static_cast<unsigned char>(text[word - 1])) != 0)
    --word;
  for (std::string_view name : {"NaN", "nan", "Infinity", "inf"}) {
    if (text.substr(word, name.size()) == name) return "NaN and Infinity are not numbers in JSON";
  }
  for (std::string_view name : {"True", "False", "None", "TRUE", "FALSE"}) {
    if (text.substr(word, name.size()) == name) return "write true, false or null in small letters";
  }
  std::size_t before = offset;
  while (before > 0 && is_space(text[before - 1]))
    --before;
  const char previous = before > 0 ? text[before - 1] : '\0';
  const char here = text[offset];
  if ((here == '}' || here == ']') && previous == ',') return "a comma stands before the closing bracket";
  if (here == '\'') return "strings stand in double quotes";
  if (here == '/' || here == '#') return "JSON has no comments";
  const auto byte = static_cast<unsigned char>(here);
  if (here == '\n' || here == '\r') return "a string is not closed at the end of its line";
  if (byte < 0x20 || byte == 0x7F) return "a control character is not allowed";
  if (byte >= 0x80) return "a byte is not allowed (outside a string, or not valid UTF-8)";
  return std::string("the character ") + quoted(text.substr(offset, 1)) + " is not expected";
}

void locate(std::string_view text, std::size_t offset, JsonParse& out) {
  out.line = 1;
  out.column = 1;
  for (std::size_t i = text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
       i < std::min(offset, text.size()); ++i) {
    if (text[i] == '\n') {
      ++out.line;
      out.column = 1;
    } else if ((static_cast<unsigned char>(text[i]) & 0xC0u) != 0x80u) {
      ++out.column;
    }
  }
}

bool is_plain_word(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return c == '_' || c == '$' || is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
}

} // namespace

const JsonNode* JsonNode::member(std::string_view wanted) const {
  if (kind != JsonKind::object) return nullptr;
  for (const JsonNode& item : items())
    if (item.name == wanted) return &item;
  return nullptr;
}

std::string_view in_words(JsonKind kind) {
  constexpr std::string_view words[] = {"null", "true or false", "a number", "a string", "an array", "an object"};
  return words[static_cast<std::size_t>(kind)];
}

std::string JsonPath::to_text() const {
  std::string text;
  append_to(text, 0);
  return text;
}

/// `after` is what is going to follow, so that the text is made in one piece.
void JsonPath::append_to(std::string& text, std::size_t after) const {
  constexpr std::size_t longest_index = 22, longest_plain_name = 60;
  const std::size_t own = is_index_ ? longest_index : name_.size() + 1;
  if (parent_ == nullptr) {
    text.reserve(after + own);
    text += '$';
    return;
  }
  parent_->append_to(text, after + own);
  if (is_index_) {
    text += '[';
    text += std::to_string(index_);
    text += ']';
  } else if (name_.size() <= longest_plain_name && is_plain_word(name_)) {
    text += '.';
    text += name_;
  } else {
    text += '[';
    text += quoted(name_);
    text += ']';
  }
}

JsonParse parse_json(std::string_view text, const JsonLimits& limits) {
  JsonParse out;
  Parser parser(text, limits, out);
  parser.parse();
  if (out.problem == JsonProblem::syntax) {
    locate(text, parser.error_offset, out);
    out.reason = reason_at(text, parser.error_offset, parser.is_overflow);
  }
  return out;
}

} // namespace aceso
