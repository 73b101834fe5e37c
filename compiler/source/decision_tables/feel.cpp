#include "decision_tables/feel.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "source/ascii.h"

namespace aceso::decision_tables {

namespace {

constexpr std::array keywords{"if",        "then", "else",     "for",      "return",   "some",    "every",
                              "satisfies", "in",   "and",      "or",       "not",      "between", "true",
                              "false",     "null", "function", "external", "instance", "of",      "list",
                              "context",   "date", "time",     "duration"};

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
/// Every byte above ASCII counts as a letter: FEEL allows nearly all of them in names.
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

using K = FeelKind;

/// Stops at the first fault; every function gives an empty expression after one.
class Parser {
public:
  Parser(std::string_view text, const std::vector<std::string>& names, const FeelOptions& options, FeelFault& fault)
      : text_(text), names_(names), options_(options), fault_(fault) {}

  std::optional<FeelExpression> whole_expression() {
    FeelExpression result = expression();
    return at_end() ? std::optional(std::move(result)) : std::nullopt;
  }

  std::optional<FeelTests> whole_tests() {
    FeelTests result;
    skip();
    if (text_.substr(at_) == "-" || collapsed(text_) == "-" || at_ == text_.size()) {
      result.is_any = true;
      return result;
    }
    const std::size_t start = at_;
    if (word("not") && sign("(")) {
      result.negated = true;
      tests_until(result, true);
      if (failed_) return std::nullopt;
      skip();
      if (at_ == text_.size()) return result;
      result = {}; // `not(a) and b` is an expression that begins with a call
      at_ = start;
    }
    at_ = start;
    tests_until(result, false);
    return at_end() ? std::optional(std::move(result)) : std::nullopt;
  }

private:
  FeelExpression fail(std::string message) {
    if (!failed_) fault_ = {at_, std::move(message)};
    failed_ = true;
    return {};
  }
  bool at_end() {
    skip();
    if (!failed_ && at_ != text_.size()) fail(fmt::format("`{}` is not expected here", next_words()));
    return !failed_;
  }
  std::string next_words() const { return std::string(text_.substr(at_, 12)); }

  void skip() {
    while (at_ < text_.size()) {
      if (is_space(text_[at_])) {
        ++at_;
      } else if (text_.substr(at_, 2) == "//") {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (text_.substr(at_, 2) == "/*") {
        const std::size_t end = text_.find("*/", at_ + 2);
        at_ = end == std::string_view::npos ? text_.size() : end + 2;
      } else {
        return;
      }
    }
  }
  bool is_sign(std::string_view what) {
    skip();
    return text_.substr(at_, what.size()) == what;
  }
  bool sign(std::string_view what) {
    if (!is_sign(what)) return false;
    at_ += what.size();
    return true;
  }
  /// A keyword, unless a known name begins with it.
  bool is_word(std::string_view what) {
    if (!is_sign(what)) return false;
    const std::size_t end = at_ + what.size();
    if (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]))) return false;
    return known_name().size() <= what.size();
  }
  bool word(std::string_view what) {
    if (!is_word(what)) return false;
    at_ += what.size();
    return true;
  }

  /// The longest known name here, as written in the list; empty for none.
  std::string_view known_name() const {
    for (const std::string& name : names_)
      if (length_of(name) != 0) return name;
    return {};
  }
  /// How many bytes `name` takes here, where its single spaces may be any white space; 0 where it does not stand here.
  std::size_t length_of(std::string_view name) const {
    std::size_t i = at_;
    for (const char c : name) {
      if (c == ' ') {
        if (i >= text_.size() || !is_space(text_[i])) return 0;
        while (i < text_.size() && is_space(text_[i]))
          ++i;
      } else if (i >= text_.size() || text_[i++] != c) {
        return 0;
      }
    }
    const bool goes_on = i < text_.size() && (is_letter(text_[i]) || is_digit(text_[i])) && !name.empty() &&
                         (is_letter(name.back()) || is_digit(name.back()));
    return goes_on ? 0 : i - at_;
  }

  FeelExpression node(K kind, std::vector<FeelExpression> children, std::string text = {}) {
    if (++parts_ > options_.max_parts) return fail("the expression is too long");
    return {.kind = kind, .text = std::move(text), .children = std::move(children)};
  }

