#include "jit/facts_layout.h"

#include <limits>

namespace aceso::jit {
namespace {

using Form = Representation::Form;

/// The bound in whole steps, or what `without` says where there is none or it does not fit.
std::int64_t in_steps(const std::optional<Rational>& bound, Rational step, std::int64_t without) {
  const auto steps = bound ? Rational::divide(*bound, step) : std::nullopt;
  return steps && steps->is_integer() ? steps->numerator() : without;
}

void set_range(FactField& field, const Representation& representation, const TypeInfo& type) {
  constexpr auto lowest = std::numeric_limits<std::int64_t>::min(), highest = std::numeric_limits<std::int64_t>::max();
  field.least = lowest;
  field.most = highest;
  if (representation.form == Form::choice && !type.members.empty()) {
    field.least = 0;
    field.most = static_cast<std::int64_t>(type.members.size()) - 1;
  } else if (representation.form == Form::date) { // of the years 0001 to 9999
    field.least = -719'162;
    field.most = 2'932'896;
  } else if (representation.form == Form::number) {
    field.least = in_steps(type.minimum, representation.step, lowest);
    field.most = in_steps(type.maximum, representation.step, highest);
  }
  field.is_signed = field.least < 0;
  for (field.bytes = 1; field.bytes < 8; field.bytes *= 2) {
    const unsigned bits = 8 * field.bytes - (field.is_signed ? 1 : 0);
    const std::int64_t limit = std::int64_t{1} << bits;
    if (field.most < limit && (!field.is_signed || field.least >= -limit)) break;
  }
}

} // namespace

FactsLayout facts_layout(const Module& module) {
  FactsLayout layout;
  for (std::size_t i = 0; i < module.inputs.size(); ++i) {
    const Place& place = module.inputs[i];
    FactField field;
    field.has_state = place.space() != bytecode::Space::value;
    if (field.has_state) field.state = layout.states++;
    if (place.space() == bytecode::Space::number)
      set_range(field, place.representation, module.dictionary[module.dictionary.inputs[i].type]);
    layout.fields.push_back(field);
  }
  layout.bytes = layout.states;
  for (const std::uint32_t bytes : {1u, 2u, 4u, 8u}) {
    layout.bytes = (layout.bytes + bytes - 1) / bytes * bytes;
    for (FactField& field : layout.fields)
      if (field.bytes == bytes) {
        field.value = layout.bytes;
        layout.bytes += bytes;
      }
  }
  layout.bytes = (layout.bytes + 7) / 8 * 8;
  return layout;
}

} // namespace aceso::jit
