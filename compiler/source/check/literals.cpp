/// Numbers, units and constants.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "check/checker.h"
#include "module/input_units.h"
#include "values/units.h"

namespace aceso::check {

namespace {

/// What a wait or a window can be counted in.
constexpr std::string_view waiting_units[] = {"s", "min", "h", "d", "wk", "mo", "a"};

/// Codes that are valid, but mean something else than those who write them think.
struct ValidSlip {
  std::string_view written, meant, is;
};
constexpr ValidSlip valid_slips[] = {
    {"C", "Cel", "coulomb"},  {"deg", "Cel", "degree of an angle"},
    {"F", "[degF]", "farad"}, {"ft", "[ft_i]", "femtotonne"},
    {"A", "a", "ampere"},     {"S", "s", "siemens"},
    {"H", "h", "henry"},      {"m", "min", "metre"},
    {"G", "g", "gauss"},      {"T", "t", "tesla"},
};
bool is_calendar(std::string_view code) { return code == "mo" || code == "a"; }

} // namespace

std::optional<std::string> Checker::unit_code(const std::string& written, Span span) {
  if (units::is_valid(written)) return written;
  if (const auto name = units_.find(written); name != units_.end())
    return static_cast<const ast::UnitDecl&>(*name->second.declaration).code.text;
  const auto error = units::explain_invalid(written);
  // "is not a UCUM unit" says no more than the message itself; what is wrong with the signs of the unit does.
  const bool adds = error && !error->message.ends_with("is not a UCUM unit.");
  Diagnostic& d = sink_.report(Kind::unknown_unit, span, written, adds ? ": " + error->message : std::string());
  if (written == "degrees" || written == "degree")
    d.mend = "write `Cel` for a temperature, `deg` for an angle";
  else if (error && !error->suggestion.empty())
    d.mend = fmt::format("did you mean `{}`?", error->suggestion);
  else if (const std::string near = nearest_unit(written); !near.empty())
    d.mend = fmt::format("did you mean `{}`?", near);
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
    sink_.report(Kind::not_a_constant, expression.span, fmt::format("`{}`", text_of(expression.span))).mend =
        "write a number here, rather than a name or a calculation";
    return std::nullopt;
  }
  const auto number = Rational::from_decimal(expression.text);
  if (!number) {
    sink_.report(Kind::bad_number, expression.span, expression.text).mend =
        "at most 18 digits are held; choose a unit in which the number is shorter";
    return std::nullopt;
  }
  if (expression.kind == ast::ExpressionKind::number) return Quantity{*number, {}};
  const auto unit = unit_code(expression.unit, expression.unit_span);
  return unit ? std::optional(Quantity{*number, *unit}) : std::nullopt;
}

std::optional<Period> Checker::period(const ast::Expression& expression) {
  const auto quantity = literal_number(expression);
  if (!quantity) return std::nullopt;
  const std::string& unit = quantity->unit;
  if (std::find(std::begin(waiting_units), std::end(waiting_units), unit) != std::end(waiting_units)) {
    const Rational one = unit == "a" ? Rational(12) : unit == "mo" ? Rational(1) : *units::seconds_in(unit);
    const auto length = Rational::multiply(quantity->number, one);
    if (length && length->is_integer() && *length >= Rational(0))
      return is_calendar(unit) ? Period{length->numerator(), 0} : Period{0, length->numerator()};
  }
  sink_
      .report(Kind::bad_range, expression.span,
              fmt::format("`{}` is not a whole length of time", text_of(expression.span)))
      .mend = "write it in seconds, minutes, hours, days, weeks, months or years, for example: 6 weeks";
  return std::nullopt;
}

std::optional<Value> Checker::constant_value(const ast::Expression& expression, TypeId type, std::string_view what,
                                             std::optional<Rational> molar_mass) {
  if (expression.kind == ast::ExpressionKind::list && info(type).kind == TypeKind::list) {
    const TypeId element = info(type).element;
    ValueList list;
    for (const auto& child : expression.children) {
      auto value = constant_value(*child, element, what);
      if (!value) return std::nullopt;
      list.push_back(std::move(*value));
    }
    return list;
  }
  const NodeId id = lower_as(expression, type, molar_mass);
  if (!id.is_valid()) return std::nullopt;
  if (is_constant(id)) return at(id).constant;
  sink_.report(Kind::not_a_constant, expression.span, what).mend =
      "write the value itself, rather than a name or a calculation";
  return std::nullopt;
}

bool Checker::check_value_fits(const Value& value, TypeId type, const std::string& name, Span span) {
  const TypeInfo& t = info(type);
  if (value.is<ValueList>() && t.kind == TypeKind::list) {
    const TypeId element = t.element;
    const auto& all = value.as<ValueList>();
    return std::all_of(all.begin(), all.end(),
                       [&](const Value& one) { return check_value_fits(one, element, name, span); });
  }
  if (!value.is_known() || !value.is<Rational>() || !t.minimum || !t.maximum || !t.step) return true;
  const Rational number = value.as<Rational>();
  const auto text = [&](Rational r) { return value_text(constant(r, type, span)); }; // after an error no graph is kept
  if (number < *t.minimum || number > *t.maximum) {
    const Rational low = *t.minimum, high = *t.maximum;
    sink_.report(Kind::out_of_range, span, name, text(number), fmt::format("{} to {}", low.to_text(), text(high)))
        .mend = "mend the value, or widen the range";
    return false;
  }
  const auto input = input_ids_.find(name);
  const bool is_input = input != input_ids_.end() && graph_.dictionary[input->second].type == type;
  if (!(is_input ? lies_on_steps(graph_.dictionary[input->second], t, number)
                 : Rational::is_on_step(number, *t.minimum, *t.step))) {
    const Rational low = *t.minimum, high = *t.maximum, step = *t.step;
    Diagnostic& d =
        sink_.report(Kind::off_step, span, text(number), name, fmt::format("{} from {}", text(step), text(low)));
    const auto past = Rational::subtract(number, low);
    const auto steps = past ? Rational::round(*past, step, RoundingMode::down) : std::nullopt;
    const auto below = steps ? Rational::add(low, *steps) : std::nullopt;
    const auto above = below ? Rational::add(*below, step) : std::nullopt;
    if (above)
      d.mend = fmt::format("write {}{}, or make the step smaller", text(*below),
                           *above <= high ? " or " + text(*above) : "");
    return false;
  }
  return true;
}