  void tests_until(FeelTests& result, bool closing) {
    do {
      result.tests.push_back(test());
    } while (!failed_ && sign(","));
    if (closing && !failed_ && !sign(")")) fail("a closing bracket is missing");
  }

  /// A value, an interval, "< 5", or a condition with the placeholder.
  FeelExpression test() {
    static constexpr std::array<std::pair<std::string_view, K>, 6> signs{{{"<=", K::less_or_equal},
                                                                          {">=", K::greater_or_equal},
                                                                          {"!=", K::not_equal},
                                                                          {"<", K::less},
                                                                          {">", K::greater},
                                                                          {"=", K::equal}}};
    for (const auto& [what, kind] : signs)
      if (sign(what)) return node(kind, {node(K::placeholder, {}), sum()});
    allows_interval_ = true;
    return expression();
  }

  FeelExpression expression() {
    if (failed_) return {};
    if (++depth_ > options_.max_depth) return fail("the expression is nested too deeply");
    FeelExpression result = is_word("if") ? conditional() : disjunction();
    --depth_;
    return result;
  }
  FeelExpression conditional() {
    (void)word("if");
    std::vector<FeelExpression> parts;
    parts.push_back(expression());
    if (!failed_ && !word("then")) return fail("`then` is missing");
    parts.push_back(expression());
    if (!failed_ && !word("else")) return fail("`else` is missing");
    parts.push_back(expression());
    return node(K::conditional, std::move(parts));
  }
  FeelExpression disjunction() {
    std::vector<FeelExpression> parts{conjunction()};
    while (!failed_ && word("or"))
      parts.push_back(conjunction());
    return parts.size() == 1 ? std::move(parts.front()) : node(K::logical_or, std::move(parts));
  }
  FeelExpression conjunction() {
    std::vector<FeelExpression> parts{comparison()};
    while (!failed_ && word("and"))
      parts.push_back(comparison());
    return parts.size() == 1 ? std::move(parts.front()) : node(K::logical_and, std::move(parts));
  }
  FeelExpression comparison() {
    FeelExpression left = sum();
    if (failed_) return {};
    static constexpr std::array<std::pair<std::string_view, K>, 6> signs{{{"<=", K::less_or_equal},
                                                                          {">=", K::greater_or_equal},
                                                                          {"!=", K::not_equal},
                                                                          {"<", K::less},
                                                                          {">", K::greater},
                                                                          {"=", K::equal}}};
    for (const auto& [what, kind] : signs)
      if (sign(what)) return node(kind, {std::move(left), sum()});
    if (word("between")) {
      FeelExpression low = sum();
      if (!failed_ && !word("and")) return fail("`and` of `between` is missing");
      FeelExpression interval = node(K::interval, {std::move(low), sum()});
      return node(K::in, {std::move(left), std::move(interval)});
    }
    if (word("in")) {
      FeelTests tests;
      // Brackets hold a list of tests, unless they are an interval without its first end.
      const std::size_t start = at_;
      if (sign("(")) {
        tests_until(tests, true);
        if (failed_ || is_sign("..")) {
          failed_ = false;
          at_ = start;
          tests = {};
          tests.tests.push_back(test());
        }
      } else {
        tests.tests.push_back(test());
      }
      std::vector<FeelExpression> parts{std::move(left)};
      for (FeelExpression& one : tests.tests)
        parts.push_back(std::move(one));
      return node(K::in, std::move(parts));
    }
    if (is_word("instance")) return fail("`instance of` is not read");
    return left;
  }
  FeelExpression sum() {
    FeelExpression left = product();
    while (!failed_) {
      if (sign("+"))
        left = node(K::add, {std::move(left), product()});
      else if (sign("-"))
        left = node(K::subtract, {std::move(left), product()});
      else
        break;
    }
    return left;
  }
  FeelExpression product() {
    FeelExpression left = power();
    while (!failed_) {
      if (is_sign("**")) break;
      if (sign("*"))
        left = node(K::multiply, {std::move(left), power()});
      else if (sign("/"))
        left = node(K::divide, {std::move(left), power()});
      else
        break;
    }
    return left;
  }
  FeelExpression power() {
    FeelExpression left = unary();
    while (!failed_ && sign("**"))
      left = node(K::power, {std::move(left), unary()});
    return left;
  }
  FeelExpression unary() {
    if (failed_) return {};
    if (++depth_ > options_.max_depth) return fail("the expression is nested too deeply");
    FeelExpression result = sign("-") ? node(K::negate, {unary()}) : postfix();
    --depth_;
    return result;
  }
  FeelExpression postfix() {
    const bool may_be_interval = std::exchange(allows_interval_, false);
    FeelExpression value = primary(may_be_interval);
    while (!failed_) {
      if (!is_sign("..") && sign(".")) {
        skip();
        value = node(K::path, {std::move(value)}, name());
      } else if (value.kind == K::list && sign("[")) {
        if (!word("item") || !sign("=") || !word("true") || !sign("]"))
          return fail("a filter is read in the form `[item = true]` only");
        value = node(K::call, std::move(value.children), std::string(true_ones));
      } else if (is_sign("[") && value.kind == K::name) {
        return fail("a filter `[...]` is not read");
      } else {
        break;
      }
    }
    return value;
  }

