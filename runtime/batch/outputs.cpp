/// The results of a program, and where they stand.
#include <algorithm>

#include "batch/lowering.h"

namespace aceso::batch {

using Definition = OutputLayout::Definition;
using SymbolicForm = SymbolicNumber::Form;

/// In the order of the row machine: constraints, the pathway, and then everything else, which may ask for the stage.
void Lowering::lower_all() {
  run(0, module_.constraints_end);
  settle_constraints();
  std::uint32_t ran = module_.constraints_end;
  if (module_.pathway) {
    run(ran, module_.pathway_end);
    follow_pathway();
    ran = row_plan_.asks_for_stage_early ? 0 : module_.pathway_end;
    for (std::uint32_t i = 0; i < stages_.size(); ++i)
      put({Output::stage, i, 0}, stages_[i]);
  }
  stage_is_known_ = module_.pathway.has_value();
  run(ran, static_cast<std::uint32_t>(module_.code.size()));
  settle_rules();
  settle_actions();
  if (plan_.options.cautions) settle_cautions();
  if (plan_.options.differentials) put_differentials();
}

void Lowering::put_differentials() {
  for (std::uint32_t d = 0; d < module_.differentials.size(); ++d) {
    const SymbolicDifferential& result = differentials_[d] ? *differentials_[d] : decide(d);
    for (std::uint32_t i = 0; i < result.decided.size(); ++i)
      put({Output::decided, d, i}, result.decided[i]);
    put({Output::differential_open, d, 0}, result.is_open);
    put({Output::differential_tie, d, 0}, result.is_tie);
  }
}

void Lowering::lay_out_definition(std::uint32_t id, OutputLayout& layout) {
  Definition& out = layout.definitions.emplace_back();
  const Place& place = module_.definitions[id];
  if (place.space() == bytecode::Space::truth) return;
  if (place.space() == bytecode::Space::value) {
    out.form = Definition::Form::values;
    out.values = static_cast<std::uint32_t>(layout.value_lanes.size());
    layout.value_lanes.push_back(place.index);
    return;
  }
  const SymbolicNumber& number = numbers_[place.index];
  const auto cases = symbols_.to_cases(number);
  if (cases && cases->cases.size() <= 24) {
    out.form = Definition::Form::cases;
    for (const auto& [value, literal] : cases->cases)
      out.constants.push_back(value);
  } else if (number.form == SymbolicForm::bits) {
    out.form = Definition::Form::digits;
    out.least = number.least;
    out.digits = static_cast<std::uint32_t>(number.bits.size());
  } else {
    out.form = Definition::Form::column;
    out.column = layout.number_columns++;
  }
}

void Lowering::put_because(std::uint32_t definition, const Because& because) {
  if (!plan_.options.reasons) return;
  for (std::uint32_t r = 0; r < reasons; ++r)
    put({Output::definition_because, definition, r}, because[r]);
}

void Lowering::put_definition(std::uint32_t id, const Definition& out) {
  const Place& place = module_.definitions[id];
  if (out.form == Definition::Form::values) return;
  if (out.form == Definition::Form::truth) {
    const SymbolicTruth& truth = truths_[place.index];
    put({Output::definition_yes, id, 0}, truth.yes);
    put({Output::definition_no, id, 0}, truth.no);
    return put_because(id, truth.because);
  }
  const SymbolicNumber& number = numbers_[place.index];
  put({Output::definition_known, id, 0}, number.known);
  put_because(id, number.because);
  if (out.form == Definition::Form::cases)
    for (std::uint32_t i = 0; i < out.constants.size(); ++i)
      put({Output::definition_is, id, i}, symbols_.is(number, out.constants[i]));
  if (out.form == Definition::Form::digits) {
    const auto most = static_cast<std::int64_t>((std::uint64_t{1} << out.digits) - 1) + out.least;
    const auto bits = symbols_.to_bits(number, out.least, most);
    for (std::uint32_t i = 0; i < out.digits; ++i)
      put({Output::definition_digit, id, i}, bits[i]);
  }
  if (out.form == Definition::Form::column) {
    out_numbers_.resize(std::max<std::size_t>(out_numbers_.size(), out.column + 1));
    out_numbers_[out.column] = builder_.widen(symbols_.to_node(number), 8);
  }
}

Program Lowering::make_layout(OutputLayout& layout) {
  lower_all();
  for (const auto& voices : row_plan_.voices)
    layout.terms.push_back(terms_of(voices));
  if (plan_.options.definitions)
    for (std::uint32_t i = 0; i < module_.definitions.size(); ++i) {
      lay_out_definition(i, layout);
      put_definition(i, layout.definitions[i]);
    }
  std::map<std::uint32_t, std::uint32_t> places; // of nodes
  for (const auto& [key, literal] : outputs_) {
    if (literal == never) continue; // what is not there is never so
    if (literal == always) {
      layout.bits[key] = OutputLayout::is_always;
      continue;
    }
    const auto [place, is_new] = places.try_emplace(literal.node(), static_cast<std::uint32_t>(layout.planes.size()));
    if (is_new) layout.planes.push_back(key);
    layout.bits[key] = place->second * 2 + (literal.is_inverted() ? 1u : 0u);
  }
  return finish(layout);
}

Program Lowering::make(const OutputLayout& layout) {
  lower_all();
  for (std::uint32_t i = 0; i < layout.definitions.size(); ++i)
    put_definition(i, layout.definitions[i]);
  return finish(layout);
}

Program Lowering::finish(const OutputLayout& layout) {
  std::vector<Literal> planes;
  for (const OutputKey& key : layout.planes) {
    const auto found = outputs_.find(key);
    const Literal literal = found == outputs_.end() ? never : found->second;
    planes.push_back((layout.bit(key) & 1) != 0 ? !literal : literal);
  }
  return builder_.finish(planes, out_numbers_);
}

} // namespace aceso::batch