NodeId Checker::convert_unit(NodeId id, std::string unit, Span span, std::optional<Rational> molar_mass) {
  const std::string from = info(at(id).type).unit;
  if (from == unit) return id;
  if (is_calendar(from) != is_calendar(unit) && units::is_comparable(from, unit)) {
    const std::string calendar = is_calendar(from) ? from : unit;
    Diagnostic& d = sink_.report(Kind::calendar_unit, span, calendar == "a" ? "years" : "months");
    d.mend = "give both in days or weeks, or both in months or years";
    if (is_constant(id) && calendar == from) {
      const auto days = Rational::multiply(at(id).constant.as<Rational>(), calendar == "a" ? 365 : 30);
      if (days)
        d.mend =
            fmt::format("write days or weeks, for example: {}", value_text(constant(*days, number_type("d"), span)));
    } else if (is_constant(id)) {
      d.mend = calendar == "a" ? "write years or months, for example: 1 year"
                               : "write months or years, for example: 1 month";
    }
    return {};
  }
  std::optional<units::Conversion> conversion = units::conversion(from, unit);
  if (from == "a" && unit == "mo") conversion = units::Conversion{Rational(12), Rational(0)};
  if (from == "mo" && unit == "a") conversion = units::Conversion{*Rational::make(1, 12), Rational(0)};
  if (!molar_mass) molar_mass = molar_mass_of(id);
  if (!conversion && molar_mass) conversion = units::conversion_by_molar_mass(from, unit, *molar_mass);
  if (from.empty() || unit.empty() || !conversion) {
    const bool fixed = is_constant(id);
    const std::string text = text_of(at(id).span);
    const bool is_long = text.find(' ') != std::string::npos;
    const std::string operand = is_long ? "(" + text + ")" : text;
    if (from.empty() && fixed) {
      sink_.report(Kind::unit_missing, span, "stands for " + in_words(number_type(unit))).mend =
          fmt::format("write the unit: {}", value_text(constant(at(id).constant, number_type(unit), span)));
    } else if (from.empty()) {
      sink_
          .add(Kind::units_differ, span,
               fmt::format("`{}` has no unit, but {} is needed here", text, in_words(number_type(unit))))
          .mend = fmt::format("if that is its unit, write {} * 1 {}", operand, unit);
    } else if (unit.empty()) {
      Diagnostic& d = sink_.add(Kind::units_differ, span,
                                fmt::format("`{}` has a unit, but a number without one is needed here", text));
      d.mend = fixed ? fmt::format("take the unit away: {}", at(id).constant.as<Rational>().to_text())
                     : fmt::format("divide by the unit and round: round({} / 1 {}, 1)", operand, from);
    } else {
      Diagnostic& d = sink_.report(Kind::units_differ, span, fmt::format("`{}`", from), fmt::format("`{}`", unit));
      d.mend = fmt::format("write it in `{}`", unit);
      if (const std::string_view reason = units::what_differs(from, unit); !reason.empty())
        d.mend = fmt::format("{}: write it in `{}`", reason, unit);
      for (const ValidSlip& slip : valid_slips)
        if (fixed && slip.written == from && units::is_comparable(slip.meant, unit))
          d.mend = fmt::format("did you mean `{}`? `{}` is the {}", slip.meant, slip.written, slip.is);
      if (units::differ_by_molar_mass(from, unit))
        d.mend = "declare the molar mass of the substance with its input: molar_mass NUMBER g/mol";
    }
    return {};
  }
  Node converted;
  converted.op = Op::convert;
  converted.type = number_type(unit);
  converted.span = is_constant(id) ? at(id).span : span; // what is folded is quoted as it was written
  converted.operands = {id};
  converted.details.edit().factor = conversion->factor;
  converted.details.edit().offset = conversion->offset;
  return add(std::move(converted));
}

std::optional<Rational> Checker::molar_mass_of(NodeId id) const {
  std::optional<Rational> found;
  std::vector<bool> seen(id.index() + 1);
  std::vector<NodeId> open{id};
  while (!open.empty()) {
    const NodeId next = open.back();
    open.pop_back();
    if (seen[next.index()]) continue;
    seen[next.index()] = true;
    const Node& n = at(next);
    switch (n.op) {
    case Op::constant: break;
    case Op::input:
    case Op::series: {
      const auto& mass = graph_.dictionary.inputs[n.reference].molar_mass;
      if (!mass || (found && *found != *mass)) return std::nullopt;
      found = mass;
      break;
    }
    case Op::conditional: open.insert(open.end(), n.operands.begin() + 1, n.operands.end()); break;
    case Op::add:
    case Op::subtract:
    case Op::negate:
    case Op::absolute:
    case Op::minimum:
    case Op::maximum:
    case Op::convert:
    case Op::round: open.insert(open.end(), n.operands.begin(), n.operands.end()); break;
    default: return std::nullopt;
    }
  }
  return found;
}

} // namespace aceso::check