  std::string name() {
    skip();
    const std::string_view known = known_name();
    if (!known.empty()) {
      at_ += length_of(known);
      return std::string(known);
    }
    const std::size_t start = at_;
    while (at_ < text_.size() && (is_letter(text_[at_]) || (at_ > start && is_digit(text_[at_]))))
      ++at_;
    if (at_ == start) fail(at_ == text_.size() ? "it ends too early" : fmt::format("`{}` is not read", next_words()));
    return std::string(text_.substr(start, at_ - start));
  }

  FeelExpression number() {
    const std::size_t start = at_;
    while (at_ < text_.size() && is_digit(text_[at_]))
      ++at_;
    if (at_ + 1 < text_.size() && text_[at_] == '.' && is_digit(text_[at_ + 1])) {
      ++at_;
      while (at_ < text_.size() && is_digit(text_[at_]))
        ++at_;
    }
    if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E'))
      return fail("a number with an exponent is not read");
    std::string digits(text_.substr(start, at_ - start));
    if (digits.starts_with('.')) digits.insert(0, "0");
    return node(K::number, {}, std::move(digits));
  }

  FeelExpression string() {
    std::string value;
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] != '\\' || at_ + 1 == text_.size()) {
        value += text_[at_];
        continue;
      }
      switch (const char c = text_[++at_]) {
      case 'n': value += '\n'; break;
      case 't': value += '\t'; break;
      case 'r': value += '\r'; break;
      case '"':
      case '\'':
      case '\\': value += c; break;
      default: return fail(fmt::format("the escape `\\{}` is not read", c));
      }
    }
    if (at_ == text_.size()) return fail("a quotation mark is missing");
    ++at_;
    return node(K::string, {}, std::move(value));
  }

  /// [a, b], [a..b], ]a..b[, (a..b) and (a).
  FeelExpression bracketed(bool may_be_interval) {
    const char open = text_[at_++];
    if (open == '[' && sign("]")) return node(K::list, {});
    std::vector<FeelExpression> parts{expression()};
    if (failed_) return {};
    if (sign("..")) {
      if (!may_be_interval) return fail("an interval is not read here");
      parts.push_back(expression());
      FeelExpression interval = node(K::interval, std::move(parts));
      interval.open_start = open != '[';
      interval.open_end = !is_sign("]");
      if (!failed_ && !sign("]") && !sign(")") && !sign("[")) return fail("the end of the interval is missing");
      return interval;
    }
    if (open == ']') return fail("`]` is not expected here");
    if (open == '(') return sign(")") ? std::move(parts.front()) : fail("a closing bracket is missing");
    while (sign(","))
      parts.push_back(expression());
    if (failed_ || !sign("]")) return fail("`]` is missing");
    return node(K::list, std::move(parts));
  }

  FeelExpression primary(bool may_be_interval) {
    skip();
    if (at_ == text_.size()) return fail("it ends too early");
    const char c = text_[at_];
    if (is_digit(c) || (c == '.' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]))) return number();
    if (c == '"') return string();
    if (c == '(' || c == '[' || c == ']') return bracketed(may_be_interval);
    if (sign("?")) return node(K::placeholder, {});
    if (c == '@') {
      ++at_;
      skip();
      if (at_ == text_.size() || text_[at_] != '"') return fail("`@` is not read here");
      FeelExpression value = string();
      value.kind = value.text.find('T') != std::string::npos && !value.text.starts_with('P') ? K::date_and_time
                   : value.text.starts_with('P') || value.text.starts_with("-P")             ? K::duration
                   : value.text.find(':') != std::string::npos                               ? K::time
                                                                                             : K::date;
      return value;
    }
    if (word("true")) return node(K::boolean, {}, "true");
    if (word("false")) return node(K::boolean, {}, "false");
    if (word("null")) return node(K::null, {});
    for (const char* unread : {"for", "some", "every", "function"})
      if (is_word(unread)) return fail(fmt::format("`{}` is not read", unread));
    if (c == '{') return fail("a context `{...}` is not read");
    return name_or_call();
  }

  /// Functions whose names hold spaces, as DMN has them.
  FeelExpression name_or_call() {
    static const std::vector<std::string> functions{"date and time",    "years and months duration",
                                                    "round half up",    "round half down",
                                                    "round up",         "round down",
                                                    "day of week",      "string length",
                                                    "upper case",       "lower case",
                                                    "substring before", "substring after",
                                                    "starts with",      "ends with",
                                                    "list contains",    "distinct values",
                                                    "insert before",    "index of",
                                                    "week of year",     "month of year",
                                                    "day of year"};
    std::string called;
    for (const std::string& function : functions) {
      if (const std::size_t size = length_of(function); size != 0 && text_.substr(at_ + size).starts_with('(')) {
        called = function;
        at_ += size;
        break;
      }
    }
    if (called.empty()) called = name();
    if (failed_ || !sign("(")) return failed_ ? FeelExpression{} : node(K::name, {}, std::move(called));
    std::vector<FeelExpression> arguments;
    if (!sign(")")) {
      do {
        arguments.push_back(expression());
      } while (!failed_ && sign(","));
      if (!failed_ && !sign(")")) return fail("a closing bracket is missing");
    }
    if (failed_) return {};
    if (arguments.size() == 1 && arguments.front().kind == K::string) {
      const std::string& text = arguments.front().text;
      if (called == "date") return node(K::date, {}, text);
      if (called == "time") return node(K::time, {}, text);
      if (called == "duration") return node(K::duration, {}, text);
      if (called == "date and time") return node(K::date_and_time, {}, text);
    }
    return node(K::call, std::move(arguments), std::move(called));
  }

  std::string_view text_;
  const std::vector<std::string>& names_;
  const FeelOptions& options_;
  FeelFault& fault_;
  std::size_t at_ = 0, parts_ = 0;
  unsigned depth_ = 0;
  bool failed_ = false;
  bool allows_interval_ = false; ///< the next bracket may open an interval
};

} // namespace

