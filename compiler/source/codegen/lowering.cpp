#include "codegen/lowering.h"

#include <algorithm>
#include <stdexcept>

#include "module/point_kind.h"

namespace aceso::codegen {

using bytecode::known;
using bytecode::Number;
using bytecode::Opcode;
using bytecode::Space;
using bytecode::ValueOperation;
using graph::HitPolicy;
using graph::Node;
using graph::Op;
using Form = Representation::Form;

namespace {

std::uint8_t truth_state(const Value& value) {
  if (!value.is_known()) return static_cast<std::uint8_t>(value.reason());
  return value.as<bool>() ? bytecode::yes : bytecode::no;
}

/// The value as what a register of numbers holds; nothing where it is no whole number of steps.
std::optional<Number> number_of(const Value& value, const Representation& form) {
  if (value.is_partly_known()) return std::nullopt;
  if (!value.is_known()) return Number{0, static_cast<std::uint8_t>(value.reason())};
  if (value.is<Choice>()) return Number{value.as<Choice>().index, known};
  if (value.is<Date>()) return Number{value.as<Date>().days, known};
  if (value.is<Instant>()) return Number{value.as<Instant>().seconds, known};
  if (!value.is<Rational>()) return std::nullopt;
  const auto steps = steps_of(value.as<Rational>(), form.step);
  return steps ? std::optional(Number{*steps, known}) : std::nullopt;
}

/// Both are kept in the same way, so that registers can be compared.
bool same_form(const Representation& a, const Representation& b) {
  return a.form == b.form && (a.form != Form::number || a.step == b.step);
}

ValueOperation value_operation(Op op) {
  switch (op) {
  case Op::equal: return ValueOperation::equal;
  case Op::less: return ValueOperation::less;
  case Op::less_or_equal: return ValueOperation::less_or_equal;
  case Op::add: return ValueOperation::add;
  case Op::subtract: return ValueOperation::subtract;
  case Op::multiply: return ValueOperation::multiply;
  case Op::divide: return ValueOperation::divide;
  case Op::square_root: return ValueOperation::square_root;
  case Op::natural_logarithm: return ValueOperation::natural_logarithm;
  case Op::logarithm_10: return ValueOperation::logarithm_10;
  case Op::exponential: return ValueOperation::exponential;
  case Op::power: return ValueOperation::power;
  case Op::negate: return ValueOperation::negate;
  case Op::absolute: return ValueOperation::absolute;
  case Op::minimum: return ValueOperation::minimum;
  case Op::maximum: return ValueOperation::maximum;
  case Op::convert: return ValueOperation::convert;
  case Op::list: return ValueOperation::list;
  case Op::contains: return ValueOperation::contains;
  case Op::member_of: return ValueOperation::member_of;
  case Op::length: return ValueOperation::length;
  case Op::years_between: return ValueOperation::years_between;
  case Op::months_between: return ValueOperation::months_between;
  case Op::weeks_between: return ValueOperation::weeks_between;
  case Op::days_between: return ValueOperation::days_between;
  case Op::hours_between: return ValueOperation::hours_between;
  case Op::minutes_between: return ValueOperation::minutes_between;
  case Op::seconds_between: return ValueOperation::seconds_between;
  case Op::add_months: return ValueOperation::add_months;
  case Op::add_days: return ValueOperation::add_days;
  case Op::add_seconds: return ValueOperation::add_seconds;
  case Op::date_of: return ValueOperation::date_of;
  case Op::time_of: return ValueOperation::time_of;
  case Op::interval: return ValueOperation::interval;
  case Op::relation: return ValueOperation::relation;
  case Op::start_of: return ValueOperation::start_of;
  case Op::end_of: return ValueOperation::end_of;
  case Op::intersection: return ValueOperation::intersection;
  default: throw std::logic_error(std::string("the row VM does not know the operation ") + std::string(info(op).name));
  }
}

} // namespace

Lowering::Lowering(const graph::Graph& graph, Module& module)
    : graph_(graph), module_(module), registers_(module), places_(graph.nodes.size()) {}

void Lowering::place_inputs() {
  for (const InputInfo& input : graph_.dictionary.inputs) {
    const TypeInfo& type = graph_.dictionary[input.type];
    // In another unit the values may lie between the steps of the declared one.
    const bool is_off_step = std::any_of(input.accepted_units.begin(), input.accepted_units.end(),
                                         [](const AcceptedUnit& unit) { return unit.step.has_value(); });
    const Representation form =
        is_off_step ? Representation{Form::value, 1} : representation_of(type, range_of_input(type));
    module_.inputs.push_back({registers_.fresh(space_of(form.form)), form});
  }
}

/// A differential needs the conditions of its arguments before it; they stand before it in the graph.
void Lowering::lower(const std::vector<NodeId>& roots) {
  std::vector<bool> wanted(graph_.nodes.size());
  const auto want = [&](NodeId id) {
    if (id.is_valid()) wanted[id.index()] = true;
  };
  for (const NodeId root : roots)
    want(root);
  for (std::size_t i = graph_.nodes.size(); i-- > 0;) {
    if (!wanted[i]) continue;
    const Node& node = graph_.nodes[i];
    for (const NodeId operand : node.operands)
      want(operand);
    if (node.op != Op::differential) continue;
    for (const auto& argument : graph_.differentials[node.reference].arguments)
      want(argument.condition);
    for (const auto& verdict : graph_.differentials[node.reference].verdicts)
      want(verdict.condition);
  }
  for (std::size_t i = 0; i < wanted.size(); ++i)
    if (wanted[i] && !places_[i]) lower_node(NodeId(i));
}

std::uint32_t Lowering::emit(Opcode opcode, std::initializer_list<Word> operands) {
  return emit_many(opcode, operands, {}, 0);
}

/// `group_size` 0: no group and no count.
std::uint32_t Lowering::emit_many(Opcode opcode, std::vector<Word> before, const std::vector<Word>& group,
                                  std::size_t group_size) {
  const char space = bytecode::info(opcode).signature[0];
  const std::uint32_t destination = registers_.fresh(space == 't'   ? Space::truth
                                                     : space == 'n' ? Space::number
                                                                    : Space::value);
  auto& code = module_.code;
  code.push_back(bytecode::first_word(opcode, destination));
  code.insert(code.end(), before.begin(), before.end());
  if (group_size > 0) code.push_back(static_cast<Word>(group.size() / group_size));
  code.insert(code.end(), group.begin(), group.end());
  return destination;
}

std::vector<bytecode::Word> Lowering::truths(const Node& node, std::size_t first, std::size_t stride) const {
  std::vector<Word> list;
  for (std::size_t i = first; i < node.operands.size(); i += stride)
    list.push_back(place(node.operands[i]).index);
  return list;
}

Representation Lowering::wanted(const Node& node) const {
  return representation_of(graph_.dictionary[node.type], node.range());
}
bool Lowering::is_real(const Node& node) { return node.range() && node.range()->step == Rational(0); }

Lowering::Word Lowering::representation(const Representation& each) {
  auto& all = module_.representations;
  const auto found = std::find_if(all.begin(), all.end(), [&](const Representation& r) { return same_form(r, each); });
  if (found != all.end()) return static_cast<Word>(found - all.begin());
  all.push_back(each);
  return static_cast<Word>(all.size() - 1);
}

Lowering::Word Lowering::parameters(const Parameters& each) {
  auto& all = module_.parameters;
  const auto found = std::find_if(all.begin(), all.end(), [&](const Parameters& p) {
    return p.factor == each.factor && p.offset == each.offset && p.reference == each.reference &&
           p.detail == each.detail && p.list == each.list;
  });
  if (found != all.end()) return static_cast<Word>(found - all.begin());
  all.push_back(each);
  return static_cast<Word>(all.size() - 1);
}

std::optional<std::uint32_t> Lowering::as_number(NodeId id, const Representation& wanted) {
  const Place& from = place(id);
  if (from.space() != Space::number) return std::nullopt;
  if (same_form(from.representation, wanted)) return from.index;
  if (from.representation.form != Form::number || wanted.form != Form::number) return std::nullopt;
  const Node& node = graph_[id];
  if (node.op == Op::constant) {
    const auto number = number_of(node.constant, wanted);
    return number ? std::optional(registers_.number_constant(*number)) : std::nullopt;
  }
  const auto factor = steps_of(from.representation.step, wanted.step);
  if (!factor || !node.range()) return std::nullopt;
  for (const Rational bound : {node.range()->minimum, node.range()->maximum})
    if (const auto steps = Rational::divide(bound, wanted.step);
        !steps || *steps > Rational(most_steps) || *steps < Rational(-most_steps))
      return std::nullopt;
  const auto key = std::tuple(id.index(), wanted.step.numerator(), wanted.step.denominator());
  const auto found = scaled_.find(key);
  if (found != scaled_.end()) return found->second;
  const std::uint32_t k = registers_.number_constant({*factor, known}), zero = registers_.number_constant({0, known});
  return scaled_[key] = emit(Opcode::scale, {from.index, k, zero});
}

std::uint32_t Lowering::as_value(NodeId id) {
  const Node& node = graph_[id];
  return node.op == Op::constant ? registers_.value_constant(node.constant) : as_value(place(id));
}

std::uint32_t Lowering::as_value(const Place& from) {
  if (from.space() == Space::value) return from.index;
  const auto key = std::pair(from.space(), from.index);
  const auto found = boxed_.find(key);
  if (found != boxed_.end()) return found->second;
  return boxed_[key] = from.space() == Space::truth
                           ? emit(Opcode::truth_as_value, {from.index})
                           : emit(Opcode::number_as_value, {representation(from.representation), from.index});
}

void Lowering::lower_node(NodeId id) {
  const Node& node = graph_[id];
  const auto lowered = [&]() -> Place {
    switch (node.op) {
    case Op::constant: return lower_constant(node);
    case Op::input: return module_.inputs[node.reference];
    case Op::is_known:
    case Op::unknown_because: return lower_known(node);
    case Op::logical_not:
    case Op::logical_and:
    case Op::logical_or:
    case Op::at_least: return lower_connective(node);
    case Op::number_of: return {emit_many(Opcode::number_of, {}, truths(node)), {Form::number, 1}};
    case Op::equal:
    case Op::less:
    case Op::less_or_equal: return lower_comparison(node);
    case Op::conditional: return lower_conditional(node);
    case Op::table: return lower_table(node);
    case Op::selects: return truth_place(emit(Opcode::selects, {node.reference, place(node.operands[0]).index}));
    case Op::attribute: return lower_lookup(node, node.details->list);
    case Op::score_of: {
      std::vector<Value> scores;
      for (const MemberInfo& member : graph_.type_of(node.operands[0]).members)
        scores.emplace_back(*member.score);
      return lower_lookup(node, scores);
    }
    case Op::series: return lower_series(node);
    case Op::differential: return {emit(Opcode::differential, {node.reference}), {Form::choice, 1}};
    case Op::round: return lower_round(node);
    case Op::now: return {emit(Opcode::now, {}), {Form::instant, 1}};
    case Op::held_for:
      return truth_place(
          emit(Opcode::held_for, {parameters({node.details->period->months, node.details->period->seconds, 0, 0, {}}),
                                  place(node.operands[0]).index}));
    case Op::in_stage: return truth_place(emit(Opcode::in_stage, {node.reference}));
    default: {
      const auto fast = lower_arithmetic(node);
      return fast ? *fast : lower_exactly(node);
    }
    }
  };
  places_[id.index()] = lowered();
}

Place Lowering::lower_constant(const Node& node) {
  const Representation form = wanted(node);
  if (form.form == Form::truth) return truth_place(registers_.truth_constant(truth_state(node.constant)));
  if (space_of(form.form) == Space::number)
    if (const auto number = number_of(node.constant, form)) return {registers_.number_constant(*number), form};
  return value_place(registers_.value_constant(node.constant));
}

Place Lowering::lower_known(const Node& node) {
  const Place& from = place(node.operands[0]);
  const auto pick = [&](Opcode truth, Opcode number, Opcode value) {
    return from.space() == Space::truth ? truth : from.space() == Space::number ? number : value;
  };
  if (node.op == Op::is_known)
    return truth_place(emit(pick(Opcode::known_truth, Opcode::known_number, Opcode::known_value), {from.index}));
  return truth_place(
      emit(pick(Opcode::because_truth, Opcode::because_number, Opcode::because_value), {node.reference, from.index}));
}

Place Lowering::lower_connective(const Node& node) {
  const std::vector<Word> list = truths(node);
  if (node.op == Op::logical_not) return truth_place(emit(Opcode::logical_not, {list[0]}));
  if (node.op == Op::at_least) return truth_place(emit_many(Opcode::at_least, {node.reference}, list));
  const bool is_and = node.op == Op::logical_and;
  if (list.size() == 1) return place(node.operands[0]);
  if (list.size() == 2) return truth_place(emit(is_and ? Opcode::and_two : Opcode::or_two, {list[0], list[1]}));
  return truth_place(emit_many(is_and ? Opcode::and_all : Opcode::or_all, {}, list));
}

Place Lowering::lower_comparison(const Node& node) {
  const Place &a = place(node.operands[0]), &b = place(node.operands[1]);
  const auto in_registers = [&]() -> std::optional<Place> {
    if (a.space() == Space::truth) return truth_place(emit(Opcode::equal_truth, {a.index, b.index}));
    if (a.space() != Space::number || b.space() != Space::number) return std::nullopt;
    Representation form = a.representation;
    if (form.form == Form::number) {
      const auto step = common_step(a.representation.step, b.representation.step);
      if (!step) return std::nullopt;
      form.step = *step;
    }
    const auto left = as_number(node.operands[0], form), right = as_number(node.operands[1], form);
    if (!left || !right) return std::nullopt;
    return truth_place(emit(node.op == Op::equal  ? Opcode::equal_number
                            : node.op == Op::less ? Opcode::less
                                                  : Opcode::less_or_equal,
                            {*left, *right}));
  };
  const auto fast = in_registers();
  return fast ? *fast : lower_exactly(node);
}

Place Lowering::lower_conditional(const Node& node) {
  const std::uint32_t condition = place(node.operands[0]).index;
  const Representation form = wanted(node);
  if (form.form == Form::truth)
    return truth_place(
        emit(Opcode::choose_truth, {condition, place(node.operands[1]).index, place(node.operands[2]).index}));
  if (space_of(form.form) == Space::number) {
    const auto a = as_number(node.operands[1], form), b = as_number(node.operands[2], form);
    if (a && b) return {emit(Opcode::choose_number, {condition, *a, *b}), form};
  }
  return value_place(emit(is_real(node) ? Opcode::choose_real : Opcode::choose_value,
                          {condition, as_value(node.operands[1]), as_value(node.operands[2])}));
}

Place Lowering::lower_table(const Node& node) {
  const auto policy = static_cast<HitPolicy>(node.reference);
  const Representation form = wanted(node);
  std::vector<Word> rows;
  const auto pair_up = [&](auto output) {
    rows.clear();
    for (std::size_t i = 0; i < node.operands.size(); i += 2) {
      const std::optional<std::uint32_t> index = output(node.operands[i + 1]);
      if (!index) return false;
      rows.push_back(place(node.operands[i]).index);
      rows.push_back(*index);
    }
    return true;
  };
  if (form.form == Form::truth && policy <= HitPolicy::any) {
    pair_up([&](NodeId id) { return std::optional(place(id).index); });
    return truth_place(emit_many(Opcode::table_truth, {node.reference}, rows, 2));
  }
  // Counting looks at the outputs only to say what is missing; they may be of any kind.
  const bool counts = policy == HitPolicy::collect_count;
  const auto as_output = [&](NodeId id) {
    if (counts) return place(id).space() == Space::number ? std::optional(place(id).index) : std::nullopt;
    return as_number(id, form);
  };
  if (space_of(form.form) == Space::number && pair_up(as_output))
    return {emit_many(Opcode::table_number, {node.reference}, rows, 2), form};
  pair_up([&](NodeId id) { return std::optional(as_value(id)); });
  const std::uint32_t whole = emit_many(Opcode::table_value, {node.reference}, rows, 2);
  // A number of which bounds are known stays a value.
  if (form.form != Form::choice) return value_place(whole);
  return {emit(Opcode::value_as_number, {representation(form), whole}), form};
}

Place Lowering::lower_lookup(const Node& node, const std::vector<Value>& list) {
  const std::uint32_t position = place(node.operands[0]).index;
  const Representation form = wanted(node);
  const auto size = static_cast<Word>(list.size());
  if (form.form == Form::truth) {
    std::vector<std::uint8_t> block;
    for (const Value& each : list)
      block.push_back(truth_state(each));
    return truth_place(emit(Opcode::lookup_truth, {position, registers_.truth_block(block), size}));
  }
  std::vector<Number> block;
  if (space_of(form.form) == Space::number)
    for (const Value& each : list)
      if (const auto number = number_of(each, form)) block.push_back(*number);
  if (block.size() == list.size() && !list.empty())
    return {emit(Opcode::lookup_number, {position, registers_.number_block(block), size}), form};
  return value_place(emit_many(Opcode::apply,
                               {static_cast<Word>(ValueOperation::lookup), parameters({1, 0, 0, 0, list})},
                               {as_value(node.operands[0])}));
}

Place Lowering::lower_series(const Node& node) {
  const auto function = static_cast<SeriesFunction>(node.detail);
  const auto call = static_cast<Word>(module_.series.size());
  module_.series.push_back({InputId(node.reference), function, node.details->period});
  const Place& input = module_.inputs[node.reference];
  const bool is_present = node.operands.empty();
  if (is_present && function == SeriesFunction::count) return {emit(Opcode::series_number, {call}), {Form::number, 1}};
  const bool gives_input = function <= SeriesFunction::change && function != SeriesFunction::mean;
  if (is_present && input.space() == Space::number && gives_input && function != SeriesFunction::count)
    return {emit(Opcode::series_number, {call}), input.representation};
  const std::uint32_t value =
      is_present ? emit(Opcode::series_value, {call}) : emit(Opcode::series_at, {call, as_value(node.operands[0])});
  const Representation form = wanted(node);
  if (form.form == Form::truth) return truth_place(emit(Opcode::value_as_truth, {value}));
  if (form.form == Form::choice) return {emit(Opcode::value_as_number, {representation(form), value}), form};
  return value_place(value);
}

Place Lowering::lower_round(const Node& node) {
  const Representation form = wanted(node);
  const Node& operand = graph_[node.operands[0]];
  const Place& from = place(node.operands[0]);
  if (form.form == Form::number && from.representation.form == Form::number && !is_real(operand) && operand.range()) {
    const auto ratio = Rational::divide(from.representation.step, node.details->factor);
    if (ratio)
      return {emit(Opcode::round, {node.reference, from.index, registers_.number_constant({ratio->numerator(), known}),
                                   registers_.number_constant({ratio->denominator(), known})}),
              {Form::number, node.details->factor}};
  }
  const std::uint32_t value = emit(Opcode::round_real, {node.reference, registers_.value_constant(node.details->factor),
                                                        as_value(node.operands[0])});
  if (form.form != Form::number) return value_place(value);
  return {emit(Opcode::value_as_number, {representation(form), value}), form};
}

std::optional<Place> Lowering::lower_arithmetic(const Node& node) {
  const Representation form = wanted(node);
  if (space_of(form.form) != Space::number) return std::nullopt;
  if (node.op == Op::convert) return lower_convert(node);
  std::vector<Word> operands;
  if (node.op == Op::multiply) {
    // Steps multiply as the numbers do.
    for (const NodeId id : node.operands) {
      if (place(id).representation.form != Form::number) return std::nullopt;
      operands.push_back(place(id).index);
    }
    const auto step =
        Rational::multiply(place(node.operands[0]).representation.step, place(node.operands[1]).representation.step);
    if (!step || *step != form.step) return std::nullopt;
    return Place{emit(Opcode::multiply, {operands[0], operands[1]}), form};
  }
  Rational reach; // of partial sums
  for (const NodeId id : node.operands) {
    const auto index = as_number(id, form);
    if (!index) return std::nullopt;
    operands.push_back(*index);
    if (form.form != Form::number) continue;
    for (const Rational bound : {graph_[id].range()->minimum, graph_[id].range()->maximum}) {
      const auto steps = Rational::divide(bound < Rational(0) ? *Rational::subtract(0, bound) : bound, form.step);
      const auto sum = steps ? Rational::add(reach, *steps) : std::nullopt;
      if (!sum || *sum > Rational(most_steps)) return std::nullopt;
      reach = *sum;
    }
  }
  switch (node.op) {
  case Op::add:
    return Place{operands.size() == 2 ? emit(Opcode::add, {operands[0], operands[1]})
                                      : emit_many(Opcode::add_all, {}, operands),
                 form};
  case Op::subtract: return Place{emit(Opcode::subtract, {operands[0], operands[1]}), form};
  case Op::negate: return Place{emit(Opcode::negate, {operands[0]}), form};
  case Op::absolute: return Place{emit(Opcode::absolute, {operands[0]}), form};
  case Op::minimum: return Place{emit_many(Opcode::minimum, {}, operands), form};
  case Op::maximum: return Place{emit_many(Opcode::maximum, {}, operands), form};
  default: return std::nullopt;
  }
}

/// In steps, a conversion is a whole factor and a whole offset, or it is done on values.
std::optional<Place> Lowering::lower_convert(const Node& node) {
  const Representation form = wanted(node);
  const Place& from = place(node.operands[0]);
  if (from.representation.form != Form::number || !graph_[node.operands[0]].range()) return std::nullopt;
  const auto scaled = Rational::multiply(from.representation.step, node.details->factor);
  const auto factor = scaled ? steps_of(*scaled, form.step) : std::nullopt;
  const auto offset = steps_of(node.details->offset, form.step);
  if (!factor || !offset) return std::nullopt;
  for (const Rational bound : {graph_[node.operands[0]].range()->minimum, graph_[node.operands[0]].range()->maximum}) {
    const auto steps = Rational::divide(bound, from.representation.step);
    const auto product = steps ? Rational::multiply(*steps, Rational(*factor)) : std::nullopt;
    if (!product || *product > Rational(most_steps) || *product < Rational(-most_steps)) return std::nullopt;
  }
  return Place{emit(Opcode::scale, {from.index, registers_.number_constant({*factor, known}),
                                    registers_.number_constant({*offset, known})}),
               form};
}

Place Lowering::lower_exactly(const Node& node) {
  std::vector<Word> operands;
  for (const NodeId id : node.operands)
    operands.push_back(as_value(id));
  const ValueOperation operation = value_operation(node.op);
  Parameters with{node.details->factor, node.details->offset, 0, 0, {}};
  if (node.op == Op::member_of) with.reference = node.reference;
  if (node.op == Op::member_of || node.op == Op::interval || node.op == Op::relation) with.detail = node.detail;
  if (node.op == Op::interval) with.reference = static_cast<Word>(point_kind(graph_.dictionary, node.type));
  if (node.op == Op::relation)
    with.reference = static_cast<Word>(point_kind(graph_.dictionary, graph_[node.operands[0]].type));
  const bool in_real = is_real(node) && bytecode::info(operation).real != RealOp::leaf;
  const std::uint32_t value = emit_many(in_real ? Opcode::apply_real : Opcode::apply,
                                        {static_cast<Word>(operation), parameters(with)}, operands);
  return wanted(node).form == Form::truth ? truth_place(emit(Opcode::value_as_truth, {value})) : value_place(value);
}

} // namespace aceso::codegen
