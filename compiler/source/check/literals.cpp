/// Numbers, units and constants.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "check/checker.h"
#include "values/units.h"

namespace aceso::check {

namespace {

/// Words for time. UCUM's own codes ("wk") are read as well.
struct TimeWord {
  std::string_view word, code;
  std::int64_t seconds, months;
};
constexpr TimeWord time_words[] = {
    {"second", "s", 1, 0},        {"seconds", "s", 1, 0},      {"s", "s", 1, 0},         {"minute", "min", 60, 0},
    {"minutes", "min", 60, 0},    {"min", "min", 60, 0},       {"hour", "h", 3600, 0},   {"hours", "h", 3600, 0},
    {"h", "h", 3600, 0},          {"day", "d", 86'400, 0},     {"days", "d", 86'400, 0}, {"d", "d", 86'400, 0},
    {"week", "wk", 604'800, 0},   {"weeks", "wk", 604'800, 0}, {"wk", "wk", 604'800, 0}, {"month", "mo", 0, 1},
    {"months", "mo", 0, 1},       {"mo", "mo", 0, 1},          {"year", "a", 0, 12},     {"years", "a", 0, 12},
    {"a", "a", 0, 12},
};
const TimeWord* time_word(std::string_view word) {
  for (const TimeWord& w : time_words)
    if (w.word == word) return &w;
  return nullptr;
}
bool is_calendar(std::string_view code) { return code == "mo" || code == "a"; }

} // namespace

std::optional<std::string> Checker::unit_code(const std::string& written, Span span) {
  if (const TimeWord* word = time_word(written)) return std::string(word->code);
  if (units::is_valid(written)) return written;
  const auto error = units::explain_invalid(written);
  Diagnostic& d = sink_.report(Kind::unknown_unit, span, written, error ? error->message : std::string("not in UCUM"));
  if (error && !error->suggestion.empty()) d.mend = fmt::format("did you mean {}?", error->suggestion);
  return std::nullopt;
}

std::optional<Checker::Quantity> Checker::literal_number(const ast::Expression& expression) {
  if (expression.kind == ast::ExpressionKind::negate) {
    auto inner = literal_number(*expression.children[0]);
    if (!inner) return std::nullopt;
    const auto negative = Rational::subtract(0, inner->number);
    return negative ? std::optional(Quantity{*negative, inner->unit}) : std::nullopt;
  }
  if (expression.kind != ast::ExpressionKind::number && expression.kind != ast::ExpressionKind::quantity) {
    sink_.report(Kind::not_a_constant, expression.span, text_of(expression.span));
    return std::nullopt;
  }
  const auto number = Rational::from_decimal(expression.text);
  if (!number) {
    sink_.report(Kind::bad_number, expression.span, expression.text);
    return std::nullopt;
  }
  if (expression.kind == ast::ExpressionKind::number) return Quantity{*number, {}};
  const auto unit = unit_code(expression.unit, expression.unit_span);
  return unit ? std::optional(Quantity{*number, *unit}) : std::nullopt;
}

std::optional<Period> Checker::period(const ast::Expression& expression) {
  const auto quantity = literal_number(expression);
  if (!quantity) return std::nullopt;
  for (const TimeWord& w : time_words) {
    if (w.code != quantity->unit) continue;
    const auto length = Rational::multiply(quantity->number, w.months != 0 ? w.months : w.seconds);
    if (!length || !length->is_integer() || *length < Rational(0)) break;
    return w.months != 0 ? Period{length->numerator(), 0} : Period{0, length->numerator()};
  }
  sink_.report(Kind::bad_range, expression.span,
               fmt::format("{} is not a whole length of time", text_of(expression.span)))
      .mend = "write it in seconds, minutes, hours, days, weeks, months or years, for example: 6 weeks";
  return std::nullopt;
}

std::optional<Value> Checker::constant_value(const ast::Expression& expression, TypeId type, std::string_view what) {
  const NodeId id = lower_as(expression, type);
  if (!id.is_valid()) return std::nullopt;
  if (is_constant(id)) return at(id).constant;
  sink_.report(Kind::not_a_constant, expression.span, what);
  return std::nullopt;
}

bool Checker::check_value_fits(const Value& value, TypeId type, const std::string& name, Span span) {
  const TypeInfo& t = info(type);
  if (!value.is_known() || !value.is<Rational>() || !t.minimum || !t.maximum || !t.step) return true;
  const Rational number = value.as<Rational>();
  const std::string unit = t.unit.empty() ? "" : " " + t.unit;
  if (number < *t.minimum || number > *t.maximum) {
    sink_.report(Kind::out_of_range, span, name, to_text(graph_.dictionary, type, value),
                 fmt::format("{} to {}{}", t.minimum->to_text(), t.maximum->to_text(), unit));
    return false;
  }
  if (!Rational::is_on_step(number, *t.minimum, *t.step)) {
    sink_.report(Kind::off_step, span, to_text(graph_.dictionary, type, value), name,
                 fmt::format("{}{} from {}{}", t.step->to_text(), unit, t.minimum->to_text(), unit));
    return false;
  }
  return true;
}

NodeId Checker::convert_unit(NodeId id, std::string unit, Span span) {
  const std::string from = info(at(id).type).unit;
  if (from == unit) return id;
  if (is_calendar(from) != is_calendar(unit) && units::is_comparable(from, unit)) {
    sink_.report(Kind::calendar_unit, span, is_calendar(from) ? "months and years" : "months and years").mend =
        "compare with days or weeks, or give both in months or both in years";
    return {};
  }
  std::optional<units::Conversion> conversion = units::conversion(from, unit);
  if (from == "a" && unit == "mo") conversion = units::Conversion{Rational(12), Rational(0)};
  if (from == "mo" && unit == "a") conversion = units::Conversion{*Rational::make(1, 12), Rational(0)};
  if (from.empty() || unit.empty() || !conversion) {
    const auto shown = [](const std::string& u) { return u.empty() ? std::string("a number without unit") : u; };
    Diagnostic& d = sink_.report(Kind::units_differ, span, shown(from), shown(unit));
    if (from.empty() || unit.empty()) d.mend = fmt::format("write the unit after the number, for example: 5 {}", from.empty() ? unit : from);
    return {};
  }
  Node converted;
  converted.op = Op::convert;
  converted.type = number_type(unit);
  converted.span = span;
  converted.operands = {id};
  converted.factor = conversion->factor;
  converted.offset = conversion->offset;
  return add(std::move(converted));
}

} // namespace aceso::check
