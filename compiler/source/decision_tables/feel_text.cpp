#include "decision_tables/feel_text.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "decision_tables/feel.h"

namespace aceso::decision_tables {

namespace {

using graph::Node;
using graph::Op;
constexpr int word = 0, product = 3, sum = 4, compared = 5, all = 7, either = 8, choosing = 9;
constexpr int most_nested = 100;

} // namespace

std::optional<std::string> feel_number(const Rational& number) {
  const std::string text = number.to_text();
  return text.find('/') == std::string::npos ? std::optional(text) : std::nullopt;
}

FeelText::FeelText(const graph::Graph& graph, Need need) : graph_(graph), need_(std::move(need)) {
  for (std::size_t i = 0; i < graph.definitions.size(); ++i) {
    const NodeId node = graph.definitions[i].node;
    if (!node.is_valid() || graph[node].op == Op::constant || graph[node].op == Op::input) continue;
    names_.try_emplace(node.index(), graph.dictionary.definitions[i].name);
  }
}

std::optional<std::string> FeelText::write(NodeId node, const std::string& own_name, std::string& why) {
  // Writing one value can ask for another, which is written in between.
  const std::string outer = std::exchange(own_name_, own_name);
  const auto result = part(node, why);
  own_name_ = outer;
  return result ? std::optional(result->text) : std::nullopt;
}

std::optional<std::string> FeelText::constant(TypeId type, const Value& value, std::string& why) const {
  const TypeInfo& info = graph_.dictionary[type];
  if (value.is<bool>()) return value.as<bool>() ? "true" : "false";
  if (value.is<Choice>()) {
    const std::uint32_t index = value.as<Choice>().index;
    return feel_string(info.kind == TypeKind::action ? graph_.dictionary.actions[index].name
                                                     : info.members[index].name);
  }
  if (value.is<Rational>()) {
    auto text = feel_number(value.as<Rational>());
    if (!text) why = fmt::format("{} has no finite decimal", value.as<Rational>().to_text());
    return text;
  }
  if (value.is<Date>()) return fmt::format("date(\"{}\")", to_text(value.as<Date>()));
  if (value.is<TimeOfDay>()) return fmt::format("time(\"{}:00\")", to_text(value.as<TimeOfDay>()));
  why = info.kind == TypeKind::code ? "codes have no counterpart" : "a constant of this type has no counterpart";
  return std::nullopt;
}

std::optional<FeelText::Part> FeelText::joined(const Node& node, std::string_view sign, int level, std::string& why) {
  std::string text;
  for (std::size_t i = 0; i < node.operands.size(); ++i) {
    const auto operand = part(node.operands[i], why);
    if (!operand) return std::nullopt;
    // What stands right of a minus or a division keeps its brackets.
    const int loosest = i == 0 && level != compared ? level : level - 1;
    if (i > 0) text += fmt::format(" {} ", sign);
    text += operand->level > loosest ? "(" + operand->text + ")" : operand->text;
  }
  return Part{std::move(text), level};
}

std::optional<FeelText::Part> FeelText::called(const Node& node, std::string_view function, std::string& why) {
  std::string text;
  for (const NodeId id : node.operands) {
    const auto operand = part(id, why);
    if (!operand) return std::nullopt;
    text += (text.empty() ? "" : ", ") + operand->text;
  }
  return Part{fmt::format("{}({})", function, text), word};
}

std::optional<FeelText::Part> FeelText::rounded(const Node& node, std::string& why) {
  Rational step = node.details->factor;
  int digits = 0;
  while (step < Rational(1) && digits < 12) {
    const auto next = Rational::multiply(step, Rational(10));
    if (!next) break;
    step = *next;
    ++digits;
  }
  std::string_view function;
  switch (static_cast<RoundingMode>(node.reference)) {
  case RoundingMode::half_even: function = "decimal"; break;
  case RoundingMode::half_up: function = "round half up"; break;
  case RoundingMode::half_down: function = "round half down"; break;
  case RoundingMode::away_from_zero: function = "round up"; break;
  case RoundingMode::toward_zero: function = "round down"; break;
  case RoundingMode::up: function = digits == 0 ? "ceiling" : ""; break;
  case RoundingMode::down: function = digits == 0 ? "floor" : ""; break;
  }
  if (step != Rational(1) || function.empty()) {
    why = fmt::format("rounding to {} has no counterpart", node.details->factor.to_text());
    return std::nullopt;
  }
  const auto operand = part(node.operands.front(), why);
  if (!operand) return std::nullopt;
  if (function == "ceiling" || function == "floor") return Part{fmt::format("{}({})", function, operand->text), word};
  return Part{fmt::format("{}({}, {})", function, operand->text, digits), word};
}

std::optional<FeelText::Part> FeelText::counted(const Node& node, std::string& why) {
  const auto list = called(node, "", why);
  if (!list) return std::nullopt;
  const std::string inner = list->text.substr(1, list->text.size() - 2);
  std::string text = fmt::format("count([{}][item = true])", inner);
  if (node.op == Op::number_of) return Part{std::move(text), word};
  return Part{fmt::format("{} >= {}", text, node.reference), compared};
}

std::optional<FeelText::Part> FeelText::converted(const Node& node, std::string& why) {
  auto operand = part(node.operands.front(), why);
  if (!operand) return std::nullopt;
  const auto offset = feel_number(node.details->offset);
  // A factor such as 1/7 is a division in FEEL.
  const auto factor = feel_number(node.details->factor);
  const auto inverse = Rational::divide(Rational(1), node.details->factor);
  const auto divisor = inverse ? feel_number(*inverse) : std::nullopt;
  if (!offset || (!factor && !divisor)) {
    why = "the conversion of its units has no finite decimal";
    return std::nullopt;
  }
  if (node.details->factor != Rational(1)) {
    const std::string left = operand->level > product ? "(" + operand->text + ")" : operand->text;
    *operand = {factor ? fmt::format("{} * {}", left, *factor) : fmt::format("{} / {}", left, *divisor), product};
  }
  if (node.details->offset != Rational(0))
    *operand = {
        fmt::format("{} + {}", operand->text, node.details->offset < Rational(0) ? "(" + *offset + ")" : *offset), sum};
  return operand;
}

std::optional<FeelText::Part> FeelText::score(const Node& node, std::string& why) {
  const auto operand = part(node.operands.front(), why);
  if (!operand) return std::nullopt;
  const TypeInfo& type = graph_.type_of(node.operands.front());
  const std::string subject = operand->level > sum ? "(" + operand->text + ")" : operand->text;
  std::string text;
  for (const MemberInfo& member : type.members) {
    const auto points = member.score ? feel_number(*member.score) : std::nullopt;
    text += fmt::format("if {} = {} then {} else ", subject, feel_string(member.name), points.value_or("null"));
  }
  return Part{text + "null", choosing};
}

std::optional<FeelText::Part> FeelText::on_scale(const Node& node, std::string& why) {
  const bool limit_is_first = graph_[node.operands[0]].op == Op::constant;
  const Node& limit = graph_[node.operands[limit_is_first ? 0 : 1]];
  if (limit.op != Op::constant || !limit.constant.is<Choice>()) {
    why = "the order of a scale is carried beside one of its members only";
    return std::nullopt;
  }
  const auto subject = part(node.operands[limit_is_first ? 1 : 0], why);
  if (!subject) return std::nullopt;
  const std::uint32_t at = limit.constant.as<Choice>().index;
  const auto& members = graph_.type_of(node.operands[0]).members;
  std::string text;
  for (std::uint32_t i = 0; i < members.size(); ++i) {
    const bool is_beside = limit_is_first ? i > at : i < at;
    if (is_beside || (i == at && node.op == Op::less_or_equal))
      text += (text.empty() ? "" : ", ") + feel_string(members[i].name);
  }
  if (text.empty()) why = "no value of the scale lies there";
  if (text.empty()) return std::nullopt;
  return Part{fmt::format("{} in ({})", subject->level > sum ? "(" + subject->text + ")" : subject->text, text),
              compared};
}

std::optional<FeelText::Part> FeelText::chosen(const Node& node, std::string& why) {
  if (static_cast<graph::HitPolicy>(node.reference) != graph::HitPolicy::first) {
    why = "a table inside an expression has no counterpart";
    return std::nullopt;
  }
  std::string text;
  for (std::size_t i = 0; i < node.operands.size(); i += 2) {
    const auto condition = part(node.operands[i], why), value = part(node.operands[i + 1], why);
    if (!condition || !value) return std::nullopt;
    if (condition->text == "true") return Part{text + value->text, choosing};
    text += fmt::format("if {} then {} else ", condition->text, value->text);
  }
  return Part{text + "null", choosing};
}

std::optional<FeelText::Part> FeelText::part(NodeId id, std::string& why) {
  const Node& node = graph_[id];
  if (const auto name = names_.find(id.index()); name != names_.end() && name->second != own_name_) {
    auto text = need_(name->second);
    if (!text) why = fmt::format("it needs `{}`", name->second);
    return text ? std::optional(Part{*text, word}) : std::nullopt;
  }
  if (depth_ >= most_nested) {
    why = "it is nested too deeply";
    return std::nullopt;
  }
  ++depth_;
  const struct Leave {
    int& depth;
    ~Leave() { --depth; }
  } leave{depth_};
  switch (node.op) {
  case Op::constant: {
    const auto text = constant(node.type, node.constant, why);
    if (!text) return std::nullopt;
    return Part{*text, text->starts_with('-') ? product : word};
  }
  case Op::input: {
    const std::string& name = graph_.dictionary.inputs[node.reference].name;
    const auto text = need_(name);
    if (!text) why = fmt::format("it needs `{}`", name);
    return text ? std::optional(Part{*text, word}) : std::nullopt;
  }
  case Op::is_known: {
    const auto operand = part(node.operands.front(), why);
    if (!operand) return std::nullopt;
    return Part{fmt::format("{} != null", operand->level > sum ? "(" + operand->text + ")" : operand->text), compared};
  }
  case Op::logical_not: return called(node, "not", why);
  case Op::logical_and: return joined(node, "and", all, why);
  case Op::logical_or: return joined(node, "or", either, why);
  case Op::equal: return joined(node, "=", compared, why);
  case Op::less:
  case Op::less_or_equal:
    if (graph_.type_of(node.operands.front()).kind == TypeKind::scale) return on_scale(node, why);
    if (graph_[node.operands.front()].op == Op::constant) { // x > 5 reads better than 5 < x
      Node turned = node;
      std::swap(turned.operands[0], turned.operands[1]);
      return joined(turned, node.op == Op::less ? ">" : ">=", compared, why);
    }
    return joined(node, node.op == Op::less ? "<" : "<=", compared, why);
  case Op::add: return joined(node, "+", sum, why);
  case Op::subtract: return joined(node, "-", sum, why);
  case Op::multiply: return joined(node, "*", product, why);
  case Op::divide: return joined(node, "/", product, why);
  case Op::negate: {
    const auto operand = part(node.operands.front(), why);
    if (!operand) return std::nullopt;
    return Part{fmt::format("-({})", operand->text), product};
  }
  case Op::absolute: return called(node, "abs", why);
  case Op::minimum: return called(node, "min", why);
  case Op::maximum: return called(node, "max", why);
  case Op::convert: return converted(node, why);
  case Op::round: return rounded(node, why);
  case Op::at_least:
  case Op::number_of: return counted(node, why);
  case Op::score_of: return score(node, why);
  case Op::conditional: {
    std::array<std::string, 3> parts;
    for (std::size_t i = 0; i < 3; ++i) {
      const auto operand = part(node.operands[i], why);
      if (!operand) return std::nullopt;
      parts[i] = operand->text;
    }
    return Part{fmt::format("if {} then {} else {}", parts[0], parts[1], parts[2]), choosing};
  }
  case Op::table: return chosen(node, why);
  default: why = fmt::format("`{}` has no counterpart", graph::info(node.op).name); return std::nullopt;
  }
}

} // namespace aceso::decision_tables