FeelReader::FeelReader(std::vector<std::string> names, FeelOptions options)
    : names_(std::move(names)), options_(options) {
  for (std::string& name : names_)
    name = collapsed(name);
  std::erase_if(names_, [](const std::string& name) { return name.empty(); });
  std::sort(names_.begin(), names_.end(), [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() > b.size() : a < b;
  });
}

std::optional<FeelExpression> FeelReader::expression(std::string_view text, FeelFault& fault) const {
  fault = {0, "it is too long"};
  return text.size() > options_.max_bytes ? std::nullopt : Parser(text, names_, options_, fault).whole_expression();
}

std::optional<FeelTests> FeelReader::unary_tests(std::string_view text, FeelFault& fault) const {
  fault = {0, "it is too long"};
  return text.size() > options_.max_bytes ? std::nullopt : Parser(text, names_, options_, fault).whole_tests();
}

std::string feel_string(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '\n') {
      result += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

bool is_feel_name(std::string_view name) { return std::find(keywords.begin(), keywords.end(), name) == keywords.end(); }

std::string collapsed(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (!is_space(c))
      result += c;
    else if (!result.empty() && result.back() != ' ')
      result += ' ';
  }
  while (!result.empty() && result.back() == ' ')
    result.pop_back();
  return result;
}

} // namespace aceso::decision_tables
