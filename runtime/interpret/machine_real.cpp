/// `round`: the real expression behind a register is put together with its exact leaves and rounded once.
#include <algorithm>

#include "interpret/machine.h"

namespace aceso::interpret {

using bytecode::Opcode;
using bytecode::ValueOperation;
using bytecode::Word;

std::uint32_t Machine::put_node(RealNode node) {
  real_nodes_.push_back(node);
  return static_cast<std::uint32_t>(real_nodes_.size() - 1);
}

std::optional<std::uint32_t> Machine::put_leaf(const Value& value, UnknownReason& reason) {
  if (!value.is_known() || !value.is<Rational>()) {
    reason = std::min(reason, value.is_known() ? UnknownReason::invalid : value.reason());
    return std::nullopt;
  }
  real_leaves_.push_back(value.as<Rational>());
  return put_node({RealOp::leaf, static_cast<std::uint32_t>(real_leaves_.size() - 1), 0});
}

/// By its measurements, because the slope itself may need more than 64 bits.
std::optional<std::uint32_t> Machine::put_trend(const SeriesCall& call, const Value* moment, UnknownReason& reason) {
  UnknownReason why{};
  const auto window = series_window(call, moment, why);
  if (!window) return put_leaf(why, reason);
  const auto known = known_measurements(window->all, window->from);
  if (!has_trend(known)) return put_leaf(aceso::series_value(SeriesFunction::trend, window->all, window->from), reason);
  return append_trend(known, real_nodes_, real_leaves_);
}

/// The position of the register's value among the nodes; nothing where a leaf is unknown. The verifier bounds the
/// depth.
std::optional<std::uint32_t> Machine::put_real(std::uint32_t value, UnknownReason& reason) {
  const std::uint32_t writer = plan_.writers[2][value];
  const Word* at = writer == Plan::nobody ? nullptr : module_.code.data() + writer;
  if (at && bytecode::opcode_of(*at) == Opcode::choose_real) {
    const std::uint8_t condition = registers_.truths[at[1]];
    if (condition >= bytecode::no) return put_real(condition == bytecode::yes ? at[2] : at[3], reason);
    reason = std::min(reason, static_cast<UnknownReason>(condition));
    return std::nullopt;
  }
  if (at && (bytecode::opcode_of(*at) == Opcode::series_value || bytecode::opcode_of(*at) == Opcode::series_at)) {
    const SeriesCall& call = module_.series[at[1]];
    const bool is_present = bytecode::opcode_of(*at) == Opcode::series_value;
    if (call.function == SeriesFunction::trend)
      return put_trend(call, is_present ? nullptr : &registers_.values[at[2]], reason);
  }
  if (!at || bytecode::opcode_of(*at) != Opcode::apply_real) return put_leaf(registers_.values[value], reason);
  const auto operation = static_cast<ValueOperation>(at[1]);
  const Parameters& parameters = module_.parameters[at[2]];
  const RealOp op = bytecode::info(operation).real;
  const std::uint32_t count = at[3];
  std::optional<std::uint32_t> result = put_real(at[4], reason);
  bool is_complete = result.has_value();
  if (operation == ValueOperation::convert) {
    if (!is_complete) return std::nullopt;
    const auto scaled = put_node({op, *result, *put_leaf(parameters.factor, reason)});
    return put_node({RealOp::add, scaled, *put_leaf(parameters.offset, reason)});
  }
  if (count == 1 && is_complete) return put_node({op, *result, 0});
  for (std::uint32_t i = 1; i < count; ++i) {
    const auto next = put_real(at[4 + i], reason);
    is_complete &= next.has_value();
    if (is_complete) result = put_node({op, *result, *next});
  }
  return is_complete ? result : std::nullopt;
}

void Machine::round_real(RoundingMode mode, const Value& step, std::uint32_t operand, Value& result) {
  real_nodes_.clear();
  real_leaves_.clear();
  UnknownReason reason = UnknownReason::not_applicable;
  if (!put_real(operand, reason)) {
    result = reason;
    return;
  }
  const auto rounded =
      step.is<Rational>() ? aceso::round_real(real_nodes_, real_leaves_, step.as<Rational>(), mode) : std::nullopt;
  // A division by 0, the root of a negative number and the like: for this patient there is no such number.
  if (rounded)
    result = *rounded;
  else
    result = UnknownReason::not_applicable;
}

} // namespace aceso::interpret
