#include "gdl2/read_expression.h"

#include <array>
#include <cctype>
#include <cstdlib>

#include <fmt/format.h>

#include "source/ascii.h"
#include "values/rational.h"

namespace aceso::gdl2 {

using Kind = Expression::Kind;

namespace {

constexpr int max_depth = 200;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

/// From what binds least to what binds most; signs that begin alike from the
/// longer to the shorter.
constexpr std::array<std::array<std::string_view, 4>, 5> levels{
    {{"||"}, {"&&"}, {"==", "!="}, {"<=", ">=", "<", ">"}, {"+", "-"}}};

/// "0.000272399" for "2.72399" and -4.
std::optional<std::string> without_exponent(std::string number, int exponent) {
  constexpr int largest = 30;
  if (exponent < -largest || exponent > largest) return std::nullopt;
  const std::string sign = number.starts_with('-') ? "-" : "";
  number.erase(0, sign.size());
  std::size_t point = std::min(number.find('.'), number.size());
  if (point < number.size()) number.erase(point, 1);
  const std::string zeros(static_cast<std::size_t>(std::abs(exponent)), '0');
  if (exponent < 0)
    number.insert(0, zeros), point += zeros.size();
  else
    number += zeros;
  point = static_cast<std::size_t>(static_cast<int>(point) + exponent);
  if (point < number.size()) number.insert(point, ".");
  const std::size_t first = number.find_first_not_of('0');
  number.erase(0, first == std::string::npos ? number.size() - 1 : number[first] == '.' ? first - 1 : first);
  return sign + number;
}

class Reader {
public:
  Reader(std::string_view text, ExpressionFault& fault) : text_(text), fault_(fault) {}

  std::optional<Expression> whole() {
    auto result = level(0);
    skip();
    if (result && at_ != text_.size()) return fail(fmt::format("`{}` cannot follow here", rest(20)));
    return result;
  }

