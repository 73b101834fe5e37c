/// Instructions whose results are numbers and other values, as symbols.
#include <algorithm>
#include <limits>

#include "batch/lowering.h"
#include "interpret/registers.h"

namespace aceso::batch {

using bytecode::HitPolicy;
using bytecode::Opcode;
using bytecode::Word;
using Form = Representation::Form;
using Words = std::span<const Word>;

void Lowering::lower_number(Words code, SymbolicNumber& result) {
  const auto all = [&](Words words) {
    std::vector<SymbolicNumber> list;
    for (const Word each : words)
      list.push_back(numbers_[each]);
    return list;
  };
  const auto fold = [&](Words words, auto combine) {
    const std::vector<SymbolicNumber> list = all(words);
    SymbolicNumber total = list.front();
    for (std::size_t i = 1; i < list.size(); ++i)
      total = combine(total, list[i]);
    symbols_.need_all(total, list);
    return total;
  };
  const auto like = [](SymbolicNumber value, const SymbolicNumber& operand) {
    value.known = operand.known, value.because = operand.because;
    return value;
  };
  const auto add = [&](const SymbolicNumber& a, const SymbolicNumber& b) { return symbols_.sum(a, b); };
  switch (bytecode::opcode_of(code[0])) {
  case Opcode::add: result = fold(code.subspan(1), add); return;
  case Opcode::add_all: result = code[1] == 0 ? Symbols::constant(0) : fold(code.subspan(2), add); return;
  case Opcode::subtract:
    result = fold(code.subspan(1), [&](const SymbolicNumber& a, const SymbolicNumber& b) {
      return symbols_.sum(a, symbols_.negated(b));
    });
    return;
  case Opcode::multiply:
    result =
        fold(code.subspan(1), [&](const SymbolicNumber& a, const SymbolicNumber& b) { return symbols_.product(a, b); });
    return;
  case Opcode::negate: result = like(symbols_.negated(numbers_[code[1]]), numbers_[code[1]]); return;
  case Opcode::absolute: result = like(symbols_.absolute(numbers_[code[1]]), numbers_[code[1]]); return;
  case Opcode::minimum:
  case Opcode::maximum: {
    const bool smallest = bytecode::opcode_of(code[0]) == Opcode::minimum;
    result = fold(code.subspan(2),
                  [&](const SymbolicNumber& a, const SymbolicNumber& b) { return symbols_.extreme(a, b, smallest); });
    return;
  }
  case Opcode::scale:
    result = like(symbols_.sum(symbols_.product(numbers_[code[1]], numbers_[code[2]]), numbers_[code[3]]),
                  numbers_[code[1]]);
    return;
  case Opcode::round: {
    const SymbolicNumber &value = numbers_[code[2]], &numerator = numbers_[code[3]], &divisor = numbers_[code[4]];
    if (numerator.least != numerator.most || divisor.least != divisor.most) break;
    if (numerator.least <= 0 || divisor.least <= 0) break;
    const auto rounded = symbols_.rounded(static_cast<RoundingMode>(code[1]), value, numerator.least, divisor.least);
    if (!rounded) break;
    result = like(*rounded, value);
    return;
  }
  case Opcode::number_of: {
    std::vector<Literal> yes, known;
    std::vector<Because> because;
    for (const Word each : code.subspan(2)) {
      yes.push_back(truths_[each].yes);
      known.push_back(!symbols_.unknown_of(truths_[each]));
      because.push_back(truths_[each].because);
    }
    result = symbols_.count(yes);
    result.known = builder_.all_of(std::move(known));
    result.because = symbols_.first_reason(!result.known, because);
    return;
  }
  case Opcode::choose_number: {
    const SymbolicTruth& condition = truths_[code[1]];
    const SymbolicNumber a = numbers_[code[2]], b = numbers_[code[3]];
    const Literal open = symbols_.unknown_of(condition);
    const Literal agree = open == never ? never : builder_.all_of({open, a.known, b.known, symbols_.is_equal(a, b)});
    result = symbols_.picked(condition.is_always_known() ? condition.yes : !condition.no, a, b);
    result.known =
        builder_.any_of({builder_.both(condition.yes, a.known), builder_.both(condition.no, b.known), agree});
    const Because of_side = symbols_.choose(condition.yes, a.because, b.because);
    const Because why = symbols_.choose(open, condition.because, of_side);
    for (std::size_t r = 0; r < reasons; ++r)
      result.because[r] = builder_.both(!result.known, why[r]);
    return;
  }
  case Opcode::table_number: result = table_number(static_cast<HitPolicy>(code[1]), code.subspan(3)); return;
  case Opcode::lookup_number: {
    const SymbolicNumber position = numbers_[code[1]];
    SymbolicNumber chosen = Symbols::constant(0);
    std::vector<Literal> known;
    std::array<std::vector<Literal>, reasons> because;
    std::map<std::int64_t, std::vector<Literal>> constants;
    bool is_constant = true;
    // Neighbours that hold the same constant are one: two comparisons instead of one for each.
    for (std::uint32_t begin = 0, end = 0; begin < code[3]; begin = end) {
      const SymbolicNumber& each = numbers_[code[2] + begin];
      const auto is_like = [&](const SymbolicNumber& other) {
        return each.least == each.most && other.least == each.least && other.most == each.most &&
               other.known == each.known && other.because == each.because;
      };
      for (end = begin + 1; end < code[3] && is_like(numbers_[code[2] + end]);)
        ++end;
      const Literal is_here = symbols_.is_between(position, begin, std::int64_t{end} - 1);
      if (is_here == never) continue;
      const Literal here = builder_.both(position.known, is_here);
      known.push_back(builder_.both(here, each.known));
      for (std::size_t r = 0; r < reasons; ++r)
        because[r].push_back(builder_.both(here, each.because[r]));
      if (each.known == never) continue;
      is_constant &= each.least == each.most;
      constants[each.least].push_back(is_here);
    }
    if (is_constant && !constants.empty()) {
      chosen.cases.clear();
      for (auto& [value, literals] : constants)
        chosen.cases.emplace_back(value, constants.size() == 1 ? always : builder_.any_of(std::move(literals)));
      chosen.least = chosen.cases.front().first, chosen.most = chosen.cases.back().first;
    } else {
      for (std::uint32_t i = 0; i < code[3]; ++i)
        chosen = symbols_.picked(symbols_.is(position, i), numbers_[code[2] + i], chosen);
    }
    chosen.known = builder_.any_of(std::move(known));
    const Literal inside = symbols_.is_between(position, 0, std::int64_t{code[3]} - 1);
    because[static_cast<std::size_t>(UnknownReason::invalid)].push_back(builder_.both(position.known, !inside));
    for (std::size_t r = 0; r < reasons; ++r)
      chosen.because[r] = builder_.either(position.because[r], builder_.any_of(std::move(because[r])));
    result = std::move(chosen);
    return;
  }
  case Opcode::now:
    result = symbols_.column({Array::Kind::now, 8, 0}, std::int64_t{0}, std::numeric_limits<std::uint64_t>::max());
    return;
  case Opcode::series_number: {
    const SeriesCall& call = module_.series[code[1]];
    if (module_.inputs[call.input.index()].space() != bytecode::Space::number && call.function != SeriesFunction::count)
      break;
    if (module_.inputs[call.input.index()].space() == bytecode::Space::value) break;
    result = over_series(call);
    return;
  }
  case Opcode::differential: {
    const SymbolicDifferential& decided = decide(code[1]);
    const auto& candidates = names_.differentials[code[1]].candidates;
    std::map<std::int64_t, std::vector<Literal>> values;
    for (std::size_t i = 0; i < candidates.size(); ++i)
      values[candidates[i].index].push_back(decided.decided[i]);
    SymbolicNumber number = Symbols::constant(0);
    if (!values.empty()) number.cases.clear();
    for (auto& [value, literals] : values)
      number.cases.emplace_back(value, builder_.any_of(std::move(literals)));
    number.least = number.cases.front().first, number.most = number.cases.back().first;
    number.known = decided.is_decided;
    number.because = Symbols::because_of(UnknownReason::not_asked, decided.is_open);
    number.because[static_cast<std::size_t>(UnknownReason::not_applicable)] =
        builder_.all_of({!decided.is_decided, !decided.is_open});
    result = std::move(number);
    return;
  }
  case Opcode::value_as_number: {
    const auto& value = values_[code[2]];
    if (!value || !std::holds_alternative<SymbolicNumber>(value->symbol)) break;
    const Representation& wanted = module_.representations[code[1]];
    if (value->representation.form != wanted.form || value->representation.step != wanted.step) break;
    result = std::get<SymbolicNumber>(value->symbol);
    return;
  }
  default: break;
  }
  result = lane_number(bytecode::destination_of(code[0]));
}

/// Without a history there is one statement, that of now, or none.
SymbolicNumber Lowering::over_series(const SeriesCall& call) {
  const Place& place = module_.inputs[call.input.index()];
  const bool is_truth = place.space() == bytecode::Space::truth;
  const Literal known =
      is_truth ? !symbols_.unknown_of(stated_truths_[call.input.index()]) : stated_numbers_[call.input.index()].known;
  if (call.function == SeriesFunction::count) {
    const std::array<Literal, 1> one = {known};
    return symbols_.count(one);
  }
  SymbolicNumber result = stated_numbers_[call.input.index()];
  if (call.function == SeriesFunction::change) {
    result = Symbols::constant(0);
    result.known = never;
    result.because = stated_numbers_[call.input.index()].because;
    auto& not_done = result.because[static_cast<std::size_t>(UnknownReason::not_done)];
    not_done = builder_.either(not_done, known);
  }
  return result;
}

namespace {

/// As a fraction of 64 bits it exists for certain.
bool is_plain(const SymbolicNumber& number, const Representation& representation) {
  constexpr std::int64_t bound = std::int64_t{1} << 30;
  return (representation.form == Form::number || representation.form == Form::choice) && number.least > -bound &&
         number.most < bound && representation.step.numerator() < bound && representation.step.denominator() < bound;
}

} // namespace

void Lowering::lower_value(Words code) {
  auto& result = values_[bytecode::destination_of(code[0])];
  result.reset();
  switch (bytecode::opcode_of(code[0])) {
  case Opcode::truth_as_value: result = SymbolicValue{truths_[code[1]], {}}; return;
  case Opcode::number_as_value: {
    const Representation& representation = module_.representations[code[1]];
    if (is_plain(numbers_[code[2]], representation) &&
        (representation.form != Form::choice || numbers_[code[2]].least >= 0))
      result = SymbolicValue{numbers_[code[2]], representation};
    return;
  }
  case Opcode::series_value: {
    const SeriesCall& call = module_.series[code[1]];
    const Place& place = module_.inputs[call.input.index()];
    if (place.space() != bytecode::Space::number) return;
    const SymbolicNumber& stated = stated_numbers_[call.input.index()];
    Because because = stated.because;
    auto& not_done = because[static_cast<std::size_t>(UnknownReason::not_done)];
    switch (call.function) {
    case SeriesFunction::rising:
    case SeriesFunction::falling: // one measurement shows no change
      not_done = builder_.either(not_done, stated.known);
      result = SymbolicValue{SymbolicTruth{never, never, because}, {}};
      return;
    case SeriesFunction::latest:
    case SeriesFunction::first:
    case SeriesFunction::highest:
    case SeriesFunction::lowest:
    case SeriesFunction::mean:
      if (is_plain(stated, place.representation)) result = SymbolicValue{stated, place.representation};
      return;
    default: return;
    }
  }
  case Opcode::round_real: {
    // What is a whole number of steps already stays as it is.
    const auto& operand = values_[code[3]];
    if (!operand || !std::holds_alternative<SymbolicNumber>(operand->symbol)) return;
    if (operand->representation.form != Form::number) return;
    for (const ValueConstant& each : module_.value_constants) {
      if (each.index != code[2] || !each.value.is<Rational>()) continue;
      const Rational step = each.value.as<Rational>();
      const auto ratio = step > Rational(0) ? Rational::divide(operand->representation.step, step) : std::nullopt;
      if (ratio && ratio->is_integer()) result = operand;
    }
    return;
  }
  default: return;
  }
}

} // namespace aceso::batch
