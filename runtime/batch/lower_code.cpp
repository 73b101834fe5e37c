/// Inputs, and instructions whose results are truths, as symbols.
#include <algorithm>
#include <limits>

#include "batch/lowering.h"
#include "interpret/registers.h"

namespace aceso::batch {

using bytecode::HitPolicy;
using bytecode::Opcode;
using bytecode::Word;
using Words = std::span<const Word>;

Lowering::Lowering(const Plan& plan, Variant variant)
    : plan_(plan), row_plan_(plan.row_plan), module_(*plan.module), names_(module_.dictionary), variant_(variant),
      symbols_(builder_), truths_(module_.truths), numbers_(module_.numbers), values_(module_.values),
      stated_truths_(module_.inputs.size()), stated_numbers_(module_.inputs.size()), stages_(names_.stages.size()),
      differentials_(module_.differentials.size()) {
  place_inputs();
  place_constants();
}

void Lowering::place_inputs() {
  for (std::uint32_t i = 0; i < module_.inputs.size(); ++i) {
    const Place& place = module_.inputs[i];
    const InputLayout& layout = plan_.layouts[i];
    if (place.space() == bytecode::Space::value) continue;
    Literal known = always;
    Because because{};
    if (variant_ != Variant::complete) known = builder_.plane({Array::Kind::known, 0, i});
    if (variant_ == Variant::plain) because[0] = !known;
    for (std::size_t r = 0; variant_ == Variant::reasons && r < reasons; ++r)
      because[r] = builder_.both(!known, builder_.equal_to({Array::Kind::reasons, 1, i}, static_cast<int>(r), 0xff));
    const auto& info = names_.inputs[i];
    const bool is_assumed = info.unknown_policy == UnknownPolicy::assume;
    if (place.space() == bytecode::Space::truth) {
      const Literal bits = builder_.plane({Array::Kind::bits, 0, i});
      SymbolicTruth& stated = stated_truths_[i];
      stated = {builder_.both(bits, known), builder_.both(!bits, known), because};
      truths_[place.index] = stated;
      if (!is_assumed) continue;
      const std::uint8_t truth = interpret::to_truth(*info.assumed);
      SymbolicTruth& with = truths_[place.index];
      if (truth == bytecode::yes) with = SymbolicTruth{!stated.no, stated.no, {}};
      if (truth == bytecode::no) with = SymbolicTruth{stated.yes, !stated.yes, {}};
      if (truth < bytecode::no) with.because = Symbols::because_of(static_cast<UnknownReason>(truth), !known);
      continue;
    }
    SymbolicNumber& stated = stated_numbers_[i];
    stated = symbols_.column({Array::Kind::data, layout.width, i}, layout.least, layout.most_raw);
    stated.known = known, stated.because = because;
    numbers_[place.index] = is_assumed ? assumed(stated, *info.assumed, place) : stated;
  }
}

SymbolicNumber Lowering::assumed(const SymbolicNumber& stated, const Value& value, const Place& place) {
  const bytecode::Number number = interpret::to_number(place.representation, value);
  if (number.state != bytecode::known) { // no value of the input: nothing can be assumed
    SymbolicNumber result = stated;
    result.because = Symbols::because_of(static_cast<UnknownReason>(number.state), !stated.known);
    return result;
  }
  SymbolicNumber result = symbols_.picked(stated.known, stated, Symbols::constant(number.value));
  result.known = always;
  result.because = {};
  return result;
}

void Lowering::place_constants() {
  for (const TruthConstant& each : module_.truth_constants)
    truths_[each.index] = each.truth < bytecode::no ? Symbols::unknown(static_cast<UnknownReason>(each.truth))
                                                    : Symbols::known(each.truth == bytecode::yes ? always : never);
  for (const NumberConstant& each : module_.number_constants)
    numbers_[each.index] = each.number.state == bytecode::known
                               ? Symbols::constant(each.number.value)
                               : Symbols::unknown_number(static_cast<UnknownReason>(each.number.state));
}

void Lowering::run(std::uint32_t begin, std::uint32_t end) {
  const Words code = module_.code;
  for (std::size_t at = begin; at < end;) {
    const std::size_t length = bytecode::for_each_operand(code.subspan(at), [](bytecode::Operand) {});
    lower(code.subspan(at, length));
    at += length;
  }
}

void Lowering::lower(Words code) {
  const auto& info = bytecode::info(bytecode::opcode_of(code[0]));
  if (info.walk == bytecode::Walk::branch) return; // it saves work for one row and changes no value
  const std::uint32_t d = bytecode::destination_of(code[0]);
  switch (info.signature[0]) {
  case 't': return lower_truth(code, truths_[d]);
  case 'n': return lower_number(code, numbers_[d]);
  default: return lower_value(code);
  }
}

std::vector<SymbolicTruth> Lowering::truths(Words words) const {
  std::vector<SymbolicTruth> list;
  for (const Word each : words)
    list.push_back(truths_[each]);
  return list;
}

SymbolicTruth Lowering::lane_truth(std::uint32_t index) {
  const Array state{Array::Kind::lane_state, 1, builder_.lane({true, index})};
  SymbolicTruth result{builder_.equal_to(state, bytecode::yes, 0xff), builder_.equal_to(state, bytecode::no, 0xff), {}};
  for (std::size_t r = 0; r < reasons; ++r)
    result.because[r] = builder_.equal_to(state, static_cast<int>(r), 0xff);
  return result;
}

SymbolicNumber Lowering::lane_number(std::uint32_t index) {
  const std::uint32_t lane = builder_.lane({false, index});
  const Array state{Array::Kind::lane_state, 1, lane};
  SymbolicNumber result =
      symbols_.column({Array::Kind::lane_number, 8, lane}, std::int64_t{0}, std::numeric_limits<std::uint64_t>::max());
  result.known = builder_.equal_to(state, bytecode::known, 0xff);
  for (std::size_t r = 0; r < reasons; ++r)
    result.because[r] = builder_.equal_to(state, static_cast<int>(r), 0xff);
  return result;
}

SymbolicTruth Lowering::in_stage(std::uint32_t stage) const {
  return Symbols::known(stage_is_known_ ? stages_[stage] : never);
}

void Lowering::lower_truth(Words code, SymbolicTruth& result) {
  switch (bytecode::opcode_of(code[0])) {
  case Opcode::move_truth: result = truths_[code[1]]; return;
  case Opcode::logical_not: result = Symbols::negation(truths_[code[1]]); return;
  case Opcode::and_two: result = symbols_.conjunction(truths_[code[1]], truths_[code[2]]); return;
  case Opcode::or_two: result = symbols_.disjunction(truths_[code[1]], truths_[code[2]]); return;
  case Opcode::and_all: result = symbols_.conjunction(truths(code.subspan(2))); return;
  case Opcode::or_all: result = symbols_.disjunction(truths(code.subspan(2))); return;
  case Opcode::at_least: {
    result = symbols_.at_least(code[1], truths(code.subspan(3)));
    return;
  }
  case Opcode::known_truth: result = Symbols::known(!symbols_.unknown_of(truths_[code[1]])); return;
  case Opcode::known_number: result = Symbols::known(numbers_[code[1]].known); return;
  case Opcode::because_truth: result = Symbols::known(truths_[code[2]].because[code[1]]); return;
  case Opcode::because_number: result = Symbols::known(numbers_[code[2]].because[code[1]]); return;
  case Opcode::equal_truth: result = symbols_.equal(truths_[code[1]], truths_[code[2]]); return;
  case Opcode::equal_number: {
    const SymbolicNumber &a = numbers_[code[1]], &b = numbers_[code[2]];
    result = symbols_.compared(a, b, symbols_.is_equal(a, b));
    return;
  }
  case Opcode::less: {
    const SymbolicNumber &a = numbers_[code[1]], &b = numbers_[code[2]];
    result = symbols_.compared(a, b, symbols_.is_below(a, b));
    return;
  }
  case Opcode::less_or_equal: {
    const SymbolicNumber &a = numbers_[code[1]], &b = numbers_[code[2]];
    result = symbols_.compared(a, b, !symbols_.is_below(b, a));
    return;
  }
  case Opcode::selects: result = selects(code[2], code[1]); return;
  case Opcode::in_stage: result = in_stage(code[1]); return;
  case Opcode::choose_truth: result = symbols_.choose(truths_[code[1]], truths_[code[2]], truths_[code[3]]); return;
  case Opcode::table_truth: result = table_truth(static_cast<HitPolicy>(code[1]), code.subspan(3)); return;
  case Opcode::lookup_truth: {
    const SymbolicNumber& position = numbers_[code[1]];
    std::vector<Literal> yes, no, beyond;
    std::array<std::vector<Literal>, reasons> because;
    Literal inside = never;
    for (std::uint32_t i = 0; i < code[3]; ++i) {
      const Literal here = builder_.both(position.known, symbols_.is(position, i));
      const SymbolicTruth& each = truths_[code[2] + i];
      yes.push_back(builder_.both(here, each.yes));
      no.push_back(builder_.both(here, each.no));
      inside = builder_.either(inside, here);
      for (std::size_t r = 0; r < reasons; ++r)
        because[r].push_back(builder_.both(here, each.because[r]));
    }
    because[static_cast<std::size_t>(UnknownReason::invalid)].push_back(builder_.both(position.known, !inside));
    result = {builder_.any_of(std::move(yes)), builder_.any_of(std::move(no)), {}};
    for (std::size_t r = 0; r < reasons; ++r)
      result.because[r] = builder_.either(position.because[r], builder_.any_of(std::move(because[r])));
    return;
  }
  case Opcode::known_value:
  case Opcode::because_value: {
    const bool asks_why = bytecode::opcode_of(code[0]) == Opcode::because_value;
    const auto& value = values_[code[asks_why ? 2 : 1]];
    if (!value) break;
    const auto* truth = std::get_if<SymbolicTruth>(&value->symbol);
    const auto* number = std::get_if<SymbolicNumber>(&value->symbol);
    if (asks_why)
      result = Symbols::known(truth ? truth->because[code[1]] : number->because[code[1]]);
    else
      result = Symbols::known(truth ? !symbols_.unknown_of(*truth) : number->known);
    return;
  }
  case Opcode::value_as_truth: {
    const auto& value = values_[code[1]];
    if (!value || !std::holds_alternative<SymbolicTruth>(value->symbol)) break;
    result = std::get<SymbolicTruth>(value->symbol);
    return;
  }
  default: break;
  }
  result = lane_truth(bytecode::destination_of(code[0]));
}

} // namespace aceso::batch