  std::optional<Assignment> assignment() {
    auto variable = primary();
    if (!variable) return std::nullopt;
    skip();
    if (variable->kind != Kind::variable || !take("=") || peek() == '=') {
      (void)fail("an assignment to a variable was expected");
      return std::nullopt;
    }
    Assignment result{variable->code, variable->attribute, {}, variable->label};
    auto value = whole();
    if (!value) return std::nullopt;
    result.value = std::move(*value);
    return result;
  }

private:
  std::nullopt_t fail(std::string reason) {
    if (fault_.reason.empty()) fault_ = {at_, std::move(reason)};
    return std::nullopt;
  }
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  [[nodiscard]] std::string_view rest(std::size_t most) const { return text_.substr(at_, most); }
  void skip() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])))
      ++at_;
  }
  bool take(std::string_view sign) {
    if (!text_.substr(at_).starts_with(sign)) return false;
    at_ += sign.size();
    return true;
  }

  std::optional<Expression> level(std::size_t index) {
    if (index == levels.size()) return product();
    auto left = level(index + 1);
    while (left) {
      skip();
      std::string_view found;
      for (const std::string_view sign : levels[index])
        if (found.empty() && !sign.empty() && take(sign)) found = sign;
      if (found.empty()) break;
      left = joined(std::move(left), found, level(index + 1));
    }
    return left;
  }
  std::optional<Expression> product() {
    auto left = power();
    while (left) {
      skip();
      if (peek() != '*' && peek() != '/') break;
      const std::string_view sign = text_.substr(at_++, 1);
      left = joined(std::move(left), sign, power());
    }
    return left;
  }
  std::optional<Expression> power() {
    auto left = unary();
    while (left) {
      skip();
      if (!take("^")) break;
      left = joined(std::move(left), "^", unary());
    }
    return left;
  }
  std::optional<Expression> joined(std::optional<Expression> left, std::string_view sign,
                                   std::optional<Expression> right) {
    if (!left || !right) return std::nullopt;
    Expression result{.kind = Kind::binary, .text = std::string(sign)};
    result.children.push_back(std::move(*left));
    result.children.push_back(std::move(*right));
    return result;
  }
  std::optional<Expression> unary() {
    skip();
    const bool negates = peek() == '!' && peek(1) != '=', minus = peek() == '-' && !is_digit(peek(1));
    if (!negates && !minus) return primary();
    ++at_;
    auto operand = unary();
    if (!operand) return std::nullopt;
    Expression result{.kind = negates ? Kind::logical_not : Kind::minus};
    result.children.push_back(std::move(*operand));
    return result;
  }

  std::optional<Expression> primary() {
    skip();
    if (++depth_ > max_depth) return fail("it is nested too deeply");
    auto result = primary_inside();
    --depth_;
    return result;
  }
  std::optional<Expression> primary_inside() {
    const char c = peek();
    if (c == '(') {
      ++at_;
      auto inner = level(0);
      skip();
      if (inner && !take(")")) return fail("`)` is missing");
      if (inner && inner->is(Kind::number) && starts_unit()) { // "(-4),mmol/l"
        ++at_;
        inner->kind = Kind::quantity;
        inner->unit = unit();
      }
      return inner;
    }
    if (c == '$') return variable();
    if (c == '\'') return quoted();
    if (is_digit(c) || (c == '-' && is_digit(peek(1)))) return number();
    if (is_letter(c)) return word();
    return fail(at_ == text_.size() ? "something is missing at the end" : fmt::format("`{}` cannot be read", rest(20)));
  }

  std::string name() {
    const std::size_t from = at_;
    while (is_letter(peek()) || is_digit(peek()))
      ++at_;
    return std::string(text_.substr(from, at_ - from));
  }
  /// "gt0004", "gt0004.1".
  std::string code() {
    std::string result = name();
    while (peek() == '.' && is_digit(peek(1))) {
      const std::size_t from = at_++;
      while (is_digit(peek()))
        ++at_;
      result += text_.substr(from, at_ - from);
    }
    return result;
  }

  std::optional<Expression> variable() {
    ++at_;
    Expression result{.kind = Kind::variable};
    result.code = code();
    if (result.code.empty()) return fail("a variable has no name");
    if (result.code == "currentDateTime" || result.code == "currentDate") result.kind = Kind::now;
    if (peek() == '|' && peek(1) != '|') {
      const std::size_t end = text_.find('|', at_ + 1);
      if (end == std::string_view::npos) return fail("the second `|` of a name is missing");
      result.label = text_.substr(at_ + 1, end - at_ - 1);
      at_ = end + 1;
    }
    if (peek() == '.' && is_letter(peek(1))) {
      ++at_;
      result.attribute = name();
    }
    return result;
  }

  /// An apostrophe inside a text is told from its end by what follows.
  std::optional<Expression> quoted() {
    for (std::size_t end = text_.find('\'', at_ + 1); end != std::string_view::npos; end = text_.find('\'', end + 1)) {
      std::size_t next = end + 1;
      while (next < text_.size() && std::isspace(static_cast<unsigned char>(text_[next])))
        ++next;
      if (next < text_.size() && std::string_view("+)=&|!<>*/-^").find(text_[next]) == std::string_view::npos) continue;
      Expression result{.kind = Kind::text, .text = std::string(text_.substr(at_ + 1, end - at_ - 1))};
      at_ = end + 1;
      return result;
    }
    return fail("the closing quotation mark is missing");
  }

  std::optional<Expression> number() {
    const std::size_t from = at_;
    if (peek() == '-') ++at_;
    while (is_digit(peek()))
      ++at_;
    if (peek() == '.' && is_digit(peek(1))) {
      ++at_;
      while (is_digit(peek()))
        ++at_;
    }
    Expression result{.kind = Kind::number, .text = std::string(text_.substr(from, at_ - from))};
    const bool has_exponent =
        (peek() == 'E' || peek() == 'e') && (is_digit(peek(1)) || (peek(1) == '-' && is_digit(peek(2))));
    if (has_exponent) {
      const std::size_t start = ++at_;
      at_ += peek() == '-' ? 1 : 0;
      while (is_digit(peek()))
        ++at_;
      auto plain = without_exponent(result.text, std::atoi(std::string(text_.substr(start, at_ - start)).c_str()));
      if (!plain) return fail("the exponent of a number is too large");
      result.text = std::move(*plain);
    }
    if (starts_unit()) {
      ++at_;
      result.kind = Kind::quantity;
      result.unit = unit();
      return result;
    }
    if (peek() == '|' && is_letter(peek(1))) {
      ++at_;
      return coded(name(), std::move(result), Kind::ordinal);
    }
    return result;
  }

  [[nodiscard]] bool starts_unit() const {
    return peek() == ',' && peek(1) != '\0' && !std::isspace(static_cast<unsigned char>(peek(1)));
  }
  /// Ends where an operator can begin; `*` belongs to it in "10*9/l" alone.
  std::string unit() {
    const std::size_t from = at_;
    for (; at_ < text_.size(); ++at_) {
      const char c = peek();
      if (std::string_view(" \t\n)&|=<>!+-").find(c) != std::string_view::npos) break;
      if (c == '*' && text_.substr(from, at_ - from) != "10") break;
    }
    return std::string(text_.substr(from, at_ - from));
  }

  /// After "local": "::at0004|Yes|".
  std::optional<Expression> coded(const std::string& terminology, Expression result, Kind kind) {
    if (terminology.empty() || !take("::")) return fail("`::` and a code were expected");
    const std::size_t bar = text_.find('|', at_);
    if (bar == std::string_view::npos) return fail("the text of a code is missing");
    result.kind = kind;
    result.code = text_.substr(at_, bar - at_);
    const std::size_t end = text_.find('|', bar + 1);
    if (end == std::string_view::npos) return fail("the `|` after the text of a code is missing");
    result.label = text_.substr(bar + 1, end - bar - 1);
    at_ = end + 1;
    return result;
  }

  std::optional<Expression> word() {
    const std::size_t from = at_;
    while (is_letter(peek()) || is_digit(peek()) || (peek() == '-' && is_letter(peek(1))))
      ++at_;
    const std::string word(text_.substr(from, at_ - from));
    if (peek() == ':' && peek(1) == ':') return coded(word, {}, Kind::coded);
    if (word == "null") return Expression{};
    if (word == "true" || word == "false") return Expression{.kind = Kind::yes_no, .text = word};
    skip();
    if (peek() != '(') {
      if (word == "e") return Expression{.kind = Kind::call, .text = word};
      at_ = from;
      return fail(fmt::format("`{}` is not known", word));
    }
    ++at_;
    Expression result{.kind = Kind::call, .text = word};
    do {
      auto argument = level(0);
      if (!argument) return std::nullopt;
      result.children.push_back(std::move(*argument));
      skip();
    } while (take(","));
    if (!take(")")) return fail("`)` is missing");
    if (word == "fired") {
      if (result.children.size() != 1 || !result.children[0].is(Kind::variable)) return fail("fired() takes a rule");
      Expression fired{.kind = Kind::fired, .code = result.children[0].code};
      return fired;
    }
    return result;
  }

  std::string_view text_;
  ExpressionFault& fault_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

} // namespace

std::optional<Expression> read_expression(std::string_view text, ExpressionFault& fault) {
  return Reader(text, fault).whole();
}

std::optional<Assignment> read_assignment(std::string_view text, ExpressionFault& fault) {
  return Reader(text, fault).assignment();
}

Expression read_value(std::string_view text) {
  ExpressionFault fault;
  if (auto value = read_expression(text, fault)) {
    using K = Expression::Kind;
    if (value->is(K::number) || value->is(K::quantity) || value->is(K::ordinal) || value->is(K::coded) ||
        value->is(K::yes_no) || value->is(K::text))
      return *value;
  }
  // A unit of a case may hold spaces: "20,mL CO/min/mmHg".
  const std::size_t comma = text.find(',');
  if (comma != std::string_view::npos && comma + 1 < text.size() && Rational::from_decimal(text.substr(0, comma)))
    return Expression{.kind = Kind::quantity,
                      .text = std::string(text.substr(0, comma)),
                      .unit = std::string(text.substr(comma + 1))};
  return Expression{.kind = Kind::text, .text = std::string(text)};
}

} // namespace aceso::gdl2
