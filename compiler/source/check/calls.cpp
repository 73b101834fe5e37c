/// Calls, attributes, series and outcomes.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "check/checker.h"
#include "values/units.h"

namespace aceso::check {

using E = ast::ExpressionKind;

NodeId Checker::lower_call(const ast::Expression& e) {
  bool builtin = false;
  const auto found = values_.find(e.text);
  if (found == values_.end()) {
    const NodeId result = lower_builtin(e, builtin);
    if (builtin) return result;
    const Span span = e.text_span.is_valid() ? e.text_span : e.span;
    Diagnostic& d = sink_.report(Kind::unknown_name, span, e.text);
    std::vector<std::string> functions{"round", "min",   "max",      "sqrt",   "ln",       "log10",
                                       "exp",   "power", "absolute", "length", "interval", "convert"};
    for (const std::string_view name : time_functions())
      functions.emplace_back(name);
    for (const auto& [name, symbol] : values_)
      if (symbol.kind == Symbol::Kind::function) functions.push_back(name);
    if (const std::string near = diagnostics::nearest(e.text, functions); !near.empty())
      d.mend = fmt::format("did you mean `{}`?", near);
    return {};
  }
  if (found->second.kind != Symbol::Kind::function) {
    sink_.report(Kind::wrong_kind_of_name, e.span, e.text, check::in_words(found->second.kind), "a function");
    return {};
  }
  const auto& function = static_cast<const ast::FunctionDecl&>(*found->second.declaration);
  if (function.parameters.size() != e.children.size()) {
    sink_
        .report(Kind::wrong_argument_count, e.span, e.text,
                fmt::format("{} value{}", function.parameters.size(), function.parameters.size() == 1 ? "" : "s"),
                fmt::format("{} {} given", e.children.size(), e.children.size() == 1 ? "is" : "are"))
        .notes.push_back({function.name.span, "declared here"});
    return {};
  }
  std::map<std::string, NodeId> arguments;
  for (std::size_t i = 0; i < e.children.size(); ++i) {
    const TypeId type = type_of(function.parameters[i].type);
    const NodeId argument = type.is_valid() ? lower_as(*e.children[i], type) : NodeId{};
    if (!argument.is_valid()) return {};
    if (is_constant(argument) &&
        !check_value_fits(at(argument).constant, type, function.parameters[i].name.text, e.children[i]->span))
      return {};
    arguments[function.parameters[i].name.text] = argument;
  }
  const auto again = std::find(in_progress_.begin(), in_progress_.end(), e.text);
  if (again != in_progress_.end()) {
    std::vector<std::string> circle(again, in_progress_.end());
    circle.push_back(e.text);
    Diagnostic& d = sink_.report(Kind::defined_by_itself, e.span, e.text, fmt::format("{}", fmt::join(circle, " -> ")));
    for (std::size_t i = 0; i + 1 < circle.size(); ++i)
      if (const auto place = values_.find(circle[i]); place != values_.end())
        d.notes.push_back(
            {place->second.declaration->name.span, fmt::format("`{}` needs `{}`", circle[i], circle[i + 1])});
    d.mend = "let one of them do without the others";
    return {};
  }
  if (is_too_large_ || is_too_deep(e.span)) return {};
  in_progress_.push_back(e.text);
  parameters_.push_back(std::move(arguments));
  NodeId result;
  bool refused = false;
  NodeId require;
  if (function.require) {
    require = lower_condition(*function.require);
    if (require.is_valid() && is_constant(require) && !at(require).constant.as<bool>()) {
      Diagnostic& d = sink_.report(Kind::precondition_broken, e.span, function.message.text);
      d.notes.push_back({function.message.span, "required here"});
      d.mend = fmt::format("call `{}` with values that it allows", e.text);
      refused = true;
    }
  }
  if (!refused) {
    const TypeId type = function.result ? type_of(*function.result) : TypeId{};
    if (function.result)
      result = type.is_valid() ? lower_as(*function.body, type) : NodeId{};
    else
      result = lower(*function.body);
  }
  parameters_.pop_back();
  in_progress_.pop_back();
  // A precondition that this patient breaks leaves the result unknown rather than wrong.
  if (result.is_valid() && require.is_valid() && !is_constant(require)) {
    const NodeId nothing = constant(UnknownReason::invalid, at(result).type, e.span);
    Node guarded;
    guarded.op = Op::conditional;
    guarded.type = at(result).type;
    guarded.span = e.span;
    guarded.operands = {require, result, nothing};
    if (const auto range = at(result).range()) guarded.details.edit().range = range;
    graph_.nodes.push_back(std::move(guarded));
    return NodeId(graph_.nodes.size() - 1);
  }
  return result;
}

void Checker::lower_function_alone(const ast::FunctionDecl& function) {
  std::map<std::string, NodeId> parameters;
  for (const ast::Parameter& p : function.parameters) {
    const TypeId type = type_of(p.type);
    if (!type.is_valid()) return;
    if (parameters.count(p.name.text)) sink_.report(Kind::duplicate_name, p.name.span, p.name.text);
    Node n;
    n.op = Op::parameter;
    n.type = type;
    n.span = p.name.span;
    parameters[p.name.text] = add(std::move(n));
  }
  in_progress_.push_back(function.name.text);
  parameters_.push_back(std::move(parameters));
  if (function.require) (void)lower_condition(*function.require);
  const TypeId type = function.result ? type_of(*function.result) : TypeId{};
  if (!function.result)
    (void)lower(*function.body);
  else if (type.is_valid())
    (void)lower_as(*function.body, type);
  parameters_.pop_back();
  in_progress_.pop_back();
}

NodeId Checker::lower_round(const ast::Expression& e) {
  const auto& children = e.children;
  const NodeId value = lower(*children[0]);
  if (!value.is_valid()) return {};
  if (!is_numeric(at(value).type)) {
    sink_.report(Kind::type_mismatch, children[0]->span, text_of(children[0]->span), in_words(at(value).type),
                 "a number");
    return {};
  }
  const auto step = literal_number(*children[1]);
  if (!step) return {};
  const std::string unit = info(at(value).type).unit;
  std::optional<Rational> size = step->number;
  if (!step->unit.empty() && step->unit != unit) {
    // The length of a month or a year in days is nobody's choice to make here.
    const auto is_calendar = [](const std::string& u) { return u == "mo" || u == "a"; };
    const auto conversion =
        is_calendar(step->unit) == is_calendar(unit) ? units::conversion(step->unit, unit) : std::nullopt;
    size =
        conversion && conversion->offset == Rational(0) ? Rational::multiply(*size, conversion->factor) : std::nullopt;
  }
  if (!size || *size <= Rational(0)) {
    sink_
        .add(Kind::bad_range, children[1]->span,
             unit.empty()
                 ? std::string("the step of `round` is a number above 0, without a unit")
                 : fmt::format("the step of `round` is a number above 0 in the unit of what is rounded, `{}`", unit))
        .mend =
        fmt::format("for example: round({}, 0.1{})", text_of(children[0]->span), unit.empty() ? "" : " " + unit);
    return {};
  }
  RoundingMode mode = RoundingMode::half_up;
  if (children.size() == 3) {
    const auto named = rounding_mode_from_text(children[2]->text);
    if (!named) {
      sink_.report(Kind::unknown_member, children[2]->span, text_of(children[2]->span),
                   "half_up, half_even, half_down, up, down, toward_zero, away_from_zero");
      return {};
    }
    mode = *named;
  }
  Node n;
  n.op = Op::round;
  n.type = number_type(info(at(value).type).unit);
  n.span = e.span;
  n.operands = {value};
  n.details.edit().factor = *size;
  n.reference = static_cast<std::uint32_t>(mode);
  const NodeId rounded = add(std::move(n));
  // Whoever rounds to 0.1 kg/m2 wants to read kg/m2, and not the kg/cm2 that weight and height come to.
  return step->unit.empty() || step->unit == unit ? rounded : convert_unit(rounded, step->unit, e.span);
}

NodeId Checker::lower_builtin(const ast::Expression& e, bool& known) {
  known = true;
  const auto& children = e.children;
  const auto count = [&](std::size_t fewest, std::size_t most, std::string_view takes) {
    if (children.size() >= fewest && children.size() <= most) return true;
    sink_.report(Kind::wrong_argument_count, e.span, e.text, takes,
                 fmt::format("{} {} given", children.size(), children.size() == 1 ? "is" : "are"));
    return false;
  };
  if (e.text == "round")
    return count(2, 3, "a value, a step and maybe a mode: round(x, 0.1, half_up)") ? lower_round(e) : NodeId{};
  if (e.text == "convert") return count(2, 2, "a value and a unit: convert(x, mg/dL)") ? lower_convert(e) : NodeId{};
  if (e.text == "min" || e.text == "max") {
    if (!count(2, 1000, "two or more values")) return {};
    auto [first, second] = lower_pair(*children[0], *children[1], true);
    std::vector<NodeId> operands{first, second};
    for (std::size_t i = 2; i < children.size(); ++i)
      operands.push_back(lower(*children[i]));
    for (const NodeId operand : operands)
      if (!operand.is_valid()) return {};
    // All come to the unit of one: the first that is not a fixed value, so that what is stored is compared as it is.
    const auto found = std::find_if(operands.begin(), operands.end(), [&](NodeId id) { return !is_constant(id); });
    NodeId& kept = found == operands.end() ? operands.front() : *found;
    for (NodeId& operand : operands)
      if (&operand != &kept &&
          !(is_constant(operand) ? unify(operand, kept, e.span, true) : unify(kept, operand, e.span, true)))
        return {};
    const TypeKind kind = info(at(operands[0]).type).kind;
    if (kind == TypeKind::yes_no || kind == TypeKind::choice || kind == TypeKind::action || kind == TypeKind::list ||
        kind == TypeKind::interval || kind == TypeKind::code) {
      sink_.report(Kind::no_order, e.span, in_words(at(operands[0]).type),
                   fmt::format("`{}` means nothing for it", e.text));
      return {};
    }
    const TypeId type =
        is_numeric(at(operands[0]).type) ? number_type(info(at(operands[0]).type).unit) : at(operands[0]).type;
    return node(e.text == "min" ? Op::minimum : Op::maximum, type, e.span, std::move(operands));
  }
  if (e.text == "absolute") {
    if (!count(1, 1, "one number")) return {};
    const NodeId value = lower(*children[0]);
    if (!value.is_valid()) return {};
    if (refuse_point(value, e.span, "made absolute")) return {};
    if (is_numeric(at(value).type)) return node(Op::absolute, number_type(info(at(value).type).unit), e.span, {value});
    sink_.report(Kind::type_mismatch, e.span, text_of(children[0]->span), in_words(at(value).type), "a number");
    return {};
  }
  constexpr std::pair<std::string_view, Op> real_functions[] = {{"sqrt", Op::square_root},
                                                                {"ln", Op::natural_logarithm},
                                                                {"log10", Op::logarithm_10},
                                                                {"exp", Op::exponential},
                                                                {"power", Op::power}};
  for (const auto& [name, op] : real_functions) {
    if (e.text != name) continue;
    const std::size_t takes = op == Op::power ? 2 : 1;
    if (!count(takes, takes, takes == 1 ? "one number" : "a number and its exponent")) return {};
    std::vector<NodeId> operands;
    for (const auto& child : children) {
      operands.push_back(lower(*child));
      if (!operands.back().is_valid()) return {};
      const TypeId type = at(operands.back()).type;
      if (is_numeric(type) && info(type).unit.empty()) continue;
      Diagnostic& d =
          sink_.report(Kind::type_mismatch, child->span, text_of(child->span), in_words(type), "a number without unit");
      if (is_numeric(type))
        d.mend = fmt::format("divide by the unit first: {} / 1 {}", text_of(child->span), info(type).unit);
      return {};
    }
    return node(op, number_, e.span, std::move(operands));
  }
  if (e.text == "length") {
    if (!count(1, 1, "a list")) return {};
    const NodeId list = lower(*children[0]);
    if (!list.is_valid()) return {};
    if (info(at(list).type).kind == TypeKind::list) return node(Op::length, number_, e.span, {list});
    sink_.report(Kind::type_mismatch, e.span, text_of(children[0]->span), in_words(at(list).type), "a list");
    return {};
  }
  return lower_time_call(e, known);
}

NodeId Checker::lower_attribute(const ast::Expression& e) {
  const NodeId subject = lower(*e.children[0]);
  if (!subject.is_valid()) return {};
  const TypeId type = at(subject).type;
  const Span span = e.text_span.is_valid() ? e.text_span : e.span;
  if (e.text == "score" && info(type).kind == TypeKind::scale) return node(Op::score_of, number_, e.span, {subject});
  if (const auto pending = pending_attributes_.find(type.index()); pending != pending_attributes_.end()) {
    const ast::TypeDecl* declaration = pending->second;
    pending_attributes_.erase(pending);
    lower_attributes(*declaration, type);
  }
  const auto& table = attributes_[type.index()];
  const auto found = table.find(e.text);
  if (found == table.end()) {
    std::vector<std::string> names;
    for (const auto& entry : table)
      names.push_back(entry.first);
    Diagnostic& d = sink_.report(Kind::unknown_attribute, span, in_words(type), e.text);
    if (const std::string near = diagnostics::nearest(e.text, names); !near.empty())
      d.mend = fmt::format("did you mean `{}`?", near);
    else if (!names.empty())
      d.mend = fmt::format("its attributes are: {}", fmt::join(names, ", "));
    else if (info(type).kind == TypeKind::scale)
      d.mend = "a scale has the attribute `score`";
    else
      d.mend = "attributes are declared with the type: type NAME has ATTRIBUTE : TYPE = one of { ... }";
    return {};
  }
  Node n;
  n.op = Op::attribute;
  n.type = found->second.first;
  n.span = e.span;
  n.operands = {subject};
  n.details.edit().list = found->second.second;
  return add(std::move(n));
}

NodeId Checker::lower_convert(const ast::Expression& e) {
  const NodeId value = lower(*e.children[0]);
  if (!value.is_valid()) return {};
  if (!is_numeric(at(value).type)) {
    sink_.report(Kind::type_mismatch, e.children[0]->span, text_of(e.children[0]->span), in_words(at(value).type),
                 "a quantity");
    return {};
  }
  const ast::Expression& unit = *e.children[1];
  if (unit.kind != E::unit && unit.kind != E::name) {
    sink_.report(Kind::not_a_constant, unit.span, "the unit to convert into").mend =
        "write the unit itself, for example: convert(x, mg/dL)";
    return {};
  }
  const auto code = unit_code(unit.text, unit.span);
  return code ? convert_unit(value, *code, e.span) : NodeId{};
}

/// `worse when` of the input, or else of its type.
const ast::Name& Checker::worse_when(const ast::InputItem& item) const {
  const ast::TypeExpression* type = &item.type;
  const ast::Name* word = &item.worse_when;
  for (std::size_t i = 0; word->empty() && type->kind == ast::TypeExpressionKind::named && i < types_.size(); ++i) {
    const auto found = types_.find(type->name.text);
    if (found == types_.end()) break;
    const auto& declaration = static_cast<const ast::TypeDecl&>(*found->second.declaration);
    word = &declaration.worse_when;
    type = &declaration.type;
  }
  return *word;
}

/// Whatever the lengths of months.
static bool is_surely_longer(Period a, Period b) {
  constexpr std::int64_t day = 86'400;
  return a.months * 28 * day + a.seconds > b.months * 31 * day + b.seconds;
}

std::optional<graph::SeriesFunction> Checker::series_function(const ast::Expression& e, const ast::InputItem& item) {
  using F = graph::SeriesFunction;
  for (const F f : {F::latest, F::first, F::highest, F::lowest, F::mean, F::count, F::change, F::trend})
    if (graph::to_text(f) == e.text) return f;
  const ast::Name& direction = worse_when(item);
  if (!direction.empty()) return (e.text == "worsening") == (direction.text == "higher") ? F::rising : F::falling;
  Diagnostic& d = sink_.report(Kind::no_worse_direction, e.text_span, item.name.text);
  d.notes.push_back({item.name.span, "declared here"});
  d.mend = "add `worse when lower` or `worse when higher` to the input";
  return std::nullopt;
}

NodeId Checker::lower_as_of(const ast::Expression& e) {
  const ast::Expression& written = *e.children[1];
  const NodeId moment = lower_exact(written);
  if (!moment.is_valid()) return {};
  const TypeKind kind = info(at(moment).type).kind;
  if (kind == TypeKind::date || kind == TypeKind::instant) return lower_series(*e.children[0], moment);
  sink_.report(Kind::type_mismatch, written.span, text_of(written.span), in_words(at(moment).type),
               "a date or an instant");
  return {};
}

NodeId Checker::lower_series(const ast::Expression& e, NodeId moment) {
  if (e.children[0]->kind != E::name) {
    sink_.report(Kind::not_a_series, e.children[0]->span, text_of(e.children[0]->span)).mend =
        "name an input that is declared with the word `series`";
    return {};
  }
  const ast::Name name{e.children[0]->text, e.children[0]->span};
  const Symbol* symbol = find(values_, name, "a series");
  if (!symbol) return {};
  if (symbol->kind != Symbol::Kind::input || !static_cast<const ast::InputItem&>(*symbol->declaration).is_series) {
    sink_.report(Kind::not_a_series, name.span, name.text).mend = "add the word `series` to the input";
    return {};
  }
  const InputId id = input(name.text, *symbol);
  const TypeId type = graph_.dictionary.inputs[id.index()].type;
  if (!type.is_valid()) return {};
  using F = graph::SeriesFunction;
  const auto function = series_function(e, static_cast<const ast::InputItem&>(*symbol->declaration));
  if (!function) return {};
  const bool compares = *function == F::rising || *function == F::falling;
  const bool subtracts = *function == F::change || *function == F::trend;
  const bool needs_number = *function == F::mean || subtracts;
  const bool needs_order = *function == F::highest || *function == F::lowest || compares;
  if ((needs_number && !is_numeric(type)) || (needs_order && !is_numeric(type) && info(type).kind != TypeKind::scale)) {
    sink_.report(Kind::type_mismatch, e.span, name.text, in_words(type),
                 needs_number ? "a series of numbers" : "a series of ordered values");
    return {};
  }
  const std::string unit = info(type).unit;
  const auto to_kelvin = units::conversion(unit, "K");
  if (subtracts && to_kelvin && to_kelvin->offset != Rational(0)) {
    sink_
        .report(Kind::point_on_a_scale, e.span, fmt::format("`{}`", name.text),
                fmt::format("subtracted by `{}`", e.text))
        .mend = "compare `latest` with `first` or with a fixed value";
    return {};
  }
  Node n;
  n.op = Op::series;
  n.span = e.span;
  n.reference = id.index();
  n.detail = static_cast<std::uint8_t>(*function);
  if (moment.is_valid()) n.operands = {moment};
  if (*function == F::trend) {
    const auto a_day = units::divide(unit.empty() ? "1" : unit, "d");
    if (!a_day) {
      sink_.report(Kind::units_differ, e.span, fmt::format("`{}`", unit), "an amount").mend =
          "a unit on a scale of its own has no slope";
      return {};
    }
    n.type = number_type(*a_day == "1" ? std::string() : *a_day);
  } else {
    n.type = compares ? yes_no_ : *function == F::count ? number_ : is_numeric(type) ? number_type(unit) : type;
  }
  if (e.children.size() > 1) {
    n.details.edit().period = period(*e.children[1]);
    if (!n.details->period) return {};
    const auto& fresh_for = graph_.dictionary.inputs[id.index()].fresh_for;
    if (fresh_for && is_surely_longer(*n.details->period, *fresh_for))
      sink_.report(Kind::window_beyond_freshness, e.span, name.text, to_text(*fresh_for), to_text(*n.details->period))
          .mend = fmt::format("what lies further back is left out: say `fresh for {0}`, or look back {1}",
                              text_of(e.children[1]->span), to_text(*fresh_for));
  }
  return add(std::move(n));
}

namespace {
std::optional<Urgency> urgency_of(const std::string& word) {
  for (const Urgency u : {Urgency::routinely, Urgency::soon, Urgency::urgently, Urgency::immediately})
    if (to_text(u) == word) return u;
  return std::nullopt;
}
} // namespace

/// A patient of whom it is not known whether the guideline applies may stand in any stage: as long as the pathway has
/// not begun, the answer is whether the guideline applies. Who it applies to has begun it.
NodeId Checker::in_stage_or_open(NodeId in_stage, Span span) {
  if (!graph_.applies.is_valid()) return in_stage;
  if (!begun_.is_valid()) {
    std::vector<NodeId> each;
    Node n;
    n.op = Op::in_stage;
    n.type = yes_no_;
    n.span = span;
    for (n.reference = 0; n.reference < stage_ids_.size(); ++n.reference)
      each.push_back(add(Node(n)));
    begun_ = any_of(std::move(each), span);
  }
  return any_of({in_stage, node(Op::logical_and, yes_no_, span, {graph_.applies, negation(begun_, span)})}, span);
}

NodeId Checker::lower_outcome(const ast::Expression& e) {
  const Span span = e.text_span.is_valid() ? e.text_span : e.span;
  const bool about_stage = e.kind == E::in_stage || e.outcome == ast::OutcomeKind::stage;
  if (!about_stage && !allow_outcomes_) {
    sink_.report(Kind::outcome_not_allowed, e.span).mend = "ask for the facts instead";
    return {};
  }
  Node n;
  n.type = yes_no_;
  n.span = e.span;
  if (about_stage) {
    if (!allow_stage_ && !allow_outcomes_) {
      sink_.report(Kind::stage_not_allowed, e.span).mend = "write it into the rule itself";
      return {};
    }
    if (!find(stages_, {e.text, span}, "a stage")) return {};
    n.op = Op::in_stage;
    n.reference = stage_ids_.at(e.text).index();
    return allow_stage_ ? in_stage_or_open(add(std::move(n)), e.span) : add(std::move(n));
  }
  if (e.outcome == ast::OutcomeKind::caution) {
    if (!find(cautions_, {e.text, span}, "a caution")) return {};
    n.op = Op::caution_fires;
    for (std::size_t i = 0; i < graph_.dictionary.cautions.size(); ++i)
      if (graph_.dictionary.cautions[i].name == e.text) n.reference = static_cast<std::uint32_t>(i);
    return add(std::move(n));
  }
  n.op = Op::outcome;
  n.detail = static_cast<std::uint8_t>(e.outcome); // the kinds of the tree come in the order of the graph's
  if (!e.outcome_words->urgency.empty()) n.urgency = urgency_of(e.outcome_words->urgency).value_or(Urgency::none);
  if (!e.outcome_words->strength.empty())
    n.strength = e.outcome_words->strength == "strong" ? Strength::strong : Strength::weak;
  std::vector<NodeId> each;
  for (const ActionId action : actions_of({e.text, span})) {
    Node one = n;
    one.reference = action.index();
    each.push_back(add(std::move(one)));
  }
  return each.empty() ? NodeId{} : any_of(std::move(each), e.span);
}

} // namespace aceso::check
