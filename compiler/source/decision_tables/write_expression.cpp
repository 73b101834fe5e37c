#include "decision_tables/write_expression.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "values/time.h"

namespace aceso::decision_tables {

namespace {

using K = FeelKind;
using M = Meaning::Kind;
constexpr int word = 0, sign = 2, product = 3, sum = 4, compared = 5, negated = 6, all = 7, either = 8;

std::optional<Written> refuse(std::string& why, std::string reason) {
  if (why.empty()) why = std::move(reason);
  return std::nullopt;
}

std::string wrapped(const Written& part, int loosest) {
  return part.level > loosest ? "(" + part.text + ")" : part.text;
}

Meaning of_kind(M kind) {
  Meaning meaning;
  meaning.kind = kind;
  return meaning;
}

std::string_view sign_of(K kind) {
  switch (kind) {
  case K::equal: return "=";
  case K::not_equal: return "!=";
  case K::less: return "<";
  case K::less_or_equal: return "<=";
  case K::greater: return ">";
  case K::greater_or_equal: return ">=";
  case K::add: return "+";
  case K::subtract: return "-";
  case K::multiply: return "*";
  case K::divide: return "/";
  default: return {};
  }
}

/// A constant, with what it means; `expected` gives the unit of a number and the member of a string.
std::optional<Written> constant(const FeelExpression& e, const Meaning& expected, std::string& why) {
  if (const auto number = number_of(e)) {
    Meaning meaning = of_kind(M::number);
    meaning.minimum = meaning.maximum = *number;
    meaning.step = step_of_digits(digits_of(*number).value_or(0));
    if (expected.kind == M::number) meaning.unit = expected.unit;
    return Written{number_text(*number, meaning.unit), *number < Rational(0) ? sign : word, meaning};
  }
  switch (e.kind) {
  case K::boolean: return Written{e.text == "true" ? "yes" : "no", word, of_kind(M::yes_no)};
  case K::string: {
    const std::string* member = expected.kind == M::choice ? expected.member(e.text) : nullptr;
    if (!member)
      return refuse(why,
                    fmt::format("the text \"{}\" is not one of a list of values, and Aceso has no free texts", e.text));
    return Written{*member, word, expected};
  }
  case K::date:
    if (!parse_date(e.text)) return refuse(why, fmt::format("\"{}\" is no date", e.text));
    return Written{e.text, word, of_kind(M::date)};
  case K::time:
    if (!parse_time_of_day(e.text.substr(0, 5)) || (e.text.size() > 5 && e.text.substr(5) != ":00"))
      return refuse(why, fmt::format("\"{}\" is no time in whole minutes", e.text));
    return Written{e.text.substr(0, 5), word, of_kind(M::time)};
  case K::date_and_time: {
    const auto instant = states_offset(e.text) ? parse_instant(e.text) : std::nullopt;
    if (!instant)
      return refuse(why, fmt::format("\"{}\" is no instant with its offset, such as 2026-11-22T10:00:00Z", e.text));
    return Written{e.text, word, of_kind(M::instant)};
  }
  default: return refuse(why, "this form is not read");
  }
}

/// The conditions of count([a, b][item = true]).
std::optional<const FeelExpression*> counted(const FeelExpression& e) {
  const bool is_count = e.kind == K::call && e.text == "count" && e.children.size() == 1 &&
                        e.children[0].kind == K::call && e.children[0].text == true_ones;
  return is_count ? std::optional(&e.children[0]) : std::nullopt;
}

bool is_constant(const FeelExpression& e) {
  return number_of(e).has_value() || e.kind == K::boolean || e.kind == K::string || e.kind == K::date ||
         e.kind == K::time || e.kind == K::date_and_time;
}

} // namespace

std::optional<Written> ExpressionWriter::variable(const FeelExpression& e, std::string& why) const {
  const std::string name = e.kind == K::path && e.children.front().kind == K::name
                               ? e.children.front().text + "." + e.text
                           : e.kind == K::name ? e.text
                                               : std::string();
  const auto found = variables_.find(name);
  if (name.empty() || found == variables_.end() || found->second.meaning.kind == M::none)
    return refuse(why,
                  name.empty() ? std::string("this path is not read") : fmt::format("`{}` is not known here", name));
  return Written{found->second.id, word, found->second.meaning};
}

std::optional<Written> ExpressionWriter::write(const FeelExpression& e, const Meaning& expected,
                                               std::string& why) const {
  if (is_constant(e)) return constant(e, expected, why);
  switch (e.kind) {
  case K::name:
  case K::path: return variable(e, why);
  case K::negate: {
    auto value = write(e.children.front(), expected, why);
    if (!value || value->meaning.kind != M::number) return refuse(why, "only a number can have a minus sign");
    Meaning zero = value->meaning;
    zero.minimum = zero.maximum = Rational(0);
    const auto meaning = combined(K::subtract, zero, value->meaning);
    if (!meaning) return refuse(why, "its bounds do not fit");
    return Written{"-" + wrapped(*value, word), sign, *meaning};
  }
  case K::add:
  case K::subtract:
  case K::multiply:
  case K::divide: return binary(e, why);
  case K::equal:
  case K::not_equal:
  case K::less:
  case K::less_or_equal:
  case K::greater:
  case K::greater_or_equal: return comparison(e, why);
  case K::in: return membership(e, why);
  case K::logical_and:
  case K::logical_or: return logic(e, why);
  case K::conditional: return conditional(e, expected, why);
  case K::call: return call(e, expected, why);
  case K::null: return refuse(why, "`null` cannot be written; what is not known follows from the inputs");
  case K::duration: return refuse(why, "durations are not read");
  case K::power: return refuse(why, "powers are not read");
  case K::list: return refuse(why, "a list is not read here");
  default: return refuse(why, "this form is not read");
  }
}

std::optional<Written> ExpressionWriter::binary(const FeelExpression& e, std::string& why) const {
  // The unit of a number that stands alone is that of the other side, in sums.
  const bool is_sum = e.kind == K::add || e.kind == K::subtract;
  const std::size_t first = is_sum && is_constant(e.children[0]) ? 1 : 0;
  std::array<std::optional<Written>, 2> parts;
  parts[first] = write(e.children[first], {}, why);
  if (!parts[first]) return std::nullopt;
  parts[1 - first] = write(e.children[1 - first], is_sum ? parts[first]->meaning : Meaning{}, why);
  if (!parts[1 - first]) return std::nullopt;
  const auto meaning = combined(e.kind, parts[0]->meaning, parts[1]->meaning);
  if (!meaning) return refuse(why, "this calculation is not read: only plain numbers, whose bounds fit");
  const int level = is_sum ? sum : product;
  return Written{fmt::format("{} {} {}", wrapped(*parts[0], level), sign_of(e.kind), wrapped(*parts[1], level - 1)),
                 level, *meaning};
}

std::optional<std::string> ExpressionWriter::conditions(const FeelExpression* list, std::string& why) const {
  std::string text;
  for (const FeelExpression& child : list->children) {
    const auto part = write(child, {}, why);
    if (!part) return std::nullopt;
    if (part->meaning.kind != M::yes_no || part->meaning.is_list) {
      why = "only conditions are counted";
      return std::nullopt;
    }
    text += (text.empty() ? "" : ", ") + wrapped(*part, either);
  }
  return text;
}

std::optional<Written> ExpressionWriter::comparison(const FeelExpression& e, std::string& why) const {
  const Meaning yes_no = of_kind(M::yes_no);
  for (std::size_t i = 0; i < 2; ++i) { // x = null, x != null
    if (e.children[i].kind != K::null || (e.kind != K::equal && e.kind != K::not_equal)) continue;
    const auto value = write(e.children[1 - i], {}, why);
    if (!value) return std::nullopt;
    return Written{fmt::format("{} is {}", wrapped(*value, sum), e.kind == K::equal ? "unknown" : "known"), compared,
                   yes_no};
  }
  if (const auto list = counted(e.children[0]);
      list && e.kind == K::greater_or_equal && e.children[1].kind == K::number) {
    const auto set = conditions(*list, why);
    if (!set) return std::nullopt;
    return Written{fmt::format("at least {} of {{ {} }}", e.children[1].text, *set), word, yes_no};
  }
  const std::size_t first = is_constant(e.children[0]) ? 1 : 0;
  std::array<std::optional<Written>, 2> parts;
  parts[first] = write(e.children[first], {}, why);
  if (!parts[first]) return std::nullopt;
  parts[1 - first] = write(e.children[1 - first], parts[first]->meaning, why);
  if (!parts[1 - first]) return std::nullopt;
  const Meaning &left = parts[0]->meaning, &right = parts[1]->meaning;
  if (left.kind != right.kind || left.is_list || right.is_list) return refuse(why, "two different types are compared");
  if (left.kind == M::number && left.unit != right.unit)
    return refuse(why, "two numbers with different units are compared");
  if (left.is_real || right.is_real)
    return refuse(why, "a quotient has to be rounded before it is compared, as in `decimal(a / b, 2)`");
  if (left.kind == M::yes_no && e.kind == K::equal && parts[1]->level == word &&
      (parts[1]->text == "yes" || parts[1]->text == "no"))
    return parts[1]->text == "yes" ? *parts[0] : Written{"not " + wrapped(*parts[0], compared), negated, yes_no};
  return Written{fmt::format("{} {} {}", wrapped(*parts[0], sum), sign_of(e.kind), wrapped(*parts[1], sum)), compared,
                 yes_no};
}

std::optional<Written> ExpressionWriter::membership(const FeelExpression& e, std::string& why) const {
  const auto value = write(e.children.front(), {}, why);
  if (!value) return std::nullopt;
  std::vector<std::string> conditions, values;
  const std::string subject = wrapped(*value, sum);
  for (std::size_t i = 1; i < e.children.size(); ++i) {
    const FeelExpression& test = e.children[i];
    if (test.kind == K::list) {
      for (const FeelExpression& one : test.children) {
        const auto text = operand(one, value->meaning, why);
        if (!text) return std::nullopt;
        values.push_back(*text);
      }
      continue;
    }
    if (test.kind == K::interval) {
      const auto low = operand(test.children[0], value->meaning, why),
                 high = operand(test.children[1], value->meaning, why);
      if (!low || !high) return std::nullopt;
      conditions.push_back(!test.open_start && !test.open_end
                               ? fmt::format("{} in {} to {}", subject, *low, *high)
                               : fmt::format("{0} {1} {2} and {0} {3} {4}", subject, test.open_start ? ">" : ">=", *low,
                                             test.open_end ? "<" : "<=", *high));
      continue;
    }
    if (test.kind >= K::equal && test.kind <= K::greater_or_equal && test.children[0].kind == K::placeholder) {
      const auto limit = operand(test.children[1], value->meaning, why);
      if (!limit) return std::nullopt;
      conditions.push_back(fmt::format("{} {} {}", subject, sign_of(test.kind), *limit));
      continue;
    }
    const auto text = operand(test, value->meaning, why);
    if (!text) return std::nullopt;
    values.push_back(*text);
  }
  if (!values.empty()) conditions.push_back(fmt::format("{} in {{ {} }}", subject, fmt::join(values, ", ")));
  const bool is_and = conditions.size() == 1 && conditions.front().find(" and ") != std::string::npos;
  return Written{fmt::format("{}", fmt::join(conditions, " or ")),
                 conditions.size() > 1 ? either
                 : is_and              ? all
                                       : compared,
                 of_kind(M::yes_no)};
}

std::optional<Written> ExpressionWriter::logic(const FeelExpression& e, std::string& why) const {
  std::string text;
  const int level = e.kind == K::logical_and ? all : either;
  for (const FeelExpression& child : e.children) {
    const auto part = write(child, {}, why);
    if (!part) return std::nullopt;
    if (part->meaning.kind != M::yes_no) return refuse(why, "`and` and `or` stand between conditions only");
    if (!text.empty()) text += level == all ? " and " : " or ";
    text += wrapped(*part, level - 1);
  }
  return Written{std::move(text), level, of_kind(M::yes_no)};
}

std::optional<Written> ExpressionWriter::choice_by_choice(const FeelExpression& e, const Meaning& expected,
                                                          std::string& why) const {
  std::optional<Written> subject;
  std::vector<std::string> members, values;
  std::optional<Meaning> meaning;
  for (const FeelExpression* at = &e; at->kind == K::conditional; at = &at->children[2]) {
    const FeelExpression& condition = at->children[0];
    if (condition.kind != K::equal || condition.children[1].kind != K::string) return std::nullopt;
    const auto one = variable(condition.children[0], why);
    if (!one || one->meaning.kind != M::choice || (subject && one->text != subject->text)) return std::nullopt;
    subject = one;
    const std::string* member = one->meaning.member(condition.children[1].text);
    const auto value = write(at->children[1], expected, why);
    if (!member || !value) return std::nullopt;
    meaning = meaning ? joined(*meaning, value->meaning) : value->meaning;
    if (!meaning) return std::nullopt;
    members.push_back(*member);
    values.push_back(value->text);
    if (at->children[2].kind == K::null) break;
    if (at->children[2].kind != K::conditional) return std::nullopt;
  }
  const auto& all_members = subject->meaning.members;
  const bool is_whole = members.size() == all_members.size() &&
                        std::all_of(all_members.begin(), all_members.end(), [&](const auto& member) {
                          return std::find(members.begin(), members.end(), member.second) != members.end();
                        });
  if (!is_whole) return std::nullopt;
  bool is_score = subject->meaning.scores.size() == members.size();
  for (std::size_t i = 0; is_score && i < members.size(); ++i)
    is_score = members[i] == all_members[i].second && values[i] == subject->meaning.scores[i];
  if (is_score) return Written{subject->text + ".score", word, *meaning};
  std::string text;
  for (std::size_t i = 0; i + 1 < members.size(); ++i)
    text += fmt::format("if {} = {} then {} else ", subject->text, members[i], values[i]);
  return Written{text + values.back(), either + 1, *meaning};
}

std::optional<Written> ExpressionWriter::conditional(const FeelExpression& e, const Meaning& expected,
                                                     std::string& why) const {
  const FeelExpression* last = &e;
  while (last->kind == K::conditional)
    last = &last->children[2];
  if (last->kind == K::null) {
    auto chain = choice_by_choice(e, expected, why);
    if (!chain && why.empty()) why = "`else null` is read behind all values of one choice only";
    return chain;
  }
  const auto condition = write(e.children[0], {}, why);
  const auto yes = condition ? write(e.children[1], expected, why) : std::nullopt;
  const auto no = yes ? write(e.children[2], expected, why) : std::nullopt;
  if (!no) return std::nullopt;
  if (condition->meaning.kind != M::yes_no) return refuse(why, "what follows `if` is no condition");
  const auto meaning = joined(yes->meaning, no->meaning);
  if (!meaning) return refuse(why, "the two sides of `if` are of different types");
  // Looser than anything: it stands in brackets wherever it is a part.
  return Written{fmt::format("if {} then {} else {}", condition->text, yes->text, no->text), either + 1, *meaning};
}

std::optional<Written> ExpressionWriter::call(const FeelExpression& e, const Meaning& expected,
                                              std::string& why) const {
  const auto count = e.children.size();
  const auto argument = [&](std::size_t i) { return write(e.children[i], expected, why); };
  if (e.text == "not" && count == 1) {
    const auto value = argument(0);
    if (!value) return std::nullopt;
    return Written{"not " + wrapped(*value, compared), negated, of_kind(M::yes_no)};
  }
  if (e.text == "abs" && count == 1) {
    auto value = argument(0);
    if (!value || value->meaning.kind != M::number) return refuse(why, "`abs` is for numbers");
    value->text = fmt::format("absolute({})", value->text);
    value->level = word;
    const auto negative = Rational::subtract(Rational(0), value->meaning.minimum);
    if (!negative) return refuse(why, "its bounds do not fit");
    value->meaning.maximum = std::max(value->meaning.maximum, *negative);
    value->meaning.minimum = Rational(0);
    return value;
  }
  if (e.text == "min" || e.text == "max" || e.text == "sum") {
    const auto& parts = count == 1 && e.children[0].kind == K::list ? e.children[0].children : e.children;
    // A number that stands alone has the unit of what it stands beside.
    Meaning beside = expected;
    for (const FeelExpression& part : parts) {
      const auto value = is_constant(part) ? std::nullopt : write(part, expected, why);
      if (value) beside = value->meaning;
    }
    why.clear();
    std::string text;
    std::optional<Meaning> meaning;
    for (const FeelExpression& part : parts) {
      const auto value = write(part, beside, why);
      if (!value) return std::nullopt;
      if (value->meaning.kind != M::number || value->meaning.is_list)
        return refuse(why, fmt::format("`{}` is for numbers", e.text));
      meaning = !meaning          ? value->meaning
                : e.text == "sum" ? combined(K::add, *meaning, value->meaning)
                                  : joined(*meaning, value->meaning);
      if (!meaning) return refuse(why, "its bounds or units do not fit together");
      text += (text.empty()      ? ""
               : e.text == "sum" ? " + "
                                 : ", ") +
              wrapped(*value, e.text == "sum" ? sum : either + 1);
    }
    if (!meaning) return refuse(why, fmt::format("`{}` needs values", e.text));
    if (e.text == "sum") return Written{text, parts.size() > 1 ? sum : either + 1, *meaning};
    return Written{fmt::format("{}({})", e.text, text), word, *meaning};
  }
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 7> rounding{
      {{"decimal", "half_even"},
       {"round half up", "half_up"},
       {"round half down", "half_down"},
       {"round up", "away_from_zero"},
       {"round down", "toward_zero"},
       {"floor", "down"},
       {"ceiling", "up"}}};
  for (const auto& [name, mode] : rounding) {
    if (e.text != name || count < 1 || count > 2) continue;
    std::optional<Rational> digits = Rational(0);
    if (count == 2) digits = number_of(e.children[1]);
    auto value = argument(0);
    if (!value) return std::nullopt;
    if (!digits || !digits->is_integer() || *digits < Rational(0) || *digits > Rational(9) ||
        value->meaning.kind != M::number || value->meaning.is_list)
      return refuse(why, fmt::format("`{}` is read for numbers, to 0 to 9 digits", e.text));
    const Rational step = step_of_digits(static_cast<std::size_t>(digits->numerator()));
    value->text = fmt::format("round({}, {}, {})", value->text, number_text(step, value->meaning.unit), mode);
    value->level = word;
    value->meaning.step = step;
    value->meaning.is_real = false;
    return value;
  }
  if (e.text == "list contains" && count == 2) {
    const auto list = write(e.children[0], {}, why);
    if (!list) return std::nullopt;
    Meaning element = list->meaning;
    element.is_list = false;
    const auto value = write(e.children[1], element, why);
    if (!value) return std::nullopt;
    if (!list->meaning.is_list) return refuse(why, "`list contains` needs a list");
    return Written{fmt::format("{} in {{ {} }}", wrapped(*value, sum), list->text), compared, of_kind(M::yes_no)};
  }
  if (const auto list = counted(e)) {
    const auto set = conditions(*list, why);
    if (!set) return std::nullopt;
    Meaning meaning = of_kind(M::number);
    meaning.maximum = Rational(static_cast<std::int64_t>((*list)->children.size()));
    return Written{fmt::format("number of {{ {} }}", *set), word, meaning};
  }
  if (e.text == "count" && count == 1) {
    const auto list = write(e.children[0], {}, why);
    if (!list) return std::nullopt;
    if (!list->meaning.is_list) return refuse(why, "`count` needs a list");
    Meaning meaning = of_kind(M::number);
    meaning.maximum = Rational(1000);
    return Written{fmt::format("length({})", list->text), word, meaning};
  }
  return refuse(why, fmt::format("the function `{}` is not read", e.text));
}

std::optional<std::string> ExpressionWriter::operand(const FeelExpression& e, const Meaning& column,
                                                     std::string& why) const {
  const auto value = write(e, column, why);
  if (!value) return std::nullopt;
  if (value->meaning.kind != column.kind || value->meaning.is_list || value->meaning.is_real) {
    if (why.empty()) why = "it is of another type than the input";
    return std::nullopt;
  }
  return wrapped(*value, sum);
}

std::optional<std::string> ExpressionWriter::test(const FeelExpression& e, const Meaning& column,
                                                  std::string& why) const {
  const auto is_about_it = [](const FeelExpression& one) {
    return one.kind >= K::equal && one.kind <= K::greater_or_equal && one.children[0].kind == K::placeholder;
  };
  if (e.kind == K::null) return "unknown";
  if (e.kind == K::interval) {
    const auto low = operand(e.children[0], column, why), high = operand(e.children[1], column, why);
    if (!low || !high) return std::nullopt;
    if (!e.open_start && !e.open_end) return fmt::format("{} to {}", *low, *high);
    return fmt::format("{} {} and {} {}", e.open_start ? ">" : ">=", *low, e.open_end ? "<" : "<=", *high);
  }
  if (is_about_it(e)) {
    if (e.children[1].kind == K::null && e.kind == K::equal) return "unknown";
    auto limit = operand(e.children[1], column, why);
    if (!limit) return std::nullopt;
    if (column.kind == M::yes_no && e.kind == K::equal) return limit;
    return fmt::format("{} {}", sign_of(e.kind), *limit);
  }
  if (e.kind == K::logical_and && std::all_of(e.children.begin(), e.children.end(), is_about_it)) {
    std::string text;
    for (const FeelExpression& child : e.children) {
      const auto limit = operand(child.children[1], column, why);
      if (!limit) return std::nullopt;
      text += fmt::format("{}{} {}", text.empty() ? "" : " and ", sign_of(child.kind), *limit);
    }
    return text;
  }
  const bool is_membership = e.kind == K::in && e.children[0].kind == K::placeholder;
  if (e.kind == K::list || e.kind == K::logical_or || is_membership) {
    std::string text;
    for (std::size_t i = is_membership ? 1 : 0; i < e.children.size(); ++i) {
      const auto part = test(e.children[i], column, why);
      if (!part) return std::nullopt;
      text += (text.empty() ? "" : ", ") + *part;
    }
    if (text.empty()) why = "an empty list matches nothing";
    return text.empty() ? std::nullopt : std::optional(text);
  }
  if (column.is_list) {
    why = "a list cannot be compared with a value";
    return std::nullopt;
  }
  return operand(e, column, why);
}

std::optional<std::string> ExpressionWriter::cell(const FeelTests& tests, const Meaning& column,
                                                  std::string& why) const {
  if (tests.is_any) return "-";
  std::string text;
  for (const FeelExpression& one : tests.tests) {
    const auto part = test(one, column, why);
    if (!part) return std::nullopt;
    text += (text.empty() ? "" : ", ") + *part;
  }
  return tests.negated ? "not " + text : text;
}

} // namespace aceso::decision_tables
