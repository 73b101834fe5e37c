#pragma once
/// A JSON document as a tree that keeps what a case needs and a common JSON value would lose: the exact text of
/// numbers, repeated keys, and the order of everything in the file. Internal to runtime/module.

#include <cstddef>
#include <cstdint>
#include <forward_list>
#include <string>
#include <string_view>
#include <vector>

namespace aceso {

enum class JsonKind : std::uint8_t { null, boolean, number, string, array, object };

class JsonItems;

/// A value. Everything inside of it stands behind it in memory, in the order of the file.
struct JsonNode {
  JsonKind kind = JsonKind::null;
  bool boolean = false;
  bool is_repeated = false; ///< a member whose key stands earlier in the same object
  std::uint32_t order = 0;  ///< position among all values of the file, the root is 0
  std::uint32_t count = 0;  ///< items of an array, members of an object
  std::uint32_t span = 1;   ///< nodes of the value, itself among them
  std::string_view text;    ///< the characters of a string, the exact text of a number
  std::string_view name;    ///< of a member

  [[nodiscard]] JsonItems items() const;
  /// The first member of this name, or null.
  [[nodiscard]] const JsonNode* member(std::string_view wanted) const;
};

/// Goes from item to item, over what stands inside of each.
class JsonItems {
public:
  class Iterator {
  public:
    using value_type = JsonNode;
    using difference_type = std::ptrdiff_t;
    Iterator() = default;
    explicit Iterator(const JsonNode* at) : at_(at) {}
    const JsonNode& operator*() const { return *at_; }
    const JsonNode* operator->() const { return at_; }
    Iterator& operator++() {
      at_ += at_->span;
      return *this;
    }
    Iterator operator++(int) {
      const Iterator before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(Iterator, Iterator) = default;

  private:
    const JsonNode* at_ = nullptr;
  };

  explicit JsonItems(const JsonNode& of) : of_(&of) {}
  [[nodiscard]] Iterator begin() const { return Iterator(of_ + 1); }
  [[nodiscard]] Iterator end() const { return Iterator(of_ + of_->span); }

private:
  const JsonNode* of_;
};
inline JsonItems JsonNode::items() const { return JsonItems(*this); }

/// "a number", "an object" ...
[[nodiscard]] std::string_view in_words(JsonKind kind);

/// A place in the document, linked to the place around it. Lives on the stack of the reader that walks down,
/// so that a path costs nothing until a fault asks for its text.
class JsonPath {
public:
  JsonPath() = default;
  JsonPath(const JsonPath& parent, std::string_view name) : parent_(&parent), name_(name) {}
  JsonPath(const JsonPath& parent, std::size_t index) : parent_(&parent), index_(index), is_index_(true) {}
  /// "$.events[2].inputs.fever"; a name that is no plain word is quoted: $["odd name"].
  [[nodiscard]] std::string to_text() const;

private:
  void append_to(std::string& text, std::size_t after) const;
  const JsonPath* parent_ = nullptr;
  std::string_view name_;
  std::size_t index_ = 0;
  bool is_index_ = false;
};

struct JsonLimits {
  unsigned max_depth = 32;
  std::size_t max_values = 1'000'000;
};

enum class JsonProblem : std::uint8_t { none, syntax, too_deep, too_many_values };

/// The tree holds views of the text that was parsed, and of `kept`.
struct JsonParse {
  std::vector<JsonNode> nodes; ///< the root first
  bool has_repeated = false;   ///< some object has a key twice
  JsonProblem problem = JsonProblem::none;
  std::size_t line = 0, column = 0;    ///< of a syntax problem, from 1; columns count characters
  std::string reason;                  ///< what is wrong there, in words
  std::forward_list<std::string> kept; ///< texts that do not stand in the document as they are: with escapes

  [[nodiscard]] const JsonNode& root() const { return nodes.front(); }
  std::string_view keep(std::string text) { return kept.emplace_front(std::move(text)); }
};

/// Strict JSON (RFC 8259) in UTF-8; a byte order mark at the start is skipped. Numbers beyond those of a double are
/// refused. Never throws for bad content. `text` must outlive the tree.
[[nodiscard]] JsonParse parse_json(std::string_view text, const JsonLimits& limits);

} // namespace aceso
