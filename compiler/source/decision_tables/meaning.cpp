#include "decision_tables/meaning.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "source/ascii.h"

namespace aceso::decision_tables {

namespace {

constexpr std::array reserved{"and",    "or", "not", "if", "then",    "else",      "in",  "when",
                              "unless", "is", "yes", "no", "unknown", "otherwise", "now", "today"};

bool is_plain(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

Rational smaller_step(const Rational& a, const Rational& b) {
  // Both are 1/n or whole; one that divides both is their product over the larger.
  if (a == b) return a;
  const auto ratio = Rational::divide(a, b);
  if (ratio && ratio->is_integer()) return b;
  const auto back = Rational::divide(b, a);
  if (back && back->is_integer()) return a;
  const auto product = Rational::multiply(a, b);
  return product ? *product : std::min(a, b);
}

} // namespace

const std::string* Meaning::member(std::string_view value) const {
  for (const auto& [text, name] : members)
    if (text == value) return &name;
  return nullptr;
}

std::string number_text(const Rational& value, const std::string& unit) {
  if (unit.empty()) return value.to_text();
  const bool plain = std::all_of(unit.begin(), unit.end(), [](char c) {
    return (is_plain(c) && c != '_') || c == '/' || c == '%' || c == '[' || c == ']';
  });
  return fmt::format("{} {}{}{}", value.to_text(), plain ? "" : "'", unit, plain ? "" : "'");
}

std::string type_text(const Meaning& meaning) {
  using K = Meaning::Kind;
  if (!meaning.type_name.empty()) return meaning.type_name;
  switch (meaning.kind) {
  case K::none: break;
  case K::yes_no: return "yes/no";
  case K::date: return "date";
  case K::instant: return "instant";
  case K::time: return "time";
  case K::number:
    return fmt::format("{} from {} to {} step {}", meaning.unit.empty() ? "number" : "quantity",
                       number_text(meaning.minimum, meaning.unit), number_text(meaning.maximum, meaning.unit),
                       number_text(meaning.step, meaning.unit));
  case K::choice: {
    const bool is_scale = !meaning.members.empty() && meaning.scores.size() == meaning.members.size();
    std::string text = is_scale ? "scale { " : "one of { ";
    for (std::size_t i = 0; i < meaning.members.size(); ++i) {
      const auto& [value, name] = meaning.members[i];
      text += (i == 0 ? "" : ", ") + name;
      if (value != name) text += " " + quoted(value);
      if (is_scale) text += " = " + meaning.scores[i];
    }
    return text + " }";
  }
  }
  return {};
}

Rational step_of_digits(std::size_t digits) {
  std::int64_t denominator = 1;
  for (std::size_t i = 0; i < digits && i < 15; ++i)
    denominator *= 10;
  return Rational::make(1, denominator).value_or(Rational(1));
}

std::optional<std::size_t> digits_of(const Rational& value) {
  Rational left = value;
  for (std::size_t digits = 0; digits < 16; ++digits) {
    if (left.is_integer()) return digits;
    const auto next = Rational::multiply(left, Rational(10));
    if (!next) return std::nullopt;
    left = *next;
  }
  return std::nullopt;
}

std::optional<Rational> number_of(const FeelExpression& expression) {
  if (expression.kind == FeelKind::number) return Rational::from_decimal(expression.text);
  if (expression.kind != FeelKind::negate) return std::nullopt;
  const auto value = number_of(expression.children.front());
  return value ? Rational::subtract(Rational(0), *value) : std::nullopt;
}

std::optional<Meaning> joined(const Meaning& a, const Meaning& b) {
  if (a.kind != b.kind || a.is_list != b.is_list || a.unit != b.unit) return std::nullopt;
  Meaning result = a;
  if (a.kind == Meaning::Kind::number) {
    result.minimum = std::min(a.minimum, b.minimum);
    result.maximum = std::max(a.maximum, b.maximum);
    result.step = smaller_step(a.step, b.step);
    result.is_real = a.is_real || b.is_real;
  }
  for (const auto& member : b.members)
    if (!result.member(member.first)) result.members.push_back(member);
  return result;
}

std::optional<Meaning> combined(FeelKind operation, const Meaning& a, const Meaning& b) {
  if (a.kind != Meaning::Kind::number || b.kind != Meaning::Kind::number || a.is_list || b.is_list) return std::nullopt;
  Meaning result;
  result.kind = Meaning::Kind::number;
  result.is_real = a.is_real || b.is_real || operation == FeelKind::divide;
  const bool is_sum = operation == FeelKind::add || operation == FeelKind::subtract;
  // What a product of two units is called, DMN does not say.
  const bool fits = is_sum                            ? a.unit == b.unit
                    : operation == FeelKind::multiply ? a.unit.empty() || b.unit.empty()
                                                      : b.unit.empty();
  if (!fits) return std::nullopt;
  result.unit = a.unit.empty() ? b.unit : a.unit;
  if (operation == FeelKind::divide) return result; // a real; its bounds are asked for after it is rounded
  const auto calculate = operation == FeelKind::add        ? Rational::add
                         : operation == FeelKind::subtract ? Rational::subtract
                                                           : Rational::multiply;
  std::vector<Rational> ends;
  for (const Rational& left : {a.minimum, a.maximum}) {
    for (const Rational& right : {b.minimum, b.maximum}) {
      const auto end = calculate(left, right);
      if (!end) return std::nullopt;
      ends.push_back(*end);
    }
  }
  result.minimum = *std::min_element(ends.begin(), ends.end());
  result.maximum = *std::max_element(ends.begin(), ends.end());
  const auto product = Rational::multiply(a.step, b.step);
  if (!product) return std::nullopt;
  result.step = is_sum ? smaller_step(a.step, b.step) : *product;
  return result;
}

std::string identifier(std::string_view text) {
  std::string name;
  const bool is_valid = !text.empty() && !is_digit(text.front()) && std::all_of(text.begin(), text.end(), is_plain);
  if (is_valid) {
    name = text;
  } else {
    for (const char c : text) {
      if (is_plain(c))
        name += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
      else if (!name.empty() && name.back() != '_')
        name += '_';
    }
    while (!name.empty() && name.back() == '_')
      name.pop_back();
    if (name.empty()) name = text.empty() ? "empty_text" : "unnamed";
    if (is_digit(name.front())) name.insert(0, "n_");
  }
  if (std::find(reserved.begin(), reserved.end(), name) != reserved.end()) name += '_';
  return name;
}

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '\n' || c == '\r' || c == '\t')
      result += result.back() == ' ' ? "" : " ";
    else if (c == '"' || c == '\\')
      result += {'\\', c};
    else
      result += c;
  }
  return result + '"';
}

} // namespace aceso::decision_tables
