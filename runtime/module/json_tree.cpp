#include "module/json_tree.h"

#include <algorithm>
#include <cctype>
#include <numeric>

#include <nlohmann/json.hpp>

#include "module/case_faults.h"

namespace aceso {
namespace {

/// Builds the tree from the events of nlohmann's SAX parser, which is not recursive; depth is bounded here.
class TreeBuilder {
public:
  using json = nlohmann::json;
  TreeBuilder(JsonParse& out, const JsonLimits& limits) : out_(out), limits_(limits) {}

  // The names and signatures are those of nlohmann::json_sax.
  bool null() { return add(JsonKind::null) != nullptr; }
  bool boolean(bool value) {
    JsonNode* node = add(JsonKind::boolean);
    if (node != nullptr) node->boolean = value;
    return node != nullptr;
  }
  bool number_integer(json::number_integer_t value) { return add(JsonKind::number, std::to_string(value)) != nullptr; }
  bool number_unsigned(json::number_unsigned_t value) {
    return add(JsonKind::number, std::to_string(value)) != nullptr;
  }
  bool number_float(json::number_float_t /*rounded*/, const json::string_t& written) {
    std::string text = written;
    // The lexer writes the decimal point of the C locale; JSON and Aceso only know '.'.
    for (char& c : text) {
      const bool is_expected =
          std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '+' || c == 'e' || c == 'E';
      if (!is_expected) c = '.';
    }
    return add(JsonKind::number, std::move(text)) != nullptr;
  }
  bool string(json::string_t& value) { return add(JsonKind::string, std::move(value)) != nullptr; }
  bool binary(json::binary_t& /*value*/) { return false; } // JSON text has none
  bool key(json::string_t& name) {
    open_.back()->names.push_back(std::move(name));
    return true;
  }
  bool start_object(std::size_t /*size*/) { return open(JsonKind::object); }
  bool start_array(std::size_t /*size*/) { return open(JsonKind::array); }
  bool end_array() {
    open_.pop_back();
    return true;
  }
  bool end_object() {
    mark_repeated(*open_.back());
    return end_array();
  }
  bool parse_error(std::size_t position, const std::string& /*token*/, const json::exception& error) {
    out_.problem = JsonProblem::syntax;
    error_position = position;
    is_overflow = error.id == 406;
    return false;
  }

  std::size_t error_position = 0; ///< bytes that were read when the problem was seen
  bool is_overflow = false;

private:
  JsonNode* add(JsonKind kind, std::string text = {}) {
    if (count_ == limits_.max_values) {
      out_.problem = JsonProblem::too_many_values;
      return nullptr;
    }
    JsonNode& node = open_.empty() ? out_.root : open_.back()->items.emplace_back();
    node.kind = kind;
    node.text = std::move(text);
    node.order = static_cast<std::uint32_t>(count_++);
    return &node;
  }

  bool open(JsonKind kind) {
    if (open_.size() == limits_.max_depth) {
      out_.problem = JsonProblem::too_deep;
      return false;
    }
    JsonNode* node = add(kind);
    if (node != nullptr) open_.push_back(node);
    return node != nullptr;
  }

  /// Sorted, because a hostile object may have very many keys.
  static void mark_repeated(JsonNode& object) {
    std::vector<std::size_t> by_name(object.names.size());
    std::iota(by_name.begin(), by_name.end(), std::size_t{0});
    std::stable_sort(by_name.begin(), by_name.end(),
                     [&](std::size_t a, std::size_t b) { return object.names[a] < object.names[b]; });
    for (std::size_t i = 1; i < by_name.size(); ++i) {
      if (object.names[by_name[i]] == object.names[by_name[i - 1]]) object.items[by_name[i]].is_repeated = true;
    }
  }

  JsonParse& out_;
  const JsonLimits& limits_;
  std::vector<JsonNode*> open_;
  std::size_t count_ = 0;
};

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

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
  for (std::size_t i = text.substr(0, 3) == "\xEF\xBB\xBF" ? 3 : 0; i < std::min(offset, text.size()); ++i) {
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
    return c == '_' || c == '$' || std::isalnum(static_cast<unsigned char>(c)) != 0;
  });
}

} // namespace

const JsonNode* JsonNode::member(std::string_view name) const {
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? nullptr : &items[static_cast<std::size_t>(found - names.begin())];
}

std::string_view in_words(JsonKind kind) {
  constexpr std::string_view words[] = {"null", "true or false", "a number", "a string", "an array", "an object"};
  return words[static_cast<std::size_t>(kind)];
}

std::string JsonPath::to_text() const {
  if (parent_ == nullptr) return "$";
  std::string text = parent_->to_text();
  if (is_index_) return text + "[" + std::to_string(index_) + "]";
  if (name_.size() <= 60 && is_plain_word(name_)) return text + "." + std::string(name_);
  return text + "[" + quoted(name_) + "]";
}

JsonParse parse_json(std::string_view text, const JsonLimits& limits) {
  JsonParse out;
  TreeBuilder builder(out, limits);
  nlohmann::json::sax_parse(text.begin(), text.end(), &builder);
  if (out.problem != JsonProblem::none) out.root = {};
  if (out.problem == JsonProblem::syntax) {
    const std::size_t offset = builder.error_position == 0 ? 0 : builder.error_position - 1;
    locate(text, offset, out);
    out.reason = reason_at(text, offset, builder.is_overflow);
  }
  return out;
}

} // namespace aceso
