/// How narrow a column can be.
#include <bit>

#include "batch/plan.h"
#include "interpret/registers.h"

namespace aceso::batch {
namespace {

using Form = Representation::Form;
using Kind = InputLayout::Kind;

unsigned width_of(std::uint64_t most_raw) {
  return most_raw <= 0xff ? 1 : most_raw <= 0xffff ? 2 : most_raw <= 0xffff'ffff ? 4 : 8;
}

InputLayout between(Kind kind, std::int64_t least, std::int64_t most) {
  const std::uint64_t most_raw = static_cast<std::uint64_t>(most) - static_cast<std::uint64_t>(least);
  return {kind, width_of(most_raw), least, most_raw};
}

InputLayout layout_of(const Dictionary& names, const Place& place, const TypeInfo& type) {
  switch (place.representation.form) {
  case Form::truth: return {};
  case Form::choice: {
    const std::size_t members = type.kind == TypeKind::action ? names.actions.size() : type.members.size();
    return between(Kind::number, 0, members == 0 ? 0 : static_cast<std::int64_t>(members) - 1);
  }
  case Form::number: {
    const auto bound = [&](const std::optional<Rational>& value) {
      return value ? interpret::to_number(place.representation, *value)
                   : interpret::unknown_number(UnknownReason::invalid);
    };
    const auto least = bound(type.minimum), most = bound(type.maximum);
    if (least.state == bytecode::known && most.state == bytecode::known && least.value <= most.value)
      return between(Kind::number, least.value, most.value);
    return {Kind::number, 8, 0, ~std::uint64_t{0}};
  }
  case Form::date: return between(Kind::number, -719'162, 2'932'896); // the years 0001 to 9999
  case Form::instant: return {Kind::number, 8, 0, ~std::uint64_t{0}};
  case Form::value: break;
  }
  if (type.kind == TypeKind::date) return between(Kind::date, -719'162, 2'932'896);
  return {Kind::value, 0, 0, 0};
}

} // namespace

std::vector<InputLayout> layouts_of(const Module& module) {
  std::vector<InputLayout> result;
  const Dictionary& names = module.dictionary;
  for (std::size_t i = 0; i < module.inputs.size(); ++i)
    result.push_back(layout_of(names, module.inputs[i], names[names.inputs[i].type]));
  return result;
}

} // namespace aceso::batch
